"""AWS API Gateway, HTTP APIs: their CORS configuration, as CloudFormation.

Written from the developer guide and the CloudFormation guide (as last published as source, June and December 2023; the
page on CORS looked at again in 2026), not run:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-api-cors.html . What shaped
it:

- An origin is exact, or one of `*`, `https://*` and `http://*`, which are everybody; there is no pattern for
  subdomains, and no other scheme in the documentation.
- With a configuration here, CORS headers of the backend are ignored, and preflights are answered without a route.
- A `$default` route with an authorizer takes OPTIONS too: the guide adds a route `OPTIONS /{proxy+}` without one.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.patterns import OriginPattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.service_read import Service, reader
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "API Gateway (HTTP)"


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.yaml`: a template with an API."""
    origins, unsaid = _origins(policy)
    limits = _limits(policy, origins, unsaid)
    cors = _cors(policy, origins) if origins else []
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        'AWSTemplateFormatVersion: "2010-09-09"',
        "Resources:",
        "  Api:",
        '    Type: "AWS::ApiGatewayV2::Api"',
        "    Properties:",
        "      Name: app",
        "      ProtocolType: HTTP",
        *gateway.indent(cors, 6),
        "",
    ]
    parts = (Part("the Properties of the AWS::ApiGatewayV2::Api", "\n".join(cors)),) if cors else ()
    return Rendered((File("cors.yaml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        return gateway.exactly(pattern) if pattern.scheme in gateway.WEB else []

    return gateway.say_origins(policy, say)


def _cors(policy: Policy, origins: list[str]) -> list[str]:
    lines = [
        "CorsConfiguration:",
        "  AllowOrigins:",
        *gateway.indent(gateway.block_list(origins), 2),
        f"  AllowCredentials: {str(policy.allow_credentials).lower()}",
    ]
    for name, values in (
        ("AllowMethods", policy.allow_methods),
        ("AllowHeaders", policy.allow_headers),
        ("ExposeHeaders", policy.expose_headers),
    ):
        if values:
            lines += [f"  {name}:", *gateway.indent(gateway.block_list(values), 2)]
    if policy.max_age is not None:
        lines.append(f"  MaxAge: {policy.max_age}")
    return lines


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "it takes exact origins of http and https; name them one by one"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    limits.append(
        "a $default route with an authorizer: it takes preflights too, and denies them. Add a route OPTIONS /{proxy+} "
        "without an authorizer."
    )
    limits.append(gateway.undocumented_preflights(_TITLE))
    limits += gateway.whole_lists(policy, _TITLE)
    return [*limits, *gateway.undocumented_vary(policy, _TITLE)]


_SERVICE: Final = Service(
    title=_TITLE,
    origins="AllowOrigins",
    fields={
        "AllowMethods": ("access-control-allow-methods",),
        "AllowHeaders": ("access-control-allow-headers",),
        "AllowCredentials": ("access-control-allow-credentials",),
        "ExposeHeaders": ("access-control-expose-headers",),
        "MaxAge": ("access-control-max-age",),
    },
    hint="aws apigatewayv2 get-api prints it as JSON",
)

STACK: Final = Stack(
    name="apigateway-http",
    title=_TITLE,
    language="yaml",
    render=render,
    read=reader(_SERVICE),
    recognise=by_signs(("apigw-requestid", r"", 0.97)),
)
