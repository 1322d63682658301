"""The cookie store of the predictions, case by case: what one response sets, and what a later request carries."""

from __future__ import annotations

import pytest

from crossorigin.fetch import Client, Request, fetch_request
from crossorigin.web.origins import OpaqueOrigin, Origin, parse_origin
from crossorigin.web.url import parse_url

from .cookies import CookieRules, CookieStore, site_for_cookies
from .scenario import Frame

PAGE = parse_origin("https://app.a.localhost")
OWN, SIBLING, FOREIGN = "https://app.a.localhost/s/0", "https://api.a.localhost/s/0", "https://api.b.localhost/s/0"
NONE = "; SameSite=None; Secure"


def request(url: str, *redirects: str) -> Request:
    made = fetch_request(url, Client(PAGE))
    parsed = [parse_url(each) for each in redirects]
    made.url_list += tuple(each for each in parsed if each is not None)
    return made


def store(site: Origin = PAGE, **rules: object) -> CookieStore:
    return CookieStore(site, PAGE, CookieRules(**rules))  # type: ignore[arg-type] # whatever a test gives


def after(*set_cookies: str, at: str = OWN, then: str = OWN, jar: CookieStore | None = None) -> str | None:
    """The Cookie header of a request to `then` after a response of `at`."""
    jar = jar or store()
    jar.store(request(at), [each.encode() for each in set_cookies])
    value = jar.cookie(request(then))
    return None if value is None else value.decode()


@pytest.mark.parametrize(
    ("set_cookie", "sent"),
    [
        ("a=1", "a=1"),
        ("a=1; Path=/s", "a=1"),
        ("a=1; Path=/other", None),
        ("a=1; Path=/s/0/deeper", None),
        ("a=1; Path=relative", "a=1"),
        (" a = 1 ; Secure", "a=1"),
        ("1", "=1"),
        ("a=1; Max-Age=0", None),
        ("a=1; Max-Age=-5", None),
        ("a=1; Max-Age=60", "a=1"),
        ("a=1; Max-Age=soon", "a=1"),
        ("a=1; Domain=a.localhost", "a=1"),
        ("a=1; Domain=.A.localhost", "a=1"),
        ("a=1; Domain=localhost", None),
        ("a=1; Domain=api.a.localhost", None),
        ("a=1; Domain=b.localhost", None),
        ("a=1; SameSite=Strict", "a=1"),
        ("a=1; SameSite=None", None),
        ("a=1; SameSite=None; Secure", "a=1"),
        ("__Host-a=1; Path=/; Secure", "__Host-a=1"),
        ("__Host-a=1; Path=/s; Secure", None),
        ("__Host-a=1; Secure", None),
        ("__Host-a=1; Path=/; Secure; Domain=app.a.localhost", None),
        ("__HOST-a=1; Path=/", None),
        ("__Secure-a=1; Secure", "__Secure-a=1"),
        ("__Secure-a=1", None),
    ],
)
def test_one_cookie_of_the_own_host(set_cookie: str, sent: str | None) -> None:
    assert after(set_cookie) == sent


@pytest.mark.parametrize(
    ("set_cookie", "at", "then", "sent"),
    [
        ("a=1", OWN, SIBLING, None),
        ("a=1; Domain=a.localhost", OWN, SIBLING, "a=1"),
        ("a=1; Domain=a.localhost", SIBLING, OWN, "a=1"),
        ("a=1; SameSite=Strict", SIBLING, SIBLING, "a=1"),
        ("a=1", OWN, "https://app.a.localhost:8443/s/0", "a=1"),
        ("a=1", OWN, "http://app.a.localhost/s/0", None),
        ("a=1", FOREIGN, FOREIGN, None),
        ("a=1; SameSite=Lax", FOREIGN, FOREIGN, None),
        ("a=1" + NONE, FOREIGN, FOREIGN, "a=1"),
        ("a=1" + NONE, OWN, FOREIGN, None),
    ],
)
def test_one_cookie_between_hosts(set_cookie: str, at: str, then: str, sent: str | None) -> None:
    # The page is on https, so the same host on http is schemefully another site, and the default is Lax.
    assert after(set_cookie, at=at, then=then) == sent


def test_order_is_by_path_then_by_age_and_a_replaced_cookie_keeps_its_age() -> None:
    assert after("a=1; Path=/", "b=2; Path=/", "c=3; Path=/s", "a=4; Path=/") == "c=3; a=4; b=2"
    assert after("a=1", "b=2", "a=; Max-Age=0") == "b=2"


class TestSites:
    """A request is same-site when the frame is, and the whole redirect chain."""

    def test_an_opaque_frame_is_cross_site(self) -> None:
        frames: tuple[Frame, ...] = ("sandboxed", "data")
        for frame in frames:
            opaque = site_for_cookies(frame, PAGE, CookieRules())
            assert isinstance(opaque, OpaqueOrigin)
            assert after("a=1", "b=2" + NONE, jar=store(opaque)) == "b=2"
        assert site_for_cookies("page", PAGE, CookieRules()) is PAGE

    def test_an_engine_may_see_through_the_frame(self) -> None:
        assert site_for_cookies("sandboxed", PAGE, CookieRules(srcdoc_is_cross_site=False)) is PAGE
        assert site_for_cookies("data", PAGE, CookieRules(data_is_cross_site=False)) is PAGE

    def test_a_redirect_over_another_site_makes_it_cross_site(self) -> None:
        jar = store()
        jar.store(request(OWN), [b"a=1; Path=/", b"b=2; Path=/; SameSite=None; Secure"])
        assert jar.cookie(request(FOREIGN, OWN)) == b"b=2"
        assert jar.cookie(request(SIBLING, OWN)) == b"a=1; b=2"

    def test_an_engine_may_ignore_the_chain(self) -> None:
        jar = store(redirect_chain=False)
        jar.store(request(OWN), [b"a=1; Path=/"])
        assert jar.cookie(request(FOREIGN, OWN)) == b"a=1"


class TestRules:
    """What engines differ in."""

    def test_the_default_is_lax_or_none(self) -> None:
        assert after("a=1", at=FOREIGN, then=FOREIGN, jar=store(default_same_site="none")) == "a=1"

    def test_none_without_secure(self) -> None:
        assert after("a=1; SameSite=None", at=FOREIGN, then=FOREIGN, jar=store(none_needs_secure=False)) == "a=1"

    def test_no_third_party(self) -> None:
        jar = store(third_party=False)
        assert after("a=1" + NONE, at=FOREIGN, then=FOREIGN, jar=jar) is None
        assert after("a=1" + NONE, at=SIBLING, then=SIBLING, jar=jar) == "a=1"

    def test_secure_on_loopback(self) -> None:
        own = "http://app.a.localhost:8000/s/0"
        page = parse_origin("http://app.a.localhost:8000")
        assert after("a=1; Secure", at=own, then=own, jar=CookieStore(page, page)) == "a=1"
        strict = CookieStore(page, page, CookieRules(secure_on_loopback=False))
        assert after("a=1; Secure", "b=2", at=own, then=own, jar=strict) == "b=2"


def test_time_passes_when_the_clock_says_so() -> None:
    now = [0.0]
    jar = CookieStore(PAGE, PAGE, clock=lambda: now[0])
    jar.store(request(OWN), [b"a=1; Max-Age=60"])
    now[0] = 59
    assert jar.cookie(request(OWN)) == b"a=1"
    now[0] = 60
    assert jar.cookie(request(OWN)) is None


def test_nobody_ever_typed_a_password() -> None:
    assert store().authorization(request(OWN)) is None
