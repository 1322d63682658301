"""S3: the contract of what was not run, and its one `*`, after what it answered to others (see the module)."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, Model, agrees, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract, load

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "s3"
    wordless: ClassVar[set[str]] = {"allow_headers: authorization"}


def rules(policy: Policy) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load(render("s3", policy).files[0])
    return found


def model(origins: list[str]) -> Model:
    """One `*` in an origin stands for any text; the whole has to match."""
    assert all(origin.count("*") <= 1 for origin in origins)
    expressions = [".*".join(map(re.escape, origin.split("*"))) for origin in origins]
    return lambda origin: any(re.fullmatch(each, origin) for each in expressions)


class TestOrigins:
    def test_those_of_the_policy(self) -> None:
        ours = model(rules(KINDS)[0]["AllowedOrigins"])
        agrees(ours, KINDS)
        never_lets_in_more(ours, KINDS)

    def test_any_port_is_none_too(self) -> None:
        assert rules(Policy(allow_origins=["http://localhost:*"]))[0]["AllowedOrigins"] == [
            "http://localhost",
            "http://localhost:*",
        ]

    def test_two_wildcards_are_left_out(self) -> None:
        rendered = render("s3", POLICIES["any port"])
        assert rules(POLICIES["any port"])[0]["AllowedOrigins"] == [
            "http://[::1]",
            "http://[::1]:*",
            "http://localhost",
            "http://localhost:*",
        ]
        assert any("cannot say https://*.example.net:*" in limit for limit in rendered.limits)

    def test_nothing_left_is_no_rule(self) -> None:
        rendered = render("s3", Policy(allow_origins=["https://*.example.net:*"]))
        assert load(rendered.files[0]) == []
        assert "delete-bucket-cors" in rendered.files[1].text

    def test_what_no_browser_sends_is_all_that_a_wildcard_lets_in_besides(self) -> None:
        assert model(["https://*.example.com"])("https://evil.test/.example.com")
        assert model(["https://example.com*"])("https://example.com.evil.test")


def test_credentials_are_allowed_to_listed_origins_whatever_is_said() -> None:
    limits = render("s3", POLICIES["one origin"]).limits
    assert any(
        limit.startswith("allow_credentials: S3 sends Access-Control-Allow-Credentials: true") for limit in limits
    )
    for title in ("credentials", "any origin"):
        assert not any(limit.startswith("allow_credentials: ") for limit in render("s3", POLICIES[title]).limits)


def test_fields() -> None:
    assert rules(POLICIES["any everything"]) == [
        {
            "AllowedOrigins": ["*"],
            "AllowedMethods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": [],
            "MaxAgeSeconds": 0,
        }
    ]
    assert rules(POLICIES["methods"]) == [
        {
            "AllowedOrigins": [APP],
            "AllowedMethods": ["GET", "HEAD", "POST", "DELETE", "PUT"],
            "AllowedHeaders": [],
            "ExposeHeaders": [],
        }
    ]


NOT_ALLOWED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessForbidden</Code>'
    b"<Message>CORSResponse: This CORS request is not allowed.</Message>"
)


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (200, ((b"server", b"AmazonS3"), (b"x-amz-request-id", b"1"), (b"x-amz-id-2", b"x")), b"", 0.984),
        (403, ((b"x-amz-request-id", b"1"), (b"x-amz-id-2", b"x")), NOT_ALLOWED, 0.92),
        (403, (), NOT_ALLOWED, None),
        (200, ((b"server", b"AmazonS3-like"),), b"", 0.9),
    ],
)
def test_recognised(
    status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float | None
) -> None:
    found = {
        stack.name: seen.confidence for stack, seen in recognise(Evidence(status=status, headers=headers, body=body))
    }
    assert found.get("s3") == confidence
