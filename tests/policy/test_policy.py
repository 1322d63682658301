"""`Policy` as a value: frozen, hashable, normalised, copied and pickled; and what it is a door to."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import given

import crossorigin
import crossorigin.policy
from crossorigin.policy import Policy, PolicyError
from crossorigin.policy.fields import BOOLEANS, DEFAULTS, FIELDS, LISTS, NUMBERS

from .strategies import policies

APP = "https://app.example.com"
PACKAGE = Path(crossorigin.__file__).parent


def test_lists_are_kept_sorted_once_each_and_headers_in_lower_case() -> None:
    one = Policy(
        allow_origins=["https://b.com", APP, APP], allow_methods=["PUT", "DELETE"], allow_headers=["X-B", "x-a"]
    )
    assert one.allow_origins == (APP, "https://b.com")
    assert one.allow_methods == ("DELETE", "PUT")
    assert one.allow_headers == ("x-a", "x-b")
    other = Policy(allow_origins={APP, "https://b.com"}, allow_methods=("DELETE", "PUT"), allow_headers=["x-B", "X-a"])
    assert one == other
    assert hash(one) == hash(other)
    assert one != dataclasses.replace(one, max_age=5)


class Front(str, Enum):  # noqa: UP042 - the older kind, whose str() is not its text
    """As people keep their origins."""

    APP = APP


def test_members_of_enumerations_are_their_text() -> None:
    policy = Policy(allow_origins=[Front.APP])
    assert policy.allow_origins == (APP,)
    assert type(policy.allow_origins[0]) is str
    assert eval(repr(policy)) == policy


def test_frozen_and_slotted() -> None:
    policy = Policy(allow_origins=[APP])
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.debug = True  # type: ignore[misc]
    assert not hasattr(policy, "__dict__")


def test_keyword_only_and_origins_are_required() -> None:
    with pytest.raises(TypeError, match="allow_origins"):
        Policy()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        Policy([APP])  # type: ignore[call-arg]


def test_misspelt_keywords_are_problems() -> None:
    with pytest.raises(PolicyError, match="P603 alow_methods") as caught:
        Policy(allow_origins=[APP], alow_methods=["PUT"])  # type: ignore[arg-type]
    assert caught.value.problems[0].fix == "allow_methods = …"


def test_the_fields_are_one_list_everywhere() -> None:
    names = tuple(field.name for field in dataclasses.fields(Policy))
    assert names == FIELDS
    parameters = inspect.signature(Policy.__init__).parameters
    assert tuple(parameters)[1:-1] == FIELDS
    defaults = {name: parameter.default for name, parameter in parameters.items() if name in DEFAULTS}
    assert defaults == DEFAULTS
    assert sorted(LISTS + NUMBERS + BOOLEANS) == sorted(FIELDS)
    assert all(f"- `{name}`: " in (Policy.__doc__ or "") for name in FIELDS)


@given(policies())
def test_repr_pickle_copy_and_dict_give_it_back(policy: Policy) -> None:
    assert eval(repr(policy)) == policy
    assert pickle.loads(pickle.dumps(policy)) == policy
    assert copy.deepcopy(policy) == policy
    assert Policy(**policy.to_dict()) == policy  # type: ignore[arg-type]
    assert dataclasses.replace(policy) == policy
    assert Policy.validate(**policy.to_dict()) == []


def test_repr_is_what_a_person_would_type() -> None:
    assert repr(Policy(allow_origins=[APP])) == "Policy(allow_origins=['https://app.example.com'])"


def test_exports_exist_and_are_sorted() -> None:
    names = crossorigin.policy.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    for name in names:
        assert getattr(crossorigin.policy, name)


def _modules(statement: str) -> set[str]:
    code = f"import sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    process = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(PACKAGE.parent)},
    )
    return set(process.stdout.split())


def test_nothing_third_party_is_imported_and_the_suffix_list_only_for_a_wildcard() -> None:
    imported = _modules("import crossorigin.policy")
    roots = {name.partition(".")[0] for name in imported} - {"crossorigin"}
    assert roots <= sys.stdlib_module_names
    assert not {
        name
        for name in imported
        if name.startswith("crossorigin.") and not name.startswith(("crossorigin.policy", "crossorigin.web"))
    }
    # None of what takes long: not even the grammar of origins, before something unusual is written.
    assert not imported & {
        "asyncio",
        "json",
        "tomllib",
        "pathlib",
        "crossorigin.web.origin_grammar",
        "crossorigin.web.origins",
    }
    build = "from crossorigin.policy import Policy; Policy(allow_origins=['%s'])"
    assert "publicsuffixlist" not in _modules(build % "https://example.com")
    assert "publicsuffixlist" not in _modules(build % "http://localhost:*")
    assert "publicsuffixlist" in _modules(build % "https://*.example.com")
