"""The question as it is asked after a fix: changed where the page has to change, and the same everywhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.mended import mended
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url

from .conftest import ALLOW_ALL, API, JSON, Answer, answer, failure, report

OF_THE_PAGE = {
    CauseCode.NO_CORS,
    CauseCode.METHOD_CASE,
    CauseCode.RESPONSE_HEADER_ON_REQUEST,
    CauseCode.MIXED_CONTENT,
    CauseCode.TLS,
    CauseCode.MODE_OR_REDIRECT,
    CauseCode.TO_HTTPS,
    CauseCode.TRAILING_SLASH,
    CauseCode.MOVED,
    CauseCode.TAINTED_ORIGIN,
}
"""Causes after which the page does not ask what it asked before."""


def asked(found: Report, code: CauseCode) -> Question:
    return mended(found, Cause(code, 0.9, ("seen",), "Mend it."))


def change(found: Report, code: CauseCode) -> dict[str, Any]:
    """The fields that are not as they were."""
    before, after = found.question, asked(found, code)
    names = ("url", "method", "headers", "body", "credentials", "mode", "redirect", "cookie")
    changed = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    return {name: value.href if name == "url" else value for name, value in changed.items()}


def redirected(location: str, *, status: int = 302, **question: Any) -> Report:
    return report(answer(status, ALLOW_ALL, ("Location", location)), answer(200), **question)


class TestTheServerHasToChange:
    """Then the page asks the same again."""

    @pytest.mark.parametrize("code", [code for code in CauseCode if code not in OF_THE_PAGE])
    def test_the_same(self, code: CauseCode) -> None:
        for found in (report(answer(405), **JSON), redirected("/there"), report(failure())):
            assert asked(found, code) is found.question

    def test_no_cause(self) -> None:
        found = report(answer(200))
        assert mended(found, None) is found.question


class TestThePageHasToChange:
    """As the fix says."""

    def test_no_cors(self) -> None:
        assert change(report(answer(200), mode="no-cors"), CauseCode.NO_CORS) == {"mode": "cors"}

    def test_method_case(self) -> None:
        assert change(report(answer(204), method="patch"), CauseCode.METHOD_CASE) == {"method": b"PATCH"}

    def test_response_headers(self) -> None:
        headers = ["Access-Control-Allow-Origin: *", "X-Key: 1", "access-control-max-age: 5"]
        found = report(answer(405), headers=headers)
        kept = HeaderList.of(("X-Key", "1"))
        assert change(found, CauseCode.RESPONSE_HEADER_ON_REQUEST) == {"headers": kept}

    def test_mixed_content(self) -> None:
        found = report(answer(200), url="http://api.example/x")
        assert change(found, CauseCode.MIXED_CONTENT) == {"url": "https://api.example/x"}

    def test_a_port_that_wants_tls(self) -> None:
        found = report(answer(400), url="http://api.example:8443/x", origin="http://app.example")
        assert change(found, CauseCode.TLS) == {"url": "https://api.example:8443/x"}

    def test_a_certificate_is_the_servers(self) -> None:
        assert change(report(failure("tls", "It is nobody's.")), CauseCode.TLS) == {}

    def test_modes(self) -> None:
        assert change(report(answer(200), mode="same-origin"), CauseCode.MODE_OR_REDIRECT) == {"mode": "cors"}
        both = report(answer(200), mode="no-cors", redirect="error")
        assert change(both, CauseCode.MODE_OR_REDIRECT) == {"mode": "cors"}

    @pytest.mark.parametrize("redirect", ["error", "manual"])
    def test_redirect_modes(self, redirect: str) -> None:
        found = redirected("/there", redirect=redirect)
        there = {"url": "https://api.example/there", "redirect": "follow"}
        assert change(found, CauseCode.MODE_OR_REDIRECT) == there


REDIRECTS = [CauseCode.TO_HTTPS, CauseCode.TRAILING_SLASH, CauseCode.MOVED, CauseCode.TAINTED_ORIGIN]


class TestRedirects:
    """The page calls where the last one led."""

    @pytest.mark.parametrize("code", REDIRECTS)
    def test_the_target(self, code: CauseCode) -> None:
        assert change(redirected("https://cdn.example/x"), code) == {"url": "https://cdn.example/x"}
        assert change(redirected("/users/42/", **JSON), code) == {"url": f"{API}/"}

    def test_of_a_preflight(self) -> None:
        found = report(answer(301, ("Location", "/there")), **JSON)
        assert change(found, CauseCode.MOVED) == {"url": "https://api.example/there"}

    def test_the_last_one(self) -> None:
        found = report(
            answer(302, ALLOW_ALL, ("Location", "/a")), answer(302, ALLOW_ALL, ("Location", "/b")), answer(200)
        )
        assert change(found, CauseCode.TAINTED_ORIGIN) == {"url": "https://api.example/b"}

    def test_a_location_that_is_no_redirect(self) -> None:
        found = report(answer(302, ALLOW_ALL, ("Location", "/a")), answer(201, ("Location", "/made")))
        assert change(found, CauseCode.MOVED) == {"url": "https://api.example/a"}

    @pytest.mark.parametrize(
        "location",
        ["ftp://cdn.example/", "https://ann:secret@cdn.example/", "https://[", f"https://cdn.example/{'x' * 2000}"],
    )
    def test_where_nobody_can_call(self, location: str) -> None:
        assert change(redirected(location), CauseCode.MOVED) == {}

    def test_nowhere(self) -> None:
        assert change(report(answer(302)), CauseCode.MOVED) == {}


def test_what_is_changed_can_be_asked() -> None:
    """A URL of a redirect is one that check takes."""
    target = parse_url("https://cdn.example/x")
    assert target is not None
    found: Answer = answer(302, ALLOW_ALL, ("Location", target.href))
    again = asked(report(found, answer(200)), CauseCode.TAINTED_ORIGIN)
    assert again == replace(report(found, answer(200)).question, url=target)
