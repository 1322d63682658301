"""Configurations of lighttpd as people write them, read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stacks.contract import render
from tests.stacks.policies import POLICIES
from tests.stacks.reading import only, outcome, read, said


@pytest.mark.parametrize("title", POLICIES)
def test_a_script_is_not_run(title: str) -> None:
    """What is rendered for lighttpd decides in Lua, which is named."""
    files = {file.language: file.text for file in render("lighttpd", POLICIES[title]).files}
    del files["lua"]
    (text,) = files.values()
    assert "A script decides" in outcome("lighttpd", text)[0]


READ: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "everybody": (
        'server.modules += ( "mod_setenv" )\nsetenv.add-response-header = ( "Access-Control-Allow-Origin" => "*" )',
        {"allow_origins": ["*"]},
        [],
    ),
    "a list, and a variable": (
        """
        var.app = "https://app.example.com"
        setenv.set-response-header += (
            "Access-Control-Allow-Origin" => var.app,
            "Access-Control-Allow-Credentials" => "true",
            "Access-Control-Allow-Methods" => "GET, PUT",
            "X-Frame-Options" => "DENY",
        )
        $HTTP["request-method"] == "OPTIONS" {
            setenv.add-response-header = ( "Access-Control-Max-Age" => "600" )
        }
        """,
        {
            "allow_origins": ["https://app.example.com"],
            "allow_credentials": True,
            "allow_methods": ["PUT"],
            "max_age": 600,
        },
        [],
    ),
    "by origin": (
        r"""
        $REQUEST_HEADER["Origin"] == "https://a.example.com" {
            setenv.add-response-header = ( "Access-Control-Allow-Origin" => "https://a.example.com" )
        }
        else $REQUEST_HEADER["Origin"] == "https://b.example.com" {
            setenv.add-response-header = ( "Access-Control-Allow-Origin" => "https://b.example.com" )
        }
        """,
        {"allow_origins": ["https://a.example.com", "https://b.example.com"]},
        [],
    ),
    "everybody who matches gets one origin": (
        r"""
        $REQUEST_HEADER["Origin"] =~ "\.example\.com$" {
            setenv.add-response-header = ( "Access-Control-Allow-Origin" => "*" )
        }
        """,
        {"allow_origins": ["https://*.example.com"]},
        ["is taken for https://*.example.com"],
    ),
    "what is not understood": (
        """
        setenv.add-response-header = ( "Access-Control-Allow-Origin" => "https://a.example.com" )
        setenv.add-response-header += ( "Access-Control-Allow-Headers" => "x-a" + env.MORE )
        $HTTP["useragent"] =~ "x" {
            setenv.add-response-header = ( "Access-Control-Allow-Credentials" => "true" )
        }
        else {
            setenv.add-response-header = ( "Access-Control-Max-Age" => "5" )
        }
        magnet.attract-raw-url-to = ( "/etc/lighttpd/cors.lua" )
        include "cors.conf"
        """,
        {"allow_origins": ["https://a.example.com"]},
        ["access-control-allow-headers", "useragent", "else", "A script decides", "give its text as well"],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    text, settings, findings = READ[title]
    migration = read("lighttpd", text)
    assert only(migration) == settings
    assert len(said(migration)) == len(findings)
    for wanted in findings:
        assert any(wanted in each for each in said(migration))


def test_paths_are_policies_of_their_own() -> None:
    text = """
    setenv.add-response-header = ( "Access-Control-Allow-Origin" => "https://a.example.com" )
    $HTTP["url"] =~ "^/public/" {
        setenv.add-response-header = ( "Access-Control-Allow-Origin" => "*" )
    }
    """
    assert list(read("lighttpd", text).policies.values()) == [
        {"allow_origins": ["https://a.example.com"]},
        {"allow_origins": ["*"]},
    ]


@given(st.text(st.sampled_from('{}[]()"\\$#=~!:, \nHTTPelse.setenv')))
def test_anything_is_read_or_refused_in_one_line(text: str) -> None:
    assert "\n" not in outcome("lighttpd", text)[0]


@pytest.mark.parametrize("text", ["", "\0", "{", "}" * 50, "(" * 5000, '"', "{\n" * 3000, "else else"])
def test_malformed(text: str) -> None:
    refused, toml = outcome("lighttpd", text)
    assert refused
    assert "\n" not in refused
    assert toml == ""
