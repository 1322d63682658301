"""Causes in the page: what its script sends, asks for, or expects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, ALLOW_ALL, INCLUDE, JSON, PAGE, VARY, Answer, answer  # noqa: TID252
from .cases import Expected, Found, diagnosed, hold, site

MISPLACED: dict[str, Any] = {"headers": ["Access-Control-Allow-Origin: *"]}
ASKS = "the preflight asks leave for it: `Access-Control-Request-Headers: access-control-allow-origin`"
HAS = "the page's request has Access-Control-Allow-Origin, which no server reads"
LOST = "page and URL are cross-site, and the cookie"
WITH_CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def by_method(request: HTTPRequest) -> Answer:
    """A server whose list of methods has PATCH, written as it should be."""
    if request.method == b"OPTIONS":
        return answer(204, ALLOW, ("Access-Control-Allow-Methods", "GET, PATCH"), reason=b"No Content")
    return answer(200, ALLOW)


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 27: the client sends ACA* request headers.
    "a response header, and the server's list lacks it": (
        lambda: diagnosed(site(OPTIONS=answer(204, ALLOW), GET=answer(200)), **MISPLACED),
        Expected(
            code=CauseCode.RESPONSE_HEADER_ON_REQUEST,
            sureness="certain",
            evidence=(HAS, ASKS),
            fix=("Remove Access-Control-Allow-Origin from the page's request",),
        ),
    ),
    "a response header makes a preflight that no route answers": (
        lambda: diagnosed(site(OPTIONS=answer(405), GET=answer(200, ALLOW, reason=b"OK")), **MISPLACED),
        Expected(
            code=CauseCode.RESPONSE_HEADER_ON_REQUEST,
            sureness="certain",
            evidence=(HAS, ASKS, "second probe: GET without it was answered 200 OK with leave"),
            fix=("Remove Access-Control-Allow-Origin from the page's request",),
            others=(CauseCode.NO_ROUTE,),
            probes=1,
        ),
    ),
    # 26: null.
    "a page without origin": (
        lambda: diagnosed(answer(200), origin="null"),
        Expected(
            code=CauseCode.NO_ORIGIN,
            sureness="certain",
            evidence=(
                "the page's origin is null, as that of a file or a sandboxed frame: no server can know which page asks",
            ),
            fix=("serve it over http or https", "Do not allow `null`"),
        ),
    ),
    "a page without origin, and a preflight": (
        lambda: diagnosed(answer(204, ("Access-Control-Allow-Origin", PAGE)), origin="null", **JSON),
        Expected(
            code=CauseCode.NO_ORIGIN,
            sureness="certain",
            evidence=(
                "the page's origin is null, as that of a file or a sandboxed frame: no server can know which page asks",
            ),
            fix=("serve it over http or https",),
        ),
    ),
    # 10: the wrong case.
    "patch, and the server lists PATCH": (
        lambda: diagnosed(by_method, method="patch"),
        Expected(
            code=CauseCode.METHOD_CASE,
            sureness="certain",
            evidence=(
                "the page's method is patch, and methods are case-sensitive",
                "the preflight was answered with `Access-Control-Allow-Methods: GET, PATCH`",
            ),
            fix=("Write PATCH in the page",),
        ),
    ),
    "patch, and the server lists neither": (
        lambda: diagnosed(answer(204, ALLOW, ("Access-Control-Allow-Methods", "GET")), method="patch"),
        Expected(
            code=CauseCode.METHOD_CASE,
            sureness="certain",
            evidence=(
                "the page's method is patch, and methods are case-sensitive",
                "the preflight was answered with `Access-Control-Allow-Methods: GET`",
            ),
            fix=("Write PATCH in the page", "list PATCH in `Access-Control-Allow-Methods`"),
        ),
    ),
    "patch, and the server lists nothing": (
        lambda: diagnosed(answer(204, ALLOW), method="patch"),
        Expected(
            code=CauseCode.METHOD_CASE,
            sureness="certain",
            evidence=("the page's method is patch, and methods are case-sensitive",),
            fix=("Write PATCH in the page",),
        ),
    ),
    # Options of the call.
    "mode same-origin": (
        lambda: diagnosed(answer(200), mode="same-origin"),
        Expected(
            code=CauseCode.MODE_OR_REDIRECT,
            sureness="certain",
            evidence=("The mode is same-origin, and the URL is of another origin",),
            fix=('mode "cors"',),
        ),
    ),
    "mode no-cors with redirect error": (
        lambda: diagnosed(answer(200), mode="no-cors", redirect="error"),
        Expected(
            code=CauseCode.MODE_OR_REDIRECT,
            sureness="certain",
            evidence=("The mode is no-cors, and the redirect mode is error, not follow",),
            fix=('redirect mode "follow"',),
        ),
    ),
    "redirect error": (
        lambda: diagnosed(answer(302, ALLOW_ALL, ("Location", "/there")), redirect="error"),
        Expected(
            code=CauseCode.MODE_OR_REDIRECT,
            sureness="certain",
            evidence=("The response is a redirect (302), and the redirect mode is error",),
            fix=('redirect mode "follow"', "https://api.example/there"),
        ),
    ),
    "redirect manual": (
        lambda: diagnosed(answer(302, ALLOW_ALL, ("Location", "/there")), redirect="manual"),
        Expected(
            code=CauseCode.MODE_OR_REDIRECT,
            sureness="certain",
            evidence=(
                'the page asks with redirect mode "manual", and a redirect came: it sees neither status nor Location',
            ),
            fix=('redirect mode "follow"',),
        ),
    ),
    # 28: no-cors.
    "no-cors": (
        lambda: diagnosed(answer(200, ALLOW), mode="no-cors"),
        Expected(
            code=CauseCode.NO_CORS,
            sureness="certain",
            evidence=(
                'the page asks with mode "no-cors": the response is opaque, its status is 0 and its body is empty',
            ),
            fix=('Remove mode "no-cors"', "let the server allow its origin"),
        ),
    ),
    "no-cors, and headers that are dropped": (
        lambda: diagnosed(
            answer(200), mode="no-cors", method="POST", headers=["Content-Type: application/json", "X-Key: 1"]
        ),
        Expected(
            code=CauseCode.NO_CORS,
            sureness="certain",
            evidence=(
                'the page asks with mode "no-cors": the response is opaque, its status is 0 and its body is empty',
                "Request header Content-Type is dropped in silence: script may not set it in this mode",
                "Request header X-Key is dropped in silence: script may not set it in this mode",
            ),
            fix=('Remove mode "no-cors"',),
        ),
    ),
    # 29: cookies.
    "a cookie that is not sent": (
        lambda: diagnosed(answer(200, ALLOW, VARY), cookie="a=b"),
        Expected(
            code=CauseCode.COOKIES,
            sureness="very likely",
            evidence=("the browser holds a cookie; credentials mode same-origin sends none to another origin",),
            fix=('credentials: "include"', "`Access-Control-Allow-Credentials: true`"),
        ),
    ),
    "a cookie that is not kept": (
        lambda: diagnosed(answer(200, ALLOW, VARY, ("Set-Cookie", "a=b"))),
        Expected(
            code=CauseCode.COOKIES,
            sureness="likely",
            evidence=("the answer sets a cookie; credentials mode same-origin keeps none from another origin",),
            fix=('credentials: "include"',),
        ),
    ),
    "a cookie of another site that is Lax": (
        lambda: diagnosed(
            answer(200, ALLOW, VARY, WITH_CREDENTIALS, ("Set-Cookie", "a=b; Path=/; HttpOnly")), **INCLUDE
        ),
        Expected(
            code=CauseCode.COOKIES,
            sureness="very likely",
            evidence=(f"{LOST} a is set without SameSite=None and Secure: browsers keep it from such calls",),
            fix=("`SameSite=None; Secure`", "Partitioned", "subdomain of the page's site"),
        ),
    ),
    "a cookie of another site that is not Secure": (
        lambda: diagnosed(
            answer(200, ALLOW, VARY, WITH_CREDENTIALS, ("Set-Cookie", "id=1; samesite=none; Path=/")), **INCLUDE
        ),
        Expected(
            code=CauseCode.COOKIES,
            sureness="very likely",
            evidence=(f"{LOST} id is set without Secure: browsers keep it from such calls",),
            fix=("`SameSite=None; Secure`",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


class TestResponseHeadersOnTheRequest:
    """They are the cause where nothing else stands in the way; elsewhere they are a mistake beside it."""

    def test_beside_a_server_without_a_policy(self) -> None:
        # Without the header there is no preflight, and the response is as unreadable as before.
        found = diagnosed(site(OPTIONS=answer(200), GET=answer(200)), **MISPLACED)
        assert found.causes[0].code is CauseCode.NO_CORS_CONFIGURED
        assert found.of(CauseCode.RESPONSE_HEADER_ON_REQUEST).sureness == "likely"

    def test_beside_another_header_that_is_not_allowed(self) -> None:
        found = diagnosed(
            site(OPTIONS=answer(204, ALLOW, ("Access-Control-Allow-Headers", "access-control-allow-origin"))),
            headers=["Access-Control-Allow-Origin: *", "X-Key: 1"],
        )
        assert found.causes[0].code is CauseCode.HEADER_NOT_ALLOWED
        assert found.of(CauseCode.RESPONSE_HEADER_ON_REQUEST).sureness == "likely"

    def test_a_name_that_only_looks_like_one(self) -> None:
        found = diagnosed(site(OPTIONS=answer(204, ALLOW)), headers=["Access-Control-Key: 1"])
        assert found.codes == [CauseCode.HEADER_NOT_ALLOWED]

    def test_a_call_that_is_allowed_all_the_same(self) -> None:
        granted = answer(204, ALLOW, ("Access-Control-Allow-Headers", "*"))
        found = diagnosed(site(OPTIONS=granted, GET=answer(200, ALLOW, VARY)), **MISPLACED)
        assert found.report.allowed
        assert found.of(CauseCode.RESPONSE_HEADER_ON_REQUEST).sureness == "likely"

    def test_another_method_needs_its_preflight(self) -> None:
        found = diagnosed(site(OPTIONS=answer(405), GET=answer(200, ALLOW)), method="PUT", **MISPLACED)
        assert found.causes[0].code is CauseCode.NO_ROUTE

    def test_without_probes_the_name_alone_counts(self) -> None:
        found = diagnosed(site(OPTIONS=answer(204, ALLOW)), probes=False, **MISPLACED)
        assert found.of(CauseCode.RESPONSE_HEADER_ON_REQUEST).sureness == "certain"
        found = diagnosed(site(OPTIONS=answer(405)), probes=False, **MISPLACED)
        assert found.of(CauseCode.RESPONSE_HEADER_ON_REQUEST).sureness == "likely"

    def test_headers_of_the_preflight_are_none_of_them(self) -> None:
        assert CauseCode.RESPONSE_HEADER_ON_REQUEST not in diagnosed(answer(200), headers=["X-Key: 1"]).codes


class TestNoOrigin:
    """What excludes it."""

    def test_a_server_that_allows_everybody(self) -> None:
        assert diagnosed(answer(200, ALLOW_ALL), origin="null").codes == []

    def test_a_status_that_fails(self) -> None:
        # The origin was no obstacle: `*` covers null.
        found = diagnosed(answer(401, ALLOW_ALL), origin="null", **JSON)
        assert CauseCode.NO_ORIGIN not in found.codes
        assert found.causes[0].code is CauseCode.AUTHENTICATION

    def test_a_page_that_has_one(self) -> None:
        # After a redirect the origin is null too, but not the page's.
        found = diagnosed(
            lambda request: (
                answer(302, ALLOW_ALL, ("Location", "https://cdn.example/x"))
                if request.url.host == "api.example"
                else answer(200)
            )
        )
        assert CauseCode.NO_ORIGIN not in found.codes


class TestMethodCase:
    """What excludes it."""

    @pytest.mark.parametrize("method", ["put", "delete", "Post"])
    def test_methods_that_browsers_upper_case(self, method: str) -> None:
        found = diagnosed(answer(204, ALLOW), method=method, headers=["X-Key: 1"])
        assert CauseCode.METHOD_CASE not in found.codes

    def test_upper_case(self) -> None:
        assert CauseCode.METHOD_CASE not in diagnosed(answer(204, ALLOW), method="PATCH").codes

    def test_a_list_that_has_it_as_it_is(self) -> None:
        granted = answer(204, ALLOW, ("Access-Control-Allow-Methods", "patch"))
        assert diagnosed(site(OPTIONS=granted, patch=answer(200, ALLOW, VARY)), method="patch").report.allowed


class TestCookies:
    """What excludes them."""

    KEPT = ("Set-Cookie", "a=b; SameSite=None; Secure")

    def test_sent(self) -> None:
        assert diagnosed(answer(200, ALLOW, VARY, WITH_CREDENTIALS), cookie="a=b", **INCLUDE).codes == []

    def test_kept(self) -> None:
        assert diagnosed(answer(200, ALLOW, VARY, WITH_CREDENTIALS, self.KEPT), **INCLUDE).codes == []

    def test_of_the_same_site(self) -> None:
        allow = ("Access-Control-Allow-Origin", "https://app.a.example")
        found = diagnosed(
            answer(200, allow, VARY, WITH_CREDENTIALS, ("Set-Cookie", "a=b")),
            url="https://api.a.example/",
            origin="https://app.a.example",
            **INCLUDE,
        )
        assert found.codes == []

    def test_of_the_page_itself(self) -> None:
        assert diagnosed(answer(200, ("Set-Cookie", "a=b")), origin="https://api.example", cookie="c=d").codes == []

    def test_a_call_that_is_blocked(self) -> None:
        assert CauseCode.COOKIES not in diagnosed(answer(200, ("Set-Cookie", "a=b")), cookie="c=d").codes

    def test_the_first_of_several_that_is_lost(self) -> None:
        lost = ("Set-Cookie", f"{'x' * 100}=1; Secure")
        found = diagnosed(answer(200, ALLOW, VARY, WITH_CREDENTIALS, self.KEPT, lost), **INCLUDE)
        assert f"the cookie {'x' * 60} is set without SameSite=None: browsers" in found.causes[0].evidence[0]

    def test_a_cookie_without_a_name(self) -> None:
        for value, shown in (("=b", "=b"), ("b", "b"), (" =b; Secure", "=b")):
            found = diagnosed(answer(200, ALLOW, VARY, WITH_CREDENTIALS, ("Set-Cookie", value)), **INCLUDE)
            assert found.causes[0].evidence[0].startswith(f"{LOST} {shown} is set without SameSite=None")
        # With nothing in it there is no cookie.
        for value in ("", "; Path=/"):
            assert diagnosed(answer(200, ALLOW, VARY, WITH_CREDENTIALS, ("Set-Cookie", value)), **INCLUDE).codes == []

    def test_credentials_omit(self) -> None:
        found = diagnosed(answer(200, ALLOW, VARY, ("Set-Cookie", "a=b")), credentials="omit")
        assert "credentials mode omit keeps none" in found.of(CauseCode.COOKIES).evidence[0]


class TestSession:
    """A cookie that the server waits for, and that the page's mode leaves at home."""

    @staticmethod
    def found(*fields: tuple[str, str], status: int = 401, **question: Any) -> Found:
        return diagnosed(answer(status, ALLOW, VARY, *fields), **question)

    def test_it_stays_at_home(self) -> None:
        [cause] = self.found(WITH_CREDENTIALS).causes
        assert (cause.code, cause.sureness) == (CauseCode.COOKIES, "likely")
        said = (
            "it answers 401 and allows credentials, and credentials mode same-origin sends no cookie to another origin"
        )
        assert cause.evidence == (said,)
        assert 'credentials: "include"' in cause.fix

    def test_excluded(self) -> None:
        challenge = ("WWW-Authenticate", "Bearer")
        assert CauseCode.COOKIES not in self.found().codes
        assert CauseCode.COOKIES not in self.found(WITH_CREDENTIALS, status=403).codes
        assert CauseCode.COOKIES not in self.found(WITH_CREDENTIALS, challenge).codes
        assert CauseCode.COOKIES not in self.found(WITH_CREDENTIALS, **INCLUDE).codes

    def test_a_token_is_no_cookie(self) -> None:
        allowed = ("Access-Control-Allow-Headers", "authorization")
        found = diagnosed(
            site(OPTIONS=answer(204, ALLOW, allowed), GET=answer(401, ALLOW, VARY, WITH_CREDENTIALS)),
            headers=["Authorization: Bearer abc"],
        )
        assert CauseCode.COOKIES not in found.codes
