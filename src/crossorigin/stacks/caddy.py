"""Caddy: named matchers that decide, and a `route`, which keeps the order in which its directives are written.

Outside a `route` Caddy sorts directives by an order of its own, https://caddyserver.com/docs/caddyfile/directives .
Expressions are Go's, RE2. A `{` in a value would begin a placeholder; no value of a policy has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.caddy_read import read
from crossorigin.stacks.signs import by_server
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_ASKED_HEADERS: Final = '"{http.request.header.Access-Control-Request-Headers}"'
_PROXY: Final = (
    "# The backend's own CORS headers go: two of a kind are refused by browsers.",
    *(f"header_down -{name}" for name in matching.CORS_HEADERS),
)


def render(policy: Policy, site: Site) -> Rendered:
    """A `Caddyfile`: one site before a backend."""
    limits = matching.common_limits(policy, "Caddy")
    lines: list[Line] = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        f":{site.port} {{",
        Part.of("in the block of your site", _tabbed(1, _matchers(policy))),
        "",
        Part.of("in front of your reverse_proxy or file_server", _tabbed(1, _route(policy))),
        "\t\t# For files: root * /var/www/html and file_server, in place of this.",
        f"\t\treverse_proxy {site.address} {{",
        Part.of("within { } behind the address of your reverse_proxy", _tabbed(3, _PROXY)),
        "\t\t}",
        Part("behind your reverse_proxy or file_server: the end of the route", "\t}"),
        "}",
    ]
    return Rendered((File.of("Caddyfile", "caddyfile", lines),), tuple(limits))


def _tabbed(depth: int, lines: Iterable[str]) -> list[str]:
    return ["\t" * depth + line for line in lines]


def _quote(text: str) -> str:
    """A token; within quotes a backslash escapes a quote only, and stays before anything else."""
    return '"' + text.replace('"', '\\"') + '"'


def _matchers(policy: Policy) -> list[str]:
    lines = []
    if not matching.any_origin(policy):
        lines += [
            "# Allowed origins: compared as a whole, by case.",
            f"@cors_origin header_regexp Origin {_quote(matching.one_origin_regex(policy))}",
        ]
    names = matching.header_names_regex(policy)
    origin = "Origin *" if matching.any_origin(policy) else None
    return [
        *lines,
        "# A preflight is OPTIONS with Origin and Access-Control-Request-Method; any other OPTIONS is the backend's.",
        "@cors_preflight {",
        "\tmethod OPTIONS",
        "\theader Origin *",
        "\theader Access-Control-Request-Method *",
        "}",
        "@cors_granted {",
        "\tmethod OPTIONS",
        f"\theader {origin}" if origin else f"\theader_regexp Origin {_quote(matching.one_origin_regex(policy))}",
        f"\theader_regexp Access-Control-Request-Method {_quote(matching.methods_regex(policy))}",
        "\tnot {",
        "\t\theader Access-Control-Request-Headers *",
        "\t\tnot header_regexp Access-Control-Request-Headers " + _quote("(?i)" + names),
        "\t}",
        "}",
    ]


def _route(policy: Policy) -> list[str]:
    """What comes before the proxy; the route does not end here."""
    allowed = '"*"' if matching.any_origin(policy) else '"{http.request.header.Origin}"'
    who = "" if matching.any_origin(policy) else "@cors_origin "
    grants = [("Access-Control-Allow-Origin", allowed)]
    if policy.allow_credentials:
        grants.append(("Access-Control-Allow-Credentials", '"true"'))
    methods = '"*"' if "*" in policy.allow_methods else '"{http.request.header.Access-Control-Request-Method}"'
    preflight = [*grants, ("Access-Control-Allow-Methods", methods)]
    asked: list[str] = []
    if "*" in policy.allow_headers:
        preflight.append(("Access-Control-Allow-Headers", _quote(",".join(policy.allow_headers))))
    elif policy.allow_headers:
        asked = [
            "@cors_asks_headers header Access-Control-Request-Headers *",
            f"header @cors_asks_headers Access-Control-Allow-Headers {_ASKED_HEADERS}",
        ]
    if policy.max_age is not None:
        preflight.append(("Access-Control-Max-Age", f'"{policy.max_age}"'))
    actual = list(grants)
    if policy.expose_headers:
        actual.append(("Access-Control-Expose-Headers", _quote(",".join(policy.expose_headers))))
    vary = matching.preflight_vary(policy)
    vary_origin = (
        []
        if matching.any_origin(policy)
        else ["# A cache has to know, even where there is no Origin.", 'header +Vary "Origin"']
    )
    return [
        "# A route keeps this order.",
        "route {",
        "\t# Preflights end here.",
        "\thandle @cors_granted {",
        *(f"\t\theader {name} {value}" for name, value in preflight),
        *(f"\t\t{line}" for line in asked),
        *([f'\t\theader +Vary "{vary}"'] if vary else []),
        f"\t\trespond {policy.preflight_status}",
        "\t}",
        "\thandle @cors_preflight {",
        *([f'\t\theader +Vary "{vary}"'] if vary else []),
        "\t\trespond 403",
        "\t}",
        "\t# On errors too: what is set before an error stays.",
        *(f"\t{line}" for line in vary_origin),
        *(f"\theader {who}{name} {value}" for name, value in actual),
    ]


STACK: Final = Stack(
    name="caddy",
    title="Caddy",
    language="caddyfile",
    verified="2.6.2",
    render=render,
    read=read,
    recognise=by_server("Caddy", r"Caddy\b"),
)
