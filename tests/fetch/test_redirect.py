"""Redirects: what each does to the method, the body, the headers and the origin, and which are not followed."""

from __future__ import annotations

import pytest

from crossorigin.fetch import (
    CHROMIUM,
    FIREFOX,
    WEBKIT,
    BlockCode,
    Body,
    HTTPResponse,
    Profile,
    UserAgent,
    fetch_request,
)
from crossorigin.fetch.request import Mode, RedirectMode

from .dialogue import (
    ANY_ORIGIN,
    API,
    NULL_ORIGIN,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    SIBLING,
    THIRD,
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
    sent,
    talk,
)

STATUSES = [301, 302, 303, 307, 308]
LEAVE = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*"))
LAST = answer(200, ANY_ORIGIN)


def wide(location: str, status: int = 302, *headers: Field) -> HTTPResponse:
    """A redirect that every origin may see."""
    return redirect(location, ANY_ORIGIN, *headers, status=status)


class TestHowMany:
    """Steps 7 and 8: twenty are followed, the twenty-first is not."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("target", [OWN, API])
    def test_twenty(self, status: int, target: str) -> None:
        result = talk(fetch_request(target, page()), *[wide("?", status)] * 20, LAST)
        assert readable(result).redirected
        assert len(readable(result).url_list) == 21
        assert [exchange.request.role for exchange in result.exchanges] == ["actual", *["redirected"] * 20]

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("mode", ["cors", "no-cors"])
    def test_twenty_one(self, status: int, mode: Mode) -> None:
        result = talk(fetch_request(API, page(), mode=mode), *[wide("?", status)] * 21)
        assert blocked(result) == BlockCode.TOO_MANY_REDIRECTS

    def test_an_empty_location_is_the_same_url_again(self) -> None:
        # web-platform-tests, redirect-empty-location: the loop ends as every loop does.
        result = talk(fetch_request(f"{OWN}?q#f", page()), *[redirect("")] * 21)
        assert blocked(result) == BlockCode.TOO_MANY_REDIRECTS
        assert {str(exchange.request.url) for exchange in result.exchanges} == {f"{OWN}?q#f"}

    def test_the_scheme_is_judged_before_the_count(self) -> None:
        result = talk(fetch_request(OWN, page()), *[redirect("?")] * 20, redirect("data:,"))
        assert blocked(result) == BlockCode.LOCATION_NOT_HTTP

    @pytest.mark.parametrize(
        ("location", "engine", "standard"),
        [
            ("data:,", BlockCode.TOO_MANY_REDIRECTS, BlockCode.LOCATION_NOT_HTTP),
            ("https://[", BlockCode.TOO_MANY_REDIRECTS, BlockCode.LOCATION_UNPARSABLE),
            ("https://u@third.test/", BlockCode.TOO_MANY_REDIRECTS, BlockCode.TOO_MANY_REDIRECTS),
        ],
    )
    @pytest.mark.parametrize("profile", [CHROMIUM, FIREFOX], ids=lambda profile: profile.name)
    def test_an_engine_may_count_before_all_else(
        self, location: str, engine: BlockCode, standard: BlockCode, profile: Profile
    ) -> None:
        lines = [*[wide("?", 302)] * 20, redirect(location, ANY_ORIGIN)]
        assert blocked(talk(fetch_request(API, page()), *lines)) == standard
        assert blocked(talk(fetch_request(API, page()), *lines, agent=UserAgent(profile))) == engine
        # Even before the CORS check.
        lines[-1] = redirect(location)
        assert blocked(talk(fetch_request(API, page()), *lines)) == BlockCode.ALLOW_ORIGIN_MISSING
        assert blocked(talk(fetch_request(API, page()), *lines, agent=UserAgent(profile))) == engine

    @pytest.mark.parametrize(
        ("location", "by_cors", "at_home"),
        [
            ("https://u@third.test/", BlockCode.LOCATION_CREDENTIALS, BlockCode.TOO_MANY_REDIRECTS),
            (f"{OWN}?", BlockCode.TOO_MANY_REDIRECTS, BlockCode.TOO_MANY_REDIRECTS),
            ("https://[", BlockCode.LOCATION_UNPARSABLE, BlockCode.TOO_MANY_REDIRECTS),
            ("data:,", BlockCode.LOCATION_NOT_HTTP, BlockCode.TOO_MANY_REDIRECTS),
            # Nobody gets to see that one.
            ("ftp://third.test/", BlockCode.LOCATION_NOT_HTTP, BlockCode.LOCATION_NOT_HTTP),
        ],
    )
    def test_an_engine_may_count_after_the_credentials(
        self, location: str, by_cors: BlockCode, at_home: BlockCode
    ) -> None:
        lines = [*[wide("?", 302)] * 20, redirect(location, ANY_ORIGIN)]
        assert blocked(talk(fetch_request(API, page()), *lines, agent=UserAgent(WEBKIT))) == by_cors
        assert blocked(talk(fetch_request(OWN, page()), *lines, agent=UserAgent(WEBKIT))) == at_home

    def test_preflights_do_not_count(self) -> None:
        pair = [LEAVE, wide("?", 307)]
        # Each URL is the same, so one preflight is enough until it is forgotten: five seconds.
        result = talk(fetch_request(API, page(), method=b"PUT"), *pair, LEAVE, *[wide("?", 307)] * 19, LAST)
        assert [exchange.request.role for exchange in result.exchanges].count("preflight") == 2


# Method, and what 301, 302, 303, 307 and 308 make of it.
METHODS = [
    ("GET", "GET", "GET", "GET", "GET", "GET"),
    ("HEAD", "HEAD", "HEAD", "HEAD", "HEAD", "HEAD"),
    ("POST", "GET", "GET", "GET", "POST", "POST"),
    ("PUT", "PUT", "PUT", "GET", "PUT", "PUT"),
    ("DELETE", "DELETE", "DELETE", "GET", "DELETE", "DELETE"),
    ("PATCH", "PATCH", "PATCH", "GET", "PATCH", "PATCH"),
    ("post", "GET", "GET", "GET", "POST", "POST"),
    ("patch", "patch", "patch", "GET", "patch", "patch"),
    ("TESTING", "TESTING", "TESTING", "GET", "TESTING", "TESTING"),
]


class TestMethod:
    """Step 12: POST by 301 and 302, and all but GET and HEAD by 303, turn into GET without body and its headers."""

    @pytest.mark.parametrize(
        ("method", "status", "then"),
        [(row[0], status, then) for row in METHODS for status, then in zip(STATUSES, row[1:], strict=True)],
    )
    def test_method(self, method: str, status: int, then: str) -> None:
        request = fetch_request(OWN, page(), method=method.encode())
        readable(talk(request, redirect("/there", status=status), ask(f"{then} {ORIGIN}/there"), answer(200)))

    @pytest.mark.parametrize(
        ("method", "status", "kept"),
        [
            (b"POST", 301, False),
            (b"POST", 302, False),
            (b"POST", 303, False),
            (b"POST", 307, True),
            (b"POST", 308, True),
            (b"PUT", 301, True),
            (b"PUT", 302, True),
            (b"PUT", 303, False),
            (b"PUT", 307, True),
            (b"PUT", 308, True),
        ],
    )
    def test_body_and_its_headers(self, method: bytes, status: int, kept: bool) -> None:
        body_headers = [
            ("Content-Type", "text/plain"),
            ("content-encoding", "br"),
            ("Content-Language", "en"),
            ("Content-Location", "/"),
        ]
        fields = [(name.encode(), value.encode()) for name, value in [*body_headers, ("X-Kept", "1")]]
        request = fetch_request(OWN, page(), method=method, body=b"four", headers=fields)
        result = talk(
            request, ask(f"{method.decode()} {OWN}", *body_headers), redirect("/", status=status), answer(200)
        )
        for name, value in body_headers:
            assert header(result, name) == (value if kept else None)
        assert header(result, "X-Kept") == "1"
        assert header(result, "Content-Length") == ("4" if kept else None)
        assert sent(result).body == (b"four" if kept else None)

    def test_a_get_keeps_its_content_type(self) -> None:
        request = fetch_request(OWN, page(), headers=[(b"Content-Type", b"text/plain")])
        for status in STATUSES:
            result = talk(request, redirect("/", status=status), answer(200))
            assert header(result, "Content-Type") == "text/plain"

    @pytest.mark.parametrize("status", STATUSES)
    def test_a_stream_is_spent(self, status: int) -> None:
        request = fetch_request(OWN, page(), method=b"POST", body=Body(b"data", stream=True), duplex="half")
        if status == 303:
            result = talk(request, redirect("/", status=status), ask(f"GET {ORIGIN}/"), answer(200))
            assert sent(result).body is None
        else:
            assert blocked(talk(request, redirect("/", status=status))) == BlockCode.REDIRECT_STREAM


# The answer's Location as it stands on the wire, and where it leads from https://api.other/data.
LOCATIONS = [
    ("https://api.other/x", "https://api.other/x"),
    ("HTTPS://API.OTHER:443/x/../y", "https://api.other/y"),
    ("//third.test/x", "https://third.test/x"),
    ("/x", "https://api.other/x"),
    ("x", "https://api.other/x"),
    ("./x/./y", "https://api.other/x/y"),
    ("../../x", "https://api.other/x"),
    ("?q", "https://api.other/data?q"),
    ("#f", "https://api.other/data#f"),
    ("", "https://api.other/data"),
    (" /x ", "https://api.other/x"),
    ("\\x", "https://api.other/x"),
    ("https:x", "https://api.other/x"),
    ("/a b", "https://api.other/a%20b"),
    ("/a\tb", "https://api.other/ab"),
    ("/%zz", "https://api.other/%zz"),
    ("/\xe2\x98\xba", "https://api.other/%E2%98%BA"),
    ("/\xff?\xff#\xff", "https://api.other/%FF?%FF#%FF"),
    ("https://b\xc3\xbccher.example/", "https://xn--bcher-kva.example/"),
    ("https://0x7f.1/", "https://127.0.0.1/"),
]


class TestLocation:
    """Steps 3 to 6, and "location URL": one field, a URL, http or https; the fragment is inherited."""

    @pytest.mark.parametrize(("location", "target"), LOCATIONS, ids=[repr(row[0]) for row in LOCATIONS])
    def test_target(self, location: str, target: str) -> None:
        result = talk(fetch_request(API, page()), wide(location), ask(f"GET {target}"), LAST)
        assert f"Redirected to {target}" in said(result)

    @pytest.mark.parametrize(
        "location",
        ["https://", "https://[", "https://a b/", "https://a:99999/", "https://a%00b/", "https://1.2.3.4.5/"],
    )
    def test_no_url(self, location: str) -> None:
        assert blocked(talk(fetch_request(API, page()), wide(location))) == BlockCode.LOCATION_UNPARSABLE

    @pytest.mark.parametrize("second", ["/x", "/y"])
    def test_several_fields(self, second: str) -> None:
        result = talk(fetch_request(API, page()), wide("/x", 302, ("Location", second)))
        assert blocked(result) == BlockCode.LOCATION_UNPARSABLE
        assert "several" in said(result)

    @pytest.mark.parametrize(
        "location",
        [
            "data:,x",
            "data:text/html,x",
            "about:blank",
            "about:blank#x",
            "blob:https://page.example/x",
            "file:///etc/passwd",
            "ftp://api.other/",
            "ws://api.other/",
            "wss://api.other/",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "custom://x:1/",
            "x:",
        ],
    )
    @pytest.mark.parametrize("mode", ["cors", "no-cors", "same-origin"])
    def test_only_http(self, location: str, mode: Mode) -> None:
        target = OWN if mode == "same-origin" else API
        assert blocked(talk(fetch_request(target, page(), mode=mode), wide(location))) == BlockCode.LOCATION_NOT_HTTP

    @pytest.mark.parametrize("status", STATUSES)
    def test_none_at_all(self, status: int) -> None:
        result = talk(fetch_request(API, page()), answer(status, ANY_ORIGIN, body=b"here"))
        assert readable(result).status == status
        assert readable(result).body == b"here"
        assert not readable(result).redirected

    @pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 309, 399, 500])
    def test_other_statuses_do_not_redirect(self, status: int) -> None:
        assert readable(talk(fetch_request(API, page()), wide(THIRD, status))).status == status

    @pytest.mark.parametrize(
        ("first", "locations", "last"),
        [
            (f"{API}#a", ["/x"], "https://api.other/x#a"),
            (f"{API}#a", ["/x#b"], "https://api.other/x#b"),
            (f"{API}#a", ["/x#"], "https://api.other/x#"),
            (f"{API}#", ["/x"], "https://api.other/x#"),
            (API, ["/x#b", "/y"], "https://api.other/y#b"),
            (f"{API}#a", ["/x", "/y#c", "/z"], "https://api.other/z#c"),
            (f"{API}#a%20b", ["/x"], "https://api.other/x#a%20b"),
        ],
    )
    def test_the_fragment(self, first: str, locations: list[str], last: str) -> None:
        result = talk(fetch_request(first, page()), *map(wide, locations), ask(f"GET {last}"), LAST)
        assert readable(result).url == last.partition("#")[0]

    def test_a_long_one(self) -> None:
        result = talk(fetch_request(API, page()), *[wide("/" + "\xff" * 100_000)] * 3, LAST)
        assert len(str(sent(result).url)) > 300_000


class TestCredentials:
    """Steps 9 and 10: with mode cors no user name or password goes to another origin, nor comes back from one."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("userinfo", ["user:secret@", "user@", ":secret@"])
    @pytest.mark.parametrize(
        ("first", "second", "code"),
        [
            (OWN, API, BlockCode.LOCATION_CREDENTIALS),
            (OWN, SIBLING, BlockCode.LOCATION_CREDENTIALS),
            (API, API, BlockCode.LOCATION_CREDENTIALS),
            (API, THIRD, BlockCode.LOCATION_CREDENTIALS),
            (API, OWN, BlockCode.LOCATION_CREDENTIALS_TAINTED),
        ],
    )
    def test_refused(self, first: str, second: str, userinfo: str, status: int, code: BlockCode) -> None:
        location = second.replace("//", f"//{userinfo}")
        assert blocked(talk(fetch_request(first, page()), wide(location, status))) == code

    @pytest.mark.parametrize(("first", "second"), [(OWN, API), (API, API), (API, THIRD), (API, OWN), (OWN, OWN)])
    @pytest.mark.parametrize("userinfo", ["", "@", ":@"])
    def test_without(self, first: str, second: str, userinfo: str) -> None:
        location = second.replace("//", f"//{userinfo}")
        readable(talk(fetch_request(first, page()), wide(location), ask(f"GET {second}"), LAST))

    def test_within_the_own_origin(self) -> None:
        location = OWN.replace("//", "//user:secret@")
        readable(talk(fetch_request(OWN, page()), redirect(location), ask(f"GET {location}"), answer(200)))
        request = fetch_request(OWN, page(), mode="same-origin")
        readable(talk(request, redirect(location), ask(f"GET {location}"), answer(200)))

    def test_without_cors(self) -> None:
        location = THIRD.replace("//", "//user:secret@")
        result = talk(
            fetch_request(API, page(), mode="no-cors"), redirect(location), ask(f"GET {location}"), answer(200)
        )
        assert filtered(result).type == "opaque"


