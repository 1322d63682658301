"""Scenarios whose outcome is worked out by hand, by the standard, played in each browser that is installed.

They check the theatre, not the browsers: that calls, answers, places, frames, cookies and the console are what they
seem to be. So they keep to what all browsers agree on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.installed import Engine

from .fill import fill_text
from .scenario import Answer, Reply, Scenario
from .server import Asked
from .theatre import Observed, Theatre

URL = "{foreign}/{id}/0"
NEXT = "{foreign}/{id}/1"
BLOCKED = Outcome(blocked=True)
LENGTH = ("content-length", "4")
ALLOW = ("Access-Control-Allow-Origin", "{page}")
ALLOW_ALL = ("Access-Control-Allow-Origin", "*")
ALLOW_NULL = ("Access-Control-Allow-Origin", "null")
ALLOW_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
ALLOW_PUT = ("Access-Control-Allow-Methods", "PUT")


PLAIN = Scenario("", ())
OVER_TLS = Scenario("", (), scheme="https")
IN_SANDBOX = Scenario("", (), frame="sandboxed")
IN_DATA = Scenario("", (), frame="data")


@dataclass(frozen=True)
class Case:
    """A scenario and what must come of it.

    `requests` read "PUT foreign/0 from {page}", or "OPTIONS foreign/0 from {page} asks PUT x-a,x-b"; without Origin
    there is no "from"; " with NAME=VALUE" is the Cookie. `says` is part of a console's line of the last call.
    """

    name: str
    calls: tuple[Call, ...]
    answers: tuple[Answer, ...]
    outcomes: tuple[Outcome, ...]
    requests: tuple[str, ...]
    extra: Scenario = PLAIN
    says: dict[Engine, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def scenario(self) -> Scenario:
        return replace(self.extra, name=self.name, calls=self.calls, answers=self.answers)


def call(url: str = URL, **how: object) -> Call:
    return Call(url=url, **how)  # type: ignore[arg-type]


def actual(*headers: tuple[str, str], status: int = 200) -> Answer:
    return Answer(Reply(status, headers))


def preflighted(*preflights: Reply) -> Answer:
    return Answer(Reply(200, (ALLOW,)), preflights)


def readable(
    *headers: tuple[str, str], url: str = URL, kind: str | None = "cors", redirected: bool | None = False
) -> Outcome:
    fields = tuple(sorted((*headers, LENGTH)))
    return Outcome(blocked=False, type=kind, status=200, redirected=redirected, url=url, headers=fields, body="body")


GET = "GET foreign/0 from {page}"
PUT = "PUT foreign/0 from {page}"
ASKS = "OPTIONS foreign/0 from {page} asks PUT"
GRANTS = Reply(204, (ALLOW, ALLOW_PUT))
GRANTS_ONCE = Reply(204, (ALLOW, ALLOW_PUT, ("Access-Control-Max-Age", "0")))


def to(url: str, status: int = 302, *more: tuple[str, str]) -> Answer:
    return actual(("Location", url), ALLOW_ALL, *more, status=status)


CASES = [
    Case("allowed", (call(),), (actual(ALLOW),), (readable(),), (GET,)),
    Case("allowed-any", (call(),), (actual(ALLOW_ALL),), (readable(),), (GET,)),
    Case(
        "not-allowed",
        (call(),),
        (actual(),),
        (BLOCKED,),
        (GET,),
        says={
            "chromium": "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            "firefox": "missing). Status code: 200.",
            "webkit": "is not allowed by Access-Control-Allow-Origin. Status code: 200",
        },
    ),
    Case("allowed-twice", (call(),), (actual(ALLOW, ALLOW),), (BLOCKED,), (GET,)),
    Case("raw-bytes", (call(),), (actual((ALLOW[0], "{page}/\xe9")),), (BLOCKED,), (GET,)),
    Case("own", (call("{own}/{id}/0"),), (actual(("X-A", "1")),),
         (readable(("x-a", "1"), url="{own}/{id}/0", kind="basic"),), ("GET own/0",)),
    Case("own-post", (call("{own}/{id}/0", method="POST", body="text"),), (actual(),),
         (readable(url="{own}/{id}/0", kind="basic"),), ("POST own/0 from {page}",)),
    Case("another-port", (call("{port}/{id}/0"),), (actual(),), (BLOCKED,), ("GET port/0 from {page}",)),
    Case("exposed", (call(),),
         (actual(ALLOW, ("X-A", "1"), ("X-B", "2"), ("Content-Type", "text/plain"),
                 ("Access-Control-Expose-Headers", "x-a")),),
         (readable(("x-a", "1"), ("content-type", "text/plain")),), (GET,)),
    Case("preflight", (call(method="PUT", headers=(("X-B", "2"), ("X-A", "1"))),),
         (preflighted(Reply(204, (ALLOW, ALLOW_PUT, ("Access-Control-Allow-Headers", "X-A, X-B")))),),
         (readable(),), (f"{ASKS} x-a,x-b", PUT)),
    Case(
        "preflight-404",
        (call(method="PUT"),),
        (preflighted(replace(GRANTS, status=404)),),
        (BLOCKED,),
        (ASKS,),
        says={
            "chromium": "Response to preflight request doesn't pass access control check: It does not have HTTP ok",
            "firefox": "(Reason: CORS preflight response did not succeed). Status code: 404.",
            "webkit": "Preflight response is not successful. Status code: 404",
        },
    ),
    Case("preflight-redirect", (call(method="PUT"),),
         (preflighted(Reply(302, (("Location", NEXT), ALLOW))), actual(ALLOW)), (BLOCKED,), (ASKS,)),
    Case("preflight-cached", (call(method="PUT"),) * 2, (preflighted(GRANTS),), (readable(),) * 2, (ASKS, PUT, PUT)),
    Case("preflight-second", (call(method="PUT"),) * 3,
         (preflighted(GRANTS_ONCE, GRANTS_ONCE, Reply(403)),),
         (readable(), readable(), BLOCKED), (ASKS, PUT, ASKS, PUT, ASKS)),
    Case("credentials-any", (call(credentials="include"),), (actual(ALLOW_ALL, ALLOW_CREDENTIALS),),
         (BLOCKED,), (GET,)),
    Case("credentials", (call(credentials="include"),), (actual(ALLOW, ALLOW_CREDENTIALS),), (readable(),), (GET,)),
    Case("cookie",
         tuple(call("{sibling}/{id}/0", credentials=each) for each in ("include", "include", "omit")),
         (actual(ALLOW, ALLOW_CREDENTIALS, ("Set-Cookie", "a=1")),), (readable(url="{sibling}/{id}/0"),) * 3,
         ("GET sibling/0 from {page}", "GET sibling/0 from {page} with a=1", "GET sibling/0 from {page}")),
    Case("cookie-of-third-party",
         (call(credentials="include"),) * 2,
         (actual(ALLOW, ALLOW_CREDENTIALS, ("Set-Cookie", "b=2; SameSite=None; Secure")),), (readable(),) * 2,
         (GET, f"{GET} with b=2"), OVER_TLS),
    Case("redirect", (call(),), (to(NEXT), actual(ALLOW)), (readable(url=NEXT, redirected=True),),
         (GET, "GET foreign/1 from {page}")),
    Case("redirect-to-null", (call(),), (to("{other}/{id}/1"), actual(ALLOW_ALL)),
         (readable(url="{other}/{id}/1", redirected=True),), (GET, "GET other/1 from null")),
    Case("redirect-to-null-blocked", (call(),), (to("{other}/{id}/1"), to("{foreign}/{id}/2"), actual(ALLOW)),
         (BLOCKED,), (GET, "GET other/1 from null", "GET foreign/2 from null")),
    Case("redirect-with-password", (call(),), (to("{scheme}://user:word@{foreign.authority}/{id}/1"), actual(ALLOW)),
         (BLOCKED,), (GET,)),
    Case("redirect-manual", (call(redirect="manual"),) * 2, (to(NEXT, 308), actual(ALLOW)),
         (Outcome(blocked=False, type="opaqueredirect", redirected=False, url=URL),) * 2, (GET, GET)),
    Case("redirect-error", (call(redirect="error"),), (to(NEXT), actual(ALLOW)), (BLOCKED,), (GET,)),
    Case("redirect-permanent", (call(),) * 2, (to(NEXT, 301), actual(ALLOW)),
         (readable(url=NEXT, redirected=True),) * 2, (GET, "GET foreign/1 from {page}") * 2),
    Case("no-cors", (call(mode="no-cors"),), (actual(),),
         (Outcome(blocked=False, type="opaque", redirected=False),), ("GET foreign/0",)),
    Case("same-origin-only", (call(mode="same-origin"),), (actual(ALLOW),), (BLOCKED,), ()),
    Case("forbidden-method", (call(method="TRACE"),), (actual(ALLOW),), (BLOCKED,), ()),
    Case("head", (call(method="HEAD"),), (actual(ALLOW),), (replace(readable(), body=""),),
         ("HEAD foreign/0 from {page}",)),
    Case("no-content", (call(),), (actual(ALLOW, status=204),),
         (replace(readable(), status=204, headers=(), body=""),), (GET,)),
    Case("gone", (call(),) * 2, (actual(ALLOW, status=410),),
         (replace(readable(("cache-control", "no-store")), status=410),) * 2, (GET, GET)),
    Case("xhr", (call(api="xhr", method="POST", body="text"),), (actual(ALLOW),),
         (readable(kind=None, redirected=None),), ("POST foreign/0 from {page}",)),
    Case("xhr-with-upload", (call(api="xhr", method="POST", body="text", upload_listeners=True),),
         (preflighted(Reply(204, (ALLOW,))),), (readable(kind=None, redirected=None),),
         ("OPTIONS foreign/0 from {page} asks POST", "POST foreign/0 from {page}")),
    Case(
        "xhr-not-allowed",
        (call(api="xhr"),),
        (actual(),),
        (BLOCKED,),
        (GET,),
        says={
            "chromium": "Access to XMLHttpRequest at '{foreign}/{id}/0' from origin '{page}' has been blocked",
            "firefox": "disallows reading the remote resource at {foreign}/{id}/0. (Reason: CORS header",
            "webkit": "XMLHttpRequest cannot load {foreign}/{id}/0 due to access control checks.",
        },
    ),
    Case("sandboxed", (call(),), (actual(ALLOW_NULL),), (readable(),), ("GET foreign/0 from null",), IN_SANDBOX),
    Case(
        "sandboxed-not-allowed",
        (call(NEXT), call()),
        (actual(ALLOW), actual(ALLOW_NULL)),
        (readable(url=NEXT), BLOCKED),
        ("GET foreign/1 from null", "GET foreign/0 from null"),
        IN_SANDBOX,
        says={
            "chromium": "Access to fetch at '{foreign}/{id}/0' from origin 'null' has been blocked by CORS policy",
            "firefox": "does not match \N{LEFT SINGLE QUOTATION MARK}{page}\N{RIGHT SINGLE QUOTATION MARK}",
            "webkit": "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200",
        },
    ),
    Case("data-frame", (call(),), (actual(ALLOW_NULL),), (readable(),), ("GET foreign/0 from null",), IN_DATA),
    Case("data-frame-not-allowed", (call(),), (actual(ALLOW),), (BLOCKED,), ("GET foreign/0 from null",), IN_DATA),
    Case("tls-preflight", (call(method="PUT"),), (preflighted(GRANTS),), (readable(),), (ASKS, PUT), OVER_TLS),
]  # fmt: skip


@pytest.fixture(scope="session")
def lines_before(stage: Theatre) -> int:
    """How many lines of the console other tests have left over: generated scenarios leave some."""
    return len(stage.unattributed)


@pytest.fixture(scope="session")
def played(stage: Theatre, lines_before: int) -> dict[str, Observed]:
    return {each.name: each for each in stage.run([case.scenario for case in CASES])}


@pytest.mark.parametrize("case", CASES, ids=str)
class TestCases:
    """Each scenario is what it says."""

    def test_outcomes(self, case: Case, stage: Theatre, played: dict[str, Observed]) -> None:
        origins = stage.origins[case.scenario.scheme]
        expected = [replace(each, url=fill_text(each.url, case.scenario, origins)) for each in case.outcomes]
        assert list(played[case.name].outcomes) == expected

    def test_requests(self, case: Case, stage: Theatre, played: dict[str, Observed]) -> None:
        origins = stage.origins[case.scenario.scheme]
        expected = [fill_text(each, case.scenario, origins) for each in case.requests]
        assert played[case.name] is not None
        assert [written(each) for each in stage.asked[case.name]] == expected

    def test_console(self, case: Case, stage: Theatre, played: dict[str, Observed]) -> None:
        console = played[case.name].console
        assert len(console) == len(case.calls)
        if case.says:
            origins = stage.origins[case.scenario.scheme]
            expected = fill_text(case.says[stage.browser.engine], case.scenario, origins)
            assert [each for each in console[-1] if expected in each] != []
        # A call that is blocked after a request says so in its own lines, but for redirects in Firefox.
        for lines, asked, outcome in zip(console, case.calls, case.outcomes, strict=True):
            assert lines or not outcome.blocked or not case.requests or asked.redirect == "error"
        # A line names no other scenario.
        others = [f"/{other.name}/" for other in CASES if other is not case]
        assert [line for lines in console for line in lines if any(other in line for other in others)] == []


def written(asked: Asked) -> str:
    """A request as `Case.requests` writes it."""
    words = [asked.method, asked.host + "/" + asked.path.rpartition("/")[2]]
    if asked.origin is not None:
        words += ["from", asked.origin]
    if asked.preflight is not None:
        words += ["asks", *(each for each in asked.preflight if each is not None)]
    # A `__Host-` cookie of a generated scenario has Path=/: it is still there in this browser.
    own = [pair for pair in (asked.cookie or "").split("; ") if pair and not pair.startswith("__Host-")]
    if own:
        words += ["with", "; ".join(own)]
    return " ".join(words)


class TestTheatre:
    """How it is used."""

    def test_what_script_throws_is_told_from_what_is_blocked(self, played: dict[str, Observed]) -> None:
        assert played["forbidden-method"].errors[0].startswith("threw: ")
        assert played["not-allowed"].errors[0] != ""
        assert not played["not-allowed"].errors[0].startswith("threw: ")
        assert played["allowed"].errors == ("",)

    def test_no_line_of_the_console_is_left_over(
        self, stage: Theatre, lines_before: int, played: dict[str, Observed]
    ) -> None:
        assert stage.unattributed[lines_before:] == []

    def test_a_second_run_in_the_same_page(self, stage: Theatre, played: dict[str, Observed]) -> None:
        case = CASES[0]
        [observed] = stage.run([replace(case.scenario, name="again")])
        assert observed.outcomes[0].body == "body"
        assert observed.outcomes[0].url.endswith("/again/0")

    def test_a_name_is_used_once(self, stage: Theatre, played: dict[str, Observed]) -> None:
        with pytest.raises(ValueError, match="'allowed'"):
            stage.run([CASES[0].scenario])

    def test_a_name_is_a_path_segment(self, stage: Theatre) -> None:
        with pytest.raises(ValueError, match="'a b'"):
            stage.run([replace(CASES[0].scenario, name="a b")])

    def test_header_fields_come_raw(self, stage: Theatre, played: dict[str, Observed]) -> None:
        assert played["allowed"].requests != ()
        [asked] = stage.asked["allowed"]
        assert [name for name, _ in asked.headers if name != name.lower()] != []
        assert asked.header("host") is not None
        assert asked.header("no-such-field") is None
