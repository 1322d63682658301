"""Envoy: the contract on the real server, and its classic traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving

from crossorigin.stacks import Evidence
from crossorigin.stacks.envoy import recognise


class TestContract(Contract):
    name = "envoy"


class TestTraps:
    def test_origins_are_exact_or_anchored_and_never_a_prefix(self) -> None:
        text = render("envoy", POLICIES["everything at once"]).files[0].text
        origins = text[text.index("allow_origin_string_match") : text.index("allow_methods:")]
        assert '- exact: "https://app.example.com"' in origins
        assert "prefix" not in origins

    def test_what_the_filter_cannot_say_is_said(self) -> None:
        limits = render("envoy", POLICIES["methods"]).limits
        assert any("all methods and headers" in limit for limit in limits)
        assert any(limit.startswith("preflight_status: ") for limit in limits)
        assert render("envoy", POLICIES["never cached"]).limits[1:] == ()

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            ("a prefix", '- exact: "https://app.example.com"', '- prefix: "https://app.example.com"'),
            ("Vary", "APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT"),
            ("credentials", "allow_credentials: true", "allow_credentials: false"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        def spoil(text: str) -> str:
            assert before in text
            return text.replace(before, after)

        policy = POLICIES["everything at once"]
        with serving("envoy", policy, tmp_path, backend, spoil) as url:
            assert prove(url, policy).differences


@pytest.mark.parametrize(
    ("evidence", "confidence"),
    [
        (Evidence(status=200, headers=((b"server", b"envoy"),)), 0.95),
        (Evidence(status=200, headers=((b"server", b"istio-envoy"),)), 0.95),
        (Evidence(status=200, headers=((b"X-Envoy-Upstream-Service-Time", b"3"),)), 0.85),
        (Evidence(status=503, body=b"no healthy upstream"), 0.9),
        (Evidence(status=503, headers=((b"server", b"envoy"),), body=b"no healthy upstream"), 0.99),
        (Evidence(status=200, headers=((b"server", b"nginx"),)), 0.0),
    ],
)
def test_recognise(evidence: Evidence, confidence: float) -> None:
    assert recognise(evidence).confidence == confidence
