"""The pages of the codes, as they stand in `docs/codes/` and travel inside the package."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from crossorigin.doctor.causes import CAUSES
from crossorigin.fetch.blocks import BLOCKS
from crossorigin.policy.problems import PROBLEMS

__all__ = ["UnknownCodeError", "code_opening", "code_page", "code_titles"]

_FORM = re.compile(r"[BPCA][0-9]{3}")


class UnknownCodeError(LookupError):
    """No page has this code; the message says what is near."""


def code_titles() -> dict[str, str]:
    """Every code and its title in one line, in order."""
    blocks = {code.value: kind.title for code, kind in BLOCKS.items()}
    problems = {code.value: kind.title for code, kind in PROBLEMS.items()}
    return blocks | problems | {code.value: kind.title for code, kind in CAUSES.items()}


def code_page(text: str) -> str:
    """The page of a code, in Markdown; `text` in any case. Raises UnknownCodeError."""
    code = text.strip().upper()
    titles = code_titles()
    if code not in titles:
        if _FORM.fullmatch(code) is None:
            raise UnknownCodeError(f"{text!r} is not a code; a code is a letter and three digits, such as B301 or P104")
        near = [known for known in titles if known[:2] == code[:2]]
        hint = f"; near it are {', '.join(near[:8])}" if near else ""
        raise UnknownCodeError(f"there is no code {code}{hint}")
    packaged = files("crossorigin") / "_codes"
    # A checkout that is run as it stands has the pages where they are written.
    pages = packaged if packaged.is_dir() else Path(__file__).parents[3] / "docs" / "codes"
    return (pages / f"{code}.md").read_text(encoding="utf-8")


def code_opening(text: str) -> str:
    """The first paragraph of a code's page, in one line: what the code means. Raises UnknownCodeError."""
    _, opening, *_ = code_page(text).split("\n\n")
    return " ".join(opening.split())
