"""Spring: the contract on paper, and what of the framework shaped the class."""

from __future__ import annotations

import re

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise


class TestContract(PaperContract):
    name = "spring"


@pytest.mark.parametrize("title", POLICIES)
def test_what_is_imported_is_used_and_what_is_used_is_imported(title: str) -> None:
    text = render("spring", POLICIES[title]).files[0].text
    imported = re.findall(r"^import [a-z.]+\.([A-Za-z]+);$", text, re.MULTILINE)
    code = re.sub(r'"[^"\n]*"|//.*', "", text.partition("@Configuration\n")[2])
    known = {"Override", "String", "Exception"}
    used = set(re.findall(r"\b[A-Z][A-Za-z]*[a-z][A-Za-z]*\b", code)) - known - {"CorsSecurityConfig"}
    assert sorted(imported) == sorted(used | {"Configuration"})


@pytest.mark.parametrize("title", POLICIES)
def test_a_function_compares_origins_unless_all_may_read(title: str) -> None:
    """`setAllowedOrigins` compares without regard to case, `setAllowedOriginPatterns` has a `*` that is any text."""
    text = render("spring", POLICIES[title]).files[0].text
    assert ("public String checkOrigin(String origin)" in text) is (POLICIES[title].allow_origins != ("*",))
    assert "setAllowedOriginPatterns" not in text
    assert text.count("setAllowedOrigins(") == text.count('setAllowedOrigins(List.of("*"))')


def test_the_rest_of_the_security_stays() -> None:
    """A chain of filters with nothing but CORS would let everybody in."""
    assert "requests.anyRequest().authenticated()" in render("spring", POLICIES["one origin"]).files[0].text


def test_it_refuses_by_itself() -> None:
    limits = render("spring", Policy(allow_origins=[APP], refuse_disallowed_origins=True)).limits
    assert not any(limit.startswith("refuse_disallowed_origins: ") for limit in limits)
    limits = render("spring", Policy(allow_origins=[APP])).limits
    assert any(limit.startswith("refuse_disallowed_origins: ") for limit in limits)


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (403, (), b"Invalid CORS request", 0.9),
        (
            403,
            (
                (b"vary", b"Origin"),
                (b"vary", b"Access-Control-Request-Method"),
                (b"vary", b"Access-Control-Request-Headers"),
            ),
            b"Invalid CORS request",
            0.96,
        ),
        (200, ((b"vary", b"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),), b"", 0),
        (404, (), b"<html><body><h1>Whitelabel Error Page</h1><p>This application has no explicit mapping", 0.9),
        (404, (), b'{"timestamp":"2026-05-01T10:00:00.000+00:00","status":404,"error":"Not Found","path":"/x"}', 0.9),
        (200, (), b"Invalid CORS request", 0),
    ],
)
def test_recognised(status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, headers=headers, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == ([("spring", confidence)] if confidence else [])
