"""What the engines make of recordings: real ones of three browsers, and by hand what those do not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.browser.drive import run
from crossorigin.doctor.explained import Explanation, explain
from crossorigin.doctor.har import read_har
from crossorigin.doctor.playback import NotRecordedError, Playback
from crossorigin.doctor.recorded import Recording
from crossorigin.doctor.recorded_calls import recorded_calls
from crossorigin.doctor.replay import Replayed, replay
from crossorigin.doctor.transcript import read_transcript
from crossorigin.fetch import CHROMIUM, ENGINES, FIREFOX, WEBKIT
from crossorigin.fetch.main_fetch import fetch
from crossorigin.web.origins import TupleOrigin

from . import hars
from .hars import ALLOW, API, FROM_PAGE, GRANT, PAGE, PROVISIONAL, PROXY, code_of, entry, preflight, recording, replayed
from .recordings.scenarios import SCENARIOS, Scenario

CREDENTIALED = (*GRANT, ("Access-Control-Allow-Credentials", "true"))
NAMES = ("chromium", "firefox", "webkit")
FAILED = "net::ERR_FAILED"


def explained(name: str) -> Explanation:
    return explain(read_har((Path(__file__).parent / "recordings" / f"{name}.har").read_bytes()))


EXPLAINED = {name: explained(name) for name in NAMES}


class TestBrowsers:
    """Real recordings of Chromium 156, Firefox 153 and WebKitGTK: the code of each call follows from the server."""

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.path)
    def test_of(self, name: str, scenario: Scenario) -> None:
        url = scenario.recorded.get(name, scenario.url)
        groups = [group for group in EXPLAINED[name].groups if group.first.call.first.url.href == url]
        code = scenario.codes[NAMES.index(name)]
        if not code:
            assert groups == []
            return
        (group,) = groups
        assert len(group.calls) == scenario.times
        assert group.first.is_blocked is (code != "?")
        assert (group.code.value if group.code else "?") == code

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_else_is_found(self, name: str) -> None:
        known = {scenario.recorded.get(name, scenario.url) for scenario in SCENARIOS}
        assert {group.first.call.first.url.href for group in EXPLAINED[name].groups} <= known
        counts = [scenario.codes[NAMES.index(name)] for scenario in SCENARIOS for _ in range(scenario.times)]
        assert EXPLAINED[name].unexplained == counts.count("?")
        assert EXPLAINED[name].blocked == sum(code not in {"", "?"} for code in counts)

    @pytest.mark.parametrize(("name", "profile"), list(zip(NAMES, ENGINES, strict=True)))
    def test_the_recorder_is_the_judge(self, name: str, profile: Any) -> None:
        reports = [group.first.report for group in EXPLAINED[name].groups if group.first.report is not None]
        assert reports
        assert all(list(report.results) == [profile] for report in reports)

    def test_what_the_browser_said_is_on_the_report(self) -> None:
        said = {
            group.first.call.first.url.path: group.first.report.seen_error
            for group in EXPLAINED["chromium"].groups
            if group.first.report is not None
        }
        assert said["/nothing"] == FAILED
        assert said["/refused"] == "net::ERR_CONNECTION_REFUSED"
        assert said["/policy"] == "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"
        assert said["/moved"] == "net::ERR_INVALID_REDIRECT"

    def test_where_webkit_kept_no_answer_its_words_speak(self) -> None:
        by_path = {group.first.call.first.url.path: group.first for group in EXPLAINED["webkit"].groups}
        found = by_path["/no-route"]
        assert found.report is None
        assert found.reading is not None
        assert found.reading.recognised.text == "Preflight response is not successful. Status code: 404"
        assert found.reading.recognised.url == "http://127.0.0.1:8502/no-route"


def put(**more: Any) -> dict[str, Any]:
    """A PUT that Chromium did not send."""
    return entry(method="PUT", **{"sent": PROVISIONAL, "status": 0, "_error": FAILED, **more})


class TestChromium:
    """What it says is believed; why is what the answers show."""

    def test_what_it_let_through_is_not_judged(self) -> None:
        # Whatever the headers look like: a service worker or an extension may have had a hand in it.
        assert replayed(entry(_error=None)) is None

    def test_what_nobody_waited_for_is_not_judged(self) -> None:
        assert replayed(entry(_error="net::ERR_ABORTED")) is None

    def test_a_failed_preflight(self) -> None:
        found = replayed(put(), preflight(status=401, got=ALLOW, _error=None))
        assert code_of(found) == "B210"
        assert found is not None
        assert (found.notes, found.missing) == ((), ())
        assert found.report is not None
        assert found.report.preflight_needed
        assert found.report.standard is not None

    def test_it_is_no_preflight_that_was_passed(self) -> None:
        found = replayed(put(), preflight(got=CREDENTIALED, _error=None))
        assert found is not None
        assert not found.is_blocked
        assert found.missing == (f"The answer to PUT {API} was not recorded.",)

    def test_the_preflight_was_left_out_of_the_export(self) -> None:
        found = replayed(put())
        assert found is not None
        assert found.missing == (f"The answer to the preflight OPTIONS {API} was not recorded.",)
        assert found.report is None

    def test_the_preflight_was_remembered(self) -> None:
        found = replayed(put(sent=(*FROM_PAGE, ("X-Token", "t")), status=200, got=(("x", "1"),)))
        assert code_of(found) == "B301"
        assert found is not None
        (note,) = found.notes
        assert note.startswith("No preflight was recorded: the browser remembered an earlier answer, or ")

    def test_a_preflight_for_an_upload(self) -> None:
        # XMLHttpRequest with listeners on `upload`: neither the method nor a header asks for it.
        post = put(sent=(("Referer", f"{PAGE}/"),), request={"method": "POST", "bodySize": 2})
        asked = preflight(asks="POST", names="", status=404, got=(), _error=None)
        found = replayed(post, asked)
        assert code_of(found) == "B201"
        assert found is not None
        assert found.report is not None
        (reason,) = found.report.preflight_reasons
        assert "upload listeners" in reason.sentence

    def test_a_preflight_alone(self) -> None:
        # Chromium writes no error for a preflight that was answered, whatever the answer was.
        assert code_of(replayed(preflight(status=404, got=(), _error=None))) == "B201"
        assert replayed(preflight(_error=None)) is None

    def test_a_status_that_was_sent_in_vain(self) -> None:
        # Neither the answer nor the preflight was kept.
        assert code_of(replayed(put(status=200, _error="net::ERR_BLOCKED_BY_ORB"))) is None


class TestSupposed:
    """The modes of a call are in no recording: what fits the browser's verdict, and alone does, is taken for it."""

    ALL = (("access-control-allow-origin", "*"),)

    def test_credentials(self) -> None:
        found = replayed(entry(got=self.ALL, _error=FAILED))
        assert code_of(found) == "B302"
        assert found is not None
        assert found.question.credentials == "include"
        (note,) = found.notes
        assert note.startswith('Taken for a call with credentials mode "include", which the recording does not show')

    def test_credentials_of_a_preflight(self) -> None:
        found = replayed(put(), preflight(_error=None))
        assert code_of(found) == "B207"

    def test_not_where_nobody_said_that_it_failed(self) -> None:
        assert replayed(entry(got=self.ALL), creator=hars.FIREFOX) is None

    def test_not_where_the_mode_is_known(self) -> None:
        read = recording(entry(got=self.ALL, _error=FAILED))
        (call,) = recorded_calls(read)
        found = replay(call, read, credentials="omit")
        assert found is not None
        assert not found.is_blocked

    def test_a_cookie_shows_it(self) -> None:
        found = replayed(entry(sent=(*FROM_PAGE, ("Cookie", "a=b")), got=self.ALL), creator=hars.FIREFOX)
        assert code_of(found) == "B302"
        assert found is not None
        assert found.notes == ()

    def test_redirect(self) -> None:
        both = (*ALLOW, ("access-control-allow-credentials", "true"), ("Location", "/there"))
        found = replayed(entry(status=302, got=both, _error=FAILED))
        assert code_of(found) == "B401"
        assert found is not None
        assert found.question.redirect == "error"

    def test_several_are_none(self) -> None:
        found = replayed(entry(status=302, got=(*ALLOW, ("Location", "/there")), _error=FAILED))
        assert found is not None
        assert not found.is_blocked
        (missing,) = found.missing
        assert missing.startswith("The recorded answers fit several reasons, and the recording does not show which: ")
        assert missing.endswith('credentials mode "include" (B307) or redirect mode "error" (B401).')

    def test_nothing_fits(self) -> None:
        both = (*ALLOW, ("access-control-allow-credentials", "true"))
        found = replayed(entry(got=both, _error=FAILED))
        assert found is not None
        assert not found.is_blocked
        assert found.missing == (
            "The recorded answers do not show why: nothing in them blocks this call, and yet it failed.",
        )
        # What the engine made of it is there, for whoever knows more of the error.
        assert found.report is not None
        assert found.report.allowed
        assert found.report.seen_error == FAILED


