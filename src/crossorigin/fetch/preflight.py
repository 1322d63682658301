"""CORS-preflight fetch: asking leave, and every way in which the answer can fail to give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.cors_check import BLOCKED_PREFLIGHT, cors_check
from crossorigin.fetch.max_age import MAX_AGE
from crossorigin.fetch.network import http_network_or_cache_fetch
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.profile import PreflightCheck
from crossorigin.fetch.redirect import location_of
from crossorigin.fetch.request import Request, clone_request
from crossorigin.fetch.response import InternalResponse, NetworkError
from crossorigin.web.extract import FAILURE, Fault, extract_fault, extract_header_list_values
from crossorigin.web.headers import HeaderList
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import same_origin
from crossorigin.web.safelists import is_cors_non_wildcard_request_header_name
from crossorigin.web.statuses import is_ok_status, is_redirect_status

__all__ = ["cors_preflight_fetch"]

_ANCHOR: Final = "cors-preflight-fetch-0"
_METHODS: Final = b"Access-Control-Allow-Methods"
_HEADERS: Final = b"Access-Control-Allow-Headers"


def cors_preflight_fetch(params: FetchParams) -> Wire[InternalResponse | NetworkError]:
    """Fetch: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    profile = params.agent.profile
    request = clone_request(params.request)
    if profile.preflight_hides_redirect:
        # Without the URLs before, nothing taints the origin.
        request.url_list = request.url_list[-1:]
    unsafe_names = params.unsafe_request_header_names()
    # 1-5.
    preflight = _preflight_request(request, unsafe_names)
    # 6. No redirect is followed and no credentials go along.
    response = yield from http_network_or_cache_fetch(FetchParams(preflight, params.agent, params.trace), "preflight")
    if isinstance(response, NetworkError):
        return response
    # 7.
    return _judge(_Answer(params, request, response, unsafe_names)) or response


@dataclass(slots=True)
class _Answer:
    """A preflight's answer while it is judged.

    `request` is the one that leave is asked for. `methods` and `header_names` are the lists, once they are parsed.
    """

    params: FetchParams
    request: Request
    response: InternalResponse
    unsafe_names: list[bytes]
    methods: list[bytes] = field(default_factory=list)
    header_names: list[bytes] = field(default_factory=list)


def _judge(answer: _Answer) -> NetworkError | None:
    """Step 7 of https://fetch.spec.whatwg.org/#cors-preflight-fetch-0, in the order of the profile.

    CORS check and status are one condition in the standard: when either fails, the other is recorded as well.
    """
    error = None
    for check in answer.params.agent.profile.preflight_checks:
        if error is not None and check == "redirect":
            # The status says it as well.
            continue
        if error is not None and (check not in {"origin", "status"} or error.code is BlockCode.PREFLIGHT_REDIRECT):
            break
        failure = _CHECKS[check](answer)
        error = error or failure
    return error


def _preflight_request(request: Request, unsafe_names: list[bytes]) -> Request:
    """Steps 1 to 5 of https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    fields = [(b"Accept", b"*/*"), (b"Access-Control-Request-Method", request.method)]
    if unsafe_names:
        # Not combined: no space after the comma, for better or worse.
        fields.append((b"Access-Control-Request-Headers", b",".join(unsafe_names)))
    return Request(
        method=b"OPTIONS",
        url_list=request.url_list,
        client=request.client,
        initiator=request.initiator,
        destination=request.destination,
        origin=request.origin,
        referrer=request.referrer,
        referrer_policy=request.referrer_policy,
        mode="cors",
        response_tainting="cors",
        headers=HeaderList(fields),
    )


def _check_origin(answer: _Answer) -> NetworkError | None:
    """The CORS check of the request, not of the preflight: the request's credentials mode counts."""
    params, request = answer.params, answer.request
    if params.agent.profile.preflight_hides_redirect and same_origin(request.origin, request.current_url.origin):
        params.trace.add("concept-cors-check", "note", "The preflight went to the page's own origin: no CORS check.")
        return None
    failure = cors_check(request, answer.response.headers, params.trace)
    return None if failure is None else params.blocked(BLOCKED_PREFLIGHT[failure], params.trace.steps[-1])


