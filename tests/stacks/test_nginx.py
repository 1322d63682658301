"""nginx: the contract on the real server, and its classic traps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from tests.policy.strategies import policies
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import ask, serving

from crossorigin.policy import Policy
from crossorigin.stacks.nginx_read import read_back


class TestContract(Contract):
    name = "nginx"
    files = (r"proxy_pass [^;]+;", "root @DIR@;")


def text_of(policy: Policy) -> str:
    return render("nginx", policy).files[0].text


class TestTraps:
    def test_every_add_header_stands_at_server_level(self) -> None:
        # One in a location or an `if` would drop all those above it.
        text = text_of(POLICIES["everything at once"])
        assert re.findall(r"^(\s*)add_header", text, re.MULTILINE) == ["    "] * 7
        assert not re.search(r"(?:if|location)[^{]*\{[^}]*add_header", text)

    def test_every_add_header_has_always(self) -> None:
        for line in text_of(POLICIES["everything at once"]).splitlines():
            if line.lstrip().startswith("add_header"):
                assert line.endswith(" always;")

    def test_origins_are_expressions_because_a_map_compares_strings_in_any_case(self) -> None:
        text = text_of(POLICIES["one origin"])
        assert r'"~^https://app\.example\.com$" $http_origin;' in text
        assert '"https://app.example.com"' not in text.split("\n\n", 1)[1]

    def test_case_counts(self, tmp_path: Path, backend: int) -> None:
        with serving("nginx", POLICIES["one origin"], tmp_path, backend) as url:
            for origin in ("HTTPS://app.example.com", "https://APP.example.com"):
                _, headers, _ = ask(url, headers={"Origin": origin})
                assert "access-control-allow-origin" not in [name.lower() for name, _ in headers]

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            ("always", " always;", ";"),
            ("the dot", r"app\.example", "app.example"),
            ("the end", r"example\.com$", r"example\.com"),
            ("the backend's headers", "proxy_hide_header Access-Control-Allow-Origin;", ""),
            ("Vary", "add_header Vary $cors_vary always;", ""),
            ("the preflight", "if ($cors_preflight = allowed) { return 204; }", ""),
            ("a location's own header", "proxy_pass", "add_header X-Own 1; proxy_pass"),
            ("max-age", "allowed 600;", "allowed 601;"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        def spoil(text: str) -> str:
            assert before in text
            return text.replace(before, after)

        policy = POLICIES["everything at once"]
        with serving("nginx", policy, tmp_path, backend, spoil) as url:
            assert prove(url, policy).differences


@given(policies())
def test_what_is_rendered_is_read_back(policy: Policy) -> None:
    back = read_back(text_of(policy))
    assert back.unread == ()
    settings = {
        **back.settings,
        **{
            name: value for name, value in policy.to_dict().items() if name.startswith("dangerously") or name == "debug"
        },
    }
    # A method that needs no leave says nothing, and is not read back.
    methods = [method for method in policy.allow_methods if method not in {"GET", "HEAD", "POST"}]
    expected = {**policy.to_dict(), "allow_methods": methods}
    assert Policy(**settings) == Policy(**expected)  # type: ignore[arg-type]


def test_a_dollar_in_a_name_is_no_variable(tmp_path: Path, backend: int) -> None:
    with serving("nginx", POLICIES["strange names"], tmp_path, backend) as url:
        _, headers, _ = ask(url, headers={"Origin": APP})
    exposed = [value for name, value in headers if name.lower() == "access-control-expose-headers"]
    assert exposed == ["x-$host,x-%d,x-'`#"]