class TestStopped:
    """What stopped the request before the network is no failure of the network, and no CORS."""

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            ("net::ERR_BLOCKED_BY_CLIENT", "An extension of the browser"),
            ("net::ERR_BLOCKED_BY_CSP", "Content Security Policy"),
            ("net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS", "Local Network Access"),
        ],
    )
    def test_by_the_browser(self, error: str, words: str) -> None:
        found = replayed(entry(status=0, _error=error))
        assert code_of(found) == "B601"
        assert found is not None
        assert found.report is not None
        assert found.report.failure is not None
        assert found.report.failure.kind.value == "stopped"
        assert found.report.seen_error == error
        assert found.reading is not None
        assert words in found.reading.meaning

    def test_by_something_that_has_no_words_of_its_own(self) -> None:
        found = replayed(entry(status=0, _error="net::ERR_BLOCKED_BY_ADMINISTRATOR"))
        assert code_of(found) == "B601"
        assert found is not None
        assert found.reading is None

    def test_a_preflight(self) -> None:
        found = replayed(put(), preflight(status=0, got=(), _error="net::ERR_BLOCKED_BY_CLIENT"))
        assert code_of(found) == "B601"
        assert found is not None
        assert found.report is not None
        assert found.report.seen_error == "net::ERR_BLOCKED_BY_CLIENT"

    def test_an_answer_that_was_kept_back(self) -> None:
        # Opaque response blocking comes after an answer, which Chromium does not record.
        sent = (("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", "no-cors"))
        found = replayed(entry(sent=sent, got=(), _error="net::ERR_BLOCKED_BY_ORB"))
        assert found is not None
        assert found.is_blocked
        assert found.report is None
        assert found.reading is not None
        assert "opaque response blocking" in found.reading.meaning

    def test_where_the_answer_shows_it_the_words_add_nothing(self) -> None:
        sent = (("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", "no-cors"))
        policy = (("Cross-Origin-Resource-Policy", "same-origin"),)
        found = replayed(entry(sent=sent, got=policy, _error="net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"))
        assert code_of(found) == "B501"
        assert found is not None
        assert found.reading is None

    @pytest.mark.parametrize("error", ["net::ERR_OF_THE_FUTURE", "something", "net::ERR_FAILED"])
    def test_words_that_say_nothing(self, error: str) -> None:
        found = replayed(entry(status=0, _error=error))
        assert found is not None
        assert not found.is_blocked
        assert found.reading is None
        assert found.missing == (f"The answer to GET {API} was not recorded.",)


