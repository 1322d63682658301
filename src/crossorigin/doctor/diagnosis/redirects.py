"""What kind a redirect is: to https, by a slash, to a login page, or anywhere else."""

from __future__ import annotations

import re
from typing import Final, Literal

from crossorigin.fetch.trace import Exchange
from crossorigin.web.url import URL, parse_url

__all__ = ["RedirectKind", "kind_of", "leading", "target_of"]

RedirectKind = Literal["https", "slash", "login", "moved"]

_LOGIN: Final = re.compile(
    r"(?:^|[/._-])(log[-_]?in|log[-_]?on|sign[-_]?in|sso|saml2?|oauth2?|openid(?:-connect)?|oidc|auth(?:orize|enticate)?|"
    r"idp|adfs|cas|session/new)(?=[/._?-]|$)",
    re.IGNORECASE,
)
_LOGIN_HOSTS: Final = frozenset({"account", "accounts", "auth", "id", "identity", "idp", "login", "signin", "sso"})
"""First labels of hosts where people log in, as `accounts.google.com`."""


def target_of(exchange: Exchange) -> URL | None:
    """Where it leads; None without a Location that is a URL."""
    location = None if exchange.response is None else exchange.response.headers.get(b"Location")
    return None if location is None else parse_url(location.decode("latin-1"), exchange.request.url)


def leading(redirects: list[Exchange]) -> Exchange | None:
    """The one of them that decides what becomes of a call: the first to a login page, or else the last."""
    logins = (each for each in redirects if kind_of(each) == "login")
    return next(logins, redirects[-1] if redirects else None)


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
    return "login" if _leads_to_login(url, target) else "moved"


def _leads_to_login(url: URL, target: URL) -> bool:
    """Whether the target is a place to log in, and what was asked for is not: `/auth/v1` to `/auth/v2` is no login."""
    host = (target.host or "").partition(".")[0]
    if host in _LOGIN_HOSTS and target.host != url.host:
        return True
    asked = {word.lower() for word in _LOGIN.findall(url.path)}
    return any(word.lower() not in asked for word in _LOGIN.findall(target.path))
