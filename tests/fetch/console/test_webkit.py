"""WebKit's lines, written out as WebKitGTK 2.50 prints them; the third as the Web Inspector does."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, FetchResult, TransportFailureKind, fetch_request
from crossorigin.fetch.console import console_lines

from ..dialogue import API, CREDENTIALS, OWN, PAGE_ORIGIN, THIRD, answer, broken, page, redirect  # noqa: TID252
from .results import call, element, made, origin, xhr

CANNOT = "Fetch API cannot load https://api.other/data due to access control checks."
CANNOT_OWN = f"Fetch API cannot load {OWN} due to access control checks."
ANY = origin("*")
PUT = ("Access-Control-Allow-Methods", "PUT")


def lines(result: FetchResult) -> tuple[str, ...]:
    return console_lines("webkit", result)


def three(reason: str, cannot: str = CANNOT) -> tuple[str, str, str]:
    return (reason, cannot, f"Failed to load resource: {reason}")


class TestCorsCheck:
    """One text for missing and different."""

    @pytest.mark.parametrize(
        "fields", [[], [origin("https://other.example")], [origin("app.test")], [origin("null")], [origin("a b")]]
    )
    @pytest.mark.parametrize("status", [200, 404])
    def test_not_allowed(self, fields: list[tuple[str, str]], status: int) -> None:
        reason = f"Origin https://page.example is not allowed by Access-Control-Allow-Origin. Status code: {status}"
        assert lines(call(answer(status, *fields))) == three(reason)

    def test_wildcard(self) -> None:
        reason = "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true."
        assert lines(call(answer(200, ANY), credentials="include")) == three(reason)

    @pytest.mark.parametrize(
        "fields", [[PAGE_ORIGIN, PAGE_ORIGIN], [origin("*, *")], [origin("https://page.example,")]]
    )
    def test_several(self, fields: list[tuple[str, str]]) -> None:
        reason = "Access-Control-Allow-Origin cannot contain more than one origin."
        assert lines(call(answer(200, *fields))) == three(reason)

    @pytest.mark.parametrize("fields", [[], [("Access-Control-Allow-Credentials", "True")]])
    def test_credentials(self, fields: list[tuple[str, str]]) -> None:
        reason = 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".'
        assert lines(call(answer(200, PAGE_ORIGIN, *fields), credentials="include")) == three(reason)

    def test_xhr(self) -> None:
        assert lines(xhr(answer(200)))[1] == (
            "XMLHttpRequest cannot load https://api.other/data due to access control checks."
        )

    def test_image(self) -> None:
        assert lines(element(answer(200), destination="image"))[1] == (
            "Cannot load image https://api.other/data due to access control checks."
        )


class TestPreflight:
    """Status first, and script's own casing of names."""

    @pytest.mark.parametrize("status", [301, 304, 403, 404, 500])
    def test_status(self, status: int) -> None:
        code = BlockCode.PREFLIGHT_REDIRECT if status == 301 else BlockCode.PREFLIGHT_STATUS
        assert lines(made(code, answer(status), role="preflight")) == (
            three(f"Preflight response is not successful. Status code: {status}")
        )

    @pytest.mark.parametrize(
        ("value", "shown"), [("GET, PO ST", "GET, PO ST"), (",, ;", ",, ;"), ("P\xe9T", "P\xef\xbf\xbdT")]
    )
    def test_unparsable(self, value: str, shown: str) -> None:
        result = call(answer(204, PAGE_ORIGIN, ("Access-Control-Allow-Methods", value)), method=b"PUT")
        assert lines(result) == three(f"Header Access-Control-Allow-Methods has an invalid value: {shown}")
        fields = [PUT, ("Access-Control-Allow-Headers", value)]
        result = call(answer(204, PAGE_ORIGIN, *fields), method=b"PUT", headers=[(b"X-One", b"1")])
        assert lines(result) == three(f"Header Access-Control-Allow-Headers has an invalid value: {shown}")

    @pytest.mark.parametrize("method", ["PUT", "patch"])
    def test_method(self, method: str) -> None:
        result = call(answer(204, PAGE_ORIGIN), method=method.encode())
        assert lines(result) == three(f"Method {method} is not allowed by Access-Control-Allow-Methods.")

    @pytest.mark.parametrize(
        ("names", "shown"),
        [
            (["X-Foo-Bar"], "X-Foo-Bar"),
            (["X-Foo-Bar", "X-CC"], "X-Foo-Bar"),
            (["X-Zeta", "content-type", "authorization"], "Content-Type"),
            (["Authorization", "Content-Type"], "Authorization"),
            (["x-b", "AUTHORIZATION"], "Authorization"),
        ],
    )
    def test_header(self, names: list[str], shown: str) -> None:
        headers = [(name.encode(), b"application/json") for name in names]
        result = call(answer(204, PAGE_ORIGIN), headers=headers)
        assert lines(result) == three(f"Request header field {shown} is not allowed by Access-Control-Allow-Headers.")

    def test_credentials_make_the_wildcard_a_name(self) -> None:
        fields = [PAGE_ORIGIN, CREDENTIALS, ("Access-Control-Allow-Headers", "*")]
        result = call(answer(204, *fields), headers=[(b"X-One", b"1")], credentials="include")
        assert lines(result)[0] == "Request header field X-One is not allowed by Access-Control-Allow-Headers."


