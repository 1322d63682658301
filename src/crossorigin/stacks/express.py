"""Express: its usual library `cors`, or a small middleware of one's own.

Three habits of `cors` shape the first (read in 2.8.6). `origin` as one string is sent to everybody; as an array it is
compared, and `Vary` is sent. `allowedHeaders` left out echoes whatever a preflight asks for. And any OPTIONS is taken
for a preflight, so that a route's own is never reached: hence the function around the options.
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

__all__ = ["CORS", "STACK", "options", "render", "settings"]


def render(policy: Policy, site: Site) -> Rendered:
    """`server.mjs`: the application, with CORS before all else."""
    imports: list[Line] = ['import express from "express";']
    if site.style == js.OWN:
        limits, library, body = js.own_limits(policy, "Express"), "", _own(policy)
    else:
        limits, library, body = matching.library_limits(policy, "cors"), "cors", _library(policy)
        imports.insert(0, js.imported("cors", library))
    create, listen = "const app = express();", f"app.listen({site.port});"
    return js.server(policy, limits, "express", imports, create, body, listen, library=library)


def options(policy: Policy) -> list[str]:
    """The options of `cors`, which Nest takes too."""
    return ["const options = {", *settings(policy), "};"]


def settings(policy: Policy) -> list[str]:
    """What is in the options of `cors`, one a line; Vite's development server takes the same."""
    lines = [
        f"  origin: {js.origins(policy)},",
        f"  methods: {js.array(matching.listed_methods(policy))},",
        "  // Left out, whatever is asked for would be granted.",
        f"  allowedHeaders: {js.array(policy.allow_headers)},",
    ]
    lines += js.common_options(policy, "exposedHeaders")
    if policy.preflight_status != 204:
        lines.append(f"  optionsSuccessStatus: {policy.preflight_status},")
    return lines


def _library(policy: Policy) -> list[str]:
    return [
        *options(policy),
        "",
        "// Before authentication, which a preflight cannot pass.",
        "// An OPTIONS that is no preflight goes on to the routes.",
        "app.use(cors((req, done) => {",
        '  done(null, { ...options, preflightContinue: !req.headers["access-control-request-method"] });',
        "}));",
    ]


def _own(policy: Policy) -> list[str]:
    return [
        *js.decide(policy),
        "",
        "// Before authentication, which a preflight cannot pass.",
        "app.use((req, res, next) => {",
        "  const { headers, vary, status } = decide(req.method, (name) => req.headers[name]);",
        "  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);",
        "  if (vary) res.vary(vary);",
        "  if (status === undefined) return next();",
        "  res.status(status).end();",
        "});",
    ]


CORS: Final = Library(
    caller=Caller(package="cors", names=frozenset({"cors"})),
    options={
        "origin": "origin",
        "methods": "methods",
        "headers": "headers",
        "allowedHeaders": "headers",
        "exposedHeaders": "exposed",
        "credentials": "credentials",
        "maxAge": "max_age",
        "optionsSuccessStatus": "status",
    },
    methods=("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"),
    silent=frozenset({"preflightContinue"}),
)
"""The library `cors`, https://github.com/expressjs/cors#configuration-options , read in 2.8.6."""

STACK: Final = Stack(
    name="express",
    title="Express",
    language="javascript",
    verified="5.3.0",
    styles=(js.LIBRARY, js.OWN),
    render=render,
    read=reader(CORS),
    recognise=by_signs(
        ("x-powered-by", r"Express\b", 0.9),
        page=(rb"<title>Error</title>\s*</head>\s*<body>\s*<pre>", "the page is Express's own", 0.8),
    ),
)
