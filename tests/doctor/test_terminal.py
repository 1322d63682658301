"""The report on a terminal: a few whole ones as they must look, and what holds for every one."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from crossorigin.doctor.check import check
from crossorigin.doctor.consult import consult
from crossorigin.doctor.diagram import ASCII, UNICODE
from crossorigin.doctor.fixes import Fix
from crossorigin.doctor.pasted import recognise
from crossorigin.doctor.question import ask
from crossorigin.doctor.reading import read
from crossorigin.doctor.report import Report
from crossorigin.doctor.terminal import glyphs_of, print_notes, print_readings
from crossorigin.fetch.wire import HTTPRequest
from crossorigin.stacks import File, Part, Rendered, Stack, get_stack

from .conftest import (
    ALLOW,
    ALLOW_ALL,
    API,
    INCLUDE,
    JSON,
    OUTCOMES,
    PAGE,
    VARY,
    Answer,
    Server,
    answer,
    failure,
    report,
    shown,
)


class Hints(Server):
    """A server that knows no OPTIONS, and lets the page read everything else."""

    def send(self, request: HTTPRequest, /) -> Answer:
        if request.method == b"OPTIONS":
            return answer(404, reason=b"Not Found")
        return answer(200, ALLOW, VARY, reason=b"OK")


GOLDEN: dict[str, tuple[Callable[[], Report], str]] = {
    "browsers that part": (
        lambda: check(ask(API, origin=PAGE, headers=["DPR: 2"]), Hints([])),
        """\
✗ Blocked in Firefox and WebKit, allowed in Chromium: GET
  https://api.example/users/42 from page https://app.example
  ✓ Chromium: allowed
  ✗ Firefox: B201: The preflight response has no Access-Control-Allow-Origin
  ✗ WebKit: B210: The preflight response does not have an ok status

  Cause: No route answers OPTIONS (C301, certain)
    - OPTIONS https://api.example/users/42 was answered 404 Not Found
    - GET was answered 200 OK with leave for this origin

  Cross-origin: host differs; they are cross-site.
  The server did answer the preflight (404), and clients that are not browsers
  can read that answer: it is the browser that keeps it from script.

  What Firefox does:

  https://app.example                                        https://api.example
  │── preflight OPTIONS /users/42 ────────────────────────────────────────────▶│
  │    Access-Control-Request-Method: GET                                      │
  │    Access-Control-Request-Headers: dpr                                     │
  │    Origin: https://app.example                                             │
  │◀──────────────────────────────────────────────────────── 404 Not Found ✗ ──│
  │  ✗ Access-Control-Allow-Origin: (absent)                                   │

  ✗ The response has no Access-Control-Allow-Origin.
    https://fetch.spec.whatwg.org/#concept-cors-check

  A preflight was needed:
    - DPR is not CORS-safelisted: its name is not one of Accept,
      Accept-Language, Content-Language, Content-Type, Range.

  Script may read: nothing; all that it sees is "TypeError".

  The consoles print:
    Firefox
      Cross-Origin Request Blocked: The Same Origin Policy disallows reading
        the remote resource at https://api.example/users/42. (Reason: CORS
        header ‘Access-Control-Allow-Origin’ missing). Status code: 404.
      Cross-Origin Request Blocked: The Same Origin Policy disallows reading
        the remote resource at https://api.example/users/42. (Reason: CORS
        request did not succeed). Status code: (null).
    WebKit
      Preflight response is not successful. Status code: 404
      Fetch API cannot load https://api.example/users/42 due to access control
        checks.
      Failed to load resource: Preflight response is not successful. Status
        code: 404

  Note (Chromium): By the letter of the standard this call is blocked, B201: The
  response has no Access-Control-Allow-Origin.

  What to change: Put the CORS layer before the router, so that OPTIONS
  /users/42 is a 204 with `Access-Control-Allow-Origin: https://app.example`,
  `Access-Control-Allow-Headers: dpr` and `Vary: Origin`. The first of them
  belongs on every other answer too.

  After the fix run:
    crossorigin check https://api.example/users/42 \\
      --origin https://app.example -H 'DPR: 2'
  More: crossorigin explain C301, crossorigin explain B201
""",
    ),
    "no Access-Control-Allow-Origin": (
        lambda: report(answer(200, ("Content-Type", "application/json"), reason=b"OK")),
        """\
