"""Every citation resolves: the Fetch ids against the standard's own list, the rest against the one table."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import crossorigin
from crossorigin.web.anchors import ANCHORS, FETCH_COMMIT, FETCH_STANDARD, section

PACKAGE = Path(crossorigin.__file__).parent
SOURCES = sorted([*(PACKAGE / "web").glob("*.py"), *(PACKAGE / "fetch").glob("*.py")])
ALGORITHMS = (
    "headers",
    "extract",
    "methods",
    "statuses",
    "forbidden",
    "mime",
    "nosniff",
    "ranges",
    "safelisted_header",
    "safelists",
    "origins",
    "origin_grammar",
    "origin_syntax",
    "sites",
    "trustworthy",
)
URL = re.compile(r"https://[^\s`\"']+#[^\s`\"',;]+")


def docstrings(source: Path) -> list[str]:
    """Every string that stands alone: those of modules, classes and functions, and those below a constant."""
    return [
        node.value.value
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]


def bare(url: str) -> str:
    """Without the punctuation of the sentence around it, and without the parentheses of `#the-send()-method`."""
    return url.rstrip("().:")


def test_every_fetch_id_is_in_the_standard(vectors: Path) -> None:
    ids = set((vectors / "fetch-standard-anchors.txt").read_text(encoding="utf-8").split())
    # Two ids are questions, and end in a question mark that the stored list has lost.
    used = {
        url.removeprefix(f"{FETCH_STANDARD}#").removesuffix("?")
        for url in ANCHORS.values()
        if url.startswith(FETCH_STANDARD)
    }
    assert len(ids) > 500
    assert used
    assert used - ids == set()


def test_no_address_is_there_twice() -> None:
    assert len(set(ANCHORS.values())) == len(ANCHORS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.parent.name}/{source.name}")
def test_every_address_in_a_docstring_is_in_the_table(source: Path) -> None:
    known = set(map(bare, ANCHORS.values()))
    assert [url for text in docstrings(source) for url in URL.findall(text) if bare(url) not in known] == []


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_public_function_cites_its_section(name: str) -> None:
    tree = ast.parse((PACKAGE / "web" / f"{name}.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    assert functions
    assert [node.name for node in functions if not URL.search(ast.get_docstring(node) or "")] == []


def test_section_looks_up_a_key() -> None:
    assert section("simple-header") == "https://fetch.spec.whatwg.org/#simple-header"
    with pytest.raises(KeyError):
        section("no-such-section")


def test_the_text_followed_is_a_commit() -> None:
    assert re.fullmatch("[0-9a-f]{40}", FETCH_COMMIT)
