"""Sites: origins that belong together, by the Public Suffix List. The only module that reads the list.

A site is not an origin. `https://a.example.com` and `https://b.example.com` are same-site, which matters to cookies,
and cross-origin, which is what matters to CORS.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from crossorigin.web.origins import OpaqueOrigin, Origin, TupleOrigin

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = ["Site", "obtain_site", "public_suffix", "registrable_domain", "same_site", "schemelessly_same_site"]

Site: TypeAlias = Origin
"""HTML, "site": https://html.spec.whatwg.org/multipage/browsers.html#site

An opaque origin, or a scheme and a host: here a tuple origin without a port, which serializes as a site does.
"""

_CACHED_HOSTS = 4096
_LONGEST_DOMAIN = 254  # RFC 1035, section 2.3.4: 253 characters, and a trailing dot.


def public_suffix(host: str) -> str | None:
    """URL, "public suffix" of a host: https://url.spec.whatwg.org/#host-public-suffix"""
    # 1. Only a domain has one. The list's own code would take the last octet of an IPv4 address for a suffix.
    if not _is_domain(host):
        return None
    # 2-5. By the list, with the default rule `*` for what is not in it; a trailing dot is kept.
    suffix, _ = _split(host)
    return suffix if suffix is None else suffix + _trailing_dot(host)


def registrable_domain(host: str) -> str | None:
    """URL, "registrable domain" of a host: https://url.spec.whatwg.org/#host-registrable-domain"""
    # 1. None where there is no public suffix, or nothing before it.
    if not _is_domain(host):
        return None
    # 2-5. By the list: the public suffix and the label before it; a trailing dot is kept.
    _, domain = _split(host)
    return domain if domain is None else domain + _trailing_dot(host)


def obtain_site(origin: Origin) -> Site:
    """HTML, "obtain a site": https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site"""
    # 1. An opaque origin is its own site.
    if isinstance(origin, OpaqueOrigin):
        return origin
    # 2-3. The scheme, and the registrable domain, or the host where there is none.
    return TupleOrigin(origin.scheme, registrable_domain(origin.host) or origin.host)


def schemelessly_same_site(a: Origin, b: Origin) -> bool:
    """HTML, "schemelessly same site".

    https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
    """
    # 1. The same opaque origin.
    if isinstance(a, OpaqueOrigin) or isinstance(b, OpaqueOrigin):
        return a is b
    # 2.1-2.3. Tuple origins with the same registrable domain, or, where neither has one, with the same host.
    domain = registrable_domain(a.host)
    return domain == registrable_domain(b.host) and (domain is not None or a.host == b.host)


def same_site(a: Origin, b: Origin) -> bool:
    """HTML, "same site": https://html.spec.whatwg.org/multipage/browsers.html#same-site"""
    # 1. Schemelessly same site, and 2. with the same scheme where both are tuple origins.
    if isinstance(a, OpaqueOrigin) or isinstance(b, OpaqueOrigin):
        return a is b
    return a.scheme == b.scheme and schemelessly_same_site(a, b)


@lru_cache(maxsize=_CACHED_HOSTS)
def _split(domain: str) -> tuple[str | None, str | None]:
    """The public suffix of a domain, and its registrable domain, without a trailing dot."""
    known = _public_suffix_list()
    return known.publicsuffix(domain), known.privatesuffix(domain)


@lru_cache(maxsize=1)
def _public_suffix_list() -> PublicSuffixList:
    # Imported and read here, about 40 ms in all, so that a policy that never asks for a site never pays for it.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList()


def _is_domain(host: str) -> bool:
    # An IPv6 address stands in brackets, and a host whose last label is a number is an IPv4 address. What is longer
    # than any name that DNS has is none, so that what is remembered of hosts stays small.
    return (
        0 < len(host) <= _LONGEST_DOMAIN and host[0] != "[" and not host.removesuffix(".").rpartition(".")[2].isdigit()
    )


def _trailing_dot(host: str) -> str:
    return "." if host.endswith(".") else ""