✗ Blocked: GET https://api.example/users/42 from page https://app.example
  B301: The response has no Access-Control-Allow-Origin

  Cause: The server has no CORS policy (C401, likely)
    - GET https://api.example/users/42 was answered 200 OK without
      Access-Control-Allow-Origin
    - nothing in it speaks of CORS, and it does not vary by Origin

  Cross-origin: host differs; they are cross-site.
  The server did answer the request (200), and clients that are not browsers can
  read that answer: it is the browser that keeps it from script.

  https://app.example                                        https://api.example
  │── GET /users/42 ──────────────────────────────────────────────────────────▶│
  │    Origin: https://app.example                                             │
  │◀───────────────────────────────────────────────────────────────── 200 OK ──│
  │  ✗ Access-Control-Allow-Origin: (absent)                                   │

  ✗ The response has no Access-Control-Allow-Origin.
    https://fetch.spec.whatwg.org/#concept-cors-check

  No preflight was needed: method and headers are CORS-safelisted.

  Script may read: nothing; all that it sees is "TypeError".

  What to change: On the answer to GET https://api.example/users/42 (200), send
  exactly one `Access-Control-Allow-Origin: https://app.example` and `Vary:
  Origin`; allow-list that origin, never reflect whatever comes.

  After the fix run:
    crossorigin check https://api.example/users/42 --origin https://app.example
  More: crossorigin explain C401, crossorigin explain B301
""",
    ),
    "a preflight that no route answers": (
        lambda: report(answer(405, ("Allow", "GET, PUT"), reason=b"Method Not Allowed"), **JSON),
        """\
✗ Blocked: PUT https://api.example/users/42 from page https://app.example
  B201: The preflight response has no Access-Control-Allow-Origin

  Cause: No route answers OPTIONS (C301, likely)
    - OPTIONS https://api.example/users/42 was answered 405 Method Not Allowed
    - it names the methods that have a route: `Allow: GET, PUT`
  Or: The server has no CORS policy (C401, possible)

  Cross-origin: host differs; they are cross-site.
  The server did answer the preflight (405), and clients that are not browsers
  can read that answer: it is the browser that keeps it from script.

  https://app.example                                        https://api.example
  │── preflight OPTIONS /users/42 ────────────────────────────────────────────▶│
  │    Access-Control-Request-Method: PUT                                      │
  │    Access-Control-Request-Headers: content-type                            │
  │    Origin: https://app.example                                             │
  │◀─────────────────────────────────────────────── 405 Method Not Allowed ✗ ──│
  │  ✗ Access-Control-Allow-Origin: (absent)                                   │

  ✗ The response has no Access-Control-Allow-Origin.
    https://fetch.spec.whatwg.org/#concept-cors-check

  A preflight was needed:
    - Method PUT is not CORS-safelisted (GET, HEAD, POST).
    - Content-Type is not CORS-safelisted: application/json is not one of
      application/x-www-form-urlencoded, multipart/form-data, text/plain.

  Script may read: nothing; all that it sees is "TypeError".

  What to change: Put the CORS layer before the router, so that OPTIONS
  /users/42 is a 204 with `Access-Control-Allow-Origin: https://app.example`,
  `Access-Control-Allow-Methods: PUT`, `Access-Control-Allow-Headers:
  content-type` and `Vary: Origin`. The first of them belongs on every other
  answer too.

  After the fix run:
    crossorigin check https://api.example/users/42 \\
      --origin https://app.example -X PUT -H 'Content-Type: application/json' \\
      -d '{}'
  More: crossorigin explain C301, crossorigin explain B201
""",
    ),
    "the wildcard with credentials": (
        lambda: report(answer(200, ALLOW_ALL, reason=b"OK"), **INCLUDE),
        """\
