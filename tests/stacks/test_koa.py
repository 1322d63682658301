"""koa: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(AppContract):
    name = "koa"
    recognised: ClassVar[dict[str, float]] = {"missing": 0.4, "broken": 0.4}


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("Vary of errors", "vary: ctx", "vary_: ctx"),
        ("the function", "isAllowed(ctx.get", "Boolean(ctx.get"),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("koa", policy, tmp_path, change=spoil, style="library") as url:
        assert prove(url, policy).differences
