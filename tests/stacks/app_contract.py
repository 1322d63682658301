"""What every framework that was run keeps to, in each of its styles: its tests are these, with its name.

class TestContract(AppContract):
    name = "express"
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.strategies import policies
from tests.stacks.contract import GOLDEN, PASTED, check_parts, prove, render, strange
from tests.stacks.existing import existing, pasted
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import ask, check, find, running, serving

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, File, Site, get_stack, recognise

__all__ = ["AppContract"]

_PREFLIGHT = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
VARY = ("accept-encoding", "origin")
NEAR = [
    "https://example.com.evil.test",
    "https://evil.test",
    "https://appXexample.com",
    "https://a.example.com.",
    "https://example.com:8443",
    "https://a.example.com:8443",
    "https://a.example.org:8443",
    "https://a.example.org",
    "https://.example.com",
    "https://a.b.c.example.com",
    "HTTPS://a.example.com",
    "https://a.example.com/",
    "https://a.example.com,https://a.example.com",
    "https://evil.test#.example.com",
    "https://evil.test/.example.com",
    "http://localhost",
    "http://localhost:80",
    "http://localhost:3000",
    "http://localhost:65536",
    "http://localhost:0",
    "http://localhost:03000",
    "http://localhost:3000x",
    "http://localhost.evil.test:3000",
    "http://[::1]:3000",
    "http://[::1]:3001",
    "null",
    "*",
]
"""For a policy of every kind of pattern: what is one of them, and what only looks like it."""


def styles(name: str) -> tuple[str, ...]:
    return get_stack(name).styles or ("",)


class AppContract:
    name: str
    known: ClassVar[dict[str, dict[str, set[str]]]] = {}
    """For a style and a policy: what `policy verify` finds all the same, and the rendered limits say."""
    recognised: ClassVar[dict[str, float]] = {"missing": 0.8}
    """Paths (`OPTIONS` for a bare OPTIONS of a missing one) whose answers give it away, and how surely."""
    replaces_vary: tuple[str, ...] = ()
    """Styles in which a route's own Vary is lost to allowed origins, as their limits say."""
    says_policy_in_words = False
    """Whether it takes the policy as it is, and so can say all of it."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "style" in metafunc.fixturenames:
            metafunc.parametrize("style", styles(self.name))

    @pytest.mark.parametrize("title", POLICIES)
    def test_the_real_server_does_what_the_policy_says(self, style: str, title: str, tmp_path: Path) -> None:
        with serving(self.name, POLICIES[title], tmp_path, style=style) as url:
            result = prove(url, POLICIES[title])
        assert result.failure is None
        assert result.probes > 25
        found = {f"{difference.expected} | {difference.got}" for difference in result.differences}
        known = self.known.get(style, {})
        assert found == known.get(title, set()), [str(difference) for difference in result.differences]
        if found:
            rendered = render(self.name, POLICIES[title], Site(style=style))
            assert rendered.limits

    def test_a_spoilt_policy_is_found_out(self, style: str, tmp_path: Path) -> None:
        with serving(self.name, POLICIES["list"], tmp_path, style=style) as url:
            assert not prove(url, POLICIES["one origin"]).agrees
            assert not prove(url, POLICIES["methods"]).agrees

    @settings(suppress_health_check=list(HealthCheck))
    @given(policies())
    def test_every_part_stands_in_its_file(self, style: str, policy: Policy) -> None:
        check_parts(render(self.name, policy, Site(style=style)))

    @pytest.mark.parametrize("title", PASTED)
    def test_the_parts_pasted_into_an_existing_application_do_what_the_whole_does(
        self, style: str, title: str, tmp_path: Path
    ) -> None:
        with running(self.name, tmp_path, lambda port: pasted(self.name, POLICIES[title], port, 0, style)) as url:
            result = prove(url, POLICIES[title])
        assert result.failure is None
        assert result.probes > 25
        found = {f"{difference.expected} | {difference.got}" for difference in result.differences}
        assert found == self.known.get(style, {}).get(title, set()), [str(each) for each in result.differences]

    def test_the_existing_application_does_not_do_it_by_itself(self, tmp_path: Path) -> None:
        name = render(self.name, POLICIES["one origin"]).files[0].name
        with running(self.name, tmp_path, lambda port: (File(name, "", existing(self.name, port, 0)),)) as url:
            assert not prove(url, POLICIES["one origin"]).agrees

    def test_golden(self, style: str) -> None:
        for file in render(self.name, POLICIES["everything at once"], Site(style=style)).files:
            path = GOLDEN / self.name / (f"{style}.{file.name}.txt")
            assert file.text == path.read_text(encoding="utf-8")

    def test_the_policy_stands_above_its_configuration(self, style: str) -> None:
        text = render(self.name, POLICIES["credentials"], Site(style=style)).files[0].text
        assert 'allow_origins = ["https://app.example.com"]' in text.split("\n\n")[0]

    def test_what_it_cannot_say_is_said(self, style: str) -> None:
        policy = Policy(allow_origins=[APP], debug=True, refuse_disallowed_origins=True)
        rendered = render(self.name, policy, Site(style=style))
        if not (self.says_policy_in_words and style == "own"):
            assert any(limit.startswith("debug: ") for limit in rendered.limits)
            assert any(limit.startswith("refuse_disallowed_origins: ") for limit in rendered.limits)
        for limit in rendered.limits:
            assert f"LIMIT: {limit}" in rendered.files[0].text

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_any_policy_is_well_formed(self, data: st.DataObject) -> None:
        find(self.name)
        style, policy = data.draw(st.sampled_from(styles(self.name))), data.draw(policies())
        with tempfile.TemporaryDirectory() as directory:
            sound, said = check(self.name, Path(directory), render(self.name, policy, Site(style=style)).files)
            assert sound, said

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.lists(strange, max_size=3), st.lists(strange, max_size=3), st.lists(strange, max_size=3))
    def test_no_name_of_a_policy_is_taken_for_syntax(
        self, data: st.DataObject, methods: list[str], headers: list[str], exposed: list[str]
    ) -> None:
        fields = {"allow_origins": [APP], "allow_methods": methods, "allow_headers": headers, "expose_headers": exposed}
        if Policy.validate(**fields):
            return
        find(self.name)
        style = data.draw(st.sampled_from(styles(self.name)))
        with tempfile.TemporaryDirectory() as directory:
            policy = Policy(allow_origins=[APP], allow_methods=methods, allow_headers=headers, expose_headers=exposed)
            sound, said = check(self.name, Path(directory), render(self.name, policy, Site(style=style)).files)
            assert sound, said

    def test_the_real_server_matches_origins_as_the_policy_does(self, style: str, tmp_path: Path) -> None:
        policy = Policy(
            allow_origins=[
                "https://*.example.com",
                "http://localhost:*",
                "https://*.example.org:8443",
                "https://example.com",
                "http://[::1]:3000",
            ]
        )
        with serving(self.name, policy, tmp_path, style=style) as url:
            for origin in ["https://example.com", *NEAR]:
                _, headers, _ = ask(url, headers={"Origin": origin})
                found = [value for name, value in headers if name.lower() == "access-control-allow-origin"]
                assert found == ([origin] if policy.compiled.allows(origin.encode()) else []), origin

    def test_a_denied_preflight_is_403_without_cors_headers(self, tmp_path: Path) -> None:
        with serving(self.name, POLICIES["credentials"], tmp_path, style="own") as url:
            for change in (
                {"Origin": "https://evil.test"},
                {"Origin": APP, "Access-Control-Request-Method": "PURGE"},
                {"Origin": APP, "Access-Control-Request-Headers": "content-type,x-evil"},
            ):
                status, headers, _ = ask(url, "OPTIONS", headers={**_PREFLIGHT, **change})
                assert status == 403
                assert [name for name, _ in headers if name.lower().startswith("access-control-")] == []
                assert {"origin", "access-control-request-method", "access-control-request-headers"} <= varies(headers)

    def test_an_options_that_is_no_preflight_is_the_routes(self, tmp_path: Path) -> None:
        with serving(self.name, POLICIES["credentials"], tmp_path, style="own") as url:
            for headers in ({}, {"Origin": APP}, {"Access-Control-Request-Method": "PUT"}):
                status, answer, _ = ask(url, "OPTIONS", headers=headers)
                assert status == 200
                assert ("x-method", "OPTIONS") in [(name.lower(), value) for name, value in answer]

    def test_the_vary_of_a_route_stays(self, style: str, tmp_path: Path) -> None:
        with serving(self.name, POLICIES["one origin"], tmp_path, style=style) as url:
            for origin in ({}, {"Origin": APP}, {"Origin": "https://evil.test"}):
                _, headers, body = ask(url, headers=origin)
                assert body == b"hello"
                kept = {"origin"} if style in self.replaces_vary and origin.get("Origin") == APP else {*VARY}
                assert varies(headers) == kept

    def test_recognised_by_its_real_answers(self, style: str, tmp_path: Path) -> None:
        with serving(self.name, POLICIES["one origin"], tmp_path, style=style) as url:
            for path, least in self.recognised.items():
                method = "OPTIONS" if path == "OPTIONS" else "GET"
                status, headers, body = ask(url, method, "/missing" if path == "OPTIONS" else f"/{path}")
                evidence = Evidence(
                    status=status,
                    headers=tuple((name.encode(), value.encode()) for name, value in headers),
                    body=body[:1024],
                )
                found = recognise(evidence)
                assert found, (status, headers, body)
                assert found[0][0].name == self.name, (found, status, headers, body)
                assert found[0][1].confidence >= least
                assert found[0][1].because


def varies(headers: list[tuple[str, str]]) -> set[str]:
    return {
        each.strip().lower() for name, value in headers if name.lower() == "vary" for each in value.split(",") if each
    }
