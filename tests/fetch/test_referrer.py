"""The Referer: which URL of the page a request shows, by policy and by where it goes."""

from __future__ import annotations

import pytest

from crossorigin.fetch import Client, UserAgent, fetch_request
from crossorigin.fetch.referrer import (
    DEFAULT_REFERRER_POLICY,
    determine_referrer,
    parse_referrer_policy,
    set_referrer_policy_on_redirect,
    strip_for_referrer,
)
from crossorigin.fetch.request import ReferrerPolicy, Request
from crossorigin.web.headers import HeaderList

from .dialogue import ANY_ORIGIN, API, OWN, answer, header, page, sandboxed, talk, url

ADDRESS = "https://user:secret@page.example/dir/page.html?query#fragment"
FULL = "https://page.example/dir/page.html?query"
BARE = "https://page.example/"
DOWN = "http://insecure.example/"

# Policy, and what is shown to the own origin, to another, and to an insecure one.
POLICIES = [
    ("no-referrer", None, None, None),
    ("no-referrer-when-downgrade", FULL, FULL, None),
    ("same-origin", FULL, None, None),
    ("origin", BARE, BARE, BARE),
    ("strict-origin", BARE, BARE, None),
    ("origin-when-cross-origin", FULL, BARE, BARE),
    ("strict-origin-when-cross-origin", FULL, BARE, None),
    ("unsafe-url", FULL, FULL, FULL),
    ("", FULL, BARE, None),
]
POLICIES_THAT_MIND_A_DOWNGRADE: list[ReferrerPolicy] = ["strict-origin", "no-referrer-when-downgrade"]
ROWS = [
    (row[0], target, expected) for row in POLICIES for target, expected in zip((OWN, API, DOWN), row[1:], strict=True)
]


class TestPolicy:
    """Step 8 of "determine request's referrer", a policy a line."""

    @pytest.mark.parametrize(("policy", "target", "expected"), ROWS)
    def test_of_the_request(self, policy: ReferrerPolicy, target: str, expected: str | None) -> None:
        request = fetch_request(target, page(ADDRESS), referrer_policy=policy)
        agent = UserAgent(allows_mixed_content=True)
        assert header(talk(request, answer(200, ANY_ORIGIN), agent=agent), "Referer") == expected

    @pytest.mark.parametrize(("policy", "target", "expected"), ROWS)
    def test_of_the_page(self, policy: ReferrerPolicy, target: str, expected: str | None) -> None:
        request = fetch_request(target, page(ADDRESS, referrer_policy=policy))
        agent = UserAgent(allows_mixed_content=True)
        assert header(talk(request, answer(200, ANY_ORIGIN), agent=agent), "Referer") == expected

    def test_the_requests_wins(self) -> None:
        request = fetch_request(OWN, page(ADDRESS, referrer_policy="no-referrer"), referrer_policy="origin")
        assert header(talk(request, answer(200)), "Referer") == BARE

    @pytest.mark.parametrize(
        ("address", "target", "expected"),
        [
            ("http://page.example/a", "http://api.other/", "http://page.example/"),
            ("http://page.example/a", "https://page.example/", "http://page.example/"),
            ("http://page.example/a", "http://page.example/b", "http://page.example/a"),
            ("https://page.example/a", "http://localhost/", "https://page.example/"),
            ("http://localhost:8000/a", "http://localhost:8000/b", "http://localhost:8000/a"),
            ("http://localhost:8000/a", "http://127.0.0.1/", "http://localhost:8000/"),
        ],
    )
    def test_default(self, address: str, target: str, expected: str | None) -> None:
        assert DEFAULT_REFERRER_POLICY == "strict-origin-when-cross-origin"
        result = talk(fetch_request(target, page(address)), answer(200, ANY_ORIGIN))
        assert header(result, "Referer") == expected

    def test_a_trustworthy_target_is_no_downgrade(self) -> None:
        for policy in POLICIES_THAT_MIND_A_DOWNGRADE:
            request = fetch_request("http://127.0.0.1/", page(), referrer_policy=policy)
            assert header(talk(request, answer(200, ANY_ORIGIN)), "Referer") is not None


