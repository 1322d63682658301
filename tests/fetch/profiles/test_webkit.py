"""WebKit: each deviation beside what the standard does with the same exchange."""

from __future__ import annotations

from tests.fetch.dialogue import ANY_ORIGIN, API, ask, page, readable, talk
from tests.fetch.dialogue import answer as reply

from crossorigin.fetch import STANDARD, WEBKIT, BlockCode, HTTPResponse, UserAgent, fetch_request, xhr_request
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


def test_safelisted_values_are_not_added_up() -> None:
    headers = [(b"Accept", b"a" * 128)] * 9
    request = fetch_request(API, page(), headers=headers)
    assert Engine(STANDARD).asks(request, answer(names="accept"))
    assert not Engine(WEBKIT).asks(request, answer(names="accept"))


def test_accept_is_readable() -> None:
    for profile, names in ((STANDARD, [b"Content-Type"]), (WEBKIT, [b"Accept", b"Content-Type"])):
        result = talk(
            fetch_request(API, page()),
            ask(f"GET {API}"),
            reply(200, ANY_ORIGIN, ("Accept", "x"), ("Content-Type", "text/plain"), ("X-Other", "1")),
            agent=UserAgent(profile),
        )
        assert readable(result).headers.names() == names
