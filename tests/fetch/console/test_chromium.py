"""Chromium's two lines, written out as Chromium 156 prints them."""

from __future__ import annotations

import pytest

from crossorigin.fetch import (
    CHROMIUM,
    BlockCode,
    FetchResult,
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
from .results import after_preflight, call, element, made, origin, xhr

BLOCKED = (
    "Access to fetch at 'https://api.other/data' from origin 'https://page.example' has been blocked by CORS policy: "
)
BLOCKED_XHR = BLOCKED.replace("to fetch", "to XMLHttpRequest")
ON_PREFLIGHT = "Response to preflight request doesn't pass access control check: "
HINT = " Have the server send the header with a valid value."
XHR_HINT = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)
FAILED = "GET https://api.other/data net::ERR_FAILED"
ANY = origin("*")
PUT = ("Access-Control-Allow-Methods", "PUT")
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def lines(result: FetchResult) -> tuple[str, ...]:
    return console_lines("chromium", result)


class TestCorsCheck:
    """The response itself."""

    def test_missing(self) -> None:
        assert lines(call(answer(200))) == (BLOCKED + MISSING, f"{FAILED} 200 (OK)")

    def test_missing_on_an_error(self) -> None:
        assert lines(call(answer(502))) == (BLOCKED + MISSING, f"{FAILED} 502 (Bad Gateway)")

    def test_a_status_without_a_name(self) -> None:
        assert lines(call(answer(999))) == (BLOCKED + MISSING, f"{FAILED} 999")

    def test_missing_for_xhr(self) -> None:
        assert lines(xhr(answer(200)))[0] == BLOCKED_XHR + MISSING

    @pytest.mark.parametrize(
        ("destination", "kind"),
        [
            ("script", "script"),
            ("style", "CSS stylesheet"),
            ("font", "font"),
            ("image", "image"),
            ("track", "text track"),
        ],
    )
    def test_missing_for_an_element(self, destination: str, kind: str) -> None:
        line = lines(element(answer(200), destination=destination))[0]
        assert line.startswith(f"Access to {kind} at 'https://api.other/data' from origin 'https://page.example' has")

    def test_wildcard(self) -> None:
        text = (
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when "
            "the request's credentials mode is 'include'."
        )
        assert lines(call(answer(200, ANY), credentials="include"))[0] == BLOCKED + text
        assert lines(xhr(answer(200, ANY), with_credentials=True))[0] == BLOCKED_XHR + text + XHR_HINT

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("https://a.example, https://b.example", "https://a.example, https://b.example"),
            ("https://a.example https://b.example", "https://a.example https://b.example"),
            ("*, *", "*, *"),
            (f"{ORIGIN},", f"{ORIGIN},"),
            ("http://a b", "http://a b"),
        ],
    )
    def test_multiple(self, value: str, shown: str) -> None:
        text = f"The 'Access-Control-Allow-Origin' header contains multiple values '{shown}', but only one is allowed."
        assert lines(call(answer(200, origin(value))))[0] == BLOCKED + text + HINT
        assert lines(xhr(answer(200, origin(value))))[0] == BLOCKED_XHR + text

    def test_two_fields_are_joined(self) -> None:
        assert (
            "contains multiple values 'https://page.example, https://page.example', but"
            in (lines(call(answer(200, PAGE_ORIGIN, PAGE_ORIGIN)))[0])
        )

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("", ""),
            ("app.test", "app.test"),
            ("http://", "http://"),
            ("*.page.example", "*.page.example"),
            ("//x", "//x"),
            ("http://a:99999", "http://a:99999"),
            ("http://300.1.1.1", "http://300.1.1.1"),
            ("http://a%00b", "http://a%00b"),
            ("true", "true"),
            ('"https://page.example"', '"https://page.example"'),
            ("\xe9", "\\u00E9"),
            ("https://caf\xe9.example", "https://caf\\u00E9.example"),
            ("\x01", "\\u0001"),
            ("\x7f", "\\u007F"),
        ],
    )
    def test_invalid(self, value: str, shown: str) -> None:
        text = f"The 'Access-Control-Allow-Origin' header contains the invalid value '{shown}'."
        assert lines(call(answer(200, origin(value))))[0] == BLOCKED + text + HINT
        assert lines(xhr(answer(200, origin(value))))[0] == BLOCKED_XHR + text

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            ("https://other.example", "https://other.example"),
            ("https://page.example/", "https://page.example/"),
            ("HTTPS://PAGE.EXAMPLE", "HTTPS://PAGE.EXAMPLE"),
            ("null", "null"),
            ("localhost:3000", "localhost:3000"),
            ("https://*.example", "https://*.example"),
            ("http://xn--a", "http://xn--a"),
            ("https://\xc3\xa9.example", "https://\\u00C3\\u00A9.example"),
            ("https://a\tb", "https://a\\u0009b"),
        ],
    )
    def test_mismatch(self, value: str, shown: str) -> None:
        text = (
            f"The 'Access-Control-Allow-Origin' header has a value '{shown}' that is not equal to the supplied origin."
        )
        assert lines(call(answer(200, origin(value))))[0] == BLOCKED + text + HINT
        assert lines(xhr(answer(200, origin(value))))[0] == BLOCKED_XHR + text

    @pytest.mark.parametrize(("value", "shown"), [(None, ""), ("", ""), ("True", "True"), ("tr\xfce", "tr\\u00FCe")])
    def test_credentials(self, value: str | None, shown: str) -> None:
        fields = [PAGE_ORIGIN] if value is None else [PAGE_ORIGIN, ("Access-Control-Allow-Credentials", value)]
        text = (
            f"The value of the 'Access-Control-Allow-Credentials' header in the response is '{shown}' which must be "
            "'true' when the request's credentials mode is 'include'."
        )
        assert lines(call(answer(200, *fields), credentials="include"))[0] == BLOCKED + text
        assert lines(xhr(answer(200, *fields), with_credentials=True))[0] == BLOCKED_XHR + text + XHR_HINT

    def test_a_fragment_is_shown(self) -> None:
        assert lines(call(answer(200), to=f"{API}#there"))[0].startswith(
            "Access to fetch at 'https://api.other/data#there' from origin"
        )


