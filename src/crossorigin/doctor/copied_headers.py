"""Whose is a header of a copied call: script's, which decides about the preflight, or the browser's own?

A copied call is what went over the wire, or nearly so. Most of it the browser wrote, and some of that script could have
written as well; taken for script's it would ask for a preflight that never was. What each browser writes by itself was
seen in Chromium 156, Firefox 153 and WebKitGTK 2.50, with `fetch()`, XHR, images and EventSource, and cached or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crossorigin.web.forbidden import is_forbidden_request_header
from crossorigin.web.headers import get_decode_and_split
from crossorigin.web.safelists import is_cors_safelisted_request_header

__all__ = ["CopiedHeaders", "Fields", "sort_headers"]

Fields = Sequence[tuple[str, str]]

# Names that hardly anybody but a browser writes: with one of them the call was copied, and not written by hand. `sec-`
# comes on top.
_MARKS: Final = frozenset({"accept-language", "priority", "upgrade-insecure-requests"})
_A_BROWSER: Final = re.compile(r"Mozilla/\d")

# What script could set too, and in a copied call has hardly ever set: cache validators, priorities, client hints, and
# what older versions of Chrome made of HTTP/2's `:authority`, and of the referrer policy for Node.js.
_OWN: Final = frozenset(
    {
        "access-control-request-local-network", "access-control-request-private-network", "alt-used", "authority",
        "device-memory", "downlink", "dpr", "ect", "if-modified-since", "if-none-match", "priority", "purpose",
        "referrer-policy", "rtt", "save-data", "upgrade-insecure-requests", "viewport-width", "x-client-data",
    }
)  # fmt: skip
_ACCEPT: Final = re.compile(
    r"\*/\*|text/html,application/xhtml\+xml,.*|text/css,\*/\*;q=0\.1|(?:image|audio|video)/.*\*/\*;q=0\.\d",
    re.DOTALL,
)
"""The values of the browsers' own for script, documents, styles and media."""

_NO_CACHE: Final = "no-cache"
_REVALIDATE: Final = "max-age=0"


@dataclass(frozen=True, slots=True)
class CopiedHeaders:
    """The header fields of a copied call, told apart.

    `script` are those that script set; `own` the names, in lower case, that script could have set and the browser did.
    `mode` is Sec-Fetch-Mode. `preflight_for` is the method that a preflight asks for, `preflight_names` its headers.
    """

    script: Fields = ()
    own: tuple[str, ...] = ()
    is_copied: bool = False
    origin: str | None = None
    referer: str | None = None
    cookie: str | None = None
    mode: str | None = None
    preflight_for: str | None = None
    preflight_names: tuple[str, ...] = ()

    def sets(self, name: str) -> bool:
        """Whether script set a header of this name, which is in lower case."""
        return any(each.lower() == name for each, _ in self.script)


def sort_headers(fields: Fields) -> CopiedHeaders:
    """Tell apart what script set and what the browser wrote. Names and values are as they were copied."""
    first: dict[str, str] = {}
    for name, value in fields:
        first.setdefault(name.lower(), value)
    is_copied = any(name in _MARKS or name.startswith("sec-") for name in first) or bool(
        _A_BROWSER.match(first.get("user-agent", ""))
    )
    script, own = list[tuple[str, str]](), set[str]()
    for name, value in fields:
        if _is_own(name.lower(), value, first, is_copied=is_copied):
            own.add(name.lower())
        elif not is_forbidden_request_header(_bytes(name), _bytes(value)):
            script.append((name, value))
    return CopiedHeaders(
        script=tuple(script),
        own=tuple(sorted(own)),
        is_copied=is_copied,
        origin=first.get("origin"),
        referer=first.get("referer"),
        cookie="; ".join(_values(fields, "cookie")) or None,
        mode=first.get("sec-fetch-mode"),
        preflight_for=first.get("access-control-request-method"),
        preflight_names=tuple(
            filter(None, get_decode_and_split(_bytes(",".join(_values(fields, "access-control-request-headers")))))
        ),
    )


def _is_own(name: str, value: str, first: dict[str, str], *, is_copied: bool) -> bool:
    """Whether the browser wrote a header that script could have set: `first` is all that there is, for comparison."""
    if name == "user-agent":
        return True
    if name == "accept":
        return _ACCEPT.fullmatch(value) is not None
    if not is_copied:
        return False
    if name == "accept-language":
        # The browser's own is always safelisted, so one that is not is script's.
        return is_cors_safelisted_request_header(name.encode(), _bytes(value))
    if name in {"cache-control", "pragma"}:
        # With its cache switched off, as people do in DevTools, a browser writes both; to revalidate, the former.
        return (first.get("cache-control"), first.get("pragma")) in {(_NO_CACHE, _NO_CACHE), (_REVALIDATE, None)}
    return name in _OWN


def _values(fields: Fields, name: str) -> Iterable[str]:
    return (value for each, value in fields if each.lower() == name)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
