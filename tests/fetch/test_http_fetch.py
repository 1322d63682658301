"""HTTP fetch: the order of preflight, network, CORS check, resource policy and redirect."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, Request, UserAgent, fetch_request

from .dialogue import (
    ANY_ORIGIN,
    API,
    OWN,
    PAGE_ORIGIN,
    THIRD,
    answer,
    ask,
    blocked,
    filtered,
    page,
    readable,
    redirect,
    sandboxed,
    talk,
    url,
)


class TestSimpleAndPreflight:
    """web-platform-tests, fetch/api/cors/cors-basic, cors-no-preflight, cors-preflight in a few dialogues."""

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    @pytest.mark.parametrize("allowed", [ANY_ORIGIN, PAGE_ORIGIN])
    def test_one_exchange(self, method: str, allowed: tuple[str, str]) -> None:
        request = fetch_request(API, page(), method=method.encode())
        result = talk(request, ask(f"{method} {API}", role="actual"), answer(200, allowed))
        assert readable(result).type == "cors"

    def test_two_exchanges(self) -> None:
        result = talk(
            fetch_request(API, page(), method=b"DELETE", headers=[(b"X-One", b"1")]),
            ask(f"OPTIONS {API}", role="preflight"),
            answer(
                200, PAGE_ORIGIN, ("Access-Control-Allow-Methods", "DELETE"), ("Access-Control-Allow-Headers", "x-one")
            ),
            ask(f"DELETE {API}", ("X-One", "1"), role="actual"),
            answer(200, PAGE_ORIGIN, body=b"done"),
        )
        assert readable(result).body == b"done"
        assert [step.verdict for step in result.steps if step.anchor == "concept-cors-check"] == ["pass", "pass"]

    def test_nothing_is_sent_after_a_failed_preflight(self) -> None:
        assert len(talk(fetch_request(API, page(), method=b"DELETE"), answer(200)).exchanges) == 1

    def test_an_opaque_request_asks_no_leave(self) -> None:
        request = fetch_request(API, page(), mode="no-cors", method=b"POST", body="x")
        assert filtered(talk(request, ask(f"POST {API}"), answer(200))).type == "opaque"


class TestOrder:
    """What is judged first names the block."""

    def test_the_cors_check_before_a_redirect_of_any_kind(self) -> None:
        for location in ("data:,", "https://", THIRD.replace("//", "//user@")):
            assert blocked(talk(fetch_request(API, page()), redirect(location))) == BlockCode.ALLOW_ORIGIN_MISSING

    def test_the_resource_policy_before_a_redirect(self) -> None:
        request = fetch_request(API, page(), mode="no-cors")
        result = talk(request, redirect("data:,", ("Cross-Origin-Resource-Policy", "same-origin")))
        assert blocked(result) == BlockCode.CROSS_ORIGIN_RESOURCE_POLICY

    def test_the_resource_policy_is_not_asked_of_what_script_reads(self) -> None:
        request = fetch_request(API, page())
        readable(talk(request, answer(200, ANY_ORIGIN, ("Cross-Origin-Resource-Policy", "same-origin"))))

    def test_a_304_is_checked_like_any_answer(self) -> None:
        # There is no cache, so nobody is revalidating: web-platform-tests, cors/304.htm, the case of script's own
        # If-None-Match.
        request = fetch_request(OWN, page(), headers=[(b"If-None-Match", b"x")])
        assert readable(talk(request, answer(304))).status == 304
        assert blocked(talk(fetch_request(API, page()), answer(304))) == BlockCode.ALLOW_ORIGIN_MISSING


def test_a_manual_navigation_is_left_to_the_caller_and_fails_closed() -> None:
    client = page()
    request = Request(
        url_list=(url(OWN),),
        client=client,
        origin=client.origin,
        mode="navigate",
        destination="document",
        redirect_mode="manual",
    )
    assert blocked(talk(request, redirect("/2"))) == BlockCode.UNWRITTEN_STEP
    assert readable(talk(request, answer(200))).type == "basic"


def test_roles() -> None:
    leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "*"))
    request = fetch_request(API, sandboxed(), method=b"PUT")
    result = talk(request, leave, redirect("/2", ANY_ORIGIN, status=307), leave, answer(200, ANY_ORIGIN))
    assert [exchange.request.role for exchange in result.exchanges] == [
        "preflight",
        "actual",
        "preflight",
        "redirected",
    ]


def test_a_remembered_preflight_is_not_repeated_and_a_step_says_so() -> None:
    agent = UserAgent()
    leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "PUT"))
    request = fetch_request(API, page(), method=b"PUT")
    talk(request, leave, answer(200, ANY_ORIGIN), agent=agent)
    result = talk(request, answer(200, ANY_ORIGIN), agent=agent)
    assert [step.verdict for step in result.steps if step.anchor == "cors-preflight-cache"] == ["pass"]
