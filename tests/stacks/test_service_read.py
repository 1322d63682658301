"""Rules of buckets and gateways as their tools print them and people write them, read back."""

from __future__ import annotations

import pytest
from tests.stacks.contract import render
from tests.stacks.policies import POLICIES
from tests.stacks.reading import only, outcome, read, said

from crossorigin.policy import Policy

NOT_SAID = {"gcs": {"subdomain", "any port"}, "apigateway-http": {"subdomain", "any port"}}
"""Policies of which nothing can be written there."""


@pytest.mark.parametrize("stack", ["s3", "gcs", "apigateway-http"])
@pytest.mark.parametrize("title", POLICIES)
def test_what_was_rendered_comes_back(stack: str, title: str) -> None:
    """With what the rendering had to leave out left out; nothing is allowed that the policy did not."""
    policy = POLICIES[title]
    files = [file for file in render(stack, policy).files if file.language in {"json", "yaml"}]
    if title in NOT_SAID.get(stack, ()):
        assert "as a rule of" in outcome(stack, files[0].text)[0]
        return
    found = Policy(**only(read(stack, files[0].text)))  # type: ignore[arg-type]
    newly = policy.diff(found).newly_allows
    if stack == "gcs":
        # One list for both, as its limits say.
        newly = tuple(each for each in newly if "header" not in each)
    assert newly == ()
    if stack == "apigateway-http" and title not in {"null", "everything at once"}:
        wanted = {name: value for name, value in policy.to_dict().items() if name != "preflight_status"}
        assert found.to_dict() == wanted
    if stack == "s3":
        said_of_it = {"null": "https://app.example.com", "any port": "http://localhost:*"}.get(title)
        assert said_of_it is None or said_of_it in found.allow_origins


S3_CREDENTIALS = "S3 sends Access-Control-Allow-Credentials: true"

READ: dict[str, tuple[str, str, dict[str, object], list[str]]] = {
    "S3, what its console shows first": (
        "s3",
        """[{"AllowedHeaders": ["*"], "AllowedMethods": ["PUT", "POST", "DELETE"],
          "AllowedOrigins": ["http://www.example1.com"], "ExposeHeaders": []},
         {"AllowedHeaders": [], "AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposeHeaders": []}]""",
        {
            "policy-1": {
                "allow_origins": ["http://www.example1.com"],
                "allow_methods": ["PUT", "DELETE"],
                "allow_headers": ["*", "authorization"],
            },
            "policy-2": {"allow_origins": ["*"]},
        },
        [
            "The rule was not for GET, HEAD; from now on script can read the answers to these as well.",
            "The rule was not for HEAD, POST",
            S3_CREDENTIALS,
        ],
    ),
    "S3, as the command line prints it": (
        "s3",
        """{"CORSRules": [{"ID": "Web app", "AllowedHeaders": ["x-amz-*", "content-type"], "AllowedMethods": ["GET"],
          "AllowedOrigins": ["https://*.example.com", "https://*example.org"], "MaxAgeSeconds": 3000}]}""",
        {
            "policy": {
                "allow_origins": ["https://*.example.com", "https://example.org", "https://*.example.org"],
                "allow_headers": ["content-type"],
                "max_age": 3000,
            }
        },
        [
            "The rule was not for HEAD, POST",
            "a name with a `*` in it",
            "is taken for https://example.org, https://*.example.org",
            S3_CREDENTIALS,
        ],
    ),
    "S3, in CloudFormation": (
        "s3",
        """
        Resources:
          Bucket:
            Type: AWS::S3::Bucket
            Properties:
              CorsConfiguration:
                CorsRules:
                  - Id: uploads
                    AllowedOrigins: [!Ref Origin]
                    AllowedMethods: [PUT]
                    ExposedHeaders: [ETag]
                    MaxAge: 60
        """,
        {"policy": {"allow_origins": [], "allow_methods": ["PUT"], "expose_headers": ["etag"], "max_age": 60}},
        ["The rule was not for GET, HEAD, POST", "not read", "P101", S3_CREDENTIALS],
    ),
    "Cloud Storage": (
        "gcs",
        """[{"origin": ["https://example.appspot.com"], "method": ["GET", "HEAD", "DELETE"],
          "responseHeader": ["Content-Type"], "maxAgeSeconds": 3600}]""",
        {
            "policy": {
                "allow_origins": ["https://example.appspot.com"],
                "allow_methods": ["DELETE"],
                "allow_headers": ["content-type"],
                "expose_headers": ["content-type"],
                "max_age": 3600,
            }
        },
        ["The rule was not for POST"],
    ),
    "API Gateway, of its command line": (
        "apigateway-http",
        """{"Name": "api", "CorsConfiguration": {"AllowCredentials": true, "AllowHeaders": ["content-type", "*"],
          "AllowMethods": ["*"], "AllowOrigins": ["https://a.example.com"], "MaxAge": 86400, "Other": 1}}""",
        {
            "policy": {
                "allow_origins": ["https://a.example.com"],
                "allow_credentials": True,
                "allow_headers": ["content-type"],
                "max_age": 86400,
            }
        },
        ["With credentials `*`", "With credentials `*`", "Other: not read"],
    ),
    "API Gateway, in OpenAPI": (
        "apigateway-http",
        "x-amazon-apigateway-cors:\n  allowOrigins: ['https://*']\n  allowCredentials: 'false'\n  maxAge: soon",
        {"policy": {"allow_origins": []}},
        ["is not plain", "browsers read digits", "P101"],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    stack, text, policies, findings = READ[title]
    migration = read(stack, text)
    assert migration.policies == policies
    assert len(said(migration)) == len(findings)
    for wanted in findings:
        assert any(wanted in each for each in said(migration))


@pytest.mark.parametrize(
    ("stack", "text", "message"),
    [
        ("s3", "{}", "there is no AllowedOrigins in it, as a rule of S3 has"),
        ("s3", "[", "it is not JSON"),
        ("s3", "<CORSRule>\n <AllowedOrigin>*", "there is no AllowedOrigins"),
        ("gcs", "[]", "there is no origin in it, as a rule of Cloud Storage has"),
        ("apigateway-http", "a: [", "it is neither JSON nor YAML"),
    ],
)
def test_refused(stack: str, text: str, message: str) -> None:
    refused, _ = outcome(stack, text)
    assert message in refused
    assert "\n" not in refused
