"""Reading another library's settings out of a Python file, without running it.

What is understood: literals, names that the file gives a literal, `+`, `list(...)`, `tuple(...)`, `*name` in a list,
and `re.compile("...")`. Everything else (an environment variable, a function's result) is unread, and said to be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["OldSettings", "Regex", "Unread", "read_assignments", "read_calls"]

_KEYWORDS: Final = "**"


class Regex(str):
    """A string that was given to `re.compile`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that is only known when the program runs."""

    source: str


@dataclass(slots=True)
class OldSettings:
    """The settings of one call or of one file, and the line of each; `line` is that of the call."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    line: int = 1


def read_calls(source: str, names: frozenset[str]) -> list[OldSettings]:
    """The keyword arguments of every call of one of these names, or that has one as its first argument.

    `CORSMiddleware(app, ...)`, `app.add_middleware(CORSMiddleware, ...)`, `@cross_origin(...)`. Raises SyntaxError.
    """
    tree = ast.parse(source)
    known = _assignments(tree)
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = _name(node.func) in names
        if not called and not (node.args and _name(node.args[0]) in names):
            continue
        settings = OldSettings(line=node.lineno)
        for keyword in node.keywords:
            value = _evaluate(keyword.value, known)
            if keyword.arg is not None:
                settings.values[keyword.arg] = value
                settings.lines[keyword.arg] = keyword.value.lineno
            elif isinstance(value, dict):
                settings.values |= {str(name): each for name, each in value.items()}
            else:
                settings.values[_KEYWORDS] = value
        found.append(settings)
    return sorted(found, key=lambda settings: settings.line)


def read_assignments(source: str, prefix: str, known: Mapping[str, Any]) -> OldSettings:
    """What the file assigns to names that begin with `prefix`; `known` are names it may import. Raises SyntaxError."""
    tree = ast.parse(source)
    names = dict(known) | _assignments(tree, known)
    settings = OldSettings()
    for node in ast.walk(tree):
        for target, value in _targets(node):
            if target.startswith(prefix):
                settings.values[target] = _evaluate(value, names)
                settings.lines[target] = node.lineno if isinstance(node, ast.stmt) else 1
    return settings


def _assignments(tree: ast.Module, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    names: dict[str, Any] = dict(known or {})
    for node in tree.body:
        for target, value in _targets(node):
            names[target] = _evaluate(value, names)
    return names


def _targets(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        yield node.target.id, node.value


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _evaluate(node: ast.expr, known: Mapping[str, Any]) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        pass
    if isinstance(node, ast.Name) and node.id in known:
        return known[node.id]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return _members(node, known)
    if isinstance(node, ast.Dict):
        return {
            str(_evaluate(key, known)): _evaluate(value, known)
            for key, value in zip(node.keys, node.values, strict=True)
            if key is not None
        }
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _evaluate(node.left, known), _evaluate(node.right, known)
        if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
            return [*left, *right]
        if isinstance(left, str) and isinstance(right, str):
            return left + right
    if isinstance(node, ast.Call) and len(node.args) >= 1:
        inner = _evaluate(node.args[0], known)
        if _name(node.func) in {"list", "tuple", "set", "sorted"} and isinstance(inner, (list, tuple, set)):
            return list(inner)
        if _name(node.func) == "compile" and isinstance(inner, str):
            return Regex(inner)
    return Unread(ast.unparse(node))


def _members(node: ast.List | ast.Tuple | ast.Set, known: Mapping[str, Any]) -> Any:
    members: list[Any] = []
    for each in node.elts:
        value = _evaluate(each.value if isinstance(each, ast.Starred) else each, known)
        if not isinstance(each, ast.Starred):
            members.append(value)
        elif isinstance(value, (list, tuple, set)):
            members += value
        else:
            return Unread(ast.unparse(node))
    return members
