"""Envoy: its CORS filter for origins and preflights, and a header mutation around it for what the filter does not do.

The filter (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/cors_filter) takes origins by
`allow_origin_string_match`: `exact`, and `safe_regex`, which has to match the whole value; `prefix`, that many examples
have, also lets `https://app.example.com.evil.test` in. It sends no Vary, answers a preflight with all that is allowed
and not with what was asked, and hands preflights of other origins on to the backend: a route answers those with 403.
"""

from __future__ import annotations

import json
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.envoy_read import read
from crossorigin.stacks.stack import UNKNOWN, Evidence, File, Line, Part, Recognition, Rendered, Site, Stack

__all__ = ["STACK", "recognise", "render"]

_TYPE: Final = "type.googleapis.com/envoy.extensions.filters.http"
_MANAGER: Final = (
    "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
)
_DENIED: Final = (
    "# Denied preflights: what is not allowed is 403, without CORS headers. All others the CORS filter answers."
)


def render(policy: Policy, site: Site) -> Rendered:
    """`envoy.yaml`: a listener with the filters, and a cluster."""
    limits = _limits(policy)
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        *_listener(policy, site),
        *_cluster(site),
    ]
    return Rendered((File.of("envoy.yaml", "yaml", lines),), tuple(limits))


def _limits(policy: Policy) -> list[str]:
    limits = matching.common_limits(policy, "Envoy")
    if policy.allow_methods or policy.allow_headers:
        limits.append(
            "Envoy's filter answers an allowed preflight with all methods and headers of the policy, not with those "
            "that were asked for."
        )
    if matching.any_origin(policy) and not ("*" in policy.allow_methods and "*" in policy.allow_headers):
        limits.append(
            "Where any origin is allowed, Envoy's 403 to a preflight that asks for too much has "
            "Access-Control-Allow-Origin: * all the same; the browser denies it for its status."
        )
    if policy.preflight_status != 200:
        limits.append(
            f"preflight_status: Envoy's filter answers 200 and not {policy.preflight_status}; to browsers the same."
        )
    return limits


def _quote(text: str) -> str:
    """A string of YAML, in double quotes: JSON's is one."""
    return json.dumps(text)


def _format(text: str) -> str:
    """A header's value in a mutation, where a percent sign would begin a command."""
    return _quote(text.replace("%", "%%"))


def _origins(policy: Policy) -> list[str]:
    if matching.any_origin(policy):
        return ['- exact: "*"']
    exact, wild = matching.exact_origins(policy)
    lines = [f"- exact: {_quote(origin)}" for origin in exact]
    for text, regex in wild:
        lines += [f"# {text}", "- safe_regex:", f"    regex: {_quote(regex)}"]
    return lines


def _cors(policy: Policy) -> list[str]:
    lines = [
        "envoy.filters.http.cors:",
        f'  "@type": {_TYPE}.cors.v3.CorsPolicy',
        "  # The whole of an origin, by case.",
        "  allow_origin_string_match:",
        *(f"  {line}" for line in _origins(policy)),
    ]
    if policy.allow_methods:
        lines.append(f"  allow_methods: {_quote(','.join(policy.allow_methods))}")
    if policy.allow_headers:
        lines.append(f"  allow_headers: {_quote(','.join(policy.allow_headers))}")
    if policy.expose_headers:
        lines.append(f"  expose_headers: {_quote(','.join(policy.expose_headers))}")
    if policy.max_age is not None:
        lines.append(f'  max_age: "{policy.max_age}"')
    return [*lines, f"  allow_credentials: {str(policy.allow_credentials).lower()}"]


def _mutations(policy: Policy) -> list[str]:
    """What is done to every answer on its way out, after the CORS filter, whoever made it."""
    if matching.any_origin(policy):
        # The filter repeats the origin. `*` is the same for everybody, also without Origin, and caches keep one answer.
        rows = [("Access-Control-Allow-Origin", "*", "OVERWRITE_IF_EXISTS_OR_ADD")]
        if policy.expose_headers:
            rows.append(
                ("Access-Control-Expose-Headers", ",".join(policy.expose_headers), "OVERWRITE_IF_EXISTS_OR_ADD")
            )
    else:
        rows = [("Vary", "Origin", "APPEND_IF_EXISTS_OR_ADD")]
    lines = []
    for name, value, action in rows:
        lines += [
            "- append:",
            f"    header: {{ key: {name}, value: {_format(value)} }}",
            f"    append_action: {action}",
        ]
    return lines


def _indent(lines: list[str], depth: int) -> list[str]:
    return [" " * depth + line for line in lines]


