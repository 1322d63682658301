"""Whether a text is well-formed in its language, and what shape it has whatever its strings say: by tree-sitter."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

__all__ = ["LANGUAGES", "faults", "literals", "shape"]

LANGUAGES = {
    "csharp": ("tree_sitter_c_sharp", "language"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "php": ("tree_sitter_php", "language_php"),
    "ruby": ("tree_sitter_ruby", "language"),
}
"""Languages as `File` names them → the package of the grammar, and the function in it that hands it out."""

_STRINGS = {
    "interpreted_string_literal",
    "raw_string_literal",
    "regex",
    "simple_symbol",
    "string",
    "string_literal",
    "verbatim_string_literal",
}
_COMMENTS = {"block_comment", "comment", "line_comment"}

Shape = tuple[Any, ...]


def _root(language: str, text: str) -> Any:
    package, function = LANGUAGES[language]
    try:
        tree_sitter, grammar = import_module("tree_sitter"), import_module(package)
    except ModuleNotFoundError as missing:
        pytest.skip(f"{missing.name} is not installed (`make test` installs it), so {language} was not parsed")
    parser = tree_sitter.Parser(tree_sitter.Language(getattr(grammar, function)()))
    return parser.parse(text.encode()).root_node


def faults(language: str, text: str) -> list[str]:
    """The lines at which a text is no program of its language; empty for one that is."""
    found, todo = [], [_root(language, text)]
    while todo:
        node = todo.pop()
        if node.is_error or node.is_missing:
            found.append(text.splitlines()[node.start_point[0]])
        todo += node.children if node.has_error else []
    return found


def shape(language: str, text: str) -> Shape:
    """A program's tree without its comments, each string and each symbol being one leaf: the same for any name."""
    return _shape(_root(language, text))


def _shape(node: Any) -> Shape:
    if node.type in _STRINGS:
        return ("string",)
    return (node.type, *(_shape(child) for child in node.children if child.type not in _COMMENTS))


def literals(language: str, text: str) -> list[str]:
    """The strings of a program as they are written, quotes and all, in order."""
    found: list[str] = []
    _collect(_root(language, text), found)
    return found


def _collect(node: Any, found: list[str]) -> None:
    if node.type in _STRINGS:
        found.append(node.text.decode())
        return
    for child in node.children:
        _collect(child, found)
