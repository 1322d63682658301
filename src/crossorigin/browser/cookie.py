"""The rules of one cookie: how a Set-Cookie field is read, and which URLs a cookie belongs to.

Text followed: RFC 6265bis (draft-ietf-httpbis-rfc6265bis-22, sections 5.1, 5.4 to 5.6), and CHIPS for `Partitioned`.
The links go to RFC 6265, whose section numbers have anchors. No library of Python does this: `http.cookies` and
`http.cookiejar` follow the older texts, and know neither SameSite nor prefixes nor the Public Suffix List.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from crossorigin.browser.cookie_date import parse_cookie_date
from crossorigin.web.url import URL

__all__ = [
    "Cookie",
    "SameSite",
    "SetCookie",
    "default_path",
    "domain_matches",
    "parse_set_cookie",
    "path_matches",
]

SameSite = Literal["Strict", "Lax", "None", ""]
"""What `SameSite` says; "" where it is absent or says something else, which each engine reads in its own way."""

LONGEST_PAIR: Final = 4096
"""Bytes of name and value together; RFC 6265bis, section 5.6."""
LONGEST_ATTRIBUTE: Final = 1024
"""Bytes of one attribute's value; RFC 6265bis, section 5.6."""
LONGEST_LIFE: Final = 400 * 86400
"""Seconds for which a cookie is kept at most; RFC 6265bis, section 5.5."""

_WSP: Final = b" \t"
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_DELTA_SECONDS: Final = re.compile(rb"-?[0-9]+")
_SAME_SITE: Final[dict[bytes, SameSite]] = {b"strict": "Strict", b"lax": "Lax", b"none": "None"}


@dataclass(frozen=True, slots=True)
class SetCookie:
    """What one Set-Cookie field says, before anybody asks whether it may.

    `expires` is in seconds since 1970 and None for a cookie that ends with the session. `path` is None where
    there is no such attribute, and "" where it does not begin with a slash: either way the default path holds.
    """

    name: bytes
    value: bytes
    domain: bytes = b""
    path: str | None = None
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = ""
    expires: float | None = None
    partitioned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie that is kept. Times are in seconds since 1970 on the browser's clock.

    `partition` is the top-level site under which it was set, serialized, None where it is shared by all. Text is the
    bytes of the field, each as one character.
    """

    name: str
    value: str
    domain: str
    host_only: bool
    path: str
    secure: bool
    http_only: bool
    same_site: SameSite
    expires: float | None
    created: float
    partition: str | None = None

    def is_expired(self, now: float) -> bool:
        """Whether its time has passed."""
        return self.expires is not None and self.expires <= now

    def belongs_to(self, host: str, path: str) -> bool:
        """Whether a URL of that host and path has it, by Domain and Path alone."""
        # https://www.rfc-editor.org/rfc/rfc6265.html#section-5.4, step 1, its first two items.
        return (host == self.domain if self.host_only else domain_matches(host, self.domain)) and path_matches(
            path, self.path
        )


def parse_set_cookie(field: bytes, now: float) -> SetCookie | str:
    """RFC 6265bis, "The Set-Cookie Header Field": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.2

    `now` is what Max-Age counts from. Text is the reason for which the whole field is ignored.
    """
    # 1. Control characters, the tab excepted, spoil all.
    if _CONTROL.search(field):
        return "it holds a control character"
    # 2-3. The pair; without an equals sign all of it is the value.
    pair, _, attributes = field.partition(b";")
    name, equals, value = pair.partition(b"=")
    if not equals:
        name, value = b"", name
    # 4. White space around.
    name, value = name.strip(_WSP), value.strip(_WSP)
    # 5. Too long.
    if len(name) + len(value) > LONGEST_PAIR:
        return f"name and value are longer than {LONGEST_PAIR} bytes together"
    if not name and not value:
        return "it has neither a name nor a value"
    found = _attributes(attributes)
    return SetCookie(
        name,
        value,
        domain=_domain(found.get(b"domain", b"")),
        path=_path(found.get(b"path")),
        secure=b"secure" in found,
        http_only=b"httponly" in found,
        same_site=_SAME_SITE.get(found.get(b"samesite", b"").lower(), ""),
        expires=_expiry(found, now),
        partitioned=b"partitioned" in found,
    )


def _attributes(text: bytes) -> dict[bytes, bytes]:
    """The unparsed attributes, by name in lower case; of several of a name the last that counts.

    https://www.rfc-editor.org/rfc/rfc6265.html#section-5.2
    """
    found: dict[bytes, bytes] = {}
    for attribute in text.split(b";"):
        name, _, value = attribute.partition(b"=")
        name, value = name.strip(_WSP).lower(), value.strip(_WSP)
        if len(value) > LONGEST_ATTRIBUTE or not _counts(name, value):
            continue
        found[name] = value
    return found


def _counts(name: bytes, value: bytes) -> bool:
    """Whether an attribute is kept: a date or number that is none is as if it were not there."""
    if name == b"expires":
        return parse_cookie_date(value) is not None
    if name == b"max-age":
        return _DELTA_SECONDS.fullmatch(value) is not None
    return True


def _domain(value: bytes) -> bytes:
    # A leading dot means nothing; case neither.
    return value.removeprefix(b".").lower()


def _path(value: bytes | None) -> str | None:
    if value is None:
        return None
    return value.decode("latin-1") if value.startswith(b"/") else ""


def _expiry(found: dict[bytes, bytes], now: float) -> float | None:
    """Max-Age before Expires, and neither for longer than 400 days.

    https://www.rfc-editor.org/rfc/rfc6265.html#section-5.2.2
    """
    max_age = found.get(b"max-age")
    if max_age is not None:
        # No more digits than tell: the number may have a thousand of them.
        seconds = -1 if max_age.startswith(b"-") else int(max_age.lstrip(b"0")[:12] or b"0")
        return now + min(seconds, LONGEST_LIFE) if seconds > 0 else -float("inf")
    date = parse_cookie_date(found[b"expires"]) if b"expires" in found else None
    return None if date is None else min(date, now + LONGEST_LIFE)


def domain_matches(host: str, domain: str) -> bool:
    """RFC 6265bis, "Domain Matching": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.1.3

    Both in lower case. An address matches only itself.
    """
    if host == domain:
        return True
    return host.endswith(f".{domain}") and not host.startswith("[") and not host.rpartition(".")[2].isdigit()


def default_path(url: URL) -> str:
    """RFC 6265bis, "default-path": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.1.4"""
    # 2-3. Without a second slash it is the root, 4. otherwise all up to the last one, which is left out.
    return url.path.rpartition("/")[0] or "/" if url.path.startswith("/") else "/"


def path_matches(path: str, cookie_path: str) -> bool:
    """RFC 6265bis, "path-match": https://www.rfc-editor.org/rfc/rfc6265.html#section-5.1.4"""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")
