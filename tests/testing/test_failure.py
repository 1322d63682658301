"""The text of a failure, in all that it says and in what it leaves out."""

from __future__ import annotations

import io
import sys

import pytest

from crossorigin.browser import Browser, FetchError
from crossorigin.fetch.profile import STANDARD
from crossorigin.testing.failure import block_text, call_words, dialogue, dialogue_text, failure_text, question_of

from .answers import ALLOW, API, PAGE, answering


def blocked(url: str = API, engine: object = "chromium", **words: object) -> FetchError:
    browser = Browser(apps={API: answering()}, engine=engine)  # type: ignore[arg-type]
    with pytest.raises(FetchError) as raised:
        browser.page(PAGE).fetch(url, **words)  # type: ignore[arg-type]
    return raised.value


GOLDEN = """\
It is blocked.

Access to fetch at 'https://api.example.com/' from origin
'https://app.example.com' has been blocked by CORS policy: No
'Access-Control-Allow-Origin' header is present on the requested resource.
GET https://api.example.com/ net::ERR_FAILED 200 (OK)

B301: The response has no Access-Control-Allow-Origin
  https://fetch.spec.whatwg.org/#concept-cors-check

https://app.example.com                              https://api.example.com
│── GET / ────────────────────────────────────────────────────────────────▶│
│    Origin: https://app.example.com                                       │
│◀─────────────────────────────────────────────────────────────── 200 OK ──│
│  ✗ Access-Control-Allow-Origin: (absent)                                 │

To change: On the answer to GET https://api.example.com/ (200), send exactly
one `Access-Control-Allow-Origin: https://app.example.com` and `Vary:
Origin`; allow-list that origin, never reflect whatever comes."""


def test_the_whole_of_it() -> None:
    error = blocked()
    assert block_text("It is blocked.", error.result, error.engine) == GOLDEN


def test_a_profile_of_ones_own_has_no_console() -> None:
    error = blocked(engine=STANDARD)
    assert "has been blocked by CORS policy" not in block_text("It is blocked.", error.result, error.engine)


def test_what_was_never_sent_has_no_diagram() -> None:
    error = blocked("http://api.example.com/")
    assert list(dialogue(error.result)) == []
    assert dialogue_text(error.result) == "To change: Serve the URL over https and call that."


def test_a_network_that_failed_has_no_advice() -> None:
    browser = Browser(resolve={"api.example.com:443": "http://127.0.0.1:47"})
    with browser, pytest.raises(FetchError) as raised:
        browser.page(PAGE).fetch(API)
    text = " ".join(block_text("It fails.", raised.value.result, "chromium").split())
    assert "refused the connection: nothing listens on that port." in text
    assert "To change:" not in text
    assert "no answer" in text


def test_a_fetch_that_did_not_fail() -> None:
    response = Browser(apps={API: answering(ALLOW)}).page(PAGE).fetch(API)
    with pytest.raises(ValueError, match="did not fail"):
        block_text("", response.result, "chromium")


def test_a_terminal_without_these_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    error = blocked()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert "\n".join(dialogue(error.result)).isascii()


def test_the_words_of_a_call() -> None:
    error = blocked(f"{API}/users?a=1", method="PUT", engine="webkit")
    words = "PUT https://api.example.com/users?a=1 from a page of https://app.example.com (webkit)"
    assert call_words(error.result, error.engine) == words


def test_the_question_is_what_the_page_asked_first() -> None:
    see_other = answering(ALLOW, ("Location", "https://api.example.com/"), status="303 See Other")
    browser = Browser(apps={"https://old.example": see_other, API: answering()})
    with pytest.raises(FetchError) as raised:
        browser.page(PAGE).fetch("https://old.example/a", method="POST", credentials="include")
    question = question_of(raised.value.result)
    assert (question.method, question.url.href, question.credentials) == (b"POST", "https://old.example/a", "include")
    handshake = Browser(apps={API: answering()}).page(PAGE).websocket("wss://api.example.com/")
    assert question_of(handshake.result).mode == "no-cors"


def test_empty_parts_leave_no_gap() -> None:
    assert failure_text("said", [], ["a", "b"]) == "said\n\na\nb"