✗ Blocked: GET https://api.example/users/42 from page https://app.example
  B302: The response allows `*`, but the credentials mode is include

  Cause: The wildcard does not go with credentials (C407, certain)
    - GET https://api.example/users/42 was answered 200 OK with
      `Access-Control-Allow-Origin: *`
    - Access-Control-Allow-Origin is `*`, which does not count when the
      credentials mode is include

  Cross-origin: host differs; they are cross-site.
  The server did answer the request (200), and clients that are not browsers can
  read that answer: it is the browser that keeps it from script.

  https://app.example                                        https://api.example
  │── GET /users/42 ──────────────────────────────────────────────────────────▶│
  │    Origin: https://app.example                                             │
  │◀───────────────────────────────────────────────────────────────── 200 OK ──│
  │  ✗ Access-Control-Allow-Origin: *                                          │

  ✗ Access-Control-Allow-Origin is `*`, which does not count when the
  credentials mode is include.
      Access-Control-Allow-Origin: *
      request origin: https://app.example
    https://fetch.spec.whatwg.org/#concept-cors-check

  No preflight was needed: method and headers are CORS-safelisted.

  Script may read: nothing; all that it sees is "TypeError".

  What to change: Where no cookie is needed, drop `credentials: "include"` in
  the page; otherwise send `Access-Control-Allow-Origin: https://app.example`
  with `Access-Control-Allow-Credentials: true` and `Vary: Origin` on the answer
  to GET https://api.example/users/42 (200).

  After the fix run:
    crossorigin check https://api.example/users/42 \\
      --origin https://app.example --credentials include
  More: crossorigin explain C407, crossorigin explain B302
""",
    ),
    "a redirect that makes the origin null": (
        lambda: report(
            answer(302, ALLOW_ALL, ("Location", "https://cdn.example/users/42"), reason=b"Found"),
            answer(200, ALLOW, VARY, reason=b"OK"),
        ),
        """\
✗ Blocked: GET https://api.example/users/42 from page https://app.example
  B306: A redirect made the request's origin null

  Cause: A redirect across origins makes the origin null (C507, certain)
    - GET https://api.example/users/42 was answered 302 Found, to another
      origin
    - so the browser sends `Origin: null` from there on: no server can know
      the page any more
    - GET https://cdn.example/users/42 was answered 200 OK with
      `Access-Control-Allow-Origin: https://app.example`

  Cross-origin: host differs; they are cross-site.
  The server did answer the request (200), and clients that are not browsers can
  read that answer: it is the browser that keeps it from script.

  https://app.example                                        https://api.example
  │── GET /users/42 ──────────────────────────────────────────────────────────▶│
  │    Origin: https://app.example                                             │
  │◀────────────────────────────────────────────────────────────── 302 Found ──│
  │  ✓ Access-Control-Allow-Origin: *                                          │
  │    Location: https://cdn.example/users/42                                  │
  https://app.example                                        https://cdn.example
  │── redirected GET /users/42 ───────────────────────────────────────────────▶│
  │    Origin: null                                                            │
  │◀───────────────────────────────────────────────────────────────── 200 OK ──│
  │  ✗ Access-Control-Allow-Origin: https://app.example                        │
  │    Vary: Origin                                                            │

  ✗ The request was redirected from one origin to another that is not the
  page's, so its origin is now null; Access-Control-Allow-Origin names the
  page's origin.
      Access-Control-Allow-Origin: https://app.example
      request origin: null
    https://fetch.spec.whatwg.org/#concept-cors-check

  No preflight was needed: method and headers are CORS-safelisted.

  Script may read: nothing; all that it sees is "TypeError".

  What to change: Call https://cdn.example/users/42 directly instead of through
  the redirect; `Access-Control-Allow-Origin: *` also works where the data is
  public and no credentials are sent.

  After the fix run:
    crossorigin check https://cdn.example/users/42 --origin https://app.example
  More: crossorigin explain C507, crossorigin explain B306
""",
    ),
    "the page's own origin": (
        lambda: report(answer(200, ("X-Total", "3"), reason=b"OK"), origin="https://api.example"),
        """\
✓ Allowed: script may read GET https://api.example/users/42 from page
  https://api.example

  Page and URL have the same origin, so CORS does not apply.

  https://api.example                                        https://api.example
  │── GET /users/42 ──────────────────────────────────────────────────────────▶│
  │◀───────────────────────────────────────────────────────────────── 200 OK ──│

  Script may read: status 200, body, x-total
""",
    ),
    "allowed, with headers that stay hidden": (
        lambda: report(answer(200, ALLOW, VARY, ("Content-Type", "text/plain"), ("X-Total", "3"), reason=b"OK")),
        """\
