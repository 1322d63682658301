"""webpack-dev-server: the contract on paper, and by which signs it is known."""

from __future__ import annotations

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import NodeContract
from tests.stacks.policies import POLICIES

from crossorigin.stacks import Evidence, recognise
from crossorigin.stacks import javascript as js


class TestContract(NodeContract):
    name = "webpack"


@pytest.mark.parametrize("title", POLICIES)
def test_the_function_that_decides_is_the_one_that_is_tested(title: str) -> None:
    """By tests/stacks/test_javascript.py, beside the policy itself."""
    assert "\n".join(js.decide(POLICIES[title])) in render("webpack", POLICIES[title]).files[0].text


def test_it_comes_before_all_that_the_server_does() -> None:
    text = render("webpack", POLICIES["one origin"]).files[0].text
    assert 'middlewares.unshift({ name: "cors", middleware: cors });' in text
    assert "return middlewares;" in text
    assert "A development server" in text


@pytest.mark.parametrize(
    ("status", "body", "confidence"),
    [
        (403, b"Invalid Host header", 0.85),
        (403, b"Cross-Origin request blocked", 0.85),
        (200, b"Invalid Host header", 0),
        (400, b"Invalid Host header: evil.test", 0),
    ],
)
def test_recognised(status: int, body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == ([("webpack", confidence)] if confidence else [])
