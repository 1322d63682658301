"""Main fetch: which tainting a request gets, what is refused before it is sent, and what script sees in the end."""

from __future__ import annotations

from dataclasses import fields as fields_of

import pytest

from crossorigin.fetch import (
    BlockCode,
    Request,
    Response,
    UserAgent,
    fetch,
    fetch_request,
    potential_cors_request,
    xhr_request,
)
from crossorigin.fetch.request import CredentialsMode, Mode, RedirectMode
from crossorigin.web.headers import HeaderList

from .dialogue import (
    ANY_ORIGIN,
    API,
    CREDENTIALS,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    SIBLING,
    Field,
    answer,
    ask,
    blocked,
    filtered,
    header,
    page,
    readable,
    redirect,
    said,
    sandboxed,
    talk,
    url,
)


class TestTainting:
    """Step 12: the first statement that matches."""

    @pytest.mark.parametrize(
        ("mode", "target", "expected"),
        [
            ("cors", OWN, "basic"),
            ("cors", SIBLING, "cors"),
            ("cors", API, "cors"),
            ("cors", "https://page.example:8443/", "cors"),
            ("no-cors", OWN, "basic"),
            ("no-cors", SIBLING, "opaque"),
            ("no-cors", API, "opaque"),
            ("same-origin", OWN, "basic"),
            ("same-origin", SIBLING, BlockCode.MODE_SAME_ORIGIN),
            ("same-origin", API, BlockCode.MODE_SAME_ORIGIN),
            ("same-origin", "https://page.example:8443/", BlockCode.MODE_SAME_ORIGIN),
        ],
    )
    def test_mode(self, mode: Mode, target: str, expected: str) -> None:
        request = fetch_request(target, page(), mode=mode)
        if isinstance(expected, BlockCode):
            assert blocked(talk(request)) == expected
        else:
            assert filtered(talk(request, answer(200, ANY_ORIGIN))).type == expected

    @pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
    def test_an_opaque_origin_is_at_home_nowhere(self, mode: Mode) -> None:
        request = fetch_request(OWN, sandboxed(), mode=mode)
        expected = {"cors": "cors", "no-cors": "opaque"}.get(mode)
        if expected is None:
            assert blocked(talk(request)) == BlockCode.MODE_SAME_ORIGIN
        else:
            assert filtered(talk(request, answer(200, ANY_ORIGIN))).type == expected

    @pytest.mark.parametrize(
        "target",
        [
            "ftp://api.other/",
            "file:///etc/passwd",
            "ws://api.other/",
            "wss://api.other/",
            "blob:https://api.other/x",
            "about:blank",
            "about:config",
            "mailto:a@b.example",
            "custom://api.other/",
            "javascript:1",
        ],
    )
    def test_cors_is_for_http(self, target: str) -> None:
        assert blocked(talk(fetch_request(target, page("http://page.example/")))) == BlockCode.SCHEME_NOT_HTTP

    def test_mixed_content_comes_first_whatever_the_scheme(self) -> None:
        # Step 7 before step 12: on a secure page these are not trustworthy before they are not http.
        for target in ("ftp://api.other/", "ws://api.other/", "mailto:a@b.example", "custom://api.other/"):
            assert blocked(talk(fetch_request(target, page()))) == BlockCode.MIXED_CONTENT

    def test_a_navigation_knows_no_cors(self) -> None:
        client = page()
        request = Request(
            url_list=(url(API),), client=client, origin=client.origin, mode="navigate", destination="document"
        )
        result = talk(request, ask(f"GET {API}", lacks=["Origin"], credentials=True), answer(200))
        # credentials mode same-origin, and the tainting is basic
        assert readable(result).type == "basic"

    def test_local_urls_only(self) -> None:
        client = page()
        for target, allowed in ((OWN, False), ("data:,x", True), (API, False)):
            request = Request(
                url_list=(url(target),), client=client, origin=client.origin, mode="cors", local_urls_only=True
            )
            if allowed:
                readable(talk(request))
            else:
                assert blocked(talk(request)) == BlockCode.LOCAL_URLS_ONLY


