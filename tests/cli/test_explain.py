"""`crossorigin explain`: the page of a code, the list of them, and what is near a code that there is not."""

from __future__ import annotations

import re

import pytest

from crossorigin.fetch.blocks import BLOCKS
from crossorigin.policy.problems import PROBLEMS

from .conftest import call, in_terminal

CODES = [code.value for code in (*BLOCKS, *PROBLEMS)]
USAGE = "(see crossorigin explain --help)"


class TestPages:
    """Every code that the tool can print can be looked up."""

    @pytest.mark.parametrize("code", CODES)
    def test_each(self, code: str) -> None:
        ended = call("explain", code)
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.startswith(f"# {code}: ")
        assert ended.out.endswith("\n")
        assert not ended.out.endswith("\n\n")

    def test_in_any_case(self) -> None:
        assert call("explain", "b301") == call("explain", "B301")

    def test_in_a_pipe_it_is_the_page_itself(self) -> None:
        assert "```http\n" in call("explain", "B301").out

    def test_in_a_terminal_it_is_set(self) -> None:
        ended = in_terminal("explain", "B301")
        assert ended.status == 0
        assert "\x1b[" in ended.out
        assert "```" not in ended.out
        assert "B301" in ended.out
        plain = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", ended.out)
        assert max(len(line.rstrip("\r")) for line in plain.split("\n")) <= 80

    @pytest.mark.parametrize("code", CODES)
    def test_where_the_encoding_is_ascii(self, code: str) -> None:
        ended = call("explain", code, encoding="ascii")
        assert (ended.status, ended.err) == (0, "")

    def test_in_a_terminal_that_has_ascii_only_it_is_the_page_itself(self) -> None:
        ended = in_terminal("explain", "B301", environment={"PYTHONIOENCODING": "ascii"})
        assert ended.status == 0
        assert ended.out.replace("\r\n", "\n") == call("explain", "B301", encoding="ascii").out


def test_the_list() -> None:
    ended = call("explain")
    assert (ended.status, ended.err) == (0, "")
    assert [line.split("  ")[0] for line in ended.out.splitlines()] == CODES


class TestMistakes:
    """One line, and the way to the list."""

    @pytest.mark.parametrize(
        ("code", "message"),
        [
            ("B399", "there is no code B399; near it are B301, B302, B303, B304, B305, B306, B307, B308"),
            ("b777", "there is no code B777"),
            ("CORS", "'CORS' is not a code; a code is a letter and three digits, such as B301 or P104"),
            ("", "'' is not a code; a code is a letter and three digits, such as B301 or P104"),
            ("\x1b[31m", r"'\x1b[31m' is not a code; a code is a letter and three digits, such as B301 or P104"),
            ("../../x", "'../../x' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ],
    )
    def test_unknown(self, code: str, message: str) -> None:
        ended = call("explain", code)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == f"crossorigin explain: CODE: {message}; crossorigin explain lists them all {USAGE}\n"

    def test_two(self) -> None:
        ended = call("explain", "B301", "B302")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == f"crossorigin explain: unrecognized arguments: B302 {USAGE}\n"
