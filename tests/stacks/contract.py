"""What every stack that was run keeps to: its tests are these, with its name.

class TestContract(Contract):
    name = "nginx"
"""

from __future__ import annotations

import re
import tempfile
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.strategies import patterns, policies, wild_origins
from tests.stacks.existing import existing, pasted
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import ask, check, find, running, serving

from crossorigin.browser import SyncTransport
from crossorigin.doctor.verify import Verification, verify
from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, File, Rendered, Site, get_stack, recognise
from crossorigin.web.url import parse_url

__all__ = ["PASTED", "Contract", "check_parts", "prove", "render"]

GOLDEN = Path(__file__).parent / "golden"
PATHS = ("", "missing", "broken", "dead")
"""Answered with 200, 404, 500, and not at all: there the server itself says 502 or 503."""


strange = st.text("!#$%&'+-.^_`|~aB1", min_size=1, max_size=12)
"""Tokens: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2"""


def render(name: str, policy: Policy, site: Site | None = None) -> Rendered:
    function = get_stack(name).render
    assert function is not None
    return function(policy, site or Site())


def prove(url: str, policy: Policy) -> Verification:
    """`policy verify` on a running server."""
    urls = [parsed for path in PATHS if (parsed := parse_url(url + path))]
    with SyncTransport() as transport:
        return verify(urls, policy, transport)


PASTED = ("one origin", "everything at once")
"""Policies whose parts are pasted into a server that exists."""

_SURROUNDINGS = re.compile(
    r"\blisten\b|proxy_pass|ProxyPass|\breverse_proxy\b|default_backend|express\(\)|new Koa|new Hono"
)
"""What somebody has already, and no part brings a second time."""


def check_parts(rendered: Rendered) -> None:
    """There are parts; each stands in its file but for indentation, below the one before."""
    first = rendered.files[0]
    assert first.parts
    for file in rendered.files:
        end = 0
        for part in file.parts:
            assert not part.place.endswith(".")
            assert not _SURROUNDINGS.search(part.text)
            assert part.text == part.text.strip("\n")
            end = _end(file, part.text, end)


def _end(file: File, text: str, start: int) -> int:
    """Where it ends in its file; it stands below the start."""
    for space in ("    ", "\t", "  "):
        for depth in range(12):
            indented = textwrap.indent(text, depth * space)
            at = file.text.find(indented, start)
            if at >= 0:
                return at + len(indented)
    raise AssertionError(f"not in {file.name}, or above the part before it:\n{text}")


