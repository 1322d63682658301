"""Potentially trustworthy: what a browser counts as a secure place."""

from __future__ import annotations

from typing import Final

from crossorigin.web.origins import OpaqueOrigin, Origin
from crossorigin.web.url import URL

__all__ = ["is_potentially_trustworthy_origin", "is_potentially_trustworthy_url"]

_SECURE_SCHEMES: Final = frozenset({"https", "wss"})
_TRUSTED_ABOUT: Final = frozenset({"blank", "srcdoc"})


def is_potentially_trustworthy_origin(origin: Origin) -> bool:
    """Secure Contexts, "is origin potentially trustworthy?".

    https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
    """
    # 1. An opaque origin is not.
    if isinstance(origin, OpaqueOrigin):
        return False
    # 3. https and wss are.
    if origin.scheme in _SECURE_SCHEMES:
        return True
    # 4-5. Loopback addresses and names are.
    return _is_loopback(origin.host)
    # 6-8. "file" has an opaque origin here. Schemes that a user agent authenticates, and origins that a user has set
    # as trustworthy, do not exist here.


def is_potentially_trustworthy_url(url: URL) -> bool:
    """Secure Contexts, "is URL potentially trustworthy?".

    https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
    """
    # 1. about:blank and about:srcdoc, whatever their query or fragment, as HTML's "matches about:blank" has it.
    if url.scheme == "about":
        return url.path in _TRUSTED_ABOUT
    # 2. data: URLs. And file: URLs, which the origin's step 6 trusts and which have no tuple origin here.
    if url.scheme in {"data", "file"}:
        return True
    # 3. Otherwise the origin decides; a blob: URL has that of the URL within it.
    return is_potentially_trustworthy_origin(url.origin)


def _is_loopback(host: str) -> bool:
    """127.0.0.0/8, ::1, and localhost and everything below it: https://www.rfc-editor.org/rfc/rfc6761.html#section-6.3"""
    if host == "[::1]":
        return True
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    # A host whose last label is a number is an IPv4 address; `127.example` and `127.example1` are names.
    return host.startswith("127.") and host.rpartition(".")[2].isdigit()
