"""Apache: the contract on the real server, and its classic traps."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stacks.contract import Contract, prove, render
from tests.stacks.policies import APP, POLICIES
from tests.stacks.servers import ask, serving

from crossorigin.policy import Policy


class TestContract(Contract):
    name = "apache"
    files = (r'ProxyPass "/" .*\n', "DocumentRoot @DIR@\n<Directory @DIR@>\nRequire all granted\n</Directory>\n")


def text_of(policy: Policy) -> str:
    return render("apache", policy).files[0].text


class TestTraps:
    def test_every_header_of_ours_is_always(self) -> None:
        for line in text_of(POLICIES["everything at once"]).splitlines():
            words = line.split()
            if words[:1] == ["Header"] and words[1] != "unset":
                assert words[1] == "always"

    def test_the_backends_headers_go_from_both_tables(self) -> None:
        text = text_of(POLICIES["one origin"])
        assert "    Header unset Access-Control-Allow-Origin\n" in text
        assert "    Header always unset Access-Control-Allow-Origin\n" in text

    def test_the_origin_is_compared_by_case_and_anchored(self) -> None:
        text = text_of(POLICIES["one origin"])
        assert r'    SetEnvIf Origin "^https://app\.example\.com$" CORS_ORIGIN=$0' in text
        assert "SetEnvIfNoCase Origin" not in text

    @pytest.mark.parametrize(
        ("what", "before", "after"),
        [
            (
                "always",
                "Header always set Access-Control-Allow-Origin",
                "Header onsuccess set Access-Control-Allow-Origin",
            ),
            ("the dot", r"app\.example", "app.example"),
            ("the backend's headers", "Header unset Access-Control-Allow-Origin", "# gone"),
            ("Vary", 'Header always merge Vary "Origin"', ""),
            ("the preflights", "RewriteEngine On", "RewriteEngine Off"),
        ],
    )
    def test_without_it_the_proof_fails(self, what: str, before: str, after: str, tmp_path: Path, backend: int) -> None:
        def spoil(text: str) -> str:
            assert before in text
            return text.replace(before, after)

        policy = POLICIES["everything at once"]
        with serving("apache", policy, tmp_path, backend, spoil) as url:
            assert prove(url, policy).differences

    def test_what_is_sent_back_is_what_matched(self, tmp_path: Path, backend: int) -> None:
        # `$0`, so that even an expression that somebody has shortened repeats no origin of somebody else's.
        def spoil(text: str) -> str:
            return text.replace(r"example\.com$", r"example\.com")

        with serving("apache", POLICIES["one origin"], tmp_path, backend, spoil) as url:
            _, headers, _ = ask(url, headers={"Origin": f"{APP}.evil.test"})
        assert ("access-control-allow-origin", APP) in [(name.lower(), value) for name, value in headers]

    def test_an_error_document_keeps_the_headers(self, tmp_path: Path, backend: int) -> None:
        # Apache answers with an internal redirect, in which every variable is renamed to REDIRECT_….
        def with_pages(text: str) -> str:
            pages = "ProxyErrorOverride On\nErrorDocument 404 /page\nErrorDocument 403 /page\nErrorDocument 502 /page\n"
            return text.replace("    ProxyPreserveHost", f"{pages}    ProxyPreserveHost")

        policy = POLICIES["everything at once"]
        with serving("apache", policy, tmp_path, backend, with_pages) as url:
            status, headers, body = ask(url, path="/missing", headers={"Origin": APP})
            assert (status, body) == (404, b"hellohellohello")
            assert ("access-control-allow-origin", APP) in [(name.lower(), value) for name, value in headers]
            assert [str(difference) for difference in prove(url, policy).differences] == []


def test_a_percent_sign_in_a_name_is_no_format(tmp_path: Path, backend: int) -> None:
    with serving("apache", POLICIES["strange names"], tmp_path, backend) as url:
        _, headers, _ = ask(url, headers={"Origin": APP})
    exposed = [value for name, value in headers if name.lower() == "access-control-expose-headers"]
    assert exposed == ["x-$host,x-%d,x-'`#"]
