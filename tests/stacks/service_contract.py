"""What every gateway, cloud and edge keeps to, written from documentation alone: its tests are these, with its name.

class TestContract(ServiceContract):
    name = "kong"

None of it proves that the stack takes the configuration. It proves that the file is one of its language, that nothing
of the policy gets lost in silence, and that it is still what somebody read beside the documentation (`golden`).
"""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
import tomllib
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.strategies import policies
from tests.stacks.contract import GOLDEN, render, strange
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import find

from crossorigin.policy import Policy
from crossorigin.stacks import File, Rendered, get_stack

__all__ = ["ServiceContract", "described", "load", "unsaid"]

_BICEP_STRING = r"'(?:[^'\\\n$]|\\.|\$(?!\{))*'"
_BICEP_LINE = re.compile(rf"(?:[\w.()@:=\[\]{{}} -]|{_BICEP_STRING})*")


def load(file: File) -> Any:
    """A file, read by somebody else's parser of its language; None for languages that have no value."""
    if file.language == "json":
        return json.loads(file.text)
    if file.language == "yaml":
        return yaml.safe_load(file.text)
    if file.language == "toml":
        return tomllib.loads(file.text)
    if file.language == "bicep":
        code = [line for line in file.text.splitlines() if not line.startswith("//")]
        assert [line for line in code if not _BICEP_LINE.fullmatch(line)] == []
        assert "".join(code).count("[") == "".join(code).count("]")
        return None
    if file.language == "javascript":
        command = [find("express"), "--input-type=module", "--check"]
        done = subprocess.run(command, input=file.text, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
        return None
    assert file.language == "text"
    return None


def described(rendered: Rendered) -> str:
    """The text with the policy and the limits: the first file's; where its language is JSON, that of the one beside."""
    first = rendered.files[0]
    return rendered.files[1].text if first.language == "json" else first.text


def stands_in(part: str, text: str) -> bool:
    """Whether a part stands word for word in a text, but for the indentation of all its lines alike."""
    start = part.split("\n", 1)[0]
    depths = {len(line) - len(line.lstrip(" ")) for line in text.splitlines() if line.strip() == start.strip()}
    return any(textwrap.indent(part, " " * depth) + "\n" in text for depth in depths)


class ServiceContract:
    name: str
    wordless: ClassVar[set[str]] = set()
    """What of a policy with `*` it does without saying it, as `unsaid` has it."""

    def test_it_is_said_not_to_have_been_run(self) -> None:
        assert get_stack(self.name).verified is None
        assert get_stack(self.name).render is not None

    @pytest.mark.parametrize("title", POLICIES)
    def test_every_policy_is_a_file_of_its_language(self, title: str) -> None:
        self.check(render(self.name, POLICIES[title]), POLICIES[title])

    def test_golden(self) -> None:
        for file in render(self.name, POLICIES["everything at once"]).files:
            assert file.text == (GOLDEN / self.name / file.name).read_text(encoding="utf-8")

    def test_the_policy_stands_above_its_configuration(self) -> None:
        text = described(render(self.name, POLICIES["credentials"]))
        assert 'allow_origins = ["https://app.example.com"]' in text.split("\n\n")[0]
        assert "allow_credentials = true" in text.split("\n\n")[0]

    def test_what_it_cannot_say_is_said(self) -> None:
        policy = Policy(allow_origins=[APP], debug=True, refuse_disallowed_origins=True)
        rendered = render(self.name, policy)
        assert any(limit.startswith("debug: ") for limit in rendered.limits)
        assert any(limit.startswith("refuse_disallowed_origins: ") for limit in rendered.limits)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(policies())
    def test_any_policy_is_well_formed(self, policy: Policy) -> None:
        self.check(render(self.name, policy), policy)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(strange, max_size=3), st.lists(strange, max_size=3), st.lists(strange, max_size=3))
    def test_no_name_of_a_policy_is_taken_for_syntax(
        self, methods: list[str], headers: list[str], exposed: list[str]
    ) -> None:
        fields = {"allow_origins": [APP], "allow_methods": methods, "allow_headers": headers, "expose_headers": exposed}
        if not Policy.validate(**fields):
            policy = Policy(allow_origins=[APP], allow_methods=methods, allow_headers=headers, expose_headers=exposed)
            self.check(render(self.name, policy), policy)

    def check(self, rendered: Rendered, policy: Policy) -> None:
        """That files are of their language, limits stand in them, and parts are parts of them."""
        assert rendered.files
        for file in rendered.files:
            load(file)
            assert file.text.endswith("\n")
            assert file.name == Path(file.name).name
            for part in file.parts:
                assert part.text
                assert stands_in(part.text, file.text), part
                assert part.place
                assert not part.place.endswith(".")
        text = described(rendered)
        for limit in rendered.limits:
            assert f"LIMIT: {limit}" in text
        assert len(set(rendered.limits)) == len(rendered.limits)
        assert text.count("LIMIT: ") == len(rendered.limits)
        lost = unsaid(rendered, policy)
        if "*" in policy.allow_headers or "*" in policy.allow_methods:
            lost = [each for each in lost if each not in self.wordless]
        assert lost == []


def unsaid(rendered: Rendered, policy: Policy) -> list[str]:
    """What of a policy's lists is neither in the configuration, its head left out, nor in a limit.

    Patterns are the models' business (`paper_models`), and GET, HEAD and POST need no leave.
    """
    if any("allows nobody" in limit for limit in rendered.limits):
        return []
    first = rendered.files[0]
    body = first.text if first.language == "json" else first.text.split("\n\n", 1)[1]
    body = body.replace("\\\\", "\\").replace("\\.", ".").replace("\\'", "'")
    lists = {
        "allow_origins": [origin for origin in policy.allow_origins if origin == "*" or "*" not in origin],
        "allow_methods": [method for method in policy.allow_methods if method not in {"GET", "HEAD", "POST"}],
        "allow_headers": policy.allow_headers,
        "expose_headers": policy.expose_headers,
    }
    lost = []
    for field, values in lists.items():
        about = [limit for limit in rendered.limits if field in limit.split(":")[0]]
        lost += [
            f"{field}: {value}"
            for value in values
            if value not in body and not any(value in limit or "no setting" in limit for limit in about)
        ]
    return lost
