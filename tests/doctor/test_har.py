"""HAR files read: what each recorder means, what is no HAR, and how little is kept."""

from __future__ import annotations

import json
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crossorigin.doctor import har as module
from crossorigin.doctor.explained import explain
from crossorigin.doctor.har import HARError, read_har
from crossorigin.doctor.recorded import RecordedExchange
from crossorigin.web.headers import HeaderList

from .hars import API, CHROMIUM, FIREFOX, PAGE, PROXY, WEBKIT, entry, har, preflight, recording

RECORDINGS = {
    name: (Path(__file__).parent / "recordings" / f"{name}.har").read_bytes()
    for name in ("chromium", "firefox", "webkit")
}


def one(*args: Any, creator: str | None = CHROMIUM, **more: Any) -> RecordedExchange:
    """The exchange of a file with this entry alone."""
    (exchange,) = recording(entry(*args, **more), creator=creator).exchanges
    return exchange


class TestWho:
    """The engine that recorded is the one to judge; a proxy has none."""

    @pytest.mark.parametrize(
        ("creator", "browser", "engines", "call_first"),
        [
            ("WebInspector", None, ["chromium"], True),
            ("Firefox", "Firefox", ["firefox"], True),
            ("WebKit Web Inspector", None, ["webkit"], True),
            ("Playwright", "chromium", ["chromium"], True),
            ("Playwright", "firefox", ["firefox"], True),
            ("Playwright", "webkit", ["webkit"], True),
            ("Browsertime", "Chrome", ["chromium"], True),
            ("something", "Microsoft Edge", ["chromium"], True),
            ("Charles Proxy", None, ["chromium", "firefox", "webkit"], False),
            ("mitmproxy", None, ["chromium", "firefox", "webkit"], False),
            ("Fiddler", None, ["chromium", "firefox", "webkit"], False),
        ],
    )
    def test_by_name(self, creator: str, browser: str | None, engines: list[str], call_first: bool) -> None:
        log: dict[str, Any] = {} if browser is None else {"browser": {"name": browser, "version": "1"}}
        read = recording(entry(), creator=creator, **log)
        assert [profile.name for profile in read.profiles] == engines
        assert read.call_first is call_first
        assert read.from_browser

    def test_nobody(self) -> None:
        read = recording(entry(), creator=None)
        assert (read.recorder, len(read.profiles)) == ("", 3)

    def test_the_name_for_people(self) -> None:
        assert recording(creator=FIREFOX).recorder == "Firefox 1"
        assert recording(creator=CHROMIUM).recorder == "Chromium's DevTools"
        assert recording(creator=None, browser={"name": "Firefox", "version": "153.7.0"}).recorder == "Firefox 153.7.0"


class TestWhatIsSaid:
    """Passed, failed, unfinished or nothing, by the habits of each recorder."""

    @pytest.mark.parametrize(
        ("creator", "answer", "seen"),
        [
            # Chromium writes null where all went well, and tells every failure.
            (CHROMIUM, {"_error": None}, "passed"),
            (CHROMIUM, {"_error": "net::ERR_FAILED"}, "failed"),
            (CHROMIUM, {"_error": "net::ERR_FAILED", "status": 0}, "failed"),
            (CHROMIUM, {"_error": "", "status": 0}, "failed"),
            (CHROMIUM, {"_error": "net::ERR_ABORTED"}, "unfinished"),
            (CHROMIUM, {"_error": None, "status": 0}, "unfinished"),
            # Before it wrote the field.
            (CHROMIUM, {}, "unsaid"),
            (CHROMIUM, {"status": 0}, "failed"),
            # Firefox never tells.
            (FIREFOX, {}, "unsaid"),
            (FIREFOX, {"status": 0}, "failed"),
            # WebKit tells failures alone.
            (WEBKIT, {}, "passed"),
            (WEBKIT, {"status": 0, "_error": "Load request cancelled"}, "unfinished"),
            (WEBKIT, {"status": 0, "_error": "Method PUT is not allowed by Access-Control-Allow-Methods."}, "failed"),
            ("Playwright", {"status": -1, "_failureText": "net::ERR_FAILED"}, "failed"),
            ("Playwright", {"status": -1}, "unfinished"),
            ("Playwright", {}, "unsaid"),
            (PROXY, {}, "unsaid"),
            (PROXY, {"status": 0, "_error": "connection refused"}, "failed"),
        ],
    )
    def test_of(self, creator: str, answer: dict[str, Any], seen: str) -> None:
        assert one(creator=creator, **answer).seen == seen

    def test_an_error_of_the_network_is_a_failure(self) -> None:
        exchange = one(status=0, _error="net::ERR_CONNECTION_REFUSED")
        assert exchange.response is None
        assert exchange.failure is not None
        assert exchange.failure.kind.value == "refused"
        assert exchange.failure.detail == "api.example:443 refused the connection (net::ERR_CONNECTION_REFUSED)."

    def test_one_after_the_head_keeps_it(self) -> None:
        exchange = one(got=(("x", "1"),), _error="net::ERR_INCOMPLETE_CHUNKED_ENCODING")
        assert exchange.failure is not None
        assert exchange.failure.partial is exchange.response
        assert exchange.response is not None

    def test_that_of_cors_is_none(self) -> None:
        exchange = one(got=(("x", "1"),), _error="net::ERR_FAILED")
        assert (exchange.failure, exchange.error) == (None, "net::ERR_FAILED")
        assert exchange.response is not None
        assert exchange.response.status == 200

    def test_a_status_without_headers_is_no_answer_of_chromium(self) -> None:
        # So Chromium records what opaque response blocking kept back: status 200, no header at all.
        assert one(_error="net::ERR_BLOCKED_BY_ORB").response is None
        assert one(creator=FIREFOX).response is not None


