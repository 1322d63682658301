"""A cookie store for tests: RFC 6265bis as far as scenarios use it, with what engines decide differently as data.

Section numbers are those of draft-ietf-httpbis-rfc6265bis-20. Left out: Expires, Partitioned, the limits on sizes and
numbers, and eviction. Every cookie is made by HTTP and shown to HTTP only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crossorigin.fetch import Request
from crossorigin.web.origins import OpaqueOrigin, Origin
from crossorigin.web.sites import public_suffix, same_site
from crossorigin.web.trustworthy import is_potentially_trustworthy_url
from crossorigin.web.url import URL

__all__ = ["Cookie", "CookieRules", "CookieStore", "site_for_cookies"]

SameSite = Literal["strict", "lax", "none"]


@dataclass(frozen=True, slots=True)
class CookieRules:
    """What engines differ in. The defaults are the text's.

    `default_same_site` is that of a cookie that says nothing. `none_needs_secure` refuses `SameSite=None` without
    `Secure`. `third_party` lets a host of another site than the page at the top set and get cookies at all.
    `redirect_chain` makes a request cross-site once any URL of its chain was of another site (section 5.2; Chromium
    took that back when it broke sites, so it is off there). `secure_on_loopback` lets `Secure` cookies be set and sent
    over http to localhost, as the text allows and libsoup, below WebKitGTK, need not. `srcdoc_is_cross_site` and
    `data_is_cross_site` say whether the opaque frames have a site for cookies of their own, as section 5.2.1 has it for
    both: about:srcdoc and data: have opaque origins, which are same-site with nothing.
    """

    default_same_site: Literal["lax", "none"] = "lax"
    none_needs_secure: bool = True
    third_party: bool = True
    redirect_chain: bool = True
    secure_on_loopback: bool = True
    srcdoc_is_cross_site: bool = True
    data_is_cross_site: bool = True


def site_for_cookies(frame: Literal["page", "sandboxed", "data"], page: Origin, rules: CookieRules) -> Origin:
    """RFC 6265bis, 5.2.1: the origin of the page at the top, or an opaque one for a frame of another site."""
    if frame == "sandboxed" and rules.srcdoc_is_cross_site:
        return OpaqueOrigin()
    if frame == "data" and rules.data_is_cross_site:
        return OpaqueOrigin()
    return page


@dataclass(slots=True)
class Cookie:
    """A stored cookie; `host_only` is one without Domain."""

    name: str
    value: str
    domain: str
    path: str
    same_site: SameSite
    secure: bool
    host_only: bool
    expires: float | None
    created: int


@dataclass(slots=True)
class CookieStore:
    """A `CredentialStore` without passwords. `site` is the client's site for cookies, `top` the top page's origin."""

    site: Origin
    top: Origin
    rules: CookieRules = field(default_factory=CookieRules)
    clock: Callable[[], float] = field(default=lambda: 0.0)
    cookies: list[Cookie] = field(default_factory=list)
    _created: int = 0

    def authorization(self, request: Request) -> bytes | None:
        """None: nobody ever typed a password."""

    def cookie(self, request: Request) -> bytes | None:
        """RFC 6265bis, 5.8.3: the cookies for the current URL, longest path first, then the oldest."""
        url = request.current_url
        if not self._may_have_cookies(url):
            return None
        same = self._is_same_site(request)
        now = self.clock()
        matching = [
            cookie
            for cookie in self.cookies
            if (url.host == cookie.domain if cookie.host_only else _domain_matches(url.host or "", cookie.domain))
            and _path_matches(url.path, cookie.path)
            and (not cookie.secure or self._is_secure(url))
            and (cookie.same_site == "none" or same)
            and (cookie.expires is None or cookie.expires > now)
        ]
        matching.sort(key=lambda cookie: (-len(cookie.path), cookie.created))
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in matching).encode("latin-1") or None

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        """Keep what the current URL sets, as far as RFC 6265bis, 5.7, lets it."""
        if not self._may_have_cookies(request.current_url):
            return
        for text in set_cookies:
            self._created += 1
            cookie = self._accepted(request, text.decode("latin-1"))
            if cookie is None:
                continue
            key = (cookie.name, cookie.domain, cookie.host_only, cookie.path)
            for old in self.cookies:
                if (old.name, old.domain, old.host_only, old.path) == key:
                    # 23. A cookie that replaces another keeps its age.
                    cookie.created = old.created
                    self.cookies.remove(old)
                    break
            if cookie.expires is None or cookie.expires > self.clock():
                self.cookies.append(cookie)

    def _accepted(self, request: Request, text: str) -> Cookie | None:
        """RFC 6265bis, 5.7: the cookie that one Set-Cookie field makes, None where the field is ignored."""
        url = request.current_url
        pair, *rest = text.split(";")
        name, equals, value = pair.partition("=")
        if not equals:
            name, value = "", name
        name, value = name.strip(" \t"), value.strip(" \t")
        attributes = {
            key.strip(" \t").lower(): given.strip(" \t") for key, _, given in (a.partition("=") for a in rest)
        }
        host = url.host or ""
        domain = attributes.get("domain", "").removeprefix(".").lower()
        # 9. A public suffix is nobody's; but the host that is one itself may name itself, and gets a host-only cookie.
        if domain and public_suffix(domain) == domain:
            if domain != host:
                return None
            domain = ""
        # 10. Only a host's own domain, or one above it.
        if domain and not _domain_matches(host, domain):
            return None
        path = attributes.get("path", "")
        if not path.startswith("/"):
            path = _default_path(url.path)
        secure = "secure" in attributes
        # 13. Only a secure place may ask for secrecy.
        if secure and not self._is_secure(url):
            return None
        same_site = self._same_site(attributes.get("samesite", "").lower())
        # 19. A cross-site response can set only what a cross-site request may carry.
        if same_site != "none" and not self._is_same_site(request):
            return None
        # 20.
        explicit_none = attributes.get("samesite", "").lower() == "none"
        if explicit_none and self.rules.none_needs_secure and not secure:
            return None
        # 21-22. The prefixes, in any case.
        if name.lower().startswith("__secure-") and not secure:
            return None
        if name.lower().startswith("__host-") and not (secure and not domain and attributes.get("path") == "/"):
            return None
        max_age = attributes.get("max-age", "")
        expires = self.clock() + int(max_age) if max_age.removeprefix("-").isdigit() else None
        return Cookie(name, value, domain or host, path, same_site, secure, not domain, expires, self._created)

    def _same_site(self, given: str) -> SameSite:
        if given == "strict":
            return "strict"
        if given == "lax":
            return "lax"
        return "none" if given == "none" else self.rules.default_same_site

    def _is_same_site(self, request: Request) -> bool:
        """RFC 6265bis, 5.2: neither a redirect chain over another site, nor a client of another site."""
        current = request.current_url.origin
        if self.rules.redirect_chain and any(not same_site(url.origin, current) for url in request.url_list):
            return False
        return same_site(current, self.site)

    def _may_have_cookies(self, url: URL) -> bool:
        return self.rules.third_party or same_site(url.origin, self.top)

    def _is_secure(self, url: URL) -> bool:
        return url.scheme == "https" or (self.rules.secure_on_loopback and is_potentially_trustworthy_url(url))


def _domain_matches(host: str, domain: str) -> bool:
    """RFC 6265bis, 5.1.3."""
    return host == domain or (host.endswith(f".{domain}") and host[0] != "[")


def _default_path(path: str) -> str:
    """RFC 6265bis, 5.1.4."""
    return path.rpartition("/")[0] or "/"


def _path_matches(path: str, cookie_path: str) -> bool:
    """RFC 6265bis, 5.1.4."""
    return path == cookie_path or (
        path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")
    )
