"""The one door: which engine, and what none of them says."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode
from crossorigin.fetch.console import CATALOGUES, console_lines, console_warnings

from ..dialogue import answer  # noqa: TID252
from .results import after_preflight, allowed, call, made, origin

ENGINES = ["chromium", "firefox", "webkit"]


@pytest.mark.parametrize("engine", ["standard", *ENGINES])
def test_what_is_allowed_prints_nothing(engine: str) -> None:
    assert console_lines(engine, allowed()) == ()
    assert console_warnings(engine, allowed()) == ()


@pytest.mark.parametrize("code", BlockCode)
def test_the_standard_prints_nothing(code: BlockCode) -> None:
    assert console_lines("standard", made(code, answer(200))) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_speaks(engine: str) -> None:
    lines = console_lines(engine, call(answer(200)))
    assert lines
    assert all("https://api.other/data" in line or "Origin https://page.example" in line for line in lines)


def test_webkit_and_the_standard_do_not_warn() -> None:
    result = after_preflight(answer(204, origin("*"), ("Access-Control-Allow-Headers", "*")), "authorization")
    assert [bool(console_warnings(engine, result)) for engine in ["standard", *ENGINES]] == [False, True, True, False]


@pytest.mark.parametrize("door", [console_lines, console_warnings])
def test_no_engine(door: object) -> None:
    assert callable(door)
    with pytest.raises(
        ValueError, match=r"\A'safari' is not an engine; it is one of chromium, firefox, webkit, standard\Z"
    ):
        door("safari", allowed())


def test_the_tables_are_those_of_the_engines() -> None:
    assert list(CATALOGUES) == ENGINES
