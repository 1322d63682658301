"""nestjs: the contract on the real framework."""

from __future__ import annotations

from tests.stacks.app_contract import AppContract


class TestContract(AppContract):
    name = "nestjs"
