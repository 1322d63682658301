"""Rails with rack-cors: the contract on paper, and what of the library shaped the file."""

from __future__ import annotations

import re

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.parsers import literals
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(PaperContract):
    name = "rails"
    comment = "#"


def text(**settings: object) -> str:
    return render("rails", Policy(allow_origins=[APP], **settings)).files[0].text  # type: ignore[arg-type]


def test_it_is_the_first_of_all_middleware() -> None:
    assert "Rails.application.config.middleware.insert_before 0, Rack::Cors do" in text()


def test_null_is_no_host() -> None:
    """As a text it would become an expression for the host `null` of any scheme."""
    assert r"%r{\Anull\z}" in literals("ruby", render("rails", POLICIES["null"]).files[0].text)


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ([], ["accept", "accept-language", "content-language", "content-type"]),
        (["content-type", "x-one"], ["accept", "accept-language", "content-language"]),
        (["accept", "accept-language", "content-language", "content-type"], None),
        (["*", "authorization"], None),
    ],
)
def test_what_it_grants_unasked_is_refused_where_the_policy_does_not_grant_it(
    allowed: list[str], refused: list[str] | None
) -> None:
    found = re.search(r"\(names & \[(.*)\]\)\.empty\?", text(allow_headers=allowed))
    assert (found and [each.strip("'") for each in found[1].split(", ")]) == refused


@pytest.mark.parametrize(("max_age", "written"), [(None, "max_age: 5"), (0, "max_age: 0"), (600, "max_age: 600")])
def test_there_is_always_a_max_age(max_age: int | None, written: str) -> None:
    """For without one it sends 7200."""
    assert re.search(rf"\b{written}\b", text(max_age=max_age).partition("Rails.application")[2])


def test_a_method_that_it_would_answer_in_another_case_is_left_out() -> None:
    rendered = render("rails", Policy(allow_origins=[APP], allow_methods=["PUT", "X-Custom", "M-SEARCH"]))
    assert "methods: [:get, :head, :post, 'm-search', :put]," in rendered.files[0].text
    assert any("X-Custom cannot be said, and is left out here" in limit for limit in rendered.limits)


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (200, ((b"x-runtime", b"0.012345"),), b"", 0.85),
        (200, ((b"x-runtime", b"12ms"),), b"", 0),
        (200, ((b"x-rack-cors", b"miss; no-origin"),), b"", 0.7),
        (404, (), b"<title>The page you were looking for doesn't exist (404 Not found)</title>", 0.85),
        (200, (), b"<title>The page you were looking for doesn't exist (404 Not found)</title>", 0),
    ],
)
def test_recognised(status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, headers=headers, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == ([("rails", confidence)] if confidence else [])