✓ Allowed: script may read GET https://api.example/users/42 from page
  https://app.example

  Cross-origin: host differs; they are cross-site.

  https://app.example                                        https://api.example
  │── GET /users/42 ──────────────────────────────────────────────────────────▶│
  │    Origin: https://app.example                                             │
  │◀───────────────────────────────────────────────────────────────── 200 OK ──│
  │  ✓ Access-Control-Allow-Origin: https://app.example                        │
  │    Vary: Origin                                                            │

  No preflight was needed: method and headers are CORS-safelisted.

  Script may read: status 200, body, content-type
  It may not read: x-total
  To let it read one, name it in `Access-Control-Expose-Headers`.
""",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_whole_reports(name: str) -> None:
    made, expected = GOLDEN[name]
    assert shown(made()) == expected


@pytest.fixture(params=OUTCOMES, ids=str)
def outcome(request: pytest.FixtureRequest) -> Report:
    """One report of every kind."""
    made: Callable[[], Report] = OUTCOMES[request.param]
    return made()


class TestEveryReport:
    """Whatever the outcome."""

    def test_the_verdict_is_the_first_line(self, outcome: Report) -> None:
        first = shown(outcome, width=100).split("\n")[0]
        if outcome.allowed:
            assert first.startswith("✓ Allowed: ")
        elif outcome.failure is not None:
            assert first.startswith("✗ No answer (this is not CORS): ")
        elif outcome.main.error is not None:
            assert first.startswith("✗ Blocked: ")
        else:
            assert first.startswith("✗ Not readable ")
        assert outcome.question.url.href in first

    def test_what_blocked_is_named_and_explained(self, outcome: Report) -> None:
        text = " ".join(shown(outcome).split())
        error = outcome.main.error
        assert ("What to change: " in text) == (not outcome.allowed)
        if error is not None and outcome.failure is None:
            assert error.code.value in text
            assert f"crossorigin explain {error.code.value}" in text
            assert error.step.sentence in text

    @pytest.mark.parametrize("width", [60, 80, 100])
    def test_no_line_is_longer_than_the_terminal_is_wide(self, outcome: Report, width: int) -> None:
        for encoding in ("utf-8", "ascii"):
            assert [
                line
                for line in shown(outcome, width=width, encoding=encoding).split("\n")
                # An address of the standard stays in one piece, to be followed.
                if cell_len(line) > width and not line.startswith("    https://")
            ] == []

    def test_no_line_ends_in_spaces(self, outcome: Report) -> None:
        text = shown(outcome)
        assert [line for line in text.split("\n") if line != line.rstrip()] == []
        assert text.endswith("\n")

    def test_paragraphs_are_one_line_apart(self, outcome: Report) -> None:
        assert "\n\n\n" not in shown(outcome)

    def test_a_terminal_without_unicode_gets_ascii(self, outcome: Report) -> None:
        text = shown(outcome, encoding="ascii")
        assert text.isascii()
        assert "\\u" not in text
        assert text.startswith(("ok ", "XX "))

    def test_colour_adds_nothing_but_colour(self, outcome: Report) -> None:
        coloured = shown(outcome, colour=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == shown(outcome)

    def test_failures_do_not_blame_cors(self, outcome: Report) -> None:
        if outcome.failure is None:
            return
        text = shown(outcome)
        assert outcome.failure.detail in " ".join(text.split())
        assert "Blocked" not in text
        assert "Access-Control-Allow-Origin: (absent)" not in text


class TestConfiguration:
    """What to paste, at the margin, for the server that answered or the one that was asked for."""

    MANY = answer(404, ("X-Powered-By", "Express"), ("Server", "nginx/1.22.1"))

    def test_recognised(self) -> None:
        text = shown(report(self.MANY))
        assert "\n  In Express (recognised by X-Powered-By: Express):\n\n" in text
        assert "\n  Once, in a shell:\n\nnpm install cors\n\n" in text
        assert '\n  origin: ["https://app.example"],\n' in text
        # The advice comes before, the command after it.
        places = [text.index(words) for words in ("What to change: ", "In Express", "After the fix run:")]
        assert places == sorted(places)

    def test_asked_for(self) -> None:
        text = shown(report(self.MANY), stack=get_stack("nginx"))
        assert "\n  In nginx:\n\n" in text
        assert "In Express" not in text

    def test_in_parts(self) -> None:
        stack = Stack(name="x", title="X", language="text", render=lambda policy, site: in_parts, verified="1")
        text = shown(report(answer(200)), stack=stack)
        assert "\n  In X:\n\n  Above all else:\n\none\n\n  At the end:\n\ntwo\nlines\n" in text

    def test_what_was_not_run_is_said(self) -> None:
        stack = Stack(name="x", title="X", language="text", render=lambda policy, site: in_parts)
        said = "Not verified by running: what X takes was read in its documentation."
        assert f"\n\n  {said}\n" in shown(report(answer(200)), stack=stack)
        assert "Not verified" not in shown(report(self.MANY))

    def test_limits_stand_apart(self) -> None:
        stack = Stack(name="x", title="X", language="text", render=lambda policy, site: limited, verified="1")
        assert "\none\n\n  Limit: It says no Vary.\n" in shown(report(answer(200)), stack=stack)

    def test_why_nothing_is_written(self) -> None:
        found = report(answer(200), url="http://api.example/", origin="http://app.example", **INCLUDE)
        text = " ".join(shown(found, stack=get_stack("nginx")).split())
        assert "No configuration is written, for no policy should say this (P405): " in text

    def test_of_a_call_that_is_allowed(self) -> None:
        found = report(answer(200, ALLOW, VARY, ("X-Total", "3")))
        assert "In nginx" not in shown(found)
        assert '"x-total"' in shown(found, stack=get_stack("nginx"))
        assert shown(report(answer(200, ALLOW, VARY)), stack=get_stack("nginx")).endswith(
            "\n\n  There is nothing in nginx to configure for this.\n"
        )

    def test_nothing_of_it_is_wrapped(self) -> None:
        fix = consult(report(self.MANY)).fix
        assert isinstance(fix, Fix)
        for width in (40, 80):
            assert fix.parts[-1].text.rstrip("\n") in shown(report(self.MANY), width=width)


in_parts = Rendered((File("x", "text", "", (Part("above all else", "one\n"), Part("at the end", "two\nlines"))),))
limited = Rendered((File("x", "text", "one\n"),), ("It says no Vary.",))


class TestCauses:
    """The first with its evidence; the others in a line, or with theirs where all are asked for."""

    FOUND = staticmethod(lambda: report(answer(404, reason=b"Not Found"), **JSON))

    def test_the_others_in_a_line(self) -> None:
        text = shown(self.FOUND())
        assert "\n  Or: The server has no CORS policy (C401, possible)\n\n" in text

    def test_all(self) -> None:
        assert (
            "\n  Or: The server has no CORS policy (C401, possible)\n"
            "    - OPTIONS https://api.example/users/42 was answered 404 Not Found without\n"
            "      Access-Control-Allow-Origin\n"
        ) in shown(self.FOUND(), all_causes=True)

    def test_what_may_trouble_a_call_that_is_allowed(self) -> None:
        # A cookie that is lost is very likely; a hidden header is possible, and said where all are asked for.
        found = report(answer(200, ALLOW, VARY, ("X-Total", "3")), cookie="a=b")
        title = "A cookie is not sent, or not kept (C206, very likely)"
        hidden = "A response header is hidden from script (C412, possible)"
        assert title in shown(found)
        assert hidden not in shown(found)
        assert title in shown(found, all_causes=True)
        assert hidden in shown(found, all_causes=True)


hostile = st.binary(max_size=400)


@given(value=hostile, reason=hostile, name=st.sampled_from(["Vary", "Location", "Set-Cookie", "Access-Control-X"]))
def test_nothing_from_the_network_steers_the_terminal(value: bytes, reason: bytes, name: str) -> None:
    """Printable characters and line ends are all that comes out, whatever went in."""
    for found in (
        report(answer(200, (name, value), ("Access-Control-Allow-Origin", value), reason=reason)),
        report(answer(302, ALLOW_ALL, ("Location", value)), answer(200, ALLOW), redirect="error"),
        report(answer(204, ALLOW, ("Access-Control-Allow-Methods", value)), **JSON),
        report(failure("not-http", value.decode("latin-1"))),
    ):
        for encoding in ("utf-8", "ascii"):
            text = shown(found, encoding=encoding)
            assert all(char == "\n" or char.isprintable() for char in text)
            # A word of the command is of use in one piece only, however narrow the terminal.
            words = {f"    {line}" for line in consult(found).command.lines(76) if len(line.split()) <= 2}
            assert all(cell_len(line) <= 80 or line in words for line in text.split("\n"))


def test_values_are_not_read_as_markup() -> None:
    text = shown(
        report(answer(200, ("Vary", "[bold red]x[/] :smile: [link=https://evil.example]y[/link]"))), colour=True
    )
    assert "Vary: [bold red]x[/] :smile: [link=https://evil.example]y[/link]" in text
    assert "\x1b]8" not in text


def test_a_long_answer_stays_a_report() -> None:
    """The most that a server can send still leaves the verdict within a few screens."""
    fields = [(f"Access-Control-X{number}", "y" * 5000) for number in range(200)]
    assert len(shown(report(answer(200, *fields))).split("\n")) < 250


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [
        ("utf-8", UNICODE),
        ("UTF8", UNICODE),
        ("utf-16", UNICODE),
        ("ascii", ASCII),
        ("latin-1", ASCII),
        ("cp1252", ASCII),
    ],
)
def test_glyphs_follow_the_encoding(encoding: str, glyphs: object) -> None:
    assert glyphs_of(Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding))) is glyphs


@pytest.mark.parametrize(
    ("notes", "printed"),
    [
        ([], ""),
        (
            ["One, which is longer than the console is wide.", "[b]Two"],
            ("One, which is longer than the console is\nwide.\n[b]Two\n\n"),
        ),
    ],
)
def test_notes(notes: list[str], printed: str) -> None:
    out = io.StringIO()
    print_notes(notes, Console(file=out, width=40))
    assert out.getvalue() == printed


class TestReadings:
    """Pasted messages: each with its step, its meaning and what to do."""

    @staticmethod
    def printed(text: str, *, width: int = 80, encoding: str = "utf-8") -> str:
        out = io.TextIOWrapper(io.BytesIO(), encoding, errors="strict", newline="")
        print_readings([read(each) for each in recognise(text)], Console(file=out, width=width))
        out.flush()
        buffer = out.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(encoding)

    def test_one(self) -> None:
        text = (
            "Access to fetch at 'https://api.example/users' from origin 'https://app.example' has been blocked by CORS "
            "policy: Request header field x-key is not allowed by Access-Control-Allow-Headers in preflight response."
        )
        assert (
            self.printed(text)
            == """\
