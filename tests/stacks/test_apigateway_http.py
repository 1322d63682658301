"""API Gateway's HTTP APIs: the contract of what was not run, and its origins."""

from __future__ import annotations

from typing import Any

from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "apigateway-http"


def cors(policy: Policy) -> dict[str, Any] | None:
    properties = load(render("apigateway-http", policy).files[0])["Resources"]["Api"]["Properties"]
    found: dict[str, Any] | None = properties.get("CorsConfiguration")
    return found


def model(origins: list[str]) -> Model:
    """The guide's table: `*`, `https://*` and `http://*` are whatever begins so; all else is exact."""

    def allows(origin: str) -> bool:
        wide = [each.removesuffix("*") for each in origins if each in {"*", "https://*", "http://*"}]
        return origin in origins or any(map(origin.startswith, wide))

    return allows


def test_origins_are_the_exact_ones() -> None:
    found = cors(KINDS)
    assert found is not None
    assert found["AllowOrigins"] == ["http://[::1]:3000", "https://example.com"]
    wild = ["https://a.example.com", "https://a.b.example.com", "https://a.b.c.example.com", "https://a_b.example.com"]
    wild += ["https://a.example.org:8443", "https://b.example.org:8443"]
    wild += ["http://localhost", "http://localhost:0", "http://localhost:3000", "http://localhost:8080"]
    agrees(model(found["AllowOrigins"]), KINDS, *wild)
    never_lets_in_more(model(found["AllowOrigins"]), KINDS)


def test_what_begins_with_https_would_be_everybody() -> None:
    assert model(["https://*"])("https://evil.test")


def test_nothing_left_is_no_configuration() -> None:
    policy = Policy(allow_origins=["chrome-extension://abc"])
    assert cors(policy) is None
    assert render("apigateway-http", policy).files[0].parts == ()


def test_all_fields() -> None:
    assert cors(POLICIES["everything at once"]) == {
        "AllowOrigins": [APP],
        "AllowCredentials": True,
        "AllowMethods": ["DELETE", "PATCH", "PUT"],
        "AllowHeaders": ["authorization", "content-type", "x-csrf-token"],
        "ExposeHeaders": ["etag", "link"],
        "MaxAge": 600,
    }
    assert cors(POLICIES["any everything"]) == {
        "AllowOrigins": ["*"],
        "AllowCredentials": False,
        "AllowMethods": ["*"],
        "AllowHeaders": ["*", "authorization"],
        "ExposeHeaders": ["*"],
        "MaxAge": 0,
    }
    assert cors(POLICIES["one origin"]) == {"AllowOrigins": [APP], "AllowCredentials": False}


def test_recognised() -> None:
    found = recognise(Evidence(status=404, headers=((b"Apigw-Requestid", b"Mc7UVioPPHcEKPA="),)))
    assert [(stack.name, seen.confidence) for stack, seen in found] == [("apigateway-http", 0.97)]
