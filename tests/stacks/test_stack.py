"""The contract's own values."""

from __future__ import annotations

import pytest

from crossorigin.stacks.stack import UNKNOWN, Evidence, File, Part, Site, SiteError, Stack


class TestSite:
    @pytest.mark.parametrize(
        ("upstream", "host", "port", "address"),
        [
            ("http://127.0.0.1:3000", "127.0.0.1", 3000, "127.0.0.1:3000"),
            ("http://app", "app", 80, "app:80"),
            ("http://app.internal:65535/", "app.internal", 65535, "app.internal:65535"),
            ("http://[::1]:8000", "[::1]", 8000, "[::1]:8000"),
        ],
    )
    def test_parts(self, upstream: str, host: str, port: int, address: str) -> None:
        site = Site(upstream=upstream)
        assert (site.host, site.upstream_port, site.address) == (host, port, address)

    @pytest.mark.parametrize(
        "upstream",
        [
            "",
            "127.0.0.1:3000",
            "https://app:443",
            "http://app/path",
            "http://app:0",
            "http://app:65536",
            "http://user@app",
            "http://app;\nevil",
            'http://app"',
            "http://app {",
            "http://$host",
            "http://-app",
            "http://[::1",
        ],
    )
    def test_nothing_that_a_configuration_could_take_for_more(self, upstream: str) -> None:
        with pytest.raises(SiteError, match="is no upstream: give http://HOST:PORT"):
            Site(upstream=upstream)

    @pytest.mark.parametrize("port", [0, -1, 65536])
    def test_no_port(self, port: int) -> None:
        with pytest.raises(SiteError, match="is no port"):
            Site(port=port)


class TestFile:
    def test_it_is_put_together_from_lines_and_parts(self) -> None:
        block = Part.of("in the block", ["    # why", "", "    one {", "        two", "    }"])
        within = Part("among the words", "b")
        file = File.of("a.conf", "text", ["begin", block, ("    a ", within, " c"), "end"])
        assert file.text == "begin\n    # why\n\n    one {\n        two\n    }\n    a b c\nend\n"
        assert file.parts == (Part("in the block", "# why\n\none {\n    two\n}"), within)

    def test_no_part_is_no_fault(self) -> None:
        assert File.of("a.conf", "text", ["all of it"]) == File("a.conf", "text", "all of it\n")


class TestEvidence:
    def test_values_in_order_and_in_any_case(self) -> None:
        evidence = Evidence(status=200, headers=((b"Vary", b"a"), (b"X", b"1"), (b"vary", b"b\xe9")))
        assert evidence.values("VARY") == ["a", "b\xe9"]
        assert evidence.has("x")
        assert not evidence.has("y")


class TestStack:
    def test_abilities_are_those_that_are_there(self) -> None:
        assert Stack(name="a", title="A", language="text").abilities == ()
        stack = Stack(name="a", title="A", language="text", recognise=lambda _: UNKNOWN)
        assert stack.abilities == ("recognise",)
        assert stack.verified is None
