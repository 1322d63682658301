r"""Traefik: the headers middleware, as a dynamic configuration file.

Written from the documentation and source of 3.7.9 (July 2026), not run:
https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/headers/ and, in traefik/traefik,
pkg/middlewares/headers/header.go . What shaped it:

- `accessControlAllowOriginListRegex` lets in what contains a match (Go's `MatchString`): without `^` and `$`, and with
  an unescaped dot, `https://app-example.com` and `https://app.example.com.evil.test` pass. Go's `$` is the very end.
- A backend's Access-Control-Allow-Origin is overwritten for allowed origins only, and stays for all others; Traefik
  applies `customResponseHeaders`, where an empty value removes, before its own CORS headers: so all of them go first.
- `Vary: Origin` comes with `addVaryHeader` only, and never with the answer to a preflight.
- Preflights are 200 always; before 3.7.6, one without `accessControlMaxAge` had Access-Control-Max-Age: 0.
- The documentation says that `null` is not supported.
- What the router itself answers, "404 page not found", passes no middleware; 502 and 504 do.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "Traefik"
_ROUTER: Final = (
    "# First of all middlewares: before authentication, which a preflight cannot pass.",
    "middlewares:",
    "- cors",
)


def render(policy: Policy, site: Site) -> Rendered:
    """`traefik-cors.yaml` for Traefik's file provider: the middleware, and a router and a service that use it."""
    limits = _limits(policy)
    middleware = ["cors:", "  headers:", *gateway.indent(_headers(policy), 4)]
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "#",
        f"# For the file provider's directory. The entry point (:{site.port}) stands in the static configuration.",
        "",
        "http:",
        "  routers:",
        "    app:",
        '      rule: "PathPrefix(`/`)"',
        "      service: app",
        *gateway.indent(_ROUTER, 6),
        "  middlewares:",
        *gateway.indent(middleware, 4),
        "  services:",
        "    app:",
        "      loadBalancer:",
        "        servers:",
        f"        - url: {gateway.quote(f'http://{site.address}')}",
        "",
    ]
    parts = (
        Part("the file provider's configuration, under http.middlewares", "\n".join(middleware)),
        Part("every router that pages of other origins call", "\n".join(_ROUTER)),
    )
    return Rendered((File("traefik-cors.yaml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[tuple[str, str]]]:
    exact, wild = matching.exact_origins(policy)
    return [origin for origin in exact if origin != "null"], wild


def _headers(policy: Policy) -> list[str]:
    lines = []
    if matching.any_origin(policy):
        lines += ["accessControlAllowOriginList:", *gateway.block_list(["*"])]
    else:
        exact, wild = _origins(policy)
        if exact:
            lines += ["accessControlAllowOriginList:", *gateway.block_list(exact)]
        if wild:
            lines += ["# The whole of an origin, from ^ to $, every dot escaped.", "accessControlAllowOriginListRegex:"]
            for text, regex in wild:
                lines += [f"# {text}", *gateway.block_list([regex])]
        lines += ["# A cache has to know, even where there is no Origin.", "addVaryHeader: true"]
    for name, values in (
        ("accessControlAllowMethods", policy.allow_methods),
        ("accessControlAllowHeaders", policy.allow_headers),
        ("accessControlExposeHeaders", policy.expose_headers),
    ):
        if values:
            lines += [f"{name}:", *gateway.block_list(values)]
    if policy.allow_credentials:
        lines.append("accessControlAllowCredentials: true")
    age = policy.max_age if policy.max_age is not None else gateway.BROWSERS_MAX_AGE
    return [
        *lines,
        f"accessControlMaxAge: {age}",
        "# The backend's own CORS headers go first: they would stay for origins that are not allowed.",
        "customResponseHeaders:",
        *(f'  {name}: ""' for name in matching.CORS_HEADERS),
    ]


def _limits(policy: Policy) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    nulls = [origin for origin in policy.allow_origins if origin == "null"]
    limits += gateway.left_out("allow_origins", _TITLE, nulls, "its documentation says that null is not supported")
    limits.append(gateway.denied_preflights(_TITLE))
    limits += gateway.whole_lists(policy, _TITLE)
    limits += gateway.other_status(policy, _TITLE, 200)
    if not matching.any_origin(policy):
        limits.append("Vary: Traefik sends none with its answers to preflights, which no shared cache keeps.")
    return limits


STACK: Final = Stack(
    name="traefik",
    title=_TITLE,
    language="yaml",
    render=render,
    recognise=by_signs(
        # Go's own page: every server of Go's library has it, and they send no Server header either.
        page=(rb"\A404 page not found\n?\Z", "the page is that of a router written in Go, as Traefik is", 0.4),
        without=("server", "x-powered-by"),
    ),
)
