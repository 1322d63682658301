"""HTTP-redirect fetch: what a redirect does to a request before it goes to the new URL."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.params import FetchParams
from crossorigin.fetch.referrer import set_referrer_policy_on_redirect
from crossorigin.fetch.request import Request, redirect_taint
from crossorigin.fetch.response import InternalResponse, NetworkError, location_url
from crossorigin.web.extract import FAILURE, Failure
from crossorigin.web.origins import same_origin
from crossorigin.web.safelists import REQUEST_BODY_HEADER_NAMES
from crossorigin.web.url import URL

__all__ = ["location_of", "not_http_location", "prepare_redirect", "too_many_redirects", "unparsable_location"]

_ANCHOR: Final = "concept-http-redirect-fetch"
_LIMIT: Final = 20


def prepare_redirect(
    params: FetchParams, response: InternalResponse
) -> InternalResponse | NetworkError | Literal["follow"]:
    """Fetch: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, all steps but the last, main fetch.

    Returns "follow" when the request now asks for the new URL, the response itself when it names none.
    """
    request = params.request
    field = response.headers.get(b"Location")
    # 3.
    location = location_of(params, response)
    # 4. No Location: the redirect is the response.
    if location is None:
        params.trace.add(_ANCHOR, "note", f"A {response.status} without Location is a response like any other.")
        return response
    counts = params.agent.profile.counts_redirects
    if counts == "after-credentials" and request.response_tainting != "cors":
        error = too_many_redirects(params, field)
        if error is not None:
            return error
    # 5.
    if location is FAILURE:
        return unparsable_location(params, response)
    # 6-10.
    error = _check_location(params, location, field)
    if error is not None:
        return error
    # 11. A stream is spent by the first request.
    if response.status != 303 and request.body is not None and request.body.stream:
        return params.block(
            BlockCode.REDIRECT_STREAM,
            f"The body is a stream, and a {response.status} asks for it once more.",
            ("status", b"%d" % response.status),
        )
    # 12.
    params.dropped_names = frozenset()
    _change_method(params, response.status, location)
    # 13. The moment another origin is seen, Authorization goes.
    if not same_origin(request.current_url.origin, location.origin):
        params.dropped_names |= {b"authorization"}
    if b"authorization" in params.dropped_names and request.headers.contains(b"Authorization"):
        request.headers = request.headers.delete(b"Authorization")
        params.trace.add(_ANCHOR, "note", "Authorization is dropped: the redirect leads to another origin.")
    # 14-17. A body with a source can be sent again; no timing is kept.
    # 18.
    taint = redirect_taint(request)
    request.url_list = (*request.url_list, location)
    params.trace.add(_ANCHOR, "note", f"Redirected to {location.href}.", ("Location", field), header=b"Location")
    _note_taint(params, request, taint)
    # 19.
    set_referrer_policy_on_redirect(request, response.headers)
    # 20-22 are main fetch again.
    return "follow"


def unparsable_location(params: FetchParams, response: InternalResponse) -> NetworkError:
    """The network error of step 5."""
    several = len(response.headers.get_all(b"Location")) > 1
    return params.block(
        BlockCode.LOCATION_UNPARSABLE,
        "There are several Location." if several else "Location is not a URL.",
        ("Location", response.headers.get(b"Location")),
        header=b"Location",
    )


def not_http_location(params: FetchParams, location: URL, field: bytes | None) -> NetworkError:
    """The network error of step 6; `field` is the value of `Location`."""
    return params.block(
        BlockCode.LOCATION_NOT_HTTP,
        f"The redirect leads to a {location.scheme}: URL, and only http and https are followed.",
        ("Location", field),
        header=b"Location",
    )


def too_many_redirects(params: FetchParams, field: bytes | None) -> NetworkError | None:
    """The network error of step 7, None where one more redirect is followed."""
    if params.request.redirect_count < _LIMIT:
        return None
    return params.block(
        BlockCode.TOO_MANY_REDIRECTS,
        f"This would be redirect {_LIMIT + 1}; browsers follow {_LIMIT}.",
        ("Location", field),
    )


def _check_location(params: FetchParams, location: URL, field: bytes | None) -> NetworkError | None:
    """Steps 6 to 10 of https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    # 6.
    if not location.is_http_family:
        return not_http_location(params, location, field)
    # 7, and 9-10, in the order of the profile.
    if params.agent.profile.counts_redirects == "after-credentials":
        error = _check_credentials(params, location, field) or too_many_redirects(params, field)
    else:
        error = too_many_redirects(params, field) or _check_credentials(params, location, field)
    # 8.
    params.request.redirect_count += 1
    return error


def _check_credentials(params: FetchParams, location: URL, field: bytes | None) -> NetworkError | None:
    """Steps 9 and 10 of https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    request = params.request
    compared = ("Location", field)
    # 9. Credentials in a URL are not for another origin,
    if request.mode == "cors" and location.includes_credentials and not same_origin(request.origin, location.origin):
        return params.block(
            BlockCode.LOCATION_CREDENTIALS,
            "The redirect leads to another origin with a user name or password in the URL.",
            compared,
            header=b"Location",
        )
    is_fetch = request.initiator_type == "fetch"
    if params.agent.profile.blocks_url_credentials and is_fetch and location.includes_credentials:
        return params.block(
            BlockCode.LOCATION_CREDENTIALS,
            f"The redirect leads to a URL with a user name or password; {params.agent.profile.title} never loads one.",
            compared,
            header=b"Location",
        )
    # 10. nor from one back to the own.
    if request.response_tainting == "cors" and location.includes_credentials:
        return params.block(
            BlockCode.LOCATION_CREDENTIALS_TAINTED,
            "Another origin redirects back to the page's, with a user name or password in the URL.",
            compared,
            header=b"Location",
        )
    return None


def location_of(params: FetchParams, response: InternalResponse) -> URL | Failure | None:
    """The location URL (step 3), of the `Location` that the engine sees."""
    profile, values = params.agent.profile, response.headers.get_all(b"Location")
    if values == [b""] and profile.empty_location != "same-url":
        return None if profile.empty_location == "none" else FAILURE
    if len(values) > 1 and profile.several_locations == "join":
        response = replace(response, headers=response.headers.set(b"Location", b", ".join(values)))
    if len(values) > 1 and profile.several_locations == "one-if-equal" and len(set(values)) == 1:
        response = replace(response, headers=response.headers.set(b"Location", values[0]))
    return location_url(response, params.request.current_url.fragment)


def _change_method(params: FetchParams, status: int, location: URL) -> None:
    """Step 12 of https://fetch.spec.whatwg.org/#concept-http-redirect-fetch"""
    request = params.request
    crosses_origins = not same_origin(request.current_url.origin, location.origin)
    if not params.agent.profile.redirect_becomes_get(status, request.method, crosses_origins):
        return
    params.trace.add(
        _ANCHOR,
        "note",
        f"A {status} turns {request.method.decode('latin-1')} into GET, without body and its headers.",
        ("status", b"%d" % status),
        ("method", request.method),
    )
    request.method = b"GET"
    request.body = None
    for name in REQUEST_BODY_HEADER_NAMES:
        request.headers = request.headers.delete(name)
    params.dropped_names |= REQUEST_BODY_HEADER_NAMES


def _note_taint(params: FetchParams, request: Request, before: str) -> None:
    after = redirect_taint(request)
    if after != before:
        params.trace.add(
            "concept-request-tainted-origin",
            "note",
            f"The redirect-taint is now {after}: from here on the request's origin is null.",
            ("request origin", b"null"),
        )
