"""Azure Storage: a CORS rule of the blob service, as Bicep.

Written from the documentation (read in 2026), not run:
https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services
and https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts/blobservices ; and from Azurite, the
maker's emulator (Azure/Azurite, src/blob/preflight/PreflightMiddlewareFactory.ts). What shaped it:

- All five fields of a rule are required, and may be empty but for origins and methods. Five rules, 64 origins, 64
  headers, and 2 KiB of all are the most.
- An origin is compared by case; `http://*.contoso.com` is the documentation's example for subdomains. A port is no `*`.
- A header's name that ends in `*` stands for all that begin so; `*` for all.
- Access-Control-Allow-Credentials: true is sent unless the origin is `*`.
- Files, queues and tables have rules of their own, in the same form: `fileServices`, `queueServices`, `tableServices`.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.patterns import ANY_PORT, OriginPattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import bicep, gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "Azure Storage"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "MERGE")


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.bicep`: the blob service of an account that exists."""
    origins, unsaid = _origins(policy)
    methods, method_limits = gateway.methods_within(policy, _METHODS, _TITLE, "it knows eight methods")
    limits = [*_limits(policy, origins, unsaid), *method_limits]
    cors = _cors(policy, origins, methods)
    lines = [
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "",
        "param accountName string",
        "",
        "resource account 'Microsoft.Storage/storageAccounts@2023-01-01' existing = {",
        "  name: accountName",
        "}",
        "",
        "resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {",
        "  parent: account",
        "  name: 'default'",
        "  properties: {",
        *gateway.indent(cors, 4),
        "  }",
        "}",
        "",
    ]
    parts = (Part("the properties of the account's blobServices", "\n".join(cors)),)
    return Rendered((File("cors.bicep", "bicep", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        return [] if pattern.port == ANY_PORT else [pattern.serialize()]

    return gateway.say_origins(policy, say)


def _cors(policy: Policy, origins: list[str], methods: list[str]) -> list[str]:
    if not origins:
        return ["cors: { corsRules: [] }"]
    headers = ["*"] if "*" in policy.allow_headers else policy.allow_headers
    age = policy.max_age if policy.max_age is not None else gateway.BROWSERS_MAX_AGE
    rule = [
        *bicep.array("allowedOrigins", origins),
        *bicep.array("allowedMethods", methods),
        *bicep.array("allowedHeaders", headers),
        *bicep.array("exposedHeaders", policy.expose_headers),
        f"maxAgeInSeconds: {age}",
    ]
    return ["cors: {", "  corsRules: [", "    {", *gateway.indent(rule, 6), "    }", "  ]", "}"]


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "no port may be *, and null is not documented"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    if not policy.allow_credentials and not matching.any_origin(policy):
        limits.append(
            "allow_credentials: Azure Storage sends Access-Control-Allow-Credentials: true to listed origins all the "
            "same, and has no setting against it."
        )
    return [*limits, *gateway.other_status(policy, _TITLE, 200)]


STACK: Final = Stack(
    name="azure-storage",
    title=_TITLE,
    language="bicep",
    render=render,
    recognise=by_signs(
        ("server", r"Windows-Azure-(?:Blob|File|Queue|Table|Web)/", 0.95),
        ("x-ms-blob-type", r"", 0.9),
        # Many services of Azure have it, Storage among them.
        ("x-ms-request-id", r"", 0.5),
    ),
)
