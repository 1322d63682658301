"""`crossorigin policy render`: what goes where, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.policy import load_policy
from crossorigin.stacks import NAMES, Site, get_stack

from .conftest import call

APP = "https://app.example.com"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def policy(more: str = "") -> str:
    Path("crossorigin.toml").write_text(f'[policy]\nallow_origins = ["{APP}"]\n{more}', encoding="utf-8")
    return "crossorigin.toml"


def test_the_configuration_alone_is_on_standard_output() -> None:
    file = policy()
    ended = call("policy", "render", "nginx", file)
    render = get_stack("nginx").render
    assert render is not None
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == render(load_policy(file), Site()).files[0].text


def test_upstream_and_port_are_in_it() -> None:
    ended = call("policy", "render", "nginx", policy(), "--upstream", "http://app:9000", "--port", "8181")
    assert "proxy_pass http://app:9000;" in ended.out
    assert "listen 8181;" in ended.out


def test_limits_are_on_standard_error_and_in_the_text() -> None:
    ended = call("policy", "render", "caddy", policy("debug = true\n"))
    assert ended.status == 0
    assert ended.err.startswith("limit: debug: Caddy answers a denied preflight with 403")
    assert "# LIMIT: debug: Caddy answers" in ended.out


def test_several_files_have_titles_between_them() -> None:
    ended = call("policy", "render", "lighttpd", policy())
    assert ended.out.startswith("==> lighttpd.conf <==\n# CORS, rendered")
    assert "\n\n==> cors.lua <==\n-- CORS, rendered" in ended.out


def test_files_are_written_to_a_directory() -> None:
    ended = call("policy", "render", "lighttpd", policy(), "-o", "out/there")
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert sorted(path.name for path in Path("out/there").iterdir()) == ["cors.lua", "lighttpd.conf"]


def test_list() -> None:
    ended = call("policy", "render", "--list")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[0].split() == ["stack", "title", "can", "verified", "by", "running"]
    assert [line.split()[0] for line in lines[1:]] == list(NAMES)
    assert lines[1].split() == ["nginx", "nginx", "render,", "read,", "recognise", "1.22.1"]


def test_one_of_several_policies() -> None:
    Path("two.toml").write_text(
        '[policies.a]\nallow_origins = ["https://a.example"]\n[policies.b]\nallow_origins = ["https://b.example"]\n'
    )
    ended = call("policy", "render", "nginx", "two.toml", "--policy", "b")
    assert r"https://b\.example" in ended.out
    assert r"https://a\.example" not in ended.out
    ended = call("policy", "render", "nginx", "two.toml")
    assert (ended.status, ended.out) == (2, "")
    assert "has several policies" in ended.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["ngnix", "FILE"], "render: 'ngnix' is no stack; did you mean nginx?"),
        (["nginx"], "render: say which STACK and which FILE, or --list"),
        (["nginx", "absent.toml"], "render: absent.toml cannot be read"),
        (["nginx", "FILE", "--upstream", "app"], "render: 'app' is no upstream: give http://HOST:PORT"),
        (["nginx", "FILE", "--port", "0"], "render: 0 is no port"),
        (["nginx", "FILE", "--port", "x"], "--port"),
        (["nginx", "FILE", "--style", "odd"], "render: --style: 'odd' is no way to write nginx; it has one way only"),
    ],
)
def test_wrong_usage_is_one_line_and_2(argv: list[str], said: str) -> None:
    file = policy()
    ended = call("policy", "render", *(file if word == "FILE" else word for word in argv))
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_an_unsound_policy_is_shown_as_check_does_and_1() -> None:
    file = policy("max_age = -1\n")
    ended = call("policy", "render", "nginx", file)
    assert ended.status == 1
    assert ended.out == call("policy", "check", file).out
    assert "P501" in ended.out
