"""The network: the exact fields that go on the wire, cookies and passwords, and answers that are none."""

from __future__ import annotations

import pytest

from crossorigin.fetch import (
    BlockCode,
    Body,
    HTTPResponse,
    Request,
    TransportFailure,
    TransportFailureKind,
    UserAgent,
    fetch_request,
    potential_cors_request,
    xhr_request,
)
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.fetch.request import CacheMode, CredentialsMode, EmbedderPolicy, Mode, RedirectMode
from crossorigin.web.headers import HeaderList

from .dialogue import (
    ANY_ORIGIN,
    API,
    CREDENTIALS,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    Recorder,
    answer,
    ask,
    blocked,
    broken,
    filtered,
    header,
    page,
    readable,
    redirect,
    said,
    sent,
    talk,
    url,
)

OPEN = answer(200, PAGE_ORIGIN, CREDENTIALS)


class TestFields:
    """Steps 8.5 to 8.22, in the standard's order."""

    def test_of_a_plain_get(self) -> None:
        agent = UserAgent(user_agent=b"Test/1", accept_language=b"de", accept_encoding=b"gzip")
        result = talk(fetch_request(OWN, page()), answer(200), agent=agent)
        assert sent(result).headers == HeaderList.of(
            ("Accept", "*/*"),
            ("Accept-Language", "de"),
            ("Referer", "https://page.example/dir/page.html"),
            ("Sec-Fetch-Dest", "empty"),
            ("Sec-Fetch-Mode", "cors"),
            ("Sec-Fetch-Site", "same-origin"),
            ("User-Agent", "Test/1"),
            ("Accept-Encoding", "gzip"),
        )

    def test_of_a_post_across_origins(self) -> None:
        agent = UserAgent(credentials=Recorder(), user_agent=b"Test/1")
        request = fetch_request(API, page(), method=b"POST", body="é", credentials="include", cache="no-store")
        result = talk(request, OPEN, agent=agent)
        assert sent(result).headers == HeaderList.of(
            ("Content-Type", "text/plain;charset=UTF-8"),
            ("Accept", "*/*"),
            ("Accept-Language", "en"),
            ("Content-Length", "2"),
            ("Referer", "https://page.example/"),
            ("Origin", "https://page.example"),
            ("Sec-Fetch-Dest", "empty"),
            ("Sec-Fetch-Mode", "cors"),
            ("Sec-Fetch-Site", "cross-site"),
            ("User-Agent", "Test/1"),
            ("Pragma", "no-cache"),
            ("Cache-Control", "no-cache"),
            ("Accept-Encoding", "gzip, deflate, br"),
            ("Cookie", "session=1"),
            ("Authorization", "Basic c3RvcmVk"),
        )
        assert sent(result).body == "é".encode()

    @pytest.mark.parametrize(
        ("method", "body", "length"),
        [
            (b"GET", None, None),
            (b"HEAD", None, None),
            (b"DELETE", None, None),
            (b"PATCH", None, None),
            (b"POST", None, "0"),
            (b"PUT", None, "0"),
            (b"POST", b"", "0"),
            (b"POST", b"1234", "4"),
            (b"DELETE", b"1234", "4"),
        ],
    )
    def test_content_length(self, method: bytes, body: bytes | None, length: str | None) -> None:
        result = talk(fetch_request(OWN, page(), method=method, body=body), answer(200))
        assert header(result, "Content-Length") == length
        assert sent(result).body == body

    def test_a_stream_has_none(self) -> None:
        request = fetch_request(OWN, page(), method=b"POST", body=Body(b"1234", stream=True), duplex="half")
        talk(request, ask(f"POST {OWN}", body=b"1234", lacks=["Content-Length"]), answer(200))

    @pytest.mark.parametrize(
        ("mode", "own", "expected"),
        [
            ("default", [], (None, None)),
            ("force-cache", [], (None, None)),
            ("no-cache", [], (None, "max-age=0")),
            ("no-store", [], ("no-cache", "no-cache")),
            ("reload", [], ("no-cache", "no-cache")),
            ("no-cache", ["Cache-Control"], (None, "own")),
            ("reload", ["Cache-Control"], ("no-cache", "own")),
            ("reload", ["Pragma"], ("own", "no-cache")),
            ("default", ["If-Modified-Since"], ("no-cache", "no-cache")),
            ("default", ["if-none-match"], ("no-cache", "no-cache")),
            ("default", ["If-Unmodified-Since"], ("no-cache", "no-cache")),
            ("default", ["If-Match"], ("no-cache", "no-cache")),
            ("default", ["If-Range"], ("no-cache", "no-cache")),
            ("force-cache", ["If-None-Match"], (None, None)),
        ],
    )
    def test_cache_modes(self, mode: CacheMode, own: list[str], expected: tuple[str | None, str | None]) -> None:
        fields = [(name.encode(), b"own") for name in own]
        result = talk(fetch_request(OWN, page(), cache=mode, headers=fields), answer(200))
        assert (header(result, "Pragma"), header(result, "Cache-Control")) == expected

    def test_a_range_is_not_encoded(self) -> None:
        request = fetch_request(OWN, page(), headers=[(b"Range", b"bytes=0-")])
        result = talk(request, answer(206))
        assert header(result, "Accept-Encoding") == "identity"
        assert readable(result).internal.range_requested

    def test_what_a_request_has_is_not_doubled(self) -> None:
        client = page()
        fields = HeaderList.of(("user-agent", "own"), ("accept-encoding", "own"), ("accept", "own"))
        request = Request(url_list=(url(OWN),), client=client, origin=client.origin, headers=fields)
        talk(
            request,
            ask(f"GET {OWN}", ("User-Agent", "own"), ("Accept-Encoding", "own"), ("Accept", "own")),
            answer(200),
        )

    def test_script_can_name_its_user_agent(self) -> None:
        request = fetch_request(OWN, page(), headers=[(b"User-Agent", b"Mine/1")])
        assert header(talk(request, answer(200)), "User-Agent") == "Mine/1"

    def test_a_prefetch_says_so(self) -> None:
        request = fetch_request(OWN, page())
        request.initiator = "prefetch"
        talk(request, ask(f"GET {OWN}", ("Sec-Purpose", "prefetch")), answer(200))


