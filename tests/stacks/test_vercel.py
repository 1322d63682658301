"""Vercel: the contract of what was not run there, and the middleware run in Node.js with a `next` like Vercel's.

That `next` makes an answer with the headers that it is given and `x-middleware-next`; the rest is Vercel's.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.stacks.contract import render
from tests.stacks.edge_runs import CALLS, decision, run, same
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise

NEXT = """
export const next = (init) => new Response(null, { headers: { ...init?.headers, "x-middleware-next": "1" } });
"""
CODE = [title for title in POLICIES if title not in {"one origin", "any origin", "exposed", "none"}]


class TestContract(ServiceContract):
    name = "vercel"


@pytest.mark.parametrize("title", CODE)
def test_the_middleware_answers_as_the_policy_does(title: str, tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "@vercel" / "functions"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"type": "module", "exports": "./index.js"}')
    (package / "index.js").write_text(NEXT)
    policy = POLICIES[title]
    file = render("vercel", policy).files[0]
    assert file.name == "middleware.js"
    for (method, sent), answer in zip(CALLS, run(tmp_path, file.text, "edge.default(request)"), strict=True):
        wanted = decision(policy, method, sent)
        assert same(answer, wanted), (method, sent, answer)
        assert answer.varies == {name.decode().lower() for name in wanted.vary}
        assert ("x-middleware-next" in answer.headers) is (wanted.status is None)
        assert answer.status == (wanted.status or 200)


@pytest.mark.parametrize(("title", "origin"), [("one origin", APP), ("any origin", "*")])
def test_one_value_for_everybody_needs_no_code(title: str, origin: str) -> None:
    file = render("vercel", POLICIES[title]).files[0]
    assert file.name == "vercel.json"
    (entry,) = load(file)["headers"]
    assert entry == {"source": "/(.*)", "headers": [{"key": "Access-Control-Allow-Origin", "value": origin}]}
    assert [json.loads(part.text) for part in file.parts] == [entry]


def test_a_dollar_would_be_a_part_of_the_path() -> None:
    policy = Policy(allow_origins=[APP], expose_headers=["x-$1"])
    assert render("vercel", policy).files[0].name == "middleware.js"


def test_that_a_login_may_stand_before_it_is_said_either_way() -> None:
    for title in ("one origin", "list"):
        assert any(limit.startswith("Deployment Protection: ") for limit in render("vercel", POLICIES[title]).limits)


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [(((b"X-Vercel-Id", b"fra1::x"), (b"Server", b"Vercel")), 0.99), (((b"Server", b"Vercels"),), None)],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("vercel") == confidence
