"""The safety test: what it finds in careless applications, and that it lets careful ones be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crossorigin.middleware.wsgi import CORSMiddleware
from crossorigin.policy import Policy
from crossorigin.testing import assert_not_readable_by

from .answers import ALLOW, API, ORIGIN, answering, careless

EVIL = "https://evil.example"


def found(app: Any, *, paths: list[str] | None = None, **words: Any) -> set[str]:
    """The kinds of origins that the safety test finds let in."""
    with pytest.raises(AssertionError) as failed:
        assert_not_readable_by(EVIL, app, paths=paths or ["/users"], **{"allowed": [ORIGIN], **words})
    return set(re.findall(r"^    ([a-z-]+): ", str(failed.value), re.MULTILINE))


def test_a_policy_is_careful() -> None:
    policy = Policy(allow_origins=[ORIGIN], allow_methods=["PUT"], allow_credentials=True)
    app = CORSMiddleware(answering(), policy=policy)
    assert_not_readable_by(EVIL, app, paths=["/users", "PUT /users"], allowed=[ORIGIN])


def test_no_cors_at_all() -> None:
    assert_not_readable_by(EVIL, answering(), paths=["/users"])


@pytest.mark.parametrize(
    ("lets_in", "kinds"),
    [
        (lambda origin: origin.endswith("app.example.com"), {"subdomain", "http"}),
        (lambda origin: origin.endswith("example.com"), {"suffix", "dot", "subdomain", "http"}),
        (lambda origin: origin.startswith(ORIGIN), {"prefix", "special", "port"}),
        (lambda origin: re.fullmatch("https://app.example.com", origin), {"dot"}),
        (lambda origin: origin in {ORIGIN, "null"}, {"null"}),
        (lambda origin: origin in {ORIGIN, "http://app.example.com"}, {"http"}),
        (lambda origin: origin == ORIGIN or origin.startswith("http://localhost"), {"loopback"}),
        (lambda origin: origin == ORIGIN or origin.startswith("https://localhost"), {"loopback-prefix"}),
        (lambda origin: origin == ORIGIN or "-app.example.com" in origin, {"inside"}),
        (lambda origin: origin == ORIGIN or re.fullmatch(r"https://[\w-]+\.com", origin), {"suffix", "inside",
            "neighbour", "dot"}),
    ],
)  # fmt: skip
def test_what_a_careless_check_lets_in(lets_in: Any, kinds: set[str]) -> None:
    assert found(careless(lets_in)) == kinds


def test_reflecting_lets_in_all() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_not_readable_by(EVIL, careless(bool), paths=["/users"])
    assert str(failed.value).splitlines()[:5] == [
        "https://api.example.com can be read by pages that nobody means to trust, https://evil.example or its like.",
        "",
        "a page of                                 reads",
        "https://evil.example                      GET /users  with cookies",
        "https://crossorigin-test.evil.example     GET /users  with cookies",
    ]


def test_a_star_is_told_apart() -> None:
    with pytest.raises(AssertionError) as failed:
        assert_not_readable_by(EVIL, answering(("Access-Control-Allow-Origin", "*")), paths=["/a", "/b", "/c"])
    text = " ".join(str(failed.value).split())
    assert "https://evil.example GET /a without cookies" in text
    assert "with cookies" not in text
    assert "one origin of a list instead of `*`; where the data is public" in text
    assert re.search(r"… and \d+ more", text)


def test_what_is_meant_to_be_let_in() -> None:
    app = careless(lambda origin: re.fullmatch(r"https://([\w-]+\.)*example\.com", origin))
    assert found(app) == {"subdomain"}
    own = careless(lambda origin: re.fullmatch(r"https://([\w-]+\.)?app\.example\.com", origin))
    assert found(own) == {"subdomain"}
    assert_not_readable_by(EVIL, own, paths=["/users"], allowed=[ORIGIN], trusts=["subdomain"])


def test_a_method_that_needs_leave() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", environ["REQUEST_METHOD"])
        headers = [("Access-Control-Allow-Origin", environ["HTTP_ORIGIN"])] if method == "PUT" else []
        start_response("200 OK", [*headers, ("Access-Control-Allow-Methods", "PUT")])
        return [b""]

    assert_not_readable_by(EVIL, app, paths=["/users"])
    assert "any" in found(app, paths=["PUT /users"])


def test_what_only_a_logged_in_user_sees() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        allowed = [
            ("Access-Control-Allow-Origin", environ["HTTP_ORIGIN"]),
            ("Access-Control-Allow-Credentials", "true"),
        ]
        start_response("200 OK", allowed if environ.get("HTTP_COOKIE") == "session=1" else [])
        return [b""]

    assert_not_readable_by(EVIL, app, paths=["/"])
    assert "any" in found(app, cookies={"session": "1"})


def test_an_allowed_origin_that_is_not() -> None:
    with pytest.raises(AssertionError, match=r"https://ap\.example\.com can read none of GET /users, though the test"):
        assert_not_readable_by(EVIL, answering(ALLOW), paths=["/users"], allowed=["https://ap.example.com", ORIGIN])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"paths": []}, "paths is empty: name what must not be read"),
        ({"paths": ["users"]}, "'users' is not a path: write '/users', or with a method 'PUT /users/42'"),
        ({"paths": ["1 /users"]}, "'1 /users' is not a path"),
        ({"trusts": ["friends"]}, r"trusts=\['friends'\]: the kinds are any, null, suffix"),
        ({"allowed": ["app.example.com"]}, "'app.example.com' is not an origin"),
        ({"at": "api.example.com"}, "'api.example.com' is not an origin"),
    ],
)
def test_wrong_words(words: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        assert_not_readable_by(EVIL, answering(), **{"paths": ["/users"], **words})


def test_an_application_that_crashes_is_heard() -> None:
    def app(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        assert_not_readable_by(EVIL, app, paths=["/"], at=API)
