"""Litestar: this project's middleware, or Litestar's own `CORSConfig`.

`CORSConfig` (read in 2.25) takes any OPTIONS with an Origin for a preflight, grants Content-Type whatever it is told,
has a Max-Age always, takes `*` of methods for seven of them, and sends `Vary` to allowed origins alone, in place of a
route's own: the function `vary` is for the others.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks import python as py
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Rendered, Site, Stack
from crossorigin.stacks.starlette import library_arguments

__all__ = ["STACK", "render"]

_VARY: Final = (
    "",
    "async def vary(message, scope):",
    '    """A cache has to know, of answers without CORS headers too."""',
    '    if message["type"] == "http.response.start":',
    "        headers = MutableScopeHeaders.from_message(message)",
    '        if "origin" not in headers.get("Vary", "").lower():',
    '            headers.extend_header_value("Vary", "Origin")',
    "",
    "",
)


def render(policy: Policy, site: Site) -> Rendered:
    """`app.py`: the application with CORS around it."""
    run = f"uvicorn app:app --port {site.port}"
    if site.style == py.LIBRARY:
        limits, anyone = _limits(policy), matching.any_origin(policy)
        lines = [
            *py.head(policy, limits, "pip install litestar uvicorn", run),
            "from litestar import Litestar",
            "from litestar.config.cors import CORSConfig",
            *([] if anyone else ["from litestar.datastructures import MutableScopeHeaders"]),
            "",
            "routes = []",
            "# Your routes, from here on.",
            "",
            *([] if anyone else _VARY),
            "cors = CORSConfig(",
            *library_arguments(policy),
            ")",
            f"app = Litestar(routes, cors_config=cors{'' if anyone else ', before_send=[vary]'})",
        ]
    else:
        limits = []
        lines = [
            *py.head(policy, limits, "pip install crossorigin litestar uvicorn", run),
            "from litestar import Litestar",
            "",
            "from crossorigin.middleware.litestar import setup",
            "",
            "routes = []",
            "# Your routes, from here on.",
            "",
            "app = setup(",
            "    Litestar(routes),",
            *py.arguments(policy),
            ")",
        ]
    return Rendered((File("app.py", "python", "\n".join([*lines, ""])),), tuple(limits))


def _limits(policy: Policy) -> list[str]:
    limits = py.library_limits(policy, "Litestar's CORSConfig", 204)
    limits.append("other OPTIONS: CORSConfig takes any OPTIONS with an Origin for a preflight.")
    if not matching.any_origin(policy):
        limits.append(
            "Vary: to an allowed origin CORSConfig sends Origin in place of a route's own Vary; "
            "where a cache stands before the application and routes vary, take the style own."
        )
    if "*" not in policy.allow_headers and "content-type" not in policy.allow_headers:
        limits.append("allow_headers: CORSConfig grants Content-Type too; nothing turns that off.")
    if "*" in policy.allow_methods:
        limits.append("allow_methods: CORSConfig takes * for DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT.")
    return limits


STACK: Final = Stack(
    name="litestar",
    title="Litestar",
    language="python",
    verified="2.25.0",
    styles=(py.OWN, py.LIBRARY),
    render=render,
    recognise=by_signs(page=(rb'\A\{"status_code":[45]\d\d,"detail":"', "the page is Litestar's own", 0.95)),
)
