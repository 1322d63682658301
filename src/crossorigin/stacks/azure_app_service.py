"""Azure App Service, Functions among it: the platform's own CORS, as Bicep.

Written from the documentation (its source in MicrosoftDocs/azure-docs, and the references of `Microsoft.Web`, read in
2026), not run: https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-rest-api and
https://learn.microsoft.com/azure/templates/microsoft.web/sites/config-web . Storage has rules of its own: see
`azure_storage`. What shaped it:

- There are two settings: origins, and whether credentials are supported; `*` and credentials exclude each other. There
  is none for methods and headers: all are allowed. Whoever has to limit them leaves this off and lets the code do it.
- The platform's CORS has precedence, and CORS in the code has no effect beside it.
- Patterns for subdomains are said to work, and not to (azure-docs issues 76138 and 102574, azure-cli issue 14315).
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import bicep, gateway, matching
from crossorigin.stacks.stack import UNKNOWN, Evidence, File, Part, Recognition, Rendered, Site, Stack

__all__ = ["STACK", "recognise", "render"]

_TITLE: Final = "App Service"
_AFFINITY: Final = re.compile(r"ARRAffinity(?:SameSite)?=")


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.bicep`: a web app, with the part for its `siteConfig`."""
    origins, unsaid = (["*"], []) if matching.any_origin(policy) else gateway.say_origins(policy, gateway.exactly)
    limits = _limits(policy, origins, unsaid)
    cors = [
        "cors: {",
        *gateway.indent(bicep.array("allowedOrigins", origins), 2),
        f"  supportCredentials: {str(policy.allow_credentials).lower()}",
        "}",
    ]
    lines = [
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "",
        "param name string",
        "param plan string",
        "param location string = resourceGroup().location",
        "",
        "resource app 'Microsoft.Web/sites@2022-09-01' = {",
        "  name: name",
        "  location: location",
        "  properties: {",
        "    serverFarmId: plan",
        "    siteConfig: {",
        *gateway.indent(cors, 6),
        "    }",
        "  }",
        "}",
        "",
    ]
    parts = (Part("the siteConfig of the app", "\n".join(cors)),)
    return Rendered((File("cors.bicep", "bicep", "\n".join(lines), parts),), tuple(limits))


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "exact origins and * alone are documented; name them one by one"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, f"{gateway.allowed_nobody(_TITLE)} CORS in the code has effect then."]
    if "*" not in policy.allow_methods or "*" not in policy.allow_headers:
        limits.append(
            "allow_methods and allow_headers: App Service has no setting for them, and so limits neither. Refuse in "
            "the code what nobody may call; or leave the origins empty here and let the code do CORS."
        )
    if policy.expose_headers:
        limits += gateway.left_out("expose_headers", _TITLE, policy.expose_headers, "it has no setting for it")
    if policy.max_age is not None:
        limits.append("max_age: App Service has no setting for it.")
    limits.append("CORS in the code: it has no effect beside App Service's. Take it out, or this.")
    limits.append(gateway.undocumented_preflights(_TITLE))
    return [*limits, *gateway.undocumented_vary(policy, _TITLE)]


def recognise(evidence: Evidence) -> Recognition:
    """By the cookie that keeps a visitor on one instance; its value is nobody's business."""
    if any(map(_AFFINITY.match, evidence.values("set-cookie"))):
        return Recognition(0.9, ("Set-Cookie: ARRAffinity",))
    return UNKNOWN


STACK: Final = Stack(
    name="azure-app-service",
    title="Azure App Service",
    language="bicep",
    render=render,
    recognise=recognise,
)
