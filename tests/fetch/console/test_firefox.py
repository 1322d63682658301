"""Firefox's lines, written out as Firefox 153 prints them."""

from __future__ import annotations

import pytest

from crossorigin.fetch import (
    FIREFOX,
    BlockCode,
    FetchResult,
    HTTPResponse,
    TransportFailureKind,
    UserAgent,
    fetch_request,
    xhr_request,
)
from crossorigin.fetch.console import console_lines, console_warnings
from crossorigin.fetch.request import RedirectMode

from ..dialogue import (  # noqa: TID252
    API,
    CREDENTIALS,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    THIRD,
    answer,
    broken,
    page,
    redirect,
    talk,
)
from .results import after_preflight, call, made, origin, xhr

BLOCKED = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
AT = BLOCKED + "https://api.other/data. "
CANCELLED = AT + "(Reason: CORS request did not succeed). Status code: (null)."
ANY = origin("*")
PUT = ("Access-Control-Allow-Methods", "PUT")


def lines(result: FetchResult) -> tuple[str, ...]:
    return console_lines("firefox", result)


def put(*answers: HTTPResponse) -> FetchResult:
    """A PUT in Firefox itself."""
    return talk(fetch_request(API, page(), method=b"PUT"), *answers, agent=UserAgent(FIREFOX))


class TestCorsCheck:
    """The response itself: one line."""

    @pytest.mark.parametrize("status", [200, 404, 500, 999])
    def test_missing(self, status: int) -> None:
        line = f"{AT}(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}."
        assert lines(call(answer(status))) == (line,)
        assert lines(xhr(answer(status))) == (line,)

    def test_two_fields(self) -> None:
        line = AT + "(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed)."
        assert lines(call(answer(200, PAGE_ORIGIN, PAGE_ORIGIN))) == (line,)

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("https://a.example, https://b.example", "https://a.example, https://b.example"),
            ("https://other.example", "https://other.example"),
            (f"{ORIGIN}/", f"{ORIGIN}/"),
            ("app.test", "app.test"),
            ("null", "null"),
            ("", ""),
            ("\x01", "\x01"),
            ("https://caf\xe9.example", "https://caf\ufffd.example"),
            ("https://\xc3\xa9.example", "https://é.example"),
        ],
    )
    def test_no_match(self, value: str, shown: str) -> None:
        line = f"{AT}(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘{shown}’)."
        assert lines(call(answer(200, origin(value)))) == (line,)

    def test_wildcard(self) -> None:
        line = (
            f"{BLOCKED}‘https://api.other/data’. (Reason: Credential is not supported if the CORS header "
            "‘Access-Control-Allow-Origin’ is ‘*’)."
        )
        assert lines(call(answer(200, ANY), credentials="include")) == (line,)

    @pytest.mark.parametrize("fields", [[], [("Access-Control-Allow-Credentials", "True")]])
    def test_credentials(self, fields: list[tuple[str, str]]) -> None:
        line = AT + "(Reason: expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’)."
        assert lines(call(answer(200, PAGE_ORIGIN, *fields), credentials="include")) == (line,)


