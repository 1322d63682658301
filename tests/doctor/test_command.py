"""The command that asks a question again: a shell reads back what was asked, over one line or several."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crossorigin.cli.check import question_of
from crossorigin.doctor.command import Command, check_command
from crossorigin.doctor.question import Question, UsageError, ask

from .conftest import API, PAGE

CHECK = f"crossorigin check {API}"


def command(*, flags: tuple[tuple[str, ...], ...] = (), **question: Any) -> str:
    if not {"origin", "page"} & question.keys():
        question["origin"] = PAGE
    return str(check_command(ask(API, **question), flags))


def words_of(script: str) -> list[str]:
    """What a real shell makes of it: the words behind `crossorigin check`."""
    shown = f"crossorigin() {{ printf '%s\\0' \"$@\"; }}; {script}\n"
    done = subprocess.run(
        ["bash", "--norc", "-c", shown], capture_output=True, timeout=30, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    assert done.stderr == b""
    name, *words = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    assert name == "check"
    return words


class TestWords:
    """What was asked, and nothing that goes without saying."""

    def test_a_plain_call(self) -> None:
        assert command() == f"{CHECK} --origin {PAGE}"

    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ({"method": "PUT"}, "-X PUT"),
            ({"method": "patch"}, "-X patch"),
            ({"headers": ["Content-Type: application/json"]}, "-H 'Content-Type: application/json'"),
            ({"headers": ["A:1", "B:  2 "]}, "-H 'A: 1' -H 'B: 2'"),
            ({"method": "POST", "data": ""}, "-X POST -d ''"),
            ({"method": "POST", "data": "it's $HOME"}, "-X POST -d 'it'\"'\"'s $HOME'"),
            ({"credentials": "include"}, "--credentials include"),
            ({"credentials": "omit"}, "--credentials omit"),
            ({"mode": "no-cors"}, "--mode no-cors"),
            ({"redirect": "manual"}, "--redirect manual"),
            ({"credentials": "include", "cookie": "a=b; c=d"}, "--credentials include --cookie 'a=b; c=d'"),
        ],
    )
    def test_options(self, question: dict[str, Any], words: str) -> None:
        assert command(**question) == f"{CHECK} --origin {PAGE} {words}"

    def test_a_page_tells_its_origin(self) -> None:
        assert command(page=f"{PAGE}/cart") == f"{CHECK} --page {PAGE}/cart"
        assert command(page=f"{PAGE}/cart", origin=PAGE) == f"{CHECK} --page {PAGE}/cart"

    def test_a_sandboxed_page(self) -> None:
        assert command(page=f"{PAGE}/cart", origin="null") == f"{CHECK} --page {PAGE}/cart --origin null"
        assert command(origin="null") == f"{CHECK} --origin null"

    def test_flags_come_last(self) -> None:
        flags = (("--insecure",), ("--resolve", "api.example:443:127.0.0.1"))
        assert command(flags=flags).endswith(" --insecure --resolve api.example:443:127.0.0.1")

    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ({"method": "-X"}, "--method=-X"),
            ({"headers": ["-A: 1"]}, "'--header=-A: 1'"),
            ({"method": "POST", "data": "-1 --insecure"}, "-X POST '--data=-1 --insecure'"),
            ({"credentials": "include", "cookie": "-a=b"}, "--credentials include --cookie=-a=b"),
        ],
    )
    def test_a_value_with_a_hyphen_is_no_option(self, question: dict[str, Any], words: str) -> None:
        assert command(**question) == f"{CHECK} --origin {PAGE} {words}"

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ("a\nb", r"$'a\nb'"),
            ("\x1b[31m", r"$'\x1b[31m'"),
            ("it's\t\\\r", r"$'it\'s\t\\\r'"),
            ("\u202eevil", r"$'\U0000202eevil'"),
            ("\x9b", r"$'\U0000009b'"),
        ],
    )
    def test_no_terminal_is_steered(self, data: str, words: str) -> None:
        assert command(method="POST", data=data) == f"{CHECK} --origin {PAGE} -X POST -d {words}"


text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
latin = st.text(st.characters(max_codepoint=255, exclude_characters="\0\r\n"), max_size=8)
tokens = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=6)
urls = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["a.example", "localhost:8080", "[::1]:3000", "127.0.0.1", "bücher.example"]),
    st.sampled_from(["", "/", "/a b", "/'$(x)`y`\\", "/?q=a&b=c;d#frag", "/é?{}|"]),
)
CREDENTIALS: list[Literal["omit", "same-origin", "include"]] = ["omit", "same-origin", "include"]
MODES: list[Literal["cors", "no-cors", "same-origin"]] = ["cors", "no-cors", "same-origin"]
REDIRECTS: list[Literal["follow", "error", "manual"]] = ["follow", "error", "manual"]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    page = draw(st.none() | urls)
    origin = draw(st.sampled_from([PAGE, "null", "http://localhost:3000"])) if page is None else None
    if page is not None and draw(st.booleans()):
        origin = "null"
    headers = [f"{name}:{value}" for name, value in draw(st.lists(st.tuples(tokens, latin), max_size=3))]
    data = draw(st.none() | text)
    # argparse before Python 3.13 takes such a value for the end of the options.
    assume(data != "--")
    try:
        return ask(
            draw(urls),
            page=page,
            origin=origin,
            method=draw(st.sampled_from(["GET", "POST", "put", "patch"]) | tokens),
            headers=headers,
            data=data,
            credentials=draw(st.sampled_from(CREDENTIALS)),
            mode=draw(st.sampled_from(MODES)),
            redirect=draw(st.sampled_from(REDIRECTS)),
            cookie=draw(st.none() | latin.map(lambda value: f"{value}=1")),
        )
    except UsageError:
        assume(False)
        raise


@given(questions())
def test_it_asks_the_same(question: Question) -> None:
    """Through a real shell, whatever bytes there are in it."""
    asked = question_of(words_of(str(check_command(question))))
    # No two opaque origins are the same.
    assert asked.origin.serialize() == question.origin.serialize()
    assert replace(asked, origin=question.origin) == question


@given(questions(), st.integers(20, 120))
@example(ask(API, origin=PAGE), 20)
def test_over_several_lines_it_is_the_same(question: Question, width: int) -> None:
    made = check_command(question)
    lines = list(made.lines(width))
    assert words_of("\n".join(lines)) == words_of(str(made))
    assert all(line.isprintable() and line == line.rstrip() for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])
    # Too long is a line only with one piece in it, which is of use in one piece only.
    for line in lines:
        pieces = [piece for piece in made.pieces if line.removesuffix(" \\").strip() == piece]
        assert len(line) <= width or pieces


def test_printable_words_need_no_bash() -> None:
    """A question without control characters is quoted for every POSIX shell."""
    question = ask(API, origin=PAGE, method="POST", headers=["X-Key: it's"], data='{"a": "$b"}')
    words = shlex.split(str(check_command(question)))
    assert words[:2] == ["crossorigin", "check"]
    assert question_of(words[2:]) == question


class TestLines:
    """As wide as the terminal, an option with its value."""

    COMMAND = Command(("crossorigin", "check", API, "--origin x", "-X PUT", "-d '{}'"))

    def test_one(self) -> None:
        assert list(self.COMMAND.lines(100)) == [f"{CHECK} --origin x -X PUT -d '{{}}'"]

    def test_several(self) -> None:
        assert list(self.COMMAND.lines(48)) == [f"{CHECK} \\", "  --origin x -X PUT -d '{}'"]
        assert list(self.COMMAND.lines(30)) == [
            "crossorigin check \\",
            f"  {API} \\",
            "  --origin x -X PUT -d '{}'",
        ]

    def test_the_last_line_may_fill_the_width(self) -> None:
        whole = str(self.COMMAND)
        assert list(self.COMMAND.lines(len(whole))) == [whole]
        assert len(list(self.COMMAND.lines(len(whole) - 1))) == 2
