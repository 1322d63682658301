"""Is an address one of the public internet? For targets that an outsider has named.

A table of our own, after the registries of IANA, and not `ipaddress.is_global`: its answers differ from one Python to
the next (gh-113171), and 3.11's calls multicast, NAT64 of 127.0.0.1 and 6to4 of 127.0.0.1 global. What wraps an IPv4
address is judged by what it wraps, because a router on the way may unwrap it (Rob--W/cors-anywhere#521).

https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

__all__ = ["is_public", "why_not_public"]

_IPV4: Final = tuple(
    (IPv4Network(block), what)
    for block, what in (
        # The first is in address space of everybody's, and answers in every machine of Azure.
        ("168.63.129.16/32", "the metadata service of Azure"),
        ("169.254.169.254/32", "the metadata service of a cloud"),
        ("169.254.170.2/32", "the metadata service of a cloud"),
        ("100.100.100.200/32", "the metadata service of Alibaba Cloud"),
        ("192.0.0.192/32", "the metadata service of Oracle Cloud"),
        ("0.0.0.0/8", 'of "this network"'),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared address space of a provider"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        # Two anycast addresses in it can be reached from everywhere; neither serves HTTP to anybody.
        ("192.0.0.0/24", "for IETF protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a retired 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "the broadcast address"),
        ("240.0.0.0/4", "reserved"),
    )
)
"""What is not public, the narrower block before the wider one."""
_IPV6: Final = tuple(
    (IPv6Network(block), what)
    for block, what in (
        ("fd00:ec2::254/128", "the metadata service of AWS"),
        ("fd20:ce::254/128", "the metadata service of Google Cloud"),
        ("fd00:42::42/128", "the metadata service of Scaleway"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "for translation to IPv4 within a network"),
        ("100::/64", "for discarding"),
        ("2001::/23", "for IETF protocols"),
        ("2001:db8::/32", "for documentation"),
        ("3fff::/20", "for documentation"),
        ("5f00::/16", "for segment routing"),
        ("fc00::/7", "private (unique local)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA hands out: https://www.iana.org/assignments/ipv6-unicast-address-assignments. Whatever is outside, and
not one of the wrappings below, is not public."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_COMPATIBLE: Final = IPv6Network("::/96")
_TRANSLATED: Final = IPv6Network("::ffff:0:0:0/96")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
"""The upper half of an interface identifier: https://www.rfc-editor.org/rfc/rfc5214.html#section-6.1"""
_LOW_32: Final = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Whether an IP address, IPv6 without brackets, is one of the public internet; False for what is no address."""
    return why_not_public(address) is None


def why_not_public(address: str) -> str | None:
    """What an IP address is instead of public, as the end of "this address is …"; None for a public one."""
    if "%" in address:
        return "of one link only, by its scope id"
    try:
        parsed = ip_address(address)
    except ValueError:
        return "not an IP address"
    return _judge_4(parsed) if isinstance(parsed, IPv4Address) else _judge_6(parsed)


def _judge_4(address: IPv4Address) -> str | None:
    return next((what for block, what in _IPV4 if address in block), None)


def _judge_6(address: IPv6Address) -> str | None:
    for wrapping, inner in _wrapped(address):
        if (what := _judge_4(inner)) is not None:
            return f"{wrapping} {inner}, which is {what}"
    if address.ipv4_mapped is not None or address in _NAT64 or address in _TEREDO:
        return None
    for block, what in _IPV6:
        if address in block:
            return what
    return None if address in _GLOBAL_UNICAST else "not of the global unicast addresses"


def _wrapped(address: IPv6Address) -> Iterator[tuple[str, IPv4Address]]:
    """The IPv4 addresses within, each with the words for how."""
    number = int(address)
    low = IPv4Address(number & _LOW_32)
    if address.ipv4_mapped is not None:
        yield "the IPv4-mapped", low
    elif address in _NAT64:
        yield "the NAT64 form of", low
    elif address in _TRANSLATED:
        yield "the IPv4-translated", low
    elif address in _COMPATIBLE and number > 1:
        yield "the IPv4-compatible", low
    elif address in _SIX_TO_FOUR:
        yield "the 6to4 form of", IPv4Address(number >> 80 & _LOW_32)
    elif address in _TEREDO:
        # https://www.rfc-editor.org/rfc/rfc4380.html#section-4: the client's address stands there with its bits turned.
        yield "behind the Teredo server", IPv4Address(number >> 64 & _LOW_32)
        yield "the Teredo form of", IPv4Address(~number & _LOW_32)
    if number >> 32 & _LOW_32 in _ISATAP:
        yield "the ISATAP form of", low
