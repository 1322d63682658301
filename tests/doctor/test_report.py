"""The facts of a check, before anybody renders them."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.check import check
from crossorigin.doctor.question import ask
from crossorigin.doctor.report import Report, is_allowed
from crossorigin.fetch import CHROMIUM, ENGINES, FIREFOX, STANDARD
from crossorigin.fetch.wire import HTTPRequest

from .conftest import (
    ALLOW,
    ALLOW_ALL,
    API,
    INCLUDE,
    JSON,
    OUTCOMES,
    PAGE,
    VARY,
    Answer,
    Server,
    answer,
    failure,
    report,
)

GRANTED = answer(
    204, ALLOW, VARY, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "content-type")
)


class TestVerdict:
    """Allowed means that script can read the response, in every engine asked."""

    @pytest.mark.parametrize("name", OUTCOMES)
    def test_by_name(self, name: str) -> None:
        assert OUTCOMES[name]().allowed == name.startswith(("allowed", "same"))

    def test_all_must_agree_and_the_one_that_blocked_is_shown(self) -> None:
        good, bad = report(answer(200, ALLOW)), report(answer(200))
        both = Report(good.question, {CHROMIUM: good.main, FIREFOX: bad.main})
        assert is_allowed(good.main)
        assert not is_allowed(bad.main)
        assert not both.allowed
        assert both.main is bad.main

    def test_the_first_is_shown_when_all_agree(self) -> None:
        one, other = report(answer(200, ALLOW)), report(answer(200, ALLOW_ALL))
        assert Report(one.question, {CHROMIUM: one.main, FIREFOX: other.main}).main is one.main


class TestPreflight:
    """Whether one was needed, and every reason for it."""

    def test_none(self) -> None:
        found = report(answer(200, ALLOW))
        assert not found.preflight_needed
        assert found.preflight_reasons == []

    def test_each_reason_once(self) -> None:
        found = report(GRANTED, answer(200, ALLOW), **(JSON | {"headers": ["Content-Type: a/b", "X-A: 1", "X-B: 2"]}))
        assert found.preflight_needed
        assert [step.sentence.split()[0] for step in found.preflight_reasons] == [
            "Method",
            "Content-Type",
            "X-A",
            "X-B",
        ]

    def test_none_for_the_own_origin(self) -> None:
        assert not report(answer(200), origin="https://api.example", **JSON).preflight_needed

    def test_none_without_cors(self) -> None:
        assert not report(answer(200), mode="no-cors", method="POST").preflight_needed


class TestHeaders:
    """What script may read of a response, and what came but stays hidden."""

    def test_of_another_origin(self) -> None:
        fields = [ALLOW, ("Content-Type", "text/plain"), ("X-Total", "3"), ("ETag", "x"), ("X-Total", "4")]
        found = report(answer(200, *fields))
        assert found.readable_headers == ["content-type"]
        assert found.hidden_headers == ["etag", "x-total"]

    def test_exposed(self) -> None:
        found = report(answer(200, ALLOW, ("Access-Control-Expose-Headers", "X-Total"), ("x-total", "3")))
        assert found.readable_headers == ["x-total"]

    def test_of_the_own_origin(self) -> None:
        found = report(answer(200, ("X-Total", "3"), ("Set-Cookie", "a=b")), origin="https://api.example")
        assert found.readable_headers == ["x-total"]
        assert found.hidden_headers == []

    @pytest.mark.parametrize("name", [name for name in OUTCOMES if not name.startswith(("allowed", "same"))])
    def test_nothing_of_what_is_blocked(self, name: str) -> None:
        found = OUTCOMES[name]()
        assert found.readable_headers == found.hidden_headers == []


class TestLastAnswer:
    """The last exchange in which the server spoke at all."""

    def test_of_a_blocked_preflight(self) -> None:
        last = report(answer(405), **JSON).last_answer
        assert last is not None
        assert last.request.role == "preflight"

    def test_before_a_failure(self) -> None:
        last = report(GRANTED, failure(), **JSON).last_answer
        assert last is not None
        assert last.response is not None
        assert last.response.status == 204

    def test_none(self) -> None:
        assert report(failure()).last_answer is None


TRUE = ("Access-Control-Allow-Credentials", "true")
WARNINGS: dict[str, tuple[Answer, dict[str, Any], tuple[str, ...]]] = {
    "none": (answer(200, ALLOW, VARY), {}, ()),
    "none for the wildcard": (answer(200, ALLOW_ALL), {}, ()),
    "none where vary is a star": (answer(200, ALLOW, ("Vary", "*")), {}, ()),
    "none where vary has more": (answer(200, ALLOW, ("Vary", "Accept, origin")), {}, ()),
    "none for the own origin": (answer(200, ALLOW), {"origin": "https://api.example"}, ()),
    "vary is missing": (answer(200, ALLOW), {}, ("The response names one origin but lacks `Vary: Origin`",)),
    "vary lacks origin": (answer(200, ALLOW, ("Vary", "Accept")), {}, ("The response names one origin but lacks",)),
    "null allowed": (
        answer(200, ("Access-Control-Allow-Origin", "null"), VARY),
        {"origin": "null"},
        ("`Access-Control-Allow-Origin: null` lets every sandboxed frame",),
    ),
    "a response header on the request": (
        answer(405),
        {"headers": ["Access-Control-Allow-Origin: *"]},
        ("Access-Control-Allow-Origin belongs on the server's response",),
    ),
    "no-cors": (answer(200), {"mode": "no-cors"}, ("Nothing is blocked, but the response is opaque",)),
    "manual redirect": (
        answer(302, ALLOW_ALL, ("Location", "/")),
        {"redirect": "manual"},
        ("Redirect mode manual gives script an opaque redirect",),
    ),
    "credentials": (answer(200, ALLOW, TRUE, VARY), INCLUDE, ()),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_warnings(name: str) -> None:
    given, question, expected = WARNINGS[name]
    found = report(given, **question)
    warnings = found.warnings(STANDARD)
    assert len(warnings) == len(expected)
    for warning, start in zip(warnings, expected, strict=True):
        assert warning.startswith(start)
        assert warning.endswith(".")


def test_advice_is_for_what_is_blocked() -> None:
    for name, made in OUTCOMES.items():
        found = made()
        assert (found.advice is None) == (found.main.error is None), name


class TestEngines:
    """What is true of one engine and not of the others is said of that one."""

    def test_a_wildcard_over_authorization(self) -> None:
        granted = answer(204, ALLOW, VARY, ("Access-Control-Allow-Headers", "*"))
        found = check(ask(API, origin=PAGE, headers=["Authorization: x"]), Server([granted, answer(200, ALLOW, VARY)]))
        letter = (
            "By the letter of the standard this call is blocked, B240: Request header Authorization is not listed, and "
            "`*` does not cover it."
        )
        assert [found.warnings(profile) for profile in ENGINES] == [[letter]] * 3
        assert [len(found.console(profile)) for profile in ENGINES] == [1, 1, 0]

    def test_a_loopback_target_of_a_page_elsewhere(self) -> None:
        server = Server([answer(200, ALLOW, VARY)])
        found = check(ask(API, origin=PAGE), server, ENGINES, ["127.0.0.1"])
        assert [bool(found.warnings(profile)) for profile in ENGINES] == [True, False, False]
        assert found.warnings(CHROMIUM)[0].startswith("api.example is a loopback address: if https://app.example is")

    def test_who_parts(self) -> None:
        class Hints(Server):
            def send(self, request: HTTPRequest, /) -> Answer:
                return answer(404) if request.method == b"OPTIONS" else answer(200, ALLOW)

        found = check(ask(API, origin=PAGE, headers=["DPR: 2"]), Hints([]))
        assert not found.agree
        assert not found.allowed
        assert found.main_profile is FIREFOX
        assert found.console(CHROMIUM) == ()