class TestAuthorization:
    """Step 13: the moment another origin is seen, Authorization goes, and does not come back."""

    def go(self, first: str, *locations: str) -> list[str | None]:
        request = fetch_request(first, page(), headers=[(b"authorization", b"Basic eA=="), (b"X-One", b"1")])
        allowed = [ANY_ORIGIN, ("Access-Control-Allow-Headers", "*, Authorization")]
        lines: list[HTTPResponse] = []
        hops = [first, *locations]
        for index, target in enumerate(hops):
            crossed = any(not hop.startswith(ORIGIN + "/") for hop in hops[: index + 1])
            if crossed and target not in hops[:index]:
                lines.append(answer(204, *allowed))
            lines.append(wide(hops[index + 1]) if index + 1 < len(hops) else LAST)
        result = talk(request, *lines)
        readable(result)
        assert all(
            exchange.request.headers.get(b"X-One") == b"1"
            for exchange in result.exchanges
            if exchange.request.role != "preflight"
        )
        return [
            None if (value := exchange.request.headers.get(b"Authorization")) is None else value.decode()
            for exchange in result.exchanges
            if exchange.request.role != "preflight"
        ]

    def test_within_one_origin(self) -> None:
        assert self.go(OWN, f"{OWN}/2", f"{OWN}/3") == ["Basic eA=="] * 3
        assert self.go(API, f"{API}/2") == ["Basic eA=="] * 2

    @pytest.mark.parametrize("target", [API, SIBLING, "https://page.example:8443/"])
    def test_to_another(self, target: str) -> None:
        assert self.go(OWN, target) == ["Basic eA==", None]

    def test_and_back(self) -> None:
        assert self.go(API, f"{API}/2", THIRD, f"{API}/3", OWN) == ["Basic eA==", "Basic eA==", None, None, None]

    def test_the_next_preflight_does_not_ask_for_it(self) -> None:
        request = fetch_request(API, page(), headers=[(b"Authorization", b"Basic eA==")])
        talk(
            request,
            ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", "authorization")),
            answer(204, ANY_ORIGIN, ("Access-Control-Allow-Headers", "authorization")),
            wide(THIRD),
            ask(f"GET {THIRD}", lacks=["Authorization"]),
            answer(200, ANY_ORIGIN),
        )


