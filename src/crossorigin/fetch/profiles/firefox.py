"""Firefox, and all else that is built on Gecko."""

from __future__ import annotations

from typing import Final

from crossorigin.fetch.max_age import DEFAULT_MAX_AGE, MAX_AGE, seconds_of
from crossorigin.fetch.preflight_tokens import TokenCache
from crossorigin.fetch.profile import CookieRules, Deviation, Profile
from crossorigin.fetch.request import RedirectMode
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import RequestSafelist
from crossorigin.web.url import URL

__all__ = ["FIREFOX"]

_NOT_ASKED: Final = frozenset({"blob", "data", "file", "javascript", "ws", "wss"})
_FIRST_SIGNED: Final = 0x80
_COMMA: Final = 0x2C


def _max_age(headers: HeaderList) -> int | None:
    """`AddResultToCache`: digits and nothing else, and what counts as no second at all is not remembered."""
    value = headers.get(MAX_AGE)
    if not value:
        return DEFAULT_MAX_AGE
    return (seconds_of(value) or None) if value.isdigit() else None


def _unsafe_byte(name: bytes, value: bytes) -> int | None:
    """Bytes are signed in `IsCorsUnsafeRequestHeaderValue`, and a comma ends what `ParseRequestContentType` takes."""
    for position, byte in enumerate(value):
        if byte >= _FIRST_SIGNED or (name == b"content-type" and byte == _COMMA):
            return position
    return None


def _is_refused_before_cors(location: URL | None, redirect_mode: RedirectMode) -> bool:
    """What nsHttpChannel::AsyncProcessRedirection makes no channel for, when it is to make one."""
    if redirect_mode != "follow":
        return False
    if location is not None and location.scheme == "about":
        # about:blank is a page like any other, until CORS hears that it is not of http.
        return location.path != "blank"
    return location is None or location.scheme in _NOT_ASKED


