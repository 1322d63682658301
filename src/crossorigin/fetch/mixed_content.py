"""Mixed content: what a page that came over a secure connection may not fetch over an insecure one."""

from __future__ import annotations

from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.request import Client, Request
from crossorigin.web.origins import Origin, TupleOrigin
from crossorigin.web.trustworthy import is_potentially_trustworthy_origin, is_potentially_trustworthy_url
from crossorigin.web.url import URL

__all__ = ["blocked_as_mixed_content", "prohibits_mixed_content", "upgrade_mixed_content"]


def prohibits_mixed_content(client: Client, profile: Profile = STANDARD) -> bool:
    """Mixed Content, on a client: https://w3c.github.io/webappsec-mixed-content/#categorize-settings-object

    By the text every potentially trustworthy origin counts, `http://localhost` too; to engines only pages over https.
    """
    # 1. The page itself. 2. A page within one that is held to it; of the ancestors only the top one is known here.
    return any(
        origin is not None
        and is_potentially_trustworthy_origin(origin)
        and (profile.mixed_content_of_plain_http_pages or not _is_plain_http(origin))
        for origin in (client.origin, client.top_level_origin)
    )


def _is_plain_http(origin: Origin) -> bool:
    return isinstance(origin, TupleOrigin) and origin.scheme == "http"


def upgrade_mixed_content(request: Request, profile: Profile = STANDARD) -> URL | None:
    """The https URL to fetch instead, or None to leave it: an image, audio or video of a secure page.

    Mixed Content: https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm

    By the text the request's *first* URL is looked at and changed; that would leave the target of a redirect as it is,
    to be blocked. The current URL is looked at here, so that a redirect is upgraded too, as in Chromium.
    """
    url = request.current_url
    if (
        is_potentially_trustworthy_url(url)
        or url.host_kind in {"ipv4", "ipv6"}
        or not prohibits_mixed_content(request.client, profile)
        or request.destination not in {"image", "audio", "video"}
        or (request.destination == "image" and request.initiator == "imageset")
        or url.scheme != "http"
    ):
        return None
    return url.with_scheme("https")


def blocked_as_mixed_content(request: Request, url: URL, profile: Profile = STANDARD) -> bool:
    """Mixed Content, for a request: https://w3c.github.io/webappsec-mixed-content/#should-block-fetch

    `url` is the request's current URL or, for https://w3c.github.io/webappsec-mixed-content/#should-block-response,
    the response's.
    """
    return (
        prohibits_mixed_content(request.client, profile)
        and (not is_potentially_trustworthy_url(url) or (profile.mixed_content_to_loopback and url.scheme == "http"))
        and request.destination != "document"
    )
