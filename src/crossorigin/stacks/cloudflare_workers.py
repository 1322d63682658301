"""Cloudflare Workers: a module Worker before a backend, or with routes of its own.

Written from the documentation (its source in cloudflare/cloudflare-docs, read in 2026:
https://developers.cloudflare.com/workers/examples/cors-header-proxy/ and alter-headers/), and run in Node.js, which has
the same `Request`, `Response` and `Headers`; not on Cloudflare. What shaped it:

- The headers of an answer that was fetched are immutable: it is copied first.
- An error that is thrown leaves as Cloudflare's own page, without CORS headers: it is caught here.
- What Cloudflare answers before the Worker, a challenge or a block of its firewall, has none either.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import edge
from crossorigin.stacks import javascript as js
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Rendered, Site, Stack

__all__ = ["STACK", "render"]

_BEFORE: Final = (
    "what never reaches the Worker: Cloudflare's own challenges and blocks have no CORS headers. "
    "Let its firewall pass OPTIONS."
)
_HANDLER: Final = (
    "export default {",
    "  async fetch(request, env, ctx) {",
    "    const { headers, vary, status } = decide(request.method, (name) => request.headers.get(name));",
    "    // Preflights end here, before any login.",
    "    if (status !== undefined) return withCors(new Response(null, { status }), headers, vary);",
    "    try {",
    "      return withCors(await respond(request, env, ctx), headers, vary);",
    "    } catch (error) {",
    "      // Thrown on, it would be Cloudflare's page, without CORS headers.",
    "      console.error(error);",
    '      return withCors(new Response("Internal Server Error", { status: 500 }), headers, vary);',
    "    }",
    "  },",
    "};",
    "",
    "async function respond(request, env, ctx) {",
    "  // Your routes; or, as here, the server behind the Worker's route.",
    "  return fetch(request);",
    "}",
)


def render(policy: Policy, _: Site) -> Rendered:
    """`worker.js`: a module Worker."""
    limits = [*js.own_limits(policy, "the Worker"), _BEFORE]
    body = [*js.decide(policy), "", *edge.with_cors(), "", *_HANDLER]
    where = ["The Worker's main module, on a route before your server."]
    return edge.code(policy, limits, "worker.js", where, body, "the Worker's main module, its routes in respond")


STACK: Final = Stack(
    name="cloudflare-workers",
    title="Cloudflare Workers",
    language="javascript",
    render=render,
    # They say that Cloudflare is there. Whether a Worker is, no answer says.
    recognise=by_signs(("cf-ray", r"", 0.5), ("server", r"cloudflare\b", 0.3)),
)
