"""CORS-preflight fetch: asking leave, and every way in which the answer can fail to give it."""

from __future__ import annotations

from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.cors_check import BLOCKED_PREFLIGHT, cors_check
from crossorigin.fetch.network import http_network_or_cache_fetch
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.request import Request
from crossorigin.fetch.response import InternalResponse, NetworkError
from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.safelists import cors_unsafe_request_header_names, is_cors_non_wildcard_request_header_name
from crossorigin.web.statuses import is_ok_status, is_redirect_status

__all__ = ["cors_preflight_fetch"]

_ANCHOR: Final = "cors-preflight-fetch-0"
_METHODS: Final = b"Access-Control-Allow-Methods"
_HEADERS: Final = b"Access-Control-Allow-Headers"
_MAX_AGE: Final = b"Access-Control-Max-Age"
_DEFAULT_MAX_AGE: Final = 5
_DELTA_SECONDS_LIMIT: Final = 2**31
"""RFC 9111, section 1.2.2: what an overflowing delta-seconds counts as."""


def cors_preflight_fetch(params: FetchParams) -> Wire[InternalResponse | NetworkError]:
    """Fetch: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0"""
    request = params.request
    unsafe_names = cors_unsafe_request_header_names(request.headers)
    # 1-5.
    preflight = _preflight_request(request, unsafe_names)
    # 6. No redirect is followed and no credentials go along.
    response = yield from http_network_or_cache_fetch(FetchParams(preflight, params.agent, params.trace), "preflight")
    if isinstance(response, NetworkError):
        return response
    # 7. The CORS check is of the request, for it is the request's credentials mode that counts.
    error = _check_origin_and_status(params, response)
    if error is not None:
        return error
    # 7.1-2.
    methods = extract_header_list_values(_METHODS, response.headers)
    header_names = extract_header_list_values(_HEADERS, response.headers)
    # 7.3.
    if methods is FAILURE:
        return _unparsable(params, BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE, _METHODS, response.headers)
    if header_names is FAILURE:
        return _unparsable(params, BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE, _HEADERS, response.headers)
    # 7.4. A preflight that only an upload listener asked for is cached too.
    if methods is None and request.use_cors_preflight:
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
    # 7.5-7.
    error = _check_method(params, methods or [], response.headers) or _check_header_names(
        params, unsafe_names, header_names or [], response.headers
    )
    if error is not None:
        return error
    # 7.8-15.
    _store(params, methods or [], header_names or [], response.headers)
    # 7.16.
    return response


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


def _check_origin_and_status(params: FetchParams, response: InternalResponse) -> NetworkError | None:
    """Step 7, which is one condition in the standard: the CORS check comes first, and both failures are recorded."""
    failure = cors_check(params.request, response.headers, params.trace)
    origin_step = params.trace.steps[-1]
    status = ("status", b"%d" % response.status)
    if is_ok_status(response.status):
        params.trace.add(_ANCHOR, "pass", f"The preflight response has an ok status, {response.status}.", status)
        status_error = None
    elif is_redirect_status(response.status):
        status_error = params.block(
            BlockCode.PREFLIGHT_REDIRECT,
            f"The preflight was answered with a redirect ({response.status}), which is not followed.",
            status,
            ("Location", response.headers.get(b"Location")),
        )
    else:
        status_error = params.block(
            BlockCode.PREFLIGHT_STATUS,
            f"The preflight response has status {response.status}, not one from 200 to 299.",
            status,
        )
    if failure is not None:
        return params.blocked(BLOCKED_PREFLIGHT[failure], origin_step)
    return status_error


def _unparsable(params: FetchParams, code: BlockCode, name: bytes, headers: HeaderList) -> NetworkError:
    return params.block(
        code,
        f"{name.decode()} is not a comma-separated list of tokens.",
        *((name.decode(), value) for value in headers.get_all(name)),
        header=name,
    )


def _check_method(params: FetchParams, methods: list[bytes], headers: HeaderList) -> NetworkError | None:
    """Step 7.5: the method is listed, or safelisted, or covered by a `*` that counts."""
    request = params.request
    method = request.method
    compared = ((_METHODS.decode(), headers.get(_METHODS)), ("method", method))
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
    if request.credentials_mode == "include":
        return params.block(
            BlockCode.PREFLIGHT_METHOD_WILDCARD,
            f"Method {shown} is not listed, and `*` is only a name when the credentials mode is include.",
            *compared,
            header=_METHODS,
        )
    params.trace.add(_ANCHOR, "pass", f"Method {shown} is covered by `*`.", *compared, header=_METHODS)
    return None


def _check_header_names(
    params: FetchParams, unsafe_names: list[bytes], allowed: list[bytes], headers: HeaderList
) -> NetworkError | None:
    """Steps 7.6 and 7.7: Authorization by name, the other unsafe names by name or by a `*` that counts."""
    request = params.request
    listed = {name.lower() for name in allowed}
    wildcard = b"*" in listed
    counts = wildcard and request.credentials_mode != "include"
    compared = (_HEADERS.decode(), headers.get(_HEADERS))
    missing = [name for name in unsafe_names if name not in listed]
    # 7.6. No wildcard covers Authorization, so it is judged before the others.
    authorization = [name for name in missing if is_cors_non_wildcard_request_header_name(name)]
    if authorization and counts:
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


def _store(params: FetchParams, methods: list[bytes], header_names: list[bytes], headers: HeaderList) -> None:
    """Steps 7.8 to 7.15: how long the answer may be remembered, and remembering it."""
    # 7.8-9. Absent, repeated or no number of seconds: 5.
    extracted = extract_header_list_values(_MAX_AGE, headers)
    if extracted is None or extracted is FAILURE:
        max_age = _DEFAULT_MAX_AGE
        why = "there is no Access-Control-Max-Age" if extracted is None else "Access-Control-Max-Age does not parse"
        sentence = f"The answer is cached for {max_age} seconds: {why}."
    else:
        # Without its leading zeros, of which there can be more than Python makes a number of.
        digits = extracted[0].lstrip(b"0") or b"0"
        max_age = min(int(digits), _DELTA_SECONDS_LIMIT) if len(digits) <= 10 else _DELTA_SECONDS_LIMIT
        sentence = f"The answer is cached for {max_age} seconds."
    # 7.10.
    limit = params.agent.profile.max_age_limit
    if limit is not None and max_age > limit:
        max_age = limit
        sentence = f"The answer is cached for {max_age} seconds, the limit of {params.agent.profile.name}."
    params.trace.add("cors-preflight-cache", "note", sentence, (_MAX_AGE.decode(), headers.get(_MAX_AGE)))
    # 7.12-15.
    agent = params.agent
    agent.preflight_cache.store(params.request, methods, header_names, max_age, agent.clock())
