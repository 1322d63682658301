"""The pages of the codes: each is there, and each is found as people type it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from crossorigin.doctor.causes import CAUSES
from crossorigin.doctor.codes import UnknownCodeError, code_opening, code_page, code_titles
from crossorigin.fetch.blocks import BLOCKS
from crossorigin.policy.problems import PROBLEMS

CODES = [code.value for code in (*BLOCKS, *PROBLEMS, *CAUSES)]


def test_every_code_has_a_title_in_one_line() -> None:
    titles = code_titles()
    assert list(titles) == CODES
    assert len(set(CODES)) == len(CODES)
    for title in titles.values():
        assert title
        assert title.isprintable()
        assert not title.endswith(".")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page(code: str) -> None:
    page = code_page(code)
    heading = page.split("\n", 1)[0]
    assert heading == f"# {code}: {code_titles()[code]}"
    assert "\n## " in page


@pytest.mark.parametrize("typed", ["B301", "b301", " b301\n"])
def test_case_and_space_do_not_matter(typed: str) -> None:
    assert code_page(typed) == code_page("B301")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("B399", "there is no code B399; near it are B301, B302, B303, B304, B305, B306, B307, B308"),
        ("b602x", "'b602x' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ("B777", "there is no code B777"),
        ("", "'' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ("Access-Control", "'Access-Control' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ("../B301", "'../B301' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ("B٣01", "'B٣01' is not a code; a code is a letter and three digits, such as B301 or P104"),
        ("\x1b[31m", r"'\x1b[31m' is not a code; a code is a letter and three digits, such as B301 or P104"),
    ],
)
def test_what_is_no_code(typed: str, message: str) -> None:
    with pytest.raises(UnknownCodeError, match=rf"\A{re.escape(message)}\Z"):
        code_page(typed)


def test_the_pages_travel_in_the_package() -> None:
    """`make test` runs against the wheel, which has the pages inside; a checkout has them in `docs/codes`."""
    package = files("crossorigin")
    if (Path(str(package)).parents[1] / "pyproject.toml").is_file():
        pytest.skip("the package is run from the checkout, not from the wheel, which is what carries the pages")
    assert {path.name for path in (package / "_codes").iterdir()} >= {f"{code}.md" for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_every_page_opens_with_what_the_code_means(code: str) -> None:
    opening = code_opening(code)
    assert opening.isprintable()
    assert opening.endswith((".", ":"))
    assert "**" not in opening


def test_the_opening_is_in_one_line() -> None:
    assert code_opening("b241") == (
        "Script, or a library that it uses, sets a header that the preflight response does not list. The real request "
        "was not sent."
    )