class TestExchange:
    """Every field that counts, as bytes."""

    def test_the_answer(self) -> None:
        response = one(status=404, got=(("Vary", "Origin"), ("vary", "Accept"))).response
        assert response is not None
        assert (response.status, response.headers) == (404, HeaderList.of(("Vary", "Origin"), ("vary", "Accept")))

    @pytest.mark.parametrize("status", [0, -1, 100, 101, 199, 1000])
    def test_what_is_no_final_status(self, status: int) -> None:
        assert one(status=status).response is None

    def test_without_a_response(self) -> None:
        made = entry()
        del made["response"]
        (exchange,) = recording(made, creator=FIREFOX).exchanges
        assert (exchange.response, exchange.seen) == (None, "failed")

    def test_pseudo_headers_are_left_out(self) -> None:
        sent = ((":authority", "api.example"), (":method", "GET"), ("origin", PAGE))
        assert one(sent=sent).headers == HeaderList.of(("origin", PAGE))

    def test_lines_that_were_joined_come_apart(self) -> None:
        response = one(got=(("access-control-allow-origin", f"{PAGE}\n*"),)).response
        assert response is not None
        assert response.headers.get_all(b"Access-Control-Allow-Origin") == [PAGE.encode(), b"*"]

    def test_values_are_bytes_as_latin_1_or_else_utf_8(self) -> None:
        headers = one(sent=(("a", "caf\xe9"), ("b", "\u20ac"), ("c", " x\t"))).headers
        assert headers == HeaderList([(b"a", b"caf\xe9"), (b"b", b"\xe2\x82\xac"), (b"c", b"x")])

    def test_a_value_that_is_null(self) -> None:
        made = entry()
        made["request"]["headers"].append({"name": "x", "value": None})
        (exchange,) = recording(made).exchanges
        assert exchange.headers.get(b"x") == b""

    def test_the_url_without_user_and_fragment(self) -> None:
        assert one("https://user:secret@api.example/a?b#c").url.href == "https://api.example/a?b"

    @pytest.mark.parametrize(
        ("request_", "has_body"),
        [
            ({}, False),
            ({"bodySize": 0}, False),
            ({"bodySize": -1}, False),
            ({"bodySize": 2}, True),
            ({"postData": {"mimeType": "a/b", "text": "{}"}}, True),
            ({"postData": None}, False),
            ({"headers": [{"name": "Content-Length", "value": "2"}]}, True),
            ({"headers": [{"name": "content-length", "value": "0"}]}, False),
        ],
    )
    def test_whether_there_was_a_body(self, request_: dict[str, Any], has_body: bool) -> None:
        assert one(request=request_).has_body is has_body

    def test_the_page(self) -> None:
        # DevTools write the URL where the title belongs.
        pages = [{"id": "page_1", "title": f"{PAGE}/cart"}, {"id": "page_2", "title": "Cart"}]
        first, second, third = recording(
            entry(pageref="page_1"), entry(pageref="page_2"), entry(pageref="page_3"), pages=pages
        ).exchanges
        assert first.page is not None
        assert first.page.href == f"{PAGE}/cart"
        assert second.page is third.page is None

    def test_the_place(self) -> None:
        data, call = recording(entry("data:,"), entry()).exchanges, one()
        assert [each.place for each in data] == ["log.entries[1]"]
        assert call.place == "log.entries[0]"

    @pytest.mark.parametrize(
        "url",
        ["data:,", "blob:https://a/b", "chrome-extension://a/b", "about:blank", "", "no url", "https://", "ws://a/"],
    )
    def test_what_has_nothing_to_do_with_cors(self, url: str) -> None:
        assert recording(entry(url)).exchanges == []

    def test_times_put_them_in_order(self) -> None:
        read = recording(entry(f"{API}/b", at=2), entry(f"{API}/a", at=1), creator=PROXY)
        assert [each.url.path for each in read.exchanges] == ["/users/a", "/users/b"]
        first = read.exchanges[0]
        assert first.started is not None
        assert first.ended == pytest.approx(first.started + 0.01)

    def test_without_all_the_times_the_file_does(self) -> None:
        read = recording(entry(f"{API}/b", at=2), entry(f"{API}/a"), creator=PROXY)
        assert [each.url.path for each in read.exchanges] == ["/users/b", "/users/a"]

    @pytest.mark.parametrize("time", ["", "yesterday", "0001-01-01T00:00:00+14:00", "2026-11-21T10:00:00.123456789Z"])
    def test_strange_times(self, time: str) -> None:
        made = entry()
        made["startedDateTime"] = time
        assert len(recording(made).exchanges) == 1