NOT_ALLOWED = f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200"
NULL_NOT_ALLOWED = NOT_ALLOWED.replace(PAGE, "null")


class TestWebKit:
    """Its words, in the light of the request."""

    @pytest.mark.parametrize(
        ("made", "codes"),
        [
            (entry(status=0, _error=NOT_ALLOWED), "B301 B305 B304 B303"),
            (entry(method="PUT", status=0, _error=NOT_ALLOWED), "B301 B305 B304 B201 B205 B204 B303 B203"),
            # The first of several URLs, and an origin that has become null on the way.
            (entry(status=0, _error=NULL_NOT_ALLOWED), "B306 B301 B305 B304 B303"),
            (
                entry(sent=(("Origin", "null"), ("Referer", f"{PAGE}/")), status=0, _error=NULL_NOT_ALLOWED),
                "B306 B301 B305 B304 B303",
            ),
        ],
    )
    def test_codes(self, made: dict[str, Any], codes: str) -> None:
        found = replayed(made, creator=hars.WEBKIT)
        assert found is not None
        assert found.reading is not None
        assert " ".join(code.value for code in found.reading.recognised.codes) == codes

    def test_an_opaque_origin_is_null_from_the_start(self) -> None:
        found = replayed(entry(sent=(("Origin", "null"),), status=0, _error=NULL_NOT_ALLOWED), creator=hars.WEBKIT)
        assert found is not None
        assert found.reading is not None
        assert found.reading.code is not None
        assert found.reading.code.value == "B301"
        assert "sandbox" in found.reading.advice

    def test_the_network(self) -> None:
        found = replayed(put(_error="Could not connect to the server."), creator=hars.WEBKIT)
        assert code_of(found) == "B601"
        assert found is not None
        assert (found.reading, found.notes) == (None, ())


