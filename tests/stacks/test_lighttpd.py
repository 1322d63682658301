"""lighttpd: the contract on the real server, and its classic traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import POLICIES
from tests.stacks.servers import serving


class TestContract(Contract):
    name = "lighttpd"
    files = (r"proxy\.server = .*", 'server.document-root := "@DIR@"')


class TestTraps:
    def test_the_script_runs_when_a_request_comes_and_when_its_answer_starts(self) -> None:
        # setenv knows no status, and answers a preflight with whatever the backend has for OPTIONS.
        conf, lua = render("lighttpd", POLICIES["one origin"]).files
        assert (conf.name, lua.name) == ("lighttpd.conf", "cors.lua")
        assert "magnet.attract-raw-url-to" in conf.text
        assert "magnet.attract-response-start-to" in conf.text
        assert "setenv" not in conf.text

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            ("Vary", 'local actual_vary = "Origin"', 'local actual_vary = ""'),
            ("the dot", "host:sub(-#ending) == ending", "host:sub(-#ending + 1) == ending:sub(2)"),
            ("the preflight", "magnet.attract-raw-url-to", "#"),
            ("the answer", "magnet.attract-response-start-to", "#"),
            ("the scheme", "text:sub(1, #pattern.scheme) == pattern.scheme", "true"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        policy = POLICIES["everything at once"]
        assert any(before in file.text for file in render("lighttpd", policy).files)
        with serving("lighttpd", policy, tmp_path, backend, lambda text: text.replace(before, after)) as url:
            assert prove(url, policy).differences
