"""HTTP fetch: the preflight where one is needed, the network, the CORS check on every hop, and redirects."""

from __future__ import annotations

from collections.abc import Callable

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.cors_check import BLOCKED_RESPONSE, cors_check, tao_check
from crossorigin.fetch.network import http_network_or_cache_fetch, is_never_cached
from crossorigin.fetch.params import FetchParams, Wire
from crossorigin.fetch.preflight import cors_preflight_fetch
from crossorigin.fetch.redirect import (
    location_of,
    not_http_location,
    prepare_redirect,
    too_many_redirects,
    unparsable_location,
)
from crossorigin.fetch.request import Request, clone_request
from crossorigin.fetch.resource_policy import blocked_by_cross_origin_resource_policy
from crossorigin.fetch.response import InternalResponse, NetworkError, Response
from crossorigin.fetch.wire import Role
from crossorigin.web.extract import FAILURE
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import same_origin
from crossorigin.web.statuses import is_redirect_status

__all__ = ["MainFetch", "http_fetch"]

_ANCHOR = "concept-http-fetch"

MainFetch = Callable[[FetchParams], Wire[InternalResponse | Response | NetworkError]]
"""Main fetch, run again for a redirect's target; handed in because the two algorithms call each other."""


def http_fetch(
    params: FetchParams, main_fetch: MainFetch, *, make_cors_preflight: bool = False
) -> Wire[InternalResponse | Response | NetworkError]:
    """Fetch: https://fetch.spec.whatwg.org/#concept-http-fetch, without service workers"""
    request = params.request
    # 4.1. Ask leave, unless an earlier preflight's answer is still remembered.
    if make_cors_preflight and _needs_preflight(params):
        preflight_response = yield from cors_preflight_fetch(params)
        if isinstance(preflight_response, NetworkError):
            return preflight_response
    # 4.3.
    role: Role = "redirected" if request.redirect_count else "actual"
    response = yield from http_network_or_cache_fetch(params, role)
    if isinstance(response, NetworkError):
        return response
    error = _refused_before_cors(params, response)
    if error is not None:
        return error
    # 4.4. The CORS check holds for every hop, redirects included.
    if request.response_tainting == "cors":
        failure = cors_check(_judged_request(params, response), response.headers, params.trace)
        if failure is not None:
            return params.blocked(BLOCKED_RESPONSE[failure], params.trace.steps[-1])
    # 4.5.
    if not tao_check(request, response.headers):
        request.timing_allow_failed = True
    # 5. A response that script will not read may still not be for this page.
    if request.response_tainting == "opaque":
        error = _cross_origin_resource_policy(params, response)
        if error is not None:
            return error
    # 6. A redirect.
    if is_redirect_status(response.status):
        return (yield from _redirect(params, response, main_fetch))
    # 7.
    return response


def _refused_before_cors(params: FetchParams, response: InternalResponse) -> NetworkError | None:
    """A redirect that the engine's network layer does not hand on to be judged."""
    profile = params.agent.profile
    if not is_redirect_status(response.status):
        return None
    location = location_of(params, response)
    if location is None:
        return None
    field = response.headers.get(b"Location")
    error = too_many_redirects(params, field) if profile.counts_redirects == "before-cors" else None
    url = None if location is FAILURE else location
    if error is not None or not profile.is_refused_before_cors(url, params.request.redirect_mode):
        return error
    return unparsable_location(params, response) if url is None else not_http_location(params, url, field)


def _judged_request(params: FetchParams, response: InternalResponse) -> Request:
    """The request that the CORS check is of; an engine can hold a redirect to more."""
    request = params.request
    if not (
        params.agent.profile.redirects_keep_credentials
        and is_redirect_status(response.status)
        and request.credentials_mode == "same-origin"
        and same_origin(request.url_list[0].origin, request.origin)
    ):
        return request
    credentialed = clone_request(request)
    credentialed.credentials_mode = "include"
    return credentialed


def _needs_preflight(params: FetchParams) -> bool:
    """The condition of step 4.1 of https://fetch.spec.whatwg.org/#concept-http-fetch"""
    agent = params.agent
    skips = agent.profile.conditional_requests_skip_cache
    asks_anew = skips == "always" or (skips == "of-fetch" and params.request.initiator_type == "fetch")
    if asks_anew and is_never_cached(params.request):
        return True
    if not agent.preflight_cache.covers(params.request, params.unsafe_request_header_names(), agent.clock()):
        return True
    params.trace.add("cors-preflight-cache", "pass", "An earlier preflight's answer is still remembered: none is sent.")
    return False


def _cross_origin_resource_policy(params: FetchParams, response: InternalResponse) -> NetworkError | None:
    """Step 5 of https://fetch.spec.whatwg.org/#concept-http-fetch"""
    header = b"Cross-Origin-Resource-Policy"
    compared = (header.decode(), response.headers.get(header)), ("origin", params.request.origin.serialize().encode())
    blocked = blocked_by_cross_origin_resource_policy(params.request, response)
    if blocked == "unsafe-none":
        return params.block(
            BlockCode.CROSS_ORIGIN_RESOURCE_POLICY,
            "Cross-Origin-Resource-Policy does not let this origin load the response.",
            *compared,
            header=header,
        )
    if blocked == "embedder":
        return params.block(
            BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY,
            f"The page's embedder policy is {params.request.client.embedder_policy}, and no "
            "Cross-Origin-Resource-Policy lets this origin load the response.",
            *compared,
            header=header,
        )
    params.trace.add(
        "cross-origin-resource-policy-check",
        "pass",
        "Cross-Origin-Resource-Policy does not object.",
        *compared,
        header=header,
    )
    return None


def _redirect(
    params: FetchParams, response: InternalResponse, main_fetch: MainFetch
) -> Wire[InternalResponse | Response | NetworkError]:
    """Step 6 of https://fetch.spec.whatwg.org/#concept-http-fetch"""
    request = params.request
    has_location = bool(response.headers.get(b"Location"))
    if request.redirect_mode == "error" and params.agent.profile.redirect_error_needs_location and not has_location:
        return response
    if request.redirect_mode == "error":
        return params.block(
            BlockCode.REDIRECT_MODE_ERROR,
            f"The response is a redirect ({response.status}), and the redirect mode is error.",
            ("status", b"%d" % response.status),
            ("Location", response.headers.get(b"Location")),
        )
    if request.redirect_mode == "manual":
        if request.mode == "navigate":
            # HTML's navigate algorithm takes over here; nobody does in this engine.
            return params.block(BlockCode.UNWRITTEN_STEP, "Manual redirects of a navigation are not implemented.")
        params.trace.add(_ANCHOR, "note", "The redirect mode is manual: the response is an opaque redirect.")
        return Response(
            type="opaqueredirect",
            url_list=response.url_list,
            status=0,
            status_message=b"",
            headers=HeaderList(),
            body=None,
            internal=response,
        )
    # HTTP-redirect fetch; its last step is main fetch again, to get the response tainting right.
    outcome = prepare_redirect(params, response)
    if outcome == "follow":
        return (yield from main_fetch(params))
    return outcome
