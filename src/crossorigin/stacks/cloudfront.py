"""Amazon CloudFront: a response headers policy and the cache key that goes with it, as CloudFormation.

Written from the developer guide and the CloudFormation guide (as last published as source, June and December 2023), not
run: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html and
header-caching.html beside it. What shaped it:

- CloudFront adds the headers to an answer and makes none itself: OPTIONS goes to the backend, and if that says 403 or
  404, no header helps. The cache behavior has to let OPTIONS through.
- What the backend answers may depend on Origin, so Origin belongs into the cache key; with S3 behind it,
  Access-Control-Request-Method and -Headers too; and where the policy lets them come, cookies and Authorization.
- A header that is in no policy is not handed on, a custom one and Authorization neither: hence the managed origin
  request policy AllViewerExceptHostHeader.
- `OriginOverride` puts CloudFront's headers over the backend's, but only those that it sends: the backend's are all
  removed first (`RemoveHeadersConfig`).
- Methods are seven, and `ALL` for all of them. A list of headers must not be empty; `*` does not cover Authorization.
- A wildcard may be the first part of a host, and since March 2023 a port. Whether `https://*.example.com` leaves out
  other ports the documentation does not say, so subdomains are left out here.
- A redirect from http to https would break a preflight: `https-only` instead.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.patterns import ANY_PORT, OriginPattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "CloudFront"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_BEHAVIOR: Final = (
    "# All seven: preflights are OPTIONS.",
    "AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]",
    "# Not redirect-to-https, which a preflight may not follow.",
    "ViewerProtocolPolicy: https-only",
    "CachePolicyId: { Ref: CorsCacheKey }",
    "# AllViewerExceptHostHeader: the backend gets to see every header, Authorization and custom ones too.",
    "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "ResponseHeadersPolicyId: { Ref: CorsHeaders }",
)


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.yaml`: a template with both policies, and a distribution that uses them."""
    origins, unsaid = _origins(policy)
    methods, method_limits = gateway.methods_within(policy, _METHODS, _TITLE, "it knows seven methods")
    limits = [*_limits(policy, origins, unsaid), *(method_limits if "*" not in policy.allow_methods else [])]
    resources = [*_headers(policy, origins, methods), *_cache_key(policy)]
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        'AWSTemplateFormatVersion: "2010-09-09"',
        "Parameters:",
        "  BackendDomainName:",
        "    Type: String",
        "Resources:",
        *gateway.indent(resources, 2),
        "  Distribution:",
        '    Type: "AWS::CloudFront::Distribution"',
        "    Properties:",
        "      DistributionConfig:",
        "        Enabled: true",
        "        Origins:",
        "        - Id: backend",
        "          DomainName: { Ref: BackendDomainName }",
        "          CustomOriginConfig: { OriginProtocolPolicy: https-only }",
        "        DefaultCacheBehavior:",
        "          TargetOriginId: backend",
        *gateway.indent(_BEHAVIOR, 10),
        "",
    ]
    parts = (
        Part("the template's Resources", "\n".join(resources)),
        Part("the cache behavior that pages of other origins call, in the distribution", "\n".join(_BEHAVIOR)),
    )
    return Rendered((File("cors.yaml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        text = pattern.serialize()
        if pattern.any_subdomain or pattern.scheme not in gateway.WEB or pattern.host.startswith("["):
            return []
        return [text.removesuffix(":*"), text] if pattern.port == ANY_PORT else [text]

    return gateway.say_origins(policy, say)


def _headers(policy: Policy, origins: list[str], methods: list[str]) -> list[str]:
    cors = []
    if origins:
        headers = ("*",) if "*" in policy.allow_headers else policy.allow_headers or (gateway.NO_LEAVE_NEEDED,)
        age = policy.max_age if policy.max_age is not None else gateway.BROWSERS_MAX_AGE
        cors = [
            "CorsConfig:",
            "  OriginOverride: true",
            f"  AccessControlAllowCredentials: {str(policy.allow_credentials).lower()}",
            *_items("AccessControlAllowOrigins", origins),
            *_items("AccessControlAllowMethods", ["ALL"] if "*" in policy.allow_methods else methods),
            *_items("AccessControlAllowHeaders", headers),
            *(_items("AccessControlExposeHeaders", policy.expose_headers) if policy.expose_headers else []),
            f"  AccessControlMaxAgeSec: {age}",
        ]
    return [
        "CorsHeaders:",
        '  Type: "AWS::CloudFront::ResponseHeadersPolicy"',
        "  Properties:",
        "    ResponseHeadersPolicyConfig:",
        '      Name: { "Fn::Sub": "${AWS::StackName}-cors" }',
        *gateway.indent(cors, 6),
        "      # The backend's own go first, then those above come: two of a kind are refused by browsers.",
        "      RemoveHeadersConfig:",
        "        Items:",
        *(f"        - Header: {name}" for name in matching.CORS_HEADERS),
    ]


def _cache_key(policy: Policy) -> list[str]:
    names = ["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]
    if "authorization" in policy.allow_headers:
        names.append("Authorization")
    return [
        "# What the backend answers may depend on these.",
        "CorsCacheKey:",
        '  Type: "AWS::CloudFront::CachePolicy"',
        "  Properties:",
        "    CachePolicyConfig:",
        '      Name: { "Fn::Sub": "${AWS::StackName}-cors" }',
        "      # Kept only where the backend says so.",
        "      MinTTL: 0",
        "      DefaultTTL: 0",
        "      MaxTTL: 31536000",
        "      ParametersInCacheKeyAndForwardedToOrigin:",
        "        EnableAcceptEncodingGzip: true",
        "        EnableAcceptEncodingBrotli: true",
        f"        CookiesConfig: {{ CookieBehavior: {'all' if policy.allow_credentials else 'none'} }}",
        "        QueryStringsConfig: { QueryStringBehavior: all }",
        "        HeadersConfig:",
        "          HeaderBehavior: whitelist",
        "          Headers:",
        *(f"          - {name}" for name in names),
    ]


def _items(name: str, values: list[str] | tuple[str, ...]) -> list[str]:
    return [f"  {name}:", "    Items:", *gateway.indent(gateway.block_list(values), 4)]


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = (
        "it knows http and https, and *. for subdomains may let in their other ports too; "
        "name them one by one, or add *. yourself if that is no harm"
    )
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    if "*" in policy.allow_methods:
        limits.append(f"allow_methods: * is ALL for CloudFront: {', '.join(_METHODS)}, and no more.")
    if "*" in policy.allow_headers:
        others = [name for name in policy.allow_headers if name != "*"]
        limits += gateway.left_out("allow_headers", _TITLE, others, "its documentation has * alone, not beside names")
    limits.append(
        "preflights: CloudFront only adds headers. The backend has to answer OPTIONS with a status from 200 to 299, "
        "and the browser sees by the headers what is denied."
    )
    limits += gateway.whole_lists(policy, _TITLE)
    return [*limits, *gateway.undocumented_vary(policy, _TITLE)]


STACK: Final = Stack(
    name="cloudfront",
    title="Amazon CloudFront",
    language="yaml",
    render=render,
    recognise=by_signs(
        ("via", r".*\.cloudfront\.net \(CloudFront\)", 0.7),
        ("x-amz-cf-id", r"", 0.7),
        ("server", r"CloudFront\b", 0.7),
    ),
)
