"""Errors without CORS headers: whose they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.diagnosis.answers import PROXYS_STATUSES
from crossorigin.fetch.profiles import WEBKIT
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, ALLOW_ALL, API, JSON, PAGE, Answer, answer  # noqa: TID252
from .cases import ALLOW_PUT, ALLOW_TYPE, Expected, Found, diagnosed, hold, site

PREFLIGHT = answer(204, ALLOW, ALLOW_PUT, ALLOW_TYPE, reason=b"No Content")
CRASH = answer(500, reason=b"Internal Server Error", body=b"Traceback (most recent call last):\n  File")
TRACE = 'its body is that of a crash: "Traceback (most recent call last)"'
ALLOWED = f"`Access-Control-Allow-Origin: {PAGE}`"
KNOWN = f"OPTIONS {API} was answered 204 No Content with {ALLOWED}"


def root(request: HTTPRequest) -> Answer:
    """A server whose root is well, and everything else fails."""
    return answer(200, ALLOW, reason=b"OK") if request.url.path == "/" else CRASH


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 4: an error of the application.
    "a crash behind a good preflight": (
        lambda: diagnosed(site(OPTIONS=PREFLIGHT, PUT=CRASH), **JSON),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="certain",
            evidence=(f"PUT {API} was answered 500 Internal Server Error", TRACE, KNOWN),
            fix=("Mend the 500 first", "server's log", "outside of what handles errors"),
        ),
    ),
    "a crash, and the root is well": (
        lambda: diagnosed(site(OPTIONS=answer(404), GET=root)),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="certain",
            evidence=(
                f"GET {API} was answered 500 Internal Server Error",
                TRACE,
                f"second probe: GET https://api.example/ was answered 200 OK with {ALLOWED}",
            ),
            fix=("Mend the 500 first",),
            # A preflight for the same, the path above, and the root.
            probes=3,
        ),
    ),
    "a crash, and no CORS anywhere": (
        lambda: diagnosed(CRASH),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="very likely",
            evidence=(f"GET {API} was answered 500 Internal Server Error", TRACE),
            fix=("Mend the 500 first",),
            probes=3,
        ),
    ),
    "an error that says nothing": (
        lambda: diagnosed(answer(500), probes=False),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="likely",
            evidence=(f"GET {API} was answered 500",),
            fix=("Mend the 500 first",),
        ),
    ),
    "a crash of the preflight": (
        lambda: diagnosed(site(OPTIONS=CRASH), **JSON),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="very likely",
            evidence=(f"OPTIONS {API} was answered 500 Internal Server Error", TRACE),
            fix=("Mend the 500 first",),
        ),
    ),
    "a crash of the preflight, with leave": (
        lambda: diagnosed(site(OPTIONS=answer(500, ALLOW)), **JSON),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="likely",
            evidence=(f"OPTIONS {API} was answered 500",),
            fix=("Mend the 500 first",),
        ),
    ),
    "a crash of the preflight of a page without origin that was allowed": (
        lambda: diagnosed(site(OPTIONS=answer(500, ALLOW_ALL)), origin="null", **JSON),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="likely",
            evidence=(f"OPTIONS {API} was answered 500",),
            fix=("Mend the 500 first",),
        ),
    ),
    "an application that is alone says that it is busy": (
        lambda: diagnosed(answer(503, ("Server", "uvicorn")), probes=False),
        Expected(
            code=CauseCode.APPLICATION_ERROR,
            sureness="likely",
            evidence=(f"GET {API} was answered 503",),
            fix=("Mend the 503 first",),
        ),
    ),
    # 5: a page of the proxy's own.
    "nginx has no answer of its backend": (
        lambda: diagnosed(site(OPTIONS=PREFLIGHT, PUT=answer(502, ("Server", "nginx"), reason=b"Bad Gateway")), **JSON),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="very likely",
            evidence=(
                f"PUT {API} was answered 502 Bad Gateway",
                "the proxy got no proper answer from the application",
                "the page is from `Server: nginx`",
            ),
            fix=("Mend the 502 first", "its own error pages", "`add_header … always`"),
        ),
    ),
    "a timeout that nobody signs": (
        lambda: diagnosed(answer(504)),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="very likely",
            evidence=(f"GET {API} was answered 504", "the application took too long for the proxy"),
            fix=("Mend the 504 first",),
        ),
    ),
    "a body that is too large, on the preflight even": (
        lambda: diagnosed(answer(413, ("Server", "nginx")), **JSON),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="very likely",
            evidence=(
                f"OPTIONS {API} was answered 413",
                "the body is larger than the proxy takes",
                "the page is from `Server: nginx`",
            ),
            fix=("Mend the 413 first",),
        ),
    ),
    "too many calls, says nobody": (
        lambda: diagnosed(answer(429)),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="likely",
            evidence=(f"GET {API} was answered 429", "the proxy limits how often it is called"),
            fix=("Mend the 429 first",),
        ),
    ),
    "too many calls, says Cloudflare": (
        lambda: diagnosed(answer(429, ("Server", "cloudflare"))),
        Expected(
            code=CauseCode.PROXY_ERROR,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 429",
                "the proxy limits how often it is called",
                "the page is from `Server: cloudflare`",
            ),
            fix=("Mend the 429 first",),
        ),
    ),
    # 3, on the call itself: what guards the server refuses it, and CORS has no part in that.
    "a challenge of Cloudflare's": (
        lambda: diagnosed(answer(403, ("cf-mitigated", "challenge"), reason=b"Forbidden")),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="certain",
            evidence=(
                f"GET {API} was answered 403 Forbidden",
                "it is a challenge of Cloudflare's: `cf-mitigated: challenge`",
            ),
            fix=("the firewall's rule", "let its refusals carry the CORS headers too"),
        ),
    ),
    "a check against CSRF behind a good preflight": (
        lambda: diagnosed(
            site(OPTIONS=PREFLIGHT, PUT=answer(403, body=b"<h1>Forbidden</h1><p>CSRF verification failed.")), **JSON
        ),
        Expected(
            code=CauseCode.FIREWALL,
            sureness="very likely",
            evidence=(f"PUT {API} was answered 403", 'its body is that of a check against CSRF: "CSRF"'),
            fix=("the page's origin among those that it trusts",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


@pytest.mark.parametrize("status", PROXYS_STATUSES)
def test_statuses_of_proxies(status: int) -> None:
    """413, 429, 431, 502 to 504, and those of Cloudflare; and the application's where it says that it is alone."""
    assert diagnosed(answer(status, ("Server", "nginx"))).causes[0].code is CauseCode.PROXY_ERROR
    assert CauseCode.PROXY_ERROR not in diagnosed(answer(status, ("Server", "gunicorn/21.2.0"))).codes


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<title>500 Internal Server Error</title>", "Internal Server Error"),
        ("<h1>Whitelabel Error Page</h1>", "Whitelabel Error Page"),
        ("java.lang.NullPointerException: x", "java.lang.NullPointerException"),
        ("<pre>TypeError: x is undefined", "TypeError"),
        ("oops\n    at handler (app.js:3:5)\n", "at handler (app.js:3:5)"),
        ("panic: runtime error\n", "panic: runtime error"),
    ],
)
def test_pages_of_a_crash(body: str, shown: str) -> None:
    cause = diagnosed(answer(500, body=body.encode()), probes=False).causes[0]
    assert cause.sureness == "very likely"
    assert cause.evidence[1] == f'its body is that of a crash: "{shown}"'


