"""Documents in JSON and YAML: plain values with their lines, and nothing made of what only a tool knows."""

from __future__ import annotations

import sys

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.document import Object, Unknown, load, objects, texts

HINT = "say it otherwise"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, "b", true, null]}', {"a": [1, "b", True, None]}),
        ("a:\n- 1\n- b\n- true\n- ~", {"a": [1, "b", True, None]}),
        ("a: {b: 'c', d: [\"e\"]}", {"a": {"b": "c", "d": ["e"]}}),
        ("a: 1.5\nb: 2020-01-01", {"a": "1.5", "b": "2020-01-01"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: 1\n---\nb: 2", [{"a": 1}, {"b": 2}]),
        ("", []),
        ("a: !Ref Stage\nb: !Sub [x]", {"a": Unknown("!Ref Stage"), "b": Unknown("!Sub")}),
    ],
)
def test_values(text: str, value: object) -> None:
    assert load(text, HINT) == value


@pytest.mark.parametrize(
    "text", ['{\n "a": "x: y",\n "b": {\n "c": 1 } }', "# a\na: 'x: y'\nb:\n  c: 1"], ids=["json", "yaml"]
)
def test_lines(text: str) -> None:
    value = load(text, HINT)
    assert isinstance(value, Object)
    assert value.lines == {"a": 2, "b": 3}
    assert value["b"].lines == {"c": 4}


def test_of_two_keys_the_last_counts() -> None:
    value = load('{"a": 1,\n"a": 2,\n"b": 3}', HINT)
    assert (dict(value), value.lines) == ({"a": 2, "b": 3}, {"a": 2, "b": 3})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": }', "it is not JSON: Expecting value in line 1"),
        ('{"a": ' + "9" * 5000 + "}", "it is not JSON that can be read"),
        ("[" * 100_000, "nested too deep"),
        ("<CORSConfiguration>\n<CORSRule>: a\nb: <a", "say it otherwise"),
        ("a: [", "it is neither JSON nor YAML"),
        ("a: \x00", "it is neither JSON nor YAML"),
        ("- " * 3000, "nested too deep"),
        ("a: &a [*a, *a]", "too many values|nested too deep"),
        ("a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(30)), "too many values"),
        ("a: b\n" * 60_000, "more than 200,000 characters"),
    ],
)
def test_malformed(text: str, message: str) -> None:
    with pytest.raises(MigrationError, match=message) as raised:
        load(text, HINT)
    assert "\n" not in str(raised.value)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert load('{"a": 1}', HINT) == {"a": 1}
    with pytest.raises(MigrationError, match=r'pip install "crossorigin\[cli\]"'):
        load("a: 1", HINT)


def test_objects() -> None:
    value = load("a: {name: x, b: [{c: 1}]}\nd: {}", HINT)
    assert [(list(each), name) for each, name in objects(value)] == [
        (["a", "d"], ""),
        (["name", "b"], "x"),
        (["c"], "x"),
        ([], ""),
    ]


@pytest.mark.parametrize(
    ("value", "found"), [("a, b,", ["a", "b"]), (["a, b"], ["a, b"]), ([1], None), (1, None), ([], [])]
)
def test_texts(value: object, found: list[str] | None) -> None:
    assert texts(value) == found
