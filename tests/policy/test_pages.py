"""The pages of the codes and of the policy cannot lie: their examples run."""

from __future__ import annotations

import io
import re
import shlex
import tomllib
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from crossorigin.policy import PROBLEMS, PolicyError, check_file, policy_from_environ
from crossorigin.policy.fields import BOOLEANS, DEFAULTS, FIELDS

DOCS = Path(__file__).parents[2] / "docs"
CODES = DOCS / "codes"
SECTIONS = ["Why it matters", "A bad configuration", "A good configuration", "What to do", "See also"]
ENVIRONMENT = "P605"


def page(code: str) -> str:
    return (CODES / f"{code}.md").read_text(encoding="utf-8")


def example(code: str, section: str) -> str:
    found = re.search(rf"## {section}\n\n```(?:toml|sh)\n(.*?)```", page(code), re.DOTALL)
    assert found is not None
    return found[1]


def problems(text: str, folder: Path) -> list[str]:
    path = folder / "crossorigin.toml"
    path.write_text(text, encoding="utf-8")
    found = check_file(path)
    assert all(problem.place.startswith(f"{path}:") for problem in found)
    return [problem.code for problem in found]


def environment(text: str) -> dict[str, str]:
    return dict(word.split("=", 1) for word in shlex.split(text))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(path.stem for path in CODES.glob("P*.md")) == [code.value for code in PROBLEMS]


@pytest.mark.parametrize("code", PROBLEMS)
def test_the_form_of_a_page(code: str) -> None:
    text = page(code)
    assert text.startswith(f"# {code}: {PROBLEMS[code].title}\n\n")  # type: ignore[index]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    setting = re.search(r"^\*\*Setting:\*\* (.*)$", text, re.MULTILINE)
    assert setting is not None
    named = set(re.findall(r"`(\w+)`", setting[1]))
    assert named <= {*FIELDS, "policy", "policies"}
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (CODES / target).is_file()
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert max(map(len, prose.splitlines())) <= 81


@pytest.mark.parametrize("code", PROBLEMS)
def test_the_bad_configuration_has_that_problem_and_no_other(code: str, tmp_path: Path) -> None:
    text = example(code, "A bad configuration")
    if code != ENVIRONMENT:
        assert problems(text, tmp_path) == [code]
        return
    with pytest.raises(PolicyError) as caught:
        policy_from_environ(environment(text))
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize("code", PROBLEMS)
def test_the_good_configuration_is_sound(code: str, tmp_path: Path) -> None:
    text = example(code, "A good configuration")
    if code == ENVIRONMENT:
        policy_from_environ(environment(text))
    else:
        assert problems(text, tmp_path) == []


POLICY_PAGE = (DOCS / "policy.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", POLICY_PAGE, re.DOTALL)


def test_the_examples_of_the_policy_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in a folder with the files and an environment with the variables; what is printed stands there."""
    monkeypatch.chdir(tmp_path)
    for language, text in BLOCKS:
        if language == "toml":
            name = "pyproject.toml" if text.startswith("# pyproject.toml") else "crossorigin.toml"
            Path(name).write_text(text, encoding="utf-8")
            tomllib.loads(text)
        if language == "sh":
            for name, value in environment(text).items():
                monkeypatch.setenv(name, value)
    printed = ""
    for language, text in BLOCKS:
        if language == "python":
            names: dict[str, Any] = {}
            with redirect_stdout(io.StringIO()) as out:
                exec(compile(text, "policy.md", "exec"), names)
            printed = out.getvalue()
        elif language == "text":
            assert printed == text


def test_the_table_has_every_setting_and_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", POLICY_PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == list(FIELDS)
    for name, default in rows:
        if name in DEFAULTS:
            value = DEFAULTS[name]
            assert default == f"`{list(value) if isinstance(value, tuple) else value}`"
    assert set(BOOLEANS) <= {name for name, _ in rows}
