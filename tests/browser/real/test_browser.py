"""What a browser's error says."""

from __future__ import annotations

from crossorigin.browser.real.browser import BrowserError, ConsoleMessage, Options


def test_an_error_names_the_engine_and_what_was_being_done() -> None:
    error = BrowserError("firefox", "opening http://127.0.0.1:1/", "it ended")
    assert str(error) == "firefox, opening http://127.0.0.1:1/: it ended"
    assert (error.engine, error.doing, error.why) == ("firefox", "opening http://127.0.0.1:1/", "it ended")


def test_nothing_is_loosened_unasked() -> None:
    assert Options() == Options(accept_any_certificate=False, third_party_cookies=False, proxy=None)


def test_a_message_may_be_text_alone() -> None:
    assert ConsoleMessage("text") == ConsoleMessage("text", "", "", "")
