"""Configurations of Apache as people write them, read back."""

from __future__ import annotations

import pytest
from tests.stacks.reading import ReadContract, only, read, said


class TestReading(ReadContract):
    name = "apache"


READ: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "everybody, of every tutorial": (
        '<IfModule mod_headers.c>\n  Header set Access-Control-Allow-Origin "*"\n</IfModule>',
        {"allow_origins": ["*"]},
        [],
    ),
    "the usual headers, and preflights by rewriting": (
        """
        Header always set Access-Control-Allow-Origin "https://app.example.com"
        Header always set Access-Control-Allow-Methods "POST, GET, OPTIONS, DELETE, PUT"
        Header always set Access-Control-Max-Age "1000"
        Header always set Access-Control-Allow-Headers "X-Requested-With, Content-Type, Accept"
        Header always set Access-Control-Allow-Credentials: "true"
        RewriteEngine On
        RewriteCond %{REQUEST_METHOD} OPTIONS
        RewriteRule ^(.*)$ $1 [R=200,L]
        """,
        {
            "allow_origins": ["https://app.example.com"],
            "allow_methods": ["OPTIONS", "DELETE", "PUT"],
            "allow_headers": ["x-requested-with", "content-type"],
            "allow_credentials": True,
            "max_age": 1000,
            "preflight_status": 200,
        },
        [],
    ),
    "several domains, the answer that is copied most": (
        r"""
        <FilesMatch "\.(ttf|otf|eot|woff)$">
          <IfModule mod_headers.c>
            SetEnvIf Origin "http(s)?://(www\.)?(google.com|staging.google.com)$" AccessControlAllowOrigin=$0
            Header add Access-Control-Allow-Origin %{AccessControlAllowOrigin}e env=AccessControlAllowOrigin
            Header merge Vary Origin
          </IfModule>
        </FilesMatch>
        """,
        {
            "allow_origins": [
                f"{scheme}://{www}{host}"
                for scheme in ("https", "http")
                for www in ("www.", "")
                for host in ("google.com", "staging.google.com")
            ]
        },
        ["matched more. See that it is what was meant. It allowed, for one: https://www.googlexcom"],
    ),
    "subdomains": (
        r"""
        SetEnvIf Origin "^(.*\.example\.com)$" ORIGIN_SUB_DOMAIN=$1
        Header set Access-Control-Allow-Origin "%{ORIGIN_SUB_DOMAIN}e" env=ORIGIN_SUB_DOMAIN
        """,
        {"allow_origins": ["https://*.example.com"]},
        ["is taken for https://*.example.com"],
    ),
    "everybody, with credentials": (
        """
        SetEnvIf Origin ^(.*)$ ORIGIN=$0
        Header always set Access-Control-Allow-Origin %{ORIGIN}e env=ORIGIN
        Header always set Access-Control-Allow-Credentials true
        """,
        {"allow_origins": [], "allow_credentials": True},
        ["Every origin is reflected, with credentials", "P101"],
    ),
    "everybody, by rewriting": (
        """
        RewriteCond %{HTTP:Origin} (.+)
        RewriteRule . - [E=ORIGIN:%1]
        Header set Access-Control-Allow-Origin %{ORIGIN}e env=ORIGIN
        """,
        {"allow_origins": ["*"]},
        ["without credentials that is `*`"],
    ),
    "conditions": (
        r"""
        <If "%{HTTP:Origin} =~ m#^https://(a|b)\.example\.com$#">
          Header always set Access-Control-Allow-Origin "expr=%{req:Origin}"
          Header always set Access-Control-Allow-Credentials true
        </If>
        <Limit OPTIONS>
          Header always set Access-Control-Max-Age 60
        </Limit>
        <If "%{HTTP:Host} == 'x'">
          Header always set Access-Control-Allow-Headers x-a
        </If>
        """,
        {
            "allow_origins": ["https://a.example.com", "https://b.example.com"],
            "allow_credentials": True,
            "max_age": 60,
        },
        ["<if> %{HTTP:Host} == 'x': not read"],
    ),
    "one origin or the other": (
        """
        Header set Access-Control-Allow-Origin "https://a.example.com"
        Header add Access-Control-Allow-Origin "https://b.example.com"
        """,
        {"allow_origins": ["https://a.example.com", "https://b.example.com"]},
        ["Everybody gets the same one of several values"],
    ),
    "credentials for one of two": (
        """
        SetEnvIf Origin ^https://a$ A=$0
        SetEnvIf Origin ^https://b$ A=$0 B
        Header always set Access-Control-Allow-Origin %{A}e env=A
        Header always set Access-Control-Allow-Credentials true env=B
        """,
        {"allow_origins": ["https://a", "https://b"]},
        ["some of the origins alone"],
    ),
    "both tables": (
        """
        Header set Access-Control-Allow-Origin "*"
        Header always set Access-Control-Allow-Origin "*"
        """,
        {"allow_origins": ["*"]},
        ["It stands in both tables"],
    ),
    "what is not understood": (
        """
        Header always set Access-Control-Allow-Origin "*"
        Header edit Access-Control-Allow-Headers a b
        Header always set Access-Control-Allow-Methods "%{METHODS}e"
        Header always set Access-Control-Max-Age 5 env=!X
        SetEnvIf Origin ^https://b$ !A
        Include conf/cors.conf
        """,
        {"allow_origins": ["*"]},
        ["Header edit", "%{METHODS}e", "Max-Age 5 env=!X", "SetEnvIf Origin", "The file is not read"],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    text, settings, findings = READ[title]
    migration = read("apache", text)
    assert only(migration) == settings
    assert len(said(migration)) == len(findings)
    for each, wanted in zip(sorted(said(migration)), sorted(findings), strict=True):
        assert any(piece in each for piece in findings)
        assert any(wanted in line for line in said(migration))


def test_sections_are_policies_of_their_own() -> None:
    moved = read(
        "apache",
        """
        <VirtualHost *:443>
          ServerName api.example.com
          Header always set Access-Control-Allow-Credentials true
          Header always set Access-Control-Allow-Origin https://a.example.com
          <Location "/public">
            Header always set Access-Control-Allow-Origin "*"
          </Location>
        </VirtualHost>
        """,
    )
    assert moved.policies["api-example-com"] == {
        "allow_origins": ["https://a.example.com"],
        "allow_credentials": True,
    }
    assert moved.policies["location-public"] == {"allow_origins": ["*"]}
