"""What a value in JavaScript is, where it is written out; everything else is unread and never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.stacks.javascript_syntax import Entry, Regex, Source, Unread


def value(text: str, before: str = "") -> Any:
    """The value of `x`, after some more program."""
    source = Source(f"{before}\nuse({text})")
    at = next(at for at in range(len(source)) if source.text(at) == "use" and source.text(at + 1) == "(")
    return plain(source.value(*source.arguments(at + 1)[0]))


def plain(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: plain(entry.value if isinstance(entry, Entry) else entry) for key, entry in found.items()}
    if isinstance(found, list):
        return [plain(each) for each in found]
    return found.text if isinstance(found, Unread) else found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'a'", "a"),
        ("`a`", "a"),
        ("1_000", 1000),
        ("true", True),
        ("null", None),
        ("/^a\\/b$/i", Regex("^a/b$", "i")),
        ("['a', \"b\",]", ["a", "b"]),
        ("{ a: 1, 'b-c': [true], }", {"a": 1, "b-c": [True]}),
        ("['a'] as const", ["a"]),
        ("{ a: 1 } satisfies Options", {"a": 1}),
    ],
)
def test_written_out(text: str, found: object) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "process.env.ORIGIN",
        "a || 'b'",
        "isProd ? 'a' : 'b'",
        "'a,b'.split(',')",
        "`https://${host}`",
        "'a\\x41'",
        "new RegExp('a')",
        "'a' + 'b'",
        "(origin) => true",
        "function (origin, done) { done(null, true) }",
        "unknown",
    ],
)
def test_not_written_out(text: str) -> None:
    assert value(text) == text


def test_spreads() -> None:
    assert value("{ ...a, c: 2 }", "const a = { b: 1, c: 1 }") == {"b": 1, "c": 2}
    # What is not known may say otherwise than all that stands before it.
    assert value("{ b: 1, ...a, c: 2 }") == {"...": "...a", "b": "...a", "c": 2}
    assert value("[...a(), 'b']") == ["...a()", "b"]


def test_methods_and_short_keys() -> None:
    assert value("{ a, b(c) { return 1 }, async d() {} }", "const a = 1") == {
        "a": 1,
        "b": "b(c) { return 1 }",
        "d": "async d() {}",
    }


@pytest.mark.parametrize(
    ("text", "parameters", "body"),
    [
        ("function (a, b) { c }", ("a", "b"), "c"),
        ("async function f(a) { c }", ("a",), "c"),
        ("(a: string, b: Done): void => { c }", ("a", "b"), "c"),
        ("f", ("z",), "y"),
        ("g", (), "w"),
    ],
)
def test_functions(text: str, parameters: tuple[str, ...], body: str) -> None:
    source = Source(f"use({text}); function f(z) {{ y }} const g = () => {{ w }}")
    found = source.value(*source.arguments(1)[0])
    parts = source.function_parts(found)
    assert parts is not None
    assert parts.parameters == parameters
    assert source.words(parts.start, parts.end) == body


@pytest.mark.parametrize("text", ["a", "a.b", "a(b)", "x => y", "(a) => b", "'a' + 'b'"])
def test_no_functions(text: str) -> None:
    source = Source(f"use({text})")
    found = source.value(*source.arguments(1)[0])
    assert isinstance(found, Unread)
    assert source.function_parts(found) is None


def test_an_entry() -> None:
    source = Source("use({ a: 1, cors: { b: 2 } })")
    place = source.entry(*source.arguments(1)[0], "cors")
    assert place is not None
    assert source.written(*place) == "{ b: 2 }"
    assert source.entry(*source.arguments(1)[0], "c") is None
    assert source.entry(0, 1, "a") is None


def test_bounds() -> None:
    assert isinstance(Source(f"{'[' * 100}1{']' * 100}").value(0, 201), list)
    doubled = "const a0 = ['x'];" + "".join(f"const a{n + 1} = [...a{n}, ...a{n}];" for n in range(28))
    assert len(value("a28", doubled)) < 50_000


def test_what_is_unclosed() -> None:
    source = Source("use({ a: [1, ")
    assert source.arguments(1) == []
    assert source.string(99) is None
    assert source.named("a") is None
