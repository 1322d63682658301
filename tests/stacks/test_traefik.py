"""Traefik: the contract of what was not run, and its way to match origins, after pkg/middlewares/headers/header.go."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "traefik"


def middleware(policy: Policy, change: tuple[str, str] = ("", "")) -> dict[str, Any]:
    file = render("traefik", policy).files[0]
    headers: dict[str, Any] = load(file)["http"]["middlewares"]["cors"]["headers"]
    regexes = headers.get("accessControlAllowOriginListRegex", [])
    headers["accessControlAllowOriginListRegex"] = [regex.replace(*change) for regex in regexes]
    return headers


def model(headers: dict[str, Any]) -> Model:
    """`matchOrigin`: equal to an entry, or containing a match of an expression. Go's `$` is the very end."""

    def allows(origin: str) -> bool:
        if origin in headers.get("accessControlAllowOriginList", []):
            return True
        expressions = headers["accessControlAllowOriginListRegex"]
        return any(re.search(re.sub(r"\$$", r"\\Z", each), origin) for each in expressions)

    return allows


class TestOrigins:
    def test_those_of_the_policy(self) -> None:
        agrees(model(middleware(KINDS)), KINDS)
        never_lets_in_more(model(middleware(KINDS)), KINDS)

    @pytest.mark.parametrize("change", [("$", ""), ("^", ""), (r"example\.com", "example.com")])
    def test_the_model_sees_what_is_missing(self, change: tuple[str, str]) -> None:
        policy = Policy(allow_origins=["https://*.app.example.com"])
        near = ["https://a.app.example.com.evil.test", "xhttps://a.app.example.com", "https://a.app.exampleXcom"]
        assert not any(map(model(middleware(policy)), near))
        assert any(map(model(middleware(policy, change)), near))

    def test_null_is_left_out(self) -> None:
        assert middleware(POLICIES["null"])["accessControlAllowOriginList"] == [APP]
        assert any("null" in limit for limit in render("traefik", POLICIES["null"]).limits)

    def test_any_origin_is_the_same_for_everybody(self) -> None:
        headers = middleware(POLICIES["any origin"])
        assert headers["accessControlAllowOriginList"] == ["*"]
        assert "addVaryHeader" not in headers
        assert "accessControlAllowCredentials" not in headers


def test_vary_and_the_backends_headers() -> None:
    headers = middleware(POLICIES["one origin"])
    assert headers["addVaryHeader"] is True
    assert set(headers["customResponseHeaders"].values()) == {""}
    assert "Access-Control-Allow-Origin" in headers["customResponseHeaders"]


@pytest.mark.parametrize(("title", "age"), [("max-age", 7200), ("never cached", 0), ("one origin", 5)])
def test_no_max_age_is_what_browsers_take_it_for(title: str, age: int) -> None:
    assert middleware(POLICIES[title])["accessControlMaxAge"] == age


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (404, (), b"404 page not found\n", 0.4),
        (404, ((b"server", b"nginx"),), b"404 page not found\n", None),
        (200, (), b"404 page not found\n", None),
        (404, (), b"404 page not found, sorry", None),
    ],
)
def test_recognised(
    status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float | None
) -> None:
    found = {
        stack.name: seen.confidence for stack, seen in recognise(Evidence(status=status, headers=headers, body=body))
    }
    assert found.get("traefik") == confidence
