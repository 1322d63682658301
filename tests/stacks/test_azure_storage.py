"""Azure Storage: the contract of what was not run, and its wildcard for subdomains."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "azure-storage"
    wordless: ClassVar[set[str]] = {"allow_headers: authorization"}


def rule(policy: Policy) -> dict[str, Any]:
    """The rule's fields, read from the Bicep."""
    text = render("azure-storage", policy).files[0].text.partition("corsRules: [")[2]
    lists = re.findall(r"(\w+): \[((?:\n +'[^'\n]*')*)\s*\]", text)
    fields: dict[str, Any] = {name: re.findall(r"'([^']*)'", values) for name, values in lists}
    age = re.search(r"maxAgeInSeconds: (\d+)", text)
    return {**fields, "maxAgeInSeconds": int(age[1])} if age else fields


def model(origins: list[str]) -> Model:
    """Exact by case; `*.` at the beginning of a host stands for what comes before it."""
    expressions = [re.escape(origin).replace(r"\*", ".+") for origin in origins]
    return lambda origin: any(re.fullmatch(each, origin) for each in expressions)


def test_origins() -> None:
    origins = rule(POLICIES["subdomain"])["allowedOrigins"]
    assert origins == ["https://*.example.com", "https://*.example.org:8443"]
    policy = Policy(allow_origins=["https://*.example.com", "https://*.example.org:8443", "https://example.com"])
    agrees(model(rule(policy)["allowedOrigins"]), policy)
    never_lets_in_more(model(rule(policy)["allowedOrigins"]), policy)


def test_no_port_is_any() -> None:
    left_out = ["http://localhost", "http://localhost:0", "http://localhost:3000", "http://localhost:8080"]
    agrees(model(rule(KINDS)["allowedOrigins"]), KINDS, *left_out)
    assert any("cannot say http://localhost:*" in limit for limit in render("azure-storage", KINDS).limits)


def test_fields() -> None:
    assert rule(POLICIES["any everything"]) == {
        "allowedOrigins": ["*"],
        "allowedMethods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MERGE"],
        "allowedHeaders": ["*"],
        "exposedHeaders": ["*"],
        "maxAgeInSeconds": 0,
    }
    assert rule(POLICIES["one origin"]) == {
        "allowedOrigins": [APP],
        "allowedMethods": ["GET", "HEAD", "POST"],
        "allowedHeaders": [],
        "exposedHeaders": [],
        "maxAgeInSeconds": 5,
    }


def test_nothing_left_is_no_rule() -> None:
    rendered = render("azure-storage", Policy(allow_origins=["http://localhost:*"]))
    assert "cors: { corsRules: [] }" in rendered.files[0].text


def test_credentials_are_allowed_to_listed_origins_whatever_is_said() -> None:
    def says(title: str) -> bool:
        return any(limit.startswith("allow_credentials: ") for limit in render("azure-storage", POLICIES[title]).limits)

    assert says("one origin")
    assert not says("credentials")
    assert not says("any origin")


@pytest.mark.parametrize(
    ("headers", "confidence"),
    [
        (((b"Server", b"Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"), (b"x-ms-request-id", b"1")), 0.975),
        (((b"x-ms-request-id", b"1"),), 0.5),
        (((b"Server", b"Microsoft-IIS/10.0"),), None),
    ],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=200, headers=headers))}
    assert found.get("azure-storage") == confidence
