"""CorsPolicy of Envoy and Istio, read back."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.stacks.reading import ReadContract, only, outcome, read, said


class TestReading(ReadContract):
    name = "envoy"
    lost: ClassVar[dict[str, dict[str, object]]] = {"never cached": {"preflight_status": 204}}


READ: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "Envoy's example": (
        r"""
        virtual_hosts:
        - name: www
          domains: ["*"]
          typed_per_filter_config:
            envoy.filters.http.cors:
              "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
              allow_origin_string_match:
              - safe_regex:
                  regex: \*
              allow_methods: "GET"
              filter_enabled:
                default_value: {numerator: 100}
        """,
        {"allow_origins": []},
        ["is not plain", "P101", "filter_enabled: not read"],
    ),
    "gRPC-Web, of every tutorial": (
        r"""
        cors:
          allow_origin_string_match:
            - prefix: "*"
          allow_methods: GET, PUT, DELETE, POST, OPTIONS
          allow_headers: keep-alive,user-agent,content-type,x-grpc-web,grpc-timeout
          max_age: "1728000"
          expose_headers: grpc-status,grpc-message
        """,
        {
            "allow_origins": [],
            "allow_methods": ["PUT", "DELETE", "OPTIONS"],
            "allow_headers": ["user-agent", "content-type", "x-grpc-web", "grpc-timeout"],
            "expose_headers": ["grpc-status", "grpc-message"],
            "max_age": 86400,
        },
        ["is not plain", "P101", "86400 is the most", '"keep-alive": it is left out'],
    ),
    "everybody with credentials": (
        """{"allowOriginStringMatch": [{"exact": "*"}], "allowCredentials": true}""",
        {"allow_origins": [], "allow_credentials": True},
        ["Every origin is reflected, with credentials", "P101"],
    ),
    "everybody, by an expression": (
        "allow_origin_string_match: [{safe_regex: {regex: '.*'}}]",
        {"allow_origins": ["*"]},
        ["without credentials that is `*`"],
    ),
    "Istio": (
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        spec:
          http:
          - corsPolicy:
              allowOrigins:
              - exact: https://example.com
              - suffix: .example.org
              allowMethods: [POST, PUT]
              allowCredentials: false
              allowHeaders: [X-Foo-Bar]
              maxAge: 24h
        """,
        {
            "allow_origins": ["https://example.com", "https://*.example.org"],
            "allow_methods": ["PUT"],
            "allow_headers": ["x-foo-bar"],
            "max_age": 86400,
        },
        ["is taken for https://*.example.org"],
    ),
    "what is not understood": (
        "allow_origin_string_match:\n- exact: https://a.com\n- custom: {}\n- 5\nmax_age: soon\nallow_credentials: 1",
        {"allow_origins": ["https://a.com"]},
        ["custom", "5: not read", "max_age: soon: not read", "allow_credentials: 1: not read"],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    text, settings, findings = READ[title]
    migration = read("envoy", text)
    assert only(migration) == settings
    assert len(said(migration)) == len(findings)
    for wanted in findings:
        assert any(wanted in each for each in said(migration))


def test_hosts_are_policies_of_their_own() -> None:
    text = """
    - name: one
      cors: {allow_origin_string_match: [exact: "https://a.com"]}
    - name: two
      cors: {allow_origin_string_match: [exact: "https://b.com"]}
    """
    assert {name: each["allow_origins"] for name, each in read("envoy", text).policies.items()} == {
        "one": ["https://a.com"],
        "two": ["https://b.com"],
    }


def test_no_policy() -> None:
    assert outcome("envoy", "static_resources: {}")[0].startswith("there is no CorsPolicy in it")
