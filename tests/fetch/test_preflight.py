"""The preflight: when it is sent, what it says, and every way in which the answer can fail to give leave."""

from __future__ import annotations

import pytest

from crossorigin.fetch import (
    BlockCode,
    Body,
    HTTPResponse,
    Profile,
    Request,
    TransportFailureKind,
    UserAgent,
    fetch_request,
    xhr_request,
)
from crossorigin.web.headers import HeaderList

from .dialogue import (
    ANY_ORIGIN,
    API,
    CREDENTIALS,
    NULL_ORIGIN,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    THIRD,
    Field,
    Recorder,
    answer,
    ask,
    blocked,
    broken,
    header,
    page,
    readable,
    redirect,
    said,
    sandboxed,
    sent,
    talk,
    url,
)

X = (b"X-One", b"1")


def methods(*values: str) -> list[Field]:
    return [("Access-Control-Allow-Methods", value) for value in values]


def names(*values: str) -> list[Field]:
    return [("Access-Control-Allow-Headers", value) for value in values]


def leave(*headers: Field, status: int = 204) -> HTTPResponse:
    """A preflight's answer for whatever origin."""
    return answer(status, ANY_ORIGIN, *headers)


def put(**init: object) -> Request:
    return fetch_request(API, page(), method=b"PUT", **init)  # type: ignore[arg-type]


