"""The JSON Schema for editors: the same settings as the dataclass, and examples on both sides of it."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from crossorigin.policy import Policy
from crossorigin.policy.fields import BOOLEANS, DEFAULTS, FIELDS, LISTS, NUMBERS

from .conftest import DOCUMENT
from .strategies import policies
from .validate_cases import CASES, SOUND

SCHEMA: dict[str, Any] = json.loads((files("crossorigin.policy") / "policy.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
ROOT = Path(__file__).parents[2]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_its_settings_are_those_of_the_policy() -> None:
    properties = SCHEMA["$defs"]["policy"]["properties"]
    assert tuple(properties) == FIELDS
    for name, described in properties.items():
        kind = "array" if name in LISTS else "integer" if name in NUMBERS else "boolean"
        assert described["type"] == kind
        assert described["description"].endswith(".")
        default = DEFAULTS.get(name)
        assert described.get("default") == (list(default) if isinstance(default, tuple) else default)
    assert set(LISTS) | set(NUMBERS) | set(BOOLEANS) == set(properties)
    assert SCHEMA["$defs"]["policy"]["required"] == ["allow_origins"]


@given(policies())
def test_every_sound_policy_is_valid(policy: Policy) -> None:
    VALIDATOR.validate({"policy": policy.to_dict()})
    VALIDATOR.validate({"policies": {"a": policy.to_dict(), "b": policy.to_dict()}})


@pytest.mark.parametrize("fields", DOCUMENT["policies"].values(), ids=DOCUMENT["policies"])
def test_the_policies_of_the_cases_are_valid(fields: dict[str, Any]) -> None:
    VALIDATOR.validate({"policy": fields})


@pytest.mark.parametrize("fields", [fields for _, fields in SOUND], ids=[name for name, _ in SOUND])
def test_sound_settings_are_valid(fields: dict[str, Any]) -> None:
    VALIDATOR.validate(
        {
            "policy": {
                name: list(value) if isinstance(value, (set, frozenset, tuple)) else value
                for name, value in fields.items()
            }
        }
    )


# What only the policy knows: lists of names, the Public Suffix List, what goes with what.
BEYOND = {
    "P106", "P107", "P108", "P110", "P118", "P120", "P121", "P122", "P202", "P203", "P302", "P303", "P304", "P305",
    "P401", "P402", "P403", "P404", "P405", "P406",
}  # fmt: skip


@pytest.mark.parametrize(("fields", "code"), [(case[1], case[2]) for case in CASES], ids=[case[0] for case in CASES])
def test_an_editor_sees_what_needs_no_knowledge(fields: dict[str, Any], code: str) -> None:
    try:
        document = json.loads(json.dumps({"policy": fields}))
    except TypeError:
        return  # nothing that a file could hold
    if code not in BEYOND and fields.get("max_age") != 0.5:
        assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize(
    "document",
    [
        {"polcy": {}},
        {"policy": {"allow_origins": ["*"]}, "policies": {"a": {"allow_origins": ["*"]}}},
        {"policies": {}},
        [],
    ],
)
def test_what_is_around_a_policy(document: Any) -> None:
    assert not VALIDATOR.is_valid(document)


def test_the_examples_of_the_pages_are_valid() -> None:
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```toml\n")[1:]]
    documents = [tomllib.loads(block) for block in blocks if not block.startswith("# pyproject.toml")]
    assert documents
    for document in documents:
        VALIDATOR.validate(document)
