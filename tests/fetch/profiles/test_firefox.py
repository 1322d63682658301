"""Firefox: each deviation beside what the standard does with the same exchange."""

from __future__ import annotations

from tests.fetch.dialogue import (
    ANY_ORIGIN,
    API,
    NULL_ORIGIN,
    ORIGIN,
    PAGE_ORIGIN,
    THIRD,
    ask,
    page,
    readable,
    redirect,
    talk,
)
from tests.fetch.dialogue import answer as reply

from crossorigin.fetch import FIREFOX, STANDARD, BlockCode, HTTPResponse, UserAgent, fetch_request, xhr_request
from crossorigin.web.headers import HeaderList

from .preflights import Engine, answer


def test_wildcard_covers_authorization() -> None:
    request = fetch_request(API, page(), headers=[(b"Authorization", b"Bearer x")])
    assert Engine(FIREFOX).fetch(request, answer(names="*"))[1] is None


def test_the_preflight_after_a_redirect_names_the_page() -> None:
    methods = ("Access-Control-Allow-Methods", "PUT")
    lines = (
        ask(f"OPTIONS {API}", ("Origin", ORIGIN)),
        reply(204, ANY_ORIGIN, methods),
        ask(f"PUT {API}", ("Origin", ORIGIN)),
        redirect(THIRD, ANY_ORIGIN, status=307),
    )
    request = fetch_request(API, page(), method=b"PUT")
    standard = talk(
        request,
        *lines,
        ask(f"OPTIONS {THIRD}", ("Origin", "null")),
        reply(204, NULL_ORIGIN, methods),
        ask(f"PUT {THIRD}", ("Origin", "null")),
        reply(200, NULL_ORIGIN),
    )
    assert readable(standard).status == 200
    firefox = talk(
        request,
        *lines,
        ask(f"OPTIONS {THIRD}", ("Origin", ORIGIN)),
        reply(204, PAGE_ORIGIN, methods),
        ask(f"PUT {THIRD}", ("Origin", "null")),
        reply(200, NULL_ORIGIN),
        agent=UserAgent(FIREFOX),
    )
    assert readable(firefox).status == 200
    refused = talk(
        request,
        *lines,
        ask(f"OPTIONS {THIRD}", ("Origin", ORIGIN)),
        reply(204, NULL_ORIGIN, methods),
        agent=UserAgent(FIREFOX),
    )
    assert refused.error is not None
    assert refused.error.code == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH


def test_the_method_is_judged_before_the_header_names_parse() -> None:
    request = fetch_request(API, page(), method=b"PUT", headers=[(b"X-A", b"1")])
    malformed = answer("GET", "x a")
    assert Engine(STANDARD).fetch(request, malformed)[1] == BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE
    assert Engine(FIREFOX).fetch(request, malformed)[1] == BlockCode.PREFLIGHT_METHOD


def test_a_day_at_most_and_nothing_of_what_is_no_number() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    browser = Engine(FIREFOX)
    assert browser.asks(put, answer("PUT", max_age="999999"))
    browser.now = 86399
    assert not browser.asks(put, answer("PUT"))
    browser.now = 86400
    assert browser.asks(put, answer("PUT", max_age="soon"))
    assert browser.asks(put, answer("PUT", max_age="soon"))


def test_upload_listeners_do_not_list_the_method() -> None:
    put = xhr_request(API, page(), method=b"PUT", upload_listeners=True)
    assert Engine(FIREFOX).fetch(put, answer())[1] == BlockCode.PREFLIGHT_METHOD


def test_a_failure_clears_the_cache() -> None:
    put = fetch_request(API, page(), method=b"PUT")
    browser = Engine(FIREFOX)
    assert browser.fetch(put, answer("PUT"), HTTPResponse(200, HeaderList())) == (1, BlockCode.ALLOW_ORIGIN_MISSING)
    assert browser.asks(put, answer("PUT"))
