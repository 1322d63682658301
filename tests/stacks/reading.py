"""What every reader of a configuration keeps to: its tests are these, with its name.

class TestReading(ReadContract):
    name = "express"
"""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stacks.policies import POLICIES

from crossorigin.policy import Policy
from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.stacks import Site, get_stack

__all__ = ["ReadContract", "only", "outcome", "read", "said"]


def read(name: str, text: str) -> Migration:
    """What the reader of a stack makes of a text."""
    reader = get_stack(name).read
    assert reader is not None
    return reader(text)


def only(migration: Migration) -> dict[str, object]:
    """The settings of the one policy."""
    assert list(migration.policies) == ["policy"]
    return dict(migration.policies["policy"])


def said(migration: Migration) -> list[str]:
    """Every finding as it is printed."""
    return [str(finding) for finding in migration.findings]


def outcome(name: str, text: str) -> tuple[str, str]:
    """Why a text is refused, or the file that it comes to."""
    try:
        return "", read(name, text).to_toml()
    except MigrationError as error:
        return str(error), ""


class ReadContract:
    name: ClassVar[str]
    style: ClassVar[str] = ""
    file: ClassVar[int] = 0
    """Which of the rendered files is read back."""
    lost: ClassVar[dict[str, dict[str, object]]] = {}
    """For a policy: the settings that its rendering cannot say, and what comes back in their place."""
    named: ClassVar[dict[str, str]] = {}
    """For a policy: what is said of it although it is our own; a piece of the one finding."""
    unspeakable: ClassVar[dict[str, str]] = {}
    """Policies of which the stack can say nothing, or hands the work to code: what is said then."""

    @pytest.mark.parametrize("title", POLICIES)
    def test_what_was_rendered_comes_back(self, title: str) -> None:
        stack = get_stack(self.name)
        assert stack.render is not None
        text = stack.render(POLICIES[title], Site(style=self.style)).files[self.file].text
        if title in self.unspeakable:
            with pytest.raises(MigrationError, match=self.unspeakable[title]):
                read(self.name, text)
            return
        migration = read(self.name, text)
        findings = said(migration)
        wanted = dict(POLICIES[title].to_dict())
        if POLICIES[title].dangerously_allow_null_origin:
            # Whoever wants it has to say so again, in full knowledge.
            wanted["allow_origins"] = [each for each in POLICIES[title].allow_origins if each != "null"]
            del wanted["dangerously_allow_null_origin"]
            assert "`null` is left out" in findings.pop(0)
        if title in self.named:
            assert self.named[title] in findings.pop(0)
        assert findings == []
        assert Policy(**only(migration)).to_dict() == Policy(**{**wanted, **self.lost.get(title, {})}).to_dict()  # type: ignore[arg-type]

    @settings(suppress_health_check=list(HealthCheck))
    @given(st.text(st.sampled_from("{}[]()<>\"'`\\/#@$%*,:; \n\tacorsHeader-Allow.=!|&^0")))
    def test_anything_is_read_or_refused_in_one_line(self, text: str) -> None:
        refused, toml = outcome(self.name, text)
        assert "\n" not in refused
        assert toml.isascii()

    @pytest.mark.parametrize("text", ["", "\0", "{", "}" * 50, "[" * 5000, "(" * 5000, '"', "<" * 200, "{\n" * 3000])
    def test_malformed(self, text: str) -> None:
        with pytest.raises(MigrationError) as raised:
            read(self.name, text)
        assert "\n" not in str(raised.value)
