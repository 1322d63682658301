"""What names stand for: what they were given once, and nothing where anything else might be meant."""

from __future__ import annotations

import pytest

from crossorigin.stacks.javascript_names import declared_functions, given_names
from crossorigin.stacks.javascript_tokens import partners, tokens


def given(program: str) -> str | None:
    """What `x` was given, its words with blanks between; None where that is not sure."""
    words = tokens(program)
    place = given_names(words, partners(words)).get("x")
    return None if place is None else " ".join(token.text for token in words[slice(*place)])


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("const x = ['a'];", "[ 'a' ]"),
        ("const x: string[] = ['a']", "[ 'a' ]"),
        ("export const x = 'a' as string\nf()", "'a' as string"),
        ("let y, x = 1", None),
        ("var x = 'a', y = 'b'", "'a'"),
        ("const x = {\n a: 1\n}\n!f()", "{ a : 1 }"),
        ("const x = ['a']\n  .concat(y)", "[ 'a' ] . concat ( y )"),
        ("const x = 'a'\n  || y", "'a' || y"),
        ("const x = 'a'\n(f)", "'a' ( f )"),
        ("const x = 'a'\n`b`", "'a' `b`"),
        ("const x = 'a'\nif (y) {}", "'a'"),
        ("f(x.a, x[0], x == y, x.includes('b'))\nconst x = 'a'", "'a'"),
    ],
)
def test_given(program: str, found: str | None) -> None:
    assert given(program) == found


@pytest.mark.parametrize(
    "program",
    [
        "const x = ['a']; x.push('b')",
        "let x = ['a']; if (y) x = ['b']",
        "let x = ['a']; x[0] = 'b'",
        "let x = 'a'; x += 'b'",
        "let x = 'a'; x ||= 'b'",
        "const x = { a: [] }; x.a.push('b')",
        "const x = { a: 1 }; x['a'].b = 2",
        "const x = { a: 1 }; Object.assign(x, y)",
        "const x = { a: 1 }; delete x.a",
        "const x = 1; const x = 2",
        "const x = 'a'; function f(x) {}",
        "const x = 'a'; f(function (y, x) {})",
        "const x = 'a'; f((x) => x)",
        "const x = 'a'; f((x): string => x)",
        "const x = 'a'; f(x => x)",
        "const x = 'a'; function f() { const { x } = y }",
        "const x = 'a'; function f() { const [x] = y }",
        "for (const x of y) { z = 'a' }",
        "let x\nlet y = 1",
    ],
)
def test_not_sure(program: str) -> None:
    assert given(program) is None


def functions(program: str) -> dict[str, str]:
    words = tokens(program)
    places = declared_functions(words, partners(words))
    return {name: " ".join(token.text for token in words[slice(*place)]) for name, place in places.items()}


def test_functions() -> None:
    assert functions("function f(a) { b }\nasync function g(): void {}\nconst h = function () {}") == {
        "f": "( a ) { b }",
        "g": "( ) : void { }",
    }
    assert functions("function f() {} function f() {}") == {}
