"""The jar: which cookies are kept, which go along with a request, and which have to leave.

Text followed: RFC 6265bis (draft 22), sections 5.7 "Storage Model" and 5.8 "Retrieval Model", with CHIPS and the third
parties of each engine. The links go to the sections of RFC 6265 that these replace.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crossorigin.browser.cookie import Cookie, SetCookie, default_path, domain_matches, parse_set_cookie, path_matches
from crossorigin.browser.cookie_context import CookieContext, context_of
from crossorigin.fetch.profile import CookieRules
from crossorigin.fetch.request import Request
from crossorigin.web.sites import public_suffix, registrable_domain
from crossorigin.web.trustworthy import is_potentially_trustworthy_url

__all__ = ["MOST_COOKIES", "MOST_PER_DOMAIN", "CookieJar", "RefusedCookie"]

MOST_COOKIES: Final = 3000
"""RFC 6265bis, section 6.1: "at least 3000 cookies total"."""
MOST_PER_DOMAIN: Final = 180
"""Of one registrable domain: Chromium's and Firefox's number; RFC 6265bis asks for 50 at least."""
_REFUSALS_KEPT: Final = 100

_Key = tuple[str | None, str, bool, str, str]
"""What makes two cookies one: partition, domain, host-only, path, name."""


@dataclass(frozen=True, slots=True)
class RefusedCookie:
    """A Set-Cookie that the browser ignored, from where, and why: browsers tell nobody, and people wonder."""

    line: str
    url: str
    reason: str


@dataclass(slots=True)
class _Kept:
    cookie: Cookie
    used: int
    """When it was last sent, as a count: two requests of one moment still have an order."""


class CookieJar:
    """A browser's cookies, and the `CredentialStore` of its engine. Passwords it keeps none."""

    def __init__(self, rules: CookieRules, clock: Callable[[], float]) -> None:
        self.rules = rules
        self.refused: deque[RefusedCookie] = deque(maxlen=_REFUSALS_KEPT)
        """The latest Set-Cookie fields that were ignored."""
        self._clock = clock
        self._kept: dict[_Key, _Kept] = {}
        self._by_domain: dict[str, set[_Key]] = {}
        self._uses = 0

    # The engine's questions.

    def cookie(self, request: Request) -> bytes | None:
        """The Cookie header's value for the request's current URL, None for no cookie."""
        if not self._kept:
            return None
        return self.header(context_of(request))

    def authorization(self, request: Request) -> bytes | None:  # noqa: ARG002 - the protocol's name
        """None."""
        return None

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        """Keep what the Set-Cookie fields of an answer say, as far as the rules allow."""
        context = context_of(request)
        for field in set_cookies:
            self.receive(field, context)

    # Retrieval.

    def header(self, context: CookieContext) -> bytes | None:
        """RFC 6265bis, "Retrieval Algorithm": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.4"""
        found = self.matching(context)
        if not found:
            return None
        pairs = (f"{each.name}={each.value}" if each.name else each.value for each in found)
        return "; ".join(pairs).encode("latin-1")

    def matching(self, context: CookieContext) -> list[Cookie]:
        """The cookies that go along, in the order in which they do; their last use is now."""
        self._drop_expired()
        host = context.url.host or ""
        is_secure = is_potentially_trustworthy_url(context.url)
        domain = registrable_domain(host) or host
        # 1. Those that belong to the URL and may be seen from where they are asked for.
        found = [
            (key, kept)
            for key in self._by_domain.get(domain, ())
            if (kept := self._kept[key]).cookie.belongs_to(host, context.url.path)
            and (is_secure or not kept.cookie.secure)
            and (context.is_http or not kept.cookie.http_only)
            and self._partition_allows(kept.cookie, context)
            and self._same_site_allows(kept.cookie, context)
        ]
        # 2. Longer paths first, then older ones; the dict keeps the order of creation.
        order = {key: number for number, key in enumerate(self._kept)} if len(found) > 1 else {}
        found.sort(key=lambda each: (-len(each[1].cookie.path), each[1].cookie.created, order.get(each[0], 0)))
        # 3.
        for _, kept in found:
            self._uses += 1
            kept.used = self._uses
        return [kept.cookie for _, kept in found]

    def _partition_allows(self, cookie: Cookie, context: CookieContext) -> bool:
        if cookie.partition is not None:
            return cookie.partition == context.top_level_site
        # Shared cookies are not for third parties, unless the engine has no objection.
        return not context.is_third_party or self.rules.third_party == "allow"

    def _same_site_allows(self, cookie: Cookie, context: CookieContext) -> bool:
        same_site = cookie.same_site or self.rules.default_same_site
        if same_site == "None" or context.is_same_site:
            return True
        if same_site != "Lax" or not context.is_top_level_navigation:
            return False
        # "Lax-allowing-unsafe", section 5.6.7.2: logins that come back by POST broke when Lax became the default.
        is_young = self._clock() - cookie.created < self.rules.lax_allowing_unsafe
        return context.is_safe or (not cookie.same_site and is_young)

    # Storage.

    def receive(self, field: bytes, context: CookieContext) -> str | None:
        """RFC 6265bis, "Storage Model": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.3

        The reason for which the field is ignored, None when it was heeded (a cookie that is expired already is
        heeded by removing the one of its name).
        """
        now = self._clock()
        reason = self._receive(field, context, now)
        if reason is not None:
            line = field[:4096].decode("latin-1")
            self.refused.append(RefusedCookie(line, context.url.href, reason))
        return reason

    def _receive(self, field: bytes, context: CookieContext, now: float) -> str | None:
        parsed = parse_set_cookie(field, now)
        if isinstance(parsed, str):
            return parsed
        scope = _scope(parsed, context.url.host or "")
        if isinstance(scope, str):
            return scope
        domain, host_only = scope
        cookie = Cookie(
            name=parsed.name.decode("latin-1"),
            value=parsed.value.decode("latin-1"),
            domain=domain,
            host_only=host_only,
            path=parsed.path or default_path(context.url),
            secure=parsed.secure,
            http_only=parsed.http_only,
            same_site=parsed.same_site,
            expires=parsed.expires,
            created=now,
            partition=self._partition(parsed, context),
        )
        reason = self._refusal(cookie, parsed, context)
        if reason is None:
            reason = self._keep(cookie, context, now)
        return reason

    def _partition(self, parsed: SetCookie, context: CookieContext) -> str | None:
        """Under which top-level site a cookie is kept, None for all of them."""
        if (parsed.partitioned and self.rules.partitioned_attribute) or (
            context.is_third_party and self.rules.third_party == "partition"
        ):
            return context.top_level_site
        return None

    def _refusal(self, cookie: Cookie, parsed: SetCookie, context: CookieContext) -> str | None:
        """Why the rules do not let a cookie in, in the order of the text; None when they do."""
        is_secure = is_potentially_trustworthy_url(context.url)
        reasons = (
            (context.is_third_party and cookie.partition is None and self.rules.third_party != "allow",
             "the browser blocks cookies of third parties"),
            (cookie.secure and not is_secure, "it is Secure, and came over an insecure connection"),
            (cookie.http_only and not context.is_http, "it is HttpOnly, and script tries to set it"),
            (not cookie.secure and not is_secure and self._shadows_a_secure_one(cookie),
             "it came over an insecure connection, and a Secure cookie of that name is there"),
            (not self._may_be_set_from(cookie, context),
             "it is SameSite=" + (cookie.same_site or f"{self.rules.default_same_site} by default")
             + ", and the request is cross-site"),
            (cookie.same_site == "None" and not cookie.secure and self.rules.none_needs_secure,
             "it is SameSite=None without Secure"),
            (parsed.partitioned and self.rules.partitioned_attribute and not cookie.secure,
             "it is Partitioned without Secure"),
        )  # fmt: skip
        return next((reason for applies, reason in reasons if applies), None) or _prefix_refusal(cookie, parsed)

    def _may_be_set_from(self, cookie: Cookie, context: CookieContext) -> bool:
        same_site = cookie.same_site or self.rules.default_same_site
        return same_site == "None" or context.is_same_site or context.is_top_level_navigation

    def _shadows_a_secure_one(self, cookie: Cookie) -> bool:
        """Whether "leave Secure cookies alone" applies: the same name, overlapping domains, and a path within."""
        return any(
            other.secure
            and other.name == cookie.name
            and (domain_matches(other.domain, cookie.domain) or domain_matches(cookie.domain, other.domain))
            and path_matches(cookie.path, other.path)
            for other in (self._kept[key].cookie for key in self._by_domain.get(_group(cookie), ()))
        )

    def _keep(self, cookie: Cookie, context: CookieContext, now: float) -> str | None:
        """Put a cookie in the place of the one that it replaces, which gives it its time of creation."""
        key = cookie.partition, cookie.domain, cookie.host_only, cookie.path, cookie.name
        old = self._kept.get(key)
        if old is not None:
            if old.cookie.http_only and not context.is_http:
                return "it would replace a cookie that is HttpOnly, and script tries to set it"
            cookie = replace(cookie, created=old.cookie.created)
        if cookie.is_expired(now):
            self._remove(key)
            return None
        self._uses += 1
        self._kept[key] = _Kept(cookie, self._uses)
        self._by_domain.setdefault(_group(cookie), set()).add(key)
        self._evict(_group(cookie))
        return None

    # Leaving.

    def _drop_expired(self) -> None:
        now = self._clock()
        for key in [key for key, kept in self._kept.items() if kept.cookie.is_expired(now)]:
            self._remove(key)

    def _remove(self, key: _Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is None:
            return
        group = self._by_domain[_group(kept.cookie)]
        group.discard(key)
        if not group:
            del self._by_domain[_group(kept.cookie)]

    def _evict(self, group: str) -> None:
        """Make room: the expired ones, then of a crowded domain those without Secure, then its others, then all."""
        keys = self._by_domain[group]
        if len(keys) <= MOST_PER_DOMAIN and len(self._kept) <= MOST_COOKIES:
            return
        self._drop_expired()
        keys = self._by_domain.get(group, set())
        while len(keys) > MOST_PER_DOMAIN:
            self._remove(min(keys, key=lambda key: (self._kept[key].cookie.secure, self._kept[key].used)))
        while len(self._kept) > MOST_COOKIES:
            self._remove(min(self._kept, key=lambda key: self._kept[key].used))

    # For those who stand outside.

    def all(self) -> list[Cookie]:
        """Every cookie that has not expired, the oldest first."""
        self._drop_expired()
        return [kept.cookie for kept in self._kept.values()]

    def remove(self, cookie: Cookie) -> None:
        """Forget one cookie."""
        self._remove((cookie.partition, cookie.domain, cookie.host_only, cookie.path, cookie.name))

    def __len__(self) -> int:
        return len(self._kept)


def _group(cookie: Cookie) -> str:
    """What the limit for each domain counts by, and the index."""
    return registrable_domain(cookie.domain) or cookie.domain


def _scope(parsed: SetCookie, host: str) -> tuple[str, bool] | str:
    """The domain of a cookie and whether it is for that host alone; text says why there is none.

    https://www.rfc-editor.org/rfc/rfc6265.html#section-5.3, steps 4 to 6
    """
    if not parsed.domain.isascii():
        return "its Domain is not ASCII"
    domain = parsed.domain.decode("ascii")
    if not domain:
        return host, True
    # A public suffix would hand the cookie to everybody below it; its own host may have it for itself.
    if public_suffix(domain) == domain:
        return (host, True) if domain == host else f"its Domain, {domain[:100]}, is a public suffix"
    if not domain_matches(host, domain):
        return f"its Domain, {domain[:100]}, is not the host's, {host}"
    return domain, False


def _prefix_refusal(cookie: Cookie, parsed: SetCookie) -> str | None:
    """RFC 6265bis, "Cookie Name Prefixes", section 4.1.3, in any case."""
    name = cookie.name.lower()
    if not name and cookie.value.lower().startswith(("__secure-", "__host-")):
        return "it has no name, and its value looks like a prefixed one"
    if name.startswith("__secure-") and not cookie.secure:
        return "__Secure- needs Secure"
    if name.startswith("__host-") and not (
        cookie.secure and cookie.host_only and parsed.path is not None and cookie.path == "/"
    ):
        return "__Host- needs Secure, Path=/ and no Domain"
    return None
