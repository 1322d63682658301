"""FastAPI: the contract on the real framework."""

from __future__ import annotations

from typing import ClassVar

from tests.stacks.app_contract import AppContract
from tests.stacks.test_starlette import KNOWN


class TestContract(AppContract):
    name = "fastapi"
    says_policy_in_words = True
    known: ClassVar[dict[str, dict[str, set[str]]]] = {"library": KNOWN}
