"""Directives, and the bounds within which files are read."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.directive import Directive, bounded, opened, walk


def test_a_directive() -> None:
    directive = Directive(["header", "set", "X 1"], 3)
    assert (directive.name, directive.arguments, directive.text) == ("header", ["set", "X 1"], "header set X 1")
    assert (Directive([], 1).name, Directive([], 1).arguments) == ("", [])


def test_walk() -> None:
    tree = [Directive(["a"], 1, [Directive(["b"], 2), Directive(["c"], 3, [Directive(["d"], 4)])]), Directive(["e"], 5)]
    assert [each.name for each in walk(tree)] == ["a", "b", "c", "d", "e"]
    assert [each.name for each in walk(tree, "c")] == ["a", "b", "c", "e"]


def test_too_many_words() -> None:
    assert list(bounded("abc")) == ["a", "b", "c"]
    with pytest.raises(MigrationError, match="more than 200,000 words"):
        list(bounded("a" * 300_000))


def test_too_deep() -> None:
    stack: list[list[Directive]] = [[]]
    for _ in range(99):
        opened(stack, Directive([], 4))
    with pytest.raises(MigrationError, match="line 4: its blocks are nested too deep"):
        opened(stack, Directive([], 4))
