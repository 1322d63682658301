"""Floor 2: its imports go down, its citations resolve, its modules are small and export what they say."""

from __future__ import annotations

import ast
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

import crossorigin
from crossorigin.web.anchors import ANCHORS

SOURCES = sorted((Path(crossorigin.__file__).parent / "policy").glob("*.py"))
URL = re.compile(r"https://[^\s`\"']+#[^\s`\"',;]+")


def _name(source: Path) -> str:
    return source.stem


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_imports_go_down(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for module in modules:
        if module.startswith("crossorigin"):
            assert module.startswith(("crossorigin.policy", "crossorigin.web"))
            assert module != "crossorigin.web.url"
        else:
            assert module.partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_every_address_is_in_the_table(source: Path) -> None:
    known = {url.rstrip("().:") for url in ANCHORS.values()}
    assert [url for url in URL.findall(source.read_text(encoding="utf-8")) if url.rstrip("().:") not in known] == []


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_modules_are_small_and_export_what_they_say(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert text.count("\n") <= 260
    assert "TYPE_CHECKING" not in text
    module = import_module("crossorigin.policy" if source.stem == "__init__" else f"crossorigin.policy.{source.stem}")
    assert module.__doc__
    for name in module.__all__:
        assert hasattr(module, name)
    defined = {
        node.name
        for node in ast.parse(text).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    }
    assert defined <= set(module.__all__)
    for name in defined:
        assert getattr(module, name).__doc__
