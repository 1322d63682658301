"""Chromium: Chrome, Edge, Opera, Brave and all else that is built on it."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from crossorigin.fetch.max_age import max_age_of_integer
from crossorigin.fetch.preflight_results import ResultCache
from crossorigin.fetch.profile import CookieRules, Deviation, Profile
from crossorigin.fetch.request import RedirectMode
from crossorigin.web.safelists import RequestSafelist
from crossorigin.web.url import URL

__all__ = ["CHROMIUM"]

_DOUBLE: Final = re.compile(rb"[0-9]+(?:\.[0-9]+)?")
_LONGEST_SAFELISTED: Final = 128
_ANY_VALUE: Final = frozenset({b"downlink", b"ect", b"rtt"})

_CLIENT_HINTS: Final = {b"device-memory": _DOUBLE, b"dpr": _DOUBLE, b"width": re.compile(rb"[0-9]+")}
_CLIENT_HINTS[b"viewport-width"] = _CLIENT_HINTS[b"width"]


def _is_client_hint(name: bytes, value: bytes) -> bool:
    """What `IsCorsSafelistedHeader` takes beside the standard's names; `name` in lower case."""
    if len(value) > _LONGEST_SAFELISTED:
        return False
    if name == b"save-data":
        return value.lower() == b"on"
    if name in _ANY_VALUE:
        return True
    grammar = _CLIENT_HINTS.get(name)
    return grammar is not None and grammar.fullmatch(value) is not None


def _is_refused_before_cors(location: URL | None, _redirect_mode: RedirectMode) -> bool:
    """What net::URLRequest makes no request of, whoever would follow it: ERR_INVALID_REDIRECT."""
    return location is None


