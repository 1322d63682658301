"""Everything that can be wrong with a policy: one case for each code and more, and all of them at once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from crossorigin.policy import Policy, PolicyError
from crossorigin.policy.fields import FIELDS
from crossorigin.policy.problems import PROBLEMS, ProblemCode

from .validate_cases import CASES, SOUND

C = ProblemCode


@pytest.mark.parametrize(
    ("fields", "code", "field", "value", "position", "fix"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_case(
    fields: dict[str, Any], code: ProblemCode, field: str, value: object, position: int | None, fix: str
) -> None:
    problems = Policy.validate(**fields)
    assert [(problem.code, problem.field, problem.value, problem.position) for problem in problems] == [
        (code, field, value, position)
    ]
    assert problems[0].fix == fix or (not fix and not problems[0].fix.startswith('"'))
    if "allow_origins" not in fields:
        return  # then Python itself says so
    with pytest.raises(PolicyError) as caught:
        Policy(**fields)
    assert caught.value.problems == tuple(problems)


@pytest.mark.parametrize(("fields", "code"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_every_fix_that_can_be_pasted_mends(fields: dict[str, Any], code: ProblemCode) -> None:
    problem = Policy.validate(**fields)[0]
    mended = dict(fields)
    if problem.fix.startswith('"'):
        items = list(mended[problem.field])
        if code is ProblemCode.INSECURE_ORIGIN_WITH_CREDENTIALS:
            items = []
        items[problem.index or 0 : (problem.index or 0) + 1] = json.loads(f"[{problem.fix}]")
        mended[problem.field] = items
    elif re.fullmatch(r"\w+ = [^…]+", problem.fix):
        name, _, value = problem.fix.partition(" = ")
        if name != problem.field and code is not ProblemCode.NULL_WITH_CREDENTIALS:
            del mended[problem.field]
        mended[name] = eval(value)
    else:
        assert problem.fix  # advice
        return
    assert code not in {left.code for left in Policy.validate(**mended)}
    if code is not ProblemCode.WRONG_TYPE:
        assert Policy.validate(**mended) == []


@pytest.mark.parametrize("fields", [fields for _, fields in SOUND], ids=[name for name, _ in SOUND])
def test_sound(fields: dict[str, Any]) -> None:
    assert Policy.validate(**fields) == []
    Policy(**fields)


def test_everything_at_once_in_the_order_of_the_fields() -> None:
    problems = Policy.validate(
        allow_origins=["https://a.com/", "*", "null", "https://*.co.uk"],
        allow_methods=["get", "TRACE"],
        allow_headers=["cookie", "x y"],
        expose_headers=["set-cookie", "*"],
        allow_credentials=True,
        max_age=-1,
        preflight_status=500,
        debug="yes",
        allow_origin="x",
    )
    assert [problem.code for problem in problems] == [
        "P104", "P120", "P122", "P121", "P401", "P203", "P202", "P302", "P301", "P305", "P404", "P501", "P503", "P602",
        "P603",
    ]  # fmt: skip
    assert [problem.field for problem in problems] == sorted(
        (problem.field for problem in problems), key=lambda name: FIELDS.index(name) if name in FIELDS else 99
    )
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=["https://a.com/"], max_age=-1, allow_orgins=["x"])  # type: ignore[arg-type]
    assert [problem.code for problem in caught.value.problems] == ["P104", "P501", "P603"]


def test_every_code_has_a_kind_and_a_case() -> None:
    assert list(PROBLEMS) == list(ProblemCode)
    assert all(kind.code is code and kind.title for code, kind in PROBLEMS.items())
    assert len({kind.title for kind in PROBLEMS.values()}) == len(PROBLEMS)
    elsewhere = {C.EMPTY_ORIGIN, C.BAD_HOST, C.BAD_IP, C.BAD_SCHEME, C.TOO_LONG, C.WILDCARD_PLACE}  # test_patterns
    elsewhere |= {C.POLICY_AND_POLICIES, C.ENVIRONMENT_LIST}  # test_load, test_environ
    assert {case[2] for case in CASES} == set(ProblemCode) - elsewhere
