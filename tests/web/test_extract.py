from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.web.extract import FAILURE, Failure, Fault, extract_fault, extract_header_list_values
from crossorigin.web.headers import HeaderList

LISTS = ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers"]
LISTS_OF_ONE_OR_MORE = ["Access-Control-Request-Headers", "Referrer-Policy"]
SINGLE = {
    "Access-Control-Allow-Origin": b"https://a.example",
    "Access-Control-Allow-Credentials": b"true",
    "Access-Control-Max-Age": b"600",
    "Access-Control-Request-Method": b"PUT",
    "Cross-Origin-Resource-Policy": b"same-site",
    "Location": b"/next",
}
ALL = [*LISTS, *LISTS_OF_ONE_OR_MORE, *SINGLE]


def extract(name: str, *values: bytes) -> list[bytes] | Failure | None:
    return extract_header_list_values(name.upper().encode(), HeaderList([(name.encode(), value) for value in values]))


@pytest.mark.parametrize("name", ALL)
def test_absent_is_null(name: str) -> None:
    assert extract(name) is None


@pytest.mark.parametrize("name", [*LISTS, *LISTS_OF_ONE_OR_MORE])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([b"GET"], [b"GET"]),
        ([b"GET,PUT"], [b"GET", b"PUT"]),
        ([b"GET ,\tPUT"], [b"GET", b"PUT"]),
        ([b",GET,, ,PUT,"], [b"GET", b"PUT"]),
        ([b"GET", b"PUT, *"], [b"GET", b"PUT", b"*"]),
        ([b"a, A"], [b"a", b"A"]),
    ],
)
def test_lists(name: str, values: list[bytes], expected: list[bytes]) -> None:
    assert extract(name, *values) == expected


@pytest.mark.parametrize("name", [*LISTS, *LISTS_OF_ONE_OR_MORE])
@pytest.mark.parametrize(
    "values", [[b"PO ST"], [b'"GET"'], [b"a, b c"], [b"a;b"], [b"ok", b"no no"], [b"a\nb"], [b"\xe9"]]
)
def test_lists_that_fail_as_a_whole(name: str, values: list[bytes]) -> None:
    assert extract(name, *values) is FAILURE


@pytest.mark.parametrize("value", [b"", b",", b" , ,"])
def test_a_list_may_be_empty_or_not(value: bytes) -> None:
    assert [extract(name, value) for name in LISTS] == [[], [], []]
    assert [extract(name, value) for name in LISTS_OF_ONE_OR_MORE] == [FAILURE, FAILURE]


@pytest.mark.parametrize(("name", "value"), SINGLE.items())
def test_a_single_value(name: str, value: bytes) -> None:
    assert extract(name, value) == [value]
    assert extract(name, value, value) is FAILURE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Access-Control-Allow-Origin", b"*"),
        ("Access-Control-Allow-Origin", b"null"),
        ("Access-Control-Max-Age", b"0"),
        ("Access-Control-Max-Age", b"9" * 5000),
        ("Access-Control-Request-Method", b"patch"),
        ("Cross-Origin-Resource-Policy", b"cross-origin"),
        ("Location", b""),
        ("Location", b"http://a b/ \xe9"),
    ],
)
def test_more_values_that_parse(name: str, value: bytes) -> None:
    assert extract(name, value) == [value]
    assert extract_fault(name.encode(), value) is None


