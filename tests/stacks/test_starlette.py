"""Starlette: the contract on the real framework."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from tests.stacks.app_contract import AppContract
from tests.stacks.contract import prove
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving

CONTENT_TYPE = {"headers of none | content-type granted as well"}
SEVEN_METHODS = {"allowed | denied [B210]"}
KNOWN = {
    "list": CONTENT_TYPE,
    "methods": CONTENT_TYPE,
    "max-age": CONTENT_TYPE,
    "never cached": CONTENT_TYPE,
    "strange names": {"headers of x-$1, x-%dfoo, x-'q`#, x-a&b|c^~! | content-type granted as well"},
    "any everything": SEVEN_METHODS,
    "all methods for one": SEVEN_METHODS,
}


class TestContract(AppContract):
    name = "starlette"
    says_policy_in_words = True
    known: ClassVar[dict[str, dict[str, set[str]]]] = {"library": KNOWN}
    recognised: ClassVar[dict[str, float]] = {"missing": 0.7}


@pytest.mark.parametrize(
    ("what", "before", "after"),
    [
        (
            "around the application",
            "application = CORSMiddleware(\n    app,",
            "application = app\napp.add_middleware(\n    CORSMiddleware,",
        ),
    ],
)
def test_without_it_the_proof_fails(what: str, before: str, after: str, tmp_path: Path) -> None:
    def spoil(text: str) -> str:
        assert before in text
        return text.replace(before, after)

    policy = POLICIES["everything at once"]
    with serving("starlette", policy, tmp_path, change=spoil, style="library") as url:
        assert prove(url, policy).differences
