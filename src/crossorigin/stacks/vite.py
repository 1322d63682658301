"""Vite's development server: `server.cors`, which is the options of Express's `cors`.

Read in v8.2.2, with cors 2.8.6:
https://github.com/vitejs/vite/blob/v8.2.2/docs/config/server-options.md#server-cors
https://github.com/vitejs/vite/blob/v8.2.2/packages/vite/src/node/server/index.ts

Until 6.0.8 any page could read what it served, source code with it; with 6.0.9 none, and since 6.0.11 pages of this
machine, which is also what holds where nothing is written: https://github.com/vitejs/vite/security/advisories/GHSA-vg6x-rcgg-rjx6
`cors: true` is any page again. As in Express, `origin` as one string would be sent to everybody, headers left out would
echo what is asked for, and every OPTIONS is answered as a preflight, also where `server.proxy` would hand it on.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import express, matching
from crossorigin.stacks import javascript as js
from crossorigin.stacks.stack import UNKNOWN, Evidence, File, Part, Recognition, Rendered, Site, Stack

__all__ = ["STACK", "recognise", "render"]


def render(policy: Policy, site: Site) -> Rendered:
    """`vite.config.mjs`, which may as well be called `.js` or `.ts`."""
    limits = matching.library_limits(policy, "Vite")
    limits.append("other OPTIONS: Vite answers an OPTIONS that is no preflight too, and hands none on to a proxy.")
    cors = ["cors: {", *express.settings(policy), "},"]
    lines = [
        *js.head(
            policy,
            limits,
            "npm install --save-dev vite; npx vite",
            "A development server: the built files are served by another, which has its own policy.",
            "Without it Vite allows pages of this machine; until 6.0.8 it allowed every page.",
        ),
        "",
        'import { defineConfig } from "vite";',
        "",
        "export default defineConfig({",
        "  server: {",
        f"    port: {site.port},",
        *(f"    {line}" for line in cors),
        "  },",
        "});",
        "",
    ]
    part = Part("in `server` of vite.config", "\n".join(cors))
    return Rendered((File("vite.config.mjs", "javascript", "\n".join(lines), (part,)),), tuple(limits))


def recognise(evidence: Evidence) -> Recognition:
    """By what it puts into every page, and by its refusal of a host; a page of its own stands in for a missing API."""
    if b'src="/@vite/client"' in evidence.body:
        return Recognition(0.95, ("the page loads /@vite/client",))
    if evidence.status == 403 and evidence.body.startswith(b"Blocked request. This host ("):
        return Recognition(0.9, ("the refusal of a host is Vite's own",))
    return UNKNOWN


STACK: Final = Stack(
    name="vite", title="Vite's development server", language="javascript", render=render, recognise=recognise
)
