"""aiohttp: this project's middleware. aiohttp-cors, route by route and without patterns, cannot say most policies."""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import python as py
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]


def render(policy: Policy, site: Site) -> Rendered:
    """`app.py`: the application with CORS around it."""
    lines: list[Line] = [
        "from aiohttp import web",
        "",
        py.imported("from crossorigin.middleware.aiohttp import setup"),
        "",
        "app = web.Application()",
        Part.of(py.AFTER_CREATION, ["setup(", "    app,", *py.arguments(policy), ")"]),
        "",
        "# Your routes, from here on.",
        "",
        'if __name__ == "__main__":',
        f"    web.run_app(app, port={site.port})",
    ]
    notes = (f"pip install {py.OURS} aiohttp", "python app.py")
    return py.application(policy, [], notes, lines, library=py.OURS)


STACK: Final = Stack(
    name="aiohttp",
    title="aiohttp",
    language="python",
    verified="3.14.5",
    styles=(py.OWN,),
    render=render,
    recognise=by_signs(
        ("server", r"Python/[0-9.]+ aiohttp/", 0.9),
        page=(
            rb"\A(?:404: Not Found|405: Method Not Allowed|500 Internal Server Error\n)",
            "the page is aiohttp's own",
            0.8,
        ),
    ),
)