# Credentials mode, mode, URL, whether credentials go along.
CREDENTIALS_ROWS: list[tuple[CredentialsMode, Mode, str, bool]] = [
    ("omit", "cors", OWN, False),
    ("omit", "same-origin", OWN, False),
    ("omit", "no-cors", OWN, False),
    ("omit", "cors", API, False),
    ("omit", "no-cors", API, False),
    ("same-origin", "cors", OWN, True),
    ("same-origin", "same-origin", OWN, True),
    ("same-origin", "no-cors", OWN, True),
    ("same-origin", "cors", API, False),
    ("same-origin", "no-cors", API, False),
    ("include", "cors", OWN, True),
    ("include", "same-origin", OWN, True),
    ("include", "no-cors", OWN, True),
    ("include", "cors", API, True),
    ("include", "no-cors", API, True),
]


class TestCredentials:
    """Steps 8.3 and 8.21: cookies and passwords with "include", and with "same-origin" while the tainting is basic."""

    @pytest.mark.parametrize(("credentials", "mode", "target", "included"), CREDENTIALS_ROWS)
    def test_sent_and_stored(self, credentials: CredentialsMode, mode: Mode, target: str, included: bool) -> None:
        store = Recorder()
        request = fetch_request(target, page(), mode=mode, credentials=credentials)
        given = answer(200, PAGE_ORIGIN, CREDENTIALS, ("Set-Cookie", "a=1, b=2"), ("set-cookie", "c=3"))
        result = talk(request, given, agent=UserAgent(credentials=store))
        assert header(result, "Cookie") == ("session=1" if included else None)
        assert header(result, "Authorization") == ("Basic c3RvcmVk" if included else None)
        assert sent(result).include_credentials is included
        assert filtered(result).internal.request_includes_credentials is included
        assert store.stored == ([(target, [b"a=1, b=2", b"c=3"])] if included else [])
        assert ("handles them" if included else "ignores them") in said(result)
        assert not filtered(result).headers.contains(b"Set-Cookie")
        if not included:
            assert store.asked == []

    @pytest.mark.parametrize("target", [OWN, API])
    def test_what_script_gave_comes_first(self, target: str) -> None:
        store = Recorder()
        request = xhr_request(target, page(), headers=[(b"authorization", b"Mine")], with_credentials=True)
        leave = answer(204, PAGE_ORIGIN, CREDENTIALS, ("Access-Control-Allow-Headers", "authorization"))
        talk(
            request,
            *([leave] if target == API else []),
            ask(f"GET {target}", ("Authorization", "Mine"), ("Cookie", "session=1")),
            OPEN,
            agent=UserAgent(credentials=store),
        )
        assert store.asked == [target]

    def test_a_user_name_in_the_url_keeps_the_stored_one_back(self) -> None:
        target = "https://user:secret@page.example/"
        agent = UserAgent(credentials=Recorder())
        talk(xhr_request(target, page()), ask(f"GET {target}", lacks=["Authorization"]), answer(200), agent=agent)
        image = potential_cors_request(target, page(), "image", None)
        talk(image, ask(f"GET {target}", lacks=["Authorization"]), answer(200), agent=agent)
        # Without the use-URL-credentials flag the URL is not looked at: fetch(), redirected there.
        result = talk(fetch_request(OWN, page()), redirect(target), answer(200), agent=agent)
        assert header(result, "Authorization") == "Basic c3RvcmVk"

    def test_no_password_kept(self) -> None:
        agent = UserAgent(credentials=Recorder(password=None))
        talk(
            fetch_request(OWN, page()),
            ask(f"GET {OWN}", ("Cookie", "session=1"), lacks=["Authorization"]),
            answer(200),
            agent=agent,
        )

    def test_cookies_are_stored_though_script_may_not_read(self) -> None:
        store = Recorder()
        given = answer(200, ("Set-Cookie", "a=1"))
        result = talk(fetch_request(API, page(), credentials="include"), given, agent=UserAgent(credentials=store))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING
        assert store.stored == [(API, [b"a=1"])]

    def test_hop_by_hop(self) -> None:
        # web-platform-tests, cors-cookies-redirect
        store = Recorder()
        cookie = ("Set-Cookie", "a=1")
        talk(
            fetch_request(OWN, page()),
            ask(f"GET {OWN}", ("Cookie", "session=1"), credentials=True),
            redirect(API, cookie),
            ask(f"GET {API}", lacks=["Cookie"], credentials=False),
            redirect(OWN, ANY_ORIGIN, cookie),
            ask(f"GET {OWN}", lacks=["Cookie"], credentials=False),
            answer(200, ANY_ORIGIN, cookie),
            agent=UserAgent(credentials=store),
        )
        assert store.stored == [(OWN, [b"a=1"])]

    @pytest.mark.parametrize(
        ("policy", "mode", "credentials", "hops", "included"),
        [
            ("unsafe-none", "no-cors", "include", [API], [True]),
            ("require-corp", "no-cors", "include", [API], [True]),
            ("credentialless", "no-cors", "include", [API], [False]),
            ("credentialless", "no-cors", "include", [OWN], [True]),
            ("credentialless", "no-cors", "same-origin", [OWN], [True]),
            ("credentialless", "no-cors", "include", [OWN, API], [True, False]),
            ("credentialless", "no-cors", "include", [API, OWN], [False, False]),
            ("credentialless", "cors", "include", [API], [True]),
            ("credentialless", "same-origin", "include", [OWN], [True]),
        ],
    )
    def test_a_credentialless_page(
        self, policy: EmbedderPolicy, mode: Mode, credentials: CredentialsMode, hops: list[str], included: list[bool]
    ) -> None:
        client = page(embedder_policy=policy)
        corp = ("Cross-Origin-Resource-Policy", "cross-origin")
        lines = [redirect(hop, PAGE_ORIGIN, CREDENTIALS, corp) for hop in hops[1:]]
        request = fetch_request(hops[0], client, mode=mode, credentials=credentials)
        result = talk(request, *lines, answer(200, PAGE_ORIGIN, CREDENTIALS, corp))
        assert [exchange.request.include_credentials for exchange in result.exchanges] == included


