"""The object that `--json` prints, held against the schema that describes it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from crossorigin.browser.real.call import Outcome
from crossorigin.doctor.consult import consult
from crossorigin.doctor.json_report import to_json
from crossorigin.doctor.reality import NotAsked
from crossorigin.fetch import ENGINES
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX
from crossorigin.fetch.wire import TransportFailureKind

from .conftest import ALLOW, ASKED, JSON, OUTCOMES, VARY, answer, failure, report

SCHEMA: dict[str, Any] = json.loads((files("crossorigin.doctor") / "check.schema.json").read_text(encoding="utf-8"))
DESIGN = {"url", "origin", "allowed", "engines", "preflight", "exchanges", "readable_headers", "causes", "fixes"}
OURS = {"after", "failure"}
"""What it says beyond the design."""


def valid(made: dict[str, Any]) -> dict[str, Any]:
    """The object after a trip through text, which the schema must accept."""
    again: dict[str, Any] = json.loads(json.dumps(made))
    assert again == made
    Draft202012Validator(SCHEMA).validate(again)
    return again


class TestSchema:
    """The schema is one, and it says all that the design promises."""

    def test_it_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    def test_it_has_what_the_design_has(self) -> None:
        assert set(SCHEMA["properties"]) == set(SCHEMA["required"]) == DESIGN | OURS

    def test_it_knows_every_failure(self) -> None:
        kinds = SCHEMA["properties"]["failure"]["oneOf"][1]["properties"]["kind"]["enum"]
        assert sorted(kinds) == sorted(kind.value for kind in TransportFailureKind)

    @pytest.mark.parametrize("key", sorted(DESIGN | OURS))
    def test_it_misses_what_is_missing(self, key: str) -> None:
        made = to_json(consult(report(answer(200))))
        del made[key]
        assert not Draft202012Validator(SCHEMA).is_valid(made)

    def test_it_lets_nothing_in(self) -> None:
        assert not Draft202012Validator(SCHEMA).is_valid(to_json(consult(report(answer(200)))) | {"more": 1})


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome_is_valid(name: str) -> None:
    found = OUTCOMES[name]()
    made = valid(to_json(consult(found)))
    assert made["allowed"] is found.allowed
    engine = made["engines"]["standard"]
    assert engine["allowed"] is found.allowed
    assert (engine["block"] is None) == (found.main.error is None)
    assert (made["failure"] is None) == (found.failure is None)
    assert len(made["fixes"]) == (not found.allowed)
    assert (made["after"] is None) == found.allowed


def test_an_allowed_call() -> None:
    made = valid(to_json(consult(report(answer(200, ALLOW, VARY, ("Content-Type", "text/plain"))))))
    assert made["url"] == "https://api.example/users/42"
    assert made["origin"] == "https://app.example"
    assert made["engines"] == {"standard": {"allowed": True, "block": None, "warnings": [], "real": None}}
    assert made["preflight"] == {"needed": False, "because": []}
    assert made["readable_headers"] == ["content-type"]
    assert made["fixes"] == made["causes"] == []
    (exchange,) = made["exchanges"]
    assert (exchange["role"], exchange["method"], exchange["status"]) == ("actual", "GET", 200)
    assert ["Origin", "https://app.example"] in exchange["request_headers"]


def test_a_blocked_preflight() -> None:
    made = valid(to_json(consult(report(answer(405), **JSON))))
    block = made["engines"]["standard"]["block"]
    assert block["code"] == "B201"
    assert block["anchor"] == "https://fetch.spec.whatwg.org/#concept-cors-check"
    assert block["step"] == "The response has no Access-Control-Allow-Origin."
    assert made["preflight"]["needed"] is True
    assert [sentence.split(" is not ")[0] for sentence in made["preflight"]["because"]] == [
        "Method PUT",
        "Content-Type",
    ]
    assert [exchange["role"] for exchange in made["exchanges"]] == ["preflight"]
    assert made["readable_headers"] == []
    assert "Access-Control-Allow-Origin: https://app.example" in made["fixes"][0]["text"]


def test_header_lists_are_raw() -> None:
    """Order, duplicates, casing and every byte survive."""
    sent: list[tuple[bytes | str, bytes | str]] = [
        ("X-b", "1"),
        ("x-A", "2"),
        ("X-B", "1"),
        ("Vary", b"\xff\x1b[31m"),
        ("Access-Control-Allow-Origin", ""),
    ]
    made = valid(to_json(consult(report(answer(200, *sent)))))
    assert made["exchanges"][0]["response_headers"] == [
        ["X-b", "1"],
        ["x-A", "2"],
        ["X-B", "1"],
        ["Vary", "\xff\x1b[31m"],
        ["Access-Control-Allow-Origin", ""],
    ]


def test_no_answer() -> None:
    made = valid(to_json(consult(report(failure("tls", "The certificate of api.example:443 was not accepted.")))))
    assert made["failure"] == {"kind": "tls", "detail": "The certificate of api.example:443 was not accepted."}
    assert made["exchanges"][0]["status"] is None
    assert made["exchanges"][0]["response_headers"] == []


def test_an_opaque_origin_is_null() -> None:
    assert valid(to_json(consult(report(answer(200), origin="null"))))["origin"] == "null"


@given(st.lists(st.tuples(st.sampled_from(["Vary", "Access-Control-Allow-Origin", "X"]), st.binary()), max_size=5))
def test_any_bytes_are_valid(fields: list[tuple[bytes | str, bytes | str]]) -> None:
    made = valid(to_json(consult(report(answer(200, *fields)))))
    assert [value.encode("latin-1") for _, value in made["exchanges"][0]["response_headers"]] == [v for _, v in fields]
    assert json.dumps(made).isascii()


def test_what_browsers_did() -> None:
    found = replace(report(answer(200), profiles=(CHROMIUM, FIREFOX)), real={CHROMIUM: ASKED, FIREFOX: NotAsked("why")})
    engines = valid(to_json(consult(found)))["engines"]
    assert engines["firefox"]["real"] == {"not_asked": "why"}
    assert engines["chromium"]["real"] == {
        "browser": "/usr/bin/chromium",
        "version": "Chromium 156.0.8078.79",
        "allowed": True,
        "type": "cors",
        "status": 200,
        "readable_headers": ["content-length", "x-a"],
        "requests": [{"method": "GET", "url": "http://api.example/", "headers": [["Origin", "https://app.example"]]}],
        "tunnels": ["cdn.example:443"],
        "console": ["said"],
        "emulated": ["It was emulated."],
        "differences": ["it differs"],
    }
    blocked = replace(ASKED, outcome=Outcome(blocked=True))
    shown = valid(to_json(consult(replace(found, real={CHROMIUM: blocked}))))["engines"]["chromium"]["real"]
    assert (shown["allowed"], shown["type"], shown["status"], shown["readable_headers"]) == (False, None, None, [])


def test_every_engine_with_its_console() -> None:
    made = valid(to_json(consult(report(answer(405), profiles=ENGINES, **JSON))))
    assert {name: engine["block"]["code"] for name, engine in made["engines"].items()} == {
        "chromium": "B201",
        "firefox": "B201",
        "webkit": "B210",
    }
    assert made["engines"]["chromium"]["block"]["console"] == [
        (
            "Access to fetch at 'https://api.example/users/42' from origin 'https://app.example' has been blocked by "
            "CORS policy: Response to preflight request doesn't pass access control check: No "
            "'Access-Control-Allow-Origin' header is present on the requested resource."
        ),
        "PUT https://api.example/users/42 net::ERR_FAILED",
    ]
    assert made["engines"]["webkit"]["block"]["console"][0] == "Preflight response is not successful. Status code: 405"
