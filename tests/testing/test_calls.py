"""What is said of calls: that they are allowed, or blocked, and by what."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from crossorigin.browser import AsyncBrowser, Browser, CORSError, NotMountedError, Page
from crossorigin.fetch.blocks import BlockCode
from crossorigin.testing import assert_allowed, assert_blocked

from .answers import ALLOW, API, PAGE, answering


@pytest.fixture
def page() -> Iterator[Page]:
    """A page that may read, but nothing that needs a preflight's leave."""
    with Browser(apps={API: answering(ALLOW), "https://other.example": answering()}) as browser:
        yield browser.page(PAGE)


class TestAllowed:
    """`with assert_allowed():`"""

    def test_a_call_that_is(self, page: Page) -> None:
        with assert_allowed():
            response = page.fetch(API)
        assert response.ok

    def test_a_call_that_is_not(self, page: Page) -> None:
        with pytest.raises(AssertionError) as failed, assert_allowed():
            page.fetch(f"{API}/users", method="PUT")
        lines = str(failed.value).splitlines()
        assert lines[0] == (
            "A browser blocks PUT https://api.example.com/users from a page of https://app.example.com (chromium), "
            "and this test says that it may."
        )
        assert lines[2].startswith("Access to fetch at 'https://api.example.com/users' from origin")
        assert "B230: The method is not in Access-Control-Allow-Methods" in lines
        assert "│  ✗ Access-Control-Allow-Methods: (absent)                                │" in lines
        assert lines[-2] == "To change: List PUT in `Access-Control-Allow-Methods` on the answer to"
        assert failed.value.__cause__ is None

    def test_no_call(self) -> None:
        with pytest.raises(AssertionError, match="no page made a call in this block"), assert_allowed():
            pass

    def test_another_error_passes_through(self, page: Page) -> None:
        with pytest.raises(NotMountedError), assert_allowed():
            page.fetch("https://nowhere.example/")


class TestBlocked:
    """`with assert_blocked():`"""

    def test_a_call_that_is(self, page: Page) -> None:
        with assert_blocked() as block:
            page.fetch("https://other.example/")
        assert isinstance(block.error, CORSError)
        assert block.error.code is BlockCode.ALLOW_ORIGIN_MISSING

    @pytest.mark.parametrize("code", ["B230", BlockCode.PREFLIGHT_METHOD])
    def test_by_a_code(self, page: Page, code: str) -> None:
        with assert_blocked(code) as block:
            page.fetch(API, method="PUT")
        assert block.error.preflighted

    def test_by_another_code(self, page: Page) -> None:
        with pytest.raises(AssertionError) as failed, assert_blocked("B301"):
            page.fetch(API, method="PUT")
        assert str(failed.value).splitlines()[0] == (
            "PUT https://api.example.com/ from a page of https://app.example.com (chromium) is blocked by B230, "
            "and this test says by B301 (The response has no Access-Control-Allow-Origin)."
        )

    def test_a_call_that_is_not(self, page: Page) -> None:
        with pytest.raises(AssertionError) as failed, assert_blocked():
            page.fetch(API)
        first, *_, last = str(failed.value).replace("\n", " ").split("  ")
        assert first.endswith("(chromium) through, and this test says that CORS blocks it.")
        assert last == (
            "To change: take `Access-Control-Allow-Origin: https://app.example.com` off the answer to GET "
            "https://api.example.com/, or the origin out of its policy."
        )

    def test_one_before_it_that_is_not(self, page: Page) -> None:
        def both() -> None:
            page.fetch(API)
            page.fetch(API, method="PUT")

        with pytest.raises(AssertionError, match=r"GET https://api\.example\.com/ .* through"), assert_blocked():
            both()

    def test_a_call_to_its_own_origin(self) -> None:
        with Browser(apps={API: answering()}) as browser:
            page = browser.page(f"{API}/")
            concerned = pytest.raises(AssertionError, match=r"the page's\sown origin, which CORS does not concern")
            with concerned, assert_blocked():
                page.fetch(API)

    def test_a_call_without_cors(self, page: Page) -> None:
        with pytest.raises(AssertionError, match=r"did not ask\sto read it"), assert_blocked():
            page.fetch("https://other.example/", mode="no-cors")

    def test_what_is_not_cors(self, page: Page) -> None:
        with pytest.raises(AssertionError, match="fails, but CORS is not what blocks it"), assert_blocked():
            page.fetch("http://other.example/")
        with assert_blocked("B101"):
            page.fetch("http://other.example/")

    def test_no_call(self) -> None:
        with pytest.raises(AssertionError, match="no page made a call in this block"), assert_blocked():
            pass

    def test_a_call_in_another_thread_is_not_seen(self, page: Page) -> None:
        def elsewhere() -> None:
            thread = threading.Thread(target=page.fetch, args=[API])
            thread.start()
            thread.join()

        with pytest.raises(AssertionError, match="in this thread"), assert_blocked():
            elsewhere()

    def test_another_error_passes_through(self, page: Page) -> None:
        with pytest.raises(ZeroDivisionError), assert_blocked():
            _ = 1 // 0

    def test_what_was_raised_from_it(self, page: Page) -> None:
        with assert_blocked() as block:
            try:
                page.fetch(API, method="PUT")
            except CORSError as error:
                raise RuntimeError("login failed") from error
        assert block.error.code is BlockCode.PREFLIGHT_METHOD

    def test_the_error_comes_after_the_block(self, page: Page) -> None:
        with assert_blocked() as block:
            with pytest.raises(RuntimeError, match="read it below the block"):
                block.error  # noqa: B018
            page.fetch(API, method="PUT")

    @pytest.mark.parametrize("code", ["301", "B999", "", "b301"])
    def test_what_is_no_code(self, code: str) -> None:
        with pytest.raises(ValueError, match="is no code of a block: it is one such as 'B301'"):
            assert_blocked(code)

    def test_in_asyncio(self) -> None:
        async def calls() -> None:
            async with AsyncBrowser(apps={API: answering(ALLOW)}) as browser:
                page = browser.page(PAGE)
                with assert_allowed():
                    await asyncio.gather(page.fetch(API), page.fetch(API))
                with assert_blocked("B230"):
                    await page.fetch(API, method="PUT")
                with pytest.raises(AssertionError, match="through"), assert_blocked():
                    await page.fetch(API)

        asyncio.run(calls())
