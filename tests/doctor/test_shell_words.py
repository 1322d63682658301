"""One command split into words: what browsers quote comes back, and bash itself splits the same."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crossorigin.doctor.shell_words import ShellError, split_command

from .copying import chrome_bash, chrome_cmd, firefox_cmd, firefox_posix, old_chrome_cmd, safari

BASH = {
    "words": ("curl  a\t b ", ["curl", "a", "b"]),
    "quotes side by side": (r"""a'b c'"d e"\ f""", ["ab cd e f"]),
    "empty words": ("curl '' \"\"", ["curl", "", ""]),
    "single quotes keep everything": (r"""'\n"$x`!'""", [r'\n"$x`!']),
    "double quotes": (r'"\$x \` \" \\ \n"', [r'$x ` " \ \n']),
    "a dollar that is one": ("""'$x' "5$" 5$ $ """, ["$x", "5$", "5$", "$"]),
    "lines that go on": ("curl \\\n  a\\\nb \\\r\n c", ["curl", "ab", "c"]),
    "a line that goes on between double quotes": ('"a\\\nb"', ["ab"]),
    "a line break between quotes": ("'a\nb' \"c\nd\"", ["a\nb", "c\nd"]),
    "escaped": (r"a\'b\"c\\d\&e", ["a'b\"c\\d&e"]),
    "letters of ANSI-C": (r"$'\a\b\e\E\f\n\r\t\v\\\'\"\?'", ["\a\b\x1b\x1b\f\n\r\t\v\\'\"?"]),
    "octal": (r"$'\041\1\1234'", ["!\x01S4"]),
    "hexadecimal": (r"$'\x41\x9g'", ["A\tg"]),
    "Unicode": (r"$'\u0021\u20ac\U0001f600\uE9g'", ["!€😀ég"]),
    "bytes of UTF-8": (r"$'\xc3\xa9\303\251'", ["éé"]),
    "an escape that is none": (r"$'\y\z'", [r"\y\z"]),
    "the end of a command": ("curl a ;\n", ["curl", "a"]),
    "line breaks around it": ("\n curl a\n\n", ["curl", "a"]),
}


class TestBash:
    """POSIX quoting and `$'...'`."""

    @pytest.mark.parametrize("name", BASH)
    def test_split(self, name: str) -> None:
        line, words = BASH[name]
        assert split_command(line) == words

    @pytest.mark.parametrize("name", BASH)
    def test_bash_splits_the_same(self, name: str) -> None:
        bash = shutil.which("bash")
        if bash is None:
            pytest.skip("this machine has no bash")
        line, words = BASH[name]
        # Bash takes "\\\r\n" for an escaped carriage return; a clipboard of Windows means a line that goes on.
        line = line.replace("\r\n", "\n").strip("\n ;")
        done = subprocess.run(
            [bash, "-c", f"printf '%s\\0' {line}"],
            env={"LC_ALL": "C.UTF-8"},
            capture_output=True,
            timeout=30,
            check=True,
        )
        assert done.stdout.decode().split("\0")[:-1] == words

    def test_what_firefox_and_safari_mean_by_bytes_that_are_no_utf_8(self) -> None:
        assert split_command(r"$'\xe9\x80' $'\ud83d\ude00'") == ["é\x80", "😀"]

    def test_half_a_character_stays_one(self) -> None:
        assert split_command(r"$'\ud83d'") == ["\ud83d"]

    def test_a_number_that_is_no_character(self) -> None:
        assert split_command(r"$'\U00110000'") == [r"\U00110000"]


CMD = {
    "Chrome": ('curl ^"https://x/?a=1^&b=^%^41^" ^\n  -H ^"a: b^"', ["curl", "https://x/?a=1&b=%41", "-H", "a: b"]),
    "lines of Windows": ('curl ^"x^" ^\r\n  -d ^"a^\r\n\r\nb^"', ["curl", "x", "-d", "a\nb"]),
    "quotes in quotes": (r'curl ^"^{^\^"a^\^":1^}^"', ["curl", '{"a":1}']),
    "a backslash": (r'curl ^"a^\^\n^"', ["curl", r"a\n"]),
    "a caret": ('curl ^"^^^"', ["curl", "^"]),
    "an old Chrome": (r'curl "https://x/" ^' + "\n" + r'  -H "a: ^\^"b^\^"" --data-raw "^%^41"',
                      ["curl", "https://x/", "-H", 'a: "b"', "--data-raw", "%41"]),
    "words without quotes": ("curl.exe -X PUT ^\n  https://x/", ["curl.exe", "-X", "PUT", "https://x/"]),
    "single quotes mean nothing": ("curl ^\"it's^\" a'b", ["curl", "it's", "a'b"]),
    "quotes side by side": ('curl ^"a^"b\\"c', ["curl", 'ab"c']),
    "a backslash without quotes": ('curl ^"x^" -o C:\\y', ["curl", "x", "-o", "C:\\y"]),
    "the end of a command": ('curl ^"x^" &\r\n', ["curl", "x"]),
}  # fmt: skip


class TestCmd:
    """What browsers write for cmd.exe."""

    @pytest.mark.parametrize("name", CMD)
    def test_split(self, name: str) -> None:
        line, words = CMD[name]
        assert split_command(line) == words

    @pytest.mark.parametrize(
        "line",
        [
            """curl 'x' -d '{"a":"^"}'""",
            """curl 'x' -d '^\n'""",
            """curl "x" -d '{"a":"^"}'""",
            """curl $'it\\'s' -d '^"^"'""",
        ],
    )
    def test_bash_with_a_caret_in_it_is_bash(self, line: str) -> None:
        assert split_command(line) == shlex.split(line.replace("$'it\\'s'", '"it\'s"'))