class Contract:
    name: str
    silent_on_preflights = False
    """Whether its answer to a denied preflight says nothing of who gave it."""
    files: tuple[str, str] | None = None
    """For servers of files: an expression for what hands on to the backend, and what serves @DIR@ in its place."""

    @pytest.mark.parametrize("title", POLICIES)
    def test_the_server_finds_it_well_formed(self, title: str, tmp_path: Path) -> None:
        sound, said = check(self.name, tmp_path, render(self.name, POLICIES[title]).files)
        assert sound, said

    @pytest.mark.parametrize("title", POLICIES)
    def test_the_real_server_does_what_the_policy_says(self, title: str, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES[title], tmp_path, backend) as url:
            result = prove(url, POLICIES[title])
        assert result.failure is None
        assert result.probes > 25
        assert [str(difference) for difference in result.differences] == []

    def test_a_spoilt_policy_is_found_out(self, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES["list"], tmp_path, backend) as url:
            assert not prove(url, POLICIES["one origin"]).agrees
            assert not prove(url, POLICIES["methods"]).agrees

    def test_files_in_place_of_a_backend(self, tmp_path: Path, backend: int) -> None:
        if self.files is None:
            return  # it serves none
        proxy, serve = self.files
        with tempfile.TemporaryDirectory() as directory:
            Path(directory).chmod(0o755)  # Apache's workers are not root
            Path(directory, "page.txt").write_text("hello")

            def change(text: str) -> str:
                return re.sub(proxy, serve.replace("@DIR@", directory), text)

            policy = POLICIES["everything at once"]
            with serving(self.name, policy, tmp_path, backend, change) as url:
                status, headers, body = ask(url, path="/page.txt", headers={"Origin": APP})
                assert (status, body) == (200, b"hello")
                assert ("access-control-allow-origin", APP) in [(name.lower(), value) for name, value in headers]
                assert ask(url, path="/missing")[0] == 404
                assert [str(difference) for difference in prove(url, policy).differences] == []

    @settings(suppress_health_check=list(HealthCheck))
    @given(policies())
    def test_every_part_stands_in_its_file(self, policy: Policy) -> None:
        check_parts(render(self.name, policy))

    @pytest.mark.parametrize("title", PASTED)
    def test_the_parts_pasted_into_an_existing_server_do_what_the_whole_does(
        self, title: str, tmp_path: Path, backend: int
    ) -> None:
        with running(self.name, tmp_path, lambda port: pasted(self.name, POLICIES[title], port, backend)) as url:
            result = prove(url, POLICIES[title])
        assert result.failure is None
        assert result.probes > 25
        assert [str(difference) for difference in result.differences] == []

    def test_the_existing_server_does_not_do_it_by_itself(self, tmp_path: Path, backend: int) -> None:
        name = render(self.name, POLICIES["one origin"]).files[0].name

        def files(port: int) -> tuple[File, ...]:
            return (File(name, "", existing(self.name, port, backend)),)

        with running(self.name, tmp_path, files) as url:
            assert not prove(url, POLICIES["one origin"]).agrees

    def test_golden(self) -> None:
        for file in render(self.name, POLICIES["everything at once"]).files:
            assert file.text == (GOLDEN / self.name / file.name).read_text(encoding="utf-8")

    def test_the_policy_stands_above_its_configuration(self) -> None:
        text = render(self.name, POLICIES["credentials"]).files[0].text
        assert 'allow_origins = ["https://app.example.com"]' in text.split("\n\n")[0]

    def test_what_it_cannot_say_is_said(self) -> None:
        policy = Policy(allow_origins=[APP], debug=True, refuse_disallowed_origins=True)
        rendered = render(self.name, policy)
        assert any(limit.startswith("debug: ") for limit in rendered.limits)
        assert any(limit.startswith("refuse_disallowed_origins: ") for limit in rendered.limits)
        for limit in rendered.limits:
            assert f"LIMIT: {limit}" in rendered.files[0].text

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(policies())
    def test_any_policy_is_well_formed(self, policy: Policy) -> None:
        find(self.name)
        with tempfile.TemporaryDirectory() as directory:
            sound, said = check(self.name, Path(directory), render(self.name, policy).files)
            assert sound, said

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(strange, max_size=3), st.lists(strange, max_size=3), st.lists(strange, max_size=3))
    def test_no_name_of_a_policy_is_taken_for_syntax(
        self, methods: list[str], headers: list[str], exposed: list[str]
    ) -> None:
        fields = {"allow_origins": [APP], "allow_methods": methods, "allow_headers": headers, "expose_headers": exposed}
        if Policy.validate(**fields):
            return
        find(self.name)
        with tempfile.TemporaryDirectory() as directory:
            policy = Policy(allow_origins=[APP], allow_methods=methods, allow_headers=headers, expose_headers=exposed)
            sound, said = check(self.name, Path(directory), render(self.name, policy).files)
            assert sound, said

    def test_the_real_server_matches_origins_as_the_policy_does(self, tmp_path: Path, backend: int) -> None:
        policy = Policy(
            allow_origins=[
                "https://*.example.com",
                "http://localhost:*",
                "https://*.example.org:8443",
                "https://a.example.com:*",
                "https://example.com",
                "http://[::1]:3000",
            ]
        )
        with serving(self.name, policy, tmp_path, backend) as url:

            @settings(max_examples=300, deadline=None)
            @given(st.one_of(wild_origins(), patterns().map(lambda pattern: str(pattern).replace("*", "7").encode())))
            def matches(origin: bytes) -> None:
                origin = origin.strip(b" \t")
                if not origin or any(byte < 0x20 or byte > 0x7E for byte in origin):
                    return  # no header value
                _, headers, _ = ask(url, headers={"Origin": origin.decode("ascii")})
                found = [value for name, value in headers if name.lower() == "access-control-allow-origin"]
                assert found == ([origin.decode("ascii")] if policy.compiled.allows(origin) else [])

            matches()

    def test_a_denied_preflight_is_403_without_cors_headers(self, tmp_path: Path, backend: int) -> None:
        asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
        with serving(self.name, POLICIES["credentials"], tmp_path, backend) as url:
            for change in (
                {"Origin": "https://evil.test"},
                {"Origin": APP, "Access-Control-Request-Method": "PURGE"},
                {"Origin": APP, "Access-Control-Request-Headers": "content-type,x-evil"},
            ):
                status, headers, _ = ask(url, "OPTIONS", headers={**asked, **change})
                assert status == 403
                assert [name for name, _ in headers if name.lower().startswith("access-control-")] == []
                varies = {
                    each.strip().lower()
                    for name, value in headers
                    if name.lower() == "vary"
                    for each in value.split(",")
                }
                assert {"origin", "access-control-request-method", "access-control-request-headers"} <= varies

    def test_an_options_that_is_no_preflight_is_the_backends(self, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES["credentials"], tmp_path, backend) as url:
            for headers in ({}, {"Origin": APP}, {"Access-Control-Request-Method": "PUT"}):
                status, answer, _ = ask(url, "OPTIONS", headers=headers)
                assert status == 200
                assert ("x-method", "OPTIONS") in [(name.lower(), value) for name, value in answer]

    def test_the_backends_vary_stays(self, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES["one origin"], tmp_path, backend) as url:
            for path in ("/", "/missing", "/broken"):
                _, headers, body = ask(url, path=path)
                varies = [
                    each.strip() for name, value in headers if name.lower() == "vary" for each in value.split(",")
                ]
                assert sorted(varies) == ["Accept-Encoding", "Origin"]
                assert body == b"hellohellohello"

    def test_nothing_of_the_backends_cors_is_left(self, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES["one origin"], tmp_path, backend) as url:
            for path in ("/", "/missing", "/broken", "/moved"):
                _, headers, _ = ask(url, path=path, headers={"Origin": APP})
                cors = [(name.lower(), value) for name, value in headers if name.lower().startswith("access-control-")]
                assert cors == [("access-control-allow-origin", APP)]
                _, headers, _ = ask(url, path=path, headers={"Origin": "https://evil.test"})
                assert [name for name, _ in headers if name.lower().startswith("access-control-")] == []

    def test_recognised_by_its_real_answers(self, tmp_path: Path, backend: int) -> None:
        with serving(self.name, POLICIES["one origin"], tmp_path, backend) as url:
            preflight = {"Origin": "https://evil.test", "Access-Control-Request-Method": "PUT"}
            answers = [ask(url, path="/dead"), ask(url, "OPTIONS", headers=preflight)]
        if self.silent_on_preflights:
            answers.pop()
        for status, headers, body in answers:
            evidence = Evidence(
                status=status,
                headers=tuple((name.encode(), value.encode()) for name, value in headers),
                body=body[:1024],
                is_preflight=status == 403,
            )
            found = recognise(evidence)
            assert found, (status, headers, body)
            assert found[0][0].name == self.name
            assert found[0][1].confidence >= 0.8
            assert found[0][1].because
