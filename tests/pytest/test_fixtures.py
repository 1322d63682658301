"""The fixtures, and what is said where a project has not defined its own."""

from __future__ import annotations

import pytest

from .conftest import Run


def test_they_work_together(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        def test_page(page, browser, cors_page, cors_browser, api_origin, page_url):
            assert browser is cors_browser is page.browser
            assert page.url == cors_page.url == page_url
            assert page.fetch(api_origin).ok
            browser.cookies.set(api_origin, "a", "1")

        def test_the_next_one_is_new(browser, api_origin):
            assert not len(browser.cookies)
    """)
    run().assert_outcomes(passed=2)


def test_several_origins(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import pytest

        @pytest.fixture
        def apps(app):
            return {"https://one.example": app, "https://two.example": app}

        def test_both(page):
            assert page.fetch("https://one.example/").ok and page.fetch("https://two.example/").ok
    """)
    run().assert_outcomes(passed=1)


def test_another_origin(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import pytest

        @pytest.fixture
        def api_origin():
            return "http://localhost:8000"

        def test_it(browser):
            assert list(map(str, browser.mounts._by_origin)) == ["http://localhost:8000"]
    """)
    run().assert_outcomes(passed=1)


def test_the_lifespan_is_that_of_the_test(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("""
        import pytest
        seen = []

        async def application(scope, receive, send):
            while scope["type"] == "lifespan":
                message = await receive()
                seen.append(message["type"])
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return

        @pytest.fixture
        def app():
            return application

        def test_during(browser):
            assert seen == ["lifespan.startup"]

        def test_after():
            assert seen == ["lifespan.startup", "lifespan.shutdown"]
    """)
    run().assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("conftest", "said"),
    [
        ("", "there is no fixture `app`, so the browser has nothing to talk to. Define it in conftest.py:"),
        (
            "import pytest\n@pytest.fixture\ndef app(): return lambda environ, start_response: []",
            "there is no fixture `page_url`, so the page has no origin. Define it in conftest.py:",
        ),
        ("import pytest\n@pytest.fixture\ndef app(missing): pass", "*fixture 'missing' not found*"),
    ],
)
def test_what_is_missing_is_said(pytester: pytest.Pytester, run: Run, conftest: str, said: str) -> None:
    pytester.makeconftest(conftest)
    pytester.makepyfile("def test_it(page): pass")
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])


def test_without_the_extra(project: pytest.Pytester, run: Run) -> None:
    """Only a test that asks for a browser fails, and says what to install."""
    project.makepyfile(no_extra="import sys\nsys.modules['httpcore2'] = sys.modules['ada_url'] = None")
    project.makepyfile("def test_it(browser): pass\ndef test_other(): pass")
    result = run("-p", "no_extra", apart=True)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(['the fixtures of crossorigin need *: pip install "crossorigin?browser?"'])
