"""`crossorigin explain`: the page of a code, the list of them, and what a pasted message means."""

from __future__ import annotations

import io
import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

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


RECORDINGS = Path(__file__).parents[1] / "doctor" / "recordings"
PAGE = "https://app.example.com"
API = "https://api.example.com/users"


def schema(name: str) -> Any:
    return json.loads((files("crossorigin.doctor") / f"{name}.schema.json").read_text(encoding="utf-8"))


VALIDATOR = Draft202012Validator(schema("explain"), registry=Resource.from_contents(schema("check")) @ Registry())


def har(path: Path, *urls: str, status: int = 200, creator: str = "Firefox") -> str:
    """A file with GETs of these URLs, which the page may not read, and its name."""
    sent = [{"name": "Origin", "value": PAGE}, {"name": "Sec-Fetch-Mode", "value": "cors"}]
    entries = [
        {"request": {"method": "GET", "url": url, "headers": sent}, "response": {"status": status}} for url in urls
    ]
    path.write_text(json.dumps({"log": {"creator": {"name": creator}, "entries": entries}}))
    return str(path)


class TestHAR:
    """`explain --har FILE`."""

    @pytest.mark.parametrize("name", ["chromium", "firefox", "webkit"])
    def test_real_recordings(self, name: str) -> None:
        ended = call("explain", "--har", str(RECORDINGS / f"{name}.har"), "--all")
        assert (ended.status, ended.err) == (0, "")
        lines = ended.out.splitlines()
        assert max(map(len, lines)) <= 80
        assert "  B230: The method is not in Access-Control-Allow-Methods" in lines
        assert re.search(r"^2[0-9] of 3[34] requests were blocked\.", lines[-1] if "of" in lines[-1] else lines[-2])

    def test_one(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", API))
        assert (ended.status, ended.err) == (0, "")
        assert ended.out == (
            "Recorded by Firefox; judged as Firefox would, from the recording alone.\n"
            "\n"
            "\u2717 Blocked: GET https://api.example.com/users from page https://app.example.com\n"
            "  B301: The response has no Access-Control-Allow-Origin\n"
            "  Cause: The server has no CORS policy (C401, likely)\n"
            "    - GET https://api.example.com/users was answered 200 without\n"
            "      Access-Control-Allow-Origin\n"
            "    - nothing in it speaks of CORS, and it does not vary by Origin\n"
            "  \u2717 The response has no Access-Control-Allow-Origin.\n"
            "    the answer to GET https://api.example.com/users was 200\n"
            "      Access-Control-Allow-Origin: (absent)\n"
            "  What to change: On the answer to GET https://api.example.com/users (200), send\n"
            "  exactly one `Access-Control-Allow-Origin: https://app.example.com` and `Vary:\n"
            "  Origin`; allow-list that origin, never reflect whatever comes.\n"
            "  The fix for the server that answers, and the same call again:\n"
            "    crossorigin check https://api.example.com/users \\\n"
            "      --origin https://app.example.com\n"
            "  More: crossorigin explain C401, crossorigin explain B301\n"
            "\n"
            "1 of 1 request was blocked.\n"
        )

    def test_nothing_blocked(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", f"{PAGE}/own"))
        assert ended == Ended(1, "Nothing was blocked in 1 request.\n", "")

    def test_nothing_explained(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", API, status=0))
        assert (ended.status, ended.err) == (1, "")
        assert "? Failed, and why is not recorded: GET https://api.example.com/users" in ended.out
        assert ended.out.endswith("1 of 1 request failed, and the recording does not tell why.\n")

    @pytest.mark.parametrize(("text", "count"), [("cdn", 1), ("/users$/", 1), ("example.com", 2), ("/^https:/", 2)])
    def test_filter(self, tmp_path: Path, text: str, count: int) -> None:
        file = har(tmp_path / "a.har", API, "https://cdn.example.com/x")
        ended = call("explain", "--har", file, "--filter", text)
        assert ended.status == 0
        assert ended.out.splitlines()[-1].startswith(f"{count} of {count} request")

    def test_filter_lets_nothing_through(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", API), "--filter", "nowhere")
        assert ended == Ended(1, "There is no such request in it.\n", "")

    def test_all(self, tmp_path: Path) -> None:
        file = har(tmp_path / "a.har", *(f"{API}/{number}" for number in range(25)))
        some, every = call("explain", "--har", file), call("explain", "--har", file, "--all")
        assert some.out.count("Blocked:") == 20
        assert "\u2026 and 5 more, which --all prints\n" in some.out
        assert every.out.count("Blocked:") == 25

    @pytest.mark.parametrize("name", ["chromium", "firefox", "webkit"])
    def test_json(self, name: str) -> None:
        ended = call("explain", "--har", str(RECORDINGS / f"{name}.har"), "--json")
        assert (ended.status, ended.err) == (0, "")
        made = json.loads(ended.out)
        VALIDATOR.validate(made)
        assert made["recording"]["engines"] == [name]

    def test_standard_input(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = Path(har(tmp_path / "a.har", API))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
        assert call("explain", "--har", "-") == call("explain", "--har", str(file))

    def test_in_a_terminal(self, tmp_path: Path) -> None:
        ended = in_terminal("explain", "--har", har(tmp_path / "a.har", f"{API}/\x1b]0;owned\x07"))
        assert ended.status == 0
        plain = re.sub(r"\x1b\[[0-9;]*m", "", ended.out)
        assert "\x1b" not in plain
        assert "%1B]0;owned" in plain

    def test_where_the_encoding_is_ascii(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", API), encoding="ascii")
        assert (ended.status, ended.err) == (0, "")
        assert "XX Blocked: GET" in ended.out


REQUEST = f"> GET /users HTTP/1.1\n> Host: api.example.com\n> Origin: {PAGE}\n>\n"
REFUSING = f"{REQUEST}< HTTP/1.1 200 OK\n<\n"
ANSWER = "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n\n{}"


class TestTranscript:
    """`explain --transcript FILE`."""

    @staticmethod
    def file(path: Path, text: str) -> str:
        path.write_text(text)
        return str(path)

    def test_a_file(self, tmp_path: Path) -> None:
        ended = call("explain", "--transcript", self.file(tmp_path / "t", REFUSING))
        assert (ended.status, ended.err) == (0, "")
        assert "  B301: The response has no Access-Control-Allow-Origin\n" in ended.out
        assert ended.out.startswith("Recorded by curl; judged as Chromium, Firefox and WebKit would, from the\n")

    def test_standard_input(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n" + REFUSING.encode())))
        ended = call("explain", "--transcript", "-", "--json")
        assert (ended.status, ended.err) == (0, "")
        made = json.loads(ended.out)
        VALIDATOR.validate(made)
        assert made["recording"]["calls"][0]["places"] == ["line 2"]

    def test_what_is_not_in_it(self, tmp_path: Path) -> None:
        file = self.file(tmp_path / "t", ANSWER)
        said = ("--url", API, "--origin", PAGE)
        assert call("explain", "--transcript", file, *said) == Ended(1, "Nothing was blocked in 1 request.\n", "")
        ended = call("explain", "--transcript", file, *said, "--credentials", "include")
        assert ended.status == 0
        assert "  B302: " in ended.out
        assert "Note: The request itself is not in the transcript; it is taken for a GET" in ended.out

    @pytest.mark.parametrize(
        ("text", "argv", "message"),
        [
            (
                "some words",
                (),
                "--transcript: {file}: there is no HTTP exchange in this text; paste what curl -v prints, or say ",
            ),
            (
                REFUSING.replace(f"> Origin: {PAGE}\n", ""),
                (),
                "--origin: line 1: the request has no Origin header; say which page asks, such as https://app.",
            ),
            (REFUSING, ("--origin", "app.example.com"), "--origin: 'app.example.com' is not an origin: "),
            (
                ANSWER,
                ("--url", "api.example.com/\x1b"),
                "--url: 'api.example.com/\\x1b' is not a URL; write it like https://api.example.com/users",
            ),
            (
                ANSWER,
                ("--url", "ftp://api.example.com/"),
                "--url: 'ftp://api.example.com/' is not a URL; write it like https://api.example.com/users",
            ),
        ],
        ids=range(5),
    )
    def test_mistakes(self, tmp_path: Path, text: str, argv: tuple[str, ...], message: str) -> None:
        file = self.file(tmp_path / "t", text)
        ended = call("explain", "--transcript", file, *argv)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(f"crossorigin explain: {message.format(file=file)}")
        assert ended.err.count("\n") == 1


class TestUnusable:
    """A file that cannot be used is said in one line with its place, and nothing is printed of it."""

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "this is not a HAR file, or a damaged one: as JSON, it ends in the middle"),
            (b"\x89PNG\r\n", "this is not a HAR file, or a damaged one: as JSON, invalid character (byte 0)"),
            (b"{}", "this is not a HAR file: the whole: object missing required field `log`"),
            (
                b'{"log": {"entries": [{"request": {"method": "GET", "url": 3}}]}}',
                "this is not a HAR file: log.entries[0].request.url: expected `str`, got `int`",
            ),
        ],
    )
    def test_no_har(self, tmp_path: Path, data: bytes, message: str) -> None:
        file = tmp_path / "a.har"
        file.write_bytes(data)
        ended = call("explain", "--har", str(file))
        assert ended == Ended(2, "", f"crossorigin explain: --har: {file}: {message} {USAGE}\n")

    @pytest.mark.parametrize("option", ["--har", "--transcript"])
    @pytest.mark.parametrize(
        ("name", "why"),
        [("nowhere/a.har", "No such file or directory"), (".", "Is a directory"), ("a\0b", "embedded null byte")],
    )
    def test_no_file(self, tmp_path: Path, option: str, name: str, why: str) -> None:
        file = f"{tmp_path}/{name}"
        ended = call("explain", option, file)
        shown = file.replace("\0", "\\x00")
        assert ended == Ended(2, "", f"crossorigin explain: {option}: {shown}: {why} {USAGE}\n")

    @pytest.mark.parametrize(
        ("argv", "message"),
        [
            (("B301", "--har", "x"), "CODE goes without --har and --transcript"),
            (("-", "--transcript", "x"), "CODE goes without --har and --transcript"),
            (("--har", "x", "--transcript", "y"), "--har goes without --transcript"),
            (("--filter", "x"), "--filter goes with --har"),
            (("--transcript", "x", "--filter", "y"), "--filter goes with --har"),
            (("--transcript", "x", "--all"), "--all goes with --har"),
            (("--har", "x", "--origin", PAGE), "--origin goes with --transcript"),
            (("--har", "x", "--url", API), "--url goes with --transcript"),
            (("B301", "--credentials", "omit"), "--credentials goes with --transcript"),
        ],
    )
    def test_what_does_not_go_together(self, argv: tuple[str, ...], message: str) -> None:
        assert call("explain", *argv) == Ended(2, "", f"crossorigin explain: {message} {USAGE}\n")

    def test_a_filter_that_is_no_expression(self, tmp_path: Path) -> None:
        ended = call("explain", "--har", har(tmp_path / "a.har", API), "--filter", "/(/")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("crossorigin explain: --filter: '/(/' is not a regular expression: ")
