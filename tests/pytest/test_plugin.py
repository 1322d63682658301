"""The mark, the option, other plugins, and what a run without any use for the plugin pays."""

from __future__ import annotations

import pytest

from crossorigin.fetch.profiles import PROFILES
from crossorigin.pytest.plugin import ENGINES

from .conftest import Run

ENGINE = "def test_engine(cors_engine, browser): assert browser.engine == cors_engine == {!r}"


def test_the_engines_are_those_of_the_browser() -> None:
    assert set(ENGINES) == set(PROFILES)


class TestEngines:
    """Which engine a test runs in."""

    def test_chromium_unless_said(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile(ENGINE.format("chromium"))
        run().assert_outcomes(passed=1)

    def test_the_option(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile(ENGINE.format("webkit"))
        project.makeini("[pytest]\ncrossorigin_engine = webkit")
        run().assert_outcomes(passed=1)

    def test_an_option_that_is_no_engine(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile(ENGINE.format("webkit"))
        result = run("-o", "crossorigin_engine=netscape")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["*crossorigin_engine = netscape: it is one of chromium, firefox, *"])

    def test_the_mark_runs_the_test_in_each(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile("""
            import pytest
            seen = []

            @pytest.mark.engines("chromium", "webkit")
            def test_each(page):
                assert page.fetch("https://api.example.com/").ok
                seen.append(page.engine)

            @pytest.mark.engines("firefox")
            class TestOfAClass:
                def test_it(self, browser):
                    seen.append(browser.engine)

            def test_all():
                assert seen == ["chromium", "webkit", "firefox"]
        """)
        result = run("-v", "--strict-markers")
        result.assert_outcomes(passed=4)
        result.stdout.fnmatch_lines(["*test_each?chromium?*", "*test_each?webkit?*", "*test_it?firefox?*"])

    @pytest.mark.parametrize(
        ("mark", "said"),
        [
            ('"netscape"', "*the mark engines takes names of chromium, firefox, webkit, standard, and not 'netscape'"),
            ("", "*the mark engines takes names of chromium, firefox, webkit, standard, and not what it is given"),
            ('name="webkit"', "*and not what it is given"),
        ],
    )
    def test_a_mark_that_names_none(self, project: pytest.Pytester, run: Run, mark: str, said: str) -> None:
        project.makepyfile(f"import pytest\n@pytest.mark.engines({mark})\ndef test_it(page): pass")
        result = run()
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([said])

    def test_a_mark_on_a_test_without_a_browser(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile('import pytest\n@pytest.mark.engines("webkit")\ndef test_it(): pass')
        run().stdout.fnmatch_lines(["*the mark engines is for tests that use the fixture browser, page or cors_engine"])


class TestReport:
    """A call that is blocked fails its test, and the report shows the dialogue."""

    def test_a_blocked_call(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile("""
            def test_it(page):
                page.fetch("https://api.example.com/users", method="PUT")
        """)
        result = run()
        result.assert_outcomes(failed=1)
        # In CI pytest repeats the whole message in its summary.
        text = result.stdout.str().partition("short test summary")[0]
        # The traceback is the test's own line: nothing of ours stands in between.
        assert "sync_browser.py" not in text
        assert text.count("has been blocked by CORS policy: Method PUT is not allowed") == 1
        shown = text.partition("what the browser saw")[2]
        assert shown.splitlines()[1:-1] == [
            "https://app.example.com                              https://api.example.com",
            "│── preflight OPTIONS /users ─────────────────────────────────────────────▶│",
            "│    Access-Control-Request-Method: PUT                                    │",
            "│    Origin: https://app.example.com                                       │",
            "│◀───────────────────────────────────────────────────────────── 200 OK ✓ ──│",
            "│  ✓ Access-Control-Allow-Origin: https://app.example.com                  │",
            "│  ✗ Access-Control-Allow-Methods: (absent)                                │",
            "",
            "To change: List PUT in `Access-Control-Allow-Methods` on the answer to",
            "OPTIONS https://api.example.com/users (200).",
        ]

    def test_another_failure_is_left_alone(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile('def test_it(page):\n    assert page.fetch("https://api.example.com/").status == 201')
        result = run()
        result.assert_outcomes(failed=1)
        result.stdout.no_fnmatch_line("*what the browser saw*")


class TestOtherPlugins:
    """Neither in the way of another, nor of a run that has no use for this one."""

    OTHER = """
        import pytest

        @pytest.fixture
        def page():
            return "a page of theirs"
    """

    def test_a_plugin_with_a_page_keeps_it(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile(their_plugin=self.OTHER)
        project.makepyfile("""
            def test_both(page, cors_page):
                assert page == "a page of theirs"
                assert cors_page.fetch("https://api.example.com/").ok
        """)
        result = run("-p", "their_plugin", apart=True)
        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(["crossorigin: fixtures cors_browser and cors_page *"])

    def test_a_conftest_with_a_page_overrides(self, project: pytest.Pytester, run: Run) -> None:
        sub = project.mkpydir("sub")
        (sub / "conftest.py").write_text("import pytest\n@pytest.fixture\ndef page(browser): return browser.engine\n")
        (sub / "test_it.py").write_text("def test_it(page): assert page == 'chromium'\n")
        run().assert_outcomes(passed=1)

    def test_it_imports_nothing_that_no_test_asks_for(self, pytester: pytest.Pytester, run: Run) -> None:
        pytester.makepyfile("""
            import sys

            def test_modules():
                ours = {name for name in sys.modules if name.split(".")[0] == "crossorigin"}
                assert {name.partition(".")[2] for name in ours} == {
                    "", "pytest", "pytest.fixtures", "pytest.plugin", "pytest.short_names"
                }
                assert not {"httpcore2", "ada_url", "asyncio", "rich"} & set(sys.modules) - {"asyncio"}
        """)
        run(apart=True).assert_outcomes(passed=1)

    def test_it_can_be_left_out(self, pytester: pytest.Pytester, run: Run) -> None:
        pytester.makepyfile("def test_it(cors_browser): pass")
        result = run("-p", "no:crossorigin", "-p", "no:crossorigin.pytest.plugin", apart=True)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["*fixture 'cors_browser' not found*"])

    def test_xdist(self, project: pytest.Pytester, run: Run) -> None:
        project.makepyfile("""
            import pytest

            @pytest.mark.engines("chromium", "firefox", "webkit")
            def test_it(page):
                page.fetch("https://api.example.com/", method="PUT" if page.engine == "webkit" else "GET")
        """)
        result = run("-n", "2", apart=True)
        result.assert_outcomes(passed=2, failed=1)
        result.stdout.fnmatch_lines(["*what the browser saw*", "To change: List PUT in *"])
