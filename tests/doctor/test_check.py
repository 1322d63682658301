"""The engine driven by a sender: what is asked, in which order, and that nothing escapes."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.check import check
from crossorigin.doctor.question import ask
from crossorigin.fetch import CHROMIUM, FIREFOX, STANDARD, WEBKIT
from crossorigin.fetch.wire import HTTPRequest, TransportFailureKind

from .conftest import ALLOW, ALLOW_ALL, API, JSON, PAGE, Answer, Server, answer, failure


def asked(*answers: Answer, url: str = API, origin: str = PAGE, **question: Any) -> list[str]:
    server = Server(list(answers))
    check(ask(url, origin=origin, **question), server, [STANDARD])
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


class TestEngines:
    """Each judges for itself, and what they have in common goes over the network once."""

    def test_all_three_by_default(self) -> None:
        assert list(check(ask(API, origin=PAGE), Server([answer(200)])).results) == [CHROMIUM, FIREFOX, WEBKIT]

    def test_what_changes_something_is_sent_once(self) -> None:
        granted = answer(
            204, ALLOW, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "content-type")
        )
        server = Server([granted, answer(200, ALLOW)])
        assert check(ask(API, origin=PAGE, **JSON), server).allowed
        assert [request.method for request in server.requests] == [b"OPTIONS", b"PUT"]

    def test_the_second_time_is_another_time(self) -> None:
        # Redirected to itself, and only the second answer lets script read: each engine must be told both, in order.
        server = Server([answer(302, ALLOW, ("Location", "/users/42")), answer(200, ALLOW), answer(500)])
        assert check(ask(API, origin=PAGE), server).allowed
        assert len(server.requests) == 2

    def test_what_differs_is_sent_for_itself(self) -> None:
        methods = ("Access-Control-Allow-Methods", "PUT")
        away = answer(307, ALLOW_ALL, ("Location", "https://cdn.example/users/42"))

        class Echo(Server):
            def send(self, request: HTTPRequest, /) -> Answer:
                self.requests.append(request)
                if request.method == b"PUT" and request.url.href == API:
                    return away
                return answer(204, ("Access-Control-Allow-Origin", request.headers.get(b"Origin") or b""), methods)

        server = Echo([])
        found = check(ask(API, origin=PAGE, method="PUT"), server)
        assert found.allowed
        # Firefox alone names the page in the preflight after the redirect.
        origins = [(request.method, request.headers.get(b"Origin")) for request in server.requests[2:]]
        assert origins == [(b"OPTIONS", b"null"), (b"PUT", b"null"), (b"OPTIONS", PAGE.encode())]

    def test_they_may_part(self) -> None:
        # The status is fine, the origin is not: WebKit looks at the status first, and both end at the origin.
        found = check(ask(API, origin=PAGE, method="PUT"), Server([answer(500)]))
        assert [str(result.error.code) for result in found.results.values() if result.error] == ["B201", "B201", "B210"]

    def test_the_standard_is_asked_nothing_of_its_own(self) -> None:
        granted = answer(204, ALLOW, ("Access-Control-Allow-Headers", "*"))
        server = Server([granted, answer(200, ALLOW)])
        found = check(ask(API, origin=PAGE, headers=["Authorization: x"]), server)
        assert len(server.requests) == 2
        assert found.allowed
        assert found.standard is not None
        assert found.standard.error is not None
        assert found.standard.error.code == "B240"

    def test_what_the_standard_would_have_asked_is_not_guessed(self) -> None:
        # Firefox sends nine safelisted values of 128 bytes unasked; the standard would have sent a preflight.
        server = Server([answer(200, ALLOW)])
        found = check(ask(API, origin=PAGE, headers=["Accept: " + "a" * 128] * 9), server, [FIREFOX])
        assert found.allowed
        assert found.standard is None


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