class TestKeepalive:
    """Step 8.10: no more than 64 KiB of bodies under way together."""

    @pytest.mark.parametrize(
        ("size", "inflight", "passed"),
        [
            (64 * 1024, 0, True),
            (64 * 1024 + 1, 0, False),
            (1, 64 * 1024 - 1, True),
            (1, 64 * 1024, False),
            (0, 64 * 1024, True),
            (0, 64 * 1024 + 1, False),
        ],
    )
    def test_limit(self, size: int, inflight: int, passed: bool) -> None:
        request = fetch_request(API, page(), method=b"POST", body=b"x" * size, keepalive=True)
        agent = UserAgent(inflight_keepalive_bytes=inflight)
        if passed:
            readable(talk(request, OPEN, agent=agent))
        else:
            assert blocked(talk(request, agent=agent)) == BlockCode.KEEPALIVE_TOO_LARGE

    def test_only_keepalive_bodies(self) -> None:
        agent = UserAgent(inflight_keepalive_bytes=10**9)
        readable(talk(fetch_request(API, page(), method=b"POST", body=b"x" * 10**6), OPEN, agent=agent))
        readable(talk(fetch_request(API, page(), keepalive=True), OPEN, agent=agent))


class TestOnlyIfCached:
    """Step 10.1: there is no HTTP cache, so there is nothing."""

    def test_nothing_is_cached(self) -> None:
        request = fetch_request(OWN, page(), mode="same-origin", cache="only-if-cached")
        assert blocked(talk(request)) == BlockCode.NOT_CACHED


