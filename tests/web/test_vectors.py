"""The web-platform-tests' own data: every case counted, and what does not apply said with its reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList, normalize
from crossorigin.web.mime import extract_mime_type, parse_mime_type
from crossorigin.web.nosniff import determine_nosniff
from crossorigin.web.safelists import is_cors_safelisted_request_header


def read(folder: Path, name: str) -> tuple[list[Any], str]:
    text = (folder / name).read_text(encoding="utf-8")
    return json.loads(text), text


def header_list(lines: str) -> HeaderList:
    """Fields as they stand on the wire, each value normalized as a browser's HTTP layer does."""
    pairs = (line.encode("latin-1").partition(b":") for line in lines.split("\r\n"))
    return HeaderList([(name, normalize(value)) for name, _, value in pairs])


def serialized(text: str) -> str | None:
    mime_type = parse_mime_type(text)
    return None if mime_type is None else mime_type.serialize()


def test_mime_types(vectors: Path) -> None:
    rows, text = read(vectors, "mime-types.json")
    headings = [row for row in rows if isinstance(row, str)]  # titles between the cases: nothing to check
    cases = [row for row in rows if isinstance(row, dict)]
    # `navigable` and `encoding` do not apply: nothing here navigates, and no body is decoded to text.
    wrong = [
        (case["input"], serialized(case["input"])) for case in cases if serialized(case["input"]) != case["output"]
    ]
    assert wrong == []
    assert len(cases) == text.count('"input":') == 71
    assert len(headings) + len(cases) == len(rows)


def test_generated_mime_types(vectors: Path) -> None:
    cases, text = read(vectors, "generated-mime-types.json")
    wrong = [
        (case["input"], serialized(case["input"])) for case in cases if serialized(case["input"]) != case["output"]
    ]
    assert wrong == []
    assert len(cases) == text.count('"input":') == 881


def test_content_types(vectors: Path) -> None:
    cases, text = read(vectors, "content-types.json")
    # `encoding` and `documentContentType` do not apply: they are about decoding a document, and nothing here does.
    wrong = []
    for case in cases:
        mime_type = extract_mime_type(HeaderList.of(*(("Content-Type", value) for value in case["contentType"])))
        if (None if mime_type is None else mime_type.serialize()) != case["mimeType"]:
            wrong.append((case, mime_type))
    assert wrong == []
    assert len(cases) == text.count('"contentType":') == 20


def test_x_content_type_options(vectors: Path) -> None:
    cases, text = read(vectors, "x-content-type-options.json")
    wrong = [case for case in cases if determine_nosniff(header_list(case["input"])) is not case["nosniff"]]
    assert wrong == []
    assert len(cases) == text.count('"input":') == 14


def test_not_cors_safelisted(vectors: Path) -> None:
    cases, text = read(vectors, "not-cors-safelisted.json")
    wrong = [
        (name, value)
        for name, value in cases
        if is_cors_safelisted_request_header(name.encode("latin-1"), value.encode("latin-1"))
    ]
    assert wrong == []
    assert len(cases) == text.count("\n  [") == 11


def test_access_control_expose_headers(vectors: Path) -> None:
    cases, text = read(vectors, "access-control-expose-headers.json")
    wrong = []
    for case in cases:
        exposed = extract_header_list_values(b"Access-Control-Expose-Headers", header_list(case["input"]))
        # Neither null nor failure, whatever the standard's sentence says: this file decides.
        readable = exposed is not None and exposed is not FAILURE and b"bb-8" in [name.lower() for name in exposed]
        if readable is not case["exposed"]:
            wrong.append((case, exposed))
    assert wrong == []
    assert len(cases) == text.count('"input":') == 15
