"""Prediction beside reality, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from crossorigin.browser.real.call import Outcome
from crossorigin.browser.real.proxy import PassedRequest
from crossorigin.doctor.diagram import UNICODE
from crossorigin.doctor.real_text import real_paragraphs
from crossorigin.doctor.reality import NotAsked, Reality
from crossorigin.doctor.report import Report
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.profiles import CHROMIUM, ENGINES, FIREFOX, WEBKIT

from .conftest import ALLOW, ASKED, VARY, answer, report, shown


def found(real: Mapping[Profile, Reality], *fields: tuple[str, str]) -> Report:
    return replace(report(answer(200, *(fields or (ALLOW, VARY))), profiles=ENGINES), real=real)


def section(made: Report, *, width: int = 80, encoding: str = "utf-8") -> str:
    """What stands between the prediction and the notes."""
    return shown(made, width=width, encoding=encoding).partition("  For real ")[2]


def test_nothing_without_it() -> None:
    assert list(real_paragraphs(found({}), UNICODE, 80)) == []
    assert "For real" not in shown(found({}))


def test_a_browser() -> None:
    fine = replace(ASKED, differences=(), emulated=("Both.", "Mine."))
    assert (
        section(found({CHROMIUM: ASKED, FIREFOX: fine, WEBKIT: NotAsked("it is not here")}))
        == """\
(each browser has sent it all once more):
    Chromium 156.0.8078.79
                predicted                        real
      script    may read                         may read
      type      cors                             cors
      status    200                              200
      headers   none                             content-length, x-a
      sent GET http://api.example/
        Origin: https://app.example
      sent to cdn.example:443 what TLS hides; it is not compared
      said said
      ✗ it differs
    Chromium 156.0.8078.79
                predicted                        real
      script    may read                         may read
      type      cors                             cors
      status    200                              200
      headers   none                             content-length, x-a
      sent GET http://api.example/
        Origin: https://app.example
      sent to cdn.example:443 what TLS hides; it is not compared
      said said
      ✓ as predicted
    WebKit was not asked: it is not here.
    What was emulated: (Chromium) It was emulated. (Firefox) Both. (Firefox)
    Mine.
"""
    )


def test_blocked_for_real_stands_on_top() -> None:
    blocked = replace(ASKED, outcome=Outcome(blocked=True))
    out = shown(found({CHROMIUM: ASKED, FIREFOX: blocked, WEBKIT: blocked}))
    assert out.split("\n\n")[0].endswith("\n✗ But not for real: Firefox and WebKit blocked it (below)")
    assert "      script    may read                         blocked\n" in out
    assert "      headers   none                             -\n" in out


def test_opaque() -> None:
    opaque = replace(ASKED, outcome=Outcome(blocked=False, type="opaque"))
    assert "sees nothing\n      type      cors                             opaque\n" in section(
        found({CHROMIUM: opaque})
    )


@pytest.mark.parametrize(
    ("real", "words"),
    [
        (dict.fromkeys(ENGINES, NotAsked("why")), "  The browsers were not asked: why.\n"),
        (
            {CHROMIUM: NotAsked("one"), FIREFOX: NotAsked("two")},
            "    Chromium was not asked: one.\n    Firefox was not asked: two.\n",
        ),
    ],
)
def test_nobody_was_asked(real: Mapping[Profile, Reality], words: str) -> None:
    out = shown(found(real))
    assert words in out
    assert "emulated" not in out


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_whatever_comes_from_outside(width: int, encoding: str) -> None:
    hostile = "\x1b[31m[bold]é\u202e" + "x" * 300
    real = replace(
        ASKED,
        version=hostile,
        outcome=replace(ASKED.outcome, headers=tuple((f"x-{number}", "") for number in range(60))),
        console=(hostile,),
        requests=(PassedRequest("GET", hostile, (("Origin", hostile),)),),
        differences=(hostile,),
    )
    lines = section(found({CHROMIUM: real}), width=width, encoding=encoding).split("\n")
    assert max(map(len, lines)) <= width
    assert all(line.isprintable() for line in lines)
