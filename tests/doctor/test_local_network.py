"""Which addresses a public page may not reach unasked."""

from __future__ import annotations

import pytest

from crossorigin.doctor.local_network import address_space, literal_address, local_network_warning
from crossorigin.web.origins import OpaqueOrigin, parse_origin


@pytest.mark.parametrize(
    ("address", "space"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.1.2.3", "local"),
        ("172.16.0.1", "local"),
        ("172.32.0.1", "public"),
        ("192.168.1.1", "local"),
        ("169.254.169.254", "local"),
        ("100.64.0.1", "local"),
        ("100.128.0.1", "public"),
        ("fd00::1", "local"),
        ("fe80::1%eth0", "local"),
        ("::ffff:10.0.0.1", "local"),
        ("8.8.8.8", "public"),
        ("2001:4860:4860::8888", "public"),
    ],
)
def test_address_spaces(address: str, space: str) -> None:
    assert address_space(address) == space


def test_names_that_need_no_resolver() -> None:
    assert literal_address("localhost") == literal_address("app.localhost.") == "127.0.0.1"
    assert literal_address("[::1]") == "::1"
    assert literal_address("api.example") is None


class TestWarning:
    """Public may not reach local, local not loopback; the other way round nobody asks."""

    def test_public_page(self) -> None:
        warning = local_network_warning(parse_origin("https://app.example"), "printer.example", ["192.168.1.9"])
        assert warning is not None
        assert "printer.example is a local address: if https://app.example is served from a public address," in warning

    def test_the_most_private_address_counts(self) -> None:
        warning = local_network_warning(parse_origin("https://8.8.8.8"), "api.example", ["1.1.1.1", "::1"])
        assert warning is not None
        assert warning.startswith("api.example is a loopback address: Chrome 142")

    def test_opaque_page(self) -> None:
        assert local_network_warning(OpaqueOrigin(), "localhost", ["127.0.0.1"]) is not None

    @pytest.mark.parametrize(
        ("page", "addresses"),
        [
            ("https://app.example", ["1.1.1.1"]),
            ("https://app.example", []),
            ("http://localhost:3000", ["127.0.0.1"]),
            ("http://localhost:3000", ["192.168.1.1"]),
            ("http://192.168.1.2", ["10.0.0.1"]),
        ],
    )
    def test_none(self, page: str, addresses: list[str]) -> None:
        assert local_network_warning(parse_origin(page), "target", addresses) is None

    def test_local_to_loopback(self) -> None:
        assert local_network_warning(parse_origin("http://192.168.1.2"), "localhost", ["127.0.0.1"]) is not None
