"""The preflight cache: per method and per header name, for one page, one origin and one URL, for so many seconds."""

from __future__ import annotations

from crossorigin.fetch import (
    BlockCode,
    Client,
    HTTPResponse,
    Request,
    UserAgent,
    fetch_request,
    xhr_request,
)
from crossorigin.fetch.preflight_cache import CacheEntry, StandardPreflightCache
from crossorigin.web.origins import OpaqueOrigin, parse_origin

from .dialogue import (
    ANY_ORIGIN,
    API,
    CREDENTIALS,
    NULL_ORIGIN,
    PAGE_ORIGIN,
    SIBLING,
    THIRD,
    Clock,
    answer,
    ask,
    blocked,
    broken,
    page,
    readable,
    redirect,
    said,
    talk,
)

OK = answer(200, PAGE_ORIGIN, CREDENTIALS)


class Browser:
    """A page that fetches from API, time that passes, and whether each fetch needed a preflight."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.agent = UserAgent(clock=self.clock)
        self.preflight = allow()

    def asked(
        self,
        method: str = "GET",
        *names: str,
        target: str = API,
        client: Client | None = None,
        credentials: str = "same-origin",
        origin: str | None = None,
    ) -> bool:
        """Whether a fetch asked for leave; the answers allow it."""
        request = fetch_request(
            target,
            client or page(),
            method=method.encode(),
            headers=[(name.encode(), b"1") for name in names],
            credentials=credentials,  # type: ignore[arg-type]
        )
        result = ("Access-Control-Allow-Origin", origin or request.origin.serialize())
        last = answer(200, result, CREDENTIALS)
        before = len(self.agent.preflight_cache)
        try:
            talk(request, ask(f"{method} {target}"), last, agent=self.agent)
        except AssertionError:
            talk(request, ask(f"OPTIONS {target}"), self.preflight, ask(f"{method} {target}"), last, agent=self.agent)
            return True
        assert len(self.agent.preflight_cache) == before
        return False


def allow(methods: str = "*", names: str = "*", max_age: str | None = "600", origin: str = "*") -> HTTPResponse:
    fields = [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", names),
    ]
    return answer(204, *fields, *([] if max_age is None else [("Access-Control-Max-Age", max_age)]))


class TestTime:
    """An entry is good for max-age seconds, counted from the moment it was stored."""

    def test_five_seconds_by_default(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", max_age=None)
        assert browser.asked("PUT")
        browser.clock.now += 4.999
        assert not browser.asked("PUT")
        browser.clock.now += 0.001
        assert browser.asked("PUT")

    def test_as_long_as_it_says(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", max_age="600")
        assert browser.asked("PUT")
        browser.clock.now += 599
        assert not browser.asked("PUT")
        browser.clock.now += 1
        assert browser.asked("PUT")

    def test_zero_is_stale_at_once(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", max_age="0")
        assert browser.asked("PUT")
        assert browser.asked("PUT")

    def test_a_value_that_does_not_parse_is_five(self) -> None:
        for value in ("-1", "+600", "1.5", "abc", ""):
            browser = Browser()
            browser.preflight = allow("PUT", max_age=value)
            assert browser.asked("PUT")
            assert not browser.asked("PUT")
            browser.clock.now += 5
            assert browser.asked("PUT")

    def test_the_clock_is_the_user_agents(self) -> None:
        now = Clock(0)
        entry = CacheEntry(10, now())
        assert entry.is_fresh(9.9)
        assert not entry.is_fresh(10)

    def test_a_later_preflight_sets_the_seconds_and_not_the_moment(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", "", max_age="100")
        assert browser.asked("PUT")
        browser.clock.now += 90
        browser.preflight = allow("PUT", "x-one", max_age="200")
        assert browser.asked("PUT", "X-One")  # for X-One; PUT is refreshed on the way
        browser.clock.now += 109
        assert not browser.asked("PUT")  # 199 seconds after it was stored
        browser.clock.now += 1
        assert browser.asked("PUT")

    def test_a_later_preflight_can_end_an_entry_and_then_stores_it_anew(self) -> None:
        # Steps 12 and 13 one after the other: what step 12 ended is no match in step 13.
        browser = Browser()
        browser.preflight = allow("PUT", "", max_age="600")
        assert browser.asked("PUT")
        browser.clock.now += 100
        browser.preflight = allow("PUT", "x-one", max_age="50")
        assert browser.asked("PUT", "X-One")
        browser.clock.now += 49
        assert not browser.asked("PUT")
        browser.clock.now += 1
        assert browser.asked("PUT")

    def test_what_is_stale_is_removed(self) -> None:
        cache, request = StandardPreflightCache(), fetch_request(API, page())
        cache.store(request, [b"PUT", b"PATCH"], [b"x-one"], 5, 0)
        assert len(cache) == 3
        cache.store(request, [b"DELETE"], [], 5, 10)
        assert len(cache) == 1


class TestWhat:
    """Methods and header names are remembered one by one, and add up over several preflights."""

    def test_a_method_and_no_other(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT, PATCH", "x-one")
        assert browser.asked("PUT")
        assert not browser.asked("PATCH")
        assert not browser.asked("GET", "X-One")
        assert not browser.asked("PUT", "x-ONE")
        browser.preflight = allow("DELETE")
        assert browser.asked("DELETE")

    def test_methods_by_case(self) -> None:
        browser = Browser()
        browser.preflight = allow("PATCH, patch")
        assert browser.asked("PATCH")
        assert not browser.asked("patch")
        browser.preflight = allow("Patch")
        assert browser.asked("Patch")

    def test_a_header_and_no_other(self) -> None:
        browser = Browser()
        browser.preflight = allow("", "x-one, X-TWO")
        assert browser.asked("GET", "X-One")
        assert not browser.asked("GET", "X-Two")
        assert not browser.asked("GET", "X-One", "X-Two")
        browser.preflight = allow("", "x-three, x-one")
        assert browser.asked("GET", "X-Three", "X-One")

    def test_the_union_of_two(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", "x-one")
        assert browser.asked("PUT", "X-One")
        browser.preflight = allow("DELETE", "x-two")
        assert browser.asked("DELETE", "X-Two")
        assert not browser.asked("DELETE", "X-One")
        assert not browser.asked("PUT", "X-One", "X-Two")

    def test_safelisted_methods_need_no_entry(self) -> None:
        browser = Browser()
        browser.preflight = allow("", "x-one")
        assert browser.asked("POST", "X-One")
        assert not browser.asked("HEAD", "X-One")

    def test_an_asterisk_covers_all_but_authorization(self) -> None:
        browser = Browser()
        assert browser.asked("PUT", "X-One")
        assert not browser.asked("ANYTHING", "X-Any")
        browser.preflight = allow("*", "authorization")
        assert browser.asked("PUT", "Authorization")
        assert not browser.asked("PUT", "Authorization", "X-Any")

    def test_upload_listeners_are_remembered(self) -> None:
        # Step 7.4 is there for this: without a list, the method that was asked for is stored.
        agent = UserAgent()
        request = xhr_request(API, page(), method=b"POST", upload_listeners=True)
        talk(request, ask(f"OPTIONS {API}"), answer(204, ANY_ORIGIN), OK, agent=agent)
        talk(request, ask(f"POST {API}"), OK, agent=agent)

    def test_upload_listeners_need_an_entry_for_a_safelisted_method_too(self) -> None:
        agent = UserAgent()
        request = xhr_request(API, page(), method=b"POST", upload_listeners=True)
        other = answer(204, ANY_ORIGIN, ("Access-Control-Allow-Methods", "PUT"))
        talk(request, ask(f"OPTIONS {API}"), other, OK, agent=agent)
        talk(request, ask(f"OPTIONS {API}"), other, OK, agent=agent)

    def test_said_in_the_trace(self) -> None:
        agent = UserAgent()
        request = fetch_request(API, page(), method=b"PUT")
        talk(request, allow(), OK, agent=agent)
        assert "still remembered" in said(talk(request, OK, agent=agent))


class TestCredentials:
    """An entry made with credentials serves both kinds of request, one made without only its own."""

    def test_without_serves_without(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", "", origin="https://page.example")
        assert browser.asked("PUT", credentials="omit")
        assert not browser.asked("PUT", credentials="same-origin")
        assert browser.asked("PUT", credentials="include")

    def test_with_serves_both(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", "x-one", origin="https://page.example")
        assert browser.asked("PUT", "X-One", credentials="include")
        assert not browser.asked("PUT", "X-One", credentials="include")
        assert not browser.asked("PUT", "X-One", credentials="same-origin")
        assert not browser.asked("PUT", "X-One", credentials="omit")

    def test_the_asterisk_that_allowed_nothing_and_then_everything(self) -> None:
        # A consequence of the text, kept on purpose: see PreflightCache.
        browser = Browser()
        browser.preflight = allow("PUT, *", "x-one, *", origin="https://page.example")
        assert browser.asked("PUT", "X-One", credentials="include")
        assert not browser.asked("DELETE", "X-Two", credentials="include")
        browser.preflight = allow("DELETE", "authorization", origin="https://page.example")
        assert browser.asked("DELETE", "Authorization", credentials="include")


class TestWhose:
    """An entry is for one top-level site, one origin as it was sent, and one URL."""

    def test_another_url(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        for other in (
            f"{API}/",
            f"{API}?",
            f"{API}?a",
            f"{API}/more",
            "http://api.other/data",
            "https://api.other:8/data",
        ):
            client = page("http://page.example/") if other.startswith("http:") else None
            assert browser.asked("PUT", target=other, client=client)
        assert not browser.asked("PUT")

    def test_a_fragment_is_no_other_url(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        assert not browser.asked("PUT", target=f"{API}#there")

    def test_another_origin(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        top = parse_origin("https://page.example")
        assert browser.asked("PUT", client=page("https://sub.page.example/", top_level_origin=top))
        assert not browser.asked("PUT", client=page("https://page.example/other"))

    def test_another_site_at_the_top(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        assert browser.asked("PUT", client=page(top_level_origin=parse_origin("https://portal.test")))
        assert browser.asked("PUT", client=page(top_level_origin=parse_origin("http://page.example")))
        assert not browser.asked("PUT", client=page(top_level_origin=parse_origin("https://www.page.example")))
        assert not browser.asked("PUT", client=page(top_level_origin=parse_origin("https://page.example:8")))

    def test_two_opaque_origins_share_nothing(self) -> None:
        browser = Browser()
        one = page(origin=OpaqueOrigin())
        assert browser.asked("PUT", client=one)
        assert not browser.asked("PUT", client=one)
        assert browser.asked("PUT", client=page(origin=OpaqueOrigin()))

    def test_a_tainted_request_does_not_use_the_pages_entries(self) -> None:
        # web-platform-tests, cors-preflight-cache-tainted: the origin as it was sent is the key.
        agent = UserAgent()
        talk(fetch_request(THIRD, page(), method=b"PUT"), ask(f"OPTIONS {THIRD}"), allow(), OK, agent=agent)
        talk(
            fetch_request(API, page(), method=b"PUT"),
            ask(f"OPTIONS {API}"),
            allow(),
            ask(f"PUT {API}"),
            redirect(THIRD, ANY_ORIGIN, status=307),
            ask(f"OPTIONS {THIRD}", ("Origin", "null")),
            allow(),
            ask(f"PUT {THIRD}", ("Origin", "null")),
            answer(200, NULL_ORIGIN),
            agent=agent,
        )


class TestClearing:
    """A preflighted fetch that ends in a network error forgets what was remembered for its URL."""

    def failing(self, *last: HTTPResponse, browser: Browser, request: Request | None = None) -> None:
        asked = request or fetch_request(API, page(), method=b"PUT")
        assert talk(asked, *last, agent=browser.agent).error is not None

    def test_a_failed_cors_check(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        self.failing(answer(200), browser=browser)
        assert len(browser.agent.preflight_cache) == 0
        assert browser.asked("PUT")

    def test_no_response(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        talk(fetch_request(API, page(), method=b"PUT"), broken(), agent=browser.agent)
        assert browser.asked("PUT")

    def test_a_failed_preflight_for_something_else(self) -> None:
        browser = Browser()
        browser.preflight = allow("PUT", "")
        assert browser.asked("PUT")
        other = fetch_request(API, page(), method=b"DELETE")
        self.failing(allow("GET"), browser=browser, request=other)
        assert browser.asked("PUT")

    def test_another_url_keeps_its_own(self) -> None:
        browser = Browser()
        assert browser.asked("PUT", target=SIBLING)
        assert browser.asked("PUT")
        self.failing(answer(200), browser=browser)
        assert not browser.asked("PUT", target=SIBLING)

    def test_a_request_without_preflight_clears_nothing(self) -> None:
        browser = Browser()
        assert browser.asked("PUT")
        assert blocked(talk(fetch_request(API, page()), answer(200), agent=browser.agent)) == "B301"
        assert not browser.asked("PUT")

    def test_after_a_redirect_it_is_the_last_url_that_is_cleared(self) -> None:
        # "Clear cache entries using request": by then its current URL is the redirect's target.
        browser = Browser()
        put = fetch_request(API, page(), method=b"PUT")
        assert browser.asked("PUT")
        moved = redirect(f"{API}/2", ANY_ORIGIN, status=307)
        result = talk(put, ask(f"PUT {API}"), moved, ask(f"OPTIONS {API}/2"), answer(403), agent=browser.agent)
        assert blocked(result) == BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING
        assert not browser.asked("PUT")

    def test_a_page_of_it_and_all_of_it(self) -> None:
        cache, request = StandardPreflightCache(), fetch_request(API, page())
        cache.store(request, [b"PUT"], [b"X-One"], 5, 0)
        assert len(cache) == 2
        cache.clear_entries(fetch_request(SIBLING, page()))
        assert len(cache) == 2
        cache.clear_entries(request)
        assert len(cache) == 0
        cache.store(request, [b"PUT"], [b"X-One"], 5, 0)
        cache.clear()
        assert len(cache) == 0


class TestBounds:
    """A server cannot fill the memory, and a full table does not stay full."""

    def test_names(self) -> None:
        cache, request = StandardPreflightCache(), fetch_request(API, page())
        cache.store(request, [], (b"x-%d" % number for number in range(50_000)), 5, 0)
        assert len(cache) == 1024
        assert cache.matches_header_name(b"X-0", request, 0)
        assert not cache.matches_header_name(b"X-49999", request, 0)
        cache.store(request, [], [b"x-49999"], 5, 5)
        assert cache.matches_header_name(b"X-49999", request, 5)

    def test_urls(self) -> None:
        cache = StandardPreflightCache()
        requests = [fetch_request(f"{API}?{number}", page()) for number in range(4100)]
        for request in requests:
            cache.store(request, [b"PUT"], [], 5, 0)
        assert len(cache) == 4096
        assert not cache.matches_method(b"PUT", requests[0], 0)
        assert cache.matches_method(b"PUT", requests[-1], 0)


def test_a_fetch_from_the_cache_is_still_checked() -> None:
    browser = Browser()
    assert browser.asked("PUT")
    result = talk(fetch_request(API, page(), method=b"PUT"), answer(200, PAGE_ORIGIN), agent=browser.agent)
    assert readable(result).type == "cors"
    result = talk(fetch_request(API, page(), method=b"PUT"), answer(200), agent=browser.agent)
    assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING
