"""`crossorigin demo` as a command; what it shows is in `tests/lab/test_demo.py`."""

from __future__ import annotations

from .conftest import call, run


def test_it_runs() -> None:
    ended = call("demo")
    assert (ended.status, ended.err) == (0, "")
    assert "✗ Blocked: PUT" in ended.out
    assert "✓ Allowed: " in ended.out


def test_as_a_program() -> None:
    ended = run("demo", environment={"PYTHONIOENCODING": "ascii"})
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.isascii()
    assert max(map(len, ended.out.split("\n"))) <= 80


def test_it_takes_no_words() -> None:
    ended = call("demo", "now")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "crossorigin demo: unrecognized arguments: now (see crossorigin demo --help)\n"