class TestRefusals:
    """A firewall, or a check against CSRF, that refuses the call itself; its answer has no CORS headers."""

    @pytest.mark.parametrize(
        ("body", "evidence"),
        [
            (b"CSRF verification failed.", 'its body is that of a check against CSRF: "CSRF"'),
            (b"Request blocked.", 'its body is that of a firewall\'s page: "Request blocked"'),
        ],
    )
    def test_of_the_call(self, body: bytes, evidence: str) -> None:
        reply = answer(403, reason=b"Forbidden", body=body)
        for found in (diagnosed(reply, method="POST"), diagnosed(site(OPTIONS=PREFLIGHT, PUT=reply), **JSON)):
            [cause] = found.causes
            assert (cause.code, cause.sureness) == (CauseCode.FIREWALL, "very likely")
            assert cause.evidence[0].endswith(" was answered 403 Forbidden")
            assert cause.evidence[1:] == (evidence,)
            assert "among those that it trusts" in cause.fix
            assert "CORS headers too" in cause.fix

    def test_one_that_asks_who_it_is_is_an_answer_like_any_other(self) -> None:
        found = diagnosed(site(OPTIONS=PREFLIGHT, PUT=answer(403, body=b"Not authenticated")), **JSON)
        assert found.causes[0].code is CauseCode.SOME_ANSWERS


class TestExcluded:
    """Errors that are none of these."""

    CODES = frozenset({CauseCode.APPLICATION_ERROR, CauseCode.PROXY_ERROR})

    def test_an_error_that_script_may_read(self) -> None:
        assert diagnosed(answer(500, ALLOW, ("Vary", "Origin"))).codes == []

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422])
    def test_an_answer_that_the_client_has_earned(self, status: int) -> None:
        assert not self.CODES & set(diagnosed(answer(status)).codes)

    def test_an_error_with_another_origin(self) -> None:
        found = diagnosed(answer(500, ("Access-Control-Allow-Origin", "https://other.example")))
        assert found.causes[0].code is CauseCode.ORIGIN_NOT_ALLOWED

    def test_a_login_of_the_call_is_no_firewall(self) -> None:
        # A 401 is the application's; that it lacks the headers is the cause.
        found = diagnosed(site(OPTIONS=PREFLIGHT, PUT=answer(401, body=b"Authentication required")), **JSON)
        assert found.codes == [CauseCode.SOME_ANSWERS]

    def test_a_firewall_that_lets_script_read_it(self) -> None:
        assert CauseCode.FIREWALL not in diagnosed(answer(403, ALLOW, ("cf-mitigated", "challenge"))).codes

    def test_the_preflight_that_a_firewall_refuses_has_rules_of_its_own(self) -> None:
        found = diagnosed(answer(403, ("cf-mitigated", "challenge")), **JSON)
        assert "Let OPTIONS with Access-Control-Request-Method pass" in found.of(CauseCode.FIREWALL).fix

    def test_a_page_without_origin(self) -> None:
        assert diagnosed(answer(500), origin="null").codes == [CauseCode.NO_ORIGIN]

    def test_an_engine_that_looks_at_the_status_first(self) -> None:
        assert diagnosed(CRASH, profiles=[WEBKIT], **JSON).causes[0].code is CauseCode.APPLICATION_ERROR
