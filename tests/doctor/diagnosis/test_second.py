"""Second probes: few, harmless, never twice the same, and none where nobody answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crossorigin.doctor.diagnosis.second import MOST, SecondProbes
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL, parse_url

from ..conftest import ALLOW, API, PAGE, Answer, answer, failure  # noqa: TID252
from .cases import World, response, site


def url(text: str = API) -> URL:
    parsed = parse_url(text)
    assert parsed is not None
    return parsed


def probes(given_answer: Answer | None = None, *known: Exchange) -> tuple[SecondProbes, World]:
    world = World(site(given_answer or answer(204, ALLOW)))
    return SecondProbes(world, known), world


class TestWhatIsSent:
    """GET and preflights, as a browser sends them for a page, without anything that says who the user is."""

    def test_get(self) -> None:
        second, world = probes()
        assert second.get(url(), PAGE) == answer(204, ALLOW)
        [request] = world.requests
        assert (request.method, request.url.href, request.body) == (b"GET", API, None)
        assert request.headers == HeaderList.of(("Accept", "*/*"), ("Accept-Encoding", "identity"), ("Origin", PAGE))
        assert (request.role, request.include_credentials) == ("actual", False)

    def test_preflight(self) -> None:
        second, world = probes()
        second.preflight(url(), PAGE, b"PUT", [b"content-type", b"x-key"])
        [request] = world.requests
        assert (request.method, request.url.href, request.body) == (b"OPTIONS", API, None)
        assert request.headers == HeaderList.of(
            ("Accept", "*/*"),
            ("Accept-Encoding", "identity"),
            ("Origin", PAGE),
            ("Access-Control-Request-Method", "PUT"),
            # Without a space, as in the standard's algorithm.
            ("Access-Control-Request-Headers", "content-type,x-key"),
        )
        assert (request.role, request.include_credentials) == ("preflight", False)

    def test_preflight_for_a_method_alone(self) -> None:
        second, world = probes()
        second.preflight(url(), PAGE, b"PUT")
        assert not world.requests[0].headers.contains(b"Access-Control-Request-Headers")

    def test_get_as_an_element_does(self) -> None:
        second, world = probes()
        second.get(url(), None)
        assert world.requests[0].headers == HeaderList.of(("Accept", "*/*"), ("Accept-Encoding", "identity"))

    @given(st.lists(st.sampled_from(["get", "preflight"])), st.sampled_from([PAGE, "null"]))
    def test_nothing_else(self, calls: list[str], origin: str) -> None:
        second, world = probes()
        for number, call in enumerate(calls):
            target = url(f"{API}/{number}")
            _ = second.get(target, origin) if call == "get" else second.preflight(target, origin, b"DELETE", [b"x"])
        assert len(world.requests) == second.count == min(len(calls), MOST)
        for request in world.requests:
            assert request.method in {b"GET", b"OPTIONS"}
            names = {name.lower() for name in request.headers.names()}
            assert not names & {b"cookie", b"authorization", b"referer"}


class TestHowMany:
    """At most `MOST`; the same is asked once."""

    def test_no_more_than_six(self) -> None:
        second, world = probes()
        answers = [second.get(url(f"{API}/{number}"), PAGE) for number in range(8)]
        assert [each is not None for each in answers] == [True] * 6 + [False] * 2
        assert len(world.requests) == 6 == MOST

    def test_the_same_is_asked_once(self) -> None:
        second, world = probes()
        assert second.get(url(), PAGE) is second.get(url(), PAGE)
        assert len(world.requests) == second.count == 1

    def test_an_answer_of_before_is_there_after_the_last(self) -> None:
        second, _ = probes()
        first = second.get(url(), PAGE)
        for number in range(8):
            second.get(url(f"{API}/{number}"), PAGE)
        assert second.get(url(), PAGE) is first

    def test_origin_method_and_headers_make_another_question(self) -> None:
        second, _ = probes()
        second.preflight(url(), PAGE, b"PUT")
        second.preflight(url(), "https://b.example", b"PUT")
        second.preflight(url(), PAGE, b"DELETE")
        second.preflight(url(), PAGE, b"PUT", [b"x"])
        assert second.count == 4

    def test_without_a_sender_there_is_no_answer(self) -> None:
        second = SecondProbes(None)
        assert second.get(url(), PAGE) is None
        assert second.preflight(url(), PAGE, b"PUT") is None
        assert (second.are_possible, second.count) == (False, 0)
        assert probes()[0].are_possible


class TestNoAnswer:
    """A network that fails is no answer, but for the head of a response that broke off."""

    def test_failure(self) -> None:
        second, world = probes(failure())
        assert second.get(url(), PAGE) is None
        assert second.get(url(), PAGE) is None
        assert len(world.requests) == 1

    def test_the_head_of_a_response(self) -> None:
        head = response(answer(200, ALLOW))
        second, _ = probes(TransportFailure(TransportFailureKind.TOO_LARGE, "It was long.", head))
        assert second.get(url(), PAGE) is head


def known(*headers: tuple[str, str], method: bytes = b"GET") -> Exchange:
    request = HTTPRequest(method, url(), HeaderList.of(*headers), None, "actual", False)
    return Exchange(request, HTTPResponse(200, HeaderList.of(ALLOW)))


class TestWhatIsKnown:
    """What a browser has been answered is not asked again, and is not called a second probe."""

    def test_the_same_question(self) -> None:
        exchange = known(("Origin", PAGE), ("X-Key", "1"))
        second, world = probes(None, exchange)
        found = second.get(url(), PAGE)
        assert found is exchange.response
        assert found is not None
        assert second.mark(found) == ""
        assert world.requests == []

    def test_other_questions(self) -> None:
        for exchange in (known(("Origin", "null")), known(), known(("Origin", PAGE), method=b"POST")):
            second, world = probes(None, exchange)
            found = second.get(url(), PAGE)
            assert found is not None
            assert second.mark(found) == "second probe: "
            assert len(world.requests) == 1

    def test_without_origin(self) -> None:
        exchange = known()
        assert SecondProbes(None, [exchange]).get(url(), None) is exchange.response
        assert SecondProbes(None, [known(("Origin", PAGE))]).get(url(), None) is None

    def test_known_without_a_sender(self) -> None:
        exchange = known(("Origin", PAGE))
        assert SecondProbes(None, [exchange]).get(url(), PAGE) is exchange.response
