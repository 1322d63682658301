"""What the rules see of a report."""

from __future__ import annotations

from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.second import SecondProbes
from crossorigin.doctor.report import Report
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.profiles import ENGINES

from ..conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, PAGE, answer, failure, report  # noqa: TID252


def case(found: Report) -> Case:
    return Case(found, SecondProbes(None))


class TestWhereItEnded:
    """The exchange that failed, and the step that says so."""

    def test_allowed(self) -> None:
        seen = case(report(answer(200, ALLOW)))
        assert (seen.error, seen.code, seen.reason, seen.failing, seen.answer) == (None, None, "", None, None)
        assert not seen.fails_on_preflight

    def test_on_the_preflight(self) -> None:
        seen = case(report(answer(405), **JSON))
        assert seen.code is BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
        assert seen.reason == "The response has no Access-Control-Allow-Origin"
        assert seen.fails_on_preflight
        assert seen.answer == answer(405)
        assert seen.failing == seen.preflight == seen.result.exchanges[0]

    def test_on_the_response(self) -> None:
        granted = answer(204, ALLOW_ALL, ("Access-Control-Allow-Methods", "PUT"))
        seen = case(report(granted, answer(500), method="PUT"))
        assert seen.code is BlockCode.ALLOW_ORIGIN_MISSING
        assert not seen.fails_on_preflight
        assert seen.answer == answer(500)
        assert seen.preflight is not None
        assert seen.preflight.response == granted

    def test_before_anything_was_sent(self) -> None:
        seen = case(report(url="https://api.example:22/"))
        assert (seen.code, seen.failing, seen.answer, seen.preflight) == (BlockCode.BAD_PORT, None, None, None)

    def test_without_an_answer(self) -> None:
        seen = case(report(failure()))
        assert seen.code is BlockCode.NO_RESPONSE
        assert seen.failing is not None
        assert seen.answer is None

    def test_of_the_first_engine_that_blocks(self) -> None:
        # DPR needs leave in Firefox and WebKit only.
        found = report(answer(200, ALLOW), answer(404), profiles=ENGINES, headers=["DPR: 2"])
        assert found.main_profile.name == "firefox"
        assert case(found).fails_on_preflight


class TestRedirects:
    """Answers that are redirects, and only those."""

    def test_in_order(self) -> None:
        seen = case(
            report(
                answer(302, ALLOW_ALL, ("Location", "/a")),
                answer(307, ALLOW_ALL, ("Location", "/b")),
                answer(201, ("Location", "/c")),
            )
        )
        assert [each.response.status for each in seen.redirects if each.response] == [302, 307]

    def test_a_preflight_too(self) -> None:
        assert len(case(report(answer(301, ("Location", "/a")), **JSON)).redirects) == 1


class TestSilence:
    """Leave is not given, and the answer does not say why itself."""

    def test_silent(self) -> None:
        for reply in (answer(200), answer(404), answer(403, body=b"Forbidden")):
            assert case(report(reply)).is_silent
            assert case(report(reply, **JSON)).is_silent

    def test_it_says_why(self) -> None:
        for reply in (
            answer(200, ALLOW),
            answer(200, ALLOW, ALLOW),
            answer(302, ("Location", "/there")),
            answer(400, body=b"Disallowed CORS origin"),
            failure(),
        ):
            assert not case(report(reply)).is_silent

    def test_a_login_page_behind_a_redirect(self) -> None:
        assert not case(report(answer(302, ALLOW_ALL, ("Location", "/login")), answer(200))).is_silent
        assert case(report(answer(302, ALLOW_ALL, ("Location", "/there")), answer(200))).is_silent


class TestQuestion:
    """What the page asked."""

    def test_origin(self) -> None:
        assert case(report(answer(200))).origin == PAGE
        assert case(report(answer(200), origin="null")).origin == "null"

    def test_headers_that_need_leave(self) -> None:
        asked = case(report(answer(200), headers=["X-Key: 1", "Accept: a/b", "Content-Type: application/json"]))
        assert asked.header_names == [b"content-type", b"x-key"]

    def test_credentials(self) -> None:
        assert case(report(answer(200), **INCLUDE)).has_credentials
        assert not case(report(answer(200))).has_credentials


class TestEvidence:
    """How lines of evidence begin."""

    def test_an_answer(self) -> None:
        seen = case(report(answer(405, ("Allow", "GET"), reason=b"Method Not Allowed"), **JSON))
        assert seen.failing is not None
        assert seen.said(seen.failing) == f"OPTIONS {API} was answered 405 Method Not Allowed"
        assert seen.header(seen.failing, "Allow") == "`Allow: GET`"
        assert seen.header(seen.failing, "Server") is None

    def test_no_answer(self) -> None:
        seen = case(report(failure()))
        assert seen.failing is not None
        assert seen.said(seen.failing) == f"GET {API} was answered nothing"
        assert seen.header(seen.failing, "Allow") is None

    def test_a_long_url_is_cut(self) -> None:
        seen = case(report(answer(405), url=f"{API}?{'x' * 5000}"))
        assert seen.failing is not None
        assert len(seen.said(seen.failing)) < 200
