"""What to change: a sentence for every code, filled with the values of the case."""

from __future__ import annotations

from itertools import product

import pytest

from crossorigin.doctor.advice import ADVICE, Facts, advise, advise_from
from crossorigin.doctor.question import ask
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, Role, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import parse_url

from .conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, PAGE, VARY, answer, failure, report

LONG = "x" * 5000


def advice(
    code: BlockCode, *compared: tuple[str, bytes | None], role: Role | None = "actual", status: int | None = 200
) -> str:
    """The advice for a step that failed with these values, at the only exchange or before anything was sent."""
    url = parse_url(API)
    assert url is not None
    request = HTTPRequest(b"GET", url, HeaderList(), None, role or "actual", False)
    response = None if status is None else HTTPResponse(status, HeaderList())
    step = Step(BLOCKS[code].anchor, "fail", "It failed.", compared, None if role is None else 0)
    failure = TransportFailure(TransportFailureKind.REFUSED, "refused") if code is BlockCode.NO_RESPONSE else None
    error = NetworkError(code, step, failure)
    exchanges = () if role is None else (Exchange(request, response),)
    question = ask(API, origin=PAGE)
    return advise(question, FetchResult(question.request(), error, (step,), exchanges), error)


class TestEveryCode:
    """No code without advice, no advice with a hole in it."""

    def test_there_is_advice(self) -> None:
        assert set(ADVICE) == set(BlockCode)

    @pytest.mark.parametrize("code", BlockCode)
    def test_it_reads_as_sentences(self, code: BlockCode) -> None:
        roles: tuple[Role | None, ...] = (None, "preflight", "actual", "redirected")
        for role, status in product(roles, (None, 200, 301, 401, 403, 404, 405, 500)):
            text = advice(code, ("header name", b"x-key"), role=role, status=status)
            assert text[0].isupper()
            assert text.endswith(".")
            assert text.isprintable()
            for hole in ("{", "}", "None", "  ", "..", " ,", " ."):
                assert hole not in text

    @pytest.mark.parametrize("code", BlockCode)
    def test_values_are_text_and_bounded(self, code: BlockCode) -> None:
        names = ("Location", "header name", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers")
        text = advice(code, *((name, b"{origin}%s{0}" + LONG.encode()) for name in names))
        assert len(text) < 1200


class TestAllowOrigin:
    """The origin to allow, at the answer that lacks it."""

    def test_missing(self) -> None:
        text = report(answer(200)).advice
        assert text is not None
        assert f"the answer to GET {API} (200)" in text
        assert f"`Access-Control-Allow-Origin: {PAGE}`" in text
        assert "`Vary: Origin`" in text
        assert "Allow-Credentials" not in text

    def test_with_credentials(self) -> None:
        text = report(answer(200), **INCLUDE).advice
        assert text is not None
        assert "`Access-Control-Allow-Credentials: true`" in text

    @pytest.mark.parametrize("status", [500, 502])
    def test_an_error_comes_first(self, status: int) -> None:
        assert f"The {status} itself comes first" in (report(answer(status)).advice or "")

    @pytest.mark.parametrize("status", [401, 403, 404])
    def test_a_refusal_needs_the_headers_too(self, status: int) -> None:
        assert f"The answer is a {status}" in (report(answer(status)).advice or "")

    def test_never_advise_to_allow_null(self) -> None:
        text = report(answer(200), origin="null").advice
        assert text is not None
        assert "Access-Control-Allow-Origin: null" not in text
        assert "Do not allow `null`" in text

    def test_after_a_redirect_to_another_origin(self) -> None:
        found = report(answer(302, ALLOW_ALL, ("Location", "https://cdn.example/x")), answer(200))
        assert found.advice is not None
        assert found.advice.startswith("Call https://cdn.example/x directly")


class TestPreflight:
    """What the answer to OPTIONS has to have."""

    def test_all_that_was_asked_for(self) -> None:
        text = report(answer(405), **(JSON | {"headers": ["Content-Type: a/b", "X-Key: 1"]})).advice
        assert text is not None
        assert f"the answer to OPTIONS {API} (405)" in text
        assert "`Access-Control-Allow-Methods: PUT`" in text
        assert "`Access-Control-Allow-Headers: content-type, x-key`" in text

    @pytest.mark.parametrize(("status", "hint"), [(401, "authentication"), (404, "no route"), (405, "no route")])
    def test_the_status_tells_who_answered(self, status: int, hint: str) -> None:
        for fields in ((), (ALLOW,)):
            text = report(answer(status, *fields), **JSON).advice
            assert text is not None
            assert f"The {status} says" in text
            assert hint in text

    def test_a_method_that_is_not_listed(self) -> None:
        text = report(answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "GET, POST")), **JSON).advice
        assert text is not None
        assert text.startswith("List PUT in `Access-Control-Allow-Methods` on the answer to OPTIONS")
        assert "(now: GET, POST)" in text

    def test_a_header_that_is_not_listed(self) -> None:
        text = report(answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "PUT")), **JSON).advice
        assert text is not None
        assert text.startswith("List content-type in `Access-Control-Allow-Headers` on the answer to OPTIONS")
        assert "now:" not in text

    def test_a_response_header_on_the_request(self) -> None:
        found = report(answer(204, ALLOW, VARY), headers=["Access-Control-Allow-Origin: *"])
        assert found.advice is not None
        assert found.advice.startswith("Remove access-control-allow-origin from the page's request")

    def test_a_method_in_another_case(self) -> None:
        text = report(answer(204, ALLOW, VARY, ("Access-Control-Allow-Methods", "PATCH")), method="patch").advice
        assert text is not None
        assert "write PATCH in the page" in text


def test_no_answer_is_not_about_cors_headers() -> None:
    text = report(failure()).advice
    assert text is not None
    assert "Access-Control" not in text


class TestFromFacts:
    """The same advice, where a message is all that is known."""

    @pytest.mark.parametrize("code", BlockCode)
    @pytest.mark.parametrize(
        "facts",
        [
            Facts(),
            Facts(url=API, origin=PAGE, method="patch", header="x-key", status=404),
            Facts(origin="null", status=302),
        ],
    )
    def test_it_reads_as_sentences(self, code: BlockCode, facts: Facts) -> None:
        text = advise_from(code, facts)
        assert text[0].isupper()
        assert text.endswith(".")
        for hole in ("{", "}", "None", "  ", "..", " ,", " ."):
            assert hole not in text

    def test_values(self) -> None:
        facts = Facts(url=API, origin=PAGE, method="POST", status=500)
        assert advise_from(BlockCode.ALLOW_ORIGIN_MISSING, facts) == (
            f"On the answer to POST {API} (500), send exactly one `Access-Control-Allow-Origin: {PAGE}` and "
            "`Vary: Origin`; allow-list that origin, never reflect whatever comes. The 500 itself comes first: an "
            "error often bypasses the layer that adds CORS headers."
        )

    def test_a_long_url_is_cut(self) -> None:
        assert len(advise_from(BlockCode.PREFLIGHT_STATUS, Facts(url=API + LONG))) < 400

    def test_an_opaque_origin_after_a_redirect(self) -> None:
        assert "through the redirect" in advise_from(
            BlockCode.ALLOW_ORIGIN_MISMATCH, Facts(origin="null", redirected=True)
        )