class TestWhenItIsSent:
    """Main fetch, step 12: for a method or a header that no form could send, and for upload listeners."""

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "get", "head", "post", "Post"])
    def test_no_preflight_for_a_safelisted_method(self, method: str) -> None:
        result = talk(
            fetch_request(API, page(), method=method.encode()),
            ask(f"{method.upper()} {API}", role="actual"),
            answer(200, ANY_ORIGIN),
        )
        readable(result)

    @pytest.mark.parametrize(
        ("method", "on_the_wire"),
        [
            ("PUT", "PUT"),
            ("put", "PUT"),
            ("DELETE", "DELETE"),
            ("delete", "DELETE"),
            ("OPTIONS", "OPTIONS"),
            ("options", "OPTIONS"),
            ("PATCH", "PATCH"),
            ("patch", "patch"),
            ("Patch", "Patch"),
            ("QUERY", "QUERY"),
            ("gEtT", "gEtT"),
            ("*", "*"),
            ("!#$%&'*+-.^_`|~0", "!#$%&'*+-.^_`|~0"),
        ],
    )
    def test_for_every_other_method(self, method: str, on_the_wire: str) -> None:
        result = talk(
            fetch_request(API, page(), method=method.encode()),
            ask(f"OPTIONS {API}", ("Access-Control-Request-Method", on_the_wire), role="preflight"),
            leave(*methods(on_the_wire)),
            ask(f"{on_the_wire} {API}", role="actual"),
            answer(200, ANY_ORIGIN),
        )
        readable(result)
        assert f"Method {on_the_wire} is not CORS-safelisted" in said(result)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Accept", "text/html"),
            ("Accept", "*/*;q=0.8, a b/=;-.\t\x80\xff"),
            ("Accept", "1" * 128),
            ("Accept-Language", "de-AT, *;q=0.5"),
            ("Content-Language", "en"),
            ("Content-Type", "text/plain"),
            ("Content-Type", "TEXT/plain;charset=utf-8"),
            ("Content-Type", "multipart/form-data"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Range", "bytes=0-"),
            ("Range", "bytes=1-2"),
        ],
    )
    def test_no_preflight_for_a_safelisted_header(self, name: str, value: str) -> None:
        request = fetch_request(API, page(), headers=[(name.encode(), value.encode("latin-1"))])
        readable(talk(request, ask(f"GET {API}", (name, value)), answer(200, ANY_ORIGIN)))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X-One", ""),
            ("Authorization", "Basic eA=="),
            ("Cache-Control", "no-cache"),
            ("If-None-Match", "a"),
            ("DPR", "2"),
            ("Accept", "1" * 129),
            ("Accept", "a:b"),
            ("Accept", '"a"'),
            ("Accept", "\x7f"),
            ("Accept-Language", "de_AT"),
            ("Accept-Language", "\xe9"),
            ("Content-Language", "en/us"),
            ("Content-Type", "application/json"),
            ("Content-Type", "text/plain, text/plain"),
            ("Content-Type", "text/plain;a=[1]"),
            ("Content-Type", "text"),
            ("Content-Type", ""),
            ("Range", "bytes=-5"),
            ("Range", "bytes = 0-"),
            ("Range", "bytes=2-1"),
            ("Range", "bytes=0-1,3-4"),
        ],
    )
    def test_for_every_other_header(self, name: str, value: str) -> None:
        request = fetch_request(API, page(), headers=[(name.encode(), value.encode("latin-1"))])
        result = talk(
            request,
            ask(
                f"OPTIONS {API}",
                ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", name.lower()),
            ),
            leave(*names(name)),
            answer(200, ANY_ORIGIN),
        )
        readable(result)
        assert f"{name} is not CORS-safelisted" in said(result)

    def test_together_above_1024_bytes(self) -> None:
        # The browser's own `Accept: */*` and `Accept-Language: en` count: 5 bytes, and eight of 128 would be 1024.
        fields = [(b"Accept-Language", b"a" * 128)] * 7 + [(b"Content-Language", b"b" * 125)]
        assert len(b"".join(value for _, value in fields)) + len("*/*") == 1024
        readable(talk(fetch_request(API, page(), headers=fields), ask(f"GET {API}"), answer(200, ANY_ORIGIN)))
        fields[-1] = (b"Content-Language", b"b" * 126)
        request = fetch_request(API, page(), headers=fields)
        wanted = ("Access-Control-Request-Headers", "accept,accept-language,content-language")
        preflight = ask(f"OPTIONS {API}", wanted)
        readable(talk(request, preflight, leave(*names("*")), answer(200, ANY_ORIGIN)))

    def test_never_for_the_own_origin(self) -> None:
        request = fetch_request(OWN, page(), method=b"PUT", headers=[X])
        readable(talk(request, ask(f"PUT {OWN}", ("X-One", "1")), answer(200)))

    def test_not_for_a_request_that_no_script_made(self) -> None:
        # Without the unsafe-request flag a method and headers are the browser's own.
        client = page()
        request = Request(
            url_list=(url(API),),
            client=client,
            origin=client.origin,
            method=b"PUT",
            headers=HeaderList((X,)),
            mode="cors",
        )
        readable(talk(request, ask(f"PUT {API}"), answer(200, ANY_ORIGIN)))

    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_upload_listeners(self, method: str) -> None:
        result = talk(
            xhr_request(API, page(), method=method.encode(), upload_listeners=True),
            ask(f"OPTIONS {API}", ("Access-Control-Request-Method", method), lacks=["Access-Control-Request-Headers"]),
            leave(),
            ask(f"{method} {API}"),
            answer(200, ANY_ORIGIN),
        )
        assert "The use-CORS-preflight flag is set" in said(result)

    def test_a_stream(self) -> None:
        request = fetch_request(API, page(), method=b"POST", body=Body(b"data", stream=True), duplex="half")
        talk(
            request,
            ask(f"OPTIONS {API}", ("Access-Control-Request-Method", "POST")),
            leave(),
            ask(f"POST {API}", body=b"data", lacks=["Content-Length"]),
            answer(200, ANY_ORIGIN),
        )


