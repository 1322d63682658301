"""RFC 6265bis, "Storage Model" and "Retrieval Model", by hand from its text and its examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from crossorigin.browser.call import PageState, page_client
from crossorigin.browser.clock import Clock
from crossorigin.browser.cookie_context import CookieContext, context_of
from crossorigin.browser.cookie_jar import MOST_COOKIES, MOST_PER_DOMAIN, CookieJar
from crossorigin.browser.element_calls import submit_form
from crossorigin.browser.script_calls import fetch
from crossorigin.fetch.profile import CookieRules
from crossorigin.fetch.profiles import CHROMIUM, FIREFOX, WEBKIT
from crossorigin.fetch.request import Request

from .applications import url

OWN = "https://app.example.com/"


def request(target: str, page: str | None = None, **words: Any) -> Request:
    """A credentialed fetch of `target`, from a page of its own site unless another is named."""
    client = page_client(page or target, top=words.pop("top", None))
    return fetch(PageState(client, "standard", 100), target, credentials="include", **words).request


def navigation(target: str, page: str, method: str = "GET") -> Request:
    return submit_form(PageState(page_client(page), "standard", 100), target, method).request


@dataclass
class Jar:
    """A jar on a clock that stands still."""

    rules: CookieRules = field(default_factory=CookieRules)
    clock: Clock = field(default_factory=lambda: Clock(lambda: 1_000_000.0))

    def __post_init__(self) -> None:
        self.jar = CookieJar(self.rules, self.clock)

    def set(self, target: str, *lines: str, page: str | None = None, top: str | None = None) -> list[str]:
        """Store what `target` answers to a page; the reasons for which fields were refused."""
        before = len(self.jar.refused)
        self.jar.store(request(target, page, top=top), [line.encode("latin-1") for line in lines])
        return [refused.reason for refused in list(self.jar.refused)[before:]]

    def get(self, target: str, page: str | None = None, top: str | None = None) -> str | None:
        value = self.jar.cookie(request(target, page, top=top))
        return None if value is None else value.decode("latin-1")


class TestExamplesOfTheRFC:
    """RFC 6265, section 3.1."""

    def test_a_session(self) -> None:
        jar = Jar()
        assert jar.set("https://www.example.com/", "SID=31d4d96e407aad42") == []
        assert jar.get("https://www.example.com/") == "SID=31d4d96e407aad42"
        assert jar.get("https://example.com/") is None
        assert jar.get("https://a.www.example.com/") is None

    def test_path_and_domain(self) -> None:
        jar = Jar()
        jar.set("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Domain=example.com")
        for host in ("example.com", "www.example.com", "a.b.example.com"):
            assert jar.get(f"https://{host}/x") == "SID=31d4d96e407aad42"

    def test_several_at_once(self) -> None:
        jar = Jar()
        jar.set(OWN, "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly", "lang=en-US; Path=/; Domain=example.com")
        assert jar.get(OWN) == "SID=31d4d96e407aad42; lang=en-US"
        assert jar.get("http://app.example.com/") == "lang=en-US"

    def test_a_cookie_is_removed(self) -> None:
        jar = Jar()
        jar.set(OWN, "lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT", "SID=1")
        assert jar.set(OWN, "lang=; Expires=Sun, 06 Nov 1970 08:49:37 GMT; Max-Age=0") == []
        assert jar.get(OWN) == "SID=1"


class TestStorage:
    """What is let in."""

    @pytest.mark.parametrize(
        ("target", "line", "reason"),
        [
            # Domain
            ("https://www.example.com/", "a=b; Domain=other.test", "not the host's"),
            ("https://example.com/", "a=b; Domain=www.example.com", "not the host's"),
            ("https://www.example.com/", "a=b; Domain=com", "public suffix"),
            ("https://me.github.io/", "a=b; Domain=github.io", "public suffix"),
            ("https://a.co.uk/", "a=b; Domain=co.uk", "public suffix"),
            ("https://github.io/", "a=b; Domain=github.io", None),
            ("https://127.0.0.1/", "a=b; Domain=127.0.0.1", None),
            ("https://127.0.0.1/", "a=b; Domain=0.0.1", "not the host's"),
            ("https://www.example.com/", "a=b; Domain=ex\xe4mple.com", "not ASCII"),
            # Secure
            ("http://www.example.com/", "a=b; Secure", "insecure connection"),
            ("http://localhost:8000/", "a=b; Secure", None),
            ("https://www.example.com/", "a=b; SameSite=None", "without Secure"),
            ("https://www.example.com/", "a=b; Partitioned", "without Secure"),
            # Prefixes, in any case
            ("https://www.example.com/", "__Secure-a=b", "needs Secure"),
            ("https://www.example.com/", "__Secure-a=b; Secure", None),
            ("https://www.example.com/", "__Host-a=b; Secure; Path=/", None),
            ("https://www.example.com/", "__Host-a=b; Secure", "no Domain"),
            ("https://www.example.com/", "__host-a=b; Secure; Path=/x", "no Domain"),
            ("https://www.example.com/", "__HOST-a=b; Secure; Path=/; Domain=www.example.com", "no Domain"),
            ("https://www.example.com/", "__Host-a=b; Path=/", "no Domain"),
            ("https://www.example.com/", "=__Host-a=b; Secure; Path=/", "no name"),
            ("https://www.example.com/", "a=\0", "control character"),
        ],
    )
    def test_of(self, target: str, line: str, reason: str | None) -> None:
        jar = Jar()
        refused = jar.set(target, line)
        assert (refused == []) is (reason is None), refused
        if reason is not None:
            assert reason in refused[0]
            assert jar.jar.refused[-1].line == line
            assert jar.jar.refused[-1].url == target
        assert len(jar.jar) == (reason is None)

    def test_one_takes_the_place_of_another_and_its_age(self) -> None:
        jar = Jar()
        jar.set(OWN, "a=1; Path=/")
        jar.clock.advance(1)
        jar.set(OWN, "b=2; Path=/")
        jar.clock.advance(1)
        jar.set(OWN, "a=3; Path=/")
        assert jar.get(OWN) == "a=3; b=2"

    def test_another_domain_or_path_is_another_cookie(self) -> None:
        jar = Jar()
        jar.set("https://app.example.com/x/y", "a=1", "a=2; Path=/", "a=3; Path=/; Domain=app.example.com")
        assert len(jar.jar) == 3

    def test_secure_ones_are_left_alone(self) -> None:
        jar = Jar()
        jar.set("https://example.com/foo/", "a=1; Secure; Path=/foo; Domain=example.com")
        for line in ("a=2; Path=/foo", "a=2; Path=/foo/bar", "a=2; Domain=example.com; Path=/foo"):
            assert "Secure cookie of that name" in jar.set("http://example.com/foo/", line)[0]
        # Another path above it, or another name, hides nothing.
        assert jar.set("http://example.com/foo/", "a=2; Path=/", "b=2; Path=/foo") == []

    def test_script_cannot_touch_what_is_http_only(self) -> None:
        jar = Jar()
        jar.set(OWN, "a=1; HttpOnly; Path=/")
        script = CookieContext(url(OWN), True, False, True, False, "https://example.com", is_http=False)
        assert "HttpOnly" in str(jar.jar.receive(b"a=2; Path=/", script))
        assert "HttpOnly" in str(jar.jar.receive(b"b=2; HttpOnly", script))
        assert jar.jar.receive(b"c=3; Path=/", script) is None
        assert jar.jar.header(script) == b"c=3"


class TestRetrieval:
    """What goes along."""

    def test_longer_paths_first_then_older_ones(self) -> None:
        jar = Jar()
        jar.set(
            "https://a.test/foo/bar", "short=1; Path=/", "long=2; Path=/foo/bar", "mid=3; Path=/foo", "other=4; Path=/"
        )
        assert jar.get("https://a.test/foo/bar") == "long=2; mid=3; short=1; other=4"
        assert jar.get("https://a.test/foobar") == "short=1; other=4"

    def test_without_a_name(self) -> None:
        jar = Jar()
        jar.set(OWN, "alone", "a=")
        assert jar.get(OWN) == "alone; a="

    def test_time(self) -> None:
        jar = Jar()
        jar.set(OWN, "a=1; Max-Age=600", "session=2")
        jar.clock.advance(599)
        assert jar.get(OWN) == "a=1; session=2"
        jar.clock.advance(1)
        assert jar.get(OWN) == "session=2"
        assert len(jar.jar) == 1

    def test_none_at_all(self) -> None:
        jar = Jar()
        assert jar.get(OWN) is None
        assert jar.jar.authorization(request(OWN)) is None


STRANGER = "https://evil.test/"
SITE = "https://app.example.com/"


class TestSameSite:
    """Which cookies go along from where: RFC 6265bis, section 5.8.3, and the default of each engine."""

    @pytest.mark.parametrize(
        ("rules", "asked", "sent"),
        [
            (CHROMIUM.cookies, request(SITE, "https://www.example.com/"), "strict lax default none"),
            (CHROMIUM.cookies, request(SITE, STRANGER), "none"),
            (CHROMIUM.cookies, request(SITE, STRANGER, method="POST"), "none"),
            (CHROMIUM.cookies, navigation(SITE, STRANGER), "lax default none"),
            (CookieRules(), navigation(SITE, STRANGER, "POST"), "none"),
            # Its two minutes are not over.
            (CHROMIUM.cookies, navigation(SITE, STRANGER, "POST"), "default none"),
            (CHROMIUM.cookies, navigation(SITE, SITE, "POST"), "strict lax default none"),
            (FIREFOX.cookies, navigation(SITE, STRANGER), "lax default none"),
            (FIREFOX.cookies, navigation(SITE, STRANGER, "POST"), "default none"),
            (WEBKIT.cookies, navigation(SITE, STRANGER, "POST"), "default none"),
            # Firefox keeps what strangers' pages ask for in a jar of its own, WebKit sends nothing.
            (FIREFOX.cookies, request(SITE, STRANGER), ""),
            (WEBKIT.cookies, request(SITE, STRANGER), ""),
            # A frame of a stranger's page.
            (CHROMIUM.cookies, request(SITE, SITE, top=STRANGER), "none"),
        ],
    )
    def test_of(self, rules: CookieRules, asked: Request, sent: str) -> None:
        jar = Jar(rules)
        for kind in ("Strict", "Lax", "None"):
            jar.set(SITE, f"{kind.lower()}=1; SameSite={kind}; Secure; Path=/")
            if kind == "Lax":
                jar.set(SITE, "default=1; Secure; Path=/")
        value = jar.jar.cookie(asked)
        assert [pair.split("=")[0] for pair in (value or b"").decode().split("; ") if pair] == sent.split()

    @pytest.mark.parametrize(
        ("rules", "line", "allowed"),
        [
            (CHROMIUM.cookies, "a=1; SameSite=Strict", False),
            (CHROMIUM.cookies, "a=1; SameSite=Lax", False),
            (CHROMIUM.cookies, "a=1", False),
            (CHROMIUM.cookies, "a=1; SameSite=None; Secure", True),
            (FIREFOX.cookies, "a=1", True),
            (FIREFOX.cookies, "a=1; SameSite=Lax", False),
            (WEBKIT.cookies, "a=1; SameSite=None; Secure", False),
        ],
    )
    def test_set_cross_site(self, rules: CookieRules, line: str, allowed: bool) -> None:
        jar = Jar(rules)
        assert (jar.set(SITE, line, page=STRANGER) == []) is allowed

    def test_two_minutes_of_chromium(self) -> None:
        jar = Jar(CHROMIUM.cookies)
        jar.set(SITE, "default=1", "lax=1; SameSite=Lax")
        jar.clock.advance(119)
        assert jar.jar.cookie(navigation(SITE, STRANGER, "POST")) == b"default=1"
        assert jar.get(SITE, STRANGER) is None
        jar.clock.advance(1)
        assert jar.jar.cookie(navigation(SITE, STRANGER, "POST")) is None

    def test_set_by_a_cross_site_navigation(self) -> None:
        jar = Jar()
        jar.jar.store(navigation(SITE, STRANGER, "POST"), [b"a=1; SameSite=Strict"])
        assert jar.get(SITE) == "a=1"

    def test_none_without_secure_is_for_the_engine_to_refuse(self) -> None:
        assert Jar(WEBKIT.cookies).set(SITE, "a=1; SameSite=None") == []
        assert "without Secure" in Jar(FIREFOX.cookies).set(SITE, "a=1; SameSite=None")[0]


class TestThirdParties:
    """allow, partition, block; and CHIPS."""

    LINE = "a=1; SameSite=None; Secure"

    def test_allow(self) -> None:
        jar = Jar(CookieRules(third_party="allow"))
        jar.set(SITE, self.LINE, page="https://one.test/")
        assert jar.get(SITE, "https://two.test/") == jar.get(SITE) == "a=1"

    def test_partition(self) -> None:
        jar = Jar(CookieRules(third_party="partition"))
        jar.set(SITE, self.LINE, page="https://one.test/")
        assert jar.get(SITE, "https://one.test/") == "a=1"
        assert jar.get(SITE, "https://sub.one.test:8443/") == "a=1"
        assert jar.get(SITE, "https://two.test/") is None
        assert jar.get(SITE) is None
        assert [cookie.partition for cookie in jar.jar.all()] == ["https://one.test"]

    def test_block(self) -> None:
        jar = Jar(CookieRules(third_party="block"))
        assert "third parties" in jar.set(SITE, self.LINE, page="https://one.test/")[0]
        jar.set(SITE, self.LINE)
        assert jar.get(SITE, "https://one.test/") is None
        assert jar.get(SITE) == "a=1"

    @pytest.mark.parametrize("third_party", ["allow", "partition", "block"])
    def test_chips(self, third_party: Any) -> None:
        jar = Jar(CookieRules(third_party=third_party))
        assert jar.set(SITE, f"{self.LINE}; Partitioned", page="https://one.test/") == []
        assert jar.get(SITE, "https://one.test/") == "a=1"
        assert jar.get(SITE, "https://two.test/") is None
        assert jar.get(SITE) is None

    def test_an_engine_without_chips(self) -> None:
        assert (
            "third parties" in Jar(WEBKIT.cookies).set(SITE, f"{self.LINE}; Partitioned", page="https://one.test/")[0]
        )


class TestLimits:
    """A hostile server fills no memory."""

    def test_of_a_domain(self) -> None:
        jar = Jar()
        jar.set(SITE, "old=1", "safe=1; Secure")
        jar.set(SITE, *(f"a{number}=1" for number in range(MOST_PER_DOMAIN)))
        names = [cookie.name for cookie in jar.jar.all()]
        assert len(names) == MOST_PER_DOMAIN
        # Those without Secure leave first, and of them the one that was used longest ago.
        assert "safe" in names
        assert "old" not in names
        assert "a0" not in names
        assert "a1" in names

    def test_use_keeps(self) -> None:
        jar = Jar()
        jar.set("https://app.example.com/", "mine=1")
        jar.set("https://www.example.com/", *(f"a{number}=1" for number in range(MOST_PER_DOMAIN - 1)))
        assert jar.get("https://app.example.com/") == "mine=1"
        jar.set("https://www.example.com/", "more=1")
        names = [cookie.name for cookie in jar.jar.all()]
        assert "mine" in names
        assert "a0" not in names

    def test_of_all(self) -> None:
        jar = Jar()
        for number in range(MOST_COOKIES + 5):
            jar.set(f"https://n{number // 100}.test/", f"a{number}=1")
        assert len(jar.jar) == MOST_COOKIES
        assert jar.jar.all()[0].name == "a5"

    def test_expired_ones_leave_first(self) -> None:
        jar = Jar()
        jar.set(SITE, *(f"a{number}=1; Max-Age=10" for number in range(MOST_PER_DOMAIN - 1)), "kept=1")
        jar.clock.advance(10)
        jar.set(SITE, "new=1")
        assert [cookie.name for cookie in jar.jar.all()] == ["kept", "new"]

    def test_of_refusals(self) -> None:
        jar = Jar()
        jar.set(SITE, *["a=" + "b" * 5000] * 300)
        assert len(jar.jar.refused) == 100
        assert max(len(refused.line) for refused in jar.jar.refused) == 4096


def test_a_request_without_a_jar_full_costs_nothing() -> None:
    assert Jar().jar.cookie(request(SITE)) is None
    assert context_of(request(SITE)).is_http


def test_forgetting_one() -> None:
    jar = Jar()
    jar.set(SITE, "a=1", "b=2")
    jar.jar.remove(jar.jar.all()[0])
    jar.jar.remove(jar.jar.all()[0])
    assert jar.get(SITE) is None