class TestAccept:
    """Fetch, steps 13 to 15: what every request says of what it would like."""

    @pytest.mark.parametrize(
        ("destination", "accept"),
        [
            ("", "*/*"),
            ("script", "*/*"),
            ("font", "*/*"),
            ("document", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("frame", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("iframe", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("image", "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
            ("json", "application/json,*/*;q=0.5"),
            ("style", "text/css,*/*;q=0.1"),
            ("text", "text/plain,*/*;q=0.5"),
        ],
    )
    def test_by_destination(self, destination: str, accept: str) -> None:
        request = potential_cors_request(OWN, page(), destination, "anonymous")
        assert header(talk(request, answer(200)), "Accept") == accept
        request.initiator = "prefetch"
        document = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        assert header(talk(request, answer(200)), "Accept") == document

    def test_what_script_says_stays(self) -> None:
        fields = [(b"accept", b"text/html"), (b"ACCEPT-language", b"de")]
        result = talk(fetch_request(OWN, page(), headers=fields), answer(200))
        assert (header(result, "Accept"), header(result, "Accept-Language")) == ("text/html", "de")

    def test_no_destination_asks_for_a_preflight_by_its_accept(self) -> None:
        for destination in ("document", "image", "json", "style", "text"):
            request = potential_cors_request(API, page(), destination, "anonymous")
            request.unsafe_request = True
            talk(request, ask(f"GET {API}"), answer(200, ANY_ORIGIN))


class TestUpgrade:
    """Steps 5 and 10: what is fetched over https though it says http."""

    @pytest.mark.parametrize(
        ("target", "upgraded"),
        [
            ("http://page.example/a", "https://page.example/a"),
            ("http://api.other/a", "https://api.other/a"),
            ("http://api.other:8080/", "https://api.other:8080/"),
            ("http://192.168.0.1/", "https://192.168.0.1/"),
            ("https://api.other/", "https://api.other/"),
        ],
    )
    @pytest.mark.parametrize("address", ["http://page.example/", "https://page.example/"])
    def test_upgrade_insecure_requests(self, target: str, upgraded: str, address: str) -> None:
        client = page(address, upgrade_insecure_requests=True)
        talk(fetch_request(target, client), ask(f"GET {upgraded}"), answer(200, ANY_ORIGIN))

    def test_a_navigation_to_another_origin_stays(self) -> None:
        client = page("http://page.example/", upgrade_insecure_requests=True)
        for target, upgraded in (
            ("http://page.example/a", "https://page.example/a"),
            ("http://api.other/", "http://api.other/"),
        ):
            request = Request(
                url_list=(url(target),), client=client, origin=client.origin, mode="navigate", destination="document"
            )
            talk(request, ask(f"GET {upgraded}"), answer(200))

    def test_after_a_redirect(self) -> None:
        client = page(upgrade_insecure_requests=True)
        request = fetch_request(API, client)
        talk(
            request, redirect("http://api.other/2", ANY_ORIGIN), ask("GET https://api.other/2"), answer(200, ANY_ORIGIN)
        )

    @pytest.mark.parametrize(
        ("target", "upgraded"),
        [
            ("http://api.other/a?b#c", "https://api.other/a?b#c"),
            ("http://api.other:8080/", "https://api.other:8080/"),
            ("http://192.168.0.1/", "http://192.168.0.1/"),
            ("http://[fe80::1]/", "http://[fe80::1]/"),
            ("http://localhost/", "http://localhost/"),
            ("http://app.localhost./", "http://app.localhost./"),
        ],
    )
    def test_a_known_https_host(self, target: str, upgraded: str) -> None:
        agent = UserAgent(is_known_hsts_host=lambda _host: True)
        client = page("http://page.example/")
        talk(fetch_request(target, client), ask(f"GET {upgraded}"), answer(200, ANY_ORIGIN), agent=agent)

    def test_hsts_does_not_save_mixed_content(self) -> None:
        # Step 7 comes before step 10.
        agent = UserAgent(is_known_hsts_host=lambda _host: True)
        assert blocked(talk(fetch_request("http://api.other/", page()), agent=agent)) == BlockCode.MIXED_CONTENT

    def test_the_host_is_asked_for(self) -> None:
        asked: list[str] = []

        def known(host: str) -> bool:
            asked.append(host)
            return False

        agent = UserAgent(is_known_hsts_host=known)
        talk(
            fetch_request("http://api.other:8080/", page("http://page.example/")), answer(200, ANY_ORIGIN), agent=agent
        )
        assert asked == ["api.other"]

    def test_the_origin_is_judged_after_the_upgrade(self) -> None:
        agent = UserAgent(is_known_hsts_host=lambda _host: True)
        client = page("http://page.example/")
        result = talk(fetch_request("http://page.example/a", client), answer(200), agent=agent)
        # The referrer was determined in step 9, for http; the origin in step 12, for https: no longer the own one.
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING
        assert header(result, "Referer") == "http://page.example/"


READ: list[Field] = [
    ("Cache-Control", "no-cache"),
    ("content-LANGUAGE", "en"),
    ("Content-Length", "5"),
    ("Content-Type", "text/plain"),
    ("Expires", "0"),
    ("Last-Modified", "never"),
    ("Pragma", "no-cache"),
]
HIDDEN: list[Field] = [
    ("ETag", "x"),
    ("X-One", "1"),
    ("X-One", "2"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie2", "b=2"),
    ("Server", "y"),
    ("Date", "z"),
]


class TestExposed:
    """Step 14: seven names, those that Access-Control-Expose-Headers names, and never Set-Cookie."""

    def shown(self, *expose: str, credentials: CredentialsMode = "same-origin") -> list[Field]:
        lines = [("Access-Control-Expose-Headers", value) for value in expose]
        request = fetch_request(API, page(), credentials=credentials)
        result = talk(request, answer(200, PAGE_ORIGIN, CREDENTIALS, *READ, *HIDDEN, *lines, ("*", "star")))
        response = readable(result)
        assert response.internal.headers.contains(b"Set-Cookie")
        return [(name.decode(), value.decode()) for name, value in response.headers]

    def test_the_seven(self) -> None:
        assert self.shown() == READ

    @pytest.mark.parametrize(
        ("expose", "more"),
        [
            (["X-One"], [("X-One", "1"), ("X-One", "2")]),
            (["x-one"], [("X-One", "1"), ("X-One", "2")]),
            (["etag,, ,server,"], [("ETag", "x"), ("Server", "y")]),
            (["etag", "server"], [("ETag", "x"), ("Server", "y")]),
            (["Set-Cookie, set-cookie2"], []),
            (["SET-COOKIE", "etag"], [("ETag", "x")]),
            (["absent"], []),
            ([""], []),
            (["x one"], []),
            (["etag, x one"], []),
            (["etag", "x one"], []),
            (['"etag"'], []),
            (["Cache-Control"], []),
        ],
    )
    def test_by_name(self, expose: list[str], more: list[Field]) -> None:
        assert self.shown(*expose) == [*READ, *more]

    @pytest.mark.parametrize("expose", [["*"], ["*, etag"], ["etag", "*"], ["Set-Cookie, *"]])
    @pytest.mark.parametrize("credentials", ["omit", "same-origin"])
    def test_every_name(self, expose: list[str], credentials: CredentialsMode) -> None:
        shown = self.shown(*expose, credentials=credentials)
        assert shown[0] == ("Access-Control-Allow-Origin", ORIGIN)
        assert {name for name, _ in HIDDEN} - {name for name, _ in shown} == {"Set-Cookie", "Set-Cookie2"}
        assert [field for field in shown if field[0] == "X-One"] == [("X-One", "1"), ("X-One", "2")]

    def test_with_credentials_an_asterisk_is_only_a_name(self) -> None:
        assert self.shown("*", credentials="include") == [*READ, ("*", "star")]
        assert self.shown("*, etag", credentials="include") == [*READ, ("ETag", "x"), ("*", "star")]
        assert self.shown("etag", credentials="include") == [*READ, ("ETag", "x")]

    def test_a_wildcard_within_a_list_that_does_not_parse(self) -> None:
        assert self.shown("*, x one") == READ

    def test_the_own_origin_shows_all_but_cookies(self) -> None:
        result = talk(fetch_request(OWN, page()), answer(200, *READ, *HIDDEN))
        names = [name.decode() for name, _ in readable(result).headers]
        assert names == [name for name, _ in [*READ, *HIDDEN] if not name.startswith("Set-")]

    def test_said_in_the_trace(self) -> None:
        for value, credentials, sentence in (
            ("*", "omit", "`*` exposes every header"),
            ("*", "include", "`*` is only a name"),
            ("x y", "omit", "does not parse, so it exposes nothing"),
        ):
            fields = [PAGE_ORIGIN, CREDENTIALS, ("Access-Control-Expose-Headers", value)]
            request = fetch_request(API, page(), credentials=credentials)  # type: ignore[arg-type]
            assert sentence in said(talk(request, answer(200, *fields)))


class TestOpaque:
    """Mode no-cors to another origin: script may use the response, and sees nothing of it."""

    @pytest.mark.parametrize("status", [200, 404, 500, 204])
    def test_nothing(self, status: int) -> None:
        result = talk(fetch_request(API, page(), mode="no-cors"), answer(status, ANY_ORIGIN, *READ, body=b"secret"))
        response = filtered(result)
        assert (response.type, response.status, response.status_message) == ("opaque", 0, b"")
        assert (response.headers, response.body, response.url, response.url_list) == ((), None, "", ())
        assert (response.ok, response.redirected, response.is_readable) == (False, False, False)
        assert (response.internal.status, response.internal.body) == (status, b"secret")


class TestBody:
    """Step 21: no body after HEAD, nor with a status that has none; HTTP is violated every day."""

    @pytest.mark.parametrize("target", [OWN, API])
    @pytest.mark.parametrize(
        ("method", "status", "body"),
        [
            (b"GET", 200, b"body"),
            (b"HEAD", 200, None),
            (b"GET", 101, None),
            (b"GET", 103, None),
            (b"GET", 204, None),
            (b"GET", 205, None),
            (b"GET", 304, None),
            (b"POST", 204, None),
            (b"GET", 206, b"body"),
            (b"GET", 404, b"body"),
            (b"POST", 500, b"body"),
            (b"GET", 999, b"body"),
        ],
    )
    def test_body(self, target: str, method: bytes, status: int, body: bytes | None) -> None:
        result = talk(fetch_request(target, page(), method=method), answer(status, ANY_ORIGIN, body=b"body"))
        assert readable(result).body == body
        assert readable(result).status == status
        assert readable(result).ok is (200 <= status <= 299)

    def test_an_empty_one_is_not_none(self) -> None:
        assert readable(talk(fetch_request(OWN, page()), answer(200))).body == b""

    def test_data_too(self) -> None:
        assert readable(talk(fetch_request("data:,x", page(), method=b"HEAD"))).body is None


class TestCaller:
    """The engine is a function of its arguments: the request stays as it was, and the trace tells the story."""

    def test_the_request_is_left_alone(self) -> None:
        # `talk` asserts it for every fetch; here every field that a fetch changes is changed on the way.
        request = fetch_request(API, page(), method=b"POST", body="x", headers=[(b"X-One", b"1")])
        leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Headers", "*"))
        before = {field.name: getattr(request, field.name) for field in fields_of(request)}
        result = talk(
            request, leave, redirect(OWN, ANY_ORIGIN, ("Referrer-Policy", "origin")), leave, answer(200, ANY_ORIGIN)
        )
        assert readable(result).redirected
        assert before == {field.name: getattr(request, field.name) for field in fields_of(request)}

    def test_one_request_many_fetches(self) -> None:
        request, agent = fetch_request(API, page()), UserAgent()
        one = talk(request, redirect(OWN, ANY_ORIGIN), answer(200, ANY_ORIGIN), agent=agent)
        two = talk(request, redirect(OWN, ANY_ORIGIN), answer(200, ANY_ORIGIN), agent=agent)
        assert one == two

    def test_nothing_happens_before_the_generator_is_started(self) -> None:
        engine = fetch(fetch_request(API, page()), UserAgent())
        assert next(engine).url == url(API)
        engine.close()

    def test_dropped_headers_are_told(self) -> None:
        request = fetch_request(API, page(), headers=[(b"Cookie", b"a=1"), (b"Sec-X", b"2")])
        result = talk(request, ask(f"GET {API}", lacks=["Cookie", "Sec-X"]), answer(200, ANY_ORIGIN))
        notes = [step for step in result.steps if step.anchor == "concept-headers-append"]
        assert [step.compared for step in notes] == [(("Cookie", b"a=1"),), (("Sec-X", b"2"),)]

    @pytest.mark.parametrize("redirect_mode", ["follow", "error", "manual"])
    def test_xhr_and_fetch_are_one_engine(self, redirect_mode: RedirectMode) -> None:
        by_fetch = talk(fetch_request(API, page(), redirect=redirect_mode), answer(200, PAGE_ORIGIN))
        by_xhr = talk(xhr_request(API, page()), answer(200, PAGE_ORIGIN))
        assert isinstance(by_fetch.response, Response)
        assert by_fetch.response == by_xhr.response
        assert by_fetch.exchanges == by_xhr.exchanges


def test_hostile_headers_cost_no_more_than_their_length() -> None:
    noise = HeaderList([(b"X-%d" % number, b',"' * 8) for number in range(20_000)])
    many = [
        (name, ',"' * 200_000)
        for name in (
            "Content-Type",
            "X-Content-Type-Options",
            "Timing-Allow-Origin",
            "Access-Control-Expose-Headers",
        )
    ]
    given = answer(200, ANY_ORIGIN, *many)
    given = type(given)(200, HeaderList((*given.headers, *noise)))
    assert readable(talk(fetch_request(API, page()), given)).status == 200
    script = potential_cors_request(API, page(), "script", "anonymous")
    assert readable(talk(script, given)).status == 200
