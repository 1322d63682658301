"""What passes between the engine and whoever has a network: raw lists, in both directions."""

from __future__ import annotations

import dataclasses

import pytest

from crossorigin.fetch import HTTPResponse, TransportFailure, TransportFailureKind, fetch_request
from crossorigin.web.headers import HeaderList

from .dialogue import ANY_ORIGIN, API, OWN, answer, page, readable, sent, talk


def test_order_duplicates_and_casing_survive() -> None:
    fields = [(b"X-b", b"1"), (b"x-A", b"2"), (b"X-B", b"3"), (b"X-b", b"1")]
    result = talk(
        fetch_request(OWN, page(), headers=fields), answer(200, ("b", "1"), ("A", "2"), ("B", "\xff"), ("b", "1"))
    )
    # "Append" gives a later header the casing of the first of its name.
    assert sent(result).headers[:4] == ((b"X-b", b"1"), (b"x-A", b"2"), (b"X-b", b"3"), (b"X-b", b"1"))
    assert readable(result).headers == ((b"b", b"1"), (b"A", b"2"), (b"B", b"\xff"), (b"b", b"1"))


def test_no_body_is_not_an_empty_one() -> None:
    assert sent(talk(fetch_request(OWN, page(), method=b"POST"), answer(200))).body is None
    assert sent(talk(fetch_request(OWN, page(), method=b"POST", body=b""), answer(200))).body == b""


def test_host_is_the_drivers() -> None:
    result = talk(fetch_request(API, page(), method=b"POST", body="x"), answer(200, ANY_ORIGIN))
    names = {name.lower() for name in sent(result).headers.names()}
    assert names.isdisjoint({b"host", b"connection", b"transfer-encoding", b":authority"})


def test_values_are_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer(200).status = 500  # type: ignore[misc]
    assert HTTPResponse(200, HeaderList()).body == b""
    assert TransportFailure(TransportFailureKind.DNS, "No.").partial is None
