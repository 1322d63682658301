"""The fixtures under their short names, where no other plugin has these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from crossorigin.browser import Browser, Page

__all__ = ["browser", "page"]


@pytest.fixture
def browser(cors_browser: Browser) -> Browser:
    """A browser with the applications of the fixture `apps`, new for each test."""
    return cors_browser


@pytest.fixture
def page(browser: Browser, page_url: str) -> Page:
    """A page at `page_url`, open in the browser."""
    return browser.page(page_url)
