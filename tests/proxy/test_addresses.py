"""Public addresses, by the registries of IANA; the expected values are written by hand from there."""

from __future__ import annotations

import pytest

from crossorigin.proxy.addresses import is_public, why_not_public

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    # AS112 and AMT: special, and to be reached from everywhere.
    "192.31.196.1",
    "192.52.193.1",
    "192.175.48.1",
    "2620:4f:8000::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001:800::200e",
    # Wrappings of 8.8.8.8.
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
    # Teredo: server 65.54.227.120, client 192.0.2.45 in RFC 4380 is for documentation; here 8.8.8.8, turned.
    "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
]

NOT_PUBLIC = {
    "0.0.0.0": 'of "this network"',
    "0.1.2.3": 'of "this network"',
    "10.0.0.1": "private",
    "100.64.0.1": "shared address space of a provider",
    "100.127.255.255": "shared address space of a provider",
    "100.100.100.200": "the metadata service of Alibaba Cloud",
    "127.0.0.1": "loopback",
    "127.255.255.255": "loopback",
    "168.63.129.16": "the metadata service of Azure",
    "169.254.1.1": "link-local",
    "169.254.169.254": "the metadata service of a cloud",
    "169.254.170.2": "the metadata service of a cloud",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.8": "for IETF protocols",
    "192.0.0.192": "the metadata service of Oracle Cloud",
    "192.0.2.1": "for documentation",
    "192.88.99.1": "a retired 6to4 relay",
    "192.168.1.1": "private",
    "198.18.0.1": "for benchmarks",
    "198.19.255.255": "for benchmarks",
    "198.51.100.7": "for documentation",
    "203.0.113.9": "for documentation",
    "224.0.0.1": "multicast",
    "239.255.255.255": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "the broadcast address",
    "::": "unspecified",
    "::1": "loopback",
    "::2": 'the IPv4-compatible 0.0.0.2, which is of "this network"',
    "::ffff:127.0.0.1": "the IPv4-mapped 127.0.0.1, which is loopback",
    "::ffff:a9fe:a9fe": "the IPv4-mapped 169.254.169.254, which is the metadata service of a cloud",
    "::127.0.0.1": "the IPv4-compatible 127.0.0.1, which is loopback",
    # Retired by RFC 4291, section 2.5.5.1, whatever is in it.
    "::8.8.8.8": "not of the global unicast addresses",
    "::ffff:0:127.0.0.1": "the IPv4-translated 127.0.0.1, which is loopback",
    "::ffff:0:8.8.8.8": "not of the global unicast addresses",
    "64:ff9b::7f00:1": "the NAT64 form of 127.0.0.1, which is loopback",
    "64:ff9b::a00:1": "the NAT64 form of 10.0.0.1, which is private",
    "64:ff9b:1::808:808": "for translation to IPv4 within a network",
    "100::1": "for discarding",
    "2001:2::1": "for IETF protocols",
    "2001:10::1": "for IETF protocols",
    "2001:20::1": "for IETF protocols",
    "2001:1ff:ffff::1": "for IETF protocols",
    "2001:db8::1": "for documentation",
    # Server 127.0.0.1, client 8.8.8.8; and server 65.54.227.120, client 192.168.0.1 (0xc0a80001 turned).
    "2001:0:7f00:1:8000:63bf:f7f7:f7f7": "behind the Teredo server 127.0.0.1, which is loopback",
    "2001:0:4136:e378:8000:63bf:3f57:fffe": "the Teredo form of 192.168.0.1, which is private",
    "2002:7f00:1::": "the 6to4 form of 127.0.0.1, which is loopback",
    "2002:c0a8:101::1": "the 6to4 form of 192.168.1.1, which is private",
    "2a00:1450::5efe:10.0.0.1": "the ISATAP form of 10.0.0.1, which is private",
    "2a00:1450::200:5efe:192.168.0.1": "the ISATAP form of 192.168.0.1, which is private",
    "3fff::1": "for documentation",
    "5f00::1": "for segment routing",
    "4000::1": "not of the global unicast addresses",
    "fc00::1": "private (unique local)",
    "fd00:ec2::254": "the metadata service of AWS",
    "fd20:ce::254": "the metadata service of Google Cloud",
    "fe80::1": "link-local",
    "fe80::1%eth0": "of one link only, by its scope id",
    "2606:4700::1%2": "of one link only, by its scope id",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
    # None of these is an address; the URL parser makes addresses of the first three, and of none of the rest.
    "0x7f.1": "not an IP address",
    "2130706433": "not an IP address",
    "127.1": "not an IP address",
    "0177.0.0.1": "not an IP address",
    "[::1]": "not an IP address",
    "localhost": "not an IP address",
    "": "not an IP address",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert why_not_public(address) is None
    assert is_public(address)


@pytest.mark.parametrize(("address", "why"), NOT_PUBLIC.items())
def test_not_public(address: str, why: str) -> None:
    assert why_not_public(address) == why
    assert not is_public(address)