class TestRedirects:
    """A redirect that is refused names its target."""

    DENIED = "Cross-origin redirection to {} denied by Cross-Origin Resource Sharing policy: {}"

    def test_missing_on_the_redirect(self) -> None:
        reason = "Origin https://page.example is not allowed by Access-Control-Allow-Origin. Status code: 302"
        assert lines(call(redirect(THIRD))) == three(self.DENIED.format(THIRD, reason))

    def test_missing_at_the_end_of_a_tainting_redirect(self) -> None:
        reason = "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200"
        result = call(redirect(THIRD, PAGE_ORIGIN), answer(200))
        assert lines(result) == three(reason, CANNOT.replace("api.other", "third.test"))

    @pytest.mark.parametrize("fragment", ["", "#top"])
    def test_several_are_told_as_one(self, fragment: str) -> None:
        shown = f"https://third.test/x,%20https://third.test/y{fragment}"
        reason = "Origin https://page.example is not allowed by Access-Control-Allow-Origin. Status code: 302"
        there = [("Location", f"https://third.test/{path}") for path in "xy"]
        assert lines(call(answer(302, *there), to=f"{API}{fragment}"))[0] == self.DENIED.format(shown, reason)

    @pytest.mark.parametrize("host", ["third.test", "page.example"])
    def test_user_name(self, host: str) -> None:
        reason = f"redirection URL https://u:p@{host}/x has credentials"
        result = call(redirect(f"https://u:p@{host}/x#y", PAGE_ORIGIN))
        assert lines(result) == three(self.DENIED.format(f"https://{host}/x#y", reason))

    @pytest.mark.parametrize("location", ["data:text/plain,x", "file:///etc/x", "foo:bar", "https://["])
    def test_scheme(self, location: str) -> None:
        reason = "not allowed to follow a cross-origin CORS redirection with non CORS scheme"
        assert lines(call(redirect(location, PAGE_ORIGIN))) == three(self.DENIED.format(location, reason))

    def test_no_url_from_the_pages_own_origin(self) -> None:
        assert lines(call(redirect("https://["), to=OWN)) == ()

    def test_ftp(self) -> None:
        assert lines(call(redirect("ftp://third.test/", PAGE_ORIGIN))) == three("FTP URLs are disabled")

    @pytest.mark.parametrize(
        ("chain", "named"),
        [
            ([OWN], OWN),
            ([OWN, f"{OWN}/2"], OWN),
            ([API], API),
            ([API, THIRD], API),
            ([OWN, API, OWN], API),
            ([OWN, "https://u:p@api.other/data"], API),
        ],
    )
    def test_ftp_after_other_redirects(self, chain: list[str], named: str) -> None:
        answers = [redirect(url, ANY) for url in [*chain[1:], "ftp://third.test/"]]
        result = call(*answers, to=chain[0], mode="no-cors")
        cannot = f"Fetch API cannot load {named} due to access control checks."
        assert lines(result)[:2] == ("FTP URLs are disabled", cannot)

    @pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
    @pytest.mark.parametrize("location", ["file:///etc/x", "blob:null/x", "blob:https://third.test/x"])
    def test_what_is_local_from_the_pages_own_origin(self, location: str, mode: str) -> None:
        result = call(redirect(location), to=OWN, mode=mode)
        assert lines(result) == three(f"Not allowed to load local resource: {location}", CANNOT_OWN)

    @pytest.mark.parametrize("location", ["data:,x", "about:blank", "foo:bar", "javascript:1"])
    def test_schemes_by_mode(self, location: str) -> None:
        assert lines(call(redirect(location), to=OWN, mode="same-origin")) == three(
            f"Unsafe attempt to load URL {location} from origin https://page.example. Domains, protocols and ports "
            "must match.\n",
            CANNOT_OWN,
        )
        for start in (OWN, API):
            assert lines(call(redirect(location), to=start, mode="no-cors")) == three(
                "Redirection to URL with a scheme that is not HTTP(S).",
                f"Fetch API cannot load {location} due to access control checks.",
            )
        denied = self.DENIED.format(
            location, "not allowed to follow a cross-origin CORS redirection with non CORS scheme"
        )
        assert lines(call(redirect(location), to=OWN)) == three(denied, CANNOT_OWN)

    def test_a_blob_of_the_pages_own(self) -> None:
        blob = "blob:https://page.example/x"
        cannot = f"cannot load {blob} due to access control checks."
        said = "Redirection to URL with a scheme that is not HTTP(S)"
        assert lines(call(redirect(blob), to=OWN)) == three(f"{said}.", f"Fetch API {cannot}")
        assert lines(xhr(redirect(blob), to=OWN)) == three(said, f"XMLHttpRequest {cannot}")

    def test_mode_same_origin_and_a_user_name(self) -> None:
        line = lines(call(redirect("https://u:p@api.other/data"), to=OWN, mode="same-origin"))[0]
        assert line.startswith("Unsafe attempt to load URL https://api.other/data from origin ")

    def test_too_many_without_cors_and_a_user_name(self) -> None:
        result = call(*[redirect("https://u@third.test/", ANY)] * 21, mode="no-cors")
        cannot = "Fetch API cannot load https://u@third.test/ due to access control checks."
        assert lines(result) == three("Load cannot follow more than 20 redirections", cannot)

    def test_mode_error(self) -> None:
        reason = "Not allowed to follow a redirection while loading https://api.other/data"
        assert lines(call(redirect(THIRD, PAGE_ORIGIN), redirect="error")) == three(reason)

    def test_too_many(self) -> None:
        assert lines(made(BlockCode.TOO_MANY_REDIRECTS, redirect(API, PAGE_ORIGIN))) == (
            three("Load cannot follow more than 20 redirections")
        )