def _check_location(answer: _Answer) -> NetworkError | None:
    """A redirect that some engines' network layer ends before anybody judges the answer."""
    params = answer.params
    if not is_redirect_status(answer.response.status):
        return None
    location = location_of(params, answer.response)
    if location is None:
        return None
    url = None if location is FAILURE else location
    refused = params.agent.profile.is_refused_before_cors(url, params.request.redirect_mode)
    return _redirected(answer) if refused else None


def _check_redirect(answer: _Answer) -> NetworkError | None:
    """What is not ok in the standard, and is looked at first by some engines, where it has a target."""
    if not is_redirect_status(answer.response.status) or location_of(answer.params, answer.response) is None:
        return None
    return _redirected(answer)


def _redirected(answer: _Answer) -> NetworkError:
    response = answer.response
    return answer.params.block(
        BlockCode.PREFLIGHT_REDIRECT,
        f"The preflight was answered with a redirect ({response.status}), which is not followed.",
        ("status", b"%d" % response.status),
        ("Location", response.headers.get(b"Location")),
    )


def _check_status(answer: _Answer) -> NetworkError | None:
    params, code = answer.params, answer.response.status
    status = ("status", b"%d" % code)
    if is_ok_status(code):
        params.trace.add(_ANCHOR, "pass", f"The preflight response has an ok status, {code}.", status)
        return None
    if is_redirect_status(code):
        return _redirected(answer)
    return params.block(
        BlockCode.PREFLIGHT_STATUS, f"The preflight response has status {code}, not one from 200 to 299.", status
    )


def _parse_methods(answer: _Answer) -> NetworkError | None:
    """Steps 7.1, 7.3 and 7.4 for Access-Control-Allow-Methods."""
    params, request = answer.params, answer.request
    methods = extract_header_list_values(_METHODS, answer.response.headers)
    if methods is FAILURE:
        return _unparsable(params, BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE, _METHODS, answer.response.headers)
    # 7.4. A preflight that only an upload listener asked for is cached too.
    if methods is None and request.use_cors_preflight and params.agent.profile.forced_preflight_allows_method:
        methods = [request.method]
        params.trace.add(
            _ANCHOR,
            "note",
            "There is no Access-Control-Allow-Methods, and the use-CORS-preflight flag is set: the request's method "
            "counts as listed.",
            (_METHODS.decode(), None),
            ("method", request.method),
            header=_METHODS,
        )
    answer.methods = methods or []
    return None


def _parse_header_names(answer: _Answer) -> NetworkError | None:
    """Steps 7.2 and 7.3 for Access-Control-Allow-Headers."""
    header_names = extract_header_list_values(_HEADERS, answer.response.headers)
    if header_names is FAILURE:
        return _unparsable(
            answer.params, BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE, _HEADERS, answer.response.headers
        )
    answer.header_names = header_names or []
    return None


def _unparsable(params: FetchParams, code: BlockCode, name: bytes, headers: HeaderList) -> NetworkError:
    # Several fields count as one list, so its members are counted through all of them.
    fault = cast("Fault", extract_fault(name, headers.get(name) or b""))
    return params.block(
        code,
        fault.sentence,
        *((name.decode(), value) for value in headers.get_all(name)),
        header=name,
    )


def _check_method(answer: _Answer) -> NetworkError | None:
    """Step 7.5: the method is listed, or safelisted, or covered by a `*` that counts."""
    params, methods = answer.params, answer.methods
    method = answer.request.method
    compared = ((_METHODS.decode(), answer.response.headers.get(_METHODS)), ("method", method))
    shown = method.decode("latin-1")
    if method in methods:
        params.trace.add(_ANCHOR, "pass", f"Method {shown} is listed.", *compared, header=_METHODS)
        return None
    if is_cors_safelisted_method(method):
        params.trace.add(_ANCHOR, "pass", f"Method {shown} is safelisted and need not be listed.", *compared)
        return None
    if b"*" not in methods:
        if method.upper() in (listed.upper() for listed in methods):
            return params.block(
                BlockCode.PREFLIGHT_METHOD_CASE,
                f"Method {shown} is listed in another case only, and methods are case-sensitive.",
                *compared,
                header=_METHODS,
            )
        sentence = f"Method {shown} is neither safelisted nor listed."
        return params.block(BlockCode.PREFLIGHT_METHOD, sentence, *compared, header=_METHODS)
    if answer.request.credentials_mode == "include":
        return params.block(
            BlockCode.PREFLIGHT_METHOD_WILDCARD,
            f"Method {shown} is not listed, and `*` is only a name when the credentials mode is include.",
            *compared,
            header=_METHODS,
        )
    params.trace.add(_ANCHOR, "pass", f"Method {shown} is covered by `*`.", *compared, header=_METHODS)
    return None


