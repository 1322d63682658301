"""The questions of `policy verify`."""

from __future__ import annotations

from hypothesis import given
from tests.policy.strategies import policies

from crossorigin.doctor.probes import origins_near, probes_of
from crossorigin.policy import Policy
from crossorigin.web.origins import parse_origin

APP = "https://app.example.com"


def test_near_misses_of_an_exact_origin() -> None:
    near = dict(origins_near(Policy(allow_origins=[APP])))
    assert {
        APP,
        "https://app.example.com.evil.test",
        "https://app.example.comevil.test",
        "https://evilapp.example.com",
        "https://evil-app.example.com",
        "https://x.app.example.com",
        "https://appxexample.com",
        "https://app-example.com",
        "https://app.examplexcom",
        "https://example.com",
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://evil.test",
        "null",
    } <= set(near)


def test_examples_and_near_misses_of_a_pattern() -> None:
    policy = Policy(allow_origins=["https://*.example.com:*"])
    near = dict(origins_near(policy))
    allowed = {origin for origin in near if policy.compiled.allows(origin.encode())}
    assert {"https://app.example.com", "https://a.b-1.example.com:3000", "https://app.example.com:65535"} <= allowed
    assert {"https://example.com", "https://evilexample.com", "https://app.example.com.evil.test"} <= set(
        near
    ) - allowed


def test_methods_and_headers_that_are_allowed_and_that_are_not() -> None:
    policy = Policy(allow_origins=[APP], allow_methods=["PUT"], allow_headers=["x-token"], allow_credentials=True)
    probes = probes_of(policy)
    assert {"PUT", "PATCH", "patch", "DELETE", "PURGE", "GET", "POST"} <= {probe.method for probe in probes}
    assert {("x-token",), ("authorization",), ("x-token", "x-crossorigin-verify")} <= {
        probe.headers for probe in probes
    }
    assert {True, False} == {probe.credentials for probe in probes}


def test_every_url_is_asked_with_an_origin_and_without() -> None:
    probes = probes_of(Policy(allow_origins=[APP]), 3)
    for path in range(3):
        assert {None, APP, "https://evil.test"} <= {probe.origin for probe in probes if probe.path == path}


@given(policies())
def test_every_policy_has_probes_each_once_with_allowed_and_denied_origins(policy: Policy) -> None:
    probes = probes_of(policy)
    assert len({(each.origin, each.method, each.headers, each.credentials, each.path) for each in probes}) == len(
        probes
    )
    origins = {probe.origin for probe in probes if probe.origin is not None}
    for origin in origins:
        assert parse_origin(origin).serialize() == origin
    verdicts = {policy.compiled.allows(origin.encode()) for origin in origins}
    assert verdicts == ({True} if policy.allow_origins == ("*",) else {True, False})


def test_thousands_of_origins_are_no_thousands_of_probes() -> None:
    policy = Policy(allow_origins=[f"https://app{number}.example.com" for number in range(5000)])
    assert len(probes_of(policy)) < 2500
