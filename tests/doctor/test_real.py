"""What is asked of a real browser, and when none is asked; tests/cli/test_real.py has the real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crossorigin.browser.options import Resolve, TransportOptions
from crossorigin.browser.real.browser import BrowserError, ConsoleMessage
from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.installed import Installed, Missing
from crossorigin.browser.real.proxy import Limits
from crossorigin.browser.real.standin import Setting, Visit
from crossorigin.doctor import real as module
from crossorigin.doctor.question import UsageError, ask
from crossorigin.doctor.real import Browsers, ask_browsers, browsers_for, for_real, warning_before
from crossorigin.doctor.reality import Asked, NotAsked
from crossorigin.doctor.report import Report
from crossorigin.fetch.profile import STANDARD
from crossorigin.fetch.profiles import CHROMIUM, ENGINES, FIREFOX, WEBKIT

from .conftest import ALLOW, ALLOW_ALL, PAGE, Answer, answer, failure, report

HERE: Browsers = {
    CHROMIUM: Installed("chromium", Path("/usr/bin/chromium"), "1"),
    FIREFOX: Installed("firefox", Path("/usr/bin/firefox"), "1"),
    WEBKIT: Installed("webkit", Path("/usr/bin/webkit"), "1"),
}
GONE = Missing("webkit", "no MiniBrowser here; install it")
OPTIONS = TransportOptions()


class Theatre:
    """Plays `visit`: every browser sees the same."""

    def __init__(self, *seen: Visit | BrowserError) -> None:
        self.seen = seen
        self.asked: list[tuple[str, Call, Setting]] = []

    def visit(self, installed: Installed, call: Call, setting: Setting) -> Visit:
        self.asked.append((installed.engine, call, setting))
        seen = self.seen[min(len(self.asked), len(self.seen)) - 1]
        if isinstance(seen, BrowserError):
            raise seen
        return seen


READABLE = Outcome(blocked=False, type="cors", status=200)
ALLOWED = Visit("Chromium 1", READABLE, "", ())


@pytest.fixture
def theatre(monkeypatch: pytest.MonkeyPatch) -> Theatre:
    made = Theatre(ALLOWED)
    monkeypatch.setattr(module, "visit", made.visit)
    return made


def asked(found: Report, browsers: Browsers = HERE, options: TransportOptions = OPTIONS) -> Report:
    return ask_browsers(found, browsers, options)


def predicted(*answers: Answer, **question: Any) -> Report:
    """A report on a question that a real page asks, for all engines."""
    found = report(*answers, profiles=ENGINES, **question)
    return replace(found, question=for_real(found.question))


class TestQuestions:
    """A real page has a URL."""

    def test_the_root_of_its_origin_where_nothing_else_is_said(self) -> None:
        page = for_real(ask("https://api.example/", origin="https://app.example:8443")).page
        assert str(page) == "https://app.example:8443/"

    def test_the_one_that_is_given(self) -> None:
        question = ask("https://api.example/", page="https://app.example/cart?x")
        assert for_real(question) == question

    def test_an_opaque_origin_stays_one(self) -> None:
        question = ask("https://api.example/", origin="null")
        assert for_real(question) == question

    def test_refusals_are_in_words(self) -> None:
        # tests/cli/test_real.py has them all.
        with pytest.raises(UsageError, match=r"^--real: the page and the URL have the same origin"):
            for_real(ask("https://api.example/", origin="https://api.example"))


class TestBrowsers:
    """Which ones there are."""

    def test_one_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "find", lambda engine: GONE if engine == "webkit" else HERE[CHROMIUM])
        assert browsers_for(ENGINES) == {CHROMIUM: HERE[CHROMIUM], FIREFOX: HERE[CHROMIUM], WEBKIT: GONE}

    def test_none_is_too_few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "find", lambda engine: GONE)
        with pytest.raises(UsageError, match=r"^--real: no MiniBrowser here; install it$"):
            browsers_for((WEBKIT,))

    def test_none_goes_by_the_letter(self) -> None:
        with pytest.raises(UsageError, match=r"^--real: no browser goes by the letter of the standard"):
            browsers_for((STANDARD,))

    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
    def test_safe_methods_need_no_warning(self, method: str) -> None:
        assert warning_before(ask("https://api.example/", origin=PAGE, method=method), HERE) is None

    def test_others_do(self) -> None:
        question = ask("https://api.example/", origin=PAGE, method="DELETE")
        assert warning_before(question, {**HERE, WEBKIT: GONE}) == (
            "With --real DELETE may reach the server 3 times: for this check, and once more from Chromium and Firefox."
        )


class TestCalls:
    """What a browser is told to do."""

    def test_the_call_is_the_question(self, theatre: Theatre) -> None:
        granted = answer(204, ALLOW, ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "X-Key"))
        asked(
            predicted(granted, answer(200, ALLOW), method="PUT", headers=["X-Key: \xe9"], data="body", redirect="error")
        )
        assert [engine for engine, _, _ in theatre.asked] == ["chromium", "firefox", "webkit"]
        _, call, setting = theatre.asked[0]
        assert call == Call(
            url="https://api.example/users/42",
            method="PUT",
            headers=(("X-Key", "\xe9"),),
            body="body",
            redirect="error",
        )
        assert (str(setting.page), setting.frame, setting.insecure) == ("https://app.example/", "page", False)
        assert setting.reachable == {("api.example", 443)}

    def test_a_null_origin_is_a_frames(self, theatre: Theatre) -> None:
        found = asked(predicted(answer(200, ("Access-Control-Allow-Origin", "null")), origin="null"))
        _, _, setting = theatre.asked[0]
        assert (str(setting.page), setting.frame) == ("http://crossorigin.test/", "sandboxed")
        real = found.real[CHROMIUM]
        assert isinstance(real, Asked)
        assert (
            "The call was made in a sandboxed frame of http://crossorigin.test/, whose origin is null." in real.emulated
        )

    def test_redirects_may_be_followed_whether_the_prediction_did_or_not(self, theatre: Theatre) -> None:
        asked(predicted(answer(302, ALLOW_ALL, ("Location", "http://cdn.example:8000/")), redirect="manual"))
        assert theatre.asked[0][2].reachable == {("api.example", 443), ("cdn.example", 8000)}

    def test_options(self, theatre: Theatre) -> None:
        options = TransportOptions(
            timeout=3, max_body=1000, verify=False, resolve=(Resolve("api.example", 443, "127.0.0.1"),)
        )
        asked(predicted(answer(200, ALLOW)), options=options)
        setting = theatre.asked[0][2]
        assert setting.insecure
        assert setting.resolve == options.resolve
        assert setting.limits == Limits(timeout=3, longest_response=2000 + 2**20, longest_request=6000 + 2**20)


class TestNotAsked:
    """Nothing that would mislead."""

    @pytest.mark.parametrize(
        ("answers", "why"),
        [
            ([failure()], "there was no complete HTTP answer, so there is nothing that a browser could add"),
            (
                [answer(302, ALLOW_ALL, ("Location", f"{PAGE}/back")), answer(200, ALLOW_ALL)],
                "a redirect leads to the page's own origin, where the stand-in answers instead of the site",
            ),
        ],
    )
    def test_any(self, theatre: Theatre, answers: list[Answer], why: str) -> None:
        assert asked(predicted(*answers)).real == dict.fromkeys(ENGINES, NotAsked(why))
        assert theatre.asked == []

    @pytest.mark.parametrize(("scheme", "called"), [("http", 0), ("https", 3)])
    def test_a_proxys_status(self, theatre: Theatre, scheme: str, called: int) -> None:
        asked(predicted(answer(407, ALLOW_ALL), url=f"{scheme}://api.example/", origin="http://app.example"))
        assert len(theatre.asked) == called

    def test_one_that_is_missing(self, theatre: Theatre) -> None:
        found = asked(predicted(answer(200, ALLOW)), {**HERE, WEBKIT: GONE})
        assert found.real[WEBKIT] == NotAsked("no MiniBrowser here; install it")
        assert len(theatre.asked) == 2
        assert found.allowed_for_real

    def test_one_that_fails(self, theatre: Theatre) -> None:
        theatre.seen = (BrowserError("chromium", "starting", "it ended"), ALLOWED)
        found = asked(predicted(answer(200, ALLOW)))
        assert found.real[CHROMIUM] == NotAsked("chromium, starting: it ended")
        assert isinstance(found.real[FIREFOX], Asked)


class TestAnswers:
    """What is made of what a browser did."""

    def test_as_predicted(self, theatre: Theatre) -> None:
        real = asked(predicted(answer(200, ALLOW))).real[CHROMIUM]
        assert isinstance(real, Asked)
        assert real.differences == ()
        assert (real.program, real.version, real.allowed) == ("/usr/bin/chromium", "Chromium 1", True)

    def test_otherwise(self, theatre: Theatre) -> None:
        theatre.seen = (
            replace(
                ALLOWED,
                outcome=Outcome(blocked=True),
                error="TypeError: no",
                console=(ConsoleMessage("blocked"),),
                tunnels=(("::1", 443), ("api.example", 443)),
                troubles=("api.example:443: gone",),
                refused=("other.example:443",),
            ),
        )
        found = asked(predicted(answer(200, ALLOW)))
        assert found.allowed
        assert not found.allowed_for_real
        real = found.real[CHROMIUM]
        assert isinstance(real, Asked)
        assert (real.error, real.console, real.tunnels) == ("", ("blocked",), ("[::1]:443", "api.example:443"))
        assert real.differences == (
            "predicted not blocked (cors, status 200), really blocked",
            "line 1 of the console: predicted none, really 'blocked'",
            "the proxy in between: api.example:443: gone",
            (
                "the proxy in between lets through only what the check met on its way, and was also asked for "
                "other.example:443"
            ),
        )

    def test_a_certificate_that_the_browser_does_not_trust(self, theatre: Theatre) -> None:
        text = "Failed to load resource: net::ERR_CERT_AUTHORITY_INVALID"
        background = ("http://clients2.google.com/time", "update.googleapis.com:443", "x.services.mozilla.com:443")
        blocked = Outcome(blocked=True)
        theatre.seen = (replace(ALLOWED, outcome=blocked, console=(ConsoleMessage(text),), refused=background),)
        real = asked(predicted(answer(200, ALLOW))).real[CHROMIUM]
        assert isinstance(real, Asked)
        assert real.differences[2:] == (
            (
                "the browser does not trust the server's certificate, and this check did, by SSL_CERT_FILE or the "
                "system's store: let the browser know the authority, or use --insecure"
            ),
        )

    def test_what_is_emulated(self, theatre: Theatre) -> None:
        def last(found: Report) -> list[str]:
            return [real.emulated[-1] for real in found.real.values() if isinstance(real, Asked)]

        any_one = "It accepted any certificate: it cannot be told to trust only the stand-in's."
        verified = f"{any_one} The server's own was verified by this check before."
        by_key = "It trusted the stand-in's certificate by its key, and judged all others itself."
        assert last(asked(predicted(answer(200, ALLOW)))) == [by_key, verified, verified]
        assert last(asked(predicted(answer(200, ALLOW), url="http://localhost/"))) == [by_key, any_one, any_one]
        insecure = TransportOptions(verify=False)
        told = "It accepted any certificate, as --insecure says."
        assert last(asked(predicted(answer(200, ALLOW)), options=insecure)) == [told] * 3
        (plain,) = set(last(asked(predicted(answer(200, ALLOW_ALL), origin="http://app.example"))))
        assert plain.startswith("Through a proxy a browser knows no addresses")
