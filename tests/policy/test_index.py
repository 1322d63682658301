"""The lookup: it and the slow, obvious way agree, and it does little work whatever it is given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.policy.index import MAX_ORIGIN, MEMO_SIZE, compile_index, longest_origin
from crossorigin.policy.patterns import OriginPattern, parse_pattern

from .strategies import is_one_of, origins, patterns, wild_origins


def index(*texts: str) -> list[OriginPattern]:
    return [parse_pattern(text) for text in texts]


class TestAgreement:
    """An origin is allowed exactly when some pattern stands for it."""

    @given(st.lists(patterns(), max_size=6), st.lists(wild_origins(), max_size=8))
    def test_with_the_obvious_way(self, found: list[OriginPattern], asked: list[bytes]) -> None:
        allows = compile_index(found)
        for origin in asked * 2:  # twice, so that what was remembered is asked as well
            assert allows(origin) is is_one_of(origin, found)

    @given(
        patterns(),
        st.lists(st.sampled_from(["a", "b-1", "c_d"]), min_size=1, max_size=3),
        st.sampled_from(["", ":1", ":8443"]),
    )
    def test_every_origin_of_a_pattern(self, pattern: OriginPattern, labels: list[str], port: str) -> None:
        host = f"{'.'.join(labels)}.{pattern.host}" if pattern.any_subdomain else pattern.host
        shown = port if pattern.port == "*" else "" if pattern.port is None else f":{pattern.port}"
        assert compile_index([pattern])(f"{pattern.scheme}://{host}{shown}".encode())

    @given(st.lists(patterns(), max_size=6), origins())
    def test_order_does_not_matter(self, found: list[OriginPattern], origin: str) -> None:
        assert compile_index(found)(origin.encode()) is compile_index(reversed(found))(origin.encode())


class Counted(bytes):
    """Bytes that notice being hashed or searched."""

    touched = 0

    def __hash__(self) -> int:
        Counted.touched += 1
        return super().__hash__()

    def rfind(self, *arguments: object) -> int:
        Counted.touched += 1
        return super().rfind(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "texts",
    [["https://app.example.com"], ["https://*.example.com"], ["http://localhost:*"], ["https://*.example.com:*"]],
    ids=" ".join,
)
def test_a_long_origin_is_neither_hashed_nor_searched(texts: list[str]) -> None:
    allows = compile_index(index(*texts))
    Counted.touched = 0
    assert allows(Counted(b"https://" + b"a." * 32_764 + b"example.com")) is False
    assert Counted.touched == 0
    assert allows(Counted(b"https://evil.test")) is False
    assert Counted.touched > 0


@pytest.mark.parametrize(
    ("texts", "longest"),
    [
        ([], 0),
        (["https://example.com"], 19),
        (["https://example.com:8443"], 24),
        (["https://*.example.com"], 8 + 253),
        (["https://*.example.com:8443"], 8 + 253 + 5),
        (["https://*.example.com:*"], 8 + 253 + 6),
        (["http://localhost:*"], 16 + 6),
    ],
)
def test_longest_origin(texts: list[str], longest: int) -> None:
    assert longest_origin(index(*texts)) == longest
    assert longest <= MAX_ORIGIN == 326


def test_the_longest_host_is_allowed_and_one_more_byte_is_not() -> None:
    allows = compile_index(index("https://*.example.com"))
    labels = "a." * ((253 - len("example.com")) // 2)
    assert len(f"{labels}example.com") == 253
    assert allows(f"https://{labels}example.com".encode())
    assert not allows(f"https://b{labels}example.com".encode())


def test_two_schemes_of_one_tail_keep_their_own_length() -> None:
    allows = compile_index(index("https://*.example.com", "chrome-extension://*.example.com"))
    labels = "a." * 121
    assert allows(f"https://{labels}example.com".encode())
    assert not allows(f"https://aa{labels}example.com".encode())


def test_null_is_exact() -> None:
    assert compile_index([], null=True)(b"null")
    assert not compile_index([], null=True)(b"NULL")
    assert not compile_index(index("https://*.example.com"))(b"null")


def test_denials_are_not_remembered_and_what_is_allowed_is_bounded() -> None:
    allows = compile_index(index("https://*.example.com"))
    assert allows.__closure__ is not None
    memo = next(cell.cell_contents for cell in allows.__closure__ if isinstance(cell.cell_contents, set))
    for number in range(5000):
        assert not allows(b"https://%d.example.org" % number)
    assert memo == set()
    for number in range(5000):
        assert allows(b"https://%d.example.com" % number)
        assert len(memo) <= MEMO_SIZE


def test_a_thousand_patterns_cost_as_many_lookups_as_one() -> None:
    """Counted in dictionary lookups, which no clock can blur."""

    class Tail(bytes):
        hashed = 0

        def __hash__(self) -> int:
            Tail.hashed += 1
            return super().__hash__()

        def __getitem__(self, key: object) -> object:  # type: ignore[override]
            got = super().__getitem__(key)  # type: ignore[call-overload]
            return Tail(got) if isinstance(got, bytes) else got

    counts = []
    for number in (1, 1000):
        allows = compile_index(index(*(f"https://*.s{each}.example.com" for each in range(number))))
        Tail.hashed = 0
        assert not allows(Tail(b"https://a.b.c.d.e.evil.test"))
        counts.append(Tail.hashed)
    assert counts[0] == counts[1] <= 4
