"""The rules for preflights: what an answer is made of, and what it depends on."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy.preflight import PreflightRules, compile_answer
from crossorigin.policy.steps import Step

BASE: dict[str, Any] = {
    "any_origin": False,
    "methods": (b"PUT",),
    "headers": (b"x-a", b"x-bb"),
    "credentials": False,
    "max_age": None,
    "status": 204,
    "debug": False,
}
ORIGIN = b"https://a.com"
THREE = (b"Origin", b"Access-Control-Request-Method", b"Access-Control-Request-Headers")


@pytest.mark.parametrize(
    ("rules", "vary"),
    [
        ({}, THREE),
        ({"any_origin": True}, THREE[1:]),
        ({"methods": (b"*",)}, (THREE[0], THREE[2])),
        ({"headers": (b"*", b"authorization")}, THREE[:2]),
        ({"any_origin": True, "methods": (b"*",), "headers": (b"*", b"authorization")}, ()),
        ({"methods": (), "headers": ()}, THREE),
    ],
    ids=str,
)
def test_vary(rules: dict[str, Any], vary: tuple[bytes, ...]) -> None:
    made = PreflightRules(**BASE | rules)
    assert made.vary == vary
    assert made.vary_header == (((b"vary", b", ".join(vary)),) if vary else ())


def test_the_limit_is_what_could_be_allowed() -> None:
    assert PreflightRules(**BASE).header_limit == len("x-ax-bb") + 2 * 3 + 16
    assert PreflightRules(**BASE | {"headers": ()}).header_limit == 16


LINES: list[tuple[list[bytes], bytes | Step]] = [
    ([b"x-a"], b"x-a"),
    ([b"x-a,x-bb"], b"x-a,x-bb"),
    ([b"x-bb,x-a"], b"x-bb,x-a"),
    ([b"X-A, x-BB"], b"x-a,x-bb"),
    ([b"x-a", b"x-bb"], b"x-a,x-bb"),
    ([b"x-a", b""], b"x-a"),
    ([b",,x-a"], b"x-a"),
    ([b"x-c"], Step.HEADER),
    ([b"x-a,x-c"], Step.HEADER),
    ([b"X-C"], Step.HEADER),
    ([b"x -a"], Step.HEADER),
    ([b"x-a\n"], Step.HEADER),
    ([b"x-a;x-bb"], Step.HEADER),
    ([b"x-a", b"x-c"], Step.HEADER),
    ([b"x" * 30], Step.HEADERS_TOO_LONG),
    ([b"x" * 15, b"x" * 15], Step.HEADERS_TOO_LONG),
    ([b""] * 17, Step.HEADERS_TOO_MANY_LINES),
]


@pytest.mark.parametrize(("lines", "expected"), LINES, ids=[str(lines)[:40] for lines, _ in LINES])
def test_names(lines: list[bytes], expected: bytes | Step) -> None:
    status, headers, step = compile_answer(PreflightRules(**BASE))(ORIGIN, b"PUT", lines)
    if isinstance(expected, Step):
        assert (status, step) == (403, expected)
        assert dict(headers).keys() == {b"vary"}
    else:
        assert (status, step) == (204, None)
        assert dict(headers)[b"access-control-allow-headers"] == expected


def test_the_order_of_headers() -> None:
    rules = PreflightRules(**BASE | {"credentials": True, "max_age": 5})
    _, headers, _ = compile_answer(rules)(ORIGIN, b"PUT", [b"x-a"])
    assert [name.removeprefix(b"access-control-") for name, _ in headers] == [
        b"allow-origin",
        b"allow-credentials",
        b"allow-methods",
        b"allow-headers",
        b"max-age",
        b"vary",
    ]
