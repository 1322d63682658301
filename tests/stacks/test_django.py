"""Django: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(AppContract):
    name = "django"
    says_policy_in_words = True
    known: ClassVar[dict[str, dict[str, set[str]]]] = {
        "library": {
            "never cached": {"an answer to remember for 0 s | 5 s"},
            "any everything": {"an answer to remember for 0 s | 5 s"},
        }
    }


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        ("the end of an expression", "example\\.org\\Z", "example\\.org"),
        ("max-age", "CORS_PREFLIGHT_MAX_AGE", "OTHER"),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("django", policy, tmp_path, change=spoil, style="library") as url:
        assert prove(url, policy).differences