class TestPreflight:
    """The same words after a prefix, and those that only a preflight has."""

    @pytest.mark.parametrize(
        ("fields", "status", "text"),
        [
            ([], 200, MISSING),
            ([], 404, MISSING),
            ([PAGE_ORIGIN], 403, "It does not have HTTP ok status."),
            ([PAGE_ORIGIN, ("Location", THIRD)], 301, "Redirect is not allowed for a preflight request."),
            ([PAGE_ORIGIN], 302, "It does not have HTTP ok status."),
            (
                [origin("app.test")],
                204,
                f"The 'Access-Control-Allow-Origin' header contains the invalid value 'app.test'.{HINT}",
            ),
        ],
    )
    def test_check_and_status(self, fields: list[tuple[str, str]], status: int, text: str) -> None:
        assert lines(call(answer(status, *fields), method=b"PUT")) == (
            BLOCKED + ON_PREFLIGHT + text,
            "PUT https://api.other/data net::ERR_FAILED",
        )

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            (
                [("Access-Control-Allow-Methods", "PUT;POST")],
                "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
            ),
            (
                [PUT, ("Access-Control-Allow-Headers", "a b")],
                "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
            ),
            ([], "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."),
            ([PUT], "Request header field x-one is not allowed by Access-Control-Allow-Headers in preflight response."),
        ],
    )
    def test_leave(self, fields: list[tuple[str, str]], text: str) -> None:
        result = call(answer(204, PAGE_ORIGIN, *fields), method=b"PUT", headers=[(b"X-One", b"1")])
        assert lines(result)[0] == BLOCKED + text

    def test_methods_keep_their_case(self) -> None:
        result = call(answer(204, PAGE_ORIGIN, ("Access-Control-Allow-Methods", "PATCH")), method=b"patch")
        assert lines(result)[0].endswith(
            "Method patch is not allowed by Access-Control-Allow-Methods in preflight response."
        )

    def test_credentials_make_the_wildcard_a_name(self) -> None:
        fields = [PAGE_ORIGIN, CREDENTIALS, ("Access-Control-Allow-Headers", "*")]
        result = call(answer(204, *fields), headers=[(b"X-One", b"1")], credentials="include")
        assert " x-one is not allowed by" in lines(result)[0]


