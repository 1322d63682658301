"""Fastify: its usual library `@fastify/cors`, or a hook of one's own.

`@fastify/cors` (read in 11.4.3) allows GET, HEAD and POST where no methods are given, and echoes whatever headers a
preflight asks for where `allowedHeaders` is left out. Its `Vary` is set before the route, and a route that sets its own
replaces it: hence the second hook.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import javascript as js
from crossorigin.stacks import matching
from crossorigin.stacks.javascript_calls import Caller
from crossorigin.stacks.javascript_read import Library, reader
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Line, Rendered, Site, Stack

__all__ = ["STACK", "render"]


def render(policy: Policy, site: Site) -> Rendered:
    """`server.mjs`: the application, with CORS before all else."""
    imports: list[Line] = ['import fastify from "fastify";']
    if site.style == js.OWN:
        limits, library, body = js.own_limits(policy, "Fastify"), "", _own(policy)
    else:
        library, body = "@fastify/cors", _library(policy)
        imports.insert(0, js.imported("cors", library))
        limits = matching.library_limits(policy, library)
        limits.append(f"other OPTIONS: {library} answers an OPTIONS that is no preflight with 400.")
    create, listen = "const app = fastify();", f'await app.listen({{ port: {site.port}, host: "0.0.0.0" }});'
    return js.server(policy, limits, "fastify", imports, create, body, listen, library=library)


def _library(policy: Policy) -> list[str]:
    methods = matching.listed_methods(policy)
    lines = [
        "// Before authentication, which a preflight cannot pass.",
        "await app.register(cors, {",
        f"  origin: {js.origins(policy)},",
        f"  methods: {js.array(methods)},",
        "  // Left out, whatever is asked for would be granted.",
        f"  allowedHeaders: {js.array(policy.allow_headers)},",
    ]
    lines += js.common_options(policy, "exposedHeaders")
    if policy.preflight_status != 204:
        lines.append(f"  optionsSuccessStatus: {policy.preflight_status},")
    lines.append("});")
    if matching.any_origin(policy):
        return lines
    return [
        *lines,
        "",
        "// A route that sets Vary itself takes the library's Origin away, and a cache then mixes pages up.",
        'app.addHook("onSend", async (request, reply) => {',
        '  const vary = [reply.getHeader("Vary") ?? []].flat().join(", ");',
        '  if (!/\\borigin\\b|[*]/i.test(vary)) reply.header("Vary", vary ? `${vary}, Origin` : "Origin");',
        "});",
    ]


def _own(policy: Policy) -> list[str]:
    return [
        *js.decide(policy),
        "",
        "// Before authentication, which a preflight cannot pass.",
        'app.addHook("onRequest", async (request, reply) => {',
        "  const { headers, status } = decide(request.method, (name) => request.headers[name]);",
        "  reply.headers(headers);",
        "  if (status !== undefined) return reply.code(status).send();",
        "});",
        "",
        "// Last, and added to what a route has set: a cache has to know.",
        'app.addHook("onSend", async (request, reply) => {',
        "  const { vary } = decide(request.method, (name) => request.headers[name]);",
        '  if (vary) reply.header("Vary", [reply.getHeader("Vary"), vary].flat().filter(Boolean).join(", "));',
        "});",
    ]


_LIBRARY: Final = Library(
    caller=Caller(package="@fastify/cors", names=frozenset({"cors", "fastifyCors"}), at=1, registers=True),
    options={
        "origin": "origin",
        "methods": "methods",
        "allowedHeaders": "headers",
        "exposedHeaders": "exposed",
        "credentials": "credentials",
        "maxAge": "max_age",
        "optionsSuccessStatus": "status",
    },
    methods=("GET", "HEAD", "POST"),
    methods_note="none are given: GET, HEAD and POST are allowed then; before 10.0, PUT, PATCH and DELETE too.",
    silent=frozenset(
        {"preflightContinue", "strictPreflight", "hideOptionsRoute", "hook", "logLevel", "cacheControl", "preflight"}
    ),
    star_in_list=True,
    no_headers=(list, str),
)
"""https://github.com/fastify/fastify-cors#options , read in 11.4.3."""

STACK: Final = Stack(
    name="fastify",
    title="Fastify",
    language="javascript",
    verified="5.12.8",
    styles=(js.LIBRARY, js.OWN),
    render=render,
    read=reader(_LIBRARY),
    recognise=by_signs(
        page=(
            rb'"message":"Route [A-Z]+:[^"]* not found","error":"Not Found","statusCode":404',
            "the page is Fastify's own for 404",
            0.9,
        )
    ),
)
