"""Vercel: fixed headers in `vercel.json` where one value does for everybody, and Routing Middleware for all else.

Written from the documentation (read in 2026), not run on Vercel: https://vercel.com/docs/routing-middleware/api ,
https://vercel.com/kb/guide/how-to-enable-cors and
https://vercel.com/docs/deployment-protection/methods-to-bypass-deployment-protection/options-allowlist ; and from the
source of `next` and of what becomes of headers (vercel/vercel, packages/functions, packages/routing-utils). What shaped
it:

- Headers in `vercel.json` are fixed, and give no OPTIONS a status: a preflight needs code.
- The middleware can only add to an answer: `next({ headers })`. It takes nothing off that a function sends.
- Deployment Protection asks for a login before any of it, for preflights too, unless their path is in its OPTIONS
  Allowlist.
- In values of `vercel.json` a `$` may stand for a part of the path; with one, the middleware says it.
- Next.js 16 has `proxy.ts`, with the same code, in place of `middleware.ts`.
"""

from __future__ import annotations

import json
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import edge, gateway
from crossorigin.stacks import javascript as js
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_PROTECTION: Final = (
    "Deployment Protection: where it is on, it answers preflights with 401. Put the paths into its OPTIONS Allowlist."
)
_MIDDLEWARE: Final = (
    "export default function middleware(request) {",
    "  const { headers, vary, status } = decide(request.method, (name) => request.headers.get(name));",
    "  if (vary) headers.Vary = vary;",
    "  // Preflights end here, before any login.",
    "  if (status !== undefined) return new Response(null, { status, headers });",
    "  return next({ headers });",
    "}",
)


def render(policy: Policy, _: Site) -> Rendered:
    """`vercel.json` where fixed headers do; else `middleware.js`."""
    fixed = edge.fixed_headers(policy)
    if fixed is not None and not any("$" in value for _, value in fixed):
        return _static(policy, fixed)
    limits = [
        *js.own_limits(policy, "the middleware"),
        "a function's own CORS headers: the middleware cannot take them off, and two of a kind are refused.",
        "a function's own Vary: the documentation does not say that the middleware's is added to it. Look.",
        _PROTECTION,
    ]
    where = ["middleware.js, beside package.json; under Next.js 16: proxy.ts.", "npm install @vercel/functions"]
    body = ['import { next } from "@vercel/functions";', "", *js.decide(policy), "", *_MIDDLEWARE]
    return edge.code(policy, limits, "middleware.js", where, body, "middleware.js, beside package.json")


def _static(policy: Policy, fixed: list[tuple[str, str]]) -> Rendered:
    limits = [*gateway.common_limits(policy, "Vercel"), edge.NO_PREFLIGHTS, _PROTECTION]
    headers = [{"key": name, "value": value} for name, value in fixed]
    entry = {"source": "/(.*)", "headers": headers}
    value = {"$schema": "https://openapi.vercel.sh/vercel.json", "headers": [entry]}
    parts = (Part("the headers of vercel.json", json.dumps(entry, indent=2)),)
    return gateway.json_files(policy, limits, "vercel.json", value, ("vercel.json, beside package.json.",), parts)


STACK: Final = Stack(
    name="vercel",
    title="Vercel",
    language="javascript",
    render=render,
    recognise=by_signs(("x-vercel-id", r"", 0.9), ("server", r"Vercel\b", 0.9), ("x-vercel-error", r"", 0.5)),
)
