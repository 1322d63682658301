"""Amazon S3: the CORS configuration of a bucket.

Written from the user guide (as last published as source, June 2023; its page on troubleshooting looked at again in
2026), not run: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html ; and from what S3 answered
to LocalStack's tests, recorded from AWS in 2023 to 2025 (localstack/localstack, tests/aws/services/s3/test_s3_cors.py
and its snapshots). What shaped it:

- Methods are GET, PUT, POST, DELETE and HEAD; OPTIONS cannot be listed, and nothing else.
- An origin may have one `*`, which stands for any text, and the whole has to match; so subdomains of any depth can be
  said, and any port of one host, but not both. Where `*` could also stand for a slash or a port, no browser has such an
  origin to send.
- An Access-Control-Expose-Headers of `*` is refused.
- To listed origins S3 sends Access-Control-Allow-Credentials: true, whatever is wanted; to `*` it never does.
- `Vary: Origin` comes with the answers to allowed origins only, and not with those to others or without Origin.
- A preflight that no rule fits is 403, with "CORSResponse: This CORS request is not allowed" in XML.
- Behind CloudFront the bucket sees no preflight's headers, unless Origin and Access-Control-Request-* are forwarded.
"""

from __future__ import annotations

from typing import Any, Final

from crossorigin.policy.patterns import ANY_PORT, OriginPattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.service_read import Service, reader
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "S3"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE")
_HOW: Final = (
    "In the console: the bucket's Permissions, Cross-origin resource sharing. With the command line:",
    'aws s3api put-bucket-cors --bucket BUCKET --cors-configuration "{\\"CORSRules\\": $(cat cors.json)}"',
)


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.json`: one rule, as the console takes it; or none."""
    origins, unsaid = _origins(policy)
    methods, method_limits = gateway.methods_within(policy, _METHODS, _TITLE, "it knows five methods")
    limits = [*_limits(policy, origins, unsaid), *method_limits]
    rules = [_rule(policy, origins, methods)] if origins else []
    how = _HOW if rules else ("S3 takes no empty list: aws s3api delete-bucket-cors --bucket BUCKET",)
    return gateway.json_files(policy, limits, "cors.json", rules, how)


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        text = pattern.serialize()
        if pattern.port != ANY_PORT:
            return [text]
        return [] if pattern.any_subdomain else [text.removesuffix(":*"), text]

    return gateway.say_origins(policy, say)


def _rule(policy: Policy, origins: list[str], methods: list[str]) -> dict[str, Any]:
    rule: dict[str, Any] = {"AllowedOrigins": origins, "AllowedMethods": methods}
    headers = ["*"] if "*" in policy.allow_headers else list(policy.allow_headers)
    rule["AllowedHeaders"] = headers
    rule["ExposeHeaders"] = [name for name in policy.expose_headers if name != "*"]
    if policy.max_age is not None:
        rule["MaxAgeSeconds"] = policy.max_age
    return rule


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "an origin may have one *, and null is not documented"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    if "*" in policy.expose_headers:
        limits += gateway.left_out("expose_headers", _TITLE, ["*"], "it refuses a * there; name the headers")
    if not matching.any_origin(policy):
        if not policy.allow_credentials:
            limits.append(
                "allow_credentials: S3 sends Access-Control-Allow-Credentials: true to listed origins all the same, "
                "and has no setting against it."
            )
        limits.append(
            "Vary: S3 sends Vary: Origin to allowed origins only. Let no cache keep what it answers without an Origin: "
            "load images and fonts with the attribute crossorigin."
        )
    return [*limits, *gateway.other_status(policy, _TITLE, 200)]


_SERVICE: Final = Service(
    title=_TITLE,
    origins="AllowedOrigins",
    fields={
        "AllowedMethods": ("access-control-allow-methods",),
        "AllowedHeaders": ("access-control-allow-headers",),
        "ExposeHeaders": ("access-control-expose-headers",),
        "ExposedHeaders": ("access-control-expose-headers",),  # of CloudFormation
        "MaxAgeSeconds": ("access-control-max-age",),
        "MaxAge": ("access-control-max-age",),
    },
    hint="where it is XML: aws s3api get-bucket-cors prints it as JSON",
    names=frozenset({"id"}),
    wildcards=True,
    echoes_headers=True,
    credentials="S3 sends Access-Control-Allow-Credentials: true to these origins, whatever is wanted. The policy has "
    "it off: say allow_credentials, if pages call with cookies.",
    by_method=True,
)

STACK: Final = Stack(
    name="s3",
    title="Amazon S3",
    language="json",
    render=render,
    read=reader(_SERVICE),
    recognise=by_signs(
        ("server", r"AmazonS3\b", 0.9),
        ("x-amz-request-id", r"", 0.6),
        ("x-amz-id-2", r"", 0.6),
        page=(rb"<Error><Code>[A-Za-z]+</Code>", "the page is S3's XML for an error", 0.5),
        needs=("x-amz-request-id",),
    ),
)
