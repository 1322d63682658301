"""Litestar: the contract on the real framework."""

from __future__ import annotations

from typing import ClassVar

from tests.stacks.app_contract import AppContract
from tests.stacks.test_starlette import KNOWN

SEVEN_METHODS = {"allowed | denied [B230]", "allowed | denied [B232]"}


class TestContract(AppContract):
    name = "litestar"
    says_policy_in_words = True
    replaces_vary = ("library",)
    known: ClassVar[dict[str, dict[str, set[str]]]] = {
        "library": {**KNOWN, "any everything": SEVEN_METHODS, "all methods for one": SEVEN_METHODS}
    }
