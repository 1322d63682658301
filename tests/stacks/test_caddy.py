"""Caddy: the contract on the real server, and its classic traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(Contract):
    name = "caddy"
    files = (r"reverse_proxy [^{]+\{[^}]*\}", "root * @DIR@\n\tfile_server")


class TestTraps:
    def test_directives_stand_in_a_route_which_keeps_their_order(self) -> None:
        text = render("caddy", POLICIES["everything at once"]).files[0].text
        route = text[text.index("\troute {") :]
        order = ["handle @cors_granted", "handle @cors_preflight", 'header +Vary "Origin"', "reverse_proxy"]
        places = [route.index(each) for each in order]
        assert places == sorted(places)

    def test_vary_is_added_to_and_not_set(self) -> None:
        text = render("caddy", POLICIES["one origin"]).files[0].text
        assert "header +Vary" in text
        assert "header Vary" not in text

    def test_the_expression_is_anchored_and_every_dot_escaped(self) -> None:
        text = render("caddy", POLICIES["one origin"]).files[0].text
        assert r'header_regexp Origin "^(?:https://app\.example\.com)$"' in text

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            ("the end", r'example\.com)$"', r'example\.com)"'),
            ("the dot", r"app\.example", "app.example"),
            ("the backend's headers", "header_down -Access-Control-Allow-Origin", ""),
            ("Vary", 'header +Vary "Origin"', ""),
            ("the preflights", "handle @cors_granted", "handle /nowhere"),
            ("deferred, and so lost on errors of its own", 'header +Vary "Origin"', "header >Vary Origin"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        def spoil(text: str) -> str:
            assert before in text
            return text.replace(before, after)

        policy = POLICIES["everything at once"]
        with serving("caddy", policy, tmp_path, backend, spoil) as url:
            assert prove(url, policy).differences