# Name, value, the member that is wrong, and the position of its first wrong byte.
FAULTS = [
    ("Access-Control-Allow-Methods", b"GET, PO ST", b"PO ST", 7),
    ("Access-Control-Allow-Headers", b"X-One, 'ok', \"no\"", b'"no"', 13),
    ("Access-Control-Expose-Headers", b"bb-8,,@x", b"@x", 6),
    ("Access-Control-Expose-Headers", b"bb-8\x0b", b"bb-8\x0b", 4),
    ("Access-Control-Expose-Headers", b"a,  a b", b"a b", 5),
    ("Access-Control-Request-Headers", b"", b"", 0),
    ("Access-Control-Allow-Origin", b"https://a.example/", b"https://a.example/", 17),
    ("Access-Control-Allow-Origin", b"https://A.example", b"https://A.example", 8),
    (
        "Access-Control-Allow-Origin",
        b"https://a.example, https://b.example",
        b"https://a.example, https://b.example",
        19,
    ),
    ("Access-Control-Allow-Origin", b"a.example", b"a.example", 0),
    ("Access-Control-Allow-Origin", b"", b"", 0),
    ("Access-Control-Allow-Credentials", b"True", b"True", 0),
    ("Access-Control-Allow-Credentials", b"", b"", 0),
    ("Access-Control-Max-Age", b"10m", b"10m", 2),
    ("Access-Control-Max-Age", b"-1", b"-1", 0),
    ("Access-Control-Max-Age", b"1.5", b"1.5", 1),
    ("Access-Control-Max-Age", b"", b"", 0),
    ("Access-Control-Max-Age", b"\xb2", b"\xb2", 0),
    ("Access-Control-Request-Method", b"GET, PUT", b"GET, PUT", 3),
    ("Cross-Origin-Resource-Policy", b"same_site", b"same_site", 0),
    ("Referrer-Policy", b"origin; no", b"origin; no", 6),
]


@pytest.mark.parametrize(("name", "value", "member", "position"), FAULTS)
def test_faults(name: str, value: bytes, member: bytes, position: int) -> None:
    assert extract(name, value) is FAILURE
    fault = extract_fault(name.encode(), value)
    assert fault is not None
    assert (fault.name, fault.value, fault.member, fault.position) == (name.encode(), value, member, position)
    assert fault.sentence.startswith((f"{name}: ", f"{name} is not a comma-separated list of tokens: "))


def test_a_sentence_names_the_member_and_the_place() -> None:
    fault = extract_fault(b"Access-Control-Allow-Methods", b"GET, PO ST")
    assert fault == Fault(
        b"Access-Control-Allow-Methods",
        b"GET, PO ST",
        b"PO ST",
        7,
        "Access-Control-Allow-Methods is not a comma-separated list of tokens: member 2 `PO ST` holds a space.",
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"GET; PUT", "member 1 `GET; PUT` holds `;`"),
        (b"GET\tPUT", "member 1 `GET\\tPUT` holds a tab"),
        (b',, GET ,,"PUT"', 'member 2 `"PUT"` holds `"`'),
        (b"GET, \xe9", "member 2 `\xe9` holds the byte 0xE9"),
        (b"a\x1b[31m", "member 1 `a\\x1b[31m` holds the byte 0x1B"),
        (b"a\x7f", "member 1 `a\\x7f` holds the byte 0x7F"),
        (b"a" * 100 + b" b", f"member 1 `{'a' * 77}...` holds a space"),
        (b"", "it is empty, and needs one member at least"),
    ],
)
def test_what_a_list_holds(value: bytes, why: str) -> None:
    fault = extract_fault(b"Access-Control-Request-Headers", value)
    assert fault is not None
    assert fault.sentence == f"Access-Control-Request-Headers is not a comma-separated list of tokens: {why}."


@pytest.mark.parametrize("name", ["X-CUSTOM", "CONTENT-TYPE", ""])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(LookupError, match=f"no grammar is known for '{name}'"):
        extract(name, b"a")
    with pytest.raises(LookupError, match=f"no grammar is known for '{name}'"):
        extract_fault(name.encode(), b"a")


def test_failure_shows_its_name() -> None:
    assert repr(FAILURE) == "FAILURE"


@given(st.sampled_from(ALL), st.binary() | st.text(alphabet='aZ9,"/:* \t').map(str.encode))
def test_extract_and_its_fault_agree_on_anything(name: str, value: bytes) -> None:
    fault = extract_fault(name.encode(), value)
    assert (extract(name, value) is FAILURE) is (fault is not None)
    if fault is not None:
        assert 0 <= fault.position <= len(value)
        assert fault.member in value
