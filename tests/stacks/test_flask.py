"""Flask: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving

SEVEN_METHODS = {"allowed | denied [B230]", "allowed | denied [B232]"}


class TestContract(AppContract):
    name = "flask"
    says_policy_in_words = True
    known: ClassVar[dict[str, dict[str, set[str]]]] = {
        "library": {"any everything": SEVEN_METHODS, "all methods for one": SEVEN_METHODS}
    }


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("Vary", 'response.vary.add("Origin")', "pass"),
        ("the end of an expression", "example\\.org\\Z", "example\\.org"),
        ("the preflights of any path", 'request.method == "OPTIONS"', "False"),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("flask", policy, tmp_path, change=spoil, style="library") as url:
        assert prove(url, policy).differences
