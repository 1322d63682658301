"""What every framework keeps to that is written from documentation, and not run: its tests are these, with its name.

class TestContract(PaperContract):
    name = "rails"
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import indent
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.policy.strategies import policies
from tests.stacks.app_contract import NEAR
from tests.stacks.contract import GOLDEN, render, strange
from tests.stacks.parsers import faults, literals, shape
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Rendered, get_stack
from crossorigin.stacks.matching import describe

__all__ = ["NodeContract", "PaperContract"]

_EVERY_KIND = Policy(
    allow_origins=[
        "https://*.example.com",
        "http://localhost:*",
        "https://*.example.org:8443",
        "https://example.com",
        "http://[::1]:3000",
    ]
)


def unquote(literal: str) -> str:
    """What a string stands for: in single quotes as PHP and Ruby have it, in double ones as JSON does."""
    if literal[0] == "'":
        return literal[1:-1].replace("\\'", "'").replace("\\\\", "\\")
    return str(json.loads(literal)) if literal[0] == '"' else literal


def stands_in(part: str, text: str) -> bool:
    """Whether a part stands in a text word for word, all its lines indented alike."""
    depths = {line[: len(line) - len(line.lstrip())] for line in text.splitlines()}
    return part in text or any(indent(part, depth) in text for depth in depths)


def _expression(text: str) -> str | None:
    """What a string or a literal says as an expression of Python's, if it is one for the whole of a text."""
    inner = re.fullmatch(r'(?:%r\{|[@#/`]"?)?((?:\^|\\A).*(?:\$|\\z))(?:[\}#/`"])?', text)
    return re.sub(r"(?:\$|\\z)\Z", r"\\Z", inner[1]) if inner else None


def _without_signs(text: str) -> str:
    """A name with a letter for every sign that a language could mind."""
    return re.sub(r"[^A-Za-z0-9-]", "x", text)


class PaperContract:
    name: str
    comment = "//"
    writes_patterns = False
    """Whether patterns are written as a policy has them, and not as expressions."""
    left_out: ClassVar[set[str]] = set()
    """Titles of the policies of which an origin cannot be said, as the limits say."""

    def rendered(self, policy: Policy) -> Rendered:
        """A policy as this stack has it, seen to be a program."""
        rendered = render(self.name, policy)
        for file in rendered.files:
            assert faults(file.language, file.text) == []
        return rendered

    def test_it_says_that_it_was_not_run(self) -> None:
        assert get_stack(self.name).verified is None

    def test_golden(self) -> None:
        for file in self.rendered(POLICIES["everything at once"]).files:
            assert file.text == (GOLDEN / self.name / file.name).read_text(encoding="utf-8")

    @pytest.mark.parametrize("title", POLICIES)
    def test_every_policy_is_a_program(self, title: str) -> None:
        rendered = self.rendered(POLICIES[title])
        first = rendered.files[0].text
        head = "\n".join(f"{self.comment} {line}" for line in describe(POLICIES[title], rendered.limits))
        assert first.removeprefix("<?php\n\n").startswith(head)
        assert all(f"LIMIT: {limit}" in head for limit in rendered.limits)
        assert any(limit.startswith("allow_origins: ") for limit in rendered.limits) is (title in self.left_out)
        for file in rendered.files:
            for part in file.parts:
                assert stands_in(part.text, file.text), part.place
                assert part.place
                assert not part.place.endswith(".")

    def test_what_it_cannot_say_is_said(self) -> None:
        policy = Policy(allow_origins=[APP], debug=True, preflight_status=299)
        limits = self.rendered(policy).limits
        lines = render(self.name, policy).files[0].text.splitlines()
        code = "\n".join(line for line in lines if not line.startswith(self.comment))
        assert any(limit.startswith("debug: ") for limit in limits) or "Debug(true)" in code
        assert any(limit.startswith("preflight_status: ") for limit in limits) or "299" in code
        refusing = Policy(allow_origins=[APP], refuse_disallowed_origins=True)
        said = [limit for each in (policy, refusing) for limit in self.rendered(each).limits]
        assert any(limit.startswith("refuse_disallowed_origins: ") for limit in said)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(policies())
    def test_any_policy_is_a_program(self, policy: Policy) -> None:
        rendered = self.rendered(policy)
        assert all(f"LIMIT: {limit}" in rendered.files[0].text for limit in rendered.limits)

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(*[st.lists(strange, min_size=1, max_size=3)] * 3)
    def test_no_name_of_a_policy_is_taken_for_syntax(
        self, methods: list[str], headers: list[str], exposed: list[str]
    ) -> None:
        # In upper case: what has both cannot be said everywhere.
        lists = {
            "allow_methods": [each.upper() for each in methods],
            "allow_headers": headers,
            "expose_headers": exposed,
        }
        harmless = {name: [*map(_without_signs, each)] for name, each in lists.items()}
        harmless["allow_methods"] = [each.upper() for each in harmless["allow_methods"]]
        assume(not Policy.validate(allow_origins=[APP], **lists))
        assume(not Policy.validate(allow_origins=[APP], **harmless))
        policy, other = Policy(allow_origins=[APP], **lists), Policy(allow_origins=[APP], **harmless)  # type: ignore[arg-type]
        assume(all(len(getattr(policy, name)) == len(getattr(other, name)) for name in lists))
        rendered = self.rendered(policy)
        for file, beside in zip(rendered.files, self.rendered(other).files, strict=True):
            assert shape(file.language, file.text) == shape(beside.language, beside.text)
        texts = [unquote(each) for file in rendered.files for each in literals(file.language, file.text)]
        found = {name for text in texts for name in (text, *text.split(","))}
        assert {*policy.allow_headers, *policy.expose_headers} <= found

    @pytest.mark.parametrize("origin", [*NEAR, "https://example.com", "https://example.com\n", "\nhttps://example.com"])
    def test_an_origin_that_only_looks_like_one_is_none(self, origin: str) -> None:
        """In what is written, read by Python: exact texts are compared, expressions are searched for."""
        file = self.rendered(_EVERY_KIND).files[0]
        texts = {unquote(each) for each in literals(file.language, file.text)}
        if self.writes_patterns:
            assert set(_EVERY_KIND.allow_origins) <= texts
            return
        found = list(filter(None, map(_expression, texts)))
        assert len(found) == 3
        assert not any("*" in each and "://" in each for each in texts if not _expression(each))
        exact = {each for each in texts if "://" in each or each == "null"}
        allowed = origin in exact or any(re.search(each, origin) for each in found)
        assert allowed is _EVERY_KIND.compiled.allows(origin.encode())


class NodeContract(PaperContract):
    """What is written in JavaScript is read by Node.js too."""

    @pytest.mark.parametrize("title", POLICIES)
    def test_node_finds_it_well_formed(self, title: str, tmp_path: Path) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("node is not installed (`make test` as root installs it), so its syntax was not checked by it")
        file = render(self.name, POLICIES[title]).files[0]
        path = tmp_path / file.name
        path.write_text(file.text)
        done = subprocess.run([node, "--check", path], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, done.stderr
