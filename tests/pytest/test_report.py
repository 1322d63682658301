"""Which exceptions have a dialogue to show."""

from __future__ import annotations

import pytest
from tests.testing.answers import API, PAGE, answering

from crossorigin.browser import Browser, CORSError, FetchError
from crossorigin.pytest.report import dialogue_of


def test_a_blocked_call_and_what_was_raised_from_it() -> None:
    with Browser(apps={API: answering()}) as browser, pytest.raises(CORSError) as raised:
        browser.page(PAGE).fetch(API)
    above = RuntimeError("login failed")
    above.__cause__ = raised.value
    text = dialogue_of(above)
    assert text == dialogue_of(raised.value)
    assert text is not None
    assert "✗ Access-Control-Allow-Origin: (absent)" in text
    assert "To change: On the answer to GET https://api.example.com/ (200), send" in text


def test_a_call_of_which_nothing_was_sent() -> None:
    with Browser(apps={API: answering()}) as browser, pytest.raises(FetchError) as raised:
        browser.page(PAGE).fetch("http://api.example.com/")
    assert dialogue_of(raised.value) == "To change: Serve the URL over https and call that."


def test_any_other() -> None:
    assert dialogue_of(ValueError("no")) is None
