"""nginx: maps that decide, and one `add_header` per header, all at server level.

Three traps of nginx shape the configuration. `add_header` without `always` is left out on 404 and 500
(https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header). A location or an `if` with an `add_header` of
its own drops those of the level above. And a `map` compares plain strings without regard to case, so that origins are
expressions, `~`, even where they are exact (https://nginx.org/en/docs/http/ngx_http_map_module.html#map).

A header whose value is empty is not sent at all: so every `add_header` stands once, and the maps decide.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.nginx_read import read
from crossorigin.stacks.signs import by_server
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_DOLLAR: Final = "${cors_dollar}"


def render(policy: Policy, site: Site) -> Rendered:
    """`cors.conf` for the `http` level of nginx, on Debian in `/etc/nginx/conf.d/`: maps and a server."""
    limits = matching.common_limits(policy, "nginx")
    lines: list[Line] = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "#",
        "# For the http level (on Debian: /etc/nginx/conf.d/cors.conf).",
        "",
        Part.of("in the http block, outside any server", _maps(policy)),
        "",
        "server {",
        f"    listen {site.port};",
        "",
        Part.of("at the top of your server block", _headers(policy)),
        "",
        "    location / {",
        "        # For files: root /var/www/html; in place of the lines below.",
        f"        proxy_pass http://{site.address};",
        "        proxy_http_version 1.1;",
        "        proxy_set_header Host $http_host;",
        "        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "        proxy_set_header X-Forwarded-Proto $scheme;",
        "    }",
        "}",
    ]
    return Rendered((File.of("cors.conf", "nginx", lines),), tuple(limits))


def _quote(text: str) -> str:
    """A string for nginx that stands for this text, none of it a variable."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", _DOLLAR)
    return f'"{escaped}"'


def _regex(expression: str, *, any_case: bool = False) -> str:
    """An expression as the key of a map; nginx leaves a backslash before other characters than quotes alone."""
    sign = "~*" if any_case else "~"
    return '"' + sign + expression.replace("\\\\", "\\\\\\\\").replace('"', '\\"') + '"'


def _map(source: str, name: str, rows: list[tuple[str, str]], default: str = '""') -> list[str]:
    lines = [f"map {source} ${name} {{", f"    default {default};"]
    return [*lines, *(f"    {key} {value};" for key, value in rows), "}"]


def _maps(policy: Policy) -> list[str]:
    lines = []
    values = [*policy.allow_methods, *policy.allow_headers, *policy.expose_headers]
    if any("$" in value for value in values):
        lines += ["# nginx has no other way to write a dollar.", 'geo $cors_dollar { default "$"; }', ""]
    if matching.any_origin(policy):
        lines += ["# Any origin may read.", *_map("$http_origin", "cors_origin", [], '"*"')]
    else:
        rows = [(_regex(regex), "$http_origin") for _, regex in matching.origin_regexes(policy)]
        lines += [
            "# The origin, if it is allowed: compared as a whole, by case.",
            *_map("$http_origin", "cors_origin", rows),
        ]
    lines += [
        "",
        "# A preflight is OPTIONS with Origin and Access-Control-Request-Method; any other OPTIONS is the backend's.",
        *_map(
            '"$request_method:$http_access_control_request_method:$http_origin"',
            "cors_is_preflight",
            [('"~^OPTIONS:[^:]+:."', "1")],
            "0",
        ),
        *_map("$cors_origin", "cors_origin_ok", [('""', "0")], "1"),
        *_map(
            "$http_access_control_request_method",
            "cors_method_ok",
            [(_regex(matching.methods_regex(policy)), "1")],
            "0",
        ),
        *_map(
            "$http_access_control_request_headers",
            "cors_headers_ok",
            # Expressions are not tried on nothing.
            [('""', "1"), (_regex(matching.header_names_regex(policy), any_case=True), "1")],
            "0",
        ),
        *_map(
            '"$cors_is_preflight$cors_origin_ok$cors_method_ok$cors_headers_ok"',
            "cors_preflight",
            [('"1111"', "allowed"), ('"~^1"', "denied")],
        ),
        "",
        "# What is said: to a denied preflight nothing.",
        *_map("$cors_preflight", "cors_allow_origin", [("denied", '""')], "$cors_origin"),
    ]
    if policy.allow_credentials:
        lines += _map("$cors_allow_origin", "cors_allow_credentials", [('""', '""')], '"true"')
    if policy.expose_headers:
        exposed = _quote(",".join(policy.expose_headers))
        lines += _map('"$cors_preflight:$cors_allow_origin"', "cors_expose_headers", [('"~^:."', exposed)])
    methods = '"*"' if "*" in policy.allow_methods else "$http_access_control_request_method"
    lines += _map("$cors_preflight", "cors_allow_methods", [("allowed", methods)])
    if policy.allow_headers:
        headers = (
            _quote(",".join(policy.allow_headers))
            if "*" in policy.allow_headers
            else "$http_access_control_request_headers"
        )
        lines += _map("$cors_preflight", "cors_allow_headers", [("allowed", headers)])
    if policy.max_age is not None:
        lines += _map("$cors_preflight", "cors_max_age", [("allowed", str(policy.max_age))])
    vary, actual = matching.preflight_vary(policy), "" if matching.any_origin(policy) else "Origin"
    if vary:
        lines += _map("$cors_preflight", "cors_vary", [('""', f'"{actual}"')], f'"{vary}"')
    return lines


def _headers(policy: Policy) -> list[str]:
    lines = [
        "    # `always`: on errors too. A location with an add_header of its own drops all of these: repeat them.",
        "    add_header Access-Control-Allow-Origin $cors_allow_origin always;",
    ]
    names = []
    if policy.allow_credentials:
        names.append(("Access-Control-Allow-Credentials", "cors_allow_credentials"))
    if policy.expose_headers:
        names.append(("Access-Control-Expose-Headers", "cors_expose_headers"))
    names.append(("Access-Control-Allow-Methods", "cors_allow_methods"))
    if policy.allow_headers:
        names.append(("Access-Control-Allow-Headers", "cors_allow_headers"))
    if policy.max_age is not None:
        names.append(("Access-Control-Max-Age", "cors_max_age"))
    lines += [f"    add_header {name} ${variable} always;" for name, variable in names]
    if matching.preflight_vary(policy):
        lines += [
            "    # The answer depends on Origin even where there is none: a cache has to know.",
            "    add_header Vary $cors_vary always;",
        ]
    body = "" if policy.preflight_status == 204 else ' ""'
    return [
        *lines,
        "",
        "    # The backend's own CORS headers go: two of a kind are refused by browsers.",
        *(f"    proxy_hide_header {name};" for name in matching.CORS_HEADERS),
        "",
        "    # Preflights end here, before any authentication.",
        f"    if ($cors_preflight = allowed) {{ return {policy.preflight_status}{body}; }}",
        "    if ($cors_preflight = denied) { return 403; }",
    ]


STACK: Final = Stack(
    name="nginx",
    title="nginx",
    language="nginx",
    verified="1.22.1",
    render=render,
    read=read,
    recognise=by_server("nginx", r"(?:nginx|openresty)\b", rb"<center>nginx(?:/[0-9.]+)?</center>"),
)