class TestStatuses:
    """Steps 14 to 16: 401, 407 and 421, with nobody to prompt."""

    def test_401_is_an_answer(self) -> None:
        given = answer(401, ("WWW-Authenticate", 'Basic realm="x"'))
        assert readable(talk(fetch_request(OWN, page()), given)).status == 401

    @pytest.mark.parametrize("target", [OWN, API])
    @pytest.mark.parametrize("mode", ["cors", "no-cors"])
    def test_407_is_none(self, target: str, mode: Mode) -> None:
        given = answer(407, ANY_ORIGIN)
        assert blocked(talk(fetch_request(target, page(), mode=mode), given)) == BlockCode.PROXY_AUTHENTICATION

    @pytest.mark.parametrize("profile", [CHROMIUM, FIREFOX], ids=lambda profile: profile.name)
    @pytest.mark.parametrize("status", [200, 302, 404])
    @pytest.mark.parametrize("mode", ["follow", "manual"])
    def test_different_locations_corrupt_any_answer(self, profile: Profile, status: int, mode: RedirectMode) -> None:
        given = answer(status, ANY_ORIGIN, ("Location", "/a"), ("Location", "/b"))
        request = fetch_request(API, page(), redirect=mode)
        assert blocked(talk(request, given, agent=UserAgent(profile))) == BlockCode.LOCATION_UNPARSABLE

    @pytest.mark.parametrize("profile", [STANDARD, WEBKIT], ids=lambda profile: profile.name)
    def test_they_do_not_to_the_others(self, profile: Profile) -> None:
        given = answer(200, ANY_ORIGIN, ("Location", "/a"), ("Location", "/b"))
        assert readable(talk(fetch_request(API, page()), given, agent=UserAgent(profile))).status == 200

    @pytest.mark.parametrize("profile", [CHROMIUM, FIREFOX], ids=lambda profile: profile.name)
    def test_a_preflights_answer_too(self, profile: Profile) -> None:
        allow = ("Access-Control-Allow-Methods", "PUT")
        given = answer(204, ANY_ORIGIN, allow, ("Location", "/a"), ("Location", "/b"))
        request = fetch_request(API, page(), method=b"PUT")
        assert blocked(talk(request, given, agent=UserAgent(profile))) == BlockCode.LOCATION_UNPARSABLE

    def test_421_is_asked_again(self) -> None:
        result = talk(
            fetch_request(API, page(), method=b"POST", body="x"),
            ask(f"POST {API}", body=b"x"),
            answer(421),
            ask(f"POST {API}", body=b"x", new_connection=True),
            OPEN,
        )
        assert readable(result).status == 200
        assert "asked again on a new connection" in said(result)

    def test_421_twice_is_the_answer(self) -> None:
        result = talk(fetch_request(OWN, page()), answer(421), ask(f"GET {OWN}", new_connection=True), answer(421))
        assert readable(result).status == 421

    def test_421_to_a_stream_is_the_answer(self) -> None:
        request = fetch_request(OWN, page(), method=b"POST", body=Body(b"x", stream=True), duplex="half")
        assert readable(talk(request, answer(421))).status == 421

    def test_421_on_every_hop(self) -> None:
        again = ask(f"GET {OWN}", new_connection=True)
        talk(
            fetch_request(OWN, page()),
            answer(421),
            again,
            redirect(OWN),
            ask(f"GET {OWN}"),
            answer(421),
            again,
            answer(200),
        )


