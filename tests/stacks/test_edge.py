"""What can be said by fixed headers, and what an answer keeps of the backend's."""

from __future__ import annotations

import pytest
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import edge

FIXED = {
    "one origin": [("Access-Control-Allow-Origin", APP)],
    "any origin": [("Access-Control-Allow-Origin", "*")],
    "exposed": [("Access-Control-Allow-Origin", APP), ("Access-Control-Expose-Headers", "etag,x-total-count")],
    "none": [("Access-Control-Allow-Origin", "https://only.example.org")],
}


@pytest.mark.parametrize("title", POLICIES)
def test_fixed_headers_are_for_one_value_and_no_preflight(title: str) -> None:
    assert edge.fixed_headers(POLICIES[title]) == FIXED.get(title)


def test_methods_that_need_no_leave_and_credentials() -> None:
    policy = Policy(allow_origins=[APP], allow_methods=["GET", "POST"], allow_credentials=True)
    assert edge.fixed_headers(policy) == [
        ("Access-Control-Allow-Origin", APP),
        ("Access-Control-Allow-Credentials", "true"),
    ]


def test_a_file_of_code_is_one_part() -> None:
    rendered = edge.code(POLICIES["one origin"], ["a limit."], "x.js", ["there"], ["a();", "b();"], "a place")
    (file,) = rendered.files
    assert file.text.endswith("// LIMIT: a limit.\n//\n// there\n\na();\nb();\n")
    assert [(part.place, part.text) for part in file.parts] == [("a place", "a();\nb();")]
    assert rendered.limits == ("a limit.",)


def test_all_cors_headers_of_the_backend_are_named() -> None:
    text = "\n".join(edge.with_cors())
    for name in ("Allow-Origin", "Allow-Credentials", "Allow-Methods", "Allow-Headers", "Expose-Headers", "Max-Age"):
        assert f'"Access-Control-{name}"' in text
