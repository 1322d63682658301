"""`browser.cookies`: the jar as a test handles it, from outside of any page."""

from __future__ import annotations

import builtins

from crossorigin.browser.cookie import Cookie, SameSite
from crossorigin.browser.cookie_context import CookieContext
from crossorigin.browser.cookie_jar import CookieJar, RefusedCookie
from crossorigin.web.sites import obtain_site
from crossorigin.web.url import URL, parse_url

__all__ = ["Cookies", "RefusedCookieError"]


class RefusedCookieError(ValueError):
    """A cookie that a test wanted to set is one that no server could set either; the message says why."""


class Cookies:
    """The cookies of one browser.

    What is set here is set as if the server at that URL had sent it to a page of its own, so every rule holds.
    """

    def __init__(self, jar: CookieJar) -> None:
        self._jar = jar

    def set(
        self,
        url: str,
        name: str,
        value: str,
        *,
        domain: str | None = None,
        path: str | None = "/",
        secure: bool | None = None,
        http_only: bool = False,
        same_site: SameSite = "",
        max_age: int | None = None,
        partitioned: bool = False,
        under: str | None = None,
    ) -> None:
        """Set one cookie; `secure` is by default whether `url` is https.

        `under` is a page of the site under which the cookie is set, `url` itself by default: a partitioned cookie is
        sent to pages of that site only. Raises RefusedCookieError, with the rule that is in the way.
        """
        target = _parsed(url)
        secure = target.scheme == "https" if secure is None else secure
        attributes = (
            (domain is not None, f"Domain={domain}"),
            (path is not None, f"Path={path}"),
            (max_age is not None, f"Max-Age={max_age}"),
            (secure, "Secure"),
            (http_only, "HttpOnly"),
            (bool(same_site), f"SameSite={same_site}"),
            (partitioned, "Partitioned"),
        )
        texts = [f"{name}={value}", *(text for stands, text in attributes if stands)]
        # A semicolon would begin an attribute, and the cookie that is then set would be another one.
        if any(";" in text for text in texts) or "=" in name:
            raise RefusedCookieError(f"the cookie {name!r} of {url} holds a ';', or its name a '=': encode them")
        self.set_line(url, "; ".join(texts), under=under)

    def set_line(self, url: str, line: str, *, under: str | None = None) -> None:
        """Set a cookie by the value of a Set-Cookie header; raises RefusedCookieError, with the rule that is broken."""
        reason = self._jar.receive(line.encode(), _context(_parsed(url), _parsed(under) if under else None))
        if reason is not None:
            raise RefusedCookieError(f"the browser would ignore the cookie {line!r} of {url}: {reason}")

    def get(self, url: str, name: str) -> str | None:
        """The value of the cookie of that name which a page of the URL's own origin would send there, None if none."""
        context = _context(_parsed(url), None)
        return next((_text(each.value) for each in self._jar.matching(context) if _text(each.name) == name), None)

    def list(self, url: str | None = None) -> builtins.list[Cookie]:
        """Every cookie, or those that belong to the URL by Domain and Path, the oldest first."""
        if url is None:
            return self._jar.all()
        target = _parsed(url)
        return [each for each in self._jar.all() if each.belongs_to(target.host or "", target.path)]

    def clear(self, url: str | None = None) -> None:
        """Forget every cookie, or those that belong to the URL by Domain and Path."""
        for cookie in self.list(url):
            self._jar.remove(cookie)

    @property
    def refused(self) -> builtins.list[RefusedCookie]:
        """The latest Set-Cookie fields that the browser ignored, each with the reason."""
        return builtins.list(self._jar.refused)

    def __len__(self) -> int:
        return len(self._jar.all())

    def __repr__(self) -> str:
        return f"<Cookies: {', '.join(f'{each.name} of {each.domain}' for each in self._jar.all()) or 'none'}>"


def _parsed(url: str) -> URL:
    parsed = parse_url(url)
    if parsed is None or not parsed.is_http_family:
        raise ValueError(f"{url!r} is not a URL that has cookies: give one such as 'https://api.example.com/'")
    return parsed


def _context(url: URL, under: URL | None) -> CookieContext:
    return CookieContext(
        url=url,
        is_same_site=True,
        is_top_level_navigation=False,
        is_safe=True,
        is_third_party=False,
        top_level_site=obtain_site((under or url).origin).serialize(),
    )


def _text(value: str) -> str:
    """The text of a cookie's bytes, which is UTF-8 when it came from `set`."""
    return value.encode("latin-1").decode("utf-8", "replace")
