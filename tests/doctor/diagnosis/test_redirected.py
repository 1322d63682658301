"""Causes that lie in a redirect: it was not to be there, it gives no leave itself, or it has made the origin null."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, PAGE, VARY, Answer, answer  # noqa: TID252
from .cases import Expected, Found, Handler, diagnosed, hold, site

PLAIN: dict[str, Any] = {"url": "http://api.example/users/42", "origin": "http://app.example"}
NOT_FOLLOWED = "browsers follow no redirect of a preflight"
NO_LEAVE = "the redirect itself gives no leave, and browsers check every answer"
NULL = "so the browser sends `Origin: null` from there on: no server can know the page any more"


def moves(location: str, *fields: tuple[str, str], status: int = 302, target: Answer | None = None) -> Handler:
    """A server that redirects every call of a path that does not end in `target`, and answers there."""

    def handle(request: HTTPRequest) -> Answer:
        if target is not None and request.url.path.endswith("target"):
            return target
        return answer(status, *fields, ("Location", location), reason=b"Found")

    return handle


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 11: http to https.
    "a preflight to https": (
        lambda: diagnosed(moves("https://api.example/users/42", status=301), **PLAIN, **JSON),
        Expected(
            code=CauseCode.TO_HTTPS,
            sureness="very likely",
            evidence=(
                "OPTIONS http://api.example/users/42 was answered 301 Found",
                "it leads to `Location: https://api.example/users/42`",
                NOT_FOLLOWED,
            ),
            fix=("Call https://api.example/users/42, with https from the start",),
        ),
    ),
    "a preflight to https, with leave": (
        lambda: diagnosed(
            moves("https://api.example/users/42", ("Access-Control-Allow-Origin", "*"), status=308), **PLAIN, **JSON
        ),
        Expected(
            code=CauseCode.TO_HTTPS,
            sureness="very likely",
            evidence=(
                "OPTIONS http://api.example/users/42 was answered 308 Found",
                "it leads to `Location: https://api.example/users/42`",
                NOT_FOLLOWED,
            ),
            fix=("Call https://api.example/users/42",),
        ),
    ),
    "a call to https": (
        lambda: diagnosed(moves("https://api.example/users/42"), **PLAIN),
        Expected(
            code=CauseCode.TO_HTTPS,
            sureness="very likely",
            evidence=(
                "GET http://api.example/users/42 was answered 302 Found",
                "it leads to `Location: https://api.example/users/42`",
                NO_LEAVE,
            ),
            fix=("Call https://api.example/users/42",),
        ),
    ),
    # 12: a slash.
    "a preflight to a slash": (
        lambda: diagnosed(moves("/users/42/", status=307), **JSON),
        Expected(
            code=CauseCode.TRAILING_SLASH,
            sureness="very likely",
            evidence=(f"OPTIONS {API} was answered 307 Found", "it leads to `Location: /users/42/`", NOT_FOLLOWED),
            fix=("Call https://api.example/users/42/, exactly", "redirect_slashes=False", "APPEND_SLASH=False"),
        ),
    ),
    "a call without a slash": (
        lambda: diagnosed(moves("/users/42", status=301), url=f"{API}/"),
        Expected(
            code=CauseCode.TRAILING_SLASH,
            sureness="very likely",
            evidence=(f"GET {API}/ was answered 301 Found", "it leads to `Location: /users/42`", NO_LEAVE),
            fix=("Call https://api.example/users/42, exactly",),
        ),
    ),
    # 13: a login.
    "a login page without leave": (
        lambda: diagnosed(moves("/login?next=%2Fusers")),
        Expected(
            code=CauseCode.LOGIN,
            sureness="very likely",
            evidence=(f"GET {API} was answered 302 Found", "it leads to `Location: /login?next=%2Fusers`", NO_LEAVE),
            fix=("401", "a preflight needs no login"),
        ),
    ),
    "a preflight to a login page": (
        lambda: diagnosed(moves("https://login.example/authorize"), **JSON),
        Expected(
            code=CauseCode.LOGIN,
            sureness="very likely",
            evidence=(
                f"OPTIONS {API} was answered 302 Found",
                "it leads to `Location: https://login.example/authorize`",
                NOT_FOLLOWED,
            ),
            fix=("a preflight needs no login",),
        ),
    ),
    "a login page that gives no leave": (
        lambda: diagnosed(moves("https://login.example/target", ALLOW_ALL, target=answer(200, reason=b"OK"))),
        Expected(
            code=CauseCode.LOGIN,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 302 Found",
                "it leads to `Location: https://login.example/target`",
                "GET https://login.example/target was answered 200 OK without leave",
            ),
            fix=("401",),
        ),
    ),
    # Anything else.
    "a preflight elsewhere": (
        lambda: diagnosed(moves("/v2/users/42", ALLOW_ALL), **JSON),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(f"OPTIONS {API} was answered 302 Found", "it leads to `Location: /v2/users/42`", NOT_FOLLOWED),
            fix=("Call https://api.example/v2/users/42 directly", "answer OPTIONS before redirecting"),
        ),
    ),
    "a preflight elsewhere, without leave": (
        lambda: diagnosed(moves("/v2/users/42"), **JSON),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(f"OPTIONS {API} was answered 302 Found", "it leads to `Location: /v2/users/42`", NOT_FOLLOWED),
            fix=("Call https://api.example/v2/users/42 directly", "answer OPTIONS before redirecting"),
        ),
    ),
    "a call elsewhere": (
        lambda: diagnosed(moves("https://cdn.example/x")),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(f"GET {API} was answered 302 Found", "it leads to `Location: https://cdn.example/x`", NO_LEAVE),
            fix=("Call https://cdn.example/x directly", f"both allow {PAGE}"),
        ),
    ),
    "nowhere": (
        lambda: diagnosed(answer(302)),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(f"GET {API} was answered 302", "it has no Location", NO_LEAVE),
            fix=("a Location that is a URL", f"allow {PAGE}"),
        ),
    ),
    # Redirects that browsers stop for what they are.
    "no URL": (
        lambda: diagnosed(moves("https://[", ALLOW_ALL)),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 302 Found",
                "it leads to `Location: https://[`",
                "Location is not a URL",
            ),
            fix=("Send exactly one Location",),
        ),
    ),
    "a loop": (
        lambda: diagnosed(moves("/users/42", ALLOW_ALL)),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 302 Found",
                "it leads to `Location: /users/42`",
                "This would be redirect 21; browsers follow 20",
            ),
            fix=("Break the redirect loop",),
        ),
    ),
    "a password in the Location, whatever kind it is": (
        lambda: diagnosed(moves("https://ann:secret@login.example/login", ALLOW_ALL)),
        Expected(
            code=CauseCode.MOVED,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 302 Found",
                "it leads to `Location: https://ann:secret@login.example/login`",
                "The redirect leads to another origin with a user name or password in the URL",
            ),
            fix=("Take user name and password out",),
        ),
    ),
    # 14: the origin is null.
    "tainted, and the target names the page": (
        lambda: diagnosed(moves("https://cdn.example/target", ALLOW_ALL, target=answer(200, ALLOW, VARY))),
        Expected(
            code=CauseCode.TAINTED_ORIGIN,
            sureness="certain",
            evidence=(
                f"GET {API} was answered 302 Found, to another origin",
                NULL,
                f"GET https://cdn.example/target was answered 200 with `Access-Control-Allow-Origin: {PAGE}`",
            ),
            fix=("Call https://cdn.example/target directly", "`Access-Control-Allow-Origin: *`"),
        ),
    ),
    "tainted, and the target says nothing": (
        lambda: diagnosed(moves("https://cdn.example/target", ALLOW_ALL, target=answer(200, reason=b"OK"))),
        Expected(
            code=CauseCode.TAINTED_ORIGIN,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 302 Found, to another origin",
                NULL,
                "GET https://cdn.example/target was answered 200 OK without Access-Control-Allow-Origin",
            ),
            fix=("Call https://cdn.example/target directly",),
        ),
    ),
    "tainted, by https alone": (
        lambda: diagnosed(
            moves("https://api.example/target", ALLOW_ALL, target=answer(200, ("Vary", "Origin"))), **PLAIN
        ),
        Expected(
            code=CauseCode.TO_HTTPS,
            sureness="very likely",
            evidence=(
                "GET http://api.example/users/42 was answered 302 Found",
                "it leads to `Location: https://api.example/target`",
                "GET https://api.example/target was answered 200 without leave",
            ),
            fix=("Call https://api.example/target, with https from the start",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


@pytest.mark.parametrize("profile", [CHROMIUM, FIREFOX, WEBKIT], ids=lambda profile: profile.name)
def test_engines_agree(profile: Profile) -> None:
    """Each stops a redirected preflight at a step of its own; the cause is one."""
    found = diagnosed(moves("https://api.example/users/42"), profiles=[profile], **PLAIN, **JSON)
    assert found.causes[0].code is CauseCode.TO_HTTPS
    assert found.causes[0].evidence[-1] == NOT_FOLLOWED


class TestExcluded:
    """A redirect that has no part in it."""

    CODES = frozenset(
        {CauseCode.TO_HTTPS, CauseCode.TRAILING_SLASH, CauseCode.LOGIN, CauseCode.MOVED, CauseCode.TAINTED_ORIGIN}
    )

    def test_one_that_is_followed(self) -> None:
        found = diagnosed(moves("https://cdn.example/target", ALLOW_ALL, target=answer(200, ALLOW_ALL)))
        assert found.report.allowed
        assert not self.CODES & set(found.codes)

    def test_one_within_the_server(self) -> None:
        # The target is answered as if the page had called it.
        found = diagnosed(moves("/target", ALLOW_ALL, target=answer(200)))
        assert found.causes
        assert not self.CODES & set(found.codes)

    def test_a_page_that_was_null_before(self) -> None:
        found = diagnosed(moves("https://cdn.example/target", ALLOW_ALL, target=answer(200)), origin="null")
        assert CauseCode.TAINTED_ORIGIN not in found.codes

    def test_a_status_that_fails_where_null_is_allowed(self) -> None:
        # The preflight of the target has no route, and its answer would cover every origin, null too.
        there = site(OPTIONS=answer(404, ALLOW_ALL), GET=answer(200, ALLOW_ALL))
        here = site(
            OPTIONS=answer(204, ALLOW, ("Access-Control-Allow-Headers", "x-key")),
            GET=answer(307, ALLOW, ("Location", "https://cdn.example/x")),
        )
        found = diagnosed(
            lambda request: (here if request.url.host == "api.example" else there)(request), headers=["X-Key: 1"]
        )
        assert found.causes[0].code is CauseCode.NO_ROUTE
        assert not self.CODES & set(found.codes)

    def test_the_wildcard_with_credentials_behind_it(self) -> None:
        allow = (ALLOW, ("Access-Control-Allow-Credentials", "true"))
        found = diagnosed(moves("https://cdn.example/target", *allow, target=answer(200, ALLOW_ALL)), **INCLUDE)
        assert CauseCode.WILDCARD_WITH_CREDENTIALS in found.codes
        assert CauseCode.TAINTED_ORIGIN not in found.codes


def test_the_target_in_a_fix_is_bounded() -> None:
    found = diagnosed(moves(f"https://cdn.example/{'x' * 5000}"))
    assert len(found.causes[0].fix) < 300


def test_several_locations_without_a_redirect() -> None:
    """Firefox takes them for an answer that was tampered with; it is no redirect."""
    found = diagnosed(answer(200, ALLOW, ("Location", "/a"), ("Location", "/b")), profiles=[FIREFOX])
    assert (found.causes[0].code, found.causes[0].sureness) == (CauseCode.BROKEN_ANSWER, "very likely")