class TestPreflight:
    """Two lines: the reason, and that of the request that was never sent."""

    @pytest.mark.parametrize(
        ("status", "fields", "reason"),
        [
            (200, [], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."),
            (404, [], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404."),
            (403, [PAGE_ORIGIN], "CORS preflight response did not succeed). Status code: 403."),
            (302, [PAGE_ORIGIN], "CORS preflight response did not succeed). Status code: 302."),
            (204, [PAGE_ORIGIN], "Did not find method in CORS header ‘Access-Control-Allow-Methods’)."),
            (
                204,
                [PAGE_ORIGIN, PUT],
                (
                    "header ‘x-one’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS "
                    "preflight response)."
                ),
            ),
        ],
    )
    def test_reason(self, status: int, fields: list[tuple[str, str]], reason: str) -> None:
        result = call(answer(status, *fields), method=b"PUT", headers=[(b"X-One", b"1")])
        assert lines(result) == (f"{AT}(Reason: {reason}", CANCELLED)

    @pytest.mark.parametrize(
        ("value", "token"),
        [
            ("GET, PO ST", "PO ST"),
            ("PUT;POST", "PUT;POST"),
            ('"PUT"', '"PUT"'),
            ("PUT, G@T, X@Y", "G@T"),
            (",, ;", ";"),
            ("GET \t, P\xe9T", "P\ufffdT"),
        ],
    )
    def test_invalid_token(self, value: str, token: str) -> None:
        result = call(answer(204, PAGE_ORIGIN, ("Access-Control-Allow-Methods", value)), method=b"PUT")
        reason = f"(Reason: invalid token ‘{token}’ in CORS header ‘Access-Control-Allow-Methods’)."
        assert lines(result) == (AT + reason, CANCELLED)
        fields = [PUT, ("Access-Control-Allow-Headers", value)]
        result = call(answer(204, PAGE_ORIGIN, *fields), method=b"PUT", headers=[(b"X-One", b"1")])
        assert lines(result)[0] == AT + reason.replace("Methods", "Headers")

    def test_redirect_to_another_origin(self) -> None:
        assert lines(call(redirect(THIRD, PAGE_ORIGIN, status=301), method=b"PUT")) == (
            AT + "(Reason: CORS request external redirect not allowed).",
            AT + "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://page.example’).",
            CANCELLED,
        )

    @pytest.mark.parametrize(("location", "allow"), [("/there", PAGE_ORIGIN), (THIRD, ANY)])
    def test_redirect_that_the_check_survives(self, location: str, allow: tuple[str, str]) -> None:
        assert lines(call(redirect(location, allow), method=b"PUT")) == (
            AT + "(Reason: CORS request external redirect not allowed).",
            AT + "(Reason: CORS preflight response did not succeed). Status code: 302.",
            CANCELLED,
        )

    @pytest.mark.parametrize("redirect_mode", ["error", "manual"])
    @pytest.mark.parametrize("location", ["/there", THIRD, "https://[", "data:,x", "https://u:p@third.test/"])
    def test_redirect_that_would_not_be_followed(self, redirect_mode: RedirectMode, location: str) -> None:
        # The preflight has the redirect mode of its request: nobody is asked about the redirect then.
        request = fetch_request(API, page(), method=b"PUT", redirect=redirect_mode)
        result = talk(request, redirect(location, PAGE_ORIGIN), agent=UserAgent(FIREFOX))
        assert lines(result) == (
            AT + "(Reason: CORS preflight response did not succeed). Status code: 302.",
            CANCELLED,
        )

    @pytest.mark.parametrize(
        ("location", "missing"),
        [
            ("https://[", False),
            ("data:,x", False),
            ("javascript:1", False),
            ("about:srcdoc", False),
            ("ws://third.test/", False),
            ("about:blank", True),
            ("ftp://third.test/x", True),
            ("foo:bar", True),
            ("https://u:p@third.test/", True),
            ("https://user@api.other/data", True),
        ],
    )
    def test_redirect_that_cannot_be_followed(self, location: str, missing: bool) -> None:
        said = (AT + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302.",)
        assert lines(put(redirect(location))) == (*(said if missing else ()), CANCELLED, CANCELLED)
        # With leave there is no word about the redirect.
        assert lines(put(redirect(location, PAGE_ORIGIN))) == (CANCELLED, CANCELLED)
        assert lines(put(redirect(location, ANY))) == (CANCELLED, CANCELLED)

    @pytest.mark.parametrize(
        ("location", "line"),
        [
            ("file:///x", "may not load or link to file:///x."),
            ("blob:null/x", "may not load data from blob:null/x."),
        ],
    )
    def test_redirect_to_what_somebody_would_load(self, location: str, line: str) -> None:
        by_server = f"Security Error: Content at {API} {line}"
        assert lines(put(redirect(location))) == (by_server, CANCELLED, CANCELLED)
        request = xhr_request(API, page(), method=b"PUT")
        by_page = f"Security Error: Content at https://page.example/dir/page.html {line}"
        result = talk(request, redirect(location), agent=UserAgent(FIREFOX))
        assert lines(result) == (by_page, CANCELLED, CANCELLED)

    def test_two_equal_locations_are_one(self) -> None:
        assert lines(put(redirect("/there", ("Location", "/there"), PAGE_ORIGIN))) == (
            AT + "(Reason: CORS request external redirect not allowed).",
            AT + "(Reason: CORS preflight response did not succeed). Status code: 302.",
            CANCELLED,
        )

    def test_redirect_without_leave(self) -> None:
        missing = AT + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302."
        assert lines(call(redirect(THIRD), method=b"PUT")) == (missing, CANCELLED, CANCELLED)

    def test_credentials_make_the_wildcard_a_name(self) -> None:
        fields = [PAGE_ORIGIN, CREDENTIALS, ("Access-Control-Allow-Headers", "*")]
        result = call(answer(204, *fields), headers=[(b"X-One", b"1")], credentials="include")
        assert "header ‘x-one’ is not allowed according to" in lines(result)[0]


class TestRedirects:
    """The request behind a redirect that is refused has a line too."""

    def test_missing_on_the_redirect(self) -> None:
        missing = AT + "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302."
        assert lines(call(redirect(THIRD))) == (missing, CANCELLED)

    def test_missing_at_the_end(self) -> None:
        assert lines(call(redirect(THIRD, PAGE_ORIGIN), answer(200))) == (
            BLOCKED
            + "https://third.test/data. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
        )

    @pytest.mark.parametrize(
        "location",
        [
            "https://u:p@third.test/",
            "https://u:p@page.example/",
            "https://[",
            "data:,x",
            "wss://third.test/",
            "about:srcdoc",
        ],
    )
    def test_not_followed(self, location: str) -> None:
        assert lines(call(redirect(location, PAGE_ORIGIN))) == (CANCELLED,)

    def test_user_name_on_the_first_way_out(self) -> None:
        result = call(redirect("https://u:p@third.test/"), to=OWN)
        assert lines(result) == (CANCELLED.replace("api.other", "page.example"),)

    @pytest.mark.parametrize(
        ("location", "line"),
        [
            ("ftp://third.test/x", f"{BLOCKED}ftp://third.test/x. (Reason: CORS request not http)."),
            ("file:///x", f"Security Error: Content at {API} may not load or link to file:///x."),
            ("blob:null/x", f"Security Error: Content at {API} may not load data from blob:null/x."),
            ("about:blank", f"{BLOCKED}about:blank. (Reason: CORS request not http)."),
        ],
    )
    def test_schemes(self, location: str, line: str) -> None:
        assert lines(call(redirect(location, PAGE_ORIGIN))) == (line, CANCELLED)

    def test_a_file_for_xhr(self) -> None:
        line = "Security Error: Content at https://page.example/dir/page.html may not load or link to file:///x."
        assert lines(xhr(redirect("file:///x", PAGE_ORIGIN))) == (line, CANCELLED)

    def test_a_bad_port(self) -> None:
        result = call(redirect("https://third.test:6000/", PAGE_ORIGIN))
        assert lines(result) == (CANCELLED,)

    @pytest.mark.parametrize(
        ("location", "said"),
        [("data:,x", ()), ("ftp://third.test/", (BLOCKED + "ftp://third.test/. (Reason: CORS request not http).",))],
    )
    def test_from_the_pages_own_origin(self, location: str, said: tuple[str, ...]) -> None:
        assert lines(call(redirect(location), to=OWN)) == said

    @pytest.mark.parametrize("location", ["ftp://third.test/x", "foo:bar", "about:blank"])
    def test_mode_same_origin(self, location: str) -> None:
        line = f"Security Error: Content at https://page.example/dir/page.html may not load data from {location}."
        assert lines(call(redirect(location), to=OWN, mode="same-origin")) == (line,)

    def test_mode_error(self) -> None:
        assert lines(call(redirect(THIRD, PAGE_ORIGIN), redirect="error")) == ()


class TestOthers:
    """What is not CORS."""

    def test_no_answer(self) -> None:
        assert lines(call(broken())) == (CANCELLED,)
        assert lines(call(broken(), method=b"PUT")) == (CANCELLED, CANCELLED)
        assert lines(call(broken(), mode="no-cors")) == ()
        assert lines(call(broken(TransportFailureKind.DNS), to=OWN)) == ()

    def test_mode_same_origin(self) -> None:
        line = f"Security Error: Content at https://page.example/dir/page.html may not load data from {API}."
        assert lines(call(mode="same-origin")) == (line,)

    @pytest.mark.parametrize(
        ("to", "said"),
        [
            ("ftp://x.example/", (BLOCKED + "ftp://x.example/. (Reason: CORS request not http).",)),
            ("foo:bar", (BLOCKED + "foo:bar. (Reason: CORS request not http).",)),
            (
                "file:///x",
                ("Security Error: Content at https://page.example/dir/page.html may not load or link to file:///x.",),
            ),
            ("about:srcdoc", ()),
            ("https://api.other:6000/", ()),
            ("http://api.other/", ("Blocked loading mixed active content “http://api.other/”",)),
        ],
    )
    def test_before_it_is_sent(self, to: str, said: tuple[str, ...]) -> None:
        assert lines(call(to=to)) == said

    def test_nosniff(self) -> None:
        line = (
            "The resource from “https://api.other/data” was blocked due to MIME type (“text/plain”) mismatch "
            "(X-Content-Type-Options: nosniff)."
        )
        assert lines(made(BlockCode.NOSNIFF, answer(200, ("Content-Type", "text/plain")))) == (line,)

    def test_resource_policy(self) -> None:
        line = (
            "The resource at “https://api.other/data” was blocked due to its Cross-Origin-Resource-Policy header (or "
            "lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
        )
        result = call(answer(200, ("Cross-Origin-Resource-Policy", "same-origin")), mode="no-cors")
        assert lines(result) == (line,)

    @pytest.mark.parametrize("code", BlockCode)
    def test_every_code_can_be_said(self, code: BlockCode) -> None:
        assert not any("{" in line or not line for line in lines(made(code, answer(200))))


class TestWarning:
    """`*` covers Authorization for now."""

    def test_text(self) -> None:
        result = after_preflight(answer(204, ANY, ("Access-Control-Allow-Headers", "*")), "authorization")
        assert console_warnings("firefox", result) == (
            (
                "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at "
                "https://api.other/data soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the "
                "`Authorization` header is not covered. To include the `Authorization` header, it must be explicitly "
                "listed in CORS header `Access-Control-Allow-Headers`)."
            ),
        )
