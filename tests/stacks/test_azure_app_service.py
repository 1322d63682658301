"""Azure App Service: the contract of what was not run, and what it has no settings for."""

from __future__ import annotations

import re
from typing import ClassVar

from tests.stacks.contract import render
from tests.stacks.paper_models import KINDS, never_lets_in_more
from tests.stacks.policies import APP, POLICIES
from tests.stacks.service_contract import ServiceContract

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(ServiceContract):
    name = "azure-app-service"
    wordless: ClassVar[set[str]] = {"allow_methods: *", "allow_headers: *", "allow_headers: authorization"}


def settings(policy: Policy) -> tuple[list[str], str]:
    found = re.search(
        r"cors: \{\n\s+allowedOrigins: \[((?:\s+'[^'\n]*')*)\s*\]\n\s+supportCredentials: (\w+)\n",
        render("azure-app-service", policy).files[0].text,
    )
    assert found
    return re.findall(r"'([^']*)'", found[1]), found[2]


def test_settings() -> None:
    assert settings(POLICIES["credentials"]) == ([APP], "true")
    assert settings(POLICIES["any origin"]) == (["*"], "false")
    assert settings(Policy(allow_origins=["https://*.example.com"])) == ([], "false")


def test_origins_are_the_exact_ones() -> None:
    origins, _ = settings(KINDS)
    assert origins == ["http://[::1]:3000", "https://example.com"]
    never_lets_in_more(origins.__contains__, KINDS)


def test_that_it_allows_more_than_the_policy_is_said() -> None:
    def says(title: str) -> bool:
        limits = render("azure-app-service", POLICIES[title]).limits
        return any(limit.startswith("allow_methods and allow_headers: ") for limit in limits)

    assert says("one origin")
    assert says("everything at once")
    assert not says("all methods for one")


def test_recognised_by_a_cookie_whose_value_is_not_told() -> None:
    cookie = b"ARRAffinitySameSite=0123456789abcdef;Path=/;HttpOnly;SameSite=None;Secure"
    found = recognise(Evidence(status=200, headers=((b"Set-Cookie", b"a=1"), (b"Set-Cookie", cookie))))
    assert [(stack.name, seen.confidence, seen.because) for stack, seen in found] == [
        ("azure-app-service", 0.9, ("Set-Cookie: ARRAffinity",))
    ]
    assert recognise(Evidence(status=200, headers=((b"Set-Cookie", b"ARRAffinities=1"),))) == []
