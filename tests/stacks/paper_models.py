"""Who may read by a small model of a stack's own way to match, beside the policy: never more, no less than it says.

A model is a function from the value of Origin to whether script may read, written from the stack's documentation or
source and not from our rendering; it reads what was rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.strategies import patterns, wild_origins
from tests.stacks.app_contract import NEAR

from crossorigin.policy import Policy

__all__ = ["KINDS", "Model", "agrees", "never_lets_in_more", "sendable"]

Model = Callable[[str], bool]

KINDS = Policy(
    allow_origins=[
        "https://*.example.com",
        "http://localhost:*",
        "https://*.example.org:8443",
        "https://example.com",
        "http://[::1]:3000",
    ]
)
"""Every kind of pattern, as in `app_contract`."""

ORIGINS = [
    *("https://example.com", "https://a.example.com", "https://a.b.example.com", "https://a_b.example.com"),
    *("https://evilexample.com", "http://a.example.com", "https://example.com.evil.test:8443", "http://127.0.0.1:3000"),
    *("http://localhost:8080", "https://b.example.org:8443", "https://b.example.org:8444", "https://localhost:3000"),
    *("http://localhostx:3000", "http://xlocalhost:3000", "https://xexample.org:8443", "https://example.org:8443"),
    *NEAR,
]


_SENDABLE = re.compile(
    r"null|([a-z][a-z0-9+.-]*)://(?:\[[0-9a-f:.]+\]|[a-z0-9_-][a-z0-9_.-]*)(?::(0|[1-9][0-9]{0,4}))?",
)


def sendable(origin: str) -> bool:
    """Whether a browser could send it: `null`, or a scheme, a host, and a port that is not the scheme's own."""
    found = _SENDABLE.fullmatch(origin)
    if found is None:
        return False
    return (found[1], found[2]) not in {("http", "80"), ("https", "443")} and int(found[2] or 0) < 65536


def agrees(model: Model, policy: Policy, *left_out: str) -> None:
    """That it allows what the policy allows, of what a browser can send, but for what is `left_out`: all of it, and
    nothing else."""
    allowed = {origin for origin in ORIGINS if sendable(origin) and policy.compiled.allows(origin.encode())}
    assert {origin for origin in ORIGINS if sendable(origin) and model(origin)} == allowed - set(left_out)
    assert set(left_out) <= allowed


def never_lets_in_more(model: Model, policy: Policy) -> None:
    """That no origin of many that a browser could send is let in beyond the policy."""

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(wild_origins(), patterns().map(lambda pattern: str(pattern).replace("*", "7").encode())))
    def holds(value: bytes) -> None:
        origin = value.decode("latin-1")
        if sendable(origin) and model(origin):
            assert policy.compiled.allows(value)

    holds()