class TestRedirectedPreflight:
    """Only what leads somewhere is a redirect; what leads to no URL is not even CORS."""

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ([("Location", "/there")], "Redirect is not allowed for a preflight request."),
            ([("Location", "data:,x")], "Redirect is not allowed for a preflight request."),
            ([("Location", THIRD), ("Location", THIRD)], "Redirect is not allowed for a preflight request."),
            ([], MISSING),
            ([("Location", "")], MISSING),
            ([PAGE_ORIGIN, ("Location", "")], "It does not have HTTP ok status."),
            (
                [origin("http://x.y")],
                (
                    "The 'Access-Control-Allow-Origin' header has a value 'http://x.y' that is not equal to the "
                    f"supplied origin.{HINT}"
                ),
            ),
        ],
    )
    @pytest.mark.parametrize("mode", ["follow", "manual", "error"])
    def test_of_cors(self, fields: list[tuple[str, str]], text: str, mode: RedirectMode) -> None:
        assert lines(put(mode, *fields)) == (
            BLOCKED + ON_PREFLIGHT + text,
            "PUT https://api.other/data net::ERR_FAILED",
        )

    @pytest.mark.parametrize(
        ("locations", "error"),
        [
            (["https://["], "ERR_INVALID_REDIRECT"),
            (["https://x.y:99999/"], "ERR_INVALID_REDIRECT"),
            (["https://[", "https://["], "ERR_INVALID_REDIRECT"),
            ([THIRD, OWN], "ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION"),
        ],
    )
    @pytest.mark.parametrize("leave", [(), (ANY,), (PAGE_ORIGIN,)])
    @pytest.mark.parametrize("mode", ["follow", "manual", "error"])
    def test_of_the_network(
        self, locations: list[str], error: str, leave: tuple[tuple[str, str], ...], mode: RedirectMode
    ) -> None:
        result = put(mode, *leave, *(("Location", each) for each in locations))
        assert lines(result) == (f"PUT https://api.other/data net::{error}",)


def put(mode: RedirectMode, *fields: tuple[str, str]) -> FetchResult:
    """A PUT in Chromium itself, whose preflight is answered by a 302 with these fields."""
    request = fetch_request(API, page(), method=b"PUT", redirect=mode)
    return talk(request, answer(302, *fields), agent=UserAgent(CHROMIUM))


