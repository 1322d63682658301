"""What elements and forms send, by the HTML standard."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser import Browser, CORSError, FetchError, File
from crossorigin.fetch import Profile

from .applications import ALLOW, API, CREDENTIALS, ORIGIN, PAGE, Heard, SyncAsk, answers, both, says, start, wsgi
from .applications import body as piece

OPEN = (ALLOW, CREDENTIALS)


class TestLoads:
    """destination, mode, credentials mode and initiator type of each element."""

    @pytest.mark.parametrize(
        ("method", "words", "dest", "mode", "credentials", "initiator"),
        [
            ("load_script", {}, "script", "no-cors", "include", "script"),
            ("load_script", {"crossorigin": "anonymous"}, "script", "cors", "same-origin", "script"),
            ("load_script", {"crossorigin": "use-credentials"}, "script", "cors", "include", "script"),
            ("load_script", {"module": True}, "script", "cors", "same-origin", "script"),
            (
                "load_script",
                {"module": True, "crossorigin": "use-credentials"},
                "script",
                "cors",
                "include",
                "script",
            ),
            ("load_image", {}, "image", "no-cors", "include", "img"),
            ("load_image", {"crossorigin": "anonymous"}, "image", "cors", "same-origin", "img"),
            ("load_image", {"crossorigin": "use-credentials"}, "image", "cors", "include", "img"),
            ("load_style", {}, "style", "no-cors", "include", "link"),
            ("load_style", {"crossorigin": "anonymous"}, "style", "cors", "same-origin", "link"),
            ("load_font", {}, "font", "cors", "same-origin", "css"),
        ],
    )
    def test_of(
        self, method: str, words: dict[str, Any], dest: str, mode: str, credentials: str, initiator: str
    ) -> None:
        app = Heard(*OPEN)
        response = SyncAsk()({API: app}, method, f"{API}/x", **words)
        request = response.result.request
        assert (request.destination, request.mode, request.credentials_mode, request.initiator_type) == (
            dest,
            mode,
            credentials,
            initiator,
        )
        assert response.type == ("opaque" if mode == "no-cors" else "cors")
        assert app.field("sec-fetch-dest") == dest
        assert app.field("origin") == (None if mode == "no-cors" else ORIGIN)
        assert not response.preflighted

    @both
    @pytest.mark.parametrize(
        ("method", "words"),
        [
            ("load_script", {"module": True}),
            ("load_script", {"crossorigin": "anonymous"}),
            ("load_image", {"crossorigin": "anonymous"}),
            ("load_font", {}),
        ],
    )
    def test_blocked_without_the_header(self, kind: Any, method: str, words: dict[str, Any]) -> None:
        with pytest.raises(CORSError):
            kind()({API: answers()}, method, API, **words)

    def test_what_no_cors_does_not_excuse(self) -> None:
        nosniff = answers(("content-type", "text/html"), ("x-content-type-options", "nosniff"))
        with pytest.raises(FetchError, match="B503"):
            SyncAsk()({API: nosniff}, "load_script", API)
        with pytest.raises(FetchError, match="B501"):
            SyncAsk()({API: answers(("cross-origin-resource-policy", "same-site"))}, "load_image", API, page={
                "url": "https://evil.test/"})  # fmt: skip

    @pytest.mark.parametrize("crossorigin", ["", "use_credentials", "include"])
    def test_no_state_of_the_attribute(self, crossorigin: Any) -> None:
        with pytest.raises(ValueError, match="'anonymous' or 'use-credentials'"):
            SyncAsk()({}, "load_image", API, crossorigin=crossorigin)

    def test_insecure_images_are_upgraded(self) -> None:
        app = Heard()
        SyncAsk()({API: app}, "load_image", "http://api.example.com/x.png")
        assert app.scopes[0]["scheme"] == "https"


class TestForms:
    """Submission is navigation: no CORS, and cookies by their SameSite."""

    @both
    def test_post(self, kind: Any) -> None:
        app = Heard()
        response = kind()({API: app}, "submit_form", f"{API}/pay", "post", {"to": "me", "sum": "1 €"})
        assert (response.type, response.status, response.text()) == ("opaque", 0, "")
        assert response.exchange.response.status == 200
        assert app.scopes[0]["method"] == "POST"
        assert app.bodies == [b"to=me&sum=1+%E2%82%AC"]
        assert app.field("content-type") == "application/x-www-form-urlencoded"
        assert app.field("origin") == ORIGIN
        assert app.field("sec-fetch-dest") == "document"
        assert app.field("sec-fetch-mode") == "navigate"
        assert app.field("sec-fetch-user") == "?1"
        assert not response.preflighted

    def test_get(self) -> None:
        app = Heard()
        SyncAsk()({API: app}, "submit_form", f"{API}/s?old=1#f", fields={"q": "a b"}, user_activation=False)
        assert app.scopes[0]["query_string"] == b"q=a+b"
        assert app.scopes[0]["method"] == "GET"
        assert app.field("origin") is None
        assert app.field("sec-fetch-user") is None

    def test_encodings(self) -> None:
        app = Heard()
        SyncAsk()({API: app}, "submit_form", API, "POST", {"a": "b"}, "text/plain")
        assert (app.bodies[-1], app.field("content-type")) == (b"a=b\r\n", "text/plain")
        SyncAsk()({API: app}, "submit_form", API, "POST", {"f": File("x", b"y")}, "multipart/form-data")
        assert (app.field("content-type") or "").startswith("multipart/form-data")

    @pytest.mark.parametrize(
        ("engine", "method", "cookies"),
        [
            ("chromium", "GET", {"lax", "default", "none"}),
            ("standard", "POST", {"none"}),
            ("chromium", "POST", {"default", "none"}),
            ("firefox", "POST", {"default", "none"}),
            ("webkit", "POST", {"default", "none"}),
        ],
    )
    def test_a_forged_form(self, engine: str, method: str, cookies: set[str]) -> None:
        app = Heard()
        with Browser({API: app}, engine=engine) as browser:
            for kind in ("Strict", "Lax", "None"):
                browser.cookies.set(API, kind.lower(), "1", same_site=kind)
            browser.cookies.set(API, "default", "1")
            browser.page("https://evil.test/").submit_form(API, method, {"a": "b"})
        assert {pair.partition("=")[0] for pair in (app.field("cookie") or "").split("; ")} == cookies

    def test_redirects_are_followed(self) -> None:
        home = Heard()
        login = says(start(302, ("location", f"{ORIGIN}/home"), ("set-cookie", "a=1; SameSite=Strict")), piece())
        with Browser({API: login, ORIGIN: home}) as browser:
            response = browser.page(PAGE).submit_form(f"{API}/login", "POST", {"a": "b"})
            assert [exchange.request.method for exchange in response.exchanges] == [b"POST", b"GET"]
            assert browser.cookies.get(API, "a") == "1"

    def test_plain_http_is_no_mixed_content(self) -> None:
        assert SyncAsk()({"http://old.test": wsgi()}, "submit_form", "http://old.test/", "POST").type == "opaque"

    @pytest.mark.parametrize(
        ("args", "error"),
        [((API, "PUT"), ValueError), (("https://[",), TypeError), ((API, "POST", {"a": 1}), TypeError)],
    )
    def test_no_forms(self, args: Any, error: type[Exception]) -> None:
        with pytest.raises(error):
            SyncAsk()({API: answers()}, "submit_form", *args)


def test_an_engine_can_be_a_profile() -> None:
    assert Browser(engine=Profile(name="webkit")).engine == "webkit"
