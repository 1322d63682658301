"""Who asks for cookies: whether a request is same-site, a top-level navigation, a third party's; and which partition.

All of it follows from the engine's request, so that the credential store needs nothing that the engine does not pass.
Where a redirect led through plays no part: RFC 6265bis had it so for a while, no engine does it (Chromium's
CookieSameSiteConsidersRedirectChain is off), and the text took it back.
"""

from __future__ import annotations

from dataclasses import dataclass

from crossorigin.fetch.request import Client, Request
from crossorigin.web.origins import OpaqueOrigin, Origin
from crossorigin.web.sites import obtain_site, same_site
from crossorigin.web.url import URL

__all__ = ["CookieContext", "context_of", "site_for_cookies"]

_SAFE_METHODS = frozenset({b"GET", b"HEAD", b"OPTIONS", b"TRACE"})


@dataclass(frozen=True, slots=True)
class CookieContext:
    """What the rules for cookies ask of a request, or of a page whose script reads `document.cookie`.

    `url` is what is asked for and `top_level_site` the site that the address bar shows, serialized, "null" for an
    opaque one. `is_http` is False for script.
    """

    url: URL
    is_same_site: bool
    is_top_level_navigation: bool
    is_safe: bool
    is_third_party: bool
    top_level_site: str
    is_http: bool = True


def site_for_cookies(client: Client) -> Origin | None:
    """RFC 6265bis, "Document-based requests", section 5.2.1: the top-level origin, None in a cross-site frame.

    Of the ancestors only the page itself and the one at the top are known. A sandboxed page counts with its URL.
    """
    document = _document_origin(client)
    top = client.top_level_origin or document
    return top if same_site(top, document) else None


def context_of(request: Request) -> CookieContext:
    """The context of a request: https://fetch.spec.whatwg.org/#append-a-request-cookie-header"""
    client, url = request.client, request.current_url
    navigates = request.mode == "navigate" and request.destination == "document"
    mine = site_for_cookies(client)
    is_same_site = mine is not None and same_site(mine, url.origin)
    # What is navigated to becomes the page at the top.
    top = url.origin if navigates else client.top_level_origin or _document_origin(client)
    return CookieContext(
        url=url,
        is_same_site=is_same_site,
        is_top_level_navigation=navigates,
        is_safe=request.method in _SAFE_METHODS,
        is_third_party=not (is_same_site or navigates),
        top_level_site=obtain_site(top).serialize(),
    )


def _document_origin(client: Client) -> Origin:
    """The page's origin, or that of its URL where it is sandboxed."""
    if isinstance(client.origin, OpaqueOrigin) and client.url is not None:
        return client.url.origin
    return client.origin
