"""Hono: its own `hono/cors`, or a small middleware of one's own.

`hono/cors` (read in 4.13) takes no pattern, but a function; echoes whatever headers a preflight asks for where it is
given none; takes any OPTIONS for a preflight; and answers with 204.
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
    """`server.mjs`: the application under Node.js, with CORS before all else."""
    imports: list[Line] = ['import { serve } from "@hono/node-server";', 'import { Hono } from "hono";']
    if site.style == js.OWN:
        limits, body = js.own_limits(policy, "Hono"), _own(policy)
    else:
        limits = matching.library_limits(policy, "hono/cors")
        limits.append("other OPTIONS: hono/cors takes any OPTIONS for a preflight; a route's own is never reached.")
        if policy.preflight_status != 204:
            limits.append(f"preflight_status: hono/cors answers with 204, not {policy.preflight_status}.")
        imports.append(js.imported("{ cors }", "hono/cors"))
        body = _library(policy)
    listen = f"// Under Node.js; elsewhere: export default app;\nserve({{ fetch: app.fetch, port: {site.port} }});"
    return js.server(policy, limits, "hono @hono/node-server", imports, "const app = new Hono();", body, listen)


def _library(policy: Policy) -> list[str]:
    anyone = matching.any_origin(policy)
    methods = matching.listed_methods(policy)
    lines = [] if anyone else [*js.origin_test(policy), ""]
    lines += [
        "// Before authentication, which a preflight cannot pass.",
        "app.use(cors({",
        f"  origin: {js.quote('*') if anyone else '(origin) => (isAllowed(origin) ? origin : null)'},",
        f"  allowMethods: {js.array(methods)},",
        "  // Empty, whatever is asked for would be granted.",
        f"  allowHeaders: {js.array(matching.library_headers(policy))},",
    ]
    lines += js.common_options(policy, "exposeHeaders")
    return [*lines, "}));"]


def _own(policy: Policy) -> list[str]:
    return [
        *js.decide(policy),
        "",
        "// Before authentication, which a preflight cannot pass.",
        "app.use(async (c, next) => {",
        "  const { headers, vary, status } = decide(c.req.method, (name) => c.req.header(name));",
        "  if (status !== undefined) return c.body(null, status, vary ? { ...headers, Vary: vary } : headers);",
        "  // Afterwards: so the answers of error handlers have the headers too.",
        "  await next();",
        "  for (const [name, value] of Object.entries(headers)) c.header(name, value);",
        '  if (vary) c.header("Vary", vary, { append: true });',
        "});",
    ]


_LIBRARY: Final = Library(
    caller=Caller(package="hono/cors", names=frozenset({"cors"})),
    options={
        "origin": "origin",
        "allowMethods": "methods",
        "allowHeaders": "headers",
        "exposeHeaders": "exposed",
        "credentials": "credentials",
        "maxAge": "max_age",
    },
    methods=("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"),
    methods_note="none are given: the usual ones are allowed then, and by newer versions QUERY too; that is left out.",
    origins=(list,),
    calls_back=False,
    no_headers=(),
)
"""https://hono.dev/docs/middleware/builtin/cors#options , read in 4.13.19."""

STACK: Final = Stack(
    name="hono",
    title="Hono",
    language="javascript",
    verified="4.13.19",
    styles=(js.LIBRARY, js.OWN),
    render=render,
    read=reader(_LIBRARY),
    recognise=by_signs(page=(rb"\A404 Not Found\Z", "the page is Hono's own for 404", 0.8)),
)
