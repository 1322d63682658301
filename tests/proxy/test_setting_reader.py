"""Questions to a table, and what is noted where the answer is none."""

from __future__ import annotations

import pytest

from crossorigin.proxy.setting_reader import SettingProblem, SettingReader, SettingsError


def reading(**table: object) -> tuple[SettingReader, list[SettingProblem]]:
    problems: list[SettingProblem] = []
    return SettingReader(table, ("proxy",), lambda *path: "/".join(map(str, path)), problems), problems


def test_values() -> None:
    reader, problems = reading(a="x", b=True, c=7, d=["x"], e={"f": 1}, s=1.5, z=0)
    assert (reader.text("a", ""), reader.text("no", "y")) == ("x", "y")
    assert (reader.optional("a"), reader.optional("no")) == ("x", None)
    assert (reader.flag("b", default=False), reader.flag("no", default=True)) == (True, True)
    assert (reader.whole("c", 1, 9), reader.whole("no", 1, 9)) == (7, 1)
    assert (reader.texts("d"), reader.texts("no")) == (("x",), ())
    assert (reader.choice("a", ("y", "x"), "y"), reader.choice("no", ("y", "x"), "y")) == ("x", "y")
    assert reader.inner("e").table == {"f": 1}
    assert reader.inner("no").table == {}
    assert reader.wrapped("a", "target").table == {"target": "x"}
    assert reader.seconds("s", None, zero_is_none=True) == 1.5
    assert (reader.seconds("z", 1.0, zero_is_none=True), reader.seconds("z", 1.0, zero_is_none=False)) == (None, 0.0)
    assert problems == []


WRONG = [
    ("text", lambda r: r.text("v", ""), 3, "3 is not a string."),
    ("flag", lambda r: r.flag("v", default=True), "yes", '"yes" is not true or false.'),
    ("whole", lambda r: r.whole("v", 1, 9), True, "True is not a whole number."),
    ("too high", lambda r: r.whole("v", 1, 9), 10, "10 is not from 0 to 9."),
    ("negative", lambda r: r.whole("v", 1, 9), -1, "-1 is not from 0 to 9."),
    ("choice", lambda r: r.choice("v", ("a", "b"), "a"), "c", '"c" is not one of a, b.'),
    ("seconds", lambda r: r.seconds("v", 1.0, zero_is_none=False), "5s", '"5s" is not a number of seconds.'),
    ("endless", lambda r: r.seconds("v", 1.0, zero_is_none=False), float("inf"), "inf is not a number of seconds."),
    ("no seconds", lambda r: r.seconds("v", 1.0, zero_is_none=False), True, "True is not a number of seconds."),
    ("a string for a list", lambda r: r.texts("v"), "a", 'it is a list: write ["a"].'),
    ("no list", lambda r: r.texts("v"), 3, "3 is not a list of strings."),
    ("no table", lambda r: r.inner("v"), 3, "3 is not a table."),
]


@pytest.mark.parametrize(("ask", "value", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong(ask: object, value: object, sentence: str) -> None:
    reader, problems = reading(v=value)
    ask(reader)  # type: ignore[operator]
    assert problems == [SettingProblem(("proxy", "v"), sentence, "proxy/v")]


def test_an_item_has_its_place() -> None:
    reader, problems = reading(v=["a", 3])
    assert reader.texts("v") == ("a",)
    assert problems == [SettingProblem(("proxy", "v"), "3 is not a string.", "proxy/v/1")]


def test_unknown_settings() -> None:
    reader, problems = reading(prot=1, zzzz=2)
    reader.only(("port", "host"))
    assert [problem.sentence for problem in problems] == [
        "there is no such setting; the nearest is port.",
        "there is no such setting; they are port, host.",
    ]


def test_all_at_once() -> None:
    problems = [
        SettingProblem(("proxy", "routes", "/api", "target"), "it is missing.", "a.toml:3"),
        SettingProblem(("proxy", "port"), "3.5 is not a whole number."),
    ]
    assert str(SettingsError(problems)) == (
        "the proxy's settings have 2 problems:\n"
        '  a.toml:3: proxy.routes."/api".target: it is missing.\n'
        "  proxy.port: 3.5 is not a whole number."
    )
    assert str(SettingsError(problems[:1])).startswith("the proxy's settings have a problem:")
