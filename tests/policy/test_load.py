"""Policies from dicts and files: every problem with its line, and files that are none said to be so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crossorigin.policy import PolicyError, check_file, load_policies, load_policy, policy_from_dict
from crossorigin.policy.load import ONLY, PolicyFileError, policies_from_dict

APP = "https://app.example.com"

BAD = """\
# the front ends
[policies.web]
allow_origins = [
  "https://a.com",
  "https://b.com/",   # a slash
  'HTTPS://C.com',
]
"max_age" = -3
allow_method = ["PUT"]

[policies."the api"]
allow_origins = "https://a.com,https://b.com"
allow_credentials = "yes"
allow_headers = ["cookie", "x-ok",
  \"\"\"bad name\"\"\"]
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_policy(tmp_path: Path) -> None:
    path = write(tmp_path, "crossorigin.toml", f'[policy]\nallow_origins = ["{APP}"]\nmax_age = 60\n')
    assert load_policies(path) == {ONLY: policy_from_dict({"allow_origins": [APP], "max_age": 60})}
    assert load_policy(path) == load_policies(path)[ONLY]
    assert load_policy(str(path), "policy").max_age == 60
    assert check_file(path) == []


def test_several_policies_and_the_proxy_beside_them(tmp_path: Path) -> None:
    text = f'[policies.web]\nallow_origins = ["{APP}"]\n[policies.api]\nallow_origins = ["*"]\n[proxy]\nport = 1\n'
    path = write(tmp_path, "crossorigin.toml", text)
    assert list(load_policies(path)) == ["web", "api"]
    assert load_policy(path, "api").allow_origins == ("*",)
    with pytest.raises(LookupError, match="has several policies, one of which has to be named: api, web"):
        load_policy(path)
    with pytest.raises(LookupError, match="has no policy 'app'; it has api, web"):
        load_policy(path, "app")


def test_pyproject_and_json(tmp_path: Path) -> None:
    text = f'[project]\nname = "x"\n[tool.crossorigin.policy]\nallow_origins = ["{APP}/"]\n'
    problems = check_file(write(tmp_path, "pyproject.toml", text))
    assert [(problem.code, problem.place.removeprefix(str(tmp_path))) for problem in problems] == [
        ("P104", "/pyproject.toml:4")
    ]
    document = {"policies": {"web": {"allow_origins": [APP, "null"], "max_age": 1.5}}}
    path = write(tmp_path, "crossorigin.json", json.dumps(document, indent=2))
    assert [
        (problem.code, problem.field, problem.place.removeprefix(str(tmp_path))) for problem in check_file(path)
    ] == [
        ("P122", "web.allow_origins", "/crossorigin.json:6"),
        ("P602", "web.max_age", "/crossorigin.json:8"),
    ]


def test_every_problem_has_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "crossorigin.toml", BAD)
    assert [(problem.code, problem.field, problem.place) for problem in check_file(path)] == [
        ("P104", "web.allow_origins", f"{path}:5"),
        ("P106", "web.allow_origins", f"{path}:6"),
        ("P501", "web.max_age", f"{path}:8"),
        ("P603", "web.allow_method", f"{path}:9"),
        ("P601", "the api.allow_origins", f"{path}:12"),
        ("P302", "the api.allow_headers", f"{path}:14"),
        ("P301", "the api.allow_headers", f"{path}:15"),
        ("P602", "the api.allow_credentials", f"{path}:13"),
    ]
    with pytest.raises(PolicyError) as caught:
        load_policies(path)
    assert f"{path}:5: P104 web.allow_origins" in str(caught.value).replace("\n  ", " ")
    assert "allow_credentials = true" in str(caught.value)


def test_a_missing_setting_points_at_its_table(tmp_path: Path) -> None:
    path = write(tmp_path, "crossorigin.toml", "\n\n[policy]\nmax_age = 5\n")
    assert [(problem.code, problem.place) for problem in check_file(path)] == [("P101", f"{path}:3")]


AROUND: list[tuple[str, str, str, str, int]] = [
    ("a misspelt table", '[polcy]\nallow_origins = ["*"]\n', "P603", "[policy]", 1),
    ("settings without a table", 'allow_origins = ["*"]\n', "P603", "[policy]", 1),
    ("no table", "policy = 3\n", "P602", "[policy]", 1),
    ("no table of policies", "x = 1\n[policies]\nweb = 3\n[policies.a]\nallow_origins=['*']", "P603", "[policy]", 1),
    (
        "both",
        "[policy]\nallow_origins=['*']\n[policies.a]\nallow_origins=['*']",
        "P604",
        "[policies.default] in place of [policy]",
        1,
    ),
]


@pytest.mark.parametrize(
    ("text", "code", "fix", "line"), [case[1:] for case in AROUND], ids=[case[0] for case in AROUND]
)
def test_around_the_policies(tmp_path: Path, text: str, code: str, fix: str, line: int) -> None:
    path = write(tmp_path, "crossorigin.toml", text)
    problem = check_file(path)[0]
    assert (problem.code, problem.fix, problem.place) == (code, fix, f"{path}:{line}")


UNREADABLE = [
    ("not there", "absent.toml", None, "cannot be read: No such file or directory"),
    ("no TOML", "a.toml", b"[policy\n", "is not TOML: "),
    ("no JSON", "a.json", b'{"policy": {\n', "a.json:2 is not JSON: "),
    ("no JSON object", "a.json", b"[]", "is not a JSON object"),
    ("no UTF-8", "a.toml", b"\xff", "is not UTF-8: byte 0 is 0xFF"),
    ("another kind", "a.yaml", b"policy:", "is neither .toml nor .json"),
    ("no policy", "a.toml", b"[proxy]\n", r"has no policy: write a table \[policy\]"),
    ("no policy in a project", "pyproject.toml", b"[project]\n", r"write a table \[tool.crossorigin.policy\]"),
    ("an empty table", "pyproject.toml", b"[tool.crossorigin]\n", r"write a table \[tool.crossorigin.policy\]"),
    ("nested too deep", "a.json", b"[" * 100_000, "is nested too deep"),
    ("too large", "a.toml", b"#" * (4 * 1024 * 1024 + 1), "the most that are read"),
]


@pytest.mark.parametrize(
    ("name", "content", "message"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE]
)
def test_unreadable(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    for read in (check_file, load_policies):
        with pytest.raises(PolicyFileError, match=message):
            read(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="cannot be read: Is a directory"):
        check_file(tmp_path)


def test_dicts() -> None:
    assert policy_from_dict({"allow_origins": ["*"]}).allow_origins == ("*",)
    assert list(policies_from_dict({"policies": {"a": {"allow_origins": ["*"]}}})) == ["a"]
    with pytest.raises(PolicyError, match="P603 allow_orgins") as caught:
        policy_from_dict({"allow_orgins": ["*"], "allow_origins": ["*"]})
    assert caught.value.problems[0].place == ""
    keys: Any = {3: 4, "allow_origins": ["*"]}
    with pytest.raises(PolicyError, match="P603 3"):
        policy_from_dict(keys)
    with pytest.raises(PolicyFileError, match="the mapping has no policy"):
        policies_from_dict({})


def test_byte_order_mark(tmp_path: Path) -> None:
    path = write(tmp_path, "crossorigin.toml", "\ufeff[policy]\nallow_origins = ['*']\n")
    assert load_policy(path).allow_origins == ("*",)
