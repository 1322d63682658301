"""Cookies of a target, as a browser takes them from the proxy.

`Domain` names a host that the browser did not ask, and so the cookie would be refused (chimurai#137, #169). `Secure`
cookies are refused from plain http: Chromium and Firefox make an exception for http://localhost, WebKit makes none,
and nobody makes one for a name in the local network. So on plain http `Secure` goes (http-party/node-http-proxy#1165,
chimurai#237, #477), and with it what needs it: `SameSite=None`, which becomes Lax, and `Partitioned`.

The names `__Host-` and `__Secure-` are a promise that `Secure` is there, and such a cookie without it is refused
everywhere; it is left as it is, for the engines that take it from http://localhost. Elsewhere on plain http it cannot
be kept: that needs https.

A path `/` stays what it is. It covers the route already, and script in the pages reads cookies of just that path: below
/api nobody would find the XSRF-TOKEN of Angular and axios.
"""

from __future__ import annotations

from typing import Final

from crossorigin.proxy.route import Prefixes

__all__ = ["rewrite_set_cookie"]

_PREFIXED: Final = (b"__host-", b"__secure-")


def rewrite_set_cookie(value: bytes, prefixes: Prefixes, *, is_secure: bool) -> bytes:
    """The value of `Set-Cookie` for the browser, byte for byte what it was but for the attributes that cannot stay.

    `is_secure` is whether the browser calls us by https.
    https://www.rfc-editor.org/rfc/rfc6265.html#section-5.2
    """
    pair, semicolon, rest = value.partition(b";")
    if not semicolon:
        return value
    keeps_secure = is_secure or pair.lstrip(b" \t").lower().startswith(_PREFIXED)
    kept = [pair]
    for attribute in rest.split(b";"):
        name, equals, content = attribute.partition(b"=")
        rewritten: bytes | None = attribute
        match name.strip(b" \t").lower():
            case b"domain":
                rewritten = None
            case b"path" if equals:
                rewritten = name + equals + _path(content, prefixes)
            case b"secure" | b"partitioned" if not keeps_secure:
                rewritten = None
            case b"samesite" if not keeps_secure and content.strip(b" \t").lower() == b"none":
                rewritten = name + equals + b"Lax"
        if rewritten is not None:
            kept.append(rewritten)
    return b";".join(kept)


def _path(content: bytes, prefixes: Prefixes) -> bytes:
    path = content.strip(b" \t")
    if path[:1] != b"/" or path == b"/":
        return content
    restored = prefixes.restore(path)
    return content if restored is None or restored == path else restored
