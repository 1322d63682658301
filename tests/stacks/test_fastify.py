"""fastify: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(AppContract):
    name = "fastify"


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("Vary, where a route has its own", 'reply.header("Vary"', 'reply.header("X-Vary"'),
        ("the header list", "allowedHeaders:", "// allowedHeaders:"),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("fastify", policy, tmp_path, change=spoil, style="library") as url:
        assert prove(url, policy).differences
