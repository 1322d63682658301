"""FastAPI with Starlette's CORSMiddleware, as its documentation shows it, once for each set of arguments.

Started by `tests/servers/conftest.py` with the numbers of two listening sockets; the second is the other origin.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import RedirectResponse

APP = "https://app.example.com"
ELSEWHERE = os.environ["ELSEWHERE"]


def make_app(**cors: Any) -> FastAPI:
    """The same routes, behind CORSMiddleware when there are arguments for it."""
    app = FastAPI()
    if cors:
        app.add_middleware(CORSMiddleware, **cors)

    @app.api_route("/item", methods=["GET", "PUT"])
    def item() -> dict[str, str]:
        return {}

    @app.api_route("/slash/", methods=["GET", "PUT"])
    def slash() -> dict[str, str]:
        return {}

    @app.get("/absent")
    def absent() -> None:
        raise HTTPException(404)

    @app.get("/error")
    def error() -> None:
        raise RuntimeError("on purpose")

    @app.api_route("/away/{target}", methods=["GET", "PUT"])
    def away(target: str) -> RedirectResponse:
        return RedirectResponse(f"{ELSEWHERE}/{target}/item")

    return app


root = make_app()
root.mount("/list", make_app(allow_origins=[APP], allow_methods=["GET", "PUT"], allow_headers=["Authorization"]))
root.mount("/defaults", make_app(allow_origins=[APP]))
root.mount("/wildcard", make_app(allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]))
root.mount("/credentials", make_app(allow_origins=[APP], allow_methods=["*"], allow_credentials=True))
root.mount(
    "/wildcard-credentials",
    make_app(allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], allow_credentials=True),
)


def main() -> None:
    """Serve on the sockets that the arguments name."""
    sockets = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
    uvicorn.Server(uvicorn.Config(root, lifespan="off")).run(sockets=sockets)


if __name__ == "__main__":
    main()
