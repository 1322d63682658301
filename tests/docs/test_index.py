"""The first page of the documentation: what it shows first, and that it leads everywhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from crossorigin.cli.check import question_of

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)#]+)\)", TEXT)


def test_the_three_ways_from_the_console_to_green_come_first() -> None:
    assert [Path(link).parts[-2] for link in LINKS[:3]] == ["frontend-express", "frontend-fastapi", "frontend-nginx"]


@pytest.mark.parametrize("link", LINKS)
def test_links_lead_somewhere(link: str) -> None:
    assert (DOCS / link).exists()


def test_every_page_is_linked() -> None:
    assert {path.name for path in DOCS.glob("*.md")} - {"README.md"} <= set(LINKS)


def test_its_check_is_the_one_of_the_examples() -> None:
    (command,) = re.findall(r"^crossorigin (check .*)$", TEXT.replace("\\\n", " "), re.MULTILINE)
    question = question_of(shlex.split(command)[1:])
    readme = (DOCS.parent / "examples" / "frontend-express" / "README.md").read_text(encoding="utf-8")
    (shown, *_) = re.findall(r"^ +crossorigin (check .*)$", readme, re.MULTILINE)
    assert question == question_of(shlex.split(shown)[1:])


def test_lines_fit_a_terminal() -> None:
    assert max(map(len, TEXT.splitlines())) <= 80