ANY = st.text()
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.just("\n"))
NASTY = st.text("ab1 '\"\\^%!$&`\n\r\té😀()[]{}|<>;#~-", max_size=20)


def one_line_break(text: str) -> str:
    return re.sub(r"\r\n|\r", "\n", text)


class TestWhatBrowsersQuote:
    """Every argument comes back, whatever is in it, between others."""

    @staticmethod
    def comes_back(quoting: Callable[[str], str], words: list[str], glue: str) -> None:
        assert split_command(glue.join(["curl", *map(quoting, words)])) == ["curl", *words]

    @given(st.lists(ANY | NASTY))
    def test_chrome_for_bash(self, words: list[str]) -> None:
        self.comes_back(chrome_bash, words, " \\\n  ")

    # Firefox and Safari do not say whether \xc3\xa9 is one character or two, and bash takes it for one.
    @given(st.lists((ANY | NASTY).filter(lambda text: not re.search(r"[\xc2-\xf4][\x80-\xbf]", text))))
    @pytest.mark.parametrize("quoting", [firefox_posix, safari])
    def test_firefox_and_safari(self, quoting: Callable[[str], str], words: list[str]) -> None:
        self.comes_back(quoting, words, " \\\n  ")

    @given(st.lists(ANY | NASTY))
    def test_python(self, words: list[str]) -> None:
        self.comes_back(shlex.quote, words, " ")

    # The other characters do not survive Chrome's own way: they are spaces.
    @given(st.lists(PRINTABLE | NASTY.map(lambda text: one_line_break(text.encode("ascii", "ignore").decode()))))
    @example(["a^\n\nb", "\n", "%41%%", '"', '\\"', "\\", "^", "it's"])
    def test_chrome_for_cmd(self, words: list[str]) -> None:
        words = [word.replace("\t", " ") for word in words]
        self.comes_back(chrome_cmd, ["https://x/", *words], " ^\n  ")

    @given(st.lists(PRINTABLE))
    def test_an_old_chrome_for_cmd(self, words: list[str]) -> None:
        self.comes_back(old_chrome_cmd, ["https://x/", *words], " ^\n  ")

    @given(st.lists(PRINTABLE | NASTY.map(one_line_break)))
    def test_firefox_for_cmd(self, words: list[str]) -> None:
        words = [word.replace("\t", " ") for word in words]
        self.comes_back(firefox_cmd, ["https://x/", *words], " ^\n  ")


SHELL = "it needs a shell for {}; put the value itself there, in single quotes"
OPEN = "it has a quotation mark or a backslash that nothing closes: {}"
MORE = "it goes on after the command; leave away what begins with {}"
MISTAKES = {
    "an open single quote": ("curl 'a b", OPEN.format('''"'a b"''')),
    "an open double quote": ('curl "a b', OPEN.format("""'"a b'""")),
    "open ANSI-C quotes": (r"curl $'a\'", OPEN.format('''"$'a\\\\'"''')),
    "a backslash at the end": ("curl a\\", OPEN.format(r"'\\'")),
    "an open quote of cmd.exe": ('curl ^"a b', OPEN.format("""'"a b'""")),
    "a variable": ("curl $URL", SHELL.format("'$URL'")),
    "a variable between quotes": ('curl "a: ${TOKEN}"', SHELL.format("'${TOKEN}'")),
    "a command's output": ("curl $(cat url)", SHELL.format("'$(cat url)'")),
    "the same, between quotes": ('curl "`cat url`"', SHELL.format("'`cat url`'")),
    "several, by a semicolon": ("curl 'a' ;\ncurl 'b'", MORE.format(r'''";\ncurl 'b'"''')),
    "several, by &&": ("curl a && curl b", MORE.format("'&& curl b'")),
    "several, by a line break": ("curl a\ncurl b", MORE.format(r"'\ncurl b'")),
    "several of cmd.exe": ('curl ^"a^" &\r\ncurl ^"b^"', MORE.format("""'&\\r\\ncurl "b"'""")),
    "a pipe": ("curl a | jq .", MORE.format("'| jq .'")),
    "a file for the output": ("curl a > b", MORE.format("'> b'")),
    "a URL without quotes": ("curl https://x/?a=1&b=2 -v", MORE.format("'&b=2 -v'")),
    "a long rest": ("curl a; " + "b" * 100, MORE.format(repr("; " + "b" * 38))),
}


class TestMistakes:
    """What is not one whole command, in words that go behind the name of an option."""

    @pytest.mark.parametrize("name", MISTAKES)
    def test_words(self, name: str) -> None:
        line, message = MISTAKES[name]
        with pytest.raises(ShellError) as caught:
            split_command(line)
        assert str(caught.value) == message

    @given(st.text() | NASTY)
    def test_nothing_else_is_raised(self, text: str) -> None:
        assert len(mistake(text)) < 300

    @pytest.mark.parametrize(
        "text", ["'", "\\a", "$'\\x41", "$'\\", '"', '"\\', '^"', "^\n", "a;", "$'", "a ", "\\\n", "%^"]
    )
    def test_a_quarter_of_a_million_characters(self, text: str) -> None:
        """It comes to an end, and nobody waits for it."""
        assert len(mistake("curl " + text * (256 * 1024 // len(text)))) < 300


def mistake(text: str) -> str:
    """What is wrong with a command; empty when it can be split."""
    try:
        split_command(text)
    except ShellError as error:
        return str(error)
    return ""
