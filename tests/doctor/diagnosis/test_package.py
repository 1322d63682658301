"""The diagnosis as a whole: how causes are ranked, and what holds for whatever a server answers."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.causes import HIGH, Cause, CauseCode
from crossorigin.doctor.diagnosis import MOST, diagnose
from crossorigin.doctor.diagnosis.answers import allow_origins, allows, speaks_cors
from crossorigin.doctor.question import Question, ask
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin
from crossorigin.web.statuses import is_ok_status

from ..conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, OUTCOMES, PAGE, VARY, Answer, answer  # noqa: TID252
from .cases import Found, check_and_diagnose, diagnosed, origin_of, site

PAGES = [PAGE, "http://localhost:3000", "http://app.example", "null", "https://app.example:8443"]
NAMES = [
    "Access-Control-Allow-Origin",
    "access-control-allow-origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    *("Vary", "Location", "Set-Cookie", "Server", "Age", "X-Cache", "Content-Type", "Content-Encoding", "Allow"),
    *("WWW-Authenticate", "X-Rack-CORS", "x-amz-request-id", "x-amzn-requestid", "Cross-Origin-Resource-Policy"),
]
VALUES = [
    *("*", "null", "", "true", "True", PAGE, f"{PAGE}/", "http://app.example", "https://other.example"),
    *("http://localhost:3000", "http://127.0.0.1:3000", "http://localhost:5173", f"{PAGE}, {PAGE}", "https://[", "/x/"),
    *("GET, PUT", "patch, PATCH", "content-type, x-key", "x-a;x-b", "Origin", "Accept, Origin", "HIT", "600"),
    *("https://login.example/authorize", "https://api.example/users/42", "http://api.example/x", "ftp://a/", "nginx"),
    *("uvicorn", "image/png", "gzip", "miss; no-origin", "a=b; SameSite=None", "same-origin", "access-control-max-age"),
]
BODIES = [
    b"",
    b"Disallowed CORS origin, headers",
    b"Invalid CORS request",
    b"CORS preflight request failed: request method 'PUT' is not allowed for 'x' origin",
    b"Traceback (most recent call last)",
    b"CORSResponse: This CORS request is not allowed.",
    b'{"message":"Missing Authentication Token"}',
    b"CSRF token mismatch",
    b"Client sent an HTTP request to an HTTPS server.",
]

values = st.sampled_from(VALUES).map(str.encode) | st.binary(max_size=20).map(
    # No header holds the first three, and the others would look like a hole in a sentence.
    lambda value: value.translate(None, b"\r\n\0{} .,").strip()
)
headers = st.lists(st.tuples(st.sampled_from(NAMES).map(str.encode), values), max_size=6).map(HeaderList)
statuses = st.sampled_from(
    [200, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 421, 429, 500, 502, 503]
) | st.integers(100, 999)
responses = st.builds(HTTPResponse, statuses, headers, st.sampled_from(BODIES) | st.binary(max_size=40), values)
failures = st.builds(
    TransportFailure, st.sampled_from(TransportFailureKind), st.just("It failed."), st.none() | responses
)
answers: st.SearchStrategy[Answer] = responses | responses | responses | failures
fields = st.sampled_from(
    [
        *("Content-Type: application/json", "X-Key: 1", "Authorization: Bearer secret", "Access-Control-Max-Age: 1"),
        *("Access-Control-Allow-Origin: *", "DPR: 2", "If-None-Match: x", "Accept: text/html"),
    ]
)


CREDENTIALS: list[Literal["omit", "same-origin", "include"]] = ["omit", "same-origin", "include"]
MODES: list[Literal["cors", "no-cors", "same-origin"]] = ["cors", "cors", "cors", "no-cors", "same-origin"]
REDIRECTS: list[Literal["follow", "error", "manual"]] = ["follow", "follow", "error", "manual"]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Every question that can be asked."""
    method = draw(st.sampled_from(["GET", "HEAD", "POST", "PUT", "patch", "PATCH", "DELETE", "purge"]))
    credentials = draw(st.sampled_from(CREDENTIALS))
    mode = draw(st.sampled_from(MODES))
    return ask(
        draw(
            st.sampled_from([API, "http://localhost:8080/users?callback=f", "https://api.example/", "http://a.test/x/"])
        ),
        origin=draw(st.sampled_from(PAGES)),
        method=method if mode != "no-cors" else draw(st.sampled_from(["GET", "POST"])),
        headers=draw(st.lists(fields, max_size=3)),
        credentials=credentials,
        mode=mode,
        redirect=draw(st.sampled_from(REDIRECTS)),
        cookie=None if credentials == "omit" else draw(st.sampled_from([None, "session=secret"])),
    )