class TestRedirects:
    """Both URLs are named, and what the network stack does not follow is not called CORS."""

    REDIRECTED = (
        "Access to fetch at 'https://third.test/data' (redirected from 'https://api.other/data') from origin "
        "'https://page.example' has been blocked by CORS policy: "
    )

    def test_missing_at_the_end(self) -> None:
        result = call(redirect(THIRD, PAGE_ORIGIN), answer(200))
        assert lines(result) == (self.REDIRECTED + MISSING, "GET https://third.test/data net::ERR_FAILED 200 (OK)")

    def test_tainted(self) -> None:
        text = (
            "The 'Access-Control-Allow-Origin' header has a value 'https://page.example' that is not equal to the "
            "supplied origin."
        )
        assert lines(call(redirect(THIRD, PAGE_ORIGIN), answer(200, PAGE_ORIGIN)))[0] == self.REDIRECTED + text + HINT

    def test_missing_on_the_redirect(self) -> None:
        assert lines(call(redirect(THIRD))) == (BLOCKED + MISSING, f"{FAILED} 302 (Found)")

    def test_user_name(self) -> None:
        text = "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
        assert lines(call(redirect("https://u:p@third.test/", PAGE_ORIGIN)))[0] == BLOCKED + text

    def test_a_scheme_that_cors_does_not_know(self) -> None:
        text = (
            "Access to fetch at 'ftp://third.test/x' (redirected from 'https://api.other/data') from origin "
            "'https://page.example' has been blocked by CORS policy: Cross origin requests are only supported for "
            "protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, "
            "data, http, https, isolated-app."
        )
        result = call(redirect("ftp://third.test/x", PAGE_ORIGIN))
        assert lines(result) == (text, "GET ftp://third.test/x net::ERR_FAILED")

    @pytest.mark.parametrize(
        ("location", "error"),
        [
            ("data:,x", "ERR_UNSAFE_REDIRECT"),
            ("blob:null/x", "ERR_UNSAFE_REDIRECT"),
            ("https://[", "ERR_INVALID_REDIRECT"),
        ],
    )
    def test_not_followed(self, location: str, error: str) -> None:
        assert lines(call(redirect(location, PAGE_ORIGIN))) == (f"GET https://api.other/data net::{error} 302 (Found)",)

    def test_two_locations(self) -> None:
        result = call(redirect(THIRD, PAGE_ORIGIN, ("Location", OWN)))
        assert "net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION" in lines(result)[0]

    def test_a_bad_port_has_no_status(self) -> None:
        result = call(redirect("https://third.test:6000/", PAGE_ORIGIN))
        assert lines(result) == ("GET https://third.test:6000/ net::ERR_UNSAFE_PORT",)

    def test_mode_error(self) -> None:
        assert lines(call(redirect(THIRD, PAGE_ORIGIN), redirect="error")) == (f"{FAILED} 302 (Found)",)

    @pytest.mark.parametrize(
        ("location", "error"),
        [
            ("https://[", "ERR_INVALID_REDIRECT"),
            ("data:,x", "ERR_UNSAFE_REDIRECT"),
            ("https://third.test/", "ERR_FAILED"),
        ],
    )
    def test_mode_error_looks_where_it_leads(self, location: str, error: str) -> None:
        result = call(redirect(location, ANY), redirect="error")
        assert lines(result)[-1] == f"GET https://api.other/data net::{error} 302 (Found)"

    @pytest.mark.parametrize("mode", ["follow", "manual", "error"])
    def test_no_url_is_no_business_of_cors(self, mode: RedirectMode) -> None:
        request = fetch_request(API, page(), redirect=mode)
        result = talk(request, redirect("https://["), agent=UserAgent(CHROMIUM))
        assert lines(result) == ("GET https://api.other/data net::ERR_INVALID_REDIRECT 302 (Found)",)

    def test_mode_error_and_a_user_name(self) -> None:
        text = "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
        assert lines(call(redirect("https://u:p@third.test/", ANY), redirect="error"))[0] == BLOCKED + text


