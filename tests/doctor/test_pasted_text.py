"""Squashed text and patterns: what stands in a place, wherever the lines were broken."""

from __future__ import annotations

import pytest

from crossorigin.doctor.pasted_text import Found, Pasted, Pattern


def only(text: str, pattern: str) -> Found:
    (found,) = Pattern(pattern).find(Pasted(text))
    return found


class TestPasted:
    """The way there and the way back."""

    def test_white_space_quoting_and_case_go(self) -> None:
        pasted = Pasted("> Access to\n> \u2018X\u2019\u00a0at\u200b\r\n|  \u201cy\u201d")
        assert pasted.kept == "Accessto\u2018X\u2019at\u201cy\u201d"
        assert pasted.folded == "accessto'x'at\"y\""

    def test_a_sign_within_a_line_stays(self) -> None:
        assert Pasted("a > b").kept == "a>b"

    def test_the_source(self) -> None:
        pasted = Pasted("a  b\n  > c d")
        assert pasted.source(1, 3) == "b\n  > c"
        assert pasted.words(1, 3) == "b c"
        assert pasted.source(2, 2) == ""

    def test_the_folded_text_is_as_long(self) -> None:
        text = "İıßẞŉ ﬁ\u2018\u2019É"
        pasted = Pasted(text)
        assert len(pasted.kept) == len(pasted.folded)

    def test_ends(self) -> None:
        pasted = Pasted("one two\nthree")
        assert pasted.line_end(0, at_space=True) == 3
        assert pasted.line_end(0, at_space=False) == 6
        assert pasted.line_end(6, at_space=False) == 11


class TestPattern:
    """Places by their neighbours and by their characters."""

    def test_places(self) -> None:
        found = only("so: method PUT is not allowed by Foo.", "Method {method} is not allowed by")
        assert (found.places, found.start) == ({"method": "PUT"}, 3)

    @pytest.mark.parametrize(
        "text", ["Method is not allowed", "Method P(T is not allowed", f"Method {'x' * 65} is not allowed"]
    )
    def test_what_cannot_be_in_a_place(self, text: str) -> None:
        assert list(Pattern("Method {method} is not allowed").find(Pasted(text))) == []

    def test_a_broken_url(self) -> None:
        found = only("cannot load https://a.exa\nmple/x?y due to", "cannot load {url} due to")
        assert found.places == {"url": "https://a.example/x?y"}

    def test_a_value_keeps_its_spaces(self) -> None:
        found = only("value 'a, b\n  c' ends", "value '{value}' ends")
        assert found.places == {"value": "a, b c"}

    @pytest.mark.parametrize(
        ("text", "status"),
        [("code: 404.", "404"), ("code: (null). x", "(null)"), ("code: x", ""), ("code: 200 (users)", "200")],
    )
    def test_an_open_status(self, text: str, status: str) -> None:
        assert only(text, "code: {status}").places == {"status": status}

    def test_an_open_url_and_an_open_value(self) -> None:
        assert only("loading https://a/ now", "loading {url}").places == {"url": "https://a/"}
        assert only("value: a b\nnext", "value: {value}").places == {"value": "a b"}

    def test_it_may_begin_with_a_place(self) -> None:
        assert only("0: XMLHttpRequest cannot load it", "{kind} cannot load it").places == {"kind": "XMLHttpRequest"}

    def test_where_it_must_end_or_begin(self) -> None:
        pasted = Pasted("at 'https://a/': reason (200).")
        end = pasted.folded.index("reason")
        before = Pattern("at '{url}': ").ending_at(pasted, end)
        after = Pattern(" ({status}).").starting_at(pasted, end + len("reason"))
        assert before is not None
        assert after is not None
        assert (before.start, before.places) == (0, {"url": "https://a/"})
        assert (after.end, after.places) == (len(pasted.kept), {"status": "200"})
        assert Pattern("at '{url}': ").ending_at(pasted, 3) is None
        assert Pattern("({status}).").starting_at(pasted, 3) is None

    def test_each_is_found(self) -> None:
        found = list(Pattern("at '{url}'.").find(Pasted("at 'https://a/'. at 'https://b/'. at 'https://c/")))
        assert [each.places["url"] for each in found] == ["https://a/", "https://b/"]