class TestOthers:
    """What is refused before it is sent, and what is not CORS."""

    def test_mode_same_origin(self) -> None:
        assert lines(call(mode="same-origin")) == ("Fetch API cannot load https://api.other/data.",)

    def test_mode_same_origin_redirected(self) -> None:
        reason = (
            "Unsafe attempt to load URL https://api.other/data from origin https://page.example. Domains, protocols "
            "and ports must match.\n"
        )
        assert lines(call(redirect(API), to=OWN, mode="same-origin")) == three(reason)

    def test_no_cors_redirect_mode(self) -> None:
        assert lines(call(mode="no-cors", redirect="manual")) == (
            "No-Cors mode requires follow redirect mode",
            "Not allowed to request resource",
            CANNOT,
        )

    def test_scheme(self) -> None:
        assert lines(call(to="ftp://x.example/")) == (
            "Cross origin requests are only supported for HTTP.",
            "Fetch API cannot load ftp://x.example/ due to access control checks.",
        )

    def test_no_cors_that_follows_no_redirect(self) -> None:
        assert lines(call(to=f"{API}#top", mode="no-cors", redirect="error")) == (
            "No-Cors mode requires follow redirect mode",
            "Not allowed to request resource",
            CANNOT,
        )

    def test_bad_port(self) -> None:
        assert lines(call(to="https://api.other:6000/")) == (
            "Not allowed to use restricted network port 6000: https://api.other:6000/",
        )

    @pytest.mark.parametrize(
        ("host", "end"),
        [("api.other", " be served over HTTPS."), ("192.168.7.7:8899", " be served over HTTPS."), ("127.0.0.1", "")],
    )
    def test_mixed_content(self, host: str, end: str) -> None:
        request = fetch_request(f"http://{host}/", page())
        assert lines(made(BlockCode.MIXED_CONTENT, request=request)) == (
            (
                f"[blocked] The page at {request.client.url} requested insecure content from http://{host}/. "
                f"This content was blocked and must{end}"
            ),
            "Not allowed to request resource",
            f"Fetch API cannot load http://{host}/ due to access control checks.",
        )

    def test_resource_policy(self) -> None:
        reason = (
            "Cancelled load to https://api.other/data because it violates the resource's Cross-Origin-Resource-Policy "
            "response header."
        )
        result = call(answer(200, ("Cross-Origin-Resource-Policy", "same-origin")), mode="no-cors")
        assert lines(result) == three(reason)

    def test_no_answer(self) -> None:
        said = "Failed to load resource: Could not connect to the server."
        assert lines(call(broken(TransportFailureKind.REFUSED))) == (said,)
        assert lines(call(broken(TransportFailureKind.REFUSED), method=b"PUT"))[1:] == (CANNOT, said)

    @pytest.mark.parametrize("code", BlockCode)
    def test_every_code_can_be_said(self, code: BlockCode) -> None:
        answered = answer(302, ("Location", THIRD))
        request = fetch_request(API, page(), headers=[(b"X-One", b"1")])
        assert not any("{" in line or not line for line in lines(made(code, answered, request=request)))