def _listener(policy: Policy, site: Site) -> list[Line]:
    denials = _denials(policy)
    return [
        "static_resources:",
        "  listeners:",
        "  - name: cors",
        f"    address: {{ socket_address: {{ address: 0.0.0.0, port_value: {site.port} }} }}",
        "    filter_chains:",
        "    - filters:",
        "      - name: envoy.filters.network.http_connection_manager",
        "        typed_config:",
        f'          "@type": {_MANAGER}',
        "          stat_prefix: cors",
        "          http_filters:",
        Part.of("at the top of your http_filters", _indent(_filters(policy), 10)),
        "          - name: envoy.filters.http.router",
        "            typed_config:",
        f'              "@type": {_TYPE}.router.v3.Router',
        "          route_config:",
        "            name: cors",
        "            virtual_hosts:",
        "            - name: app",
        '              domains: ["*"]',
        Part.of("in your virtual host", _indent(_host(policy), 14)),
        "              routes:",
        *([Part.of("at the top of your virtual host's routes", _indent(denials, 14))] if denials else []),
        '              - match: { prefix: "/" }',
        "                route: { cluster: app }",
    ]


def _filters(policy: Policy) -> list[str]:
    return [
        "# Answers pass the filters from the last to the first.",
        "- name: envoy.filters.http.header_mutation",
        "  typed_config:",
        f'    "@type": {_TYPE}.header_mutation.v3.HeaderMutation',
        "    mutations:",
        "      response_mutations:",
        *_indent(_mutations(policy), 6),
        "- name: envoy.filters.http.cors",
        "  typed_config:",
        f'    "@type": {_TYPE}.cors.v3.Cors',
    ]


def _host(policy: Policy) -> list[str]:
    return [
        "typed_per_filter_config:",
        *_indent(_cors(policy), 2),
        "# The backend's own CORS headers go: two of a kind are refused by browsers.",
        "response_headers_to_remove:",
        *(f"- {name}" for name in matching.CORS_HEADERS),
    ]


def _denials(policy: Policy) -> list[str]:
    """Routes that answer what is denied; the CORS filter does nothing where a route answers by itself."""
    asks = ["- { name: Access-Control-Request-Method, present_match: true }"]
    lines = []
    if not matching.any_origin(policy):
        exact, wild = matching.exact_origins(policy)
        one = [f"exact: {_quote(origin)}" for origin in exact]
        one += [f"safe_regex: {{ regex: {_quote(regex)} }}" for _, regex in wild]
        lines += _denial(policy, [*asks, *(_is_not("Origin", each) for each in one)])
    if "*" not in policy.allow_methods:
        regex = _quote(matching.methods_regex(policy))
        lines += _denial(policy, [*asks, _is_not("Access-Control-Request-Method", f"safe_regex: {{ regex: {regex} }}")])
    if "*" not in policy.allow_headers:
        regex = _quote("(?i)" + matching.header_names_regex(policy))
        names = _is_not("Access-Control-Request-Headers", f"safe_regex: {{ regex: {regex} }}")
        present = "- { name: Access-Control-Request-Headers, present_match: true }"
        lines += _denial(policy, [*asks, present, names])
    return [_DENIED, *lines] if lines else []


def _is_not(name: str, match: str) -> str:
    return f"- {{ name: {name}, string_match: {{ {match} }}, invert_match: true }}"


def _denial(policy: Policy, conditions: list[str]) -> list[str]:
    others = [name for name in matching.preflight_vary(policy).split(", ") if name and name != "Origin"]
    vary = [f'  - header: {{ key: Vary, value: "{name}" }}' for name in others]
    return [
        "- match:",
        '    prefix: "/"',
        "    headers:",
        '    - { name: ":method", string_match: { exact: OPTIONS } }',
        "    - { name: Origin, present_match: true }",
        *_indent(conditions, 4),
        "  direct_response: { status: 403 }",
        *(["  response_headers_to_add:", *vary] if vary else []),
    ]


def _cluster(site: Site) -> list[str]:
    host = _quote(site.host.strip("[]"))
    return [
        "  clusters:",
        "  - name: app",
        "    type: STRICT_DNS",
        "    load_assignment:",
        "      cluster_name: app",
        "      endpoints:",
        "      - lb_endpoints:",
        "        - endpoint:",
        f"            address: {{ socket_address: {{ address: {host}, port_value: {site.upstream_port} }} }}",
    ]


def recognise(evidence: Evidence) -> Recognition:
    """By `server: envoy`, by the `x-envoy-` headers that a backend's answer gets, and by the text of its own errors."""
    because = [f"Server: {value}" for value in evidence.values("server") if value in {"envoy", "istio-envoy"}]
    confidence = 0.95 if because else 0.0
    ours = sorted(
        {name.lower().decode("latin-1") for name, _ in evidence.headers if name.lower().startswith(b"x-envoy-")}
    )
    if ours:
        because.append(f"header {ours[0]}")
        confidence = max(confidence, 0.85)
    texts = (b"upstream connect error or disconnect/reset before headers", b"no healthy upstream")
    if evidence.status >= 500 and evidence.body.startswith(texts):
        because.append("the text is Envoy's own for a backend that does not answer")
        confidence = max(confidence, 0.9)
    return Recognition(0.99 if len(because) > 1 else confidence, tuple(because)) if because else UNKNOWN


STACK: Final = Stack(
    name="envoy",
    title="Envoy",
    language="yaml",
    verified="1.40.0",
    render=render,
    read=read,
    recognise=recognise,
)
