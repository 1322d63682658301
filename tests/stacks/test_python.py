"""Values as literals of Python."""

from __future__ import annotations

import ast
import re

from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import policies

from crossorigin.policy import Policy
from crossorigin.stacks import python as py


@given(st.text("abc\"'\\`$/{}", max_size=20))
def test_a_string_says_what_it_says(text: str) -> None:
    assert ast.literal_eval(py.literal(text)) == text
    assert ast.literal_eval(py.array([text, text])) == [text, text]


def test_booleans_and_numbers() -> None:
    assert (py.literal(True), py.literal(600)) == ("True", "600")


def test_an_expression_ends_where_the_text_does() -> None:
    expression = re.compile(ast.literal_eval(py.regex(r"^https://a\.test$")))
    assert expression.match("https://a.test")
    assert not expression.match("https://a.test\n")
    assert not expression.match("https://a.test.evil.test")


@given(policies())
def test_settings_are_the_policy(policy: Policy) -> None:
    settings = ast.literal_eval("{" + "".join(py.settings(policy)) + "}")
    assert Policy(**settings) == policy
    call = ast.parse("f(\n" + "\n".join(py.arguments(policy)) + ")", mode="eval").body
    assert isinstance(call, ast.Call)
    assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == policy.to_dict()


def test_a_status_is_a_limit_where_it_differs() -> None:
    policy = Policy(allow_origins=["https://a.test"])
    assert py.library_limits(policy, "it", 204) == []
    assert py.library_limits(policy, "it", 200) == ["preflight_status: it answers with 200, not 204."]


def test_an_application_is_its_lines_below_what_is_said_of_it() -> None:
    part = py.imported("import a", "import b")
    rendered = py.application(
        Policy(allow_origins=["https://a.test"]), ["a limit."], ["run it"], [part, "app = 1"], library="c"
    )
    (file,) = rendered.files
    assert (rendered.install, rendered.limits, file.parts) == ("pip install c", ("a limit.",), (part,))
    head, _, body = file.text.partition("\n\n")
    assert head.splitlines()[-3:] == ["# LIMIT: a limit.", "#", "# run it"]
    assert body == "import a\nimport b\napp = 1\n"
