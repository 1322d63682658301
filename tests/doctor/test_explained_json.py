"""The object of `explain --json`, held against the schema that describes it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from crossorigin.doctor.explained import explain
from crossorigin.doctor.explained_json import explanation_to_json, readings_to_json
from crossorigin.doctor.har import read_har
from crossorigin.doctor.pasted import recognise
from crossorigin.doctor.reading import read
from crossorigin.doctor.transcript import read_transcript
from crossorigin.fetch.console import CATALOGUES

from .hars import API, CHROMIUM, FIREFOX, PAGE, entry, har, preflight

SCHEMA, CHECK = (
    json.loads((files("crossorigin.doctor") / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("explain", "check")
)
REGISTRY: Registry[Any] = Resource.from_contents(CHECK) @ Registry()
VALIDATOR = Draft202012Validator(SCHEMA, registry=REGISTRY)


def valid(made: dict[str, Any]) -> dict[str, Any]:
    """The object after a trip through text, which the schema must accept."""
    again: dict[str, Any] = json.loads(json.dumps(made))
    assert again == made
    VALIDATOR.validate(again)
    return again


def of(*entries: Any, creator: str = CHROMIUM) -> dict[str, Any]:
    made = valid(explanation_to_json(explain(read_har(har(*entries, creator=creator)))))
    recording: dict[str, Any] = made["recording"]
    return recording


class TestSchema:
    """It is one, and it is strict."""

    def test_it_is_a_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    @pytest.mark.parametrize("name", ["message", "recording", "call"])
    def test_every_value_is_required_and_no_other_is_let_in(self, name: str) -> None:
        definition = SCHEMA["$defs"][name]
        assert set(definition["required"]) == set(definition["properties"])
        assert definition["additionalProperties"] is False

    @pytest.mark.parametrize("made", [{}, {"messages": [], "recording": {}}, {"messages": [{}]}, {"recording": {}}, []])
    def test_what_it_refuses(self, made: Any) -> None:
        assert not VALIDATOR.is_valid(made)

    def test_reports_are_those_of_check(self) -> None:
        made = of(entry(), creator=FIREFOX)
        made["calls"][0]["report"]["more"] = 1
        assert not VALIDATOR.is_valid({"recording": made})


class TestRecordings:
    """Real ones, and each kind of end."""

    @pytest.mark.parametrize("name", ["chromium", "firefox", "webkit"])
    def test_real_ones(self, name: str) -> None:
        data = (Path(__file__).parent / "recordings" / f"{name}.har").read_bytes()
        made = valid(explanation_to_json(explain(read_har(data))))["recording"]
        assert made["engines"] == [name]
        assert sum(call["count"] for call in made["calls"]) == made["blocked"] + made["unexplained"]
        assert all(len(call["places"]) == call["count"] for call in made["calls"])

    def test_a_blocked_call(self) -> None:
        put = entry(method="PUT", sent=(("Referer", f"{PAGE}/"),), status=0, _error="net::ERR_FAILED")
        made = of(put, preflight(status=404, got=(), _error=None))
        (call,) = made.pop("calls")
        assert made == {
            "recorder": "Chromium's DevTools",
            "engines": ["chromium"],
            "requests": 1,
            "blocked": 1,
            "unexplained": 0,
        }
        report = call.pop("report")
        assert call == {
            "count": 1,
            "places": ["log.entries[0]"],
            "method": "PUT",
            "url": API,
            "origin": PAGE,
            "blocked": True,
            "code": "B201",
            "causes": ["C301", "C401"],
            "error": "net::ERR_FAILED",
            "message": None,
            "missing": [],
            "notes": [],
        }
        assert report["engines"]["chromium"]["block"]["code"] == "B201"
        assert [(each["role"], each["status"]) for each in report["exchanges"]] == [("preflight", 404)]

    def test_one_that_is_not_explained(self) -> None:
        (call,) = of(entry(status=0), creator=FIREFOX)["calls"]
        assert (call["blocked"], call["code"], call["error"], call["report"]) == (False, None, None, None)
        assert call["missing"][0] == f"The answer to GET {API} was not recorded."

    def test_one_that_the_browser_stopped(self) -> None:
        (call,) = of(entry(status=0, _error="net::ERR_BLOCKED_BY_CLIENT"))["calls"]
        assert call["report"]["failure"]["kind"] == "stopped"
        assert call["message"]["message"] == "NetworkLine"

    def test_nothing(self) -> None:
        assert of(creator=FIREFOX)["calls"] == []

    def test_a_transcript(self) -> None:
        text = f"> GET /users HTTP/1.1\n> Host: api.example\n> Origin: {PAGE}\n>\n< HTTP/1.1 200 OK\n<\n"
        made = valid(explanation_to_json(explain(read_transcript(text))))["recording"]
        assert (made["recorder"], made["engines"]) == ("curl", ["chromium", "firefox", "webkit"])
        assert made["calls"][0]["places"] == ["line 1"]


class TestMessages:
    """Every message of every engine."""

    @pytest.mark.parametrize("engine", CATALOGUES)
    def test_of(self, engine: str) -> None:
        for message in CATALOGUES[engine].reasons:
            if "{" not in message.text:
                valid(readings_to_json([read(each) for each in recognise(message.text)]))

    def test_with_places(self) -> None:
        text = f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: "
        text += "No 'Access-Control-Allow-Origin' header is present on the requested resource."
        (message,) = valid(readings_to_json([read(each) for each in recognise(text)]))["messages"]
        assert (message["url"], message["origin"], message["codes"]) == (API, PAGE, ["B301"])

    def test_nothing(self) -> None:
        assert valid(readings_to_json([])) == {"messages": []}
