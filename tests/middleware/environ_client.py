"""One request to a WSGI application, exact on both sides, in this process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from tests.policy.conftest import DOCUMENT, DecisionCase

from crossorigin.policy.merge import RULED_NAMES
from crossorigin.policy.preflight import MAX_REQUEST_HEADER_LINES

from .framework_cases import APP, CASES, EVIL

__all__ = [
    "APP",
    "EVIL",
    "JOINED",
    "POLICY_NAMES",
    "Reply",
    "call",
    "check_case",
    "cors_of",
    "each_case",
    "preflight",
    "request_fields",
    "texts",
]

POLICY_NAMES = {case["name"]: case["policy"] for case in DOCUMENT["cases"]}

JOINED = [case.name for case in CASES if len(case.facts.request_headers) > MAX_REQUEST_HEADER_LINES]
"""Cases that WSGI has no way to say: its servers join all lines of a name to one, and then there are not too many."""

_SAYABLE = [case for case in CASES if case.name not in JOINED]
each_case = pytest.mark.parametrize("case", _SAYABLE, ids=[case.name for case in _SAYABLE])
"""All other shared decision cases."""

Fields = Sequence[tuple[str, str]]

CORS_NAMES = {name.decode() for name in RULED_NAMES}


@dataclass(frozen=True)
class Reply:
    """A response as the server gets it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def cors(self) -> list[tuple[str, str]]:
        """All CORS headers and Vary, in order; names as they are sent."""
        return cors_of(self.headers)

    @property
    def origin(self) -> str | None:
        """Access-Control-Allow-Origin, which there is at most one of."""
        values = [value for name, value in self.headers if name.lower() == "access-control-allow-origin"]
        assert len(values) <= 1
        return values[0] if values else None


def cors_of(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers if name.lower() in CORS_NAMES]


def preflight(origin: str, method: str, names: str | None = None) -> list[tuple[str, str]]:
    """The headers of a preflight."""
    asked = [] if names is None else [("Access-Control-Request-Headers", names)]
    return [("Origin", origin), ("Access-Control-Request-Method", method), *asked]


def request_fields(case: DecisionCase) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in case.request_headers]


def call(
    app: Callable[..., Any], method: str = "GET", path: str = "/", headers: Fields = (), *, scheme: str = "https"
) -> Reply:
    """Ask a WSGI application. Lines of one name are joined with a comma, as servers do."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "api.example.com", "SERVER_PORT": "443", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0), "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False, "CONTENT_LENGTH": "0",
    }  # fmt: skip
    if not any(name.lower() == "host" for name, _ in headers):
        environ["HTTP_HOST"] = "api.example.com"
    for name, value in headers:
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key.startswith("HTTP_") and key in environ else value
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started.append((status, [*fields]))
        return lambda data: None

    result = app(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        if hasattr(result, "close"):
            result.close()
    status, fields = started[-1]
    assert len(status) > 4
    return Reply(int(status[:3]), fields, body)


def texts(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode().lower(), value.decode("latin-1")) for name, value in fields]


def check_case(case: DecisionCase, reply: Reply, calls: list[str], *, body: bytes, expected: Fields) -> None:
    """Exact headers, the body unchanged, and the application called exactly where it should be."""
    got = [(name.lower(), value) for name, value in reply.headers]
    if case.status is not None:
        length = [] if case.status == 204 else [("content-length", "0")]
        assert (reply.status, reply.body, calls) == (case.status, b"", [])
        assert got == [*length, *texts(case.headers)]
        return
    assert (reply.status, reply.body, calls) == (200, body, ["plain"])
    if ("content-type", "text/plain") not in expected:
        got.remove(("content-type", "text/plain"))
    assert got == list(expected)