class TestFirefox:
    """It says nothing: every call is judged, and what was not answered is not known."""

    def test_blocked(self) -> None:
        assert code_of(replayed(entry(), creator=hars.FIREFOX)) == "B301"

    def test_not_blocked(self) -> None:
        assert replayed(entry(got=ALLOW), creator=hars.FIREFOX) is None

    def test_unknown(self) -> None:
        found = replayed(entry(status=0), creator=hars.FIREFOX)
        assert found is not None
        assert found.missing == (
            f"The answer to GET {API} was not recorded.",
            "Why it failed was not recorded either; the browser's console had the reason.",
        )

    def test_a_redirect_that_was_not_followed(self) -> None:
        # Perhaps with redirect mode "manual": nobody says that it failed.
        assert replayed(entry(status=302, got=(*ALLOW, ("Location", "/a"))), creator=hars.FIREFOX) is None

    def test_a_page_may_read_its_own(self) -> None:
        assert replayed(entry(f"{PAGE}/own"), creator=hars.FIREFOX) is None
        assert replayed(entry(f"{PAGE}/own", status=0), creator=hars.FIREFOX) is not None

    @pytest.mark.parametrize("mode", ["navigate", "websocket"])
    def test_what_is_no_call(self, mode: str) -> None:
        sent = (("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", mode))
        assert replayed(entry(sent=sent, status=0), creator=hars.FIREFOX) is None

    def test_a_policy_for_those_without_cors(self) -> None:
        sent = (("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", "no-cors"))
        policy = (("Cross-Origin-Resource-Policy", "same-origin"),)
        assert code_of(replayed(entry(sent=sent, got=policy), creator=hars.FIREFOX)) == "B501"
        assert replayed(entry(sent=sent), creator=hars.FIREFOX) is None

    def test_a_missing_start(self) -> None:
        tainted = entry(sent=(("Origin", "null"), ("Referer", f"{PAGE}/")), got=ALLOW)
        found = replayed(tainted, creator=hars.FIREFOX)
        assert found is not None
        assert found.report is None
        assert found.missing[0] == "A redirect led here that was not recorded: the origin has become null on the way."


class TestProxies:
    """Whose browser it was nobody knows: all engines judge."""

    def test_all(self) -> None:
        found = replayed(entry(), creator=PROXY)
        assert found is not None
        assert found.report is not None
        assert set(found.report.results) == {CHROMIUM, FIREFOX, WEBKIT}

    def test_they_may_part(self) -> None:
        # Chromium and Firefox look at the origin before the status, WebKit after it.
        found = replayed(preflight(status=404, got=()), creator=PROXY)
        assert found is not None
        assert found.report is not None
        codes = {
            profile.name: result.error and result.error.code.value for profile, result in found.report.results.items()
        }
        assert codes == {"chromium": "B201", "firefox": "B201", "webkit": "B210"}

    def test_a_preflight_that_passed_is_no_failure(self) -> None:
        assert replayed(preflight(), creator=PROXY) is None

    def test_a_call_without_a_page(self) -> None:
        assert replayed(entry(sent=()), creator=PROXY) is None


