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
from crossorigin.stacks.stack import Line, Part, Rendered, Site, Stack
from crossorigin.stacks.starlette import library_arguments

__all__ = ["STACK", "render"]

_VARY: Final = (
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
        return py.application(policy, _limits(policy), ("pip install litestar uvicorn", run), _library(policy))
    lines: list[Line] = [
        "from litestar import Litestar",
        "",
        py.imported("from crossorigin.middleware.litestar import setup"),
        "",
        "routes = []",
        "# Your routes, from here on.",
        "",
        ("app = ", Part("in front of your Litestar(…)", "setup(")),
        "    Litestar(routes),",
        Part.of("behind your Litestar(…) and a comma", [*py.arguments(policy), ")"]),
    ]
    notes = (f"pip install {py.OURS} litestar uvicorn", run)
    return py.application(policy, [], notes, lines, library=py.OURS)


def _library(policy: Policy) -> list[Line]:
    anyone = matching.any_origin(policy)
    names, vary = ([], []) if anyone else (["from litestar.datastructures import MutableScopeHeaders"], [*_VARY])
    arguments = "cors_config=cors" if anyone else "cors_config=cors, before_send=[vary]"
    return [
        "from litestar import Litestar",
        py.imported("from litestar.config.cors import CORSConfig", *names),
        "",
        "routes = []",
        "# Your routes, from here on.",
        "",
        *([] if anyone else [""]),
        Part.of("before your application is created", [*vary, "cors = CORSConfig(", *library_arguments(policy), ")"]),
        ("app = Litestar(routes, ", Part("among the arguments of your Litestar(…)", arguments), ")"),
    ]


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
