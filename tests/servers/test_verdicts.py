"""`crossorigin check` against real servers: what a browser that follows the standard makes of each, worked out by hand.

`wire` is what goes over the wire, in order, and `code` the block, None where script may read the response. The reasons
come from the Fetch standard and from how the server documents itself; `test_servers.py` proves the latter.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from tests.servers.conftest import RealServer

from crossorigin.fetch.blocks import BlockCode


class Case(NamedTuple):
    """A question to `crossorigin check`, and its answer."""

    path: str
    arguments: str
    wire: str
    code: BlockCode | None
    reason: str

    @property
    def exit_status(self) -> int:
        return 0 if self.code is None else 1

    @property
    def preflight_needed(self) -> bool:
        """Every preflight of the table is sent: the first request goes out as itself only where none is needed."""
        return self.wire.startswith("OPTIONS ")


B: Final = BlockCode
OK: Final = None

PUT: Final = "-X PUT -H 'Content-Type: application/json' -d {}"
BEARER: Final = "-H 'Authorization: Bearer abc'"
TOKEN: Final = "-H 'X-Token: abc'"
INCLUDE: Final = "--credentials include"
COOKIE: Final = "--credentials include --cookie session=1"
STRANGER: Final = "--origin https://evil.example"

# fmt: off
NGINX = [
    Case("/bare/page.txt", "", "GET 200", B.ALLOW_ORIGIN_MISSING, "no add_header, no Access-Control-Allow-Origin"),
    Case("/some/page.txt", "", "GET 200", OK, "200 is among the statuses that add_header goes with"),
    Case("/some/page.txt", STRANGER, "GET 200", B.ALLOW_ORIGIN_MISMATCH,
         "the value is fixed, and names another origin"),
    Case("/some/absent", "", "GET 404", B.ALLOW_ORIGIN_MISSING, "add_header without `always` is lost on a 404"),
    Case("/some/error", "", "GET 500", B.ALLOW_ORIGIN_MISSING, "add_header without `always` is lost on a 500"),
    Case("/always/absent", "", "GET 404", OK, "with `always` script reads the 404: a status is no CORS matter"),
    Case("/always/error", "", "GET 500", OK, "with `always` script reads the 500"),

    Case("/json", PUT, "OPTIONS 204, PUT 200", OK, "PUT and Content-Type are listed"),
    Case("/json", "-X POST -d a=1", "POST 200", OK, "POST and text/plain are safelisted: no preflight"),
    Case("/json", "-X DELETE", "OPTIONS 204", B.PREFLIGHT_METHOD, "DELETE is not listed"),
    Case("/json", TOKEN, "OPTIONS 204", B.PREFLIGHT_HEADER, "X-Token is not listed"),
    Case("/json-lost", PUT, "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "`if` takes over no add_header from outside"),
    Case("/some/page.txt", PUT, "OPTIONS 405", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "static files: OPTIONS is a 405, bare"),
    Case("/always/page.txt", PUT, "OPTIONS 405", B.PREFLIGHT_STATUS, "the header is there, but 405 is no ok status"),

    Case("/credentials", BEARER, "OPTIONS 204, GET 200", OK, "Authorization is listed by name"),
    Case("/json", BEARER, "OPTIONS 204", B.PREFLIGHT_HEADER, "Authorization is not listed"),
    Case("/wildcard", BEARER, "OPTIONS 204", B.PREFLIGHT_AUTHORIZATION_WILDCARD, "`*` does not cover Authorization"),
    Case("/wildcard", TOKEN, "OPTIONS 204, GET 200", OK, "`*` covers any other name"),
    Case("/wildcard", PUT, "OPTIONS 204, PUT 200", OK, "`*` in all three, without credentials"),

    Case("/credentials", COOKIE, "GET 200", OK, "the origin by name, and `true`"),
    Case("/credentials", f"{PUT} {COOKIE}", "OPTIONS 204, PUT 200", OK, "the same on the preflight, PUT listed"),
    Case("/json", INCLUDE, "GET 200", B.ALLOW_CREDENTIALS_MISSING, "no Access-Control-Allow-Credentials"),
    Case("/wildcard", INCLUDE, "GET 200", B.ALLOW_ORIGIN_WILDCARD, "`*` does not count with credentials"),
    Case("/wildcard", f"{PUT} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD, "nor on the preflight"),
    Case("/wildcard-credentials", "", "GET 200", OK, "without credentials `*` counts, and `true` is of no interest"),
    Case("/wildcard-credentials", INCLUDE, "GET 200", B.ALLOW_ORIGIN_WILDCARD, "`true` does not mend `*`"),
    Case("/wildcard-credentials", f"{PUT} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD, "nor here"),
    Case("/credentials-wildcard-lists", f"{PUT} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_METHOD_WILDCARD,
         "with credentials `*` is the name of a method"),
    Case("/credentials-wildcard-lists", f"{TOKEN} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_HEADER_WILDCARD,
         "with credentials `*` is the name of a header; GET is safelisted"),
    Case("/credentials-wildcard-lists", f"{BEARER} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_HEADER_WILDCARD,
         "with credentials `*` is only a name, for Authorization as for all"),
    Case("/twice", "", "GET 200", B.ALLOW_ORIGIN_SEVERAL, "two fields are one value, `A, A`, which is no origin"),

    Case("/always/directory", "", "GET 301, GET 200", OK,
         "the slash is added on the same origin, each with the header"),
    Case("/some/directory", "", "GET 301, GET 200", OK, "301 too is among the statuses that add_header goes with"),
    Case("/bare/directory", "", "GET 301", B.ALLOW_ORIGIN_MISSING,
         "a redirect must pass the CORS check to be followed"),
    Case("/always/directory", "--redirect error", "GET 301", B.REDIRECT_MODE_ERROR, "the page asked for no redirect"),
    Case("/always/directory", PUT, "OPTIONS 405", B.PREFLIGHT_STATUS,
         "static files answer OPTIONS before the redirect"),
    Case("/proxied", "", "GET 301, GET 200", OK, "proxy_pass: the slash is added, then the header of this location"),
    Case("/proxied", PUT, "OPTIONS 301", B.PREFLIGHT_REDIRECT, "proxy_pass: a 301 for OPTIONS too, not followed"),
    Case("/proxied-bare", PUT, "OPTIONS 301", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "the CORS check comes before the status"),

    Case("/away/wildcard", "", "GET 307, GET 200", OK, "`*` allows the origin null that a redirected request has"),
    Case("/away/named", "", "GET 302, GET 200", B.ORIGIN_TAINTED, "the second server allows the page, not null"),
    Case("/away/null", INCLUDE, "GET 302, GET 200", OK, "the second server says null, and `true`"),
    Case("/away/bare", "", "GET 302", B.ALLOW_ORIGIN_MISSING, "the redirect itself has no header"),
    Case("/away/wildcard", INCLUDE, "GET 307, GET 200", B.ALLOW_ORIGIN_WILDCARD, "the second server says `*`"),
    Case("/away/wildcard", PUT, "OPTIONS 204, PUT 307, OPTIONS 204, PUT 200", OK, "307 keeps PUT: a second preflight"),
    Case("/away/wildcard", BEARER, "OPTIONS 204, GET 307, GET 200", OK,
         "Authorization stays behind at the border, and with it the reason for a second preflight"),
]

FASTAPI = [
    Case("/item", "", "GET 200", B.ALLOW_ORIGIN_MISSING, "no CORSMiddleware"),
    Case("/list/item", "", "GET 200", OK, "the origin is in allow_origins"),
    Case("/list/item", STRANGER, "GET 200", B.ALLOW_ORIGIN_MISSING, "Starlette sends nothing to an origin not in it"),
    Case("/list/absent", "", "GET 404", OK, "HTTPException is answered inside CORSMiddleware"),
    Case("/list/nowhere", "", "GET 404", OK, "so is a path without a route"),
    Case("/nowhere", "", "GET 404", B.ALLOW_ORIGIN_MISSING, "a 404 of the app that has no CORSMiddleware"),
    Case("/list/error", "", "GET 500", B.ALLOW_ORIGIN_MISSING, "an exception is answered outside CORSMiddleware"),

    Case("/list/item", PUT, "OPTIONS 200, PUT 200", OK, "PUT is in allow_methods, Content-Type always allowed"),
    Case("/list/item", f"{PUT} {STRANGER}", "OPTIONS 400", B.PREFLIGHT_ALLOW_ORIGIN_MISSING, "400, without the header"),
    Case("/item", PUT, "OPTIONS 405", B.PREFLIGHT_ALLOW_ORIGIN_MISSING, "no CORSMiddleware: no route for OPTIONS"),
    Case("/defaults/item", PUT, "OPTIONS 400", B.PREFLIGHT_STATUS,
         "allow_methods is GET unless set: a 400, with the header"),
    Case("/list/absent", PUT, "OPTIONS 200, PUT 405", OK, "CORSMiddleware answers for every path; the 405 is readable"),

    Case("/list/item", BEARER, "OPTIONS 200, GET 200", OK, "Authorization is in allow_headers"),
    Case("/defaults/item", BEARER, "OPTIONS 400", B.PREFLIGHT_STATUS, "Authorization is not in allow_headers: a 400"),
    Case("/wildcard/item", BEARER, "OPTIONS 200, GET 200", OK, "Starlette answers `*` with the names asked for"),

    Case("/credentials/item", COOKIE, "GET 200", OK, "the origin by name, and `true`"),
    Case("/credentials/item", f"-X DELETE {INCLUDE}", "OPTIONS 200, DELETE 405", OK,
         "allow_methods `*` is sent as a list"),
    Case("/list/item", INCLUDE, "GET 200", B.ALLOW_CREDENTIALS_MISSING, "allow_credentials is off unless set"),
    Case("/wildcard/item", INCLUDE, "GET 200", B.ALLOW_ORIGIN_WILDCARD,
         "allow_origins `*` without credentials says `*`"),
    Case("/wildcard/item", f"{PUT} {INCLUDE}", "OPTIONS 200", B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
         "so does its preflight"),
    Case("/wildcard-credentials/item", COOKIE, "GET 200", OK, "`*` with credentials reflects any origin"),
    Case("/wildcard-credentials/item", f"{COOKIE} {STRANGER}", "GET 200", OK, "any origin: this is the danger of it"),
    Case("/wildcard-credentials/item", f"{PUT} {INCLUDE}", "OPTIONS 200, PUT 200", OK,
         "the preflight reflects as well"),

    Case("/list/slash", "", "GET 307, GET 200", OK, "redirect_slashes inside CORSMiddleware, on the same origin"),
    Case("/list/slash", PUT, "OPTIONS 200, PUT 307, OPTIONS 200, PUT 200", OK,
         "the preflight is answered before the redirect, which leads to another URL: one more"),
    Case("/slash", PUT, "OPTIONS 307", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "redirect_slashes for OPTIONS, no CORSMiddleware"),
    Case("/list", PUT, "OPTIONS 307", B.PREFLIGHT_ALLOW_ORIGIN_MISSING, "a mount without its slash is the outer app's"),

    Case("/list/away/wildcard", "", "GET 307, GET 200", OK, "`*` allows the origin null"),
    Case("/list/away/list", "", "GET 307, GET 200", B.ALLOW_ORIGIN_MISSING,
         "null is not in allow_origins: nothing is sent"),
    Case("/away/wildcard", "", "GET 307", B.ALLOW_ORIGIN_MISSING, "the redirect itself has no header"),
    Case("/credentials/away/wildcard", INCLUDE, "GET 307, GET 200", B.ALLOW_ORIGIN_WILDCARD, "the second app says `*`"),
    Case("/credentials/away/wildcard-credentials", INCLUDE, "GET 307, GET 200", OK, "the second app reflects null too"),
    Case("/list/away/wildcard", PUT, "OPTIONS 200, PUT 307, OPTIONS 200, PUT 200", OK,
         "307 keeps PUT: a second preflight"),
    Case("/list/away/list", PUT, "OPTIONS 200, PUT 307, OPTIONS 400", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "the second preflight asks for null, which is not in allow_origins"),
    Case("/list/away/defaults", BEARER, "OPTIONS 200, GET 307, GET 200", B.ALLOW_ORIGIN_MISSING,
         "Authorization stays behind, so no second preflight; null is not in allow_origins"),
]

EXPRESS = [
    Case("/bare/item", "", "GET 200", B.ALLOW_ORIGIN_MISSING, "no cors()"),
    Case("/wildcard/item", "", "GET 200", OK, "cors() alone says `*`"),
    Case("/list/item", "", "GET 200", OK, "the origin is in the list, and sent back"),
    Case("/list/item", STRANGER, "GET 200", B.ALLOW_ORIGIN_MISSING, "for an origin not in the list nothing is sent"),
    Case("/fixed/item", "", "GET 200", B.ALLOW_ORIGIN_MISMATCH, "a string is sent whoever asks"),
    Case("/wildcard/absent", "", "GET 404", OK, "cors() runs before the 404"),
    Case("/route/absent", "", "GET 404", B.ALLOW_ORIGIN_MISSING, "cors() is on the other routes only"),
    Case("/list/error", "", "GET 500", OK, "what cors() has set stays on the 500 of Express"),
    Case("/route/error", "", "GET 500", B.ALLOW_ORIGIN_MISSING, "the handler fails before cors() has its turn"),

    Case("/wildcard/item", PUT, "OPTIONS 204, PUT 200", OK, "cors() lists PUT, and sends back the names asked for"),
    Case("/list/item", PUT, "OPTIONS 204, PUT 200", OK, "the same with a list"),
    Case("/list/item", f"{PUT} {STRANGER}", "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_MISSING, "not in the list"),
    Case("/wildcard/absent", PUT, "OPTIONS 204, PUT 404", OK, "cors() answers for every path; the 404 is readable"),
    Case("/bare/item", PUT, "OPTIONS 200", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "Express answers OPTIONS itself: 200, `Allow`"),
    Case("/bare/absent", PUT, "OPTIONS 404", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "no route, so no answer to OPTIONS either"),
    Case("/route/item", "", "GET 200", OK, "cors() on the GET route"),
    Case("/route/item", PUT, "OPTIONS 200", B.PREFLIGHT_ALLOW_ORIGIN_MISSING,
         "cors() on the PUT route, not on OPTIONS"),
    Case("/by-hand/item", PUT, "OPTIONS 200", B.PREFLIGHT_METHOD, "`Allow` is not Access-Control-Allow-Methods"),

    Case("/wildcard/item", BEARER, "OPTIONS 204, GET 200", OK, "cors() sends back the names asked for, this one too"),
    Case("/headers-wildcard/item", BEARER, "OPTIONS 204", B.PREFLIGHT_AUTHORIZATION_WILDCARD, "allowedHeaders is `*`"),
    Case("/by-hand/item", BEARER, "OPTIONS 200", B.PREFLIGHT_HEADER, "no Access-Control-Allow-Headers"),

    Case("/list/item", COOKIE, "GET 200", OK, "the origin by name, and `true`"),
    Case("/list/item", f"{PUT} {COOKIE}", "OPTIONS 204, PUT 200", OK, "the same on the preflight"),
    Case("/wildcard/item", INCLUDE, "GET 200", B.ALLOW_ORIGIN_WILDCARD, "cors() alone says `*`"),
    Case("/wildcard/item", f"{PUT} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
         "on the preflight too"),
    Case("/wildcard-credentials/item", INCLUDE, "GET 200", B.ALLOW_ORIGIN_WILDCARD, "`true` does not mend `*`"),
    Case("/wildcard-credentials/item", f"{PUT} {INCLUDE}", "OPTIONS 204", B.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
         "nor here"),
    Case("/headers-wildcard/item", INCLUDE, "GET 200", B.ALLOW_CREDENTIALS_MISSING, "`credentials` is off unless set"),
    Case("/reflecting/item", f"{COOKIE} {STRANGER}", "GET 200", OK, "origin: true reflects any origin"),

    Case("/slash/item", "", "GET 301", B.ALLOW_ORIGIN_MISSING, "the slash is added before cors() has its turn"),
    Case("/slash/item", PUT, "OPTIONS 301", B.PREFLIGHT_ALLOW_ORIGIN_MISSING, "for OPTIONS too"),
    Case("/slash/item/", PUT, "OPTIONS 204, PUT 200", OK, "with the slash, cors() has its turn"),
    Case("/slash-by-hand/item", "", "GET 301, GET 200", OK, "the header on both, and the same origin throughout"),
    Case("/slash-by-hand/item", PUT, "OPTIONS 301", B.PREFLIGHT_REDIRECT,
         "the header is there; a redirect is not followed"),

    Case("/list/away/wildcard", "", "GET 307, GET 200", OK, "`*` allows the origin null"),
    Case("/list/away/list", "", "GET 307, GET 200", B.ALLOW_ORIGIN_MISSING, "null is not in the list: nothing is sent"),
    Case("/list/away/headers-wildcard", "", "GET 307, GET 200", B.ORIGIN_TAINTED,
         "the second allows the page, not null"),
    Case("/list/away/reflecting", INCLUDE, "GET 307, GET 200", OK, "origin: true reflects null too"),
    Case("/bare/away/wildcard", "", "GET 307", B.ALLOW_ORIGIN_MISSING, "the redirect itself has no header"),
    Case("/list/away/wildcard", INCLUDE, "GET 307, GET 200", B.ALLOW_ORIGIN_WILDCARD, "the second says `*`"),
    Case("/list/away/wildcard", PUT, "OPTIONS 204, PUT 307, OPTIONS 204, PUT 200", OK,
         "307 keeps PUT: a second preflight"),
    Case("/list/away/wildcard", BEARER, "OPTIONS 204, GET 307, GET 200", OK, "Authorization stays behind"),
]
# fmt: on

TABLE = {"nginx": NGINX, "fastapi": FASTAPI, "express": EXPRESS}

SCHEMA: Final = Draft202012Validator(
    json.loads((files("crossorigin.doctor") / "check.schema.json").read_text(encoding="utf-8"))
)


def check(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as its users do."""
    command = [sys.executable, "-P", "-m", "crossorigin", "check", url, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def parameters() -> Sequence[Any]:
    return [
        pytest.param(
            name, case, id=f"{name} {case.path} {case.arguments}".rstrip(), marks=pytest.mark.xdist_group(name)
        )
        for name, cases in TABLE.items()
        for case in cases
    ]


@pytest.mark.parametrize(("name", "case"), parameters())
def test_verdict(name: str, case: Case, request: pytest.FixtureRequest) -> None:
    server: RealServer = request.getfixturevalue(name)
    origin = [] if "--origin" in case.arguments else ["--origin", "https://app.example.com"]

    done = check(server.here + case.path, *origin, *shlex.split(case.arguments), "--browser", "standard", "--json")

    assert done.returncode == case.exit_status, f"{case.reason}\n{done.stdout}{done.stderr}"
    assert done.stderr == ""
    said = json.loads(done.stdout)
    SCHEMA.validate(said)
    block = said["engines"]["standard"]["block"]
    wire = ", ".join(f"{each['method']} {each['status']}" for each in said["exchanges"])
    assert (wire, block and block["code"]) == (case.wire, case.code), case.reason
    assert said["allowed"] is (case.code is None)
    assert said["preflight"]["needed"] is case.preflight_needed
    assert bool(said["preflight"]["because"]) is case.preflight_needed


def test_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)


def test_each_case_stands_once() -> None:
    questions = [(name, case.path, case.arguments) for name, cases in TABLE.items() for case in cases]
    assert len(questions) == len(set(questions))
