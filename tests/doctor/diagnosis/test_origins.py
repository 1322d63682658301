"""How an allowed origin stands to the one that was meant: misspelt, a twin on this machine, or somebody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.diagnosis.origins import is_on_this_machine, is_twin, misspelling, neighbours, twins
from crossorigin.web.origins import OpaqueOrigin, TupleOrigin, parse_origin

PAGE = "https://app.example.com"
PORT = "https://app.example.com:8443"
LOCAL = "http://localhost:3000"

MISSPELT: dict[str, tuple[str, str, str]] = {
    "a slash": (f"{PAGE}/", PAGE, "with a slash at its end"),
    "slashes": (f"{PAGE}//", PAGE, "with a slash at its end"),
    "quotation marks": (f'"{PAGE}"', PAGE, "in quotation marks"),
    "single ones": (f"'{PAGE}'", PAGE, "in quotation marks"),
    "upper case": ("https://App.Example.com", PAGE, "in another case"),
    "upper case and a slash": ("HTTPS://app.example.com/", PAGE, "in another case"),
    "no scheme": ("app.example.com", PAGE, "without its scheme"),
    "no scheme, with a port": ("localhost:3000", LOCAL, "without its scheme"),
    "a path": (f"{PAGE}/cart", PAGE, "with more than an origin has"),
    "the default port": (f"{PAGE}:443", PAGE, "not written as a browser sends it"),
    "http": ("http://app.example.com", PAGE, "with http in place of https"),
    "https": ("https://localhost:3000", LOCAL, "with https in place of http"),
    "http and a slash": ("http://app.example.com/", PAGE, "with http in place of https"),
    "www": ("https://www.app.example.com", PAGE, "with www."),
    "no www": ("https://example.com", "https://www.example.com", "without www."),
    "no port": (PAGE, PORT, "without a port"),
    "a port": (PORT, PAGE, "with port 8443"),
    "another port": ("https://app.example.com:9443", PORT, "with port 9443"),
    "a letter too many": ("https://appp.example.com", PAGE, "one letter off"),
    "a letter too few": ("https://app.exampl.com", PAGE, "one letter off"),
    "another letter": ("https://app.exemple.com", PAGE, "one letter off"),
    "two letters swapped": ("https://app.exmaple.com", PAGE, "one letter off"),
    "the first letter": ("https://pp.example.com", PAGE, "one letter off"),
    "the last letter": ("https://app.example.co", PAGE, "one letter off"),
}
NOT_MISSPELT: dict[str, tuple[str, str]] = {
    "the origin itself": (PAGE, PAGE),
    "nothing": ("", PAGE),
    "the wildcard": ("*", PAGE),
    "null": ("null", PAGE),
    "another site": ("https://other.example", PAGE),
    "scheme and host": ("http://other.example", PAGE),
    "two parts": ("http://app.example.com:8080", PAGE),
    "two letters": ("https://api.exemple.com", PAGE),
    "letters swapped that are no neighbours": ("https://eppaxample.com", "https://appexample.com"),
    "a pattern": ("https://*.example.com", PAGE),
    "another port of this machine": ("http://localhost:5173", LOCAL),
    "another name of this machine": ("http://127.0.0.1:3000", LOCAL),
    "words": ("undefined", PAGE),
}


class TestMisspelling:
    """One edit away: slash, scheme, port, www, case, or a letter."""

    @pytest.mark.parametrize("name", MISSPELT)
    def test_it_is(self, name: str) -> None:
        written, origin, how = MISSPELT[name]
        assert misspelling(written, origin) == how

    @pytest.mark.parametrize("name", NOT_MISSPELT)
    def test_it_is_not(self, name: str) -> None:
        written, origin = NOT_MISSPELT[name]
        assert misspelling(written, origin) is None

    @given(st.text(st.characters(max_codepoint=255), max_size=60))
    def test_whatever_is_written(self, written: str) -> None:
        for origin in (PAGE, PORT, LOCAL, "null"):
            how = misspelling(written, origin)
            assert how is None or (written != origin and how.isprintable())

    @given(st.text("abc", max_size=6), st.text("abc", max_size=6))
    def test_one_letter_off_goes_both_ways(self, one: str, other: str) -> None:
        there = misspelling(f"https://x{one}.example", f"https://x{other}.example")
        back = misspelling(f"https://x{other}.example", f"https://x{one}.example")
        assert there == back


class TestTwins:
    """The names and ports of this machine, each an origin of its own."""

    @pytest.mark.parametrize(
        ("written", "origin"),
        [
            ("http://127.0.0.1:3000", LOCAL),
            ("http://localhost:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", LOCAL),
            ("http://localhost:5173", LOCAL),
            ("http://localhost:5173/", LOCAL),
            ("http://localhost", LOCAL),
            ("http://app.localhost:3000", LOCAL),
        ],
    )
    def test_they_are(self, written: str, origin: str) -> None:
        assert is_twin(written, origin)

    @pytest.mark.parametrize(
        ("written", "origin"),
        [
            (LOCAL, LOCAL),
            (f"{LOCAL}/", LOCAL),
            ("https://app.example.com:3000", LOCAL),
            (LOCAL, PAGE),
            ("http://notlocalhost:3000", LOCAL),
            ("http://192.168.0.7:3000", LOCAL),
            ("localhost:3000", LOCAL),
            ("*", LOCAL),
            ("", LOCAL),
            (LOCAL, "null"),
        ],
    )
    def test_they_are_not(self, written: str, origin: str) -> None:
        assert not is_twin(written, origin)

    def test_the_likeliest_first(self) -> None:
        assert twins(TupleOrigin("http", "localhost", 3000))[:2] == ["http://127.0.0.1:3000", "http://localhost:5173"]
        assert twins(TupleOrigin("http", "127.0.0.1", 5173))[:2] == ["http://localhost:5173", "http://127.0.0.1:3000"]
        assert twins(TupleOrigin("http", "[::1]", 8080))[:2] == ["http://localhost:8080", "http://127.0.0.1:8080"]

    def test_of_a_page_elsewhere_there_are_none(self) -> None:
        assert twins(TupleOrigin("https", "app.example.com")) == []
        assert twins(OpaqueOrigin()) == []


class TestNeighbours:
    """What people write in place of an origin."""

    @pytest.mark.parametrize(
        ("origin", "found"),
        [
            (PAGE, ["http://app.example.com", "https://www.app.example.com"]),
            ("http://www.example.com", ["https://www.example.com", "http://example.com"]),
            (PORT, [PAGE, "http://app.example.com:8443", "https://www.app.example.com:8443"]),
            # The default port of one scheme may be written out in the other.
            ("https://a.example:80", ["https://a.example", "http://a.example", "https://www.a.example:80"]),
            # An address has no www.
            ("http://192.168.0.7:3000", ["http://192.168.0.7", "https://192.168.0.7:3000"]),
            ("http://[fe80::1]", ["https://[fe80::1]"]),
            # Of this machine the other ports are twins, and it has no www.
            (LOCAL, ["https://localhost:3000"]),
            ("https://app.localhost", ["http://app.localhost"]),
        ],
    )
    def test_of(self, origin: str, found: list[str]) -> None:
        assert neighbours(parse_origin(origin)) == [f"{origin}/", *found]

    def test_of_a_page_that_no_server_gave(self) -> None:
        assert neighbours(parse_origin("chrome-extension://abcdefgh")) == []

    def test_of_no_origin(self) -> None:
        assert neighbours(OpaqueOrigin()) == []

    @given(
        st.sampled_from(["http", "https"]),
        st.sampled_from(["a.example", "www.a.example", "localhost", "10.0.0.1", "[::1]", "[fe80::1]", "x.localhost"]),
        st.none() | st.integers(0, 65535),
    )
    def test_they_are_origins_and_others(self, scheme: str, host: str, port: int | None) -> None:
        own = None if port == {"http": 80, "https": 443}[scheme] else port
        origin = TupleOrigin(scheme, host, own)
        slash, *others = neighbours(origin)
        assert slash == f"{origin.serialize()}/"
        for other in [*others, *twins(origin)]:
            assert parse_origin(other) != origin
            assert parse_origin(other).serialize() == other


def test_pages_on_this_machine() -> None:
    for origin in (LOCAL, "http://127.0.0.1:5173", "http://[::1]", "https://app.localhost"):
        assert is_on_this_machine(parse_origin(origin))
    assert not is_on_this_machine(parse_origin(PAGE))
    assert not is_on_this_machine(OpaqueOrigin())
