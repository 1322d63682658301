"""The shared decision cases, which `decide` and every middleware answer to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossorigin.policy import Policy, RequestFacts, policy_from_dict

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parent / "decision_cases.json").read_text(encoding="utf-8"))


class DecisionCase:
    """One case, with bytes where the wire has bytes."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.name: str = case["name"]
        self.policy: Policy = policy_from_dict(DOCUMENT["policies"][case["policy"]])
        self.kind: str = case["kind"]
        self.allowed: bool = case["allowed"]
        self.step: str | None = case["step"]
        self.status: int | None = case["status"]
        self.headers = _fields(case["headers"])
        self.app_headers = _fields(case["app_headers"]) if "app_headers" in case else None
        self.final_headers = _fields(case["final_headers"]) if "final_headers" in case else None
        request = case["request"]
        self.request_headers = _fields(request["headers"])
        self.facts = RequestFacts.from_headers(
            request["method"].encode(), self.request_headers, scheme=request["scheme"].encode()
        )


def _fields(pairs: list[list[Any]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), _value(value)) for name, value in pairs]


def _value(value: str | dict[str, Any]) -> bytes:
    if isinstance(value, str):
        return value.encode("latin-1")
    if "names" in value:
        return b",".join(b"x%d" % number for number in range(value["names"]))
    text: str = value["prefix"] + value["repeat"] * value["times"] + value["suffix"]
    return text.encode("latin-1")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every test that asks for a `decision_case` all of them."""
    if "decision_case" in metafunc.fixturenames:
        cases = [DecisionCase(case) for case in DOCUMENT["cases"]]
        metafunc.parametrize("decision_case", cases, ids=[case.name for case in cases])
