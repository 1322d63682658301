"""Configurations of HAProxy as people write them, read back."""

from __future__ import annotations

import pytest
from tests.stacks.reading import ReadContract, only, read, said


class TestReading(ReadContract):
    name = "haproxy"


READ: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "everybody": (
        'frontend a\n  http-response set-header Access-Control-Allow-Origin "*"\n',
        {"allow_origins": ["*"]},
        [],
    ),
    "the answer that is copied most": (
        r"""
        frontend http-in
            capture request header origin len 128
            acl from_a capture.req.hdr(0) -m reg ^https?://(?:www\.)?example\.com$
            http-response add-header Access-Control-Allow-Origin %[capture.req.hdr(0)] if from_a
            rspadd Access-Control-Allow-Headers:\ Origin,\ X-Requested-With,\ Content-Type  if from_a
            http-response set-header Access-Control-Max-Age 3628800 if from_a
        """,
        {
            "allow_origins": [f"{scheme}://{www}example.com" for scheme in ("https", "http") for www in ("www.", "")],
            "allow_headers": ["x-requested-with", "content-type"],
            "max_age": 86400,
        },
        # A backslash outside quotes is HAProxy's own: the dots are bare.
        ['"origin": it is left out', "86400 is the most", "matched more"],
    ),
    "everybody, with credentials": (
        """
        frontend a
            http-request set-var(txn.origin) req.hdr(Origin)
            http-response set-header Access-Control-Allow-Origin %[var(txn.origin)] if { var(txn.origin) -m found }
            http-response set-header Access-Control-Allow-Credentials true
        """,
        {"allow_origins": [], "allow_credentials": True},
        ["Every origin is reflected, with credentials", "P101"],
    ),
    "subdomains, and preflights": (
        """
        frontend a
            acl ours hdr_end(Origin) -i .example.com
            http-request return status 200 hdr Access-Control-Allow-Origin "%[req.hdr(Origin)]" \
hdr Access-Control-Allow-Methods "GET, PUT" if METH_OPTIONS ours
            http-response set-header Access-Control-Allow-Origin "%[req.hdr(Origin)]" if ours
        """,
        {"allow_origins": ["https://*.example.com"], "allow_methods": ["PUT"], "preflight_status": 200},
        ["is taken for https://*.example.com"],
    ),
    "what is not understood": (
        """
        frontend a
            acl listed hdr(origin) -f /etc/haproxy/origins.lst
            http-response set-header Access-Control-Allow-Origin https://a.example.com
            http-response set-header Access-Control-Allow-Credentials true if listed
            http-response set-header Access-Control-Max-Age 5 unless { method POST }
            http-response set-header Access-Control-Allow-Methods %[var(txn.m)]
            http-request lua.cors "GET" "https://b.example.com"
            http-response replace-header Access-Control-Allow-Headers a b
            http-response del-header Access-Control-Expose-Headers
        """,
        {"allow_origins": ["https://a.example.com"]},
        ["Credentials true if listed", "unless", "%[var(txn.m)]", "lua.cors", "replace-header"],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    text, settings, findings = READ[title]
    migration = read("haproxy", text)
    assert only(migration) == settings
    assert len(said(migration)) == len(findings)
    for wanted in findings:
        assert any(wanted in each for each in said(migration))


def test_sections_are_policies_of_their_own() -> None:
    text = """
    frontend web
        http-response set-header Access-Control-Allow-Origin https://a.example.com
    backend open
        http-response set-header Access-Control-Allow-Origin *
    backend other
        http-response set-header Access-Control-Max-Age 5
    """
    moved = read("haproxy", text)
    assert moved.policies == {
        "frontend-web": {"allow_origins": ["https://a.example.com"]},
        "backend-open": {"allow_origins": ["*"]},
    }
    assert len(moved.findings) == 1
    assert "no Access-Control-Allow-Origin stands beside it" in said(moved)[0]