Chromium (Chrome, Edge, Opera) blocked a call of https://api.example/users
  from page https://app.example
  B241: A request header is not in Access-Control-Allow-Headers

    Access to fetch at 'https://api.example/users' from origin
    'https://app.example' has been blocked by CORS policy: Request header field
    x-key is not allowed by Access-Control-Allow-Headers in preflight response.

  What it means: Script, or a library that it uses, sets a header that the
  preflight response does not list. The real request was not sent.
    https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
  The same words stand for B242, B240 too; crossorigin check tells which it is.

  Behind it is:
    - A request header is not allowed (C405)

  What to do: List x-key in `Access-Control-Allow-Headers` on the answer to
  OPTIONS https://api.example/users.

  Which it is, and the fix for the server, tells:
    crossorigin check https://api.example/users --origin https://app.example \\
      -H 'x-key: 1'
  More: crossorigin explain B241
"""
        )

    def test_old_words_say_so(self) -> None:
        text = "Response for preflight has invalid HTTP status code 405"
        assert "    These are the words of Chrome until about 2018.\n" in self.printed(text)

    @pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
    def test_nothing_reaches_the_terminal_unescaped(self, encoding: str) -> None:
        text = "Header Access-Control-Allow-Methods has an invalid value: \x1b[31m\u202e\u00e9"
        printed = self.printed(text, encoding=encoding)
        assert "\\x1b[31m\\u202e" in printed
        assert "\x1b" not in printed

    def test_several_are_apart(self) -> None:
        one = "Request header field {} is not allowed by Access-Control-Allow-Headers."
        assert "\n\nWebKit" in self.printed(f"{one.format('x-a')}\n{one.format('x-b')}")

    @pytest.mark.parametrize("width", [40, 80, 200])
    def test_width(self, width: int) -> None:
        text = "Request header field x-key is not allowed by Access-Control-Allow-Headers in preflight response."
        lines = self.printed(text, width=width).splitlines()
        assert max(cell_len(line) for line in lines if "https://" not in line) <= width
