"""The engine driven by a sender: what is asked, in which order, and that nothing escapes."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.check import check
from crossorigin.doctor.question import ask
from crossorigin.fetch.wire import TransportFailureKind

from .conftest import ALLOW, ALLOW_ALL, API, JSON, OUTCOMES, PAGE, Answer, Server, answer, failure


def asked(*answers: Answer, url: str = API, origin: str = PAGE, **question: Any) -> list[str]:
    server = Server(list(answers))
    check(ask(url, origin=origin, **question), server)
    return [f"{request.role} {request.method.decode()} {request.url.href}" for request in server.requests]


class TestWhatIsSent:
    """Exactly what a browser would send."""

    def test_a_safelisted_call_is_one_request(self) -> None:
        assert asked(answer(200)) == [f"actual GET {API}"]

    def test_others_are_preflighted(self) -> None:
        granted = answer(
            204, ALLOW, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "content-type")
        )
        assert asked(granted, answer(200, ALLOW), **JSON) == [f"preflight OPTIONS {API}", f"actual PUT {API}"]

    def test_a_refused_preflight_is_the_end(self) -> None:
        assert asked(answer(405), answer(200, ALLOW), **JSON) == [f"preflight OPTIONS {API}"]

    def test_redirects_are_followed(self) -> None:
        assert asked(answer(302, ALLOW_ALL, ("Location", "https://cdn.example/x")), answer(200, ALLOW_ALL)) == [
            f"actual GET {API}",
            "redirected GET https://cdn.example/x",
        ]

    def test_a_loop_of_redirects_ends(self) -> None:
        assert len(asked(answer(302, ALLOW_ALL, ("Location", "/again")))) == 21

    def test_nothing_for_a_blocked_port(self) -> None:
        assert asked(answer(200), url="https://api.example:22/") == []

    def test_a_cookie_goes_with_credentials_only(self) -> None:
        with_credentials, without = Server([answer(200)]), Server([answer(200)])
        check(ask(API, origin=PAGE, cookie="a=b", credentials="include"), with_credentials)
        check(ask(API, origin=PAGE, cookie="a=b"), without)
        assert with_credentials.requests[0].headers.get(b"Cookie") == b"a=b"
        assert without.requests[0].headers.get(b"Cookie") is None

    def test_no_cookie_for_another_host(self) -> None:
        server = Server(
            [
                answer(302, ALLOW, ("Access-Control-Allow-Credentials", "true"), ("Location", "https://b.example/")),
                answer(200),
            ]
        )
        check(ask(API, origin=PAGE, cookie="a=b", credentials="include"), server)
        assert [request.headers.get(b"Cookie") for request in server.requests] == [b"a=b", None]

    def test_the_body_goes_as_it_is_typed(self) -> None:
        server = Server([answer(200)])
        check(ask(API, origin=PAGE, method="POST", data="é\n"), server)
        assert server.requests[0].body == "é\n".encode()


@pytest.mark.parametrize("name", OUTCOMES)
def test_one_engine_answers(name: str) -> None:
    assert list(OUTCOMES[name]().results) == ["standard"]


@pytest.mark.parametrize("kind", TransportFailureKind)
def test_failures_are_results(kind: TransportFailureKind) -> None:
    found = check(ask(API, origin=PAGE), Server([failure(kind.value)]))
    assert found.failure == failure(kind.value)
    assert not found.allowed


def test_what_the_sender_raises_passes_through() -> None:
    class Interrupted:
        def send(self, request: object, /) -> Answer:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(ask(API, origin=PAGE), Interrupted())
