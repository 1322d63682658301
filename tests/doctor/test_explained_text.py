"""The page of a recording, line by line."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from crossorigin.doctor.diagram import ASCII, UNICODE
from crossorigin.doctor.explained import explain
from crossorigin.doctor.explained_text import explained_paragraphs
from crossorigin.doctor.recorded import Recording
from crossorigin.doctor.terminal import print_explanation
from crossorigin.doctor.transcript import read_transcript

from .hars import ALLOW, API, CHROMIUM, FIREFOX, PAGE, PROVISIONAL, PROXY, WEBKIT, entry, preflight, recording

FAILED = "net::ERR_FAILED"
ADVICE = (
    "Put the CORS layer before the router, so that OPTIONS /users is a 204 with "
    f"`Access-Control-Allow-Origin: {PAGE}`, `Access-Control-Allow-Methods: PUT`, "
    "`Access-Control-Allow-Headers: content-type, x-token` and `Vary: Origin`. The first of them belongs on every "
    "other answer too."
)


def page(read: Recording, **more: Any) -> list[str]:
    return [paragraph.text for paragraph in explained_paragraphs(explain(read), UNICODE, **more)]


def of(*entries: Any, creator: str = CHROMIUM, **more: Any) -> list[str]:
    return page(recording(*entries, creator=creator), **more)


class TestPage:
    """One block for each, then the count."""

    def test_a_blocked_call(self) -> None:
        put = entry(method="PUT", sent=PROVISIONAL, status=0, _error=FAILED)
        assert of(put, preflight(status=404, got=(), _error=None)) == [
            "Recorded by Chromium's DevTools; judged as Chromium would, from the recording alone.",
            "",
            f"\u2717 Blocked: PUT {API} from page {PAGE}",
            "B201: The preflight response has no Access-Control-Allow-Origin",
            "Cause: No route answers OPTIONS (C301, likely)",
            f"- OPTIONS {API} was answered 404",
            "\u2717 The response has no Access-Control-Allow-Origin.",
            f"the answer to OPTIONS {API} was 404",
            "Access-Control-Allow-Origin: (absent)",
            "The browser says: net::ERR_FAILED",
            f"What to change: {ADVICE}",
            "The fix for the server that answers, and the same call again:",
            f"crossorigin check {API} \\",
            f"  --page {PAGE}/ -X PUT \\",
            "  -H 'Content-Type: application/json' -H 'X-Token: t'",
            "More: crossorigin explain C301, crossorigin explain B201",
            "",
            "1 of 1 request was blocked.",
        ]

    def test_what_was_compared(self) -> None:
        lines = of(entry(got=(("access-control-allow-origin", "https://other.example"),), _error=FAILED))
        assert "Access-Control-Allow-Origin: https://other.example" in lines
        assert f"request origin: {PAGE}" in lines

    def test_no_answer(self) -> None:
        lines = of(entry(status=0, _error="net::ERR_CONNECTION_REFUSED"))
        assert lines[2:] == [
            f"\u2717 No answer (this is not CORS): GET {API} from page {PAGE}",
            "B601: There was no HTTP response",
            "Cause: No server answers there (C101, certain)",
            "- api.example:443 refused the connection (net::ERR_CONNECTION_REFUSED)",
            "\u2717 api.example:443 refused the connection (net::ERR_CONNECTION_REFUSED).",
            "What to change: Start the server, or correct the port.",
            "",
            "1 of 1 request was blocked.",
        ]

    def test_an_extension(self) -> None:
        lines = of(entry(status=0, _error="net::ERR_BLOCKED_BY_CLIENT"))
        assert lines[2] == f"\u2717 No answer (this is not CORS): GET {API} from page {PAGE}"
        assert any(line.startswith("What it means: An extension of the browser") for line in lines)
        assert any(line.startswith("What to change: Try in a profile without extensions") for line in lines)

    def test_the_browsers_own_words(self) -> None:
        words = f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200"
        lines = of(entry(status=0, _error=words), creator=WEBKIT)
        assert lines[2:5] == [
            f"\u2717 Blocked: GET {API} from page {PAGE}",
            "B301: The response has no Access-Control-Allow-Origin",
            f"The browser says: {words}",
        ]
        assert lines[5] == "Behind it can be: The server has no CORS policy (C401)"
        assert [line.partition(": ")[0] for line in lines[6:11]] == ["Behind it can be"] * 5
        assert lines[11].startswith("What it means: ")
        assert lines[12] == "The same words stand for B305, B304, B303 too; the answer itself was not recorded."
        assert lines[-3:] == [
            "More: crossorigin explain C401, crossorigin explain B301",
            "",
            "1 of 1 request was blocked.",
        ]

    def test_what_is_not_known(self) -> None:
        lines = of(entry(status=0), creator=FIREFOX)
        assert lines[2:] == [
            f"? Failed, and why is not recorded: GET {API} from page {PAGE}",
            f"Not known: The answer to GET {API} was not recorded.",
            "Not known: Why it failed was not recorded either; the browser's console had the reason.",
            "To find out: crossorigin check asks the server itself, as a browser would.",
            "",
            "1 of 1 request failed, and the recording does not tell why.",
        ]

    def test_what_a_transcript_does_not_show(self) -> None:
        put = f"> PUT /users HTTP/1.1\n> Host: api.example\n> Origin: {PAGE}\n>\n"
        lines = page(read_transcript(f"{put}< HTTP/1.1 200 OK\n< Access-Control-Allow-Origin: *\n<\n"))
        assert lines[0] == "Recorded by curl; judged as Chromium, Firefox and WebKit would, from the recording alone."
        assert lines[2] == f"? Not judged: PUT {API} from page {PAGE}"
        assert lines[-1] == "1 of 1 request could not be judged by it."

    def test_what_was_taken_for_granted(self) -> None:
        lines = of(entry(got=(("access-control-allow-origin", "*"),), _error=FAILED))
        (note,) = [line for line in lines if line.startswith("Note: ")]
        assert 'credentials mode "include"' in note

    def test_engines_that_part(self) -> None:
        lines = of(preflight(status=404, got=()), creator=PROXY)
        assert (
            lines[0]
            == "Recorded by mitmproxy 1; judged as Chromium, Firefox and WebKit would, from the recording alone."
        )
        assert lines[3:5] == [
            "B201: The preflight response has no Access-Control-Allow-Origin (Chromium and Firefox)",
            "B210: The preflight response does not have an ok status (WebKit)",
        ]


class TestCounts:
    """How often, and of how many."""

    def test_many_times(self) -> None:
        lines = of(entry(), entry(), entry(f"{API}/fine", got=ALLOW), creator=FIREFOX)
        assert lines[2] == f"\u2717 Blocked 2 times: GET {API} from page {PAGE}"
        assert lines[-1] == "2 of 3 requests were blocked."

    def test_some_of_each(self) -> None:
        lines = of(entry(), entry(f"{API}/a", status=0), entry(f"{API}/b", status=0), creator=FIREFOX)
        assert lines[-1] == "1 of 3 requests was blocked. 2 more failed, and the recording does not tell why."

    def test_with_queries(self) -> None:
        lines = of(entry(f"{API}?1"), entry(f"{API}?2"), creator=FIREFOX)
        assert lines[2] == f"\u2717 Blocked 2 times with several queries: GET {API}?1 from page {PAGE}"

    @pytest.mark.parametrize(
        ("entries", "line"),
        [
            ((), "There is no such request in it."),
            ((entry(got=ALLOW),), "Nothing was blocked in 1 request."),
            ((entry(got=ALLOW), entry(got=ALLOW)), "Nothing was blocked in 2 requests."),
        ],
    )
    def test_nothing(self, entries: tuple[Any, ...], line: str) -> None:
        assert of(*entries, creator=FIREFOX) == [line]

    def test_twenty_kinds_unless_all_are_asked_for(self) -> None:
        made = [entry(f"{API}/{number}") for number in range(23)] + [entry(f"{API}/22")] * 2
        lines = of(*made, creator=FIREFOX)
        assert sum(line.startswith("\u2717 Blocked") for line in lines) == 20
        assert lines[-3:] == ["\u2026 and 5 more, which --all prints", "", "25 of 25 requests were blocked."]
        every = of(*made, creator=FIREFOX, show_all=True)
        assert sum(line.startswith("\u2717 Blocked") for line in every) == 23


HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e\u2028\r\n[red]x[/red]\x9b1m"


class TestHostile:
    """Nothing from a recording reaches the terminal unescaped."""

    @staticmethod
    def printed(read: Recording, *, encoding: str) -> str:
        written = io.BytesIO()
        file = io.TextIOWrapper(written, encoding=encoding, errors="strict", newline="")
        console = Console(file=file, width=80, force_terminal=False, _environ={})
        print_explanation(explain(read), console, show_all=True)
        file.flush()
        return written.getvalue().decode(encoding)

    @pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
    @pytest.mark.parametrize(
        "made",
        [
            entry(got=(("Access-Control-Allow-Origin", HOSTILE),)),
            entry(f"{API}/{HOSTILE}"),
            entry(f"{API}?{HOSTILE}", status=0),
            entry(method=HOSTILE),
            entry(status=0, _error=HOSTILE),
            entry(status=0, _error=f"Method {HOSTILE} is not allowed by Access-Control-Allow-Methods."),
            entry(sent=(("Origin", PAGE), (HOSTILE, HOSTILE))),
            entry(sent=(("Origin", HOSTILE),)),
        ],
        ids=range(8),
    )
    @pytest.mark.parametrize("creator", [CHROMIUM, FIREFOX, WEBKIT, PROXY, HOSTILE])
    def test_a_file(self, made: Any, creator: str, encoding: str) -> None:
        shown = self.printed(recording(made, creator=creator), encoding=encoding)
        assert [char for char in shown if not char.isprintable() and char != "\n"] == []
        assert "owned" not in shown or "\x1b" not in shown
        if creator is HOSTILE and "Recorded by" in shown:
            assert "[red]x[/red]" in shown

    @settings(max_examples=60)
    @given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
    def test_any_text(self, one: str, two: str, three: str) -> None:
        made = entry(f"{API}/{one}", sent=(("Origin", PAGE), ("x", two)), got=((three, one),), status=200)
        made["response"]["statusText"] = two
        other = entry(f"{API}/{two}", status=0, _error=three)
        for glyphs in (UNICODE, ASCII):
            for paragraph in explained_paragraphs(explain(recording(made, other, creator=one)), glyphs):
                assert paragraph.text == "" or paragraph.text.isprintable()
