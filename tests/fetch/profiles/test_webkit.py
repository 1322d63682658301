"""WebKit: each deviation beside what the standard does with the same exchange."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.fetch.dialogue import (
    ANY_ORIGIN,
    API,
    NULL_ORIGIN,
    OWN,
    PAGE_ORIGIN,
    THIRD,
    ask,
    page,
    readable,
    redirect,
    talk,
)
from tests.fetch.dialogue import answer as reply

from crossorigin.fetch import STANDARD, WEBKIT, BlockCode, HTTPResponse, UserAgent, fetch_request, xhr_request
from crossorigin.fetch.request import RedirectMode
from crossorigin.fetch.response import Response
from crossorigin.web.headers import HeaderList

from .preflights import Engine, answer


def test_wildcard_covers_authorization() -> None:
    request = fetch_request(API, page(), headers=[(b"Authorization", b"Bearer x")])
    assert Engine(WEBKIT).fetch(request, answer(names="*"))[1] is None


def test_the_status_is_judged_before_the_origin() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    missing = HTTPResponse(405, HeaderList())
    assert Engine(STANDARD).fetch(put, missing)[1] == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
    assert Engine(WEBKIT).fetch(put, missing)[1] == BlockCode.PREFLIGHT_STATUS


def test_ten_minutes_at_most() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    browser = Engine(WEBKIT)
    assert browser.asks(put, answer("PUT", max_age="86400"))
    browser.now = 599
    assert not browser.asks(put, answer("PUT"))
    browser.now = 600
    assert browser.asks(put, answer("PUT"))


def test_an_answer_that_refused_is_remembered() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    delete = fetch_request(API, page(), method=b"DELETE")
    for profile, asked_again in ((STANDARD, 1), (WEBKIT, 0)):
        browser = Engine(profile)
        assert browser.fetch(put, answer("DELETE")) == (1, BlockCode.PREFLIGHT_METHOD)
        assert browser.fetch(delete, answer("DELETE")) == (asked_again, None)


def test_upload_listeners_do_not_list_the_method() -> None:
    put = xhr_request(API, page(), method=b"PUT", upload_listeners=True)
    assert Engine(WEBKIT).fetch(put, answer())[1] == BlockCode.PREFLIGHT_METHOD


def test_headers_that_stand_there_twice_are_one() -> None:
    request = fetch_request(API, page(), headers=[(b"Accept", b"a" * 65), (b"Accept", b"b" * 65)])
    assert not Engine(STANDARD).asks(request, answer(names="accept"))
    assert Engine(WEBKIT).asks(request, answer(names="accept"))


def test_the_unit_of_a_range_in_any_case() -> None:
    for value, asks in ((b"BYTES=0-9", False), (b"BYTES=-5", True)):
        request = fetch_request(API, page(), headers=[(b"Range", value)])
        assert Engine(STANDARD).asks(request, answer(names="range"))
        assert Engine(WEBKIT).asks(request, answer(names="range")) is asks


def test_after_a_redirect_all_headers_of_the_first_request_are_asked_for() -> None:
    allow = ("Access-Control-Allow-Headers", "authorization")
    result = talk(
        fetch_request(API, page(), headers=[(b"Authorization", b"x")]),
        ask(f"OPTIONS {API}"),
        reply(204, ANY_ORIGIN, allow),
        ask(f"GET {API}"),
        redirect(THIRD, ANY_ORIGIN),
        ask(f"OPTIONS {THIRD}", ("Access-Control-Request-Headers", "authorization"), ("Origin", "null")),
        reply(204, ANY_ORIGIN, allow),
        ask(f"GET {THIRD}"),
        reply(200, ANY_ORIGIN),
        agent=UserAgent(WEBKIT),
    )
    assert readable(result).status == 200


def test_locations() -> None:
    twice = reply(302, ANY_ORIGIN, ("Location", "/a"), ("Location", "/b"))
    result = talk(
        fetch_request(API, page()),
        ask(f"GET {API}"),
        twice,
        ask("GET https://api.other/a,%20/b"),
        reply(200, ANY_ORIGIN),
        agent=UserAgent(WEBKIT),
    )
    assert readable(result).status == 200
    empty = talk(fetch_request(API, page()), ask(f"GET {API}"), redirect("", ANY_ORIGIN), agent=UserAgent(WEBKIT))
    assert empty.error is not None
    assert empty.error.code == BlockCode.LOCATION_UNPARSABLE


def test_ftp_is_refused_before_all_else_and_no_other_scheme() -> None:
    for mode in get_args(RedirectMode):
        request = fetch_request(API, page(), redirect=mode)
        result = talk(request, redirect("ftp://third.test/"), agent=UserAgent(WEBKIT))
        assert result.error is not None
        assert result.error.code == BlockCode.LOCATION_NOT_HTTP
    for location in ("data:,x", "about:blank", f"blob:{API}", "https://["):
        request = fetch_request(API, page(), redirect="manual")
        result = talk(request, redirect(location, ANY_ORIGIN), agent=UserAgent(WEBKIT))
        assert isinstance(result.response, Response)
        assert result.response.type == "opaqueredirect"


def test_what_begins_at_home_needs_credentials_elsewhere() -> None:
    lines = (ask(f"GET {OWN}"), redirect(API), ask(f"GET {API}"), redirect(THIRD, PAGE_ORIGIN))
    result = talk(fetch_request(OWN, page()), *lines, agent=UserAgent(WEBKIT))
    assert result.error is not None
    assert result.error.code == BlockCode.ALLOW_CREDENTIALS_MISSING
    standard = talk(fetch_request(OWN, page()), *lines, ask(f"GET {THIRD}"), reply(200, NULL_ORIGIN))
    assert readable(standard).status == 200


@pytest.mark.parametrize(
    ("chain", "kept"),
    [([OWN, API], True), ([OWN, API, THIRD], True), ([OWN, API, OWN], True), ([API], False), ([API, OWN], False)],
)
def test_without_cors_credentials_go_where_redirects_lead(chain: list[str], kept: bool) -> None:
    for profile, expected in ((WEBKIT, kept), (STANDARD, False)):
        request = fetch_request(chain[0], page(), mode="no-cors")
        result = talk(request, *map(redirect, chain[1:]), reply(200), agent=UserAgent(profile))
        sent = [exchange.request.include_credentials for exchange in result.exchanges]
        assert sent[0] is (chain[0] == OWN)
        assert sent[1:] == [expected] * (len(chain) - 1)