class Whatever:
    """A server that gives each question its own answer, and the same one every time."""

    def __init__(self, given_answers: list[Answer]) -> None:
        self.answers = given_answers

    def __call__(self, request: HTTPRequest) -> Answer:
        asked = repr((request.method, request.url.href, request.headers)).encode()
        return replace(self.answers[zlib.crc32(asked) % len(self.answers)])


engines = st.sampled_from([(STANDARD,), (CHROMIUM,), (FIREFOX,), (WEBKIT,), (CHROMIUM, FIREFOX, WEBKIT)])
worlds = st.lists(answers, min_size=1, max_size=6)


@given(questions(), worlds, engines, st.booleans())
def test_whatever_a_server_answers(
    question: Question, given_answers: list[Answer], profiles: tuple[Profile, ...], probes: bool
) -> None:
    """Nothing is raised, and all that is promised of causes and of second probes holds."""
    found = check_and_diagnose(question, Whatever(given_answers), profiles, probes=probes)
    again = check_and_diagnose(question, Whatever(given_answers), profiles, probes=probes)
    assert (found.causes, found.probes) == (again.causes, again.probes)
    if not found.report.allowed:
        assert found.causes
    hold_of_causes(found.causes)
    hold_of_probes(found.probes)
    assert probes or not found.probes
    hold_of_facts(found)


def hold_of_causes(causes: tuple[Cause, ...]) -> None:
    assert len({cause.code for cause in causes}) == len(causes)
    for one, other in pairwise(causes):
        assert (-one.confidence, one.code) < (-other.confidence, other.code)
    for cause in causes:
        assert 0 < cause.confidence <= 1
        assert cause.evidence
        for line in cause.evidence:
            assert line.strip() == line != ""
            assert not line.endswith(".")
        assert cause.fix.isprintable()
        assert cause.fix.endswith(".")
        assert cause.fix[0].isupper()
        for hole in ("{", "}", "None", "  ", "..", " ,", " ."):
            assert hole not in cause.fix.replace("SameSite=None", "")
        assert "Access-Control-Allow-Origin: null" not in cause.fix


def hold_of_probes(probes: tuple[HTTPRequest, ...]) -> None:
    assert len(probes) <= MOST
    assert len(set(probes)) == len(probes)
    for request in probes:
        assert request.method in {b"GET", b"OPTIONS"}
        assert not request.include_credentials
        assert request.body is None
        names = {name.lower() for name in request.headers.names()}
        assert names <= {
            b"accept",
            b"accept-encoding",
            b"origin",
            b"access-control-request-method",
            b"access-control-request-headers",
        }
        assert b"secret" not in repr(request.headers).encode()


Seen = tuple[Found, HTTPRequest | None, HTTPResponse | None]


def lacks_leave(seen: Seen) -> bool:
    """The failing answer gives the page no leave, and the page has an origin to give it to."""
    found, _, reply = seen
    page = found.report.question.origin
    return reply is not None and not allows(reply, page.serialize()) and not isinstance(page, OpaqueOrigin)


def is_refused_preflight(seen: Seen) -> bool:
    """A preflight failed, and if its status was well it was not CORS that gave it."""
    _, request, reply = seen
    is_preflight = request is not None and request.role == "preflight"
    return is_preflight and (reply is None or not is_ok_status(reply.status) or not allow_origins(reply))


def is_refused(seen: Seen) -> bool:
    """Nothing was answered, or a refusal."""
    reply = seen[2]
    return reply is None or reply.status >= 400


def nothing_speaks_cors(seen: Seen) -> bool:
    """No answer of the server to the page speaks of CORS, and no second probe has leave."""
    found, request, _ = seen
    page = found.report.question.origin.serialize()
    assert request is not None
    for exchange in found.report.main.exchanges:
        of_it = exchange.request.url.origin == request.url.origin and origin_of(exchange.request) == page
        if of_it and exchange.response is not None and speaks_cors(exchange.response):
            return False
    return not any(allows(answered, page) for answered in found.answered)


def has_leave_elsewhere(seen: Seen) -> bool:
    """A second probe has leave."""
    found = seen[0]
    return any(allows(answered, found.report.question.origin.serialize()) for answered in found.answered)


def has_no_answer(seen: Seen) -> bool:
    """Nothing was answered, or what several Location have made of it."""
    error = seen[0].report.main.error
    return error is not None and (error.failure is not None or error.code is BlockCode.LOCATION_UNPARSABLE)


def is_error(seen: Seen) -> bool:
    """The failing answer is an error of those that proxies and crashes give."""
    reply = seen[2]
    return reply is not None and (reply.status in {407, 413, 429, 431} or reply.status >= 500)


def is_tainted(seen: Seen) -> bool:
    """The origin is null on the wire, and the page has one."""
    found, request, reply = seen
    is_null = request is not None and origin_of(request) == "null"
    return is_null and reply is not None and not isinstance(found.report.question.origin, OpaqueOrigin)


