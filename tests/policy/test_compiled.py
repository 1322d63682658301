"""The hot path and the readable path are one; what is sent is the policy's own; hostile input is bounded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy import Policy, RequestFacts, Step, decide
from crossorigin.policy.preflight import MAX_REQUEST_HEADER_LINES

from .strategies import METHODS, NAMES, is_one_of, patterns_of, policies, wild_origins

methods = st.one_of(st.sampled_from(METHODS).map(str.encode), st.binary(max_size=8))
names = st.one_of(st.sampled_from(NAMES), st.sampled_from(["X-One", " x-two", "", "x-evil", "*", "x one"]))
lines = st.lists(st.lists(names, max_size=4).map(lambda found: ",".join(found).encode()), max_size=3)


class TestAgreement:
    """`decide` and the compiled functions answer alike, with and without a lookup's leave."""

    @given(policies(), wild_origins(), methods, lines)
    def test_preflight(self, policy: Policy, origin: bytes, method: bytes, asked: list[bytes]) -> None:
        facts = RequestFacts(method=b"OPTIONS", origin=origin, request_method=method, request_headers=tuple(asked))
        for granted, answer in ((False, policy.compiled.preflight), (True, policy.compiled.grant_preflight)):
            decision = decide(policy, facts, granted=granted)
            status, headers, step = answer(origin, method, asked)
            assert (decision.status, decision.response_headers) == (status, headers)
            assert decision.step is step
            assert decision.allowed is (step is None)

    @given(policies(), st.one_of(st.none(), wild_origins()))
    def test_actual(self, policy: Policy, origin: bytes | None) -> None:
        decision = decide(policy, RequestFacts(method=b"GET", origin=origin))
        assert decision.headers == policy.compiled.actual(origin)
        assert decision.vary == policy.compiled.vary
        assert decision.allowed is (origin is None or bool(policy.compiled.actual(origin)))


class TestWhatIsSent:
    """A value is the policy's own, or byte for byte something that it allows."""

    @given(policies(), wild_origins(), methods, lines)
    def test_nothing_else_is_echoed(self, policy: Policy, origin: bytes, method: bytes, asked: list[bytes]) -> None:
        _, preflight, _ = policy.compiled.preflight(origin, method, asked)
        for name, value in [*preflight, *policy.compiled.actual(origin)]:
            match name:
                case b"access-control-allow-origin":
                    assert value == b"*" if policy.allow_origins == ("*",) else self._is_listed(policy, value)
                    assert value in {b"*", origin}
                case b"access-control-allow-methods":
                    own = {b"GET", b"HEAD", b"POST", *map(str.encode, policy.allow_methods)}
                    assert set(value.split(b",")) <= own
                case b"access-control-allow-headers":
                    assert set(value.split(b",")) <= set(map(str.encode, policy.allow_headers))
                case b"access-control-allow-credentials":
                    assert value == b"true"
                    assert policy.allow_credentials
                case b"access-control-max-age":
                    assert value == b"%d" % (policy.max_age or 0)
                case b"access-control-expose-headers":
                    assert value == ",".join(policy.expose_headers).encode()
                case _:
                    assert name == b"vary"
                    assert set(value.split(b", ")) <= {
                        b"Origin",
                        b"Access-Control-Request-Method",
                        b"Access-Control-Request-Headers",
                    }
            assert re.search(rb"[\x00-\x1f\x7f]", value) is None

    @staticmethod
    def _is_listed(policy: Policy, value: bytes) -> bool:
        return is_one_of(value, patterns_of(policy)) or (value == b"null" and "null" in policy.allow_origins)

    @given(policies(), wild_origins(), methods, lines)
    def test_nothing_is_told_to_whom_nothing_is_allowed(
        self, policy: Policy, origin: bytes, method: bytes, asked: list[bytes]
    ) -> None:
        status, headers, step = policy.compiled.preflight(origin, method, asked)
        if step is not None and not policy.debug:
            assert status == 403
            assert {name for name, _ in headers} <= {b"vary"}
        if step is None:
            assert status == policy.preflight_status

    @given(policies(), wild_origins(), wild_origins())
    def test_what_is_not_in_vary_changes_nothing(self, policy: Policy, one: bytes, other: bytes) -> None:
        compiled = policy.compiled
        if b"Origin" not in compiled.vary:
            assert compiled.actual(one) == compiled.actual(other) == compiled.actual(None)
        for method in (b"PUT", b"NONE"):
            if b"Access-Control-Request-Method" not in compiled.preflight_vary:
                assert compiled.preflight(one, method, []) == compiled.preflight(one, b"GET", [])
            if b"Access-Control-Request-Headers" not in compiled.preflight_vary:
                assert compiled.preflight(one, method, [b"x-evil"]) == compiled.preflight(one, method, [])