FIREFOX: Final = Profile(
    name="firefox",
    title="Firefox",
    browsers="Firefox",
    versions="140 to 153",
    proven_on="Firefox 153.7.0esr",
    preflight_checks=(
        "location", "origin", "redirect", "status", "methods-syntax", "method", "header-names-syntax", "header-names",
        "store",
    ),
    max_age=_max_age,
    max_age_limit=86400,
    preflight_cache=TokenCache,
    wildcard_covers_authorization=True,
    forced_preflight_allows_method=False,
    preflight_hides_redirect=True,
    preflights_after_preflight=True,
    redirects_keep_header_names="all-but-dropped",
    repeats_header_names=True,
    forgets_on="all-but-redirect-mode",
    is_refused_before_cors=_is_refused_before_cors,
    counts_redirects="before-cors",
    conditional_requests_skip_cache="of-fetch",
    several_locations="one-if-equal",
    request_safelist=RequestSafelist(unsafe_byte=_unsafe_byte, max_size=None),
    mixed_content_of_plain_http_pages=False,
    cookies=CookieRules(default_same_site="None", none_needs_secure=True, third_party="partition"),
    deviations=(
        Deviation(
            "`Authorization` under `Access-Control-Allow-Headers: *`",
            "`*` never covers `Authorization`",
            "covered, with a warning that it will not be",
            "pref network.cors_preflight.authorization_covered_by_wildcard; nsCORSListenerProxy.cpp; fetch#1919",
            ("wildcard_covers_authorization",),
        ),
        Deviation(
            "order in which a preflight's answer is judged",
            "CORS check and status together, then both lists, method, header names",
            "the CORS check, then redirect and status, the list of methods and the method, the list of header names "
            "and the names",
            "nsCORSPreflightListener in netwerk/protocol/http/nsCORSListenerProxy.cpp",
            ("preflight_checks",),
        ),
        Deviation(
            "`Origin` of a preflight after a redirect between other origins",
            "`null`, as the request itself",
            "the page's origin, which the answer has to name",
            "measured; StartCORSPreflight in nsCORSListenerProxy.cpp makes it of the loading principal",
            ("preflight_hides_redirect",),
        ),
        Deviation(
            "longest `Access-Control-Max-Age`",
            "as long as the implementation likes",
            "86400 seconds",
            "AddResultToCache in nsCORSListenerProxy.cpp",
            ("max_age_limit",),
        ),
        Deviation(
            "`Access-Control-Max-Age` that is no delta-seconds",
            "5 seconds",
            "the answer is not remembered, as with 0",
            "AddResultToCache in nsCORSListenerProxy.cpp",
            ("max_age",),
        ),
        Deviation(
            "what the preflight cache keeps",
            "an entry for each method and header name, from all preflights together",
            "each token, with and without credentials apart; `*` covers nothing, and HEAD has to be listed",
            "nsPreflightCache in nsCORSListenerProxy.cpp; 100 URLs",
            ("preflight_cache",),
        ),
        Deviation(
            "preflight for upload listeners, answered without `Access-Control-Allow-Methods`",
            "allows the request's method",
            "allows only GET, HEAD and POST",
            "CheckPreflightRequestApproved in nsCORSListenerProxy.cpp",
            ("forced_preflight_allows_method",),
        ),
        Deviation(
            "mixed content of a page at `http://localhost`",
            "the page is trustworthy, so it may fetch no plain http",
            "only pages over https are held to it",
            "dom/security/nsMixedContentBlocker.cpp",
            ("mixed_content_of_plain_http_pages",),
        ),
        Deviation(
            "cookies",
            "left to the cookie specification: without SameSite a cookie counts as Lax",
            "without SameSite a cookie is sent cross-site too; those of other sites are kept apart for each site of a "
            "page",
            "prefs network.cookie.sameSite.laxByDefault (false) and network.cookie.cookieBehavior (5)",
            ("cookies",),
        ),
        Deviation(
            "request headers that need no preflight",
            "five names, each header by itself, and 1024 bytes together",
            "no limit together; bytes from 0x80 up need one, and a comma in `Content-Type`",
            "measured; FetchUtil and nsContentUtils::IsCorsUnsafeRequestHeader",
            ("request_safelist",),
        ),
        Deviation(
            "`Access-Control-Request-Headers` of a header that script sets twice",
            "named once",
            "named twice",
            "measured; StartCORSPreflight in nsCORSListenerProxy.cpp",
            ("repeats_header_names",),
        ),
        Deviation(
            "preflights after a redirect, once one was needed",
            "only where the redirected request still needs one",
            "for every further hop, with the headers of the first request less what the last redirect took away",
            "measured; SetupReplacementChannel in HttpBaseChannel.cpp",
            ("preflights_after_preflight", "redirects_keep_header_names"),
        ),
        Deviation(
            "several `Location` in one redirect",
            "fail",
            "one, when they are equal",
            "measured; nsHttpHeaderArray",
            ("several_locations",),
        ),
        Deviation(
            "a request with `If-None-Match` or another condition",
            "asks the preflight cache",
            "sends a preflight every time, from fetch(); XMLHttpRequest asks the cache",
            "measured; FetchDriver turns to no-store; LOAD_BYPASS_CACHE in nsCORSListenerProxy.cpp",
            ("conditional_requests_skip_cache",),
        ),
        Deviation(
            "what is looked at before the CORS check of a redirect",
            "nothing",
            "whether it is one too many, and whether `Location` is a URL of a scheme that it can ask, in the answer to "
            "a preflight too",
            "measured; AsyncProcessRedirection in nsHttpChannel.cpp",
            ("counts_redirects", "is_refused_before_cors"),
        ),
        Deviation(
            "a redirect in redirect mode error",
            "clears what was remembered of the preflight",
            "leaves it",
            "measured; RemoveEntries in nsCORSListenerProxy.cpp",
            ("forgets_on",),
        ),
    ),
)  # fmt: skip
