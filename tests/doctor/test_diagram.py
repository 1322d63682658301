"""The sequence diagram: as wide as asked, every value shown and none of them able to do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crossorigin.doctor.diagram import ASCII, UNICODE, Glyphs, Line, draw, printable
from crossorigin.doctor.report import Report

from .conftest import ALLOW, ALLOW_ALL, JSON, VARY, answer, failure, report

PREFLIGHTED = (
    answer(
        204,
        ALLOW,
        VARY,
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Allow-Headers", "content-type"),
        ("Server", "nginx"),
    ),
    answer(200, ALLOW, VARY, ("Content-Type", "application/json"), reason=b"OK"),
)


def lines(found: Report, width: int = 76, glyphs: Glyphs = UNICODE) -> list[Line]:
    return list(draw(found.question, found.main, glyphs, width))


def texts(found: Report, width: int = 76, glyphs: Glyphs = UNICODE) -> list[str]:
    return [line.text for line in lines(found, width, glyphs)]


def fields(found: Report) -> list[str]:
    """What stands between the bars, without arrows and headings."""
    return [text.strip("│ ") for text in texts(found) if text.startswith("│ ")]


class TestWidth:
    """Every line of the dialogue is exactly as wide as asked, the page's name alone on its line excepted."""

    @pytest.mark.parametrize("width", [38, 40, 58, 60, 78, 80, 98, 118, 120])
    @pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
    def test_of_a_dialogue(self, width: int, glyphs: Glyphs) -> None:
        heading, *rest = texts(report(*PREFLIGHTED, **JSON), width, glyphs)
        assert cell_len(heading) == (19 if width < 40 else width)
        assert {cell_len(text) for text in rest} == {width}

    @given(
        value=st.binary(max_size=700),
        reason=st.binary(max_size=100),
        path=st.text(max_size=300),
        width=st.integers(38, 120),
        glyphs=st.sampled_from([UNICODE, ASCII]),
    )
    def test_of_hostile_ones(self, value: bytes, reason: bytes, path: str, width: int, glyphs: Glyphs) -> None:
        found = report(
            answer(302, ALLOW_ALL, ("Location", b"https://cdn.example/" + value), ("Set-Cookie", value), reason=reason),
            answer(200, ("Access-Control-Allow-Origin", value), reason=reason),
            url="https://api.example/x" + path.replace("#", "").replace("\\", ""),
            origin="https://" + "a" * 60 + ".example:12345",
        )
        for text in texts(found, width, glyphs):
            assert text.isprintable()
            assert cell_len(text) <= width
            assert glyphs is UNICODE or text.isascii()


class TestHeading:
    """Who speaks: one line where both fit, two where they do not, and again after a redirect to another origin."""

    def test_wide(self) -> None:
        assert texts(report(answer(200)), 60)[0] == "https://app.example" + " " * 22 + "https://api.example"

    def test_narrow(self) -> None:
        assert texts(report(answer(200)), 38)[:2] == ["https://app.example", " " * 19 + "https://api.example"]

    def test_very_long(self) -> None:
        found = report(answer(200), origin="https://" + "a" * 60 + ".example")
        assert texts(found, 38)[0] == "https://" + "a" * 29 + "…"

    def test_another_server(self) -> None:
        found = report(answer(302, ALLOW_ALL, ("Location", "https://cdn.example/")), answer(200, ALLOW_ALL))
        assert [text.split()[1] for text in texts(found) if text.startswith("https:")] == [
            "https://api.example",
            "https://cdn.example",
        ]

    def test_the_same_server_again(self) -> None:
        found = report(answer(302, ALLOW_ALL, ("Location", "/there")), answer(200, ALLOW_ALL))
        assert len([text for text in texts(found) if text.startswith("https:")]) == 1


