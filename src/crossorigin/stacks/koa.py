"""Koa: its usual library `@koa/cors`, or a small middleware of one's own.

Koa drops all headers when a middleware throws, and sends those of the error alone: whoever sets CORS headers has to put
them there too. `@koa/cors` (read in 5.0.0) does; it takes no list of origins, only a function; echoes whatever headers
a preflight asks for where it is given none; and forgets a `maxAge` of the number 0, though not of the text.
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

_VARY: Final = (
    "// On an error Koa drops all headers; where the origin is not allowed, @koa/cors does not put Vary back.",
    "app.use(async (ctx, next) => {",
    "  try {",
    "    await next();",
    "  } catch (error) {",
    "    if (error instanceof Error && !error.headers?.vary) {",
    '      error.headers = { ...error.headers, vary: ctx.response.get("Vary") || "Origin" };',
    "    }",
    "    throw error;",
    "  }",
    "});",
)


def render(policy: Policy, site: Site) -> Rendered:
    """`server.mjs`: the application, with CORS before all else."""
    imports: list[Line] = ['import Koa from "koa";']
    if site.style == js.OWN:
        limits, library, body = js.own_limits(policy, "Koa"), "", _own(policy)
    else:
        library, body = "@koa/cors", _library(policy)
        imports.insert(0, js.imported("cors", library))
        limits = matching.library_limits(policy, library)
        if policy.preflight_status != 204:
            limits.append(f"preflight_status: {library} answers with 204, not {policy.preflight_status}.")
    create, listen = "const app = new Koa();", f"app.listen({site.port});"
    return js.server(policy, limits, "koa", imports, create, body, listen, library=library)


def _library(policy: Policy) -> list[str]:
    anyone = matching.any_origin(policy)
    origin = '"*"' if anyone else '(ctx) => (isAllowed(ctx.get("Origin")) ? ctx.get("Origin") : "")'
    methods = matching.listed_methods(policy)
    lines = [] if anyone else [*js.origin_test(policy), "", *_VARY, ""]
    lines += [
        "// Before authentication, which a preflight cannot pass.",
        "app.use(cors({",
        f"  origin: {origin},",
        f"  allowMethods: {js.array(methods)},",
        "  // Empty, whatever is asked for would be granted.",
        f"  allowHeaders: {js.array(matching.library_headers(policy))},",
    ]
    lines += js.common_options(policy, "exposeHeaders", age=js.quote(str(policy.max_age)))
    return [*lines, "}));"]


def _own(policy: Policy) -> list[str]:
    return [
        *js.decide(policy),
        "",
        "// Before authentication, which a preflight cannot pass.",
        "app.use(async (ctx, next) => {",
        "  const { headers, vary, status } = decide(ctx.method, (name) => ctx.req.headers[name]);",
        "  ctx.set(headers);",
        "  if (vary) ctx.vary(vary);",
        "  if (status !== undefined) {",
        "    ctx.status = status;",
        '    ctx.body = "";',
        "    return;",
        "  }",
        "  try {",
        "    await next();",
        "  } catch (error) {",
        "    // Koa drops all headers now, but for those of the error.",
        "    if (error instanceof Error) {",
        '      error.headers = { ...error.headers, ...headers, ...(vary && { Vary: ctx.response.get("Vary") }) };',
        "    }",
        "    throw error;",
        "  }",
        "});",
    ]


_LIBRARY: Final = Library(
    caller=Caller(package="@koa/cors", names=frozenset({"cors"})),
    options={
        "origin": "origin",
        "allowMethods": "methods",
        "allowHeaders": "headers",
        "exposeHeaders": "exposed",
        "credentials": "credentials",
        "maxAge": "max_age",
    },
    methods=("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"),
    silent=frozenset({"keepHeadersOnError", "secureContext", "privateNetworkAccess"}),
    origins=(),
    calls_back=False,
    no_headers=(),
    keeps_zero_age=False,
    reflects_with_credentials=True,
)
"""https://github.com/koajs/cors#corsoptions , read in 5.0.0."""

STACK: Final = Stack(
    name="koa",
    title="Koa",
    language="javascript",
    verified="3.3.0",
    styles=(js.LIBRARY, js.OWN),
    render=render,
    read=reader(_LIBRARY),
    recognise=by_signs(
        ("x-powered-by", r"koa\b", 0.9),
        page=(rb"\A(?:Not Found|Internal Server Error)\Z", "the page is the reason phrase alone, as Koa's is", 0.4),
        without=("server", "x-powered-by"),
    ),
)
