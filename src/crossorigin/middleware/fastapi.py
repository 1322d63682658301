"""A policy for FastAPI applications.

    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])

    router = APIRouter(dependencies=[cors_dependency(allow_origins=["https://admin.example.com"])])

Everything of `crossorigin.middleware.starlette`, and `cors_dependency` for wherever FastAPI takes `dependencies`: of an
application, a router, its inclusion or a path operation. The closest to the path operation counts.
"""

from __future__ import annotations

from typing import Unpack

from fastapi import Depends
from fastapi.params import Depends as Dependency

from crossorigin.middleware.lookups import Lookup
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.middleware.starlette import CORSMiddleware, cors, install

__all__ = ["CORSMiddleware", "cors", "cors_dependency", "install"]


def cors_dependency(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Dependency:
    """What marks as `cors` does, for `dependencies=[...]`. It takes nothing of the request and does nothing to it."""

    async def marked() -> None:
        """Only carries the mark."""

    mark = cors(policy, origin_lookup=origin_lookup, **settings)
    dependency: Dependency = Depends(mark(marked))
    return dependency
