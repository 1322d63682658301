"""Methods: which are safelisted, which are forbidden, which are upper-cased."""

from __future__ import annotations

from typing import Final

from crossorigin.web.infra import is_token

__all__ = ["is_cors_safelisted_method", "is_forbidden_method", "is_method", "normalize_method"]

_SAFELISTED: Final = frozenset({b"GET", b"HEAD", b"POST"})
_FORBIDDEN: Final = frozenset({b"CONNECT", b"TRACE", b"TRACK"})
_NORMALIZED: Final = frozenset({b"DELETE", b"GET", b"HEAD", b"OPTIONS", b"POST", b"PUT"})


def is_method(method: bytes) -> bool:
    """Fetch, "method", a token: https://fetch.spec.whatwg.org/#concept-method"""
    return is_token(method)


def is_cors_safelisted_method(method: bytes) -> bool:
    """Fetch, "CORS-safelisted method", by exact case: https://fetch.spec.whatwg.org/#simple-method"""
    return method in _SAFELISTED


def is_forbidden_method(method: bytes) -> bool:
    """Fetch, "forbidden method", in any case: https://fetch.spec.whatwg.org/#forbidden-method"""
    return method.upper() in _FORBIDDEN


def normalize_method(method: bytes) -> bytes:
    """Fetch, "normalize" a method: https://fetch.spec.whatwg.org/#concept-method-normalize

    Six methods are upper-cased. `patch` is not one of them: it stays `patch`, which most servers refuse.
    """
    upper = method.upper()
    return upper if upper in _NORMALIZED else method
