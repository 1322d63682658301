"""A call in script's words, as a request of the engine's, and its result in script's words again."""

from __future__ import annotations

import pytest

from crossorigin.browser.real.call import Call, Outcome, outcome_of, request_of
from crossorigin.fetch import Client, FetchResult, UserAgent, fetch
from crossorigin.web.origins import parse_origin

URL = "http://api.example.com/"
CLIENT = Client(parse_origin("http://app.example.com"))


def without_network(call: Call) -> FetchResult:
    """The result of a call that ends before it asks the network for anything."""
    with pytest.raises(StopIteration) as stopped:
        next(fetch(request_of(call, CLIENT), UserAgent()))
    result = stopped.value.value
    assert isinstance(result, FetchResult)
    return result


class TestRequests:
    """`request_of`."""

    def test_a_fetch(self) -> None:
        request = request_of(Call(url=URL, method="PUT", headers=(("X-A", "\xe9"),), credentials="omit"), CLIENT)
        assert (request.method, request.mode, request.credentials_mode) == (b"PUT", "cors", "omit")
        assert request.headers.get(b"x-a") == b"\xe9"

    def test_the_body_says_its_type_unless_a_header_does(self) -> None:
        bare = request_of(Call(url=URL, method="POST", body="text"), CLIENT)
        assert bare.headers.get(b"content-type") == b"text/plain;charset=UTF-8"
        typed = request_of(Call(url=URL, method="POST", body="{}", headers=(("content-type", "a/b"),)), CLIENT)
        assert typed.headers.get_all(b"content-type") == [b"a/b"]

    def test_an_xhr_with_and_without_credentials(self) -> None:
        assert request_of(Call(url=URL, api="xhr", credentials="include"), CLIENT).credentials_mode == "include"
        assert request_of(Call(url=URL, api="xhr"), CLIENT).credentials_mode == "same-origin"

    def test_wrong_arguments_throw(self) -> None:
        with pytest.raises(TypeError):
            request_of(Call(url=URL, method="TRACE"), CLIENT)


class TestOutcomes:
    """`outcome_of`."""

    def test_a_network_error_is_a_blocked_call(self) -> None:
        call = Call(url=URL, mode="same-origin")
        assert outcome_of(call, without_network(call)) == Outcome(blocked=True)

    def test_a_response(self) -> None:
        call = Call(url="data:text/plain,body")
        assert outcome_of(call, without_network(call)) == Outcome(
            blocked=False,
            type="basic",
            status=200,
            redirected=False,
            url="data:text/plain,body",
            headers=(("content-type", "text/plain"),),
            body="body",
        )

    def test_a_body_that_is_not_utf_8_is_read_as_script_reads_it(self) -> None:
        call = Call(url="data:application/octet-stream,%1f%8b")
        assert outcome_of(call, without_network(call)).body == "\x1f\ufffd"