class TestSource:
    """Step 3: the page's URL, or the one that script gave, or none."""

    @pytest.mark.parametrize(
        "client",
        [
            sandboxed(),
            page(url=None),
            page(url=url("about:srcdoc")),
            page(url=url("data:text/html,a")),
            page(url=url("blob:https://page.example/x")),
        ],
        ids=["opaque", "no url", "about", "data", "blob"],
    )
    def test_none(self, client: Client) -> None:
        policies: list[ReferrerPolicy] = ["unsafe-url", "origin", "same-origin"]
        for policy in policies:
            request = fetch_request(API, client, referrer_policy=policy)
            assert header(talk(request, answer(200, ANY_ORIGIN)), "Referer") is None

    @pytest.mark.parametrize(
        ("referrer", "expected"),
        [
            (None, "https://page.example/dir/page.html"),
            ("", None),
            ("about:client", "https://page.example/dir/page.html"),
            ("/other?x#y", "https://page.example/other?x"),
            ("other", "https://page.example/dir/other"),
            ("https://page.example/", "https://page.example/"),
            ("https://api.other/", "https://page.example/dir/page.html"),
            ("https://page.example:8443/", "https://page.example/dir/page.html"),
            ("data:,x", "https://page.example/dir/page.html"),
        ],
    )
    def test_of_script(self, referrer: str | None, expected: str | None) -> None:
        request = fetch_request(OWN, page(), referrer=referrer)
        assert header(talk(request, answer(200)), "Referer") == expected

    def test_a_sandboxed_page_shows_what_script_may_not_choose(self) -> None:
        # Its origin is the same as no URL's, so every choice falls back on "client", which is none.
        result = talk(fetch_request(API, sandboxed(), referrer="/x"), answer(200, ANY_ORIGIN))
        assert header(result, "Referer") is None


class TestLength:
    """Step 6: longer than 4096, and only the origin is left."""

    @pytest.mark.parametrize(("length", "cut"), [(4095, False), (4096, False), (4097, True), (100_000, True)])
    def test_limit(self, length: int, cut: bool) -> None:
        address = BARE + "a" * (length - len(BARE))
        result = talk(fetch_request(OWN, page(f"{address}#fragment")), answer(200))
        assert header(result, "Referer") == (BARE if cut else address)

    def test_what_is_stripped_does_not_count(self) -> None:
        address = BARE + "a" * (4096 - len(BARE))
        with_password = address.replace("//", "//user:secret@")
        assert header(talk(fetch_request(OWN, page(with_password)), answer(200)), "Referer") == address


class TestStrip:
    """ "Strip url for use as a referrer": no user name, password or fragment, and nothing of a local URL."""

    @pytest.mark.parametrize(
        ("text", "full", "bare"),
        [
            (ADDRESS, FULL, BARE),
            ("https://page.example:8443/a?#", "https://page.example:8443/a?", "https://page.example:8443/"),
            ("http://[::1]:80/a", "http://[::1]/a", "http://[::1]/"),
            ("about:blank", None, None),
            ("data:,a", None, None),
            ("blob:https://page.example/x", None, None),
        ],
    )
    def test_strip(self, text: str, full: str | None, bare: str | None) -> None:
        assert strip_for_referrer(url(text)) == (None if full is None else url(full))
        assert strip_for_referrer(url(text), origin_only=True) == (None if bare is None else url(bare))

    def test_a_scheme_without_origin_shows_nothing(self) -> None:
        client = page()
        request = Request(url_list=(url(OWN),), client=client, origin=client.origin, referrer=url("file:///home/a"))
        request.referrer_policy = "origin"
        assert determine_referrer(request) is None


class TestHeader:
    """ "Parse a referrer policy from a Referrer-Policy header": the last token that is known."""

    @pytest.mark.parametrize(
        ("values", "policy"),
        [
            ([], ""),
            ([""], ""),
            (["origin"], "origin"),
            (["origin, unsafe-url"], "unsafe-url"),
            (["origin", "unsafe-url"], "unsafe-url"),
            (["unsafe-url", "origin"], "origin"),
            (["origin, later-policy"], "origin"),
            (["later-policy, origin"], "origin"),
            (["later-policy"], ""),
            (["Origin"], "origin"),
            ([",origin,,"], "origin"),
            (["origin "], "origin"),
            (["origin unsafe-url"], ""),
            (["default"], ""),
            (["origin-when-crossorigin"], ""),
            *([[policy], policy] for policy, *_ in POLICIES),
        ],
    )
    def test_parse(self, values: list[str], policy: str) -> None:
        headers = HeaderList.of(*(("referrer-policy", value) for value in values))
        assert parse_referrer_policy(headers) == policy

    def test_on_redirect_an_empty_policy_changes_nothing(self) -> None:
        request = fetch_request(OWN, page(), referrer_policy="origin")
        policies = []
        for value in ("later-policy", "no-referrer", ""):
            set_referrer_policy_on_redirect(request, HeaderList.of(("Referrer-Policy", value)))
            policies.append(request.referrer_policy)
        assert policies == ["origin", "no-referrer", "no-referrer"]