class TestOrigin:
    """web-platform-tests, redirect-origin: 40 rows, and the taint when a third party stands between."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize(
        ("first", "second", "get", "post", "kept"),
        [
            (OWN, f"{OWN}/2", None, None, ORIGIN),
            (OWN, API, ORIGIN, ORIGIN, ORIGIN),
            (API, f"{API}/2", ORIGIN, ORIGIN, ORIGIN),
            (API, OWN, "null", "null", "null"),
        ],
        ids=["same to same", "same to other", "other to other", "other to same"],
    )
    @pytest.mark.parametrize("method", [b"GET", b"POST"])
    def test_after_one(
        self, first: str, second: str, get: str | None, post: str | None, kept: str | None, status: int, method: bytes
    ) -> None:
        # 301, 302 and 303 make a GET of POST; 307 and 308 keep it.
        expected = get if method == b"GET" else (kept if status in {307, 308} else post)
        result = talk(fetch_request(first, page(), method=method), wide(second, status), LAST)
        assert header(result, "Origin") == expected

    @pytest.mark.parametrize(
        ("hops", "origins", "taint"),
        [
            ([API], [ORIGIN], "same-origin"),
            ([OWN, API], [None, ORIGIN], "same-origin"),
            ([OWN, API, f"{API}/2"], [None, ORIGIN, ORIGIN], "same-origin"),
            ([API, THIRD], [ORIGIN, "null"], "cross-site"),
            ([API, THIRD, f"{THIRD}/2"], [ORIGIN, "null", "null"], "cross-site"),
            ([API, OWN], [ORIGIN, "null"], "cross-site"),
            ([OWN, API, OWN], [None, ORIGIN, "null"], "cross-site"),
            ([SIBLING, OWN], [ORIGIN, "null"], "same-site"),
            ([SIBLING, "https://www.page.example/"], [ORIGIN, "null"], "same-site"),
            ([SIBLING, API], [ORIGIN, "null"], "same-site"),
            ([SIBLING, API, THIRD], [ORIGIN, "null", "null"], "cross-site"),
            ([SIBLING, f"{SIBLING}/2"], [ORIGIN, ORIGIN], "same-origin"),
            (["https://page.example:8443/", SIBLING], [ORIGIN, "null"], "same-site"),
            (["https://a.api.other/", "https://b.api.other/"], [ORIGIN, "null"], "same-site"),
            (["https://api.other:8443/", API], [ORIGIN, "null"], "same-site"),
            ([OWN, SIBLING, OWN, API], [None, ORIGIN, "null", "null"], "same-site"),
        ],
    )
    def test_along_a_chain(self, hops: list[str], origins: list[str | None], taint: str) -> None:
        result = talk(fetch_request(hops[0], page()), *map(wide, hops[1:]), LAST)
        assert [header(result, "Origin", index) for index in range(len(hops))] == origins
        assert readable(result).redirect_taint == taint
        assert ("from here on the request's origin is null" in said(result)) == (taint != "same-origin")


class TestTainting:
    """Main fetch runs again: the target is a CORS request of its own, and there is no way back to basic."""

    def test_the_redirect_itself_is_checked(self) -> None:
        assert blocked(talk(fetch_request(API, page()), redirect(f"{API}/2"))) == BlockCode.ALLOW_ORIGIN_MISSING
        assert blocked(talk(fetch_request(API, page()), redirect(OWN))) == BlockCode.ALLOW_ORIGIN_MISSING

    def test_the_own_redirect_is_not(self) -> None:
        readable(talk(fetch_request(OWN, page()), redirect(API), answer(200, PAGE_ORIGIN)))
        assert blocked(talk(fetch_request(OWN, page()), redirect(API), answer(200))) == BlockCode.ALLOW_ORIGIN_MISSING

    def test_back_home_it_stays_cors(self) -> None:
        # web-platform-tests, redirect-back-to-original-origin
        result = talk(
            fetch_request(OWN, page()),
            ask(f"GET {OWN}", lacks=["Origin"], credentials=True),
            redirect(API),
            ask(f"GET {API}", ("Origin", ORIGIN), credentials=False),
            redirect(OWN, PAGE_ORIGIN),
            ask(f"GET {OWN}", ("Origin", "null"), credentials=False),
            answer(200, NULL_ORIGIN, ("X-Secret", "1")),
        )
        assert readable(result).type == "cors"
        assert not readable(result).headers.contains(b"X-Secret")
        assert "Back on the page's own origin" in said(result)
        assert blocked(talk(fetch_request(API, page()), wide(OWN), answer(200))) == BlockCode.ALLOW_ORIGIN_MISSING

    def test_a_preflight_on_the_way(self) -> None:
        talk(
            fetch_request(OWN, page(), method=b"PUT", body="x"),
            ask(f"PUT {OWN}", role="actual"),
            redirect(API, status=307),
            ask(f"OPTIONS {API}", ("Origin", ORIGIN), ("Access-Control-Request-Method", "PUT"), role="preflight"),
            LEAVE,
            ask(f"PUT {API}", role="redirected", body=b"x"),
            wide(THIRD, 308),
            ask(f"OPTIONS {THIRD}", ("Origin", "null"), role="preflight"),
            LEAVE,
            ask(f"PUT {THIRD}", ("Origin", "null"), role="redirected", body=b"x"),
            wide(OWN, 307),
            ask(f"OPTIONS {OWN}", ("Origin", "null"), role="preflight"),
            LEAVE,
            ask(f"PUT {OWN}", ("Origin", "null"), role="redirected"),
            LAST,
        )

    def test_a_preflight_on_the_way_can_fail(self) -> None:
        request = fetch_request(OWN, page(), method=b"PUT")
        result = talk(request, redirect(API, status=307), answer(204, ANY_ORIGIN))
        assert blocked(result) == BlockCode.PREFLIGHT_METHOD

    def test_303_needs_no_preflight_for_a_method_that_is_gone(self) -> None:
        talk(fetch_request(OWN, page(), method=b"PUT"), redirect(API, status=303), ask(f"GET {API}"), LAST)

    def test_mode_same_origin(self) -> None:
        request = fetch_request(OWN, page(), mode="same-origin")
        readable(talk(request, redirect(f"{OWN}/2"), answer(200)))
        assert blocked(talk(request, redirect(API))) == BlockCode.MODE_SAME_ORIGIN

    @pytest.mark.parametrize("hops", [[OWN, API], [API, OWN], [API, THIRD], [API, f"{API}/2"]])
    def test_mode_no_cors(self, hops: list[str]) -> None:
        result = talk(fetch_request(hops[0], page(), mode="no-cors"), redirect(hops[1]), answer(200, body=b"secret"))
        assert filtered(result).type == "opaque"
        assert filtered(result).body is None
        assert filtered(result).url == ""

    def test_each_hop_is_looked_at_like_the_first(self) -> None:
        assert blocked(talk(fetch_request(OWN, page()), redirect("http://api.other/"))) == BlockCode.MIXED_CONTENT
        assert blocked(talk(fetch_request(OWN, page()), redirect("https://api.other:22/"))) == BlockCode.BAD_PORT


class TestMode:
    """HTTP fetch, step 6: a redirect mode of error or manual does not follow; the CORS check came before."""

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("target", [OWN, API])
    def test_error(self, status: int, target: str) -> None:
        request = fetch_request(target, page(), redirect="error")
        assert blocked(talk(request, wide("/", status))) == BlockCode.REDIRECT_MODE_ERROR
        assert blocked(talk(request, answer(status, ANY_ORIGIN))) == BlockCode.REDIRECT_MODE_ERROR
        readable(talk(request, LAST))

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("target", [OWN, API])
    @pytest.mark.parametrize("location", ["/", THIRD, "data:,x", "https://"])
    def test_manual(self, status: int, target: str, location: str) -> None:
        result = talk(fetch_request(target, page(), redirect="manual"), wide(location, status))
        response = filtered(result)
        assert response.type == "opaqueredirect"
        assert (response.status, response.status_message, response.headers, response.body) == (0, b"", (), None)
        assert response.url == target
        assert not response.is_readable
        assert response.internal.status == status

    @pytest.mark.parametrize("mode", ["manual", "error", "follow"])
    def test_the_check_comes_first(self, mode: RedirectMode) -> None:
        request = fetch_request(API, page(), redirect=mode)
        assert blocked(talk(request, redirect("/"))) == BlockCode.ALLOW_ORIGIN_MISSING

    @pytest.mark.parametrize("mode", ["manual", "error"])
    def test_no_cors(self, mode: RedirectMode) -> None:
        request = fetch_request(API, page(), mode="no-cors", redirect=mode)
        assert blocked(talk(request)) == BlockCode.NO_CORS_REDIRECT_MODE
        readable(talk(fetch_request(OWN, page(), mode="no-cors", redirect=mode), answer(200)))


class TestReferrerPolicy:
    """Step 19: a Referrer-Policy on the redirect holds from there on."""

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([], "https://page.example/dir/page.html"),
            (["no-referrer"], None),
            (["origin"], "https://page.example/"),
            (["unsafe-url, no-referrer"], None),
            (["no-referrer", "origin"], "https://page.example/"),
            (["no-referrer, future-policy"], None),
            (["future-policy"], "https://page.example/dir/page.html"),
            ([""], "https://page.example/dir/page.html"),
            (["NO-Referrer"], None),
        ],
    )
    def test_header(self, values: list[str], expected: str | None) -> None:
        fields = [("Referrer-Policy", value) for value in values]
        result = talk(fetch_request(OWN, page()), redirect("/2", *fields), answer(200))
        assert header(result, "Referer", 0) == "https://page.example/dir/page.html"
        assert header(result, "Referer") == expected

    def test_what_was_cut_stays_cut(self) -> None:
        # Main fetch, step 9, keeps what it determined as the request's referrer.
        first = redirect("/2", ANY_ORIGIN, ("Referrer-Policy", "unsafe-url"))
        result = talk(fetch_request(API, page()), first, LAST)
        assert header(result, "Referer") == "https://page.example/"
        first = redirect("/2", ANY_ORIGIN, ("Referrer-Policy", "unsafe-url"))
        result = talk(fetch_request(API, page(), referrer_policy="no-referrer"), first, LAST)
        assert header(result, "Referer") is None
