"""Falcon (ASGI) beside its own CORSMiddleware, which has no patterns, and grants whatever header is asked for."""

from __future__ import annotations

from typing import Any

import falcon
import falcon.asgi
from bench import _asgi
from bench._cases import BARE, HEADERS, METHODS, OURS, PEER, Case, patterns
from bench._compare import Framework

from crossorigin.middleware.falcon import wrap

__all__ = ["FALCON"]


class View:
    """One resource."""

    async def on_get(self, _request: Any, response: Any) -> None:
        """Answer with a little JSON."""
        response.content_type = "application/json"
        response.data = b"{}"

    on_post = on_put = on_delete = on_get


def app(*middleware: Any) -> Any:
    """The application."""
    made = falcon.asgi.App(middleware=[*middleware])
    made.add_route("/", View())
    return made


def apps(case: Case) -> dict[str, Any]:
    """The three."""
    ours = wrap(app(), allow_origins=patterns(case), allow_methods=METHODS, allow_headers=HEADERS, max_age=600)
    return {BARE: app(), OURS: ours, PEER: app(falcon.CORSMiddleware(allow_origins=case.exact))}


FALCON = Framework(
    "Falcon", "Falcon's own", apps, _asgi.request, _asgi.timed, _asgi.answer, lacks=("4a", "4b", "7c", "8g")
)
