"""The web-platform-tests' own data, as whole fetches: every case counted."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from crossorigin.fetch import BlockCode, fetch_request, potential_cors_request
from crossorigin.web.headers import HeaderList, normalize

from .dialogue import ANY_ORIGIN, API, Field, answer, ask, page, readable, talk

BESIDE = Path(__file__).parents[2].parent / "shared" / "vectors"
FOLDER = Path(os.environ.get("CROSSORIGIN_VECTORS") or BESIDE)


def read(name: str) -> list[Any]:
    if not FOLDER.is_dir():
        pytest.skip(f"DID NOT RUN: no vectors in {FOLDER}; set CROSSORIGIN_VECTORS to their folder")
    cases: list[Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return cases


def field_lines(lines: str) -> list[Field]:
    """Fields as they stand on the wire, each value normalized as a browser's HTTP layer does."""
    fields = HeaderList(
        [
            (name, normalize(value))
            for name, _, value in (line.encode("latin-1").partition(b":") for line in lines.split("\r\n"))
        ]
    )
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]


def test_access_control_expose_headers() -> None:
    cases = read("access-control-expose-headers.json")
    for case in cases:
        given = answer(200, ANY_ORIGIN, ("BB-8", "hello"), *field_lines(case["input"]))
        response = readable(talk(fetch_request(API, page()), given))
        assert response.headers.contains(b"BB-8") is case["exposed"], case["input"]
    assert len(cases) == 15


def test_not_cors_safelisted() -> None:
    cases = read("not-cors-safelisted.json")
    for name, value in cases:
        request = fetch_request(API, page(), headers=[(name.encode(), value.encode("latin-1"))])
        leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Headers", name))
        talk(
            request,
            ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", name.lower()), role="preflight"),
            leave,
            ask(f"GET {API}", (name, value)),
            answer(200, ANY_ORIGIN),
        )
        # In mode no-cors, where no leave is asked, it is not sent.
        silent = fetch_request(API, page(), headers=[(name.encode(), value.encode("latin-1"))], mode="no-cors")
        assert silent.dropped_headers.names() == [name.encode()]
    assert len(cases) == 11


def test_x_content_type_options() -> None:
    cases = read("x-content-type-options.json")
    for case in cases:
        given = answer(200, ("Content-Type", "text/plain"), *field_lines(case["input"]))
        for destination in ("script", "style"):
            result = talk(potential_cors_request("/x", page(), destination, None), given)
            code = None if result.error is None else result.error.code
            assert code == (BlockCode.NOSNIFF if case["nosniff"] else None), case["input"]
    assert len(cases) == 14
