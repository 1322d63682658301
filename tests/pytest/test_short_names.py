"""`browser` and `page`: the long names by another word, each of which a project may override."""

from __future__ import annotations

import pytest

from .conftest import Run


def test_a_browser_of_the_projects_own(project: pytest.Pytester, run: Run) -> None:
    project.makepyfile("""
        import pytest
        from crossorigin.browser import Browser

        @pytest.fixture
        def browser(apps):
            with Browser(apps=apps, engine="firefox") as browser:
                yield browser

        def test_the_page_is_in_it(page, browser):
            assert page.browser is browser and page.engine == "firefox"
    """)
    run().assert_outcomes(passed=1)


def test_help_lists_them(project: pytest.Pytester, run: Run) -> None:
    result = run("--fixtures", "--markers")
    result.stdout.fnmatch_lines(["*engines(?names)*"])
    run("--fixtures").stdout.fnmatch_lines(["browser -- *", "page -- *"])
