"""Vite: the contract on paper, and by which signs it is known."""

from __future__ import annotations

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import NodeContract
from tests.stacks.policies import APP, POLICIES

from crossorigin.stacks import Evidence, express, recognise


class TestContract(NodeContract):
    name = "vite"


@pytest.mark.parametrize("title", POLICIES)
def test_its_options_are_those_of_express(title: str) -> None:
    file = render("vite", POLICIES[title]).files[0]
    (part,) = file.parts
    assert part.text.splitlines()[1:-1] == express.options(POLICIES[title])[1:-1]
    assert "allowedHeaders: " in part.text


def test_one_origin_is_an_array_so_that_it_is_compared() -> None:
    assert f'  origin: ["{APP}"],' in render("vite", POLICIES["one origin"]).files[0].text


def test_it_says_what_it_is_and_what_holds_without_it() -> None:
    text = render("vite", POLICIES["one origin"]).files[0].text
    assert "A development server" in text
    assert "until 6.0.8 it allowed every page" in text


@pytest.mark.parametrize(
    ("status", "body", "confidence"),
    [
        (200, b'<!doctype html>\n  <script type="module" src="/@vite/client"></script>\n', 0.95),
        (404, b'<!doctype html>\n  <script type="module" src="/@vite/client"></script>\n', 0.95),
        (403, b'Blocked request. This host ("evil.test") is not allowed.\nTo allow this host, add', 0.9),
        (200, b'Blocked request. This host ("evil.test") is not allowed.', 0),
        (200, b"<script src=/index.js></script>", 0),
    ],
)
def test_recognised(status: int, body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == ([("vite", confidence)] if confidence else [])
