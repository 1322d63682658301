"""What a policy answers as text, to a request as WSGI has it."""

from __future__ import annotations

from tests.middleware.environ_client import APP, EVIL, each_case
from tests.policy.conftest import DecisionCase

from crossorigin.middleware.answers import Answers, facts_of_environ, merge_text
from crossorigin.policy import Policy, RequestFacts, decide
from crossorigin.policy.observe import Counters

POLICY = Policy(allow_origins=[APP], allow_methods=["PUT"], refuse_disallowed_origins=True)


def environ_of(case: DecisionCase) -> dict[str, str]:
    environ: dict[str, str] = {}
    for name, value in case.request_headers:
        key = f"HTTP_{name.decode().upper().replace('-', '_')}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


@each_case
def test_the_facts_lead_to_the_same_decision(case: DecisionCase) -> None:
    facts = facts_of_environ(environ_of(case), case.facts.method.decode(), "https")
    ours = decide(case.policy, facts)
    assert (ours.kind, ours.status, list(ours.response_headers)) == (case.kind, case.status, case.headers)


class TestAnswers:
    """The short way."""

    def test_a_preflight_of_the_own_pages_is_the_applications(self) -> None:
        environ = {"HTTP_ORIGIN": EVIL, "HTTP_HOST": "evil.test", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}
        answers = Answers(POLICY)
        assert answers.own_answer(environ, "OPTIONS", "https") is None
        assert answers.own_answer(environ, "OPTIONS", "http") is None
        assert answers.own_answer({**environ, "HTTP_HOST": "a.test"}, "OPTIONS", "https") is not None
        assert answers.own_answer(environ, "PUT", "https") is None

    def test_a_lookup_grants(self) -> None:
        answers = Answers(POLICY)
        environ = {"HTTP_ORIGIN": EVIL, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}
        assert answers.actual(EVIL, granted=True)[0] == ("access-control-allow-origin", EVIL)
        assert answers.own_answer(environ, "PUT", "https") == (403, (("vary", "Origin"),))
        assert answers.own_answer(environ, "PUT", "https", granted=True) is None
        preflight = answers.own_answer(environ, "OPTIONS", "https", granted=True)
        assert preflight is not None
        assert preflight[0] == 204

    def test_what_is_not_latin_1_is_nobodys_origin(self) -> None:
        assert Answers(POLICY).actual("https://app.example.com\u2028") == (("vary", "Origin"),)


def test_merge_text_reports_what_it_replaces() -> None:
    replaced: list[bytes] = []
    fields = (("access-control-allow-origin", APP), ("vary", "Origin"))
    own = [("Vary", "Accept"), ("Access-Control-Allow-Origin", "*"), ("X", "\xe9")]
    merged = merge_text(own, fields, lambda name, value: replaced.append(name))
    assert merged == [("Vary", "Accept, Origin"), ("X", "\xe9"), ("access-control-allow-origin", APP)]
    assert replaced == [b"access-control-allow-origin"]
    assert merge_text([("X", "\u20ac")], fields, lambda name, value: None) == [("X", "\u20ac"), *fields]
    assert merge_text([], (), lambda name, value: None) == []


def test_an_observer_is_told() -> None:
    counters = Counters()
    Answers(POLICY).observe(counters, {"HTTP_ORIGIN": EVIL}, "PUT", "https", granted=False)
    Answers(POLICY).observe(counters, {"HTTP_ORIGIN": EVIL}, "PUT", "https", granted=True)
    assert (counters.snapshot()["actual:origin"], counters.snapshot()["actual:allowed"]) == (1, 1)


def test_no_facts() -> None:
    assert facts_of_environ({}, "GET", "http") == RequestFacts(method=b"GET")
