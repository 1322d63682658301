"""Go with jub0bs/cors, read in v1.0.2: https://github.com/jub0bs/cors/blob/v1.0.2/config.go

Its patterns are this project's: `*.` is one or more labels, `:*` is any port or none. It reads an Origin less strictly,
so that `https://evil.test/.example.com`, which no browser sends, passes for a subdomain of example.com.

A configuration that it deems unsafe it refuses when it is made, and then the program ends: so what it would refuse is
left out, and said. Two of its permissions begin with `Dangerously`; they widen nothing by themselves, and are given
where a policy, which has been asked the same questions, has an origin that needs them. With neither a method nor a
header listed it refuses every preflight, also that of an upload with an eye on its progress: so a header that needs no
leave is listed. A `MaxAgeInSeconds` of 0 sends no header, and -1 sends 0. It needs Go 1.25.
"""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Final

from crossorigin.policy.patterns import OriginPattern, parse_pattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import go, matching
from crossorigin.stacks.stack import Rendered, Site, Stack

__all__ = ["STACK", "render"]

_LIBRARY: Final = "github.com/jub0bs/cors"
_NOBODY: Final = "https://nobody.invalid"
"""An origin that no page has, for it refuses to have none: https://www.rfc-editor.org/rfc/rfc2606.html#section-2"""
_NEVER_EXPOSED: Final = frozenset({"access-control-request-headers", "access-control-request-method", "origin"})
"""Names that it refuses among those to expose, beside those that a policy refuses too."""


def render(policy: Policy, site: Site) -> Rendered:
    """`main.go`: a server with CORS around all its routes."""
    refused = [] if matching.any_origin(policy) else [text for text in policy.allow_origins if _refused(text)]
    declarations = [
        "// withCORS goes around everything: a preflight cannot pass authentication.",
        "func withCORS(next http.Handler) http.Handler {",
        "\tmiddleware, err := cors.NewMiddleware(cors.Config{",
        *go.fields(_config(policy, refused), "\t\t"),
        "\t})",
        "\tif err != nil {",
        "\t\tlog.Fatal(err)",
        "\t}",
    ]
    if policy.debug:
        declarations += ["\t// Tells everybody what is allowed.", "\tmiddleware.SetDebug(true)"]
    declarations += ["\treturn middleware.Wrap(next)", "}"]
    return go.program(policy, _limits(policy, refused), site, _LIBRARY, [], declarations)


def _refused(text: str) -> bool:
    """Whether it takes no such origin: `null`, port 0, an IPv4 address in an IPv6 one, a host that IDNA knows not."""
    if text == "null":
        return True
    pattern = parse_pattern(text)
    if pattern.host.startswith("["):
        return pattern.port == 0 or IPv6Address(pattern.host[1:-1]).ipv4_mapped is not None
    labels = pattern.host.split(".")
    return pattern.port == 0 or any("_" in each or (each[2:4] == "--" and each[:2] != "xn") for each in labels)


def _limits(policy: Policy, refused: list[str]) -> list[str]:
    limits = []
    if refused:
        limits.append(f"allow_origins: jub0bs/cors refuses {', '.join(refused)}, left out here.")
    if never := _NEVER_EXPOSED.intersection(policy.expose_headers):
        limits.append(f"expose_headers: jub0bs/cors refuses {', '.join(sorted(never))}, left out here.")
    if policy.refuse_disallowed_origins:
        limits.append(
            "refuse_disallowed_origins: jub0bs/cors hands requests of origins that are not allowed on to the routes; "
            "script cannot read the answers. Refuse them in your routes."
        )
    if policy.preflight_status != 204:
        limits.append(f"preflight_status: jub0bs/cors answers with 204, not {policy.preflight_status}.")
    if not matching.any_origin(policy):
        limits.append("Vary: jub0bs/cors sends none on answers to OPTIONS, which no cache may keep anyway.")
    return limits


def _config(policy: Policy, refused: list[str]) -> list[tuple[str, str, str]]:
    origins = [text for text in policy.allow_origins if text not in refused]
    rows = [("Origins", go.strings(origins), "")]
    if not origins:
        rows = [("Origins", go.strings([_NOBODY]), "Nobody: an empty list is refused.")]
    if policy.allow_credentials:
        rows.append(("Credentialed", "true", ""))
    # GET, HEAD and POST are granted in any case, and do not count as listed.
    methods = [method for method in policy.allow_methods if method not in matching.SAFELISTED_METHODS]
    if methods:
        rows.append(("Methods", go.strings(methods), ""))
    if policy.allow_headers:
        rows.append(("RequestHeaders", go.strings(policy.allow_headers), ""))
    elif not methods:
        comment = "Nothing listed, every preflight is refused, that of a POST too."
        rows.append(("RequestHeaders", go.strings(matching.library_headers(policy)), comment))
    if policy.max_age is not None:
        comment = "" if policy.max_age else "-1 is 0; 0 would send no header."
        rows.append(("MaxAgeInSeconds", str(policy.max_age or -1), comment))
    if exposed := [name for name in policy.expose_headers if name not in _NEVER_EXPOSED]:
        rows.append(("ResponseHeaders", go.strings(exposed), ""))
    return [*rows, *_dangers(policy, [parse_pattern(text) for text in origins if text != "*"])]


def _dangers(policy: Policy, patterns: list[OriginPattern]) -> list[tuple[str, str, str]]:
    """The permissions without which it refuses, with credentials, what the policy allows."""
    if not policy.allow_credentials:
        return []
    rows = []
    if any(_is_insecure(pattern) for pattern in patterns):
        rows.append(("DangerouslyTolerateInsecureOrigins", "true", "For an origin without https."))
    if policy.dangerously_allow_public_suffix_wildcards:
        rows.append(("DangerouslyTolerateSubdomainsOfPublicSuffixes", "true", ""))
    return rows


def _is_insecure(pattern: OriginPattern) -> bool:
    """Whether it deems an origin insecure: any without https that is not this machine's own, extensions' too."""
    host = pattern.host
    if pattern.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return False
    return host != "[::1]" and not (host.startswith("127.") and host.replace(".", "").isdigit())


STACK: Final = Stack(name="go-jub0bs-cors", title="Go with jub0bs/cors", language="go", render=render)
