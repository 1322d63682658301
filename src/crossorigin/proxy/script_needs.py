"""What a request that came through the proxy would have needed leave for, had the page asked the API itself.

Through the proxy page and API are of one origin, and nothing needs leave. From the request as it arrived it can be told
what would: by its method, and by the headers that script has set. The others are the browser's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from crossorigin.proxy.heads import RequestHead
from crossorigin.web.forbidden import is_forbidden_request_header
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import cors_unsafe_request_header_names

__all__ = ["cookie_names", "is_script_call", "managed_scheme", "unsafe_names"]

_LONGEST_VALUE: Final = 256
"""Bytes of a value that is remembered with its verdict; the rules ask for 128 at most."""
_MOST_COOKIES: Final = 64

_OF_THE_BROWSER: Final = frozenset(
    {
        # Those of a revalidation are most often the cache's, and so are these that a reload adds; the two others of it
        # are told by their values.
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"last-event-id",
        b"priority",
        b"purpose",
        b"service-worker",
        b"service-worker-navigation-preload",
        b"upgrade-insecure-requests",
        b"user-agent",
        b"x-client-data",
        b"x-moz",
        b"x-purpose",
        # Client hints without `Sec-`: https://wicg.github.io/responsive-image-client-hints/
        b"device-memory",
        b"downlink",
        b"dpr",
        b"ect",
        b"rtt",
        b"save-data",
        b"viewport-width",
        b"width",
        # Of another proxy in front.
        b"forwarded",
        b"x-real-ip",
    }
)
_PREFIXES_OF_OTHERS: Final = (b"x-forwarded-",)
_MANAGED: Final = frozenset({b"basic", b"digest", b"negotiate", b"ntlm"})
"""Schemes that browsers speak by themselves: https://www.iana.org/assignments/http-authschemes"""
_ONLY_MANAGED: Final = _MANAGED - {b"basic"}
"""Script writes Basic by hand, and nothing else of these: the others answer a challenge."""


def is_script_call(head: RequestHead) -> bool:
    """Whether a page's script has made this request, with fetch(), XMLHttpRequest or EventSource.

    Browsers say so: https://w3c.github.io/webappsec-fetch-metadata/. Where one says nothing (before Safari 16.4, or
    under a name that is not localhost on plain http) it takes a sign that no link, image or curl has.
    """
    fields = head.fields
    if head.method == b"OPTIONS" and b"access-control-request-method" in fields:
        return False
    mode = fields.get(b"sec-fetch-mode")
    if mode is not None:
        return mode in {b"cors", b"same-origin"} and fields.get(b"sec-fetch-dest", b"empty") == b"empty"
    if not fields.get(b"user-agent", b"").startswith(b"Mozilla/"):
        return False
    if b"x-requested-with" in fields or head.method not in {b"GET", b"HEAD", b"POST"}:
        return True
    accept = fields.get(b"accept", b"")
    if accept.startswith((b"application/json", b"text/event-stream")):
        return True
    return head.method == b"POST" and fields.get(b"content-type", b"").startswith(b"application/json")


def unsafe_names(head: RequestHead) -> list[str]:
    """The CORS-unsafe request-header names that script has set, in lower case and sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    found: list[tuple[bytes, bytes]] = []
    fields = head.fields
    for name, value in fields.items():
        if name in _OF_THE_BROWSER or _is_never_script(name, value[:_LONGEST_VALUE]):
            continue
        if name in {b"cache-control", b"pragma"} and _is_reload(fields):
            continue
        if name == b"authorization" and managed_scheme(head) in _ONLY_MANAGED:
            continue
        found.append((name, value))
    # Nearly every request has only `Accept` and `Accept-Language` left, with the same values each time.
    return _unsafe(tuple(found)) if sum(len(value) for _, value in found) <= _LONGEST_VALUE else _judge(found)


@lru_cache(maxsize=512)
def _unsafe(found: tuple[tuple[bytes, bytes], ...]) -> list[str]:
    return _judge(list(found))


def _judge(found: list[tuple[bytes, bytes]]) -> list[str]:
    return [name.decode("latin-1") for name in cors_unsafe_request_header_names(HeaderList(found))]


def _is_reload(fields: dict[bytes, bytes]) -> bool:
    """Whether Cache-Control and Pragma are those of a reload, of `cache: "no-store"`, or of EventSource.

    https://fetch.spec.whatwg.org/#http-network-or-cache-fetch, where a browser adds both, or `max-age=0` alone. Script
    that sets `Cache-Control: no-cache` sets no Pragma; Chromium's EventSource does neither.
    """
    control = fields.get(b"cache-control")
    if control == b"max-age=0":
        return True
    has_pragma = fields.get(b"pragma") == b"no-cache"
    is_stream = fields.get(b"accept") == b"text/event-stream"
    return control in {b"no-cache", None} and (has_pragma or is_stream)


@lru_cache(maxsize=1024)
def _is_never_script(name: bytes, value: bytes) -> bool:
    return name.startswith(_PREFIXES_OF_OTHERS) or is_forbidden_request_header(name, value)


def managed_scheme(head: RequestHead) -> bytes | None:
    """The scheme of `Authorization` in lower case, if it is one that browsers speak by themselves."""
    value = head.fields.get(b"authorization")
    if value is None:
        return None
    scheme = value[:16].partition(b" ")[0].lower()
    return scheme if scheme in _MANAGED else None


def cookie_names(value: bytes) -> list[str]:
    """The names in a `Cookie` header, at most 64: https://www.rfc-editor.org/rfc/rfc6265.html#section-4.2"""
    pairs = value.split(b";", _MOST_COOKIES)[:_MOST_COOKIES]
    return [pair.partition(b"=")[0].strip(b" \t").decode("latin-1") for pair in pairs]
