"""Servers that are functions, and a report as a terminal would show it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from crossorigin.browser.real.call import Outcome
from crossorigin.browser.real.proxy import PassedRequest
from crossorigin.doctor.check import check
from crossorigin.doctor.consult import consult
from crossorigin.doctor.question import ask
from crossorigin.doctor.reality import Asked
from crossorigin.doctor.report import Report
from crossorigin.doctor.terminal import print_report
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.stacks import Stack
from crossorigin.web.headers import HeaderList

PAGE = "https://app.example"
API = "https://api.example/users/42"

Answer = HTTPResponse | TransportFailure
Fields = Sequence[tuple[bytes | str, bytes | str]]


def answer(status: int, *fields: tuple[bytes | str, bytes | str], reason: bytes = b"", body: bytes = b"") -> Answer:
    """A response with exactly these header fields."""
    raw = HeaderList((_bytes(name), _bytes(value)) for name, value in fields)
    return HTTPResponse(status, raw, body, reason)


def failure(kind: str = "refused", detail: str = "api.example:443 refused the connection.") -> TransportFailure:
    return TransportFailure(TransportFailureKind(kind), detail)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


@dataclass
class Server:
    """Answers the requests of one check in turn, the last answer over and over, and remembers what it was asked."""

    answers: list[Answer]
    requests: list[HTTPRequest] = field(default_factory=list)

    def send(self, request: HTTPRequest, /) -> Answer:
        self.requests.append(request)
        return self.answers[min(len(self.requests), len(self.answers)) - 1]


def report(*answers: Answer, url: str = API, profiles: Sequence[Profile] = (STANDARD,), **question: Any) -> Report:
    """What check finds when the server gives these answers in turn; the page is at PAGE unless said otherwise."""
    if not {"origin", "page"} & question.keys():
        question["origin"] = PAGE
    return check(ask(url, **question), Server(list(answers)), profiles)


def shown(
    found: Report,
    *,
    width: int = 80,
    encoding: str = "utf-8",
    colour: bool = False,
    all_causes: bool = False,
    stack: Stack | None = None,
) -> str:
    """The report as a terminal, or a file without colour, gets it."""
    written = io.BytesIO()
    file = io.TextIOWrapper(written, encoding=encoding, errors="strict", newline="")
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        _environ={"TERM": "xterm-256color"},
    )
    print_report(consult(found, stack=stack), console, all_causes=all_causes)
    file.flush()
    return written.getvalue().decode(encoding)


ASKED = Asked(
    program="/usr/bin/chromium",
    version="Chromium 156.0.8078.79",
    outcome=Outcome(blocked=False, type="cors", status=200, headers=(("content-length", "4"), ("x-a", "1"))),
    error="",
    console=("said",),
    requests=(PassedRequest("GET", "http://api.example/", (("Origin", "https://app.example"),)),),
    tunnels=("cdn.example:443",),
    emulated=("It was emulated.",),
    differences=("it differs",),
)
"""What a browser did, every field of it filled."""

ALLOW = ("Access-Control-Allow-Origin", PAGE)
ALLOW_ALL = ("Access-Control-Allow-Origin", "*")
VARY = ("Vary", "Origin")
JSON: dict[str, Any] = {"method": "PUT", "headers": ["Content-Type: application/json"], "data": "{}"}
INCLUDE: dict[str, Any] = {"credentials": "include"}

OUTCOMES: dict[str, Callable[[], Report]] = {
    "allowed": lambda: report(answer(200, ALLOW, VARY, ("X-Total", "3"))),
    "allowed after a preflight": lambda: report(
        answer(
            204,
            ALLOW,
            VARY,
            ("Access-Control-Allow-Methods", "PUT"),
            ("Access-Control-Allow-Headers", "content-type"),
        ),
        answer(200, ALLOW, VARY),
        **JSON,
    ),
    "same origin": lambda: report(answer(200, ("X-Total", "3")), origin="https://api.example"),
    "blocked before sending": lambda: report(url="https://api.example:22/"),
    "blocked preflight": lambda: report(answer(405, reason=b"Method Not Allowed"), **JSON),
    "blocked method": lambda: report(answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "GET")), **JSON),
    "blocked header": lambda: report(answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "PUT")), **JSON),
    "blocked response": lambda: report(answer(200)),
    "blocked with credentials": lambda: report(answer(200, ALLOW_ALL), **INCLUDE),
    "blocked after a redirect": lambda: report(
        answer(302, ALLOW_ALL, ("Location", "https://cdn.example/users/42")), answer(200, ALLOW)
    ),
    "blocked redirect": lambda: report(answer(302, ALLOW_ALL, ("Location", "/there")), redirect="error"),
    "blocked by resource policy": lambda: report(
        answer(200, ("Cross-Origin-Resource-Policy", "same-origin")), mode="no-cors"
    ),
    "opaque": lambda: report(answer(200), mode="no-cors"),
    "opaque redirect": lambda: report(answer(302, ALLOW_ALL, ("Location", "/there")), redirect="manual"),
    "opaque origin": lambda: report(answer(200), origin="null"),
    "no answer": lambda: report(failure()),
    "no answer to the second": lambda: report(
        answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "*")),
        failure("timeout", "api.example:443 took too long."),
        **JSON,
    ),
}
"""Every kind of end that a check can come to."""
