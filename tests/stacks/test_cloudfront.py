"""CloudFront: the contract of what was not run, its origins, and its cache key."""

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
    name = "cloudfront"


def resources(policy: Policy) -> dict[str, Any]:
    found: dict[str, Any] = load(render("cloudfront", policy).files[0])["Resources"]
    return {name: resource["Properties"] for name, resource in found.items()}


def headers(policy: Policy) -> dict[str, Any]:
    config: dict[str, Any] = resources(policy)["CorsHeaders"]["ResponseHeadersPolicyConfig"]
    return config


def cors(policy: Policy) -> dict[str, Any]:
    config: dict[str, Any] = headers(policy)["CorsConfig"]
    return config


def model(origins: list[str]) -> Model:
    """A `*` as a port, and elsewhere none: subdomains are never written."""
    assert not [origin for origin in origins if "*" in origin.removesuffix(":*")]
    expressions = [re.escape(origin).replace(r"\*", "[0-9]+") for origin in origins]
    return lambda origin: any(re.fullmatch(each, origin) for each in expressions)


class TestOrigins:
    def test_exact_ones_and_any_port_of_one_host(self) -> None:
        origins = cors(KINDS)["AccessControlAllowOrigins"]["Items"]
        assert origins == ["http://localhost", "http://localhost:*", "https://example.com"]
        left_out = ["https://a.example.com", "https://a.b.example.com", "https://a.b.c.example.com"]
        left_out += ["https://a_b.example.com", "https://a.example.org:8443", "https://b.example.org:8443"]
        left_out += ["http://[::1]:3000"]
        agrees(model(origins), KINDS, *left_out)
        never_lets_in_more(model(origins), KINDS)

    def test_nothing_left_is_no_cors_and_the_backends_goes_all_the_same(self) -> None:
        policy = Policy(allow_origins=["https://*.example.com"])
        assert "CorsConfig" not in headers(policy)
        assert len(headers(policy)["RemoveHeadersConfig"]["Items"]) == 6


def test_fields() -> None:
    assert cors(POLICIES["any everything"]) == {
        "OriginOverride": True,
        "AccessControlAllowCredentials": False,
        "AccessControlAllowOrigins": {"Items": ["*"]},
        "AccessControlAllowMethods": {"Items": ["ALL"]},
        "AccessControlAllowHeaders": {"Items": ["*"]},
        "AccessControlExposeHeaders": {"Items": ["*"]},
        "AccessControlMaxAgeSec": 0,
    }
    assert cors(POLICIES["one origin"]) == {
        "OriginOverride": True,
        "AccessControlAllowCredentials": False,
        "AccessControlAllowOrigins": {"Items": [APP]},
        "AccessControlAllowMethods": {"Items": ["GET", "HEAD", "POST"]},
        "AccessControlAllowHeaders": {"Items": ["accept"]},
        "AccessControlMaxAgeSec": 5,
    }


class TestCacheKey:
    @staticmethod
    def key(title: str) -> tuple[list[str], str]:
        config = resources(POLICIES[title])["CorsCacheKey"]["CachePolicyConfig"]
        parameters = config["ParametersInCacheKeyAndForwardedToOrigin"]
        return parameters["HeadersConfig"]["Headers"], parameters["CookiesConfig"]["CookieBehavior"]

    def test_what_the_answer_depends_on(self) -> None:
        asked = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]
        assert self.key("one origin") == (asked, "none")
        assert self.key("credentials") == (asked, "all")
        assert self.key("headers") == ([*asked, "Authorization"], "none")

    def test_the_behavior_uses_both_and_lets_options_through(self) -> None:
        config = resources(POLICIES["one origin"])["Distribution"]["DistributionConfig"]
        behavior = config["DefaultCacheBehavior"]
        assert behavior["CachePolicyId"] == {"Ref": "CorsCacheKey"}
        assert behavior["ResponseHeadersPolicyId"] == {"Ref": "CorsHeaders"}
        assert "OPTIONS" in behavior["AllowedMethods"]
        assert behavior["ViewerProtocolPolicy"] == "https-only"


@pytest.mark.parametrize(
    ("found", "confidence"),
    [
        (((b"via", b"1.1 0123abcd.cloudfront.net (CloudFront)"), (b"x-amz-cf-id", b"x==")), 0.91),
        (((b"server", b"CloudFront"), (b"x-amz-cf-id", b"x==")), 0.91),
        (((b"via", b"1.1 varnish"),), None),
    ],
)
def test_recognised(found: tuple[tuple[bytes, bytes], ...], confidence: float | None) -> None:
    seen = {stack.name: each.confidence for stack, each in recognise(Evidence(status=200, headers=found))}
    assert seen.get("cloudfront") == confidence