class TestWhatItSays:
    """Steps 1 to 6: the method, the unsafe names, and nothing that could be a credential."""

    def test_the_whole_of_it(self) -> None:
        agent = UserAgent(credentials=Recorder(), user_agent=b"Test/1")
        request = fetch_request(
            API,
            page(),
            method=b"PUT",
            credentials="include",
            cache="no-cache",
            body="text",
            headers=[(b"X-Two", b"2"), (b"Authorization", b"Basic eA=="), (b"x-one", b"1"), (b"Accept", b"text/html")],
        )
        allowed = [PAGE_ORIGIN, CREDENTIALS, *methods("PUT"), *names("x-two, x-one, authorization")]
        result = talk(request, answer(200, *allowed), answer(200, PAGE_ORIGIN, CREDENTIALS), agent=agent)
        assert sent(result, 0).headers == HeaderList.of(
            ("Accept", "*/*"),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "authorization,x-one,x-two"),
            ("Referer", "https://page.example/"),
            ("Origin", "https://page.example"),
            ("Sec-Fetch-Dest", "empty"),
            ("Sec-Fetch-Mode", "cors"),
            ("Sec-Fetch-Site", "cross-site"),
            ("User-Agent", "Test/1"),
            ("Accept-Encoding", "gzip, deflate, br"),
        )
        assert sent(result, 1).headers == HeaderList.of(
            ("X-Two", "2"),
            ("Authorization", "Basic eA=="),
            ("x-one", "1"),
            ("Accept", "text/html"),
            ("Content-Type", "text/plain;charset=UTF-8"),
            ("Accept-Language", "en"),
            ("Content-Length", "4"),
            ("Referer", "https://page.example/"),
            ("Origin", "https://page.example"),
            ("Sec-Fetch-Dest", "empty"),
            ("Sec-Fetch-Mode", "cors"),
            ("Sec-Fetch-Site", "cross-site"),
            ("User-Agent", "Test/1"),
            ("Cache-Control", "max-age=0"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("Cookie", "session=1"),
        )

    def test_it_asks_no_store_and_stores_nothing(self) -> None:
        store = Recorder()
        agent = UserAgent(credentials=store)
        preflight = answer(200, PAGE_ORIGIN, CREDENTIALS, *methods("PUT"), ("Set-Cookie", "a=1"))
        talk(put(credentials="include"), preflight, broken(), agent=agent)
        assert store.stored == []
        assert store.asked == [API, API]  # for the request itself: a cookie, a password

    @pytest.mark.parametrize(
        ("headers", "wanted"),
        [
            (["X-B", "X-A"], "x-a,x-b"),
            (["B", "a", "C"], "a,b,c"),
            (["X-A", "x-a", "X-a"], "x-a"),
            (["X-10", "X-9", "X_1", "X"], "x,x-10,x-9,x_1"),
            (["Zeta", "Authorization", "~tilde"], "authorization,zeta,~tilde"),
        ],
    )
    def test_sorted_lower_case_and_without_spaces(self, headers: list[str], wanted: str) -> None:
        request = fetch_request(API, page(), headers=[(name.encode(), b"1") for name in headers])
        talk(request, ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", wanted)), leave())

    def test_of_two_values_only_the_unsafe_one_counts(self) -> None:
        fields = [(b"Accept", b"text/html"), (b"Accept", b"a:b")]
        request = fetch_request(API, page(), headers=fields)
        talk(request, ask(f"OPTIONS {API}", ("Access-Control-Request-Headers", "accept")), leave())

    def test_the_url_goes_without_its_fragment_and_with_its_query(self) -> None:
        result = talk(fetch_request(f"{API}?q#f", page(), method=b"PUT"), leave())
        assert str(sent(result).url) == f"{API}?q#f"  # the driver leaves fragments out, as HTTP does

    def test_referrer_policy_and_opaque_origin(self) -> None:
        request = fetch_request(API, page(), method=b"PUT", referrer_policy="no-referrer")
        talk(request, ask(f"OPTIONS {API}", ("Origin", ORIGIN), lacks=["Referer"]), leave())
        request = fetch_request(API, page(), method=b"PUT", referrer_policy="unsafe-url")
        talk(request, ask(f"OPTIONS {API}", ("Referer", "https://page.example/dir/page.html")), leave())
        talk(fetch_request(API, sandboxed(), method=b"PUT"), ask(f"OPTIONS {API}", ("Origin", "null")), leave())

    def test_not_to_an_insecure_url(self) -> None:
        target = "http://api.other/"
        request = fetch_request(target, page("http://page.example/"), method=b"PUT")
        talk(request, ask(f"OPTIONS {target}", lacks=["Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-Dest"]), leave())

    def test_421_once_more(self) -> None:
        talk(
            put(),
            ask(f"OPTIONS {API}", role="preflight"),
            answer(421),
            ask(f"OPTIONS {API}", role="preflight", new_connection=True),
            leave(*methods("PUT")),
            ask(f"PUT {API}"),
            answer(200, ANY_ORIGIN),
        )


class TestStatus:
    """Step 7: an ok status, 200 to 299, and the CORS check of the request."""

    def test_every_status(self) -> None:
        passed = []
        for status in range(100, 1000):
            if status in {407, 421}:
                continue
            allowed = leave(*methods("PUT"), status=status)
            more = [answer(200, ANY_ORIGIN)] if 200 <= status <= 299 else []
            result = talk(put(), allowed, *more)
            if result.error is None:
                passed.append(status)
            else:
                expected = BlockCode.PREFLIGHT_REDIRECT if status in {301, 302, 303, 307, 308} else None
                assert blocked(result) == (expected or BlockCode.PREFLIGHT_STATUS)
        assert passed == list(range(200, 300))

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(self, status: int) -> None:
        result = talk(put(), redirect(f"{API}/", ANY_ORIGIN, *methods("PUT"), status=status))
        assert blocked(result) == BlockCode.PREFLIGHT_REDIRECT
        assert result.error is not None
        assert ("Location", f"{API}/".encode()) in result.error.step.compared

    def test_the_redirect_mode_does_not_matter(self) -> None:
        for mode in ("follow", "manual", "error"):
            assert blocked(talk(put(redirect=mode), redirect(API, ANY_ORIGIN))) == BlockCode.PREFLIGHT_REDIRECT

    def test_both_failures_are_recorded_and_the_origin_is_named_first(self) -> None:
        result = talk(put(), answer(404))
        assert blocked(result) == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
        assert [step.anchor for step in result.steps if step.verdict == "fail"] == [
            "concept-cors-check",
            "cors-preflight-fetch-0",
        ]

    def test_407_is_no_response(self) -> None:
        assert blocked(talk(put(), leave(status=407))) == BlockCode.PROXY_AUTHENTICATION

    def test_401_is_just_not_ok(self) -> None:
        assert blocked(talk(put(), leave(status=401))) == BlockCode.PREFLIGHT_STATUS

    @pytest.mark.parametrize("kind", list(TransportFailureKind))
    def test_no_response(self, kind: TransportFailureKind) -> None:
        result = talk(put(), broken(kind))
        assert blocked(result) == BlockCode.NO_RESPONSE
        assert result.error is not None
        assert result.error.failure == broken(kind)


class TestOrigin:
    """The CORS check is of the request: its credentials mode counts, though the preflight carries none."""

    @pytest.mark.parametrize(
        ("credentials", "fields", "code"),
        [
            ("omit", [], BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING),
            ("include", [ANY_ORIGIN], BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD),
            ("include", [ANY_ORIGIN, CREDENTIALS], BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD),
            ("omit", [PAGE_ORIGIN, PAGE_ORIGIN], BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL),
            ("omit", [("Access-Control-Allow-Origin", f"{ORIGIN}/")], BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID),
            ("omit", [("Access-Control-Allow-Origin", "https://a.b")], BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH),
            ("omit", [NULL_ORIGIN], BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH),
            ("include", [PAGE_ORIGIN], BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING),
            (
                "include",
                [PAGE_ORIGIN, ("Access-Control-Allow-Credentials", "True")],
                BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
            ),
            ("same-origin", [PAGE_ORIGIN], None),
            ("omit", [ANY_ORIGIN], None),
            ("include", [PAGE_ORIGIN, CREDENTIALS], None),
        ],
    )
    def test_check(self, credentials: str, fields: list[Field], code: BlockCode | None) -> None:
        preflight = answer(204, *fields, *methods("PUT"))
        if code is None:
            readable(talk(put(credentials=credentials), preflight, answer(200, PAGE_ORIGIN, CREDENTIALS)))
        else:
            assert blocked(talk(put(credentials=credentials), preflight)) == code

    def test_tainted(self) -> None:
        preflight = answer(204, PAGE_ORIGIN, *methods("PUT"))
        result = talk(put(), preflight, redirect(THIRD, PAGE_ORIGIN, status=307), preflight)
        assert blocked(result) == BlockCode.PREFLIGHT_ORIGIN_TAINTED

    def test_leave_is_not_the_answer(self) -> None:
        result = talk(put(), leave(*methods("PUT")), answer(200))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING


class TestMethod:
    """Step 7.5: listed in its own case, or safelisted, or covered by `*` without credentials."""

    @pytest.mark.parametrize(
        ("method", "listed"),
        [
            ("PUT", ["PUT"]),
            ("PUT", ["GET, PUT"]),
            ("PUT", ["GET,PUT,"]),
            ("PUT", [", ,PUT"]),
            ("PUT", ["GET", "PUT"]),
            ("PUT", ["", "PUT"]),
            ("PUT", ["\tPUT\t,\tGET"]),
            ("PUT", ["*"]),
            ("PUT", ["GET, *"]),
            ("patch", ["patch"]),
            ("patch", ["PATCH, patch"]),
            ("patch", ["*"]),
            ("QUERY", ["QUERY"]),
            ("*", ["*"]),
        ],
    )
    def test_allowed(self, method: str, listed: list[str]) -> None:
        request = fetch_request(API, page(), method=method.encode())
        readable(talk(request, leave(*methods(*listed)), answer(200, ANY_ORIGIN)))

    @pytest.mark.parametrize(
        ("method", "listed", "code"),
        [
            ("PUT", [], BlockCode.PREFLIGHT_METHOD),
            ("PUT", [""], BlockCode.PREFLIGHT_METHOD),
            ("PUT", [","], BlockCode.PREFLIGHT_METHOD),
            ("PUT", ["GET, POST"], BlockCode.PREFLIGHT_METHOD),
            ("PUT", ["PUTT"], BlockCode.PREFLIGHT_METHOD),
            ("PUT", ["**"], BlockCode.PREFLIGHT_METHOD),
            ("PUT", ["put"], BlockCode.PREFLIGHT_METHOD_CASE),
            ("patch", ["PATCH"], BlockCode.PREFLIGHT_METHOD_CASE),
            ("PATCH", ["patch"], BlockCode.PREFLIGHT_METHOD_CASE),
        ],
    )
    def test_refused(self, method: str, listed: list[str], code: BlockCode) -> None:
        request = fetch_request(API, page(), method=method.encode())
        assert blocked(talk(request, leave(*methods(*listed)))) == code

    @pytest.mark.parametrize(
        ("listed", "why"),
        [
            (["GET PUT"], "member 1 `GET PUT` holds a space"),
            (["PUT;"], "member 1 `PUT;` holds `;`"),
            (['"PUT"'], 'member 1 `"PUT"` holds `"`'),
            (["PUT, PO ST"], "member 2 `PO ST` holds a space"),
            (["PUT", "(a)"], "member 2 `(a)` holds `(`"),
            (["PUT", "GET, a/b"], "member 3 `a/b` holds `/`"),
            (["PUT, \xe9"], "member 2 `\xe9` holds the byte 0xE9"),
        ],
    )
    def test_not_a_list(self, listed: list[str], why: str) -> None:
        result = talk(fetch_request(API, page(), method=b"PUT"), leave(*methods(*listed)))
        assert blocked(result) == BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE
        assert result.error is not None
        sentence = f"Access-Control-Allow-Methods is not a comma-separated list of tokens: {why}."
        assert result.error.step.sentence == sentence

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
    @pytest.mark.parametrize("listed", [[], ["PUT"], ["get"], [""]])
    def test_a_safelisted_method_need_not_be_listed(self, method: str, listed: list[str]) -> None:
        request = fetch_request(API, page(), method=method.encode(), headers=[X])
        readable(talk(request, leave(*methods(*listed), *names("x-one")), answer(200, ANY_ORIGIN)))

    def test_a_safelisted_method_does_not_save_a_header_that_does_not_parse(self) -> None:
        request = fetch_request(API, page(), headers=[X])
        result = talk(request, leave(*methods("GET POST"), *names("x-one")))
        assert blocked(result) == BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE

    @pytest.mark.parametrize(
        ("method", "listed", "code"),
        [
            ("PUT", ["PUT"], None),
            ("PUT", ["*, PUT"], None),
            ("PUT", ["*"], BlockCode.PREFLIGHT_METHOD_WILDCARD),
            ("PUT", ["GET, *"], BlockCode.PREFLIGHT_METHOD_WILDCARD),
            ("PUT", ["put"], BlockCode.PREFLIGHT_METHOD_CASE),
            ("*", ["*"], None),
        ],
    )
    def test_with_credentials_an_asterisk_is_only_a_name(
        self, method: str, listed: list[str], code: BlockCode | None
    ) -> None:
        request = fetch_request(API, page(), method=method.encode(), credentials="include")
        preflight = answer(204, PAGE_ORIGIN, CREDENTIALS, *methods(*listed))
        if code is None:
            readable(talk(request, preflight, answer(200, PAGE_ORIGIN, CREDENTIALS)))
        else:
            assert blocked(talk(request, preflight)) == code

    def test_upload_listeners_let_an_absent_list_pass(self) -> None:
        # Step 7.4 of the text, for any method: without the header, the request's method counts as listed.
        request = xhr_request(API, page(), method=b"PUT", upload_listeners=True)
        result = talk(request, leave(), answer(200, ANY_ORIGIN))
        assert "counts as listed" in said(result)
        assert blocked(talk(request, leave(*methods("")))) == BlockCode.PREFLIGHT_METHOD
        assert blocked(talk(request, leave(*methods("GET")))) == BlockCode.PREFLIGHT_METHOD


class TestHeaders:
    """Steps 7.6 and 7.7: every unsafe name is listed, in any case, or covered by `*`; never Authorization."""

    @pytest.mark.parametrize(
        ("headers", "listed"),
        [
            (["X-One"], ["x-one"]),
            (["x-one"], ["X-ONE"]),
            (["X-One", "X-Two"], ["x-two,x-one"]),
            (["X-One", "X-Two"], ["x-two", "x-one"]),
            (["X-One"], [",, x-one ,"]),
            (["X-One"], ["*"]),
            (["X-One", "X-Two"], ["*, y"]),
            (["Authorization"], ["authorization"]),
            (["Authorization"], ["*, AUTHORIZATION"]),
            (["Authorization", "X-One"], ["*, authorization"]),
            (["*"], ["*"]),
        ],
    )
    def test_allowed(self, headers: list[str], listed: list[str]) -> None:
        request = fetch_request(API, page(), headers=[(name.encode(), b"1") for name in headers])
        readable(talk(request, leave(*names(*listed)), answer(200, ANY_ORIGIN)))

    @pytest.mark.parametrize(
        ("headers", "listed", "code", "named"),
        [
            (["X-One"], [], BlockCode.PREFLIGHT_HEADER, "x-one"),
            (["X-One"], [""], BlockCode.PREFLIGHT_HEADER, "x-one"),
            (["X-One"], ["x-two"], BlockCode.PREFLIGHT_HEADER, "x-one"),
            (["X-One"], ["x_one"], BlockCode.PREFLIGHT_HEADER, "x-one"),
            (["X-Two", "X-One"], ["y"], BlockCode.PREFLIGHT_HEADER, "x-one"),
            (["X-Two", "X-One"], ["x-one"], BlockCode.PREFLIGHT_HEADER, "x-two"),
            (["A-First", "Authorization"], [], BlockCode.PREFLIGHT_HEADER, "authorization"),
            (["Authorization"], ["*"], BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD, "authorization"),
            (["Authorization", "X-One"], ["x-one, *"], BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD, "authorization"),
        ],
    )
    def test_refused(self, headers: list[str], listed: list[str], code: BlockCode, named: str) -> None:
        request = fetch_request(API, page(), headers=[(name.encode(), b"1") for name in headers])
        result = talk(request, leave(*names(*listed)))
        assert blocked(result) == code
        assert result.error is not None
        assert ("header name", named.encode()) in result.error.step.compared

    @pytest.mark.parametrize(
        ("listed", "why"),
        [
            (["x one"], "member 1 `x one` holds a space"),
            (["x-one", "a b"], "member 2 `a b` holds a space"),
            (['"x-one"'], 'member 1 `"x-one"` holds `"`'),
            (["x-one: 1"], "member 1 `x-one: 1` holds `:`"),
            (["*, @"], "member 2 `@` holds `@`"),
        ],
    )
    def test_not_a_list(self, listed: list[str], why: str) -> None:
        result = talk(fetch_request(API, page(), headers=[X]), leave(*names(*listed)))
        assert blocked(result) == BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE
        assert result.error is not None
        sentence = f"Access-Control-Allow-Headers is not a comma-separated list of tokens: {why}."
        assert result.error.step.sentence == sentence

    @pytest.mark.parametrize(
        ("headers", "listed", "code"),
        [
            (["X-One"], ["x-one"], None),
            (["X-One"], ["*, x-one"], None),
            (["X-One"], ["*"], BlockCode.PREFLIGHT_HEADER_WILDCARD),
            (["X-One", "X-Two"], ["x-one, *"], BlockCode.PREFLIGHT_HEADER_WILDCARD),
            (["Authorization"], ["*"], BlockCode.PREFLIGHT_HEADER_WILDCARD),
            (["Authorization"], ["authorization"], None),
            (["X-One"], [], BlockCode.PREFLIGHT_HEADER),
            (["*"], ["*"], None),
        ],
    )
    def test_with_credentials_an_asterisk_is_only_a_name(
        self, headers: list[str], listed: list[str], code: BlockCode | None
    ) -> None:
        fields = [(name.encode(), b"1") for name in headers]
        request = fetch_request(API, page(), headers=fields, credentials="include")
        preflight = answer(204, PAGE_ORIGIN, CREDENTIALS, *names(*listed))
        if code is None:
            readable(talk(request, preflight, answer(200, PAGE_ORIGIN, CREDENTIALS)))
        else:
            assert blocked(talk(request, preflight)) == code

    def test_a_safelisted_name_with_an_unsafe_value_must_be_listed(self) -> None:
        request = fetch_request(API, page(), headers=[(b"Content-Type", b"application/json")])
        assert blocked(talk(request, leave())) == BlockCode.PREFLIGHT_HEADER
        readable(talk(request, leave(*names("content-type")), answer(200, ANY_ORIGIN)))

    def test_methods_are_judged_before_headers_and_parsing_before_both(self) -> None:
        request = fetch_request(API, page(), method=b"PUT", headers=[X])
        assert blocked(talk(request, leave())) == BlockCode.PREFLIGHT_METHOD
        both = leave(*methods("a b"), *names("a b"))
        assert blocked(talk(request, both)) == BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE
        unparsable = leave(*methods("POST"), *names("a b"))
        assert blocked(talk(request, unparsable)) == BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE


class TestHowLong:
    """Steps 7.8 to 7.10: Access-Control-Max-Age in seconds, 5 where it says nothing, never above the engine's limit."""

    @pytest.mark.parametrize(
        ("values", "seconds"),
        [
            ([], 5),
            (["600"], 600),
            (["0"], 0),
            (["00"], 0),
            (["007"], 7),
            (["0" * 5000 + "9"], 9),
            (["-1"], 5),
            (["+5"], 5),
            (["+600"], 5),
            (["1.5"], 5),
            (["600.0"], 5),
            (["6e2"], 5),
            (["0x10"], 5),
            (["six hundred"], 5),
            (["600s"], 5),
            (["600 "], 5),
            (["600, 600"], 5),
            (["600", "600"], 5),
            (["600", ""], 5),
            ([""], 5),
            (["\xb2"], 5),
            (["2147483647"], 2**31 - 1),
            (["2147483648"], 2**31),
            (["9999999999"], 2**31),
            (["9" * 5000], 2**31),
        ],
    )
    def test_seconds(self, values: list[str], seconds: int) -> None:
        fields = [("Access-Control-Max-Age", value) for value in values]
        result = talk(put(), leave(*methods("PUT"), *fields), answer(200, ANY_ORIGIN))
        assert f"The answer is cached for {seconds} seconds" in said(result)

    def test_the_limit_of_an_engine(self) -> None:
        for value, seconds in (("7200", 7200), ("7201", 7200), ("86400", 7200), ("10", 10)):
            agent = UserAgent(Profile(name="cautious", max_age_limit=7200))
            preflight = leave(*methods("PUT"), ("Access-Control-Max-Age", value))
            result = talk(put(), preflight, answer(200, ANY_ORIGIN), agent=agent)
            assert f"cached for {seconds} seconds" in said(result)

    def test_even_the_default_is_limited(self) -> None:
        agent = UserAgent(Profile(name="none", max_age_limit=0))
        result = talk(put(), leave(*methods("PUT")), answer(200, ANY_ORIGIN), agent=agent)
        assert "cached for 0 seconds, the limit of none" in said(result)


def test_a_long_list_is_read_in_a_breath() -> None:
    many = ",".join(f"X-{number}" for number in range(100_000))
    result = talk(put(), leave(*methods(many), *names(many)))
    assert blocked(result) == BlockCode.PREFLIGHT_METHOD
    result = talk(put(), leave(*methods(f"{many},PUT"), *names(many)), answer(200, ANY_ORIGIN))
    assert header(result, "Origin") == ORIGIN
