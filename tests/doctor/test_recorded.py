"""A recorded call as the question that it was: who asked, how, with what."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.question import Question
from crossorigin.doctor.recorded import NOT_RECORDED, RecordedCall, header_bytes, read_origin
from crossorigin.doctor.recorded_calls import recorded_calls
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OriginSyntaxError, TupleOrigin
from crossorigin.web.safelists import cors_unsafe_request_header_names

from .hars import (
    ALLOW,
    CHROMIUM,
    FIREFOX,
    FROM_PAGE,
    PAGE,
    PROVISIONAL,
    PROXY,
    WEBKIT,
    calls,
    entry,
    preflight,
    recording,
)


def call(*entries: Any, creator: str = FIREFOX) -> RecordedCall:
    (only,) = calls(*entries, creator=creator)
    return only


def question(*entries: Any, creator: str = FIREFOX, **more: Any) -> Question:
    asked = call(*entries, creator=creator).question(**more)
    assert asked is not None
    return asked


class TestWho:
    """Origin, or that of the preflight, or the Referer, or what the recorder says of the page."""

    @pytest.mark.parametrize(
        ("entries", "origin"),
        [
            ((entry(sent=(("Origin", PAGE),)),), PAGE),
            ((entry(sent=(("Origin", "http://my_service:8080"),)),), "http://my_service:8080"),
            ((entry(sent=(("Origin", "null"), ("Sec-Fetch-Mode", "cors"))),), "null"),
            ((entry(method="PUT", sent=PROVISIONAL), preflight()), PAGE),
            ((entry(method="PUT", sent=()), preflight()), PAGE),
            ((preflight(),), PAGE),
            ((entry(sent=(("Referer", f"{PAGE}/cart"), ("Sec-Fetch-Mode", "cors"))),), PAGE),
        ],
    )
    def test_of(self, entries: tuple[Any, ...], origin: str) -> None:
        assert question(*entries).origin.serialize() == origin

    @pytest.mark.parametrize(
        "sent", [(), (("Referer", "about:blank"),), (("Referer", "no url"),), (("Origin", "https://a.example/"),)]
    )
    def test_nobody(self, sent: tuple[tuple[str, str], ...]) -> None:
        assert call(entry(sent=(*sent, ("Sec-Fetch-Mode", "cors")))).question() is None

    def test_the_recorders_page_comes_last(self) -> None:
        read = recording(
            entry(sent=(("Sec-Fetch-Mode", "cors"),), pageref="p"), pages=[{"id": "p", "title": f"{PAGE}/x"}]
        )
        (only,) = recorded_calls(read)
        asked = only.question()
        assert asked is not None
        assert asked.origin.serialize() == PAGE

    def test_who_knows_better(self) -> None:
        asked = question(entry(), origin=TupleOrigin("https", "other.example"))
        assert asked.origin.serialize() == "https://other.example"
        # The Referer is another page's then.
        assert asked.page is None

    def test_the_page(self) -> None:
        page = question(entry(sent=(("Origin", PAGE), ("Referer", f"{PAGE}/cart?id=1")))).page
        assert page is not None
        assert page.href == f"{PAGE}/cart?id=1"


class TestStart:
    """An origin that a redirect has made null, where the redirect is not there: the page still shows."""

    def test_missing(self) -> None:
        tainted = call(entry(sent=(("Origin", "null"), ("Referer", f"{PAGE}/"))))
        assert tainted.lacks_its_start
        assert tainted.origin == TupleOrigin("https", "app.example")

    def test_there(self) -> None:
        redirect = entry(status=302, got=(*ALLOW, ("Location", "https://b.example/")))
        then = entry("https://b.example/", sent=(("Origin", "null"), ("Referer", f"{PAGE}/")))
        assert not call(redirect, then).lacks_its_start

    def test_an_opaque_origin_has_no_referrer(self) -> None:
        # https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
        assert not call(entry(sent=(("Origin", "null"),))).lacks_its_start


class TestHow:
    """Mode, method, credentials, body."""

    @pytest.mark.parametrize(
        ("made", "mode"),
        [
            (entry(sent=(("Sec-Fetch-Mode", "cors"),)), "cors"),
            (entry(sent=(("Sec-Fetch-Mode", "no-cors"),)), "no-cors"),
            (entry(sent=(("Sec-Fetch-Mode", "same-origin"),)), "same-origin"),
            (entry(sent=(("Sec-Fetch-Mode", "navigate"),)), None),
            (entry(sent=(("Sec-Fetch-Mode", "websocket"),)), None),
            # Sec-Fetch is not sent to plain http, nor written of a request that was not sent.
            (entry(sent=(("Origin", PAGE),)), "cors"),
            (entry(sent=(), method="PUT"), "cors"),
            (entry(sent=(), _resourceType="fetch"), "cors"),
            (entry(sent=(), _resourceType="xhr"), "cors"),
            (entry(sent=(), _resourceType="font"), "cors"),
            (entry(sent=(), _resourceType="image"), "no-cors"),
            (entry(sent=(("Origin", PAGE),), _resourceType="image"), "cors"),
            (entry(sent=(("Origin", PAGE),), method="POST", _resourceType="document"), None),
            (entry(sent=(("Origin", PAGE), ("Upgrade-Insecure-Requests", "1")), method="POST"), None),
            (entry(sent=()), None),
        ],
    )
    def test_mode(self, made: Any, mode: str | None) -> None:
        assert call(made).mode == mode

    def test_a_preflight_says_it(self) -> None:
        assert call(entry(method="PUT", sent=()), preflight()).mode == "cors"

    def test_unknown_modes_may_be_assumed(self) -> None:
        unknown = call(entry(sent=(("Referer", f"{PAGE}/"),)))
        assert unknown.question() is None
        asked = unknown.question(assume_cors=True)
        assert asked is not None
        assert asked.mode == "cors"

    def test_no_cors_goes_with_three_methods_only(self) -> None:
        # A recording that says otherwise is wrong somewhere; the engine would not take it.
        assert question(entry(method="PUT", sent=(("Sec-Fetch-Mode", "no-cors"), ("Origin", PAGE)))).mode == "cors"

    def test_the_method_as_it_was_written(self) -> None:
        assert question(entry(method="patch")).method == b"patch"
        assert question(preflight(asks="PATCH")).method == b"PATCH"

    @pytest.mark.parametrize("method", ["CONNECT", "TRACE", "", "G T", "\xe9"])
    def test_what_is_no_method_of_script(self, method: str) -> None:
        assert call(entry(method=method)).question() is None

    @pytest.mark.parametrize(
        ("made", "credentials"),
        [
            (entry(), "same-origin"),
            (entry(sent=(*FROM_PAGE, ("Cookie", "a=b"))), "include"),
            (entry(f"{PAGE}/own", sent=(*FROM_PAGE, ("Cookie", "a=b"))), "same-origin"),
        ],
    )
    def test_credentials(self, made: Any, credentials: str) -> None:
        assert question(made).credentials == credentials

    def test_credentials_that_somebody_knows(self) -> None:
        assert question(entry(), credentials="include").credentials == "include"

    @pytest.mark.parametrize(
        ("method", "request_", "body"),
        [
            ("PUT", {"bodySize": 2}, ""),
            ("PUT", {}, None),
            ("GET", {"bodySize": 2}, None),
            ("HEAD", {"bodySize": 2}, None),
        ],
    )
    def test_body(self, method: str, request_: dict[str, Any], body: str | None) -> None:
        assert question(entry(method=method, request=request_)).body == body

    def test_the_request_can_be_made_of_it(self) -> None:
        request = question(entry(method="PUT", sent=PROVISIONAL), preflight(), creator=WEBKIT).request()
        assert (request.method, request.mode, request.unsafe_request) == (b"PUT", "cors", True)
        assert request.dropped_headers == HeaderList()


class TestHeaders:
    """Those that script has set."""

    def test_the_preflight_knows(self) -> None:
        sent = (*FROM_PAGE, ("X-Token", "t"), ("Content-Type", "a/b"), ("X-Proxy-Added", "1"), ("User-Agent", "x"))
        asked = question(entry(method="PUT", sent=sent), preflight()).headers
        assert asked == HeaderList.of(("X-Token", "t"), ("Content-Type", "a/b"))

    def test_even_those_that_browsers_add_by_themselves(self) -> None:
        sent = (*FROM_PAGE, ("Cache-Control", "no-cache"), ("Pragma", "no-cache"))
        asked = question(entry(sent=sent), preflight(asks="GET", names="cache-control")).headers
        assert asked == HeaderList.of(("Cache-Control", "no-cache"))

    def test_a_safelisted_content_type_is_not_asked_for(self) -> None:
        sent = (*FROM_PAGE, ("Content-Type", "text/plain"), ("X-Token", "t"))
        asked = question(entry(method="POST", sent=sent), preflight(asks="POST", names="x-token")).headers
        assert asked == HeaderList.of(("Content-Type", "text/plain"), ("X-Token", "t"))

    def test_values_that_were_not_recorded(self) -> None:
        # DevTools leave Authorization out of an export, unless they are told not to.
        asked = question(entry(sent=FROM_PAGE), preflight(asks="GET", names="authorization,x-b")).headers
        assert asked == HeaderList([(b"authorization", NOT_RECORDED), (b"x-b", NOT_RECORDED)])

    @pytest.mark.parametrize(
        "name", [b"accept", b"accept-language", b"content-language", b"content-type", b"range", b"x"]
    )
    def test_what_stands_for_them_is_never_safelisted(self, name: bytes) -> None:
        assert cors_unsafe_request_header_names(HeaderList([(name, NOT_RECORDED)])) == [name]

    def test_without_a_preflight_what_browsers_add_is_left_out(self) -> None:
        sent = (
            *FROM_PAGE,
            ("Accept", "*/*"), ("Accept-Language", "en"), ("Cache-Control", "no-cache"), ("Pragma", "no-cache"),
            ("User-Agent", "x"), ("Priority", "u=1, i"), ("If-None-Match", '"1"'), ("DNT", "1"), ("Host", "x"),
            ("Cookie", "a=b"), ("sec-ch-ua", "x"), ("X-Token", "t"), ("Authorization", "Bearer x"),
            ("Content-Type", "a/b"),
        )  # fmt: skip
        assert question(entry(sent=sent)).headers == HeaderList.of(
            ("X-Token", "t"), ("Authorization", "Bearer x"), ("Content-Type", "a/b")
        )

    @pytest.mark.parametrize("field", [("a b", "x"), ("", "x"), ("x", "a\0b"), ("x", "a\rb")])
    def test_what_is_no_header_is_left_out(self, field: tuple[str, str]) -> None:
        assert question(entry(sent=(*FROM_PAGE, field))).headers == HeaderList()

    def test_a_list_without_end_is_cut(self) -> None:
        names = ",".join(f"x-{number}" for number in range(30_000))
        assert len(question(preflight(names=names)).headers) == 200


class TestCall:
    """What is true of the whole."""

    def test_what_is_seen_is_seen_at_its_end(self) -> None:
        put = entry(method="PUT", status=0, _error="net::ERR_FAILED")
        (failed,) = calls(put, preflight(_error=None), creator=CHROMIUM)
        assert failed.seen == "failed"
        (passed,) = calls(entry(method="PUT", _error=None), preflight(_error=None), creator=CHROMIUM)
        assert passed.seen == "passed"
        (alone,) = calls(preflight(), creator=PROXY)
        assert alone.seen == "unsaid"

    @pytest.mark.parametrize(
        ("actual", "before", "error"),
        [
            ("net::ERR_FAILED", None, "net::ERR_FAILED"),
            ("net::ERR_FAILED", "net::ERR_INVALID_REDIRECT", "net::ERR_INVALID_REDIRECT"),
            ("net::ERR_BLOCKED_BY_CLIENT", "net::ERR_FAILED", "net::ERR_BLOCKED_BY_CLIENT"),
            ("net::ERR_FAILED", "net::ERR_FAILED", "net::ERR_FAILED"),
            ("", None, None),
        ],
    )
    def test_the_error_that_says_most(self, actual: str, before: str | None, error: str | None) -> None:
        (made,) = calls(entry(method="PUT", status=0, _error=actual), preflight(_error=before), creator=CHROMIUM)
        assert made.error == error

    def test_exchanges_are_in_the_order_of_the_wire(self) -> None:
        made = call(entry(method="PUT"), preflight())
        assert [each.place for each in made.exchanges] == ["log.entries[1]", "log.entries[0]"]
        assert made.first.place == "log.entries[0]"


class TestText:
    """Origins and headers as they are read."""

    @pytest.mark.parametrize("text", ["https://app.example", "http://localhost:3000", "http://my_service:8080"])
    def test_origins(self, text: str) -> None:
        assert read_origin(text).serialize() == text

    def test_null(self) -> None:
        assert read_origin("null").serialize() == "null"

    @pytest.mark.parametrize(
        "text", ["", "https://app.example/", "app.example", "HTTPS://app.example", "file:///x", "*"]
    )
    def test_what_is_none(self, text: str) -> None:
        with pytest.raises(OriginSyntaxError):
            read_origin(text)

    @pytest.mark.parametrize(
        ("text", "value"), [("a", b"a"), ("\xe9", b"\xe9"), ("\u20ac", b"\xe2\x82\xac"), ("\ud800", b"?")]
    )
    def test_bytes(self, text: str, value: bytes) -> None:
        assert header_bytes(text) == value