class TestNotAHAR:
    """One line with the place."""

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "this is not a HAR file, or a damaged one: as JSON, it ends in the middle"),
            (har(entry())[:-40], "this is not a HAR file, or a damaged one: as JSON, it ends in the middle"),
            (
                b"\x89PNG\r\n\x1a\n\0\0",
                "this is not a HAR file, or a damaged one: as JSON, invalid character (byte 0)",
            ),
            (
                b"<!doctype html>",
                "this is not a HAR file, or a damaged one: as JSON, invalid character (byte 0)",
            ),
            (b"[]", "this is not a HAR file: the whole: expected `object`, got `array`"),
            (b"{}", "this is not a HAR file: the whole: object missing required field `log`"),
            (b'{"log": 1}', "this is not a HAR file: log: expected `object`, got `int`"),
            (b'{"log": {}}', "this is not a HAR file: log: object missing required field `entries`"),
            (b'{"log": {"entries": {}}}', "this is not a HAR file: log.entries: expected `array`, got `object`"),
            (
                har(entry(), {"response": {}}),
                "this is not a HAR file: log.entries[1]: object missing required field `request`",
            ),
            (
                har(entry(), entry(), entry(), entry(request={"url": 3})),
                "this is not a HAR file: log.entries[3].request.url: expected `str`, got `int`",
            ),
            (
                har(entry(request={"headers": [{"name": "a", "value": "b"}, {"name": None}]})),
                "this is not a HAR file: log.entries[0].request.headers[1].name: expected `str`, got `null`",
            ),
            (
                har(entry(status="200")),  # type: ignore[arg-type]
                "this is not a HAR file: log.entries[0].response.status: expected `float | null`, got `str`",
            ),
            (
                har(entry(request={"headers": [{"name": "a"}] * 201})),
                "this is not a HAR file: log.entries[0].request.headers: expected `array` of length <= 200",
            ),
            (
                har(entry(got=(("a", "x" * 262_145),))),
                "this is not a HAR file: log.entries[0].response.headers[0].value: expected `str` of length <= 262144",
            ),
            (
                b'{"log": {"entries": [{"request": {"method": "GET", "url": "\xff"}}]}}',
                "this is not a HAR file: it is not UTF-8",
            ),
            (
                b'{"log": {"entries": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
                "this is not a HAR file: its values are nested too deeply",
            ),
        ],
        ids=range(17),
    )  # fmt: skip
    def test_of(self, data: bytes, sentence: str) -> None:
        with pytest.raises(HARError) as raised:
            read_har(data)
        assert str(raised.value) == sentence

    def test_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LARGEST", 2 * 1024 * 1024)
        with pytest.raises(HARError, match=r"^the file has more than 2 MiB; export the calls in question alone$"):
            read_har(b" " * (2 * 1024 * 1024 + 1))

    def test_too_many(self) -> None:
        with pytest.raises(HARError, match=r"file: log.entries: expected `array` of length <= 50000$"):
            read_har(b'{"log": {"entries": [' + b"null," * 50_000 + b"null]}}")


