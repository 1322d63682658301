"""Methods and header names by themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.names import method_problem, request_header_problem, response_header_problem
from crossorigin.policy.problems import ProblemCode
from crossorigin.web.forbidden import FORBIDDEN_REQUEST_HEADER_NAMES

ALL = (method_problem, request_header_problem, response_header_problem)


@pytest.mark.parametrize("text", ["PUT", "PATCH", "DELETE", "OPTIONS", "GET", "QUERY", "x-custom", "M-SEARCH", "!"])
def test_methods(text: str) -> None:
    assert method_problem(text) is None


@pytest.mark.parametrize(
    "text", ["content-type", "Authorization", "X-A", "Range", "if-none-match", "accept", "user-agent"]
)
def test_request_headers(text: str) -> None:
    assert request_header_problem(text) is None


@pytest.mark.parametrize("text", ["ETag", "authorization", "Access-Control-Allow-Origin", "x-a", "content-length"])
def test_response_headers(text: str) -> None:
    assert response_header_problem(text) is None


@pytest.mark.parametrize("name", [*sorted(FORBIDDEN_REQUEST_HEADER_NAMES), b"sec-a", b"Proxy-Authorization"])
def test_every_forbidden_header(name: bytes) -> None:
    problem = request_header_problem(name.decode())
    assert problem is not None
    assert problem[0] is ProblemCode.FORBIDDEN_REQUEST_HEADER


@given(st.text(max_size=20))
def test_anything_is_a_name_or_a_fault(text: str) -> None:
    for fault in ALL:
        problem = fault(text)
        if problem is not None:
            code, position, sentence, fix = problem
            assert code in ProblemCode
            assert position is not None
            assert 0 <= position <= len(text)
            assert sentence.endswith(".")
            assert fix
