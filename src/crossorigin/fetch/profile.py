"""An engine profile: where a browser engine is not the Fetch standard, as data.

`STANDARD` is the text of the standard with no implementation's choice made against it. The engines are in
`crossorigin.fetch.profiles`; each is the standard with some fields changed, and says of each change what the standard
has, what the engine does, and how we know. The algorithms ask the profile where the engines part; no algorithm knows
the name of an engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from crossorigin.fetch.max_age import max_age
from crossorigin.fetch.preflight_cache import PreflightCache, StandardPreflightCache
from crossorigin.fetch.redirect_method import redirect_becomes_get
from crossorigin.fetch.request import RedirectMode
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import CORS_SAFELISTED_RESPONSE_HEADER_NAMES, STANDARD_SAFELIST, RequestSafelist
from crossorigin.web.url import URL

__all__ = ["STANDARD", "CookieRules", "Deviation", "PreflightCheck", "Profile", "refuses_nothing"]

PreflightCheck = Literal[
    "location",
    "redirect",
    "origin",
    "status",
    "methods-syntax",
    "header-names-syntax",
    "method",
    "header-names",
    "store",
]
"""One thing that a preflight's answer is judged by: that it is no redirect which `is_refused_before_cors`; that it is
no redirect to anywhere; the CORS check; that its status is ok; that Access-Control-Allow-Methods and -Headers parse;
that the method is allowed, and the header names. "store" is the moment from which the answer is remembered."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which an engine is not the standard, for people.

    `fields` are the fields of `Profile` that carry it, none where it is only reported. `evidence` is a source file of
    the engine, a bug, or a named measurement.
    """

    topic: str
    standard: str
    engine: str
    evidence: str
    fields: tuple[str, ...] = ()


def refuses_nothing(_location: URL | None, _redirect_mode: RedirectMode) -> bool:
    """The standard: the CORS check of a redirect comes first."""
    return False


@dataclass(frozen=True, slots=True)
class CookieRules:
    """Which cookies an engine attaches, in its default settings, as far as CORS sees them.

    `default_same_site` is what a cookie without SameSite counts as; `none_needs_secure` whether SameSite=None is
    refused without Secure; `third_party` what happens to cookies of a site that is not the page's;
    `partitioned_attribute` whether `Partitioned` (CHIPS) keeps a cookie apart for each top-level site;
    `lax_allowing_unsafe` for how many seconds a cookie without SameSite goes along with a cross-site form that is
    posted, though it counts as Lax.
    """

    default_same_site: Literal["Lax", "None"] = "Lax"
    none_needs_secure: bool = True
    third_party: Literal["allow", "partition", "block"] = "allow"
    partitioned_attribute: bool = True
    lax_allowing_unsafe: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The choices of one engine.

    - `name`, `title`, `browsers`, `versions`: what it describes, and in which releases of what; `proven_on` is the
      release that `tests/browsers` last compared it with. `deviations` says in words what the fields say in data.
    - `preflight_checks`: in which order a preflight's answer is judged; the first that fails is what is reported.
    - `max_age`: seconds for which a preflight's answer may be remembered, None not to remember it at all.
    - `max_age_limit`: the most of them, None for no limit.
    - `preflight_cache`: makes the cache, whose granularity is the engine's own.
    - `forgets_on`: which failures of a fetch that needed a preflight clear what was remembered: every one, all but that
      of redirect mode "error", or none.
    - `wildcard_covers_authorization`: whether `Access-Control-Allow-Headers: *` stands for Authorization too.
    - `forced_preflight_allows_method`: whether an answer without Access-Control-Allow-Methods allows the method of a
      request whose use-CORS-preflight flag is set.
    - `forced_preflight_needs_body`: whether upload listeners ask for a preflight only when there is a body to upload.
    - `preflight_hides_redirect`: whether a preflight says and checks the page's origin even after a redirect that
      makes the origin of the request itself null, and checks none at all on the way back to the page's own origin.
    - `blocks_url_credentials`: whether fetch() fails in every mode when a redirect's URL has a user name or password.
    - `no_cors_redirects_hide_origin`: whether in mode "no-cors" every redirect to another origin, the page's own first
      one too, makes `Origin` null for good.
    - `preflights_after_preflight`: whether, after a request that needed a preflight or would have elsewhere, every
      redirect's target gets one, though the redirect has made the request one that needs none.
    - `redirects_keep_header_names`: whether such a preflight asks for the headers of the first request: not at all, for
      all of them, or for all but those that the last redirect took away.
    - `repeats_header_names`: whether Access-Control-Request-Headers names a repeated header as often as it is there.
    - `dropped_request_headers`: which headers script sets in vain, beside the forbidden ones; in lower case.
    - `redirects_keep_credentials`: whether redirects of other origins are held to the rules of mode "include"
      when the fetch began on the page's own, in credentials mode "same-origin".
    - `no_cors_redirects_keep_credentials`: whether such a fetch takes credentials along everywhere in mode "no-cors".
    - `is_refused_before_cors(location, redirect_mode)`: whether a redirect there fails before the CORS check of its
      response; the location is None where `Location` is no URL. Of a preflight's answer it is asked only where
      "location" is among the checks.
    - `counts_redirects`: when a redirect too many is one: before anything else, the CORS check too; before the user
      name and password in `Location` are looked at; or after them, which holds for a request by CORS alone, while of
      another nothing of `Location` is looked at before.
    - `conditional_requests_skip_cache`: of what a request that no HTTP cache may answer asks no preflight cache either:
      of nothing, of fetch() alone, or of XMLHttpRequest as well.
    - `several_locations`: whether several `Location` are a failure of a redirect, one when they are equal and else a
      failure of any response, or one value joined by commas.
    - `empty_location`: whether an empty one leads to the same URL again, is no redirect, or is a failure.
    - `redirect_error_needs_location`: whether redirect mode "error" fails only for a redirect that has a `Location`,
      and not an empty one: any other answer of such a status is then read as it is.
    - `redirect_becomes_get(status, method, crosses_origins)`: whether a redirect makes the request a GET.
    - `request_safelist`: which request headers need no preflight.
    - `safelisted_response_headers`: which response headers script may always read, in lower case.
    - `mixed_content_of_plain_http_pages`: whether a page on http://localhost counts as one that must not fetch http.
    - `mixed_content_to_loopback`: whether plain http to this machine itself, which the standard trusts, is mixed
      content too.
    - `cookies`: see `CookieRules`.
    - `has_local_network_access`: whether a public page needs the user's permission to reach a local or loopback
      address (https://wicg.github.io/local-network-access/), which no header can grant.
    """

    name: str
    title: str = ""
    browsers: str = ""
    versions: str = ""
    proven_on: str = ""
    deviations: tuple[Deviation, ...] = ()
    preflight_checks: tuple[PreflightCheck, ...] = (
        "origin", "status", "methods-syntax", "header-names-syntax", "method", "header-names", "store",
    )  # fmt: skip
    max_age: Callable[[HeaderList], int | None] = max_age
    max_age_limit: int | None = None
    preflight_cache: Callable[[], PreflightCache] = StandardPreflightCache
    forgets_on: Literal["every-error", "all-but-redirect-mode", "nothing"] = "every-error"
    wildcard_covers_authorization: bool = False
    forced_preflight_allows_method: bool = True
    forced_preflight_needs_body: bool = False
    preflight_hides_redirect: bool = False
    blocks_url_credentials: bool = False
    no_cors_redirects_hide_origin: bool = False
    preflights_after_preflight: bool = False
    redirects_keep_header_names: Literal["no", "all", "all-but-dropped"] = "no"
    repeats_header_names: bool = False
    dropped_request_headers: frozenset[bytes] = frozenset()
    redirects_keep_credentials: bool = False
    no_cors_redirects_keep_credentials: bool = False
    is_refused_before_cors: Callable[[URL | None, RedirectMode], bool] = refuses_nothing
    counts_redirects: Literal["before-cors", "before-credentials", "after-credentials"] = "before-credentials"
    conditional_requests_skip_cache: Literal["never", "of-fetch", "always"] = "never"
    several_locations: Literal["fail", "one-if-equal", "join"] = "fail"
    empty_location: Literal["same-url", "none", "fail"] = "same-url"
    redirect_error_needs_location: bool = False
    redirect_becomes_get: Callable[[int, bytes, bool], bool] = redirect_becomes_get
    request_safelist: RequestSafelist = STANDARD_SAFELIST
    safelisted_response_headers: frozenset[bytes] = CORS_SAFELISTED_RESPONSE_HEADER_NAMES
    mixed_content_of_plain_http_pages: bool = True
    mixed_content_to_loopback: bool = False
    cookies: CookieRules = CookieRules()
    has_local_network_access: bool = False


STANDARD: Final = Profile(name="standard", title="the Fetch standard", versions="2 July 2026 (commit 586cd2a)")
