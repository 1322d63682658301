"""The fixtures under their long names, and those that a test project overrides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from crossorigin.browser import Browser, Page

__all__ = ["api_origin", "apps", "cors_browser", "cors_engine", "cors_page", "page_url"]

_EXTRA = 'the fixtures of crossorigin need {name}, which is not installed: pip install "crossorigin[browser]"'
_NO_APP = """there is no fixture `app`, so the browser has nothing to talk to. Define it in conftest.py:

    @pytest.fixture
    def app():
        return my_application          # ASGI or WSGI; it answers at {origin} (fixture `api_origin`)

or, for several origins, the fixture `apps`, which returns {{"https://api.example.com": app, ...}}."""
_NO_PAGE = """there is no fixture `page_url`, so the page has no origin. Define it in conftest.py:

    @pytest.fixture
    def page_url():
        return "https://app.example.com/dashboard"

or open a page in the test: browser.page("https://app.example.com/")."""


@pytest.fixture
def cors_engine(request: pytest.FixtureRequest) -> str:
    """The engine of `browser`: of the mark `engines`, or else the option `crossorigin_engine`."""
    engine: str = getattr(request, "param", None) or request.config.getini("crossorigin_engine")
    return engine


@pytest.fixture
def api_origin() -> str:
    """The origin at which `app` answers; override it where another one matters."""
    return "https://api.example.com"


@pytest.fixture
def page_url() -> str:
    """The URL of `page`: to be defined by the project that is tested."""
    pytest.fail(_NO_PAGE, pytrace=False)


@pytest.fixture
def apps(request: pytest.FixtureRequest, api_origin: str) -> dict[str, Any]:
    """The applications of `browser` by origin: `app` at `api_origin`, unless it is overridden.

    The fixture `app` is the project's own, and so there is none here.
    """
    try:
        return {api_origin: request.getfixturevalue("app")}
    except pytest.FixtureLookupError as error:
        if error.argname != "app":
            raise
    pytest.fail(_NO_APP.format(origin=api_origin), pytrace=False)


@pytest.fixture
def cors_browser(apps: dict[str, Any], cors_engine: str) -> Iterator[Browser]:
    """A browser with the applications of `apps`, new for each test; their lifespan is that of the test."""
    try:
        from crossorigin.browser import Browser  # noqa: PLC0415 - nothing is imported before it is asked for
    except ModuleNotFoundError as missing:
        if (missing.name or "crossorigin").startswith("crossorigin"):
            raise
        pytest.fail(_EXTRA.format(name=missing.name), pytrace=False)
    with Browser(apps=apps, engine=cors_engine) as browser:
        yield browser


@pytest.fixture
def cors_page(cors_browser: Browser, page_url: str) -> Page:
    """A page at `page_url`, open in the browser."""
    return cors_browser.page(page_url)
