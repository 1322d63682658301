"""Netlify: fixed headers in `netlify.toml` where one value does for everybody, and an edge function for all else.

Written from the documentation (read in 2026), and the function run in Node.js, which has the same `Request`, `Response`
and `Headers`; not on Netlify. https://docs.netlify.com/manage/routing/headers/ ,
https://docs.netlify.com/edge-functions/api/ and https://docs.netlify.com/edge-functions/declarations/ . What shaped it:

- Headers in `netlify.toml`, and in a `_headers` file, which is the same in other words, come with files that Netlify
  serves itself, and with nothing that is handed on to another server or made by a function. They give no OPTIONS a
  status.
- An edge function's `context.next()` is the answer of whatever comes after it, functions among it.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import edge, gateway, matching
from crossorigin.stacks import javascript as js
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_FILES_ONLY: Final = (
    "functions and rewrites to other servers: Netlify puts these headers on its own files only. "
    "Let the function or the server send them."
)
_FUNCTION: Final = (
    "export default async (request, context) => {",
    "  const { headers, vary, status } = decide(request.method, (name) => request.headers.get(name));",
    "  // Preflights end here, before any login.",
    "  if (status !== undefined) return withCors(new Response(null, { status }), headers, vary);",
    "  return withCors(await context.next(), headers, vary);",
    "};",
    "",
    'export const config = { path: "/*" };',
)


def render(policy: Policy, _: Site) -> Rendered:
    """`netlify.toml` where fixed headers do; else `cors.js`, an edge function."""
    fixed = edge.fixed_headers(policy)
    if fixed is not None:
        return _static(policy, fixed)
    limits = js.own_limits(policy, "the edge function")
    where = ["netlify/edge-functions/cors.js"]
    body = [*js.decide(policy), "", *edge.with_cors(), "", *_FUNCTION]
    return edge.code(policy, limits, "cors.js", where, body, "netlify/edge-functions/cors.js")


def _static(policy: Policy, fixed: list[tuple[str, str]]) -> Rendered:
    limits = [*gateway.common_limits(policy, "Netlify"), edge.NO_PREFLIGHTS, _FILES_ONLY]
    table = [
        "[[headers]]",
        'for = "/*"',
        "[headers.values]",
        *(f"{name} = {gateway.quote(value)}" for name, value in fixed),
    ]
    lines = [*(f"# {line}" for line in matching.describe(policy, limits)), "", *table, ""]
    file = File("netlify.toml", "toml", "\n".join(lines), (Part("the end of netlify.toml", "\n".join(table)),))
    return Rendered((file,), tuple(limits))


STACK: Final = Stack(
    name="netlify",
    title="Netlify",
    language="javascript",
    render=render,
    recognise=by_signs(("x-nf-request-id", r"", 0.95), ("server", r"Netlify\b", 0.9)),
)
