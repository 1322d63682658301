"""express: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(AppContract):
    name = "express"


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("Vary", "if (vary) res.vary(vary);", ""),
        ("the end", "example\\.org$/", "example\\.org/"),
        ("the methods", "!METHODS.has(asked)", "false"),
        ("max-age", '"600"', '"601"'),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("express", policy, tmp_path, change=spoil, style="own") as url:
        assert prove(url, policy).differences
