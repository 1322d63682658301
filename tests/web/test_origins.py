from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossorigin.web.origins import (
    DEFAULT_PORTS,
    OpaqueOrigin,
    OriginSyntaxError,
    TupleOrigin,
    is_origin_or_null,
    is_serialized_origin,
    parse_origin,
    same_origin,
)


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (TupleOrigin("https", "example.com"), "https://example.com"),
        (TupleOrigin("https", "example.com", 80), "https://example.com:80"),
        (TupleOrigin("http", "[::1]", 8080), "http://[::1]:8080"),
        (TupleOrigin("http", "a", 0), "http://a:0"),
    ],
)
def test_serialize_and_parse(origin: TupleOrigin, text: str) -> None:
    assert origin.serialize() == str(origin) == text
    assert parse_origin(text) == parse_origin(text.encode()) == origin
    assert hash(parse_origin(text)) == hash(origin)


@pytest.mark.parametrize(("scheme", "port"), DEFAULT_PORTS.items())
def test_a_default_port_is_refused(scheme: str, port: int) -> None:
    with pytest.raises(ValueError, match=f"{port} is the default port of {scheme}: give None"):
        TupleOrigin(scheme, "a", port)


class TestSameOrigin:
    """Equal scheme, host and port, or the very same opaque origin."""

    @pytest.mark.parametrize(
        ("other", "expected"),
        [
            (TupleOrigin("https", "a", None), True),
            (TupleOrigin("http", "a", None), False),
            (TupleOrigin("https", "b", None), False),
            (TupleOrigin("https", "a", 8443), False),
            (TupleOrigin("https", "sub.a", None), False),
            (TupleOrigin("https", "a.", None), False),
        ],
    )
    def test_tuples(self, other: TupleOrigin, expected: bool) -> None:
        origin = TupleOrigin("https", "a")
        assert same_origin(origin, other) is same_origin(other, origin) is expected

    def test_opaque(self) -> None:
        one, two = OpaqueOrigin(), OpaqueOrigin()
        assert same_origin(one, one)
        assert not same_origin(one, two)
        assert not same_origin(one, TupleOrigin("https", "a"))
        assert not same_origin(TupleOrigin("https", "a"), one)
        assert len({one, two, one}) == 2

    def test_two_nulls_read_from_text_differ(self) -> None:
        assert not same_origin(parse_origin("null"), parse_origin(b"null"))


def test_opaque_origins_serialize_as_null() -> None:
    origin = OpaqueOrigin()
    assert origin.serialize() == str(origin) == "null"
    assert repr(origin) == "OpaqueOrigin()"
    assert isinstance(parse_origin("null"), OpaqueOrigin)


def test_values_are_frozen() -> None:
    with pytest.raises(AttributeError):
        TupleOrigin("https", "a").port = 1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        OpaqueOrigin().port = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["https://a/", "https://a:443", "NULL", "", b"https://b\xfccher.example"])
def test_bad_input_is_an_error_and_a_value_error(text: str | bytes) -> None:
    with pytest.raises(OriginSyntaxError):
        parse_origin(text)
    with pytest.raises(ValueError, match="is not an origin"):
        parse_origin(text)


LABEL = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
HOST = st.builds(
    lambda labels, last: ".".join([*labels, last]), st.lists(LABEL, max_size=3), st.sampled_from(["com", "a-b"])
)
PORT = st.none() | st.integers(0, 65535).filter(lambda port: port not in {80, 443})
ORIGIN = st.builds(
    TupleOrigin, st.sampled_from(["http", "https", "app"]), HOST | st.just("[::1]") | st.just("10.0.0.1"), PORT
)


@settings(deadline=None)
@given(ORIGIN)
def test_parse_undoes_serialize(origin: TupleOrigin) -> None:
    assert parse_origin(origin.serialize()) == origin
    assert is_serialized_origin(origin.serialize().encode())


@settings(deadline=None)
@given(st.binary() | st.from_regex(rb"(https?|x)://[a-z0-9.:\[\]-]{0,12}", fullmatch=True))
def test_the_strict_door_is_within_the_grammar(value: bytes) -> None:
    """What parse_origin accepts matches the ABNF, and serializes to the same bytes."""
    try:
        origin = parse_origin(value)
    except OriginSyntaxError:
        return
    assert is_origin_or_null(value)
    assert origin.serialize().encode("latin-1") == value
