"""FastAPI: this project's middleware, or the usual one, which is Starlette's."""

from __future__ import annotations

from functools import partial
from typing import Final

from crossorigin.policy.migrate import migrate_source
from crossorigin.policy.policy import Policy
from crossorigin.stacks import python as py
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Rendered, Site, Stack
from crossorigin.stacks.starlette import UVICORN, asgi

__all__ = ["STACK", "render"]


def render(policy: Policy, site: Site) -> Rendered:
    """`app.py`: the application with CORS around it."""
    return asgi(policy, site, "fastapi", "FastAPI")


STACK: Final = Stack(
    name="fastapi",
    title="FastAPI",
    language="python",
    verified="0.165.0",
    styles=(py.OWN, py.LIBRARY),
    render=render,
    read=partial(migrate_source, framework="fastapi"),
    recognise=by_signs(
        UVICORN,
        page=(
            rb'\A\{"detail":(?:"Not Found"|"Method Not Allowed"|"Not authenticated"|\[\{"type":)',
            "the page is FastAPI's own",
            0.8,
        ),
    ),
)
