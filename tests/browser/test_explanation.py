from __future__ import annotations

from typing import Any

import pytest

from crossorigin.browser import Browser, FetchError
from crossorigin.browser.explanation import printable
from crossorigin.fetch import Profile

from .applications import ALLOW, API, CREDENTIALS, PAGE, answers


def text(app: Any, engine: str | Profile = "standard", target: str = f"{API}/x", **words: Any) -> str:
    with Browser({API: app}, engine=engine) as browser, pytest.raises(FetchError) as caught:
        browser.page(PAGE).fetch(target, **words)
    return str(caught.value)


def test_a_missing_header() -> None:
    assert text(answers(("vary", "Origin"))) == (
        "B301: The response has no Access-Control-Allow-Origin\n"
        "  https://fetch.spec.whatwg.org/#concept-cors-check\n"
        "\n"
        "  > GET https://api.example.com/x\n"
        "  > Origin: https://app.example.com\n"
        "  < 200 OK\n"
        "  < vary: Origin\n"
        "  < Access-Control-Allow-Origin: (missing)   <-- this failed"
    )


def test_a_wrong_header() -> None:
    assert text(answers(("access-control-allow-origin", "https://app.example.com/"))).endswith(
        "\n  < access-control-allow-origin: https://app.example.com/   <-- this failed"
    )


def test_a_preflight_and_its_status() -> None:
    said = text(answers(status=404), method="PUT", json={})
    assert "  > OPTIONS https://api.example.com/x   (preflight)\n" in said
    assert "  > Access-Control-Request-Method: PUT\n" in said
    assert "  > Access-Control-Request-Headers: content-type\n" in said
    assert "  < 404 Not Found" in said
    assert "  < Access-Control-Allow-Origin: (missing)   <-- this failed" in said
    assert "  < 404 Not Found   <-- this failed" in text(answers(ALLOW, status=404), method="PUT")


def test_a_header_that_is_not_allowed() -> None:
    said = text(answers(ALLOW, ("access-control-allow-methods", "PUT")), method="PUT", headers={"X-Token": "1"})
    assert said.startswith("B241: A request header is not in Access-Control-Allow-Headers\n")
    assert "x-token" in said
    assert said.endswith("  < Access-Control-Allow-Headers: (missing)   <-- this failed")


def test_the_console_comes_first() -> None:
    said = text(answers(), "chromium")
    assert said.startswith(
        "Access to fetch at 'https://api.example.com/x' from origin 'https://app.example.com' has been blocked by CORS "
        "policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\n"
    )
    assert text(answers(), "firefox").startswith("Cross-Origin Request Blocked: ")
    assert text(answers(), "webkit").startswith("Origin https://app.example.com is not allowed by ")


def test_an_engine_of_ones_own_has_no_console() -> None:
    assert text(answers(), Profile(name="mine")).startswith("B301: ")


def test_nothing_was_sent() -> None:
    assert text(answers(), target="http://api.example.com/").endswith("  Nothing was sent.")


def test_a_chain_is_cut() -> None:
    said = text(answers(ALLOW, CREDENTIALS, ("location", "/x"), status=302), credentials="include")
    assert "  … after 17 exchanges more\n" in said
    assert said.count("  > GET ") == 4
    assert "(redirected)" in said


def test_nothing_from_the_network_reaches_a_terminal_as_it_is() -> None:
    said = text(answers(("access-control-allow-origin", "\x1b[31m" + "x" * 1000), *[("vary", "x")] * 50))
    assert "\x1b" not in said
    assert r"\x1b[31mxxx" in said
    assert "… (1005 characters)" in said
    assert "  < … and 27 more" in said


def test_printable() -> None:
    assert printable(b"a\r\nb\xe9") == r"a\r\nbé"
    assert printable("abc", 2) == "ab… (3 characters)"
