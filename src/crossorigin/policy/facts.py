"""What a decision is made from: the few facts of a request that matter to CORS, and nothing of any framework."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crossorigin.policy.index import MAX_ORIGIN

__all__ = ["RequestFacts", "is_same_origin", "same_origin"]

_DEFAULT_PORTS: Final = {b"http": b":80", b"https": b":443"}
_PAGE_SCHEMES: Final = {b"ws": b"http", b"wss": b"https"}
"""A page is never at `ws:`: a WebSocket handshake is same-origin with the http page of the same host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """The facts of one request, raw.

    `origin` is the value of `Origin`, joined with `, ` where there are several lines, and `origin_lines` how many
    there are. `request_headers` are all lines of `Access-Control-Request-Headers`, in order. `scheme` and `host` are
    those under which the browser called, the host with its port as in `Host`; None where a proxy hides them.
    """

    method: bytes
    origin: bytes | None = None
    origin_lines: int = 1
    request_method: bytes | None = None
    request_headers: tuple[bytes, ...] = ()
    scheme: bytes | None = None
    host: bytes | None = None
    sec_fetch_site: bytes | None = None

    @classmethod
    def from_headers(
        cls, method: bytes, headers: Iterable[tuple[bytes, bytes]], *, scheme: bytes | None = None
    ) -> RequestFacts:
        """The facts of a request with this header list; names in any case."""
        found: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            found.setdefault(name.lower(), []).append(value)

        def joined(name: bytes) -> bytes | None:
            return b", ".join(found[name]) if name in found else None

        return cls(
            method=method,
            origin=joined(b"origin"),
            origin_lines=len(found.get(b"origin", ())) or 1,
            request_method=joined(b"access-control-request-method"),
            request_headers=tuple(found.get(b"access-control-request-headers", ())),
            scheme=scheme,
            host=joined(b"host"),
            sec_fetch_site=joined(b"sec-fetch-site"),
        )

    @property
    def is_preflight(self) -> bool:
        """OPTIONS with `Origin` and `Access-Control-Request-Method`, all three: any other OPTIONS is the application's.

        https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
        """
        return self.method == b"OPTIONS" and self.origin is not None and self.request_method is not None


def is_same_origin(facts: RequestFacts) -> bool:
    """`same_origin` of the facts of a request; False where there is no `Origin`."""
    if facts.origin is None:
        return False
    return same_origin(facts.origin, scheme=facts.scheme, host=facts.host, sec_fetch_site=facts.sec_fetch_site)


def same_origin(
    origin: bytes, *, scheme: bytes | None, host: bytes | None, sec_fetch_site: bytes | None = None
) -> bool:
    """Whether a request that carries `Origin` comes from the server's own pages: browsers send it with every POST.

    `Sec-Fetch-Site` is the browser's own word and decides where it is there: it knows what a proxy has hidden, and that
    a page without a referrer sends `Origin: null` to its own server. Otherwise `Origin` is compared with scheme and
    host; with an unknown scheme, http and https are both taken for it.
    """
    if sec_fetch_site is not None:
        return sec_fetch_site == b"same-origin"
    if host is None or len(origin) > MAX_ORIGIN or len(host) > MAX_ORIGIN:
        return False
    host = host.lower()
    if scheme is None:
        schemes: tuple[bytes, ...] = (b"http", b"https")
    else:
        schemes = (_PAGE_SCHEMES.get(scheme.lower(), scheme.lower()),)
    return any(origin == b"%b://%b" % (each, host.removesuffix(_DEFAULT_PORTS.get(each, b"\0"))) for each in schemes)