class TestLenient:
    """What recorders write that the letter of JSON, or of HAR, does not have."""

    def test_a_byte_order_mark(self) -> None:
        assert len(read_har(b"\xef\xbb\xbf" + har(entry())).exchanges) == 1

    def test_nothing_in_it(self) -> None:
        assert read_har(har()).exchanges == []

    def test_nulls(self) -> None:
        made = {**entry(), "startedDateTime": None, "time": None, "pageref": None, "_resourceType": None}
        assert len(recording(made, None, pages=None, browser=None).exchanges) == 1

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (r"a\ud800b", "a\ufffdb"),
            (r"\udfff", "\ufffd"),
            (r"\ud83d\ude00", "\U0001f600"),
            (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
            (r"\\ud800 \ud800", "\\ud800 \ufffd"),
        ],
    )
    def test_half_a_surrogate_pair(self, written: str, read: str) -> None:
        # JavaScript's strings can hold them, and JSON.stringify writes them so; in a body they are passed over.
        data = har(entry(request={"postData": {"text": "BODY"}}, sent=(("x", "HEADER"),)))
        data = data.replace(b"BODY", written.encode()).replace(b"HEADER", written.encode())
        (exchange,) = read_har(data).exchanges
        assert exchange.headers.get(b"x") == read.encode("latin-1" if read.isascii() else "utf-8")


class TestCost:
    """Bodies are passed over."""

    def test_bodies_are_not_kept(self) -> None:
        made = entry(request={"postData": {"text": "x" * 1_000_000}})
        made["response"]["content"] = {"text": "y" * 3_000_000}
        data = har(made)
        tracemalloc.start()
        try:
            read = read_har(data)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert len(read.exchanges) == 1
        assert most < 500_000

    def test_equal_headers_are_kept_once(self) -> None:
        first, second = recording(entry(), entry()).exchanges
        assert first.headers[0][1] is second.headers[0][1]


class TestAnything:
    """No input ends in anything but a recording or one line."""

    @staticmethod
    def survives(data: bytes) -> None:
        said = ""
        try:
            explain(read_har(data))
        except HARError as error:
            said = str(error)
        assert "\n" not in said
        assert len(said) < 500

    @given(st.binary(max_size=400))
    @example(b'{"log":{"entries":[{"request":{"method":"\xc3\xa9","url":"http://a"}}]}}')
    def test_bytes(self, data: bytes) -> None:
        self.survives(data)

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(sorted(RECORDINGS)), st.randoms(use_true_random=False))
    def test_recordings_with_a_part_exchanged(self, name: str, chance: random.Random) -> None:
        log = json.loads(RECORDINGS[name])["log"]
        log["entries"] = chance.sample(log["entries"], 6)
        for _ in range(chance.randint(1, 4)):
            mutate(log, chance)
        self.survives(json.dumps({"log": log}).encode())

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(sorted(RECORDINGS)), st.randoms(use_true_random=False))
    def test_recordings_with_bytes_exchanged(self, name: str, chance: random.Random) -> None:
        data = bytearray(RECORDINGS[name][: chance.randint(1, 20_000)] + b"]}}" * chance.randint(0, 1))
        for _ in range(chance.randint(0, 5)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        self.survives(bytes(data))


STRANGE: tuple[Any, ...] = (
    None, 0, -1, 1e300, "", "null", "*", "\x1b[31m", "\ud800", "http://[", "https://user@a:99999/", [], {}, True,
    "GET\r\nX: y", "x" * 5000, "\0", [{"name": "\n", "value": "\0"}], "OPTIONS", "net::ERR_FAILED", 302, 204,
)  # fmt: skip


def mutate(value: Any, chance: random.Random) -> None:
    """Exchange, remove or double something somewhere inside."""
    while isinstance(value, dict | list) and value:
        key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        if isinstance(value[key], dict | list) and value[key] and chance.random() < 0.85:
            value = value[key]
        elif chance.random() < 0.2:
            del value[key]
            return
        else:
            value[key] = chance.choice(STRANGE)
            return


def test_preflights_are_known() -> None:
    first, second = recording(preflight(), entry(method="OPTIONS")).exchanges
    assert first.is_preflight
    assert (first.asked_method, first.asked_headers) == (b"PUT", [b"content-type", b"x-token"])
    assert not second.is_preflight