class Watched(bytes):
    """Bytes that count how many of them are hashed, split, lower-cased or stripped."""

    work = 0

    def __hash__(self) -> int:
        Watched.work += len(self)
        return super().__hash__()

    def split(self, *arguments: Any, **named: Any) -> list[bytes]:
        Watched.work += len(self)
        return super().split(*arguments, **named)

    def translate(self, *arguments: Any, **named: Any) -> bytes:
        Watched.work += len(self)
        return super().translate(*arguments, **named)

    def lower(self) -> bytes:
        Watched.work += len(self)
        return super().lower()

    def rfind(self, *arguments: Any) -> int:
        Watched.work += len(self)
        return super().rfind(*arguments)


KIB_64 = 65_536
HOSTILE = {
    "names": [b",".join(b"x%d" % number for number in range(11_000))[:KIB_64]],
    "a name repeated": [(b"x-token," * 8192)[:KIB_64]],
    "blanks": [b"x-token" + b" " * 65_000 + b",x-token"],
    "commas": [b"," * KIB_64],
    "lines": [b""] * 1024,
    "long lines": [b"x-token," * 512] * 16,
    "two lines": [b"x-token", b"," * KIB_64],
}


@pytest.mark.parametrize("found", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
def test_hostile_request_headers_are_not_read(found: list[bytes], debug: bool) -> None:
    policy = Policy(allow_origins=["https://a.com"], allow_headers=["x-token", "x-other"], debug=debug)
    Watched.work = 0
    _, headers, step = policy.compiled.preflight(b"https://a.com", b"GET", [Watched(line) for line in found])
    assert step in {Step.HEADERS_TOO_LONG, Step.HEADERS_TOO_MANY_LINES}
    assert Watched.work == 0
    assert sum(len(value) for _, value in headers) < 300


@pytest.mark.parametrize("origin", [b"https://" + b"a" * KIB_64, b"https://" + b"a." * (KIB_64 // 2), b"," * KIB_64])
@pytest.mark.parametrize("allowed", ["https://a.com", "https://*.a.com", "http://localhost:*"])
def test_a_hostile_origin_is_not_read(origin: bytes, allowed: str) -> None:
    policy = Policy(allow_origins=[allowed])
    Watched.work = 0
    assert policy.compiled.actual(Watched(origin)) == ()
    assert policy.compiled.preflight(Watched(origin), b"GET", [])[2] is Step.ORIGIN_TOO_LONG
    assert Watched.work == 0


@pytest.mark.parametrize("methods_", [["PUT"], ["*"], []])
def test_a_hostile_method_is_not_read(methods_: list[str]) -> None:
    policy = Policy(allow_origins=["https://a.com"], allow_methods=methods_)
    Watched.work = 0
    _, headers, _ = policy.compiled.preflight(b"https://a.com", Watched(b"P" * KIB_64), [])
    assert Watched.work == 0
    assert all(len(value) < 200 for _, value in headers)


def test_whatever_is_read_is_bounded_by_the_policy() -> None:
    policy = Policy(allow_origins=["https://a.com"], allow_headers=["x-token", "x-other"])
    limit = policy.compiled.header_limit
    assert limit == len("x-token") + len("x-other") + 2 * 3 + 16
    step = policy.compiled.preflight(b"https://a.com", b"GET", [b"x" * limit])[2]
    assert step is Step.HEADER
    step = policy.compiled.preflight(b"https://a.com", b"GET", [b"x" * (limit + 1)])[2]
    assert step is Step.HEADERS_TOO_LONG
    step = policy.compiled.preflight(b"https://a.com", b"GET", [b""] * MAX_REQUEST_HEADER_LINES)[2]
    assert step is None


@given(st.permutations(["x-a", "x-bb", "x-ccc"]), st.sampled_from([",", ", ", " , ", ",\t"]), st.booleans())
def test_all_names_once_are_always_within_the_bound(order: list[str], comma: str, upper: bool) -> None:
    policy = Policy(allow_origins=["https://a.com"], allow_headers=order)
    line = comma.join(order).encode()
    status, headers, step = policy.compiled.preflight(b"https://a.com", b"GET", [line.upper() if upper else line])
    assert (status, step) == (204, None)
    assert dict(headers)[b"access-control-allow-headers"].split(b",") == [name.encode() for name in order]


def test_answers_do_not_share_anything_that_can_change() -> None:
    compiled = Policy(allow_origins=["*"]).compiled
    assert compiled.actual(b"https://a.com") is compiled.actual(None)
    assert isinstance(compiled.actual(None), tuple)
