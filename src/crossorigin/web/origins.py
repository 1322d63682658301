"""Origins: who asks. A tuple of scheme, host and port, or an opaque origin that equals only itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from crossorigin.web.origin_grammar import is_origin_or_null, is_serialized_origin
from crossorigin.web.origin_syntax import DEFAULT_PORTS, OriginFault, OriginSyntaxError, split_origin

__all__ = [
    "DEFAULT_PORTS",
    "OpaqueOrigin",
    "Origin",
    "OriginFault",
    "OriginSyntaxError",
    "TupleOrigin",
    "is_origin_or_null",
    "is_serialized_origin",
    "parse_origin",
    "same_origin",
]

_NULL: Final = "null"


@dataclass(frozen=True, slots=True)
class TupleOrigin:
    """HTML, "tuple origin": https://html.spec.whatwg.org/multipage/browsers.html#concept-origin

    `host` is as the URL standard serializes it, IPv6 in brackets; `port` is None where it is the scheme's default.
    The fourth item, `domain`, has no part in CORS and is left out.
    """

    scheme: str
    host: str
    port: int | None = None

    def __post_init__(self) -> None:
        # Two spellings of one origin would compare as different: the URL parser nulls a default port, and so must we.
        if self.port is not None and DEFAULT_PORTS.get(self.scheme) == self.port:
            raise ValueError(f"{self.port} is the default port of {self.scheme}: give None")

    def serialize(self) -> str:
        """HTML, "serialization of an origin".

        https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
        """
        # 2-4. Scheme, `://`, host; 5. a port that is not null; 6. that is all.
        if self.port is None:
            return f"{self.scheme}://{self.host}"
        return f"{self.scheme}://{self.host}:{self.port}"

    def __str__(self) -> str:
        return self.serialize()


class OpaqueOrigin:
    """HTML, "opaque origin": https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque

    It has no value but its identity. Every one serializes as `null`, and no two of them are the same origin.
    """

    __slots__ = ()

    def serialize(self) -> str:
        """HTML, "serialization of an origin".

        https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
        """
        # 1. An opaque origin is `null`.
        return _NULL

    def __str__(self) -> str:
        return _NULL

    def __repr__(self) -> str:
        return "OpaqueOrigin()"


Origin: TypeAlias = TupleOrigin | OpaqueOrigin


def same_origin(a: Origin, b: Origin) -> bool:
    """HTML, "same origin": https://html.spec.whatwg.org/multipage/browsers.html#same-origin"""
    # 1. The same opaque origin. 2. Tuple origins with identical scheme, host and port. 3. Nothing else.
    return a == b


def parse_origin(text: str | bytes) -> Origin:
    """The origin that a serialized origin names: https://fetch.spec.whatwg.org/#origin-header

    Accepts what the grammar of the `Origin` header admits and a browser can really send, which is less: no default
    port, no port above 65535 or with leading zeros, no IPv6 address that is not compressed, no IPv4 address in
    disguise. `null` gives a new opaque origin. Anything else raises `OriginSyntaxError`, which says what and where.
    To turn something that people type, such as a page's address, into an origin, use `parse_url(...).origin`.
    """
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if text == _NULL:
        return OpaqueOrigin()
    return TupleOrigin(*split_origin(text))
