"""API Gateway's REST APIs: the contract of what was not run, and its template for several origins."""

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

ORIGIN = "method.response.header.Access-Control-Allow-Origin"


class TestContract(ServiceContract):
    name = "apigateway-rest"


def resources(policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = load(render("apigateway-rest", policy).files[0])["Resources"]
    return {name: resource["Properties"] for name, resource in found.items()}


def preflight(policy: Policy) -> dict[str, Any]:
    answer: dict[str, Any] = resources(policy)["CorsPreflight"]["Integration"]["IntegrationResponses"][0]
    return answer


def model(template: str) -> Model:
    """The template as Velocity reads it: `==` compares, Java's `matches` takes the whole of a text."""
    found = re.fullmatch(
        r'#set\(\$origin = \$input\.params\("Origin"\)\)'
        r'#if\(\$origin == ""\)#set\(\$origin = \$input\.params\("origin"\)\)#end'
        r"#if\((.*)\)#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)#end",
        template,
    )
    assert found, template
    tests = found[1].split(" || ")

    def allows(origin: str) -> bool:
        for test in tests:
            if equal := re.fullmatch(r"\$origin == '([^']*)'", test):
                if origin == equal[1]:
                    return True
            else:
                matches = re.fullmatch(r"\$origin\.matches\('([^']*)'\)", test)
                assert matches, test
                if re.fullmatch(matches[1], origin):
                    return True
        return False

    return allows


class TestOrigins:
    def test_those_of_the_policy(self) -> None:
        ours = model(preflight(KINDS)["ResponseTemplates"]["application/json"])
        agrees(ours, KINDS)
        never_lets_in_more(ours, KINDS)

    def test_several_are_looked_at_and_none_is_fixed(self) -> None:
        answer = preflight(POLICIES["list"])
        assert ORIGIN not in answer["ResponseParameters"]
        assert answer["ResponseParameters"]["method.response.header.Vary"] == "'Origin'"
        allows = model(answer["ResponseTemplates"]["application/json"])
        assert allows(APP)
        assert not allows("https://evil.test")

    def test_null(self) -> None:
        allows = model(preflight(POLICIES["null"])["ResponseTemplates"]["application/json"])
        assert allows("null")
        assert not allows("https://null")

    @pytest.mark.parametrize(("title", "origin"), [("one origin", APP), ("any origin", "*")])
    def test_one_value_is_fixed(self, title: str, origin: str) -> None:
        answer = preflight(POLICIES[title])
        assert answer["ResponseParameters"][ORIGIN] == f"'{origin}'"
        assert answer["ResponseTemplates"] == {"application/json": ""}


class TestPreflight:
    @pytest.mark.parametrize("title", POLICIES)
    def test_every_header_is_declared_and_the_status_fits(self, title: str) -> None:
        method = resources(POLICIES[title])["CorsPreflight"]
        answer, declared = method["Integration"]["IntegrationResponses"][0], method["MethodResponses"][0]
        status = str(POLICIES[title].preflight_status)
        assert answer["StatusCode"] == declared["StatusCode"] == status
        assert method["Integration"]["RequestTemplates"]["application/json"] == f'{{"statusCode": {status}}}'
        assert {ORIGIN, *answer["ResponseParameters"]} == set(declared["ResponseParameters"])
        assert set(declared["ResponseParameters"].values()) == {True}
        for value in answer["ResponseParameters"].values():
            assert re.fullmatch(r"'[^']*'", value), value

    def test_nobody_has_to_log_in(self) -> None:
        method = resources(POLICIES["credentials"])["CorsPreflight"]
        assert (method["HttpMethod"], method["AuthorizationType"]) == ("OPTIONS", "NONE")
        assert method["ApiKeyRequired"] is False


class TestErrors:
    def test_those_of_the_api_itself_have_the_headers(self) -> None:
        found = resources(POLICIES["exposed"])
        for name, kind in (("CorsOn4xx", "DEFAULT_4XX"), ("CorsOn5xx", "DEFAULT_5XX")):
            assert found[name]["ResponseType"] == kind
            assert found[name]["ResponseParameters"] == {
                "gatewayresponse.header.Access-Control-Allow-Origin": f"'{APP}'",
                "gatewayresponse.header.Access-Control-Expose-Headers": "'etag,x-total-count'",
            }

    def test_with_several_origins_they_have_none_and_that_is_said(self) -> None:
        assert set(resources(POLICIES["list"])) == {"CorsPreflight"}
        assert any(limit.startswith("errors: ") for limit in render("apigateway-rest", POLICIES["list"]).limits)
        assert not any(
            limit.startswith("errors: ") for limit in render("apigateway-rest", POLICIES["one origin"]).limits
        )


@pytest.mark.parametrize(
    ("headers", "body", "confidence"),
    [
        (((b"x-amz-apigw-id", b"Abcd="),), b"", 0.97),
        (((b"x-amzn-errortype", b"MissingAuthenticationTokenException"),), b"", 0.4),
        ((), b'{"message":"Missing Authentication Token"}', 0.9),
        (((b"apigw-requestid", b"Mc7="),), b"", None),
    ],
)
def test_recognised(headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float | None) -> None:
    found = {stack.name: seen.confidence for stack, seen in recognise(Evidence(status=403, headers=headers, body=body))}
    assert found.get("apigateway-rest") == confidence


def test_it_comes_before_the_cloudfront_that_is_part_of_it() -> None:
    headers = (
        (b"via", b"1.1 0123abcd.cloudfront.net (CloudFront)"),
        (b"x-amz-cf-id", b"x=="),
        (b"x-amz-apigw-id", b"Abcd="),
    )
    assert [stack.name for stack, _ in recognise(Evidence(status=200, headers=headers))] == [
        "apigateway-rest",
        "cloudfront",
    ]