class TestOthers:
    """What is refused before it is sent, and what is not CORS."""

    def test_mode_same_origin(self) -> None:
        assert lines(call(mode="same-origin")) == (
            (
                'Fetch API cannot load https://api.other/data. Request mode is "same-origin" but the URL\'s origin is '
                "not "
                "same as the request origin https://page.example."
            ),
        )

    def test_mode_same_origin_redirected(self) -> None:
        assert lines(call(redirect(API), to=OWN, mode="same-origin")) == (
            (
                "Unsafe attempt to load URL https://api.other/data from frame with URL "
                "https://page.example/dir/page.html. Domains, protocols and ports must match.\n"
            ),
        )

    @pytest.mark.parametrize("location", ["ftp://third.test/x", "foo:bar", "https://u:p@third.test/x"])
    def test_mode_same_origin_redirected_to_what_is_refused_anyway(self, location: str) -> None:
        request = fetch_request(OWN, page(), mode="same-origin")
        assert lines(talk(request, redirect(location), agent=UserAgent(CHROMIUM))) == (
            (
                f"Unsafe attempt to load URL {location} from frame with URL https://page.example/dir/page.html. "
                "Domains, protocols and ports must match.\n"
            ),
        )

    def test_mode_same_origin_redirected_to_a_user_name_of_the_own(self) -> None:
        request = fetch_request(OWN, page(), mode="same-origin")
        assert lines(talk(request, redirect("https://u:p@page.example/x"), agent=UserAgent(CHROMIUM))) == ()

    def test_no_cors_redirect_mode(self) -> None:
        assert lines(call(mode="no-cors", redirect="manual")) == (
            (
                'Fetch API cannot load https://api.other/data. Request mode is "no-cors" but the redirect mode is not '
                '"follow".'
            ),
        )

    @pytest.mark.parametrize(
        ("to", "line"),
        [
            ("ftp://x.example/", 'Fetch API cannot load ftp://x.example/. URL scheme "ftp" is not supported.'),
            ("foo:bar", 'Fetch API cannot load foo:bar. URL scheme "foo" is not supported.'),
            ("file:///etc/x", "Not allowed to load local resource: file:///etc/x"),
        ],
    )
    def test_scheme(self, to: str, line: str) -> None:
        assert lines(call(to=to)) == (line,)

    def test_scheme_for_xhr(self) -> None:
        assert lines(xhr(to="ftp://x.example/")) == ("FTP is not supported.",)
        assert (
            ": Cross origin requests are only supported for protocol schemes: chrome, " in lines(xhr(to="foo:bar"))[0]
        )

    def test_mixed_content(self) -> None:
        line = (
            "Mixed Content: The page at 'https://page.example/dir/page.html' was loaded over HTTPS, but requested an "
            "insecure {} 'http://api.other/'. This request has been blocked; the content must be served over HTTPS."
        )
        assert lines(call(to="http://api.other/")) == (line.format("resource"),)
        assert lines(xhr(to="http://api.other/")) == (line.format("XMLHttpRequest endpoint"),)

    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            (TransportFailureKind.REFUSED, "ERR_CONNECTION_REFUSED"),
            (TransportFailureKind.DNS, "ERR_NAME_NOT_RESOLVED"),
            (TransportFailureKind.RESET, "ERR_EMPTY_RESPONSE"),
        ],
    )
    def test_no_answer(self, kind: TransportFailureKind, error: str) -> None:
        assert lines(call(broken(kind))) == (f"GET https://api.other/data net::{error}",)

    def test_bad_port(self) -> None:
        assert lines(call(to="https://api.other:6000/")) == ("GET https://api.other:6000/ net::ERR_UNSAFE_PORT",)

    @pytest.mark.parametrize(("value", "error"), [("same-origin", "NotSameOrigin"), ("same-site", "NotSameSite")])
    def test_resource_policy(self, value: str, error: str) -> None:
        result = call(answer(200, ("Cross-Origin-Resource-Policy", value)), mode="no-cors")
        assert lines(result) == (f"GET https://api.other/data net::ERR_BLOCKED_BY_RESPONSE.{error} 200 (OK)",)

    @pytest.mark.parametrize("code", BlockCode)
    @pytest.mark.parametrize("request_of", [fetch_request, xhr_request])
    def test_every_code_has_lines(self, code: BlockCode, request_of: type) -> None:
        found = lines(made(code, request=request_of(API, page())))
        assert all(found)
        # B405 has its line where the redirect is judged by CORS: TestRedirects shows it.
        assert (found == ()) == (code in {BlockCode.UNWRITTEN_STEP, BlockCode.LOCATION_CREDENTIALS})
        assert not any("{" in line for line in found)


class TestWarning:
    """`*` covers Authorization for now."""

    TEXT = (
        "Authorization will not be covered by the wildcard symbol (*) in CORS `Access-Control-Allow-Headers` handling."
    )

    @pytest.mark.parametrize(
        ("value", "said"), [("*", True), ("*, Authorization", False), ("authorization", False), ("x, *", True)]
    )
    def test_for_fetch(self, value: str, said: bool) -> None:
        result = after_preflight(answer(204, ANY, ("Access-Control-Allow-Headers", value)), "authorization,x-one")
        assert console_warnings("chromium", result) == ((self.TEXT,) if said else ())
        assert lines(result) == ()

    def test_not_for_xhr(self) -> None:
        request = xhr_request(API, page())
        result = after_preflight(answer(204, ANY, ("Access-Control-Allow-Headers", "*")), "authorization", request)
        assert console_warnings("chromium", result) == ()

    def test_not_of_what_failed(self) -> None:
        answered = answer(204, ANY, ("Access-Control-Allow-Headers", "*"))
        result = made(BlockCode.PREFLIGHT_METHOD, answered, role="preflight", asked="authorization")
        assert console_warnings("chromium", result) == ()
