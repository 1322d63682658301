r"""Kong: its bundled cors plugin, in a declarative configuration.

Written from the documentation and source of 3.9.3 and of the next version (July 2026), not run:
https://developer.konghq.com/plugins/cors/ and, in Kong/kong, kong/plugins/cors/handler.lua and schema.lua . What shaped
it:

- No `origins` at all allow everybody: where nothing of a policy can be said, the plugin is not written.
- An entry of other characters than letters, digits and `.:/-` is a PCRE, which Kong anchors: it ends with `$` and
  begins where the origin begins. Its dots have to be escaped. One plain entry alone is sent to everybody, whatever
  Origin came; so it is written as an expression too (but for `null`: an entry without a colon is compared with hosts).
- Kong takes an origin apart and writes it anew, without the brackets of an IPv6 address: those never match again.
- No `headers` echo whatever a preflight asks for: where the policy allows none, a header that needs no leave is listed.
- `methods` are nine fixed ones.
- The plugin's priority, 2000, is above that of every plugin for authentication. A route that is found by host alone, or
  whose methods have no OPTIONS, is no route for a preflight, and has no plugin then.
- A backend's Access-Control-Allow-Origin is overwritten or removed, its other CORS headers are not: those that the
  policy does not grant are taken off by response-transformer. It must not take off what cors adds, being run later.
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.patterns import OriginPattern, parse_pattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "Kong"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Of the schema's nine; TRACE and CONNECT no page may send, https://fetch.spec.whatwg.org/#forbidden-method"""
_PLAIN: Final = re.compile(r"[A-Za-z0-9.:/-]+")


def render(policy: Policy, site: Site) -> Rendered:
    """`kong.yml`: a service, a route, and the plugin."""
    origins, unsaid = _origins(policy)
    methods, method_limits = gateway.methods_within(policy, _METHODS, _TITLE, "its cors plugin takes nine methods only")
    limits = [*_limits(policy, origins, unsaid), *method_limits]
    plugins = _plugins(policy, origins, methods) if origins else []
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        '_format_version: "3.0"',
        "",
        "services:",
        "- name: app",
        f"  url: {gateway.quote(f'http://{site.address}')}",
        "  routes:",
        "  - name: app",
        "    # By path and with any method, OPTIONS too: a preflight that finds no route finds no plugin.",
        "    paths:",
        '    - "/"',
        "    strip_path: false",
        *(["  plugins:", *gateway.indent(plugins, 2)] if plugins else []),
        "",
    ]
    place = "the service's plugins; or the plugins of all, for Kong's own 404 to have the headers too"
    parts = (Part(place, "\n".join(plugins)),) if plugins else ()
    return Rendered((File("kong.yml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        text = pattern.serialize()
        if pattern.host.startswith("["):
            return []
        return [text if _PLAIN.fullmatch(text) else matching.origin_regex(pattern)]

    values, unsaid = gateway.say_origins(policy, say, null="null")
    if len(values) == 1 and _PLAIN.fullmatch(values[0]) and values != ["null"]:
        values = [matching.origin_regex(parse_pattern(values[0]))]
    return values, unsaid


def _plugins(policy: Policy, origins: list[str], methods: list[str]) -> list[str]:
    config = [
        "# An expression counts for the whole of an origin; its dots are escaped.",
        "origins:",
        *gateway.block_list(origins),
        "methods:",
        *gateway.block_list(methods),
        "# Left out, whatever is asked for would be granted.",
        "headers:",
        *gateway.block_list(policy.allow_headers or (gateway.NO_LEAVE_NEEDED,)),
    ]
    if policy.expose_headers:
        config += ["exposed_headers:", *gateway.block_list(policy.expose_headers)]
    config.append(f"credentials: {str(policy.allow_credentials).lower()}")
    if policy.max_age is not None:
        config.append(f"max_age: {policy.max_age}")
    lines = ["- name: cors", "  config:", *gateway.indent(config, 4)]
    backends = []
    if not policy.allow_credentials:
        backends.append("Access-Control-Allow-Credentials")
    if not policy.expose_headers:
        backends.append("Access-Control-Expose-Headers")
    if backends:
        lines += [
            "# What the backend grants beyond the policy goes; what the plugin above sends is not among it.",
            "- name: response-transformer",
            "  config:",
            "    remove:",
            "      headers:",
            *gateway.indent(gateway.block_list(backends), 6),
        ]
    return lines


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, "it drops the brackets of an IPv6 address")
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    limits.append(gateway.denied_preflights(_TITLE))
    limits += gateway.whole_lists(policy, _TITLE)
    return [*limits, *gateway.other_status(policy, _TITLE, 200)]


STACK: Final = Stack(
    name="kong",
    title=_TITLE,
    language="yaml",
    render=render,
    recognise=by_signs(
        ("server", r"kong/", 0.95),
        ("via", r"(?:.*,\s*)?(?:[0-9.]+ )?kong/", 0.95),
        ("x-kong-proxy-latency", r"", 0.9),
        ("x-kong-response-latency", r"", 0.9),
        ("x-kong-request-id", r"", 0.9),
        page=(rb'"message":\s*"no Route matched with those values"', "the page is Kong's own for no route", 0.9),
    ),
)
