"""The Sec-Fetch-* headers: what the browser itself says of a request."""

from __future__ import annotations

from crossorigin.fetch.request import Request
from crossorigin.web.origins import same_origin
from crossorigin.web.sites import same_site
from crossorigin.web.trustworthy import is_potentially_trustworthy_url

__all__ = ["fetch_metadata_headers"]


def fetch_metadata_headers(request: Request) -> list[tuple[bytes, bytes]]:
    """Fetch Metadata: https://w3c.github.io/webappsec-fetch-metadata/#fetch-integration

    The fields to append, in order. None for a URL that is not potentially trustworthy: by the text the request's
    *first* URL decides, but every redirect passes here again, and sending them to an insecure hop would show a secure
    page's context to the network; so the current URL is asked, as engines do.
    """
    # 1.
    if not is_potentially_trustworthy_url(request.current_url):
        return []
    # 2-4.
    fields = [
        (b"Sec-Fetch-Dest", (request.destination or "empty").encode()),
        (b"Sec-Fetch-Mode", request.mode.encode()),
        (b"Sec-Fetch-Site", _site(request)),
    ]
    # 5. Navigations that the user caused.
    if request.is_navigation_request and request.user_activation:
        fields.append((b"Sec-Fetch-User", b"?1"))
    return fields


def _site(request: Request) -> bytes:
    """How the page stands to every URL of the list; one that is cross-site is enough."""
    value = b"same-origin"
    for url in request.url_list:
        if same_origin(url.origin, request.origin):
            continue
        if not same_site(request.origin, url.origin):
            return b"cross-site"
        value = b"same-site"
    return value
