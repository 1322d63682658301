"""Cloudflare Workers: the contract of what was not run there, and the Worker run in Node.js."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import render
from tests.stacks.edge_runs import CALLS, decision, run, same
from tests.stacks.policies import POLICIES
from tests.stacks.service_contract import ServiceContract

from crossorigin.stacks import Evidence, recognise

HANDLER = "edge.default.fetch(request, {}, {})"


class TestContract(ServiceContract):
    name = "cloudflare-workers"


def worker(title: str) -> str:
    return render("cloudflare-workers", POLICIES[title]).files[0].text


@pytest.mark.parametrize("title", POLICIES)
def test_it_answers_as_the_policy_does(title: str, tmp_path: Path) -> None:
    policy = POLICIES[title]
    for (method, sent), answer in zip(CALLS, run(tmp_path, worker(title), HANDLER), strict=True):
        wanted = decision(policy, method, sent)
        assert same(answer, wanted), (method, sent, answer)
        assert answer.status == (wanted.status or 200)
        vary = {name.decode().lower() for name in wanted.vary}
        assert answer.varies == (vary if wanted.status else vary | {"accept-encoding"})
        assert answer.body == ("" if wanted.status else "hello")


def test_an_error_has_the_headers_too(tmp_path: Path) -> None:
    policy = POLICIES["everything at once"]
    answers = run(tmp_path, worker("everything at once"), HANDLER, "/broken")
    for (method, sent), answer in zip(CALLS, answers, strict=True):
        wanted = decision(policy, method, sent)
        assert same(answer, wanted)
        assert answer.status == (wanted.status or 500)
        assert "origin" in answer.varies


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("for (const name of CORS_HEADERS) answer.headers.delete(name);", ""),
        ("example\\.org$/", "example\\.org/"),
        ("!METHODS.has(asked)", "false"),
    ],
)
def test_without_it_the_proof_fails(before: str, after: str, tmp_path: Path) -> None:
    policy = POLICIES["everything at once"]
    text = worker("everything at once")
    assert before in text
    calls = [*CALLS, ("GET", {"origin": "https://a.example.org.evil.test"})]
    for spoilt in (text, text.replace(before, after)):
        answers = run(tmp_path, spoilt, HANDLER, calls=calls)
        wrong = [call for call, answer in zip(calls, answers, strict=True) if not same(answer, decision(policy, *call))]
        assert bool(wrong) is (spoilt != text)


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [
        (((b"CF-RAY", b"8f0-FRA"), (b"Server", b"cloudflare")), 0.65),
        (((b"Server", b"cloudflare-nginx"),), 0.3),
        (((b"cf-cache-status", b"HIT"),), None),
    ],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("cloudflare-workers") == confidence
