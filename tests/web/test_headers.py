from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.headers import (
    HeaderList,
    get_decode_and_split,
    is_header_name,
    is_header_value,
    normalize,
    sorted_lowercase_set,
)

FIELDS = HeaderList.of(("Accept", "a"), ("Vary", "Origin"), ("accept", "b"), ("X-One", "1"))


class TestReading:
    """Names match in any case, values come back in order, and nothing is lost."""

    def test_of_takes_text_and_bytes(self) -> None:
        assert HeaderList.of(("Accept", b"\xe9"), (b"X", "é")) == ((b"Accept", b"\xe9"), (b"X", b"\xe9"))

    def test_of_refuses_what_has_no_byte(self) -> None:
        with pytest.raises(ValueError, match=r"U\+20AC"):
            HeaderList.of(("Price", "5 €"))

    @pytest.mark.parametrize("name", [b"accept", b"ACCEPT", b"Accept"])
    def test_in_any_case(self, name: bytes) -> None:
        assert FIELDS.contains(name)
        assert FIELDS.get(name) == b"a, b"
        assert FIELDS.get_all(name) == [b"a", b"b"]

    def test_absent(self) -> None:
        assert not FIELDS.contains(b"Cookie")
        assert FIELDS.get(b"Cookie") is None
        assert FIELDS.get_all(b"Cookie") == []
        assert FIELDS.get_decode_split(b"Cookie") is None
        assert HeaderList().get(b"") is None

    def test_an_empty_value_is_there(self) -> None:
        fields = HeaderList.of(("A", ""), ("A", ""))
        assert fields.contains(b"a")
        assert fields.get(b"a") == b", "

    def test_names(self) -> None:
        assert FIELDS.names() == [b"Accept", b"Vary", b"accept", b"X-One"]

    def test_repr_is_what_a_person_would_type(self) -> None:
        assert repr(HeaderList.of(("Accept", "*/*"), ("X", "1"))) == "HeaderList.of(('Accept', '*/*'), ('X', '1'))"
        assert repr(HeaderList()) == "HeaderList.of()"
        assert eval(repr(FIELDS)) == FIELDS

    def test_equal_lists_hash_equal(self) -> None:
        assert hash(HeaderList(tuple(FIELDS))) == hash(FIELDS)
        assert HeaderList(tuple(FIELDS)) == FIELDS


class TestChanging:
    """Each change is a new list; the old one stays as it was."""

    def test_append_reuses_the_first_casing(self) -> None:
        assert FIELDS.append(b"ACCEPT", b"c")[-1] == (b"Accept", b"c")
        assert FIELDS.append(b"NEW", b"c")[-1] == (b"NEW", b"c")
        assert len(FIELDS) == 4

    def test_delete_takes_all(self) -> None:
        assert FIELDS.delete(b"ACCEPT") == ((b"Vary", b"Origin"), (b"X-One", b"1"))
        assert FIELDS.delete(b"absent") == FIELDS

    def test_set_keeps_the_place_and_casing_of_the_first(self) -> None:
        assert FIELDS.set(b"ACCEPT", b"c") == ((b"Accept", b"c"), (b"Vary", b"Origin"), (b"X-One", b"1"))
        assert FIELDS.set(b"NEW", b"c") == (*FIELDS, (b"NEW", b"c"))

    def test_combine_joins_to_the_first_and_leaves_the_others(self) -> None:
        assert FIELDS.combine(b"ACCEPT", b"c") == (
            (b"Accept", b"a, c"),
            (b"Vary", b"Origin"),
            (b"accept", b"b"),
            (b"X-One", b"1"),
        )
        assert FIELDS.combine(b"NEW", b"c") == (*FIELDS, (b"NEW", b"c"))

    def test_sort_and_combine(self) -> None:
        fields = HeaderList.of(
            ("X", "1"), ("Set-Cookie", "a=1"), ("B", "2"), ("SET-COOKIE", "b=2"), ("x", "3"), ("Set-Cookie2", "c")
        )
        assert fields.sort_and_combine() == (
            (b"b", b"2"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
            (b"set-cookie2", b"c"),
            (b"x", b"1, 3"),
        )

    def test_every_change_gives_a_header_list(self) -> None:
        changed = (
            FIELDS.append(b"a", b"b"),
            FIELDS.delete(b"a"),
            FIELDS.set(b"accept", b"b"),
            FIELDS.set(b"a", b"b"),
            FIELDS.combine(b"accept", b"b"),
            FIELDS.combine(b"a", b"b"),
            FIELDS.sort_and_combine(),
        )
        assert {type(fields) for fields in changed} == {HeaderList}


# https://fetch.spec.whatwg.org/#example-header-list-get-decode-split
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("A", "nosniff,")], ["nosniff", ""]),
        ([("A", "nosniff"), ("B", "sniff"), ("A", "")], ["nosniff", ""]),
        ([("A", ""), ("B", "sniff")], [""]),
        ([("B", "sniff")], None),
        ([("A", 'text/html;", x/x')], ['text/html;", x/x']),
        ([("A", 'text/html;"'), ("A", "x/x")], ['text/html;", x/x']),
        ([("A", 'x/x;test="hi",y/y')], ['x/x;test="hi"', "y/y"]),
        ([("A", 'x/x;test="hi"'), ("C", "**bingo**"), ("A", "y/y")], ['x/x;test="hi"', "y/y"]),
        ([("A", "x / x,,,1")], ["x / x", "", "", "1"]),
        ([("A", "x / x"), ("A", ","), ("A", "1")], ["x / x", "", "", "1"]),
        ([("A", '"1,2", 3')], ['"1,2"', "3"]),
        ([("A", '"1,2"'), ("D", "4"), ("A", "3")], ['"1,2"', "3"]),
    ],
)
def test_get_decode_split_as_the_standard_shows_it(fields: list[tuple[str, str]], expected: list[str] | None) -> None:
    assert HeaderList.of(*fields).get_decode_split(b"A") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", [""]),
        (b",", ["", ""]),
        (b'"', ['"']),
        (b'""', ['""']),
        (b'"",', ['""', ""]),
        (b'a"b,c"d , e', ['a"b,c"d', "e"]),
        (b'"a\\",b", c', ['"a\\",b"', "c"]),
        (b'"a" "b,c",d', ['"a" "b,c"', "d"]),
        (b"\t a \t,\tb", ["a", "b"]),
        (b"\ra\n,\x0b", ["\ra\n", "\x0b"]),
        (b"\xe9,\xff", ["é", "ÿ"]),
    ],
)
def test_get_decode_and_split(value: bytes, expected: list[str]) -> None:
    assert get_decode_and_split(value) == expected


