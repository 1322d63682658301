"""The page on moving configurations over: what it shows is what comes out, and its table has every stack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossorigin.stacks import all_stacks, get_stack

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "migrate.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"`--from (\w+)`:\n\n```\w+\n(.*?)```\n\n```toml\n(.*?)```", TEXT, re.DOTALL)


def test_there_are_examples() -> None:
    assert [name for name, _, _ in SHOWN] == ["express", "apache", "caddy"]


@pytest.mark.parametrize(("name", "text", "toml"), SHOWN, ids=[name for name, _, _ in SHOWN])
def test_what_comes_out(name: str, text: str, toml: str) -> None:
    read = get_stack(name).read
    assert read is not None
    assert read(text).to_toml() == toml


def test_the_table_has_every_stack_that_can_be_read() -> None:
    rows = re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE)
    named = [name for row in rows[1:] for name in re.findall(r"`([\w-]+)`", row)]
    assert sorted(named) == sorted(stack.name for stack in all_stacks() if stack.read is not None)


def test_lines_fit_a_terminal() -> None:
    prose = re.sub(r"```.*?```|^\|.*$", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert max(map(len, prose.splitlines())) <= 80
