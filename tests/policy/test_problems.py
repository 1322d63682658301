"""Problems as people read them: in eighty columns, with the place underlined, and nothing that steers a terminal."""

from __future__ import annotations

import pickle

import pytest

from crossorigin.policy import Policy, PolicyError, Problem
from crossorigin.policy.problems import PROBLEMS, ProblemCode, quoted, shown


def test_the_text_lists_all_in_eighty_columns() -> None:
    error = PolicyError(
        Policy.validate(
            allow_origins=["https://example.com/", "https://" + "x" * 200, "https://a.com\x1b[31m"],
            allow_headers=["*"],
            max_age=10**6,
        )
    )
    text = str(error)
    assert text.startswith("the policy has 5 problems:\n\nP104 allow_origins: The origin ends with a slash\n")
    assert '  "https://example.com/"\n                      ^\n' in text
    assert '\n  Write: "https://example.com"\n' in text
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    for code in ("P104", "P117", "P110", "P304", "P502"):
        assert f"{code} " in text


def test_the_caret_stands_below_the_position_of_a_long_value() -> None:
    value = "https://" + "a." * 100 + "Evil.example.com"
    text = str(Problem(ProblemCode.UPPER_CASE, "allow_origins", value, value.index("E"), "So.", "x"))
    line, caret = text.splitlines()[1:3]
    assert line[caret.index("^")] == "E"


def test_a_problem_without_a_value_and_with_a_place() -> None:
    problem = Problem(ProblemCode.NO_ORIGINS, "allow_origins", None, None, "So.", "x", place="a.toml:3")
    assert str(problem).splitlines() == [
        "a.toml:3: P101 allow_origins: The policy allows no origin",
        "  So.",
        "  Write: x",
    ]
    assert problem.title == PROBLEMS[ProblemCode.NO_ORIGINS].title
    assert hash(problem) == hash(
        Problem(ProblemCode.NO_ORIGINS, "allow_origins", None, None, "So.", "x", place="a.toml:3")
    )


def test_one_problem_is_one() -> None:
    error = PolicyError(Policy.validate(allow_origins=["*"], max_age=-1))
    assert str(error).startswith("the policy has a problem:\n\nP501 max_age")
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    assert str(again) == str(error)


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", '"a"'), ("a\x1b\n", '"a\\u001b\\n"'), (3, "3"), (["ü"], "['\\xfc']"), ("x" * 500, '"' + "x" * 396 + "...")],
)
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text


def test_quoted_is_one_spelling_for_all() -> None:
    assert quoted('a"\u2028\\') == '"a\\"\\u2028\\\\"'
