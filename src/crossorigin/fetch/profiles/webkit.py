"""WebKit: Safari, and every browser on iOS; proven with WebKitGTK, whose network layer is not Safari's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from crossorigin.fetch.max_age import max_age_of_integer
from crossorigin.fetch.preflight_results import ResultCache
from crossorigin.fetch.profile import CookieRules, Deviation, Profile
from crossorigin.fetch.redirect_method import redirect_becomes_get
from crossorigin.fetch.request import RedirectMode
from crossorigin.web.safelists import RequestSafelist, is_cors_safelisted_request_header
from crossorigin.web.url import URL

__all__ = ["WEBKIT", "WEBKITGTK"]


def _is_range(name: bytes, value: bytes) -> bool:
    """Units in any case, where the standard wants them in lower case."""
    return name == b"range" and value.lower() != value and is_cors_safelisted_request_header(name, value.lower())


def _is_refused_before_cors(location: URL | None, _redirect_mode: RedirectMode) -> bool:
    """NetworkResourceLoader knows no ftp:, whoever would follow it there."""
    return location is not None and location.scheme == "ftp"


WEBKIT: Final = Profile(
    name="webkit",
    title="WebKit",
    browsers="Safari, and every browser on iOS",
    versions="Safari 26, WebKitGTK 2.50",
    proven_on="WebKitGTK 2.50.6",
    preflight_checks=(
        "status", "origin", "methods-syntax", "header-names-syntax", "store", "method", "header-names",
    ),
    max_age=max_age_of_integer,
    max_age_limit=600,
    preflight_cache=partial(ResultCache, wildcard_by_asker=True, keeps_opaque_origins=True),
    forgets_on="nothing",
    wildcard_covers_authorization=True,
    forced_preflight_allows_method=False,
    preflights_after_preflight=True,
    redirects_keep_header_names="all",
    redirects_keep_credentials=True,
    no_cors_redirects_keep_credentials=True,
    is_refused_before_cors=_is_refused_before_cors,
    counts_redirects="after-credentials",
    redirect_error_needs_location=True,
    several_locations="join",
    empty_location="fail",
    request_safelist=RequestSafelist(also=_is_range, is_combined=True),
    mixed_content_of_plain_http_pages=False,
    mixed_content_to_loopback=True,
    cookies=CookieRules(
        default_same_site="None", none_needs_secure=False, third_party="block", partitioned_attribute=False
    ),
    deviations=(
        Deviation(
            "`Authorization` under `Access-Control-Allow-Headers: *`",
            "`*` never covers `Authorization`",
            "covered, in silence",
            "validateCrossOriginHeaders in CrossOriginPreflightResultCache.cpp; fetch#1919",
            ("wildcard_covers_authorization",),
        ),
        Deviation(
            "order in which a preflight's answer is judged",
            "CORS check and status together, then both lists, method, header names",
            "the status first, then the CORS check, the lists, method, header names; the answer is remembered before "
            "method and header names are looked at",
            "validatePreflightResponse in Source/WebCore/loader/CrossOriginAccessControl.cpp",
            ("preflight_checks",),
        ),
        Deviation(
            "longest `Access-Control-Max-Age`",
            "as long as the implementation likes",
            "600 seconds",
            "maxPreflightCacheTimeout in CrossOriginPreflightResultCache.cpp",
            ("max_age_limit",),
        ),
        Deviation(
            "`Access-Control-Max-Age` that is no delta-seconds",
            "5 seconds",
            "a negative number is over at once, a leading `+` is accepted; all else is 5 seconds",
            "parseAccessControlMaxAge in CrossOriginPreflightResultCache.cpp",
            ("max_age",),
        ),
        Deviation(
            "what the preflight cache keeps",
            "an entry for each method and header name, from all preflights together",
            "the last answer for each origin and URL; one that does not suffice is removed",
            "CrossOriginPreflightResultCache.cpp",
            ("preflight_cache", "forgets_on"),
        ),
        Deviation(
            "preflight for upload listeners, answered without `Access-Control-Allow-Methods`",
            "allows the request's method",
            "allows only GET, HEAD and POST",
            "allowsCrossOriginMethod in CrossOriginPreflightResultCache.cpp",
            ("forced_preflight_allows_method",),
        ),
        Deviation(
            "mixed content of a page at `http://localhost`",
            "the page is trustworthy, so it may fetch no plain http",
            "only pages over https are held to it",
            "Source/WebCore/loader/MixedContentChecker.cpp",
            ("mixed_content_of_plain_http_pages",),
        ),
        Deviation(
            "mixed content at `http://localhost` and `http://127.0.0.1`",
            "they are trustworthy, so a page over https may fetch them",
            "blocked as any other plain http",
            "https://bugs.webkit.org/show_bug.cgi?id=171934; measured in WebKitGTK 2.50.6",
            ("mixed_content_to_loopback",),
        ),
        Deviation(
            "cookies",
            "left to the cookie specification: without SameSite a cookie counts as Lax",
            "without SameSite a cookie is sent cross-site too, and None needs no Secure; Safari blocks those of other "
            "sites",
            "Intelligent Tracking Prevention, full third-party cookie blocking since Safari 13.1",
            ("cookies",),
        ),
        Deviation(
            "request headers that need no preflight",
            "five names, each header by itself, and 1024 bytes together",
            "a header that script sets twice is judged as one; the unit of `Range` in any case",
            "isCrossOriginSafeRequestHeader in HTTPParsers.cpp; measured",
            ("request_safelist",),
        ),
        Deviation(
            "preflights after a redirect, once one was needed",
            "only where the redirected request still needs one",
            "for every further hop, with the headers of the first request",
            "measured; NetworkLoadChecker::checkCORSRedirectedRequest",
            ("preflights_after_preflight", "redirects_keep_header_names"),
        ),
        Deviation(
            "several `Location` in one redirect",
            "fail",
            "one value, joined by commas",
            "measured with WebKitGTK",
            ("several_locations",),
        ),
        Deviation(
            "an empty `Location`",
            "leads to the same URL again",
            "fails",
            "measured with WebKitGTK",
            ("empty_location",),
        ),
        Deviation(
            "redirect mode error, and a redirect without a `Location`, or with an empty one",
            "fails",
            "is read as it is",
            "measured",
            ("redirect_error_needs_location",),
        ),
        Deviation(
            "what is looked at before the CORS check of a redirect",
            "nothing",
            "whether `Location` is of ftp, in every redirect mode",
            "measured in WebKitGTK 2.50.6: FTP URLs are disabled",
            ("is_refused_before_cors",),
        ),
        Deviation(
            "when a redirect too many is one",
            "before the user name and password in `Location` are looked at",
            "after them, for a request by CORS; for another, before anything of `Location` is",
            "measured; NetworkLoadChecker::checkRedirection",
            ("counts_redirects",),
        ),
        Deviation(
            "a fetch that begins on the page's own origin, in credentials mode same-origin",
            "counts as one without credentials elsewhere",
            "redirects elsewhere have to allow credentials; in mode no-cors they get them",
            "measured; SubresourceLoader::checkRedirectionCrossOriginAccessControl",
            ("redirects_keep_credentials", "no_cors_redirects_keep_credentials"),
        ),
    ),
)  # fmt: skip


def _redirect_becomes_get(status: int, method: bytes, crosses_origins: bool) -> bool:  # noqa: FBT001 - a profile's field
    """`shouldRedirectAsGET` of NetworkDataTaskSoup.cpp."""
    return redirect_becomes_get(status, method, crosses_origins) or (crosses_origins and method == b"DELETE")


WEBKITGTK: Final = replace(WEBKIT, name="webkitgtk", title="WebKitGTK", redirect_becomes_get=_redirect_becomes_get)
"""What tests/browsers drives: the engine is Safari's, the network below it libsoup."""
