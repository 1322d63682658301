"""Local Network Access: whether a browser would ask its user before it lets a page reach an address.

https://wicg.github.io/local-network-access/ divides addresses into public, local and loopback; a page that came from a
public address needs the user's permission to reach the other two, and no header of a server can grant it.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Final, Literal

from crossorigin.web.origins import Origin, TupleOrigin

__all__ = ["AddressSpace", "address_space", "literal_address", "local_network_warning"]

AddressSpace = Literal["public", "local", "loopback"]

_LOOPBACK: Final = tuple(map(ip_network, ("127.0.0.0/8", "::1/128")))
_LOCAL: Final = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
"""https://wicg.github.io/local-network-access/#non-public-ip-address-blocks"""


def address_space(address: str) -> AddressSpace:
    """The space of an IP address, IPv6 without brackets; an IPv4-mapped one counts as the IPv4 address it wraps."""
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if any(ip in network for network in _LOOPBACK):
        return "loopback"
    return "local" if any(ip in network for network in _LOCAL) else "public"


def literal_address(host: str) -> str | None:
    """The address that a host of a URL stands for without any resolver: a literal, or a name of this machine."""
    name = host.removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ip_address(name.strip("[]")))
    except ValueError:
        return None


def local_network_warning(page: Origin, target: str, addresses: Iterable[str]) -> str | None:
    """One sentence when a page at `page` that came from a public address may not reach `target` unasked.

    `target` is the host for people, `addresses` what it resolves to. None where everything is public, and where the
    page itself is as private.
    """
    order: tuple[AddressSpace, ...] = ("public", "local", "loopback")
    space = max(map(address_space, addresses), key=order.index, default="public")
    own = literal_address(page.host) if isinstance(page, TupleOrigin) else None
    page_space = "public" if own is None else address_space(own)
    if order.index(page_space) >= order.index(space):
        return None
    condition = "" if own is not None else f" if {page} is served from a public address,"
    return (
        f"{target} is a {space} address:{condition} Chrome 142 and later asks the user for permission first (Local "
        "Network Access), over https only, and no header can grant it."
    )