class TestFields:
    """Which header fields are shown, and how they are marked."""

    def test_of_an_allowed_call(self) -> None:
        assert fields(report(*PREFLIGHTED, **JSON)) == [
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: content-type",
            "Origin: https://app.example",
            "✓ Access-Control-Allow-Origin: https://app.example",
            "Vary: Origin",
            "✓ Access-Control-Allow-Methods: PUT",
            "✓ Access-Control-Allow-Headers: content-type",
            "Content-Type: application/json",
            "Origin: https://app.example",
            "✓ Access-Control-Allow-Origin: https://app.example",
            "Vary: Origin",
        ]

    def test_what_is_missing_is_shown_as_missing(self) -> None:
        assert fields(report(answer(200)))[-1] == "✗ Access-Control-Allow-Origin: (absent)"

    def test_every_one_of_several_is_marked(self) -> None:
        assert (
            fields(report(answer(200, ALLOW, ALLOW)))[-2:] == ["✗ Access-Control-Allow-Origin: https://app.example"] * 2
        )

    def test_a_failure_outweighs_a_pass_on_the_same_header(self) -> None:
        found = report(answer(302, ALLOW_ALL, ("Location", "https://user:pw@cdn.example/")))
        assert "✗ Location: https://user:pw@cdn.example/" in fields(found)

    def test_empty_values(self) -> None:
        assert fields(report(answer(200, ("Access-Control-Allow-Origin", ""))))[-1] == "✗ Access-Control-Allow-Origin:"

    def test_long_values_wrap_at_their_spaces(self) -> None:
        found = report(answer(200, ("Access-Control-Allow-Origin", "https://one.example, https://another.example")))
        assert [text.strip("│ ") for text in texts(found, 60)][-2:] == [
            "✗ Access-Control-Allow-Origin: https://one.example,",
            "https://another.example",
        ]
        assert [text.strip("│ ") for text in texts(found, 40)][-3:] == [
            "✗ Access-Control-Allow-Origin:",
            "https://one.example,",
            "https://another.example",
        ]

    def test_values_without_spaces_are_broken_where_the_bar_is(self) -> None:
        found = report(answer(200, ("Vary", "x" * 100)))
        wrapped = [text for text in texts(found, 40) if "xx" in text]
        assert [text.strip("│ ") for text in wrapped] == ["Vary: " + "x" * 27, "x" * 31, "x" * 31, "x" * 11]

    def test_a_flood_is_cut_and_counted(self) -> None:
        flood = [(f"Access-Control-X{number}", "y") for number in range(200)]
        shown = fields(report(answer(200, *flood, ("Access-Control-Allow-Origin", "https://other.example"))))
        assert len(shown) < 40
        assert shown[-2:] == ["✗ Access-Control-Allow-Origin: https://other.example", "… and 177 more"]


class TestArrows:
    """The request line and the status line."""

    def test_roles(self) -> None:
        found = report(*PREFLIGHTED, **JSON)
        assert [text.split(" ─")[0] for text in texts(found) if text.endswith("▶│")] == [
            "│── preflight OPTIONS /users/42",
            "│── PUT /users/42",
        ]
        redirected = report(answer(302, ALLOW_ALL, ("Location", "/there?a=b")), answer(200, ALLOW_ALL))
        assert "│── redirected GET /there?a=b ─" in "\n".join(texts(redirected))

    def test_the_mark_of_a_status_survives_a_long_reason(self) -> None:
        found = report(answer(405, ALLOW_ALL, reason=b"No" * 200), **JSON)
        (status,) = [line for line in lines(found, 38) if line.text.startswith("│◀")]
        assert status.text.endswith("… ✗ ──│")
        assert status.style == "fail"

    def test_no_answer(self) -> None:
        assert lines(report(failure()))[-1] == Line("│◀" + "─" * 60 + " no answer ──│", "fail")


class TestPrintable:
    """Values from the network as text that a terminal cannot mistake for orders."""

    @pytest.mark.parametrize(
        ("value", "unicode", "ascii_"),
        [
            (b"plain text", "plain text", "plain text"),
            (b"\x1b[31mred", r"\x1b[31mred", r"\x1b[31mred"),
            (b"\x9b31m\x9d0;title\x9c", r"\x9b31m\x9d0;title\x9c", r"\x9b31m\x9d0;title\x9c"),
            (b"a\r\nb\tc\0", r"a\r\nb\tc\x00", r"a\r\nb\tc\x00"),
            (b"caf\xe9", "café", r"caf\xe9"),
            (b"\xa0\xad\x7f", r"\xa0\xad\x7f", r"\xa0\xad\x7f"),
            ("\u202eevil\u2066", r"\u202eevil\u2066", r"\u202eevil\u2066"),
            ("\ud800", r"\ud800", r"\ud800"),
            (b"x" * 301, "x" * 300 + "… (301 characters)", "x" * 300 + "... (301 characters)"),
        ],
    )
    def test_examples(self, value: bytes | str, unicode: str, ascii_: str) -> None:
        assert printable(value, UNICODE) == unicode
        assert printable(value, ASCII) == ascii_

    @given(st.binary() | st.text(), st.sampled_from([UNICODE, ASCII]), st.integers(1, 400))
    def test_always(self, value: bytes | str, glyphs: Glyphs, limit: int) -> None:
        text = printable(value, glyphs, limit)
        assert text.isprintable()
        assert glyphs is UNICODE or text.isascii()
