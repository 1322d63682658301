"""HAProxy: the contract on the real server, and its classic traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import check, serving

from crossorigin.policy import Policy


class TestContract(Contract):
    name = "haproxy"
    silent_on_preflights = True


class TestTraps:
    def test_headers_are_said_after_the_response_so_that_errors_and_preflights_have_them(self) -> None:
        text = render("haproxy", POLICIES["everything at once"]).files[0].text
        assert "http-after-response set-header Access-Control-Allow-Origin" in text
        assert "http-response set-header" not in text

    def test_the_origin_is_taken_whole(self) -> None:
        # `hdr` would split `https://app.example.com, https://evil.test` at the comma, and match.
        text = render("haproxy", POLICIES["everything at once"]).files[0].text
        assert "req.fhdr(Origin)" in text
        assert "req.hdr" not in text

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            (
                "errors",
                "http-after-response set-header Access-Control-Allow-Origin",
                "http-response set-header Access-Control-Allow-Origin",
            ),
            ("the backend's headers", "http-response del-header Access-Control-Allow-Credentials", "# gone"),
            ("Vary", "http-after-response add-header Vary Origin", ""),
            ("the end", r"example\.org$", r"example\.org"),
            ("a prefix", "acl cors_origin req.fhdr(Origin) -m str", "acl cors_origin req.fhdr(Origin) -m beg"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        def spoil(text: str) -> str:
            assert before in text
            return text.replace(before, after)

        # The backend allows credentials to everybody: without them it shows when its header is left.
        title = "list" if what == "the backend's headers" else "everything at once"
        policy = Policy(allow_origins=[APP]) if title == "list" else POLICIES[title]
        with serving("haproxy", policy, tmp_path, backend, spoil) as url:
            assert prove(url, policy).differences

    def test_more_origins_than_a_line_has_words(self, tmp_path: Path) -> None:
        policy = Policy(allow_origins=[f"https://app{number}.example.com" for number in range(300)])
        sound, said = check("haproxy", tmp_path, render("haproxy", policy).files)
        assert sound, said
