"""A policy from the environment: one form for lists, and no guess at another."""

from __future__ import annotations

import pytest

from crossorigin.policy import Policy, PolicyError, policy_from_environ

APP = "https://app.example.com"


def test_all_kinds() -> None:
    policy = policy_from_environ(
        {
            "PATH": "/bin",
            "CROSSORIGIN_ALLOW_ORIGINS": f"{APP}\n https://*.example.org  http://[::1]:3000 ",
            "CROSSORIGIN_ALLOW_METHODS": "PUT DELETE",
            "CROSSORIGIN_ALLOW_HEADERS": "",
            "CROSSORIGIN_ALLOW_CREDENTIALS": "True",
            "CROSSORIGIN_MAX_AGE": " 600 ",
            "CROSSORIGIN_DEBUG": "false",
        }
    )
    assert policy == Policy(
        allow_origins=[APP, "https://*.example.org", "http://[::1]:3000"],
        allow_methods=["PUT", "DELETE"],
        allow_credentials=True,
        max_age=600,
    )


def test_variables_of_others_are_left_alone() -> None:
    assert policy_from_environ({"CROSSORIGIN_ALLOW_ORIGINS": "*", "CROSSORIGIN_VECTORS": "/tmp"}).allow_origins == (
        "*",
    )


def test_another_prefix() -> None:
    assert policy_from_environ({"API_ALLOW_ORIGINS": "*", "CROSSORIGIN_X": "1"}, prefix="API_").allow_origins == ("*",)


O = "CROSSORIGIN_ALLOW_ORIGINS"  # noqa: E741 - it stands in every row
CASES = [
    # environment, code, field, place, position, fix
    ({O: "https://a.com,https://b.com"}, "P605", "allow_origins", f"${O}", 13, f"{O}='https://a.com https://b.com'"),
    ({O: '["https://a.com"]'}, "P605", "allow_origins", f"${O}", 0, f"{O}='https://a.com'"),
    ({O: "'https://a.com'"}, "P605", "allow_origins", f"${O}", 0, f"{O}='https://a.com'"),
    ({O: "https://a.com; https://b.com"}, "P605", "allow_origins", f"${O}", 13, f"{O}='https://a.com https://b.com'"),
    ({O: ""}, "P101", "allow_origins", f"${O}", None, f"{O}={APP}"),
    ({}, "P101", "allow_origins", f"${O}", None, f"{O}={APP}"),
    ({O: "https://a.com/"}, "P104", "allow_origins", f"${O}", 13, "https://a.com"),
    ({O: "* https://a.com"}, "P120", "allow_origins", f"${O}", 0, f"{O}=https://a.com"),
    (
        {O: "*", "CROSSORIGIN_ALLOW_HEADERS": "*"},
        "P304",
        "allow_headers",
        "$CROSSORIGIN_ALLOW_HEADERS",
        0,
        "CROSSORIGIN_ALLOW_HEADERS='* authorization'",
    ),
    (
        {O: "*", "CROSSORIGIN_MAX_AGE": "ten"},
        "P602",
        "max_age",
        "$CROSSORIGIN_MAX_AGE",
        None,
        "CROSSORIGIN_MAX_AGE=600",
    ),
    ({O: "*", "CROSSORIGIN_MAX_AGE": "-5"}, "P501", "max_age", "$CROSSORIGIN_MAX_AGE", None, "CROSSORIGIN_MAX_AGE=0"),
    ({O: "*", "CROSSORIGIN_DEBUG": "1"}, "P602", "debug", "$CROSSORIGIN_DEBUG", None, "CROSSORIGIN_DEBUG=true"),
    ({O: "*", "CROSSORIGIN_ALLOW_ORIGIN": "*"}, "P603", "allow_origin", "$CROSSORIGIN_ALLOW_ORIGIN", None, f"{O}=…"),
]


@pytest.mark.parametrize(
    ("environ", "code", "field", "place", "position", "fix"), CASES, ids=[str(case[0]) for case in CASES]
)
def test_problem(environ: dict[str, str], code: str, field: str, place: str, position: int | None, fix: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy_from_environ(environ)
    assert [
        (problem.code, problem.field, problem.place, problem.position, problem.fix) for problem in caught.value.problems
    ] == [(code, field, place, position, fix)]


def test_everything_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        policy_from_environ(
            {O: "https://a.com,https://b.com", "CROSSORIGIN_MAX_AGE": "x", "CROSSORIGIN_ALOW_METHODS": "PUT"}
        )
    assert [problem.code for problem in caught.value.problems] == ["P605", "P603", "P602"]
