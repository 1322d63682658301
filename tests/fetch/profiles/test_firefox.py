"""Firefox: each deviation beside what the standard does with the same exchange."""

from __future__ import annotations

import pytest
from tests.fetch.dialogue import (
    ANY_ORIGIN,
    API,
    NULL_ORIGIN,
    ORIGIN,
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


def test_repeated_headers_are_repeated_and_each_is_judged_alone() -> None:
    headers = [(b"X-A", b"1"), (b"x-a", b"2"), (b"Accept", b"a" * 128), (b"Accept", b"b" * 128)]
    result = talk(
        fetch_request(API, page(), headers=headers),
        ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", "x-a,x-a")),
        reply(204, PAGE_ORIGIN, ("Access-Control-Allow-Headers", "x-a")),
        ask(f"GET {API}"),
        reply(200, PAGE_ORIGIN),
        agent=UserAgent(FIREFOX),
    )
    assert readable(result).status == 200


@pytest.mark.parametrize(
    ("name", "value", "asks"),
    [
        ("Accept", "caf\xe9", True),
        ("Accept", "cafe", False),
        ("Content-Type", "text/plain; a=b, text/html", True),
        ("Content-Type", "text/plain; a=b", False),
    ],
)
def test_bytes_that_the_standard_lets_pass(name: str, value: str, asks: bool) -> None:
    request = fetch_request(API, page(), headers=[(name.encode(), value.encode("latin-1"))])
    assert not Engine(STANDARD).asks(request, answer(names=name))
    assert Engine(FIREFOX).asks(request, answer(names=name)) is asks


def test_once_asked_it_asks_after_every_redirect() -> None:
    methods = ("Access-Control-Allow-Methods", "DELETE")
    result = talk(
        fetch_request(API, page(), method=b"DELETE", headers=[(b"Authorization", b"x"), (b"X-A", b"1")]),
        ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", "authorization,x-a")),
        reply(204, ANY_ORIGIN, methods, ("Access-Control-Allow-Headers", "authorization, x-a")),
        ask(f"DELETE {API}"),
        redirect(THIRD, ANY_ORIGIN, status=303),
        # What the redirect has taken away is not asked for,
        ask(f"OPTIONS {THIRD}", ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-a")),
        reply(204, ANY_ORIGIN, ("Access-Control-Allow-Headers", "x-a")),
        ask(f"GET {THIRD}", lacks=["Authorization"]),
        redirect(f"{THIRD}/2", ANY_ORIGIN),
        # and then it is again, though it is not sent.
        ask(f"OPTIONS {THIRD}/2", ("Access-Control-Request-Headers", "authorization,x-a")),
        reply(204, ANY_ORIGIN, ("Access-Control-Allow-Headers", "authorization, x-a")),
        ask(f"GET {THIRD}/2", lacks=["Authorization"]),
        reply(200, ANY_ORIGIN),
        agent=UserAgent(FIREFOX),
    )
    assert readable(result).status == 200


def test_the_way_back_is_not_checked() -> None:
    methods = ("Access-Control-Allow-Methods", "PUT")
    result = talk(
        fetch_request(API, page(), method=b"PUT"),
        ask(f"OPTIONS {API}"),
        reply(204, ANY_ORIGIN, methods),
        ask(f"PUT {API}"),
        redirect(OWN, ANY_ORIGIN, status=307),
        ask(f"OPTIONS {OWN}", ("Origin", ORIGIN)),
        reply(204, methods),
        ask(f"PUT {OWN}", ("Origin", "null")),
        reply(200, NULL_ORIGIN),
        agent=UserAgent(FIREFOX),
    )
    assert readable(result).status == 200


@pytest.mark.parametrize(
    ("location", "judged"),
    [
        ("https://[", False),
        ("data:,x", False),
        ("file:///x", False),
        ("wss://third.test/", False),
        ("about:srcdoc", False),
        # A page like any other, until CORS has heard that it is not of http.
        ("about:blank", True),
        ("about:blank#there", True),
        ("ftp://third.test/", True),
        ("https://third.test/", True),
    ],
)
def test_what_it_makes_no_request_of_is_refused_before_cors(location: str, judged: bool) -> None:
    away = HTTPResponse(302, HeaderList.of(("Location", location)))
    code = talk(fetch_request(API, page()), away, agent=UserAgent(FIREFOX)).error
    assert code is not None
    assert (code.code == BlockCode.ALLOW_ORIGIN_MISSING) is judged
    put = fetch_request(API, page(), method=b"PUT")
    missing = BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
    assert Engine(FIREFOX).fetch(put, away)[1] == (missing if judged else BlockCode.PREFLIGHT_REDIRECT)
    unfollowed = fetch_request(API, page(), method=b"PUT", redirect="manual")
    assert Engine(FIREFOX).fetch(unfollowed, away)[1] == missing


def test_a_redirect_that_is_not_to_be_followed_leaves_the_cache() -> None:
    put = fetch_request(API, page(), method=b"PUT", redirect="error")
    away = HTTPResponse(302, HeaderList.of(PAGE_ORIGIN, ("Location", "/there")))
    for profile, again in ((STANDARD, True), (FIREFOX, False)):
        browser = Engine(profile)
        assert browser.fetch(put, answer("PUT"), away) == (1, BlockCode.REDIRECT_MODE_ERROR)
        assert browser.asks(put, answer("PUT"), away) is again


@pytest.mark.parametrize("condition", [b'"x"', b""])
def test_a_condition_of_fetch_asks_every_time_and_one_of_xhr_once(condition: bytes) -> None:
    for make, again in ((fetch_request, True), (xhr_request, False)):
        request = make(API, page(), headers=[(b"If-None-Match", condition)])
        browser = Engine(FIREFOX)
        assert browser.asks(request, answer(names="if-none-match"))
        assert browser.asks(request, answer(names="if-none-match")) is again
