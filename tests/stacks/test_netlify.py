"""Netlify: the contract of what was not run there, and the edge function run in Node.js."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import render
from tests.stacks.edge_runs import CALLS, decision, run, same
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.stacks import Evidence, recognise

HANDLER = "edge.default(request, { next: () => backend(request) })"
CODE = [title for title in POLICIES if title not in {"one origin", "any origin", "exposed", "none"}]


class TestContract(ServiceContract):
    name = "netlify"


@pytest.mark.parametrize("title", CODE)
def test_the_edge_function_answers_as_the_policy_does(title: str, tmp_path: Path) -> None:
    policy = POLICIES[title]
    file = render("netlify", policy).files[0]
    assert file.name == "cors.js"
    for (method, sent), answer in zip(CALLS, run(tmp_path, file.text, HANDLER), strict=True):
        wanted = decision(policy, method, sent)
        assert same(answer, wanted), (method, sent, answer)
        assert answer.status == (wanted.status or 200)
        assert {name.decode().lower() for name in wanted.vary} <= answer.varies
        assert "accept-encoding" in answer.varies or wanted.status


def test_it_runs_on_every_path() -> None:
    assert 'export const config = { path: "/*" };' in render("netlify", POLICIES["list"]).files[0].text


@pytest.mark.parametrize(
    ("title", "values"),
    [
        ("one origin", {"Access-Control-Allow-Origin": APP}),
        ("any origin", {"Access-Control-Allow-Origin": "*"}),
        ("exposed", {"Access-Control-Allow-Origin": APP, "Access-Control-Expose-Headers": "etag,x-total-count"}),
    ],
)
def test_one_value_for_everybody_needs_no_code(title: str, values: dict[str, str]) -> None:
    (file,) = render("netlify", POLICIES[title]).files
    assert file.name == "netlify.toml"
    assert load(file) == {"headers": [{"for": "/*", "values": values}]}


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [(((b"X-Nf-Request-Id", b"01H"), (b"Server", b"Netlify")), 0.995), (((b"X-Request-Id", b"1"),), None)],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("netlify") == confidence