def is_null_without_leave(seen: Seen) -> bool:
    """The page has no origin, and null was not allowed."""
    found, _, reply = seen
    is_null = isinstance(found.report.question.origin, OpaqueOrigin)
    return is_null and reply is not None and not allows(reply, "null")


def has_several(seen: Seen) -> bool:
    """More than one origin stands there."""
    return seen[2] is not None and b"," in b",".join(allow_origins(seen[2]))


def has_none(seen: Seen) -> bool:
    """No origin stands there."""
    return seen[2] is not None and not allow_origins(seen[2])


FACTS: dict[CauseCode, Callable[[Seen], bool]] = {
    CauseCode.UNREACHABLE: has_no_answer,
    CauseCode.BROKEN_ANSWER: has_no_answer,
    CauseCode.NO_ORIGIN: is_null_without_leave,
    CauseCode.NO_ROUTE: is_refused_preflight,
    CauseCode.AUTHENTICATION: is_refused_preflight,
    CauseCode.FIREWALL: is_refused,
    CauseCode.GATEWAY: is_refused_preflight,
    CauseCode.NO_CORS_CONFIGURED: nothing_speaks_cors,
    CauseCode.ORIGIN_NOT_ALLOWED: lacks_leave,
    CauseCode.ORIGIN_MISSPELT: lacks_leave,
    CauseCode.ORIGIN_TWIN: lacks_leave,
    CauseCode.TWO_LAYERS: has_several,
    CauseCode.PREFLIGHT_ONLY: has_none,
    CauseCode.SOME_ANSWERS: lacks_leave,
    CauseCode.APPLICATION_ERROR: is_error,
    CauseCode.PROXY_ERROR: is_error,
    CauseCode.SHARED_CACHE: has_leave_elsewhere,
    CauseCode.TAINTED_ORIGIN: is_tainted,
}
"""What can be seen in the dialogue where a cause is asserted."""


def hold_of_facts(found: Found) -> None:
    error, exchanges = found.report.main.error, found.report.main.exchanges
    failing = None if error is None or error.step.exchange is None else exchanges[error.step.exchange]
    seen = (found, None, None) if failing is None else (found, failing.request, failing.response)
    for cause in found.causes:
        if cause.confidence >= HIGH and cause.code in FACTS:
            assert FACTS[cause.code](seen), cause


class TestRanking:
    """The surest first; of equally sure ones the lower code; of one code the surer."""

    def test_order(self) -> None:
        found = diagnosed(site(OPTIONS=answer(501), GET=answer(200, ALLOW)), **JSON)
        assert [(cause.code, cause.sureness) for cause in found.causes] == [
            (CauseCode.NO_ROUTE, "certain"),
            (CauseCode.APPLICATION_ERROR, "likely"),
        ]

    def test_equally_sure(self) -> None:
        # Both 0.97: the header on the request, and the route.
        found = diagnosed(site(OPTIONS=answer(405), GET=answer(200, ALLOW)), headers=["Access-Control-Max-Age: 1"])
        assert found.codes == [CauseCode.RESPONSE_HEADER_ON_REQUEST, CauseCode.NO_ROUTE]
        assert found.causes[0].confidence == found.causes[1].confidence

    def test_nothing_to_say_of_a_call_that_is_well(self) -> None:
        assert diagnosed(answer(200, ALLOW, VARY)).causes == ()


class TestSecondProbes:
    """None without somebody who sends them."""

    @pytest.mark.parametrize("name", OUTCOMES)
    def test_none_without_a_sender(self, name: str) -> None:
        assert diagnose(OUTCOMES[name]()) == diagnose(OUTCOMES[name](), None)

    @pytest.mark.parametrize("name", OUTCOMES)
    def test_every_outcome_that_is_not_allowed_has_a_cause(self, name: str) -> None:
        report = OUTCOMES[name]()
        assert report.allowed or diagnose(report)

    def test_none_for_what_is_certain(self) -> None:
        for certain in (
            diagnosed(answer(200, ALLOW_ALL), **INCLUDE),
            diagnosed(answer(200, ALLOW, ALLOW)),
            diagnosed(answer(204, ALLOW), **JSON),
            diagnosed(answer(302, ("Location", "/users/42/"))),
            diagnosed(answer(200), mode="no-cors"),
            diagnosed(answer(200, ALLOW, VARY)),
        ):
            assert certain.probes == ()

    def test_they_ask_as_the_page_without_its_secrets(self) -> None:
        found = diagnosed(
            site(OPTIONS=answer(403), GET=answer(200)),
            headers=["Authorization: Bearer secret"],
            cookie="a=secret",
            **INCLUDE,
        )
        assert found.asked == [f"GET {API} from {PAGE}"]
        hold_of_probes(found.probes)
