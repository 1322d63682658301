r"""AWS API Gateway, REST APIs: an OPTIONS method with a mock integration, and gateway responses, as CloudFormation.

Written from the developer guide, as it was last published as source (June 2023), not run:
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html , its pages on gateway responses and on
overriding response headers in a mapping template; and from the Serverless Framework's template for several origins
(serverless/serverless, lib/plugins/aws/package/compile/events/api-gateway/lib/cors.js). What shaped it:

- Nothing answers a preflight but an OPTIONS method of that very resource; without one it is 403, "Missing
  Authentication Token". It must ask for no authorization and no API key.
- What is fixed is between single quotes. One of several origins takes a template, which sets
  `$context.responseOverride.header`; Java's `matches` takes the whole of a text.
- The API's own errors, 401, 403, 429 and 504, have headers by gateway responses only. Those have no templates, and so
  one fixed origin at most; to repeat the request's Origin there would allow everybody.
- With a proxy integration (Lambda or HTTP) the answers themselves get their headers from the backend alone.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "API Gateway (REST)"
_ORIGIN: Final = "Access-Control-Allow-Origin"


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.yaml`: a template for one resource of an API that exists."""
    origin = _fixed_origin(policy)
    limits = _limits(policy, origin)
    resources = [*_method(policy, origin), *(_gateway_responses(policy, origin) if origin else [])]
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "#",
        "# One such method for every resource that pages of other origins call; then deploy the stage anew.",
        "",
        'AWSTemplateFormatVersion: "2010-09-09"',
        "Parameters:",
        "  RestApiId:",
        "    Type: String",
        "  ResourceId:",
        "    Type: String",
        "Resources:",
        *gateway.indent(resources, 2),
        "",
    ]
    parts = (Part("the template's Resources, with the ids of your API and resource", "\n".join(resources)),)
    return Rendered((File("cors.yaml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _fixed_origin(policy: Policy) -> str | None:
    """The one origin of a policy, or `*`; None where the request's has to be looked at."""
    if matching.any_origin(policy):
        return "*"
    exact, wild = matching.exact_origins(policy)
    return exact[0] if len(exact) == 1 and not wild else None


def _quotable(names: tuple[str, ...]) -> list[str]:
    """Names that can stand between single quotes."""
    return [name for name in names if "'" not in name]


def _fixed(value: str) -> str:
    """A fixed value of a mapping, in YAML."""
    return gateway.quote(f"'{value}'")


def _java(expression: str) -> str:
    """An expression for `matches`, which takes the whole of a text by itself; a dot without a backslash."""
    return expression[1:-1].replace(r"\.", "[.]")


def _template(policy: Policy) -> str:
    """The template that says the origin back, if it is allowed; without a line's end, for an answer without a body.

    HTTP/1.1 has names of headers in either case, HTTP/2 in lower case.
    """
    exact, wild = matching.exact_origins(policy)
    tests = [f"$origin == '{origin}'" for origin in exact]
    tests += [f"$origin.matches('{_java(regex)}')" for _, regex in wild]
    return "".join(
        [
            '#set($origin = $input.params("Origin"))',
            '#if($origin == "")#set($origin = $input.params("origin"))#end',
            f"#if({' || '.join(tests)})#set($context.responseOverride.header.{_ORIGIN} = $origin)#end",
        ]
    )


def _preflight_headers(policy: Policy, origin: str | None) -> list[tuple[str, str]]:
    rows = [(_ORIGIN, origin)] if origin else []
    if policy.allow_credentials:
        rows.append(("Access-Control-Allow-Credentials", "true"))
    if methods := _quotable(policy.allow_methods):
        rows.append(("Access-Control-Allow-Methods", ",".join(methods)))
    if headers := _quotable(policy.allow_headers):
        rows.append(("Access-Control-Allow-Headers", ",".join(headers)))
    if policy.max_age is not None:
        rows.append(("Access-Control-Max-Age", str(policy.max_age)))
    if origin is None:
        rows.append(("Vary", "Origin"))
    return rows


def _method(policy: Policy, origin: str | None) -> list[str]:
    rows = _preflight_headers(policy, origin)
    status = gateway.quote(str(policy.preflight_status))
    mock = gateway.quote(f'{{"statusCode": {policy.preflight_status}}}')
    names = [name for name, _ in rows] if origin else [_ORIGIN, *(name for name, _ in rows)]
    template = [
        *([] if origin else ["# The origin, if it is allowed: compared as a whole, by case."]),
        "ResponseTemplates:",
        f"  application/json: {gateway.quote('' if origin else _template(policy))}",
    ]
    return [
        "CorsPreflight:",
        '  Type: "AWS::ApiGateway::Method"',
        "  Properties:",
        "    RestApiId: { Ref: RestApiId }",
        "    ResourceId: { Ref: ResourceId }",
        "    HttpMethod: OPTIONS",
        "    # A preflight cannot authenticate itself.",
        "    AuthorizationType: NONE",
        "    ApiKeyRequired: false",
        "    Integration:",
        "      Type: MOCK",
        "      RequestTemplates:",
        f"        application/json: {mock}",
        "      IntegrationResponses:",
        f"      - StatusCode: {status}",
        "        ResponseParameters:",
        *(f"          method.response.header.{name}: {_fixed(value)}" for name, value in rows),
        *gateway.indent(template, 8),
        "    MethodResponses:",
        f"    - StatusCode: {status}",
        "      ResponseParameters:",
        *(f"        method.response.header.{name}: true" for name in names),
    ]


def _gateway_responses(policy: Policy, origin: str) -> list[str]:
    rows = [(_ORIGIN, origin)]
    if policy.allow_credentials:
        rows.append(("Access-Control-Allow-Credentials", "true"))
    if exposed := _quotable(policy.expose_headers):
        rows.append(("Access-Control-Expose-Headers", ",".join(exposed)))
    lines = ["# The errors that API Gateway makes itself: without these, script sees a CORS error in their place."]
    for number in ("4", "5"):
        lines += [
            f"CorsOn{number}xx:",
            '  Type: "AWS::ApiGateway::GatewayResponse"',
            "  Properties:",
            "    RestApiId: { Ref: RestApiId }",
            f"    ResponseType: DEFAULT_{number}XX",
            "    ResponseParameters:",
            *(f"      gatewayresponse.header.{name}: {_fixed(value)}" for name, value in rows),
        ]
    return lines


def _limits(policy: Policy, origin: str | None) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    limits.append(
        "actual answers, and expose_headers with them: with a proxy integration (Lambda or HTTP) they come from the "
        "backend as they are; there is no setting for it. Give the backend the same policy."
    )
    if origin is None:
        limits.append(
            f"errors: {_TITLE} can give those that it makes itself one fixed origin, not one of several. They go "
            "without, and script sees a CORS error in place of 401, 403, 429 or 504."
        )
    for field in ("allow_methods", "allow_headers", "expose_headers"):
        names: tuple[str, ...] = getattr(policy, field)
        others = [name for name in names if name not in _quotable(names)]
        limits += gateway.left_out(field, _TITLE, others, "a fixed value stands between single quotes")
    return [*limits, gateway.denied_preflights(_TITLE), *gateway.whole_lists(policy, _TITLE)]


STACK: Final = Stack(
    name="apigateway-rest",
    title=_TITLE,
    language="yaml",
    render=render,
    recognise=by_signs(
        ("x-amz-apigw-id", r"", 0.97),
        # Other services of AWS, and Lambda behind a URL of its own, say it too.
        ("x-amzn-errortype", r"", 0.4),
        page=(
            rb'\A\{"message":\s*"Missing Authentication Token"\}',
            "the page is API Gateway's own for no method",
            0.9,
        ),
    ),
)
