"""What is said of responses: what script may read, and whether a preflight came first."""

from __future__ import annotations

import pytest

from crossorigin.browser import Browser, Page, Response
from crossorigin.testing import (
    assert_blocked,
    assert_not_preflighted,
    assert_not_readable,
    assert_preflighted,
    assert_readable,
)

from .answers import ALLOW, API, PAGE, answering

GRANTS = (ALLOW, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "600"))


def page_of(*headers: tuple[str, str], url: str = PAGE) -> Page:
    return Browser(apps={API: answering(*headers)}).page(url)


def failure(check: object, response: Response, *names: str) -> str:
    assert callable(check)
    with pytest.raises(AssertionError) as failed:
        check(response, *names)
    return " ".join(str(failed.value).split())


class TestPreflighted:
    """Whether a preflight was sent for this very call."""

    def test_one_was(self) -> None:
        response = page_of(*GRANTS).fetch(API, method="PUT")
        assert_preflighted(response)
        text = failure(assert_not_preflighted, response)
        assert "Why: " in text
        assert "PUT" in text
        assert "`Access-Control-Max-Age`" in text

    def test_none_was_needed(self) -> None:
        response = page_of(ALLOW).fetch(API)
        assert_not_preflighted(response)
        assert "its method and all its headers are safelisted" in failure(assert_preflighted, response)

    def test_one_is_remembered(self) -> None:
        page = page_of(*GRANTS)
        page.fetch(API, method="PUT")
        response = page.fetch(API, method="PUT")
        assert_not_preflighted(response)
        assert "an earlier preflight's answer is remembered" in failure(assert_preflighted, response)

    def test_the_pages_own_origin(self) -> None:
        response = page_of(url=API).fetch(API, method="PUT")
        assert "does not leave the page's own origin" in failure(assert_preflighted, response)

    def test_of_a_blocked_call(self) -> None:
        page = page_of(ALLOW)
        with assert_blocked() as block:
            page.fetch(API, method="PUT")
        assert_preflighted(block.error)
        with assert_blocked() as block:
            page_of().fetch(API)
        assert_not_preflighted(block.error)


class TestReadable:
    """What script may read."""

    def test_a_response_and_its_headers(self) -> None:
        response = page_of(ALLOW, ("ETag", "1"), ("Access-Control-Expose-Headers", "ETag")).fetch(API)
        assert_readable(response)
        assert_readable(response, "etag", "Content-Type")
        assert_not_readable(response, "vary", "x-secret")

    @pytest.mark.parametrize(
        ("headers", "change"),
        [
            (
                [("ETag", "1")],
                "send `Access-Control-Expose-Headers: etag` on the answer to GET https://api.example.com/.",
            ),
            ([("ETag", "1"), ("Access-Control-Expose-Headers", "X-A")], "https://api.example.com/ (now: X-A)."),
            ([], "the server did not send etag at all, on the answer to GET https://api.example.com/."),
        ],
    )
    def test_a_header_that_is_not(self, headers: list[tuple[str, str]], change: str) -> None:
        text = failure(assert_readable, page_of(ALLOW, *headers).fetch(API), "etag")
        assert text.startswith("Script may not read the header etag, and this test says that it may.")
        assert text.endswith(change)

    def test_a_star_with_credentials(self) -> None:
        page = page_of(
            ALLOW,
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", "*"),
            ("ETag", "1"),
        )
        response = page.fetch(API, credentials="include")
        assert "(now: *); with credentials `*` stands for no header." in failure(assert_readable, response, "etag")

    def test_a_cookie(self) -> None:
        response = page_of(ALLOW, ("Set-Cookie", "a=1"), ("Access-Control-Expose-Headers", "set-cookie")).fetch(API)
        assert "no script may ever read set-cookie" in failure(assert_readable, response, "set-cookie")

    def test_an_opaque_response(self) -> None:
        response = page_of(ALLOW).fetch(API, mode="no-cors")
        assert_not_readable(response)
        assert_not_readable(response, "content-type")
        assert 'call with mode "cors"' in failure(assert_readable, response)

    def test_a_response_that_is(self) -> None:
        text = failure(assert_not_readable, page_of(ALLOW).fetch(API))
        assert text.startswith("Script may read this response, and this test says that it may not.")
        assert "`Access-Control-Allow-Origin`" in text

    @pytest.mark.parametrize(
        ("headers", "name", "change"),
        [
            ([], "content-type", "content-type is safelisted, so that script may always read it"),
            (
                [("X-A", "1"), ("Access-Control-Expose-Headers", "x-a")],
                "x-a",
                "take x-a out of `Access-Control-",
            ),
        ],
    )
    def test_a_header_that_is(self, headers: list[tuple[str, str]], name: str, change: str) -> None:
        assert change in failure(assert_not_readable, page_of(ALLOW, *headers).fetch(API), name)

    def test_the_pages_own_origin(self) -> None:
        response = page_of(("X-A", "1"), url=API).fetch(API)
        assert "of the same origin as the server" in failure(assert_not_readable, response, "x-a")

    @pytest.mark.parametrize("name", ["", "e tag", "etag:"])
    def test_what_is_no_name(self, name: str) -> None:
        response = page_of(ALLOW).fetch(API)
        for check in (assert_readable, assert_not_readable):
            with pytest.raises(ValueError, match="is not the name of a header"):
                check(response, name)
