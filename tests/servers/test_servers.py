"""What the servers really send, asked without any part of crossorigin.

`test_verdicts.py` gives reasons; a wrongly set up server would make them true or false by accident. So the headers
that the reasons lean on are read here from the wire.
"""

from __future__ import annotations

import http.client
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from tests.servers.conftest import RealServer

APP = "https://app.example.com"
PREFLIGHT = {"Origin": APP, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
ALLOW = "access-control-allow-"


class Said(NamedTuple):
    """One question, and the answer's status, Access-Control-Allow-* fields and Location, in order."""

    server: str
    method: str
    path: str
    headers: dict[str, str]
    status: int
    fields: tuple[tuple[str, str], ...]


def ask(server: RealServer, case: Said) -> tuple[int, tuple[tuple[str, str], ...]]:
    connection = http.client.HTTPConnection(urlsplit(server.here).netloc, timeout=30)
    try:
        connection.request(case.method, case.path, headers=case.headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    fields = [
        (name.lower().removeprefix(ALLOW), value.replace(server.here, "@here").replace(server.elsewhere, "@elsewhere"))
        for name, value in answer.getheaders()
        if name.lower().startswith(ALLOW) or name.lower() == "location"
    ]
    return answer.status, tuple(fields)


GET = {"Origin": APP}
ORIGIN = ("origin", APP)
TRUE = ("credentials", "true")

CASES = [
    # nginx: add_header stays on 2xx and 3xx, and is lost on 404 and 500 without `always`.
    Said("nginx", "GET", "/bare/page.txt", GET, 200, ()),
    Said("nginx", "GET", "/some/page.txt", GET, 200, (ORIGIN,)),
    Said("nginx", "GET", "/some/absent", GET, 404, ()),
    Said("nginx", "GET", "/some/error", GET, 500, ()),
    Said("nginx", "GET", "/always/absent", GET, 404, (ORIGIN,)),
    Said("nginx", "GET", "/always/error", GET, 500, (ORIGIN,)),
    Said("nginx", "OPTIONS", "/always/page.txt", PREFLIGHT, 405, (ORIGIN,)),
    Said("nginx", "GET", "/always/directory", GET, 301, (("location", "@here/always/directory/"), ORIGIN)),
    Said("nginx", "OPTIONS", "/always/directory", PREFLIGHT, 405, (ORIGIN,)),
    Said("nginx", "OPTIONS", "/proxied", PREFLIGHT, 301, (("location", "@here/proxied/"), ORIGIN)),
    Said("nginx", "OPTIONS", "/proxied-bare", PREFLIGHT, 301, (("location", "@here/proxied-bare/"),)),
    Said("nginx", "OPTIONS", "/json", PREFLIGHT, 204, (ORIGIN, ("methods", "GET, PUT"), ("headers", "Content-Type"))),
    Said("nginx", "OPTIONS", "/json-lost", PREFLIGHT, 204, (("methods", "GET, PUT"), ("headers", "Content-Type"))),
    Said("nginx", "GET", "/wildcard-credentials", GET, 200, (("origin", "*"), TRUE)),
    Said("nginx", "GET", "/twice", GET, 200, (ORIGIN, ORIGIN)),
    Said("nginx", "GET", "/away/bare", GET, 302, (("location", "@elsewhere/wildcard/"),)),
    # Starlette: a refused preflight is a 400; a raised exception and a missing slash before a mount go without.
    Said("fastapi", "GET", "/item", GET, 200, ()),
    Said("fastapi", "GET", "/list/item", GET, 200, (ORIGIN,)),
    Said("fastapi", "GET", "/list/absent", GET, 404, (ORIGIN,)),
    Said("fastapi", "GET", "/list/error", GET, 500, ()),
    Said("fastapi", "GET", "/list/slash", GET, 307, (("location", "@here/list/slash/"), ORIGIN)),
    Said("fastapi", "OPTIONS", "/slash", PREFLIGHT, 307, (("location", "@here/slash/"),)),
    Said("fastapi", "OPTIONS", "/defaults/item", PREFLIGHT, 400, (
        ("methods", "GET"),
        ("headers", "Accept, Accept-Language, Content-Language, Content-Type"),
        ORIGIN,
    )),
    Said("fastapi", "GET", "/wildcard/item", GET, 200, (("origin", "*"),)),
    Said("fastapi", "GET", "/wildcard-credentials/item", GET, 200, (("origin", APP), TRUE)),
    # Express: cors() answers every OPTIONS below it with 204; where it is on a route only, Express answers 200.
    Said("express", "GET", "/bare/item", GET, 200, ()),
    Said("express", "OPTIONS", "/wildcard/anything", PREFLIGHT, 204, (
        ("origin", "*"),
        ("methods", "GET,HEAD,PUT,PATCH,POST,DELETE"),
        ("headers", "content-type"),
    )),
    Said("express", "GET", "/list/item", GET, 200, (ORIGIN, TRUE)),
    Said("express", "GET", "/list/error", GET, 500, (ORIGIN, TRUE)),
    Said("express", "OPTIONS", "/route/item", PREFLIGHT, 200, ()),
    Said("express", "GET", "/route/absent", GET, 404, ()),
    Said("express", "GET", "/route/error", GET, 500, ()),
    Said("express", "OPTIONS", "/slash/item", PREFLIGHT, 301, (("location", "/slash/item/"),)),
    Said("express", "OPTIONS", "/slash-by-hand/item", PREFLIGHT, 301, (ORIGIN, ("location", "/slash-by-hand/item/"))),
    Said("express", "GET", "/wildcard-credentials/item", GET, 200, (("origin", "*"), TRUE)),
]  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case.server} {case.method} {case.path}", marks=pytest.mark.xdist_group(case.server))
        for case in CASES
    ],
)
def test_server_sends(case: Said, request: pytest.FixtureRequest) -> None:
    status, fields = ask(request.getfixturevalue(case.server), case)
    assert status == case.status
    assert sorted(fields) == sorted(case.fields)