@given(st.binary())
def test_the_short_way_and_the_long_way_agree(value: bytes) -> None:
    # An empty quoted string at the end sends the whole through the long way, as one more member.
    plain = value.replace(b'"', b"'")
    assert get_decode_and_split(plain + b',""') == [*get_decode_and_split(plain), '""']


@given(st.lists(st.text(alphabet='ab, "\\\t').map(lambda text: text.encode())))
def test_splitting_loses_nothing_but_whitespace(values: list[bytes]) -> None:
    value = b",".join(values)
    blank = bytes.maketrans(b"", b"")
    joined = ",".join(get_decode_and_split(value)).encode("latin-1")
    assert joined.translate(blank, b" \t") == value.translate(blank, b" \t")


@pytest.mark.parametrize("repeated", [b",", b'"', b'",', b"\\", b'"\\', b'a"'])
def test_a_hostile_value_takes_no_quadratic_time(repeated: bytes) -> None:
    assert get_decode_and_split(b'"' + repeated * 200_000)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"", b""), (b" \t\r\n", b""), (b"\n a b\t", b"a b"), (b"\x0ba\x0c", b"\x0ba\x0c"), (b"\0", b"\0")],
)
def test_normalize(value: bytes, expected: bytes) -> None:
    assert normalize(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", True),
        (b"a b", True),
        (b"\xff\x01\x7f", True),
        (b"\x0b", True),
        (b" a", False),
        (b"a\t", False),
        (b"a\0b", False),
        (b"a\rb", False),
        (b"a\nb", False),
    ],
)
def test_is_header_value(value: bytes, expected: bool) -> None:
    assert is_header_value(value) is expected


@given(st.binary())
def test_only_nul_keeps_a_normalized_value_from_being_one(value: bytes) -> None:
    inner = normalize(value).translate(None, b"\0\r\n")
    assert is_header_value(normalize(inner))


@pytest.mark.parametrize(
    ("name", "expected"), [(b"X-Custom", True), (b"bb-8", True), (b"", False), (b"a b", False), (b":path", False)]
)
def test_is_header_name(name: bytes, expected: bool) -> None:
    assert is_header_name(name) is expected


def test_sorted_lowercase_set() -> None:
    assert sorted_lowercase_set([b"b", b"A", b"B", b"a-b", b"a"]) == [b"a", b"a-b", b"b"]
    assert sorted_lowercase_set([]) == []