class TestFailures:
    """No response: a network error that says what the driver saw, wherever in the fetch it happened."""

    @pytest.mark.parametrize("kind", list(TransportFailureKind))
    @pytest.mark.parametrize("mode", ["cors", "no-cors"])
    def test_of_the_request(self, kind: TransportFailureKind, mode: Mode) -> None:
        result = talk(fetch_request(API, page(), mode=mode), broken(kind))
        assert blocked(result) == BlockCode.NO_RESPONSE
        assert result.error is not None
        assert result.error.failure == broken(kind)
        assert result.error.step.sentence == broken(kind).detail
        assert result.error.step.compared == (("failure", kind.value.encode()),)

    def test_of_a_redirected_request(self) -> None:
        result = talk(fetch_request(OWN, page()), redirect(API), broken())
        assert blocked(result) == BlockCode.NO_RESPONSE
        assert result.error is not None
        assert result.error.step.exchange == 1

    def test_of_the_request_after_its_preflight(self) -> None:
        leave = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "PUT"))
        agent = UserAgent()
        assert blocked(talk(fetch_request(API, page(), method=b"PUT"), leave, broken(), agent=agent)) == "B601"
        assert len(agent.preflight_cache) == 0

    def test_in_the_middle(self) -> None:
        partial = HTTPResponse(200, HeaderList.of(ANY_ORIGIN, ("Set-Cookie", "a=1")), b"half")
        failure = TransportFailure(TransportFailureKind.RESET, "api.other stopped in the middle.", partial)
        result = talk(fetch_request(API, page()), failure)
        assert blocked(result) == BlockCode.NO_RESPONSE
        assert result.exchanges[0].response == partial


def test_the_request_object_is_shown_to_the_store() -> None:
    """A store sees the URL of the hop, the mode and the origin: what a SameSite rule needs."""
    seen = []

    class Store(Recorder):
        def cookie(self, request: Request) -> bytes | None:
            seen.append((str(request.current_url), request.mode, request.origin.serialize(), request.method))
            return None

    talk(fetch_request(OWN, page()), redirect("/2"), answer(200), agent=UserAgent(credentials=Store()))
    assert seen == [(OWN, "cors", ORIGIN, b"GET"), (f"{ORIGIN}/2", "cors", ORIGIN, b"GET")]
