"""`crossorigin explain`: the page of a code, the list of them, and what a pasted message means."""

from __future__ import annotations

import io
import json
import re
import sys

import pytest

from crossorigin.doctor.causes import CAUSES
from crossorigin.fetch.blocks import BLOCKS
from crossorigin.policy.problems import PROBLEMS

from .conftest import Ended, call, in_terminal

CODES = [code.value for code in (*BLOCKS, *PROBLEMS, *CAUSES)]
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


MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
CHROME = (
    "Access to fetch at 'https://api.example.com/users' from origin 'https://app.example.com' has been blocked by CORS "
    "policy: "
)
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    "https://api.example.com/users. (Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). "
    "Status code: 404."
)
NOTHING = (
    "crossorigin explain: there is no message of a browser about CORS in this text; paste the whole red line of the "
    "console (crossorigin check URL asks the server itself)\n"
)


class TestMessages:
    """The red lines of a console, as an argument or from standard input."""

    @staticmethod
    def piped(text: bytes, monkeypatch: pytest.MonkeyPatch, *argv: str) -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        return call("explain", "-", *argv)

    def test_an_argument(self) -> None:
        ended = call("explain", CHROME + MISSING)
        assert (ended.status, ended.err) == (0, "")
        lines = ended.out.splitlines()
        assert lines[0] == "Chromium (Chrome, Edge, Opera) blocked a call of https://api.example.com/users"
        assert "  B301: The response has no Access-Control-Allow-Origin" in lines
        assert "    https://fetch.spec.whatwg.org/#concept-cors-check" in lines
        assert lines[-1] == "  More: crossorigin explain B301"
        assert max(map(len, lines)) <= 80

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = f"{FIREFOX}\n\n> {CHROME}\n> {MISSING}\n"
        ended = self.piped(text.encode(), monkeypatch)
        assert (ended.status, ended.err) == (0, "")
        assert [line for line in ended.out.splitlines() if line[:1].isalpha()] == [
            "Firefox blocked a call of https://api.example.com/users",
            "Chromium (Chrome, Edge, Opera) blocked a call of https://api.example.com/users",
        ]

    def test_what_is_no_utf_8(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended = self.piped(b"\xff\xfe " + (CHROME + MISSING).encode(), monkeypatch)
        assert (ended.status, ended.err) == (0, "")

    def test_a_message_that_carries_no_reason(self) -> None:
        ended = call("explain", "TypeError: Failed to fetch")
        assert (ended.status, ended.err) == (0, "")
        assert "This line does not say why" in ended.out

    @pytest.mark.parametrize("text", ["our CORS is broken", "Error: something else entirely"])
    def test_nothing_recognised(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        assert call("explain", text) == Ended(1, "", NOTHING)
        assert self.piped(text.encode(), monkeypatch) == Ended(1, "", NOTHING)

    def test_nothing_at_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.piped(b"", monkeypatch) == Ended(1, "", NOTHING)

    def test_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended = self.piped(b"x " * 200_000, monkeypatch)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == (
            "crossorigin explain: the text has 400,000 characters, and 262,144 are read at most: paste the red lines "
            f"alone {USAGE}\n"
        )

    def test_json(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended = self.piped(FIREFOX.encode(), monkeypatch, "--json")
        assert (ended.status, ended.err) == (0, "")
        (message,) = json.loads(ended.out)["messages"]
        assert (message["engine"], message["codes"], message["status"]) == ("firefox", ["B301", "B201"], 404)
        assert message["url"] == "https://api.example.com/users"

    def test_json_of_nothing(self) -> None:
        ended = call("explain", "--json", "our CORS is broken")
        assert (ended.status, json.loads(ended.out), ended.err) == (1, {"messages": []}, NOTHING)

    @pytest.mark.parametrize("argv", [["--json"], ["--json", "B301"]])
    def test_json_goes_with_a_message(self, argv: list[str]) -> None:
        ended = call("explain", *argv)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("crossorigin explain: --json goes with a message")

    def test_in_a_terminal(self) -> None:
        ended = in_terminal("explain", CHROME + MISSING)
        assert ended.status == 0
        plain = re.sub(r"\x1b\[[0-9;]*m", "", ended.out)
        assert max(len(line.rstrip("\r")) for line in plain.split("\n")) <= 80

    def test_where_the_encoding_is_ascii(self) -> None:
        ended = call("explain", FIREFOX, encoding="ascii")
        assert (ended.status, ended.err) == (0, "")
        assert "\\u2018Access-Control-Allow-Origin\\u2019" in ended.out