REQUEST = f"> PUT /users HTTP/1.1\n> Host: api.example\n> Origin: {PAGE}\n> X-Token: t\n>\n"


class TestTranscripts:
    """A person asked, and sent no preflight unless it is there."""

    @staticmethod
    def told(got: str, **more: Any) -> Replayed | None:
        read = read_transcript(f"{REQUEST}< HTTP/1.1 200 OK\n{got}<\n")
        (call,) = recorded_calls(read)
        return replay(call, read, **more)

    def test_the_answer_itself_blocks(self) -> None:
        found = self.told("")
        assert code_of(found) == "B301"
        assert found is not None
        assert found.notes == (
            "A browser sends a preflight first, which is not recorded; this is the answer after it.",
        )

    def test_the_answer_alone_is_not_enough(self) -> None:
        found = self.told(f"< Access-Control-Allow-Origin: {PAGE}\n")
        assert found is not None
        assert not found.is_blocked
        assert found.missing == (
            "The recorded answer allows the page, and a browser asks first: the preflight (OPTIONS) was not recorded.",
        )

    def test_with_credentials(self) -> None:
        found = self.told(f"< Access-Control-Allow-Origin: {PAGE}\n", credentials="include")
        assert code_of(found) == "B307"

    def test_an_options_that_is_no_preflight(self) -> None:
        read = read_transcript(f"{REQUEST.replace('PUT', 'OPTIONS')}< HTTP/1.1 200 OK\n<\n")
        (call,) = recorded_calls(read)
        found = replay(call, read)
        assert code_of(found) == "B301"
        assert found is not None
        assert found.notes[0].startswith("OPTIONS without Access-Control-Request-Method is no preflight")

    def test_for_another_page(self) -> None:
        found = self.told("", origin=TupleOrigin("https", "other.example"))
        assert found is not None
        assert found.missing[0].endswith("ask again with -H 'Origin: https://other.example'.")


def headers() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    names = st.sampled_from(("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Vary", "Content-Type"))
    values = st.sampled_from((PAGE, "*", "null", "true", "Origin", "", "https://app.example/", "text/html"))
    return st.lists(st.tuples(names, values), max_size=4).map(tuple)


class TestShortCut:
    """What is told to have gone well without running an engine is what the engine lets through."""

    @given(
        got=headers(),
        status=st.sampled_from((200, 204, 304, 401, 404, 407, 421, 500)),
        cookie=st.booleans(),
        before=st.booleans(),
        mode=st.sampled_from(("cors", "no-cors", "same-origin")),
        name=st.sampled_from((hars.FIREFOX, PROXY)),
    )
    def test_they_agree(
        self, got: tuple[tuple[str, str], ...], status: int, cookie: bool, before: bool, mode: str, name: str
    ) -> None:
        sent = (("Origin", PAGE), ("Sec-Fetch-Mode", mode), *((("Cookie", "a=b"),) if cookie else ()))
        actual = entry(method="POST", sent=sent, got=got, status=status)
        asked = preflight(asks="POST", names="", got=CREDENTIALED)
        read = recording(*((actual, asked) if before and name == hars.FIREFOX else (actual,)), creator=name)
        (call,) = recorded_calls(read)
        found = replay(call, read)
        assert (found is not None and found.is_blocked) is any(blocks(read, profile) for profile in read.profiles)


def blocks(read: Recording, profile: Any) -> bool:
    """Whether the engine blocks what was recorded, asked without any short cut."""
    (call,) = recorded_calls(read)
    question = call.question()
    assert question is not None
    try:
        result = run(fetch(question.request(), question.agent(profile)), Playback(call))
    except NotRecordedError:
        return False
    return result.error is not None
