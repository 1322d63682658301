"""What kind a redirect is: to https, by a slash, to a login page, or anywhere else."""

from __future__ import annotations

import re
from typing import Final, Literal

from crossorigin.fetch.trace import Exchange
from crossorigin.web.url import URL, parse_url

__all__ = ["RedirectKind", "kind_of", "target_of"]

RedirectKind = Literal["https", "slash", "login", "moved"]

_LOGIN: Final = re.compile(
    r"(?:^|[/._-])(?:log-?in|log-?on|sign-?in|sso|saml2?|oauth2?|openid(?:-connect)?|oidc|auth(?:orize|enticate)?|"
    r"idp|adfs|cas|accounts?|session/new)(?:[/._?-]|$)",
    re.IGNORECASE,
)


def target_of(exchange: Exchange) -> URL | None:
    """Where it leads; None without a Location that is a URL."""
    location = None if exchange.response is None else exchange.response.headers.get(b"Location")
    return None if location is None else parse_url(location.decode("latin-1"), exchange.request.url)


def kind_of(exchange: Exchange) -> RedirectKind:
    """What kind of redirect an exchange is whose answer is one."""
    url, target = exchange.request.url, target_of(exchange)
    if target is None:
        return "moved"
    if (url.scheme, target.scheme) == ("http", "https") and url.host == target.host:
        return "https"
    # `FastAPI` and `Django` build the target of Host, so the origin is the same; but not always the port.
    if url.host == target.host and url.path != target.path and url.path.rstrip("/") == target.path.rstrip("/"):
        return "slash"
    if _LOGIN.search(target.path) or _LOGIN.search(f"/{(target.host or '').partition('.')[0]}/"):
        return "login"
    return "moved"