CHROMIUM: Final = Profile(
    name="chromium",
    title="Chromium",
    browsers="Chrome, Edge, Opera, Brave",
    versions="142 to 156",
    proven_on="Chromium 156.0.8078.79",
    preflight_checks=(
        "location", "redirect", "origin", "status", "methods-syntax", "header-names-syntax", "method", "header-names",
        "store",
    ),
    max_age=max_age_of_integer,
    max_age_limit=7200,
    preflight_cache=partial(ResultCache, url_limit=1024, wildcard_covers_authorization=False),
    forgets_on="nothing",
    wildcard_covers_authorization=True,
    forced_preflight_allows_method=False,
    forced_preflight_needs_body=True,
    blocks_url_credentials=True,
    no_cors_redirects_hide_origin=True,
    dropped_request_headers=frozenset({b"user-agent"}),
    is_refused_before_cors=_is_refused_before_cors,
    counts_redirects="before-cors",
    conditional_requests_skip_cache="always",
    redirect_error_needs_location=True,
    several_locations="one-if-equal",
    empty_location="none",
    request_safelist=RequestSafelist(also=_is_client_hint, is_combined=True),
    mixed_content_of_plain_http_pages=False,
    cookies=CookieRules(
        default_same_site="Lax", none_needs_secure=True, third_party="allow", lax_allowing_unsafe=120
    ),
    has_local_network_access=True,
    deviations=(
        Deviation(
            "`Authorization` under `Access-Control-Allow-Headers: *`",
            "`*` never covers `Authorization`",
            "covered, with a deprecation message",
            "CorsNonWildcardRequestHeadersSupport is off; services/network/cors/preflight_result.cc; fetch#1919",
            ("wildcard_covers_authorization",),
        ),
        Deviation(
            "order in which a preflight's answer is judged",
            "CORS check and status together, then both lists, method, header names",
            "a redirect with a `Location` first, then the CORS check, the status, the lists, method, header names",
            "services/network/cors/preflight_controller.cc",
            ("preflight_checks",),
        ),
        Deviation(
            "longest `Access-Control-Max-Age`",
            "as long as the implementation likes",
            "7200 seconds",
            "kMaxTimeout in services/network/cors/preflight_result.cc",
            ("max_age_limit",),
        ),
        Deviation(
            "`Access-Control-Max-Age` that is no delta-seconds",
            "5 seconds",
            "a negative number is 0, a leading `+` is accepted; all else is 5 seconds",
            "ParseAccessControlMaxAge in services/network/cors/preflight_result.cc",
            ("max_age",),
        ),
        Deviation(
            "what the preflight cache keeps",
            "an entry for each method and header name, from all preflights together",
            "the last answer for each origin and URL; one that does not suffice is removed",
            "services/network/cors/preflight_cache.cc; fragments count, URLs of 1024 characters or more and null "
            "origins are not kept, and a remembered `*` does not cover `Authorization`",
            ("preflight_cache", "forgets_on"),
        ),
        Deviation(
            "preflight for upload listeners, answered without `Access-Control-Allow-Methods`",
            "allows the request's method",
            "allows only GET, HEAD and POST",
            "EnsureAllowedCrossOriginMethod in services/network/cors/preflight_result.cc",
            ("forced_preflight_allows_method",),
        ),
        Deviation(
            "request headers that need no preflight",
            "five names, each header by itself, and 1024 bytes together",
            "client hints as well (`DPR`, `Width`, `Viewport-Width`, `Device-Memory`, `Save-Data`, `Downlink`, `ECT`, "
            "`RTT`) when their value is well formed; a header that script sets twice is judged as one",
            "IsCorsSafelistedHeader in services/network/public/cpp/cors/cors.cc; measured",
            ("request_safelist",),
        ),
        Deviation(
            "mixed content of a page at `http://localhost`",
            "the page is trustworthy, so it may fetch no plain http",
            "only pages over https are held to it",
            "third_party/blink/renderer/core/loader/mixed_content_checker.cc",
            ("mixed_content_of_plain_http_pages",),
        ),
        Deviation(
            "cookies",
            "left to the cookie specification: without SameSite a cookie counts as Lax",
            "so it does, but for its first two minutes it goes along with a cross-site form that is posted too",
            "kLaxAllowUnsafeMaxAge in net/cookies/canonical_cookie.cc; SameSiteDefaultChecksMethodRigorously is off",
            ("cookies",),
        ),
        Deviation(
            "Local Network Access",
            "not in the standard",
            "a public page needs the user's permission to reach a local or loopback address (from version 142)",
            "https://wicg.github.io/local-network-access/",
            ("has_local_network_access",),
        ),
        Deviation(
            "preflight for upload listeners of a request without a body",
            "sent",
            "not sent",
            "measured; XMLHttpRequest::CreateRequest",
            ("forced_preflight_needs_body",),
        ),
        Deviation(
            "`User-Agent` set by script",
            "sent, after a preflight",
            "dropped in silence",
            "measured; https://crbug.com/571722",
            ("dropped_request_headers",),
        ),
        Deviation(
            "several `Location` in one redirect",
            "fail",
            "one, when they are equal",
            "measured; net::HttpUtil, ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION otherwise",
            ("several_locations",),
        ),
        Deviation(
            "an empty `Location`",
            "leads to the same URL again",
            "is no redirect: the response is read as it is",
            "measured; net::HttpResponseHeaders::IsRedirect",
            ("empty_location",),
        ),
        Deviation(
            "fetch() redirected to a URL with a user name or password",
            "fails in mode cors, to another origin or when tainted",
            "fails always",
            "measured; Blink blocks embedded credentials of subresources",
            ("blocks_url_credentials",),
        ),
        Deviation(
            "`Origin` of a no-cors POST that is redirected away from the page's own origin",
            "the page's",
            "`null`",
            "measured; UpdateHttpRequest in net/url_request/redirect_util.cc",
            ("no_cors_redirects_hide_origin",),
        ),
        Deviation(
            "a request with `If-None-Match` or another condition",
            "asks the preflight cache",
            "sends a preflight every time",
            "measured; LOAD_DISABLE_CACHE in preflight_controller.cc",
            ("conditional_requests_skip_cache",),
        ),
        Deviation(
            "redirect mode error, and a redirect without a `Location`, or with an empty one",
            "fails",
            "is read as it is",
            "measured; a redirect has a target for net::URLRequest",
            ("redirect_error_needs_location",),
        ),
        Deviation(
            "what is looked at before the CORS check of a redirect",
            "nothing",
            "whether it is one too many, and whether `Location` is a URL, in every redirect mode and in the answer to "
            "a preflight",
            "measured; CanFollowRedirect in net/url_request/url_request_job.cc",
            ("counts_redirects", "is_refused_before_cors"),
        ),
    ),
)  # fmt: skip