def _check_header_names(answer: _Answer) -> NetworkError | None:
    """Steps 7.6 and 7.7: Authorization by name, the other unsafe names by name or by a `*` that counts."""
    params, unsafe_names = answer.params, answer.unsafe_names
    listed = {name.lower() for name in answer.header_names}
    wildcard = b"*" in listed
    counts = wildcard and answer.request.credentials_mode != "include"
    compared = (_HEADERS.decode(), answer.response.headers.get(_HEADERS))
    missing = [name for name in unsafe_names if name not in listed]
    # 7.6. No wildcard covers Authorization, so it is judged before the others.
    authorization = [name for name in missing if is_cors_non_wildcard_request_header_name(name)]
    if authorization and counts and not params.agent.profile.wildcard_covers_authorization:
        return params.block(
            BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD,
            "Request header Authorization is not listed, and `*` does not cover it.",
            compared,
            ("header name", authorization[0]),
            header=_HEADERS,
        )
    # 7.7. With Authorization first where it is missing too.
    if missing and not counts:
        name = (authorization or missing)[0]
        shown = name.decode("latin-1")
        code = BlockCode.PREFLIGHT_HEADER_WILDCARD if wildcard else BlockCode.PREFLIGHT_HEADER
        sentence = (
            f"Request header {shown} is not listed, and `*` is only a name when the credentials mode is include."
            if wildcard
            else f"Request header {shown} is not listed."
        )
        return params.block(code, sentence, compared, ("header name", name), header=_HEADERS)
    if unsafe_names:
        sentence = "Every CORS-unsafe request-header name is " + (
            "listed." if not missing else "listed or covered by `*`."
        )
        params.trace.add(_ANCHOR, "pass", sentence, compared, ("needed", b",".join(unsafe_names)), header=_HEADERS)
    return None


def _store(answer: _Answer) -> None:
    """Steps 7.8 to 7.15: how long the answer may be remembered, and remembering it."""
    params, profile, headers = answer.params, answer.params.agent.profile, answer.response.headers
    compared = (MAX_AGE.decode(), headers.get(MAX_AGE))
    # 7.8-9.
    seconds = profile.max_age(headers)
    if seconds is None:
        params.trace.add("cors-preflight-cache", "note", f"{profile.title} does not remember this answer.", compared)
        return
    sentence = f"The answer is cached for {seconds} seconds."
    if not headers.contains(MAX_AGE):
        sentence = f"The answer is cached for {seconds} seconds: there is no Access-Control-Max-Age."
    # 7.10.
    if profile.max_age_limit is not None and seconds > profile.max_age_limit:
        seconds = profile.max_age_limit
        sentence = f"The answer is cached for {seconds} seconds, the limit of {profile.name}."
    params.trace.add("cors-preflight-cache", "note", sentence, compared)
    # 7.12-15.
    agent = params.agent
    agent.preflight_cache.store(answer.request, answer.methods, answer.header_names, seconds, agent.clock())


_CHECKS: Final[dict[PreflightCheck, Callable[[_Answer], NetworkError | None]]] = {
    "location": _check_location,
    "redirect": _check_redirect,
    "origin": _check_origin,
    "status": _check_status,
    "methods-syntax": _parse_methods,
    "header-names-syntax": _parse_header_names,
    "method": _check_method,
    "header-names": _check_header_names,
    "store": _store,
}
