"""Reading settings out of Python without running it."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy.old_settings import Regex, Unread, read_assignments, read_calls

VALUES: list[tuple[str, Any]] = [
    ("3", 3),
    ("['a', 'b']", ["a", "b"]),
    ("KNOWN", ["k"]),
    ("[*KNOWN, 'b']", ["k", "b"]),
    ("(*KNOWN,) + ('b',)", ["k", "b"]),
    ("list(KNOWN) + ['b']", ["k", "b"]),
    ("tuple(IMPORTED)", ["i"]),
    ("'a' + 'b'", "ab"),
    ("re.compile(r'a.b')", Regex("a.b")),
    ("[re.compile('a'), 'b']", [Regex("a"), "b"]),
    ("{'a': KNOWN, 'b': f(), **more}", {"a": ["k"], "b": Unread("f()")}),
    ("os.environ['X']", Unread("os.environ['X']")),
    ("[*f()]", Unread("[*f()]")),
    ("1 + f()", Unread("1 + f()")),
    ("[f(), 'a']", [Unread("f()"), "a"]),
    ("not_there", Unread("not_there")),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[text for text, _ in VALUES])
def test_value(text: str, value: Any) -> None:
    source = f"KNOWN = ['k']\nX_A: object = {text}\nOTHER = 1\n"
    settings = read_assignments(source, "X_", {"IMPORTED": ["i"]})
    assert settings.values == {"X_A": value}
    assert type(settings.values["X_A"]) is type(value)
    assert settings.lines == {"X_A": 2}


def test_calls() -> None:
    source = """
shared = {"b": 2}
Thing(app, a=1)
other(1)
app.add(Thing, a=[
    "x"], **shared)
@module.Thing(c=f())
def view(): ...
Thing(**more())
"""
    found = read_calls(source, frozenset({"Thing"}))
    assert [settings.values for settings in found] == [
        {"a": 1},
        {"a": ["x"], "b": 2},
        {"c": Unread("f()")},
        {"**": Unread("more()")},
    ]
    assert [settings.line for settings in found] == [3, 5, 7, 9]
    assert found[1].lines == {"a": 5}


def test_nothing_is_run() -> None:
    assert read_calls("raise SystemExit\nThing(a=exit())", frozenset({"Thing"}))[0].values == {"a": Unread("exit()")}
    with pytest.raises(SyntaxError):
        read_calls("def", frozenset())
