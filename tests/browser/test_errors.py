from __future__ import annotations

import asyncio
import copy
from typing import Any

import pytest

from crossorigin.browser import Browser, CORSError, FetchError, MixedContentError, NoResponseError
from crossorigin.browser.errors import error_for
from crossorigin.fetch import BlockCode, TransportFailureKind

from .applications import ALLOW, API, PAGE, answers


async def _hangs(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    await asyncio.Event().wait()


def caught(app: Any, target: str = API, **words: Any) -> FetchError:
    with Browser({API: app}, timeout=0.2) as browser, pytest.raises(FetchError) as blocked:
        browser.page(PAGE).fetch(target, **words)
    return blocked.value


def redirect(location: str) -> Any:
    return answers(ALLOW, ("location", location), status=302)


@pytest.mark.parametrize(
    ("app", "words", "code", "kind"),
    [
        (answers(), {}, "B301", CORSError),
        (answers(), {"method": "PUT"}, "B201", CORSError),
        (answers(ALLOW), {"method": "PUT"}, "B230", CORSError),
        (redirect("https://user:secret@other.test/"), {}, "B405", CORSError),
        (answers(), {"target": "file:///etc/passwd"}, "B105", CORSError),
        (answers(), {"target": "wss://api.example.com/"}, "B105", CORSError),
        (answers(), {"target": "http://api.example.com/"}, "B101", MixedContentError),
        (answers(), {"mode": "same-origin"}, "B103", FetchError),
        (answers(), {"target": "https://api.example.com:25/"}, "B102", FetchError),
        (redirect("/x"), {"redirect": "error"}, "B401", FetchError),
        (redirect("https://["), {}, "B402", FetchError),
        (redirect("/x"), {}, "B404", FetchError),
        (answers(("cross-origin-resource-policy", "same-origin")), {"mode": "no-cors"}, "B501", FetchError),
        (answers(), {"body": b"x" * 70_000, "method": "POST", "keepalive": True}, "B108", FetchError),
        (_hangs, {}, "B601", NoResponseError),
        (answers(status=407), {}, "B602", NoResponseError),
    ],
)
def test_kinds(app: Any, words: dict[str, Any], code: str, kind: type[FetchError]) -> None:
    error = caught(app, **words)
    assert (error.code, type(error)) == (code, kind)
    assert isinstance(error, TypeError)


def test_what_it_carries() -> None:
    error = caught(answers(), method="PUT")
    assert error.code is BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
    assert error.step in error.steps
    assert error.step.verdict == "fail"
    assert [exchange.request.method for exchange in error.exchanges] == [b"OPTIONS"]
    assert error.preflighted
    assert error.engine == "chromium"
    assert error.result.error is not None
    again = copy.copy(error)
    assert str(again) == str(error)
    assert type(again) is CORSError


def test_why_there_was_no_response() -> None:
    error = caught(_hangs)
    assert isinstance(error, NoResponseError)
    assert error.failure is not None
    assert error.failure.kind is TransportFailureKind.TIMEOUT
    assert "sent no response within 0.2 s" in str(error)


def test_of_what_did_not_fail() -> None:
    with Browser({API: answers(ALLOW)}) as browser:
        result = browser.page(PAGE).fetch(API).result
    with pytest.raises(ValueError, match="did not fail"):
        error_for(result, "standard")
    with pytest.raises(ValueError, match="did not fail"):
        FetchError(result)
