"""Other answers of the server that failed: what they say of CORS, and which are asked for."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.doctor.diagnosis.case import Case
from crossorigin.doctor.diagnosis.second import SecondProbes
from crossorigin.doctor.diagnosis.siblings import Sibling, by_origin, sibling
from crossorigin.fetch.wire import HTTPResponse

from ..conftest import ALLOW, ALLOW_ALL, API, PAGE, VARY, Answer, answer, report  # noqa: TID252
from .cases import ALLOW_PUT, Handler, World, site

ROOT = "https://api.example/"
ABOVE = "https://api.example/users"
ALLOWED = f"`Access-Control-Allow-Origin: {PAGE}`"


def found(
    *answers: Answer, asked: Handler | None = None, **question: Any
) -> tuple[Sibling | None, list[tuple[bytes, str]]]:
    """The sibling of a call that was answered like this, and the second probes for it."""
    world = World(asked or site(answer(404)))
    case = Case(report(*answers, **question), SecondProbes(world))
    assert case.failing is not None
    other = sibling(case, case.failing)
    return other, [(request.method, request.url.href) for request in world.requests]


class TestKnownAnswers:
    """What the browser got already; nothing is asked then."""

    def test_the_preflight(self) -> None:
        granted = answer(204, ALLOW, ALLOW_PUT, reason=b"No Content")
        other, probes = found(granted, answer(200), method="PUT")
        evidence = f"OPTIONS {API} was answered 204 No Content with {ALLOWED}"
        assert other == Sibling(evidence, is_preflight=True, is_probe=False, gives_leave=True)
        assert probes == []

    def test_a_redirect_before(self) -> None:
        other, probes = found(answer(302, ALLOW_ALL, ("Location", "/b")), answer(200))
        evidence = f"GET {API} was answered 302 with `Access-Control-Allow-Origin: *`"
        assert other == Sibling(evidence, is_preflight=False, is_probe=False, gives_leave=True)
        assert probes == []

    def test_of_another_server_says_nothing(self) -> None:
        other, _ = found(answer(302, ALLOW_ALL, ("Location", "https://cdn.example/")), answer(200))
        assert other is None


class TestSecondProbes:
    """A preflight for the same, then the path above, then the root."""

    def test_the_preflight(self) -> None:
        other, probes = found(answer(200), asked=site(OPTIONS=answer(204, ALLOW)), method="POST")
        evidence = f"second probe: a preflight for POST was answered 204 with {ALLOWED}"
        assert other == Sibling(evidence, is_preflight=True, is_probe=True, gives_leave=True)
        # No fresh URL for a POST, and nothing more once there is leave.
        assert probes == [(b"OPTIONS", API)]

    def test_the_root(self) -> None:
        other, probes = found(answer(500), asked=site(OPTIONS=answer(405), GET=answer(200, ALLOW)), url=ABOVE)
        evidence = f"second probe: GET {ROOT} was answered 200 with {ALLOWED}"
        assert other == Sibling(evidence, is_preflight=False, is_probe=True, gives_leave=True)
        assert probes == [(b"OPTIONS", ABOVE), (b"GET", ROOT)]

    def test_the_path_above_comes_before_it(self) -> None:
        there = site(GET=lambda request: answer(404) if request.url.path == "/" else answer(200, ALLOW))
        other, probes = found(answer(500), asked=site(there, OPTIONS=answer(405)), url=f"{API}?page=2")
        assert other is not None
        assert other.evidence == f"second probe: GET {ABOVE} was answered 200 with {ALLOWED}"
        assert probes == [(b"OPTIONS", f"{API}?page=2"), (b"GET", ABOVE)]

    @pytest.mark.parametrize(
        ("path", "asked"),
        [
            ("/a/b/7", ["/a/b", "/"]),
            ("/a/b/", ["/a", "/"]),
            ("/items", ["/"]),
            # Read as a URL, `//a` would be another host's.
            ("//a/7", ["/"]),
        ],
    )
    def test_paths_above(self, path: str, asked: list[str]) -> None:
        probes = found(answer(500), url=f"https://api.example{path}")[1]
        assert probes[1:] == [(b"GET", f"https://api.example{each}") for each in asked]

    def test_the_root_is_not_asked_for_itself(self) -> None:
        assert found(answer(500), url=ROOT) == (None, [(b"OPTIONS", ROOT)])

    def test_a_preflight_that_is_known_is_not_asked_again(self) -> None:
        granted = answer(204, ALLOW, ALLOW_PUT)
        assert found(granted, answer(302, ALLOW, ("Location", "/b")), answer(200), method="PUT")[1] == []


class TestWithoutAsking:
    """Only what is known."""

    def test_known(self) -> None:
        world = World(site(answer(200, ALLOW)))
        redirected = report(answer(302, ALLOW_ALL, ("Location", "/b")), answer(200))
        for blocked, is_known in ((redirected, True), (report(answer(200)), False)):
            case = Case(blocked, SecondProbes(world))
            assert case.failing is not None
            assert (sibling(case, case.failing, asks=False) is not None) == is_known
        assert world.requests == []


class TestSigns:
    """CORS is known there, and gives this origin no leave."""

    def test_of_the_preflight(self) -> None:
        refusal = answer(204, VARY, ("Access-Control-Allow-Methods", "GET"))
        other, _ = found(answer(200), asked=site(OPTIONS=refusal, GET=answer(404)))
        evidence = (
            "second probe: a preflight for GET was answered 204, and something there knows CORS: it sends "
            "`Access-Control-Allow-Methods: GET`"
        )
        assert other == Sibling(evidence, is_preflight=True, is_probe=True, gives_leave=False)

    def test_of_the_root(self) -> None:
        there = site(GET=lambda request: answer(200, VARY) if request.url.path == "/" else answer(404))
        other, _ = found(answer(200), asked=site(there, OPTIONS=answer(404)))
        evidence = f"second probe: GET {ROOT} was answered 200, and something there knows CORS: it sends `Vary: Origin`"
        assert other == Sibling(evidence, is_preflight=False, is_probe=True, gives_leave=False)

    def test_past_a_cache(self) -> None:
        other, _ = found(answer(200), asked=site(OPTIONS=answer(404), GET=answer(200, VARY)))
        evidence = (
            "second probe: under a URL that no cache knows it was answered 200, and something there knows CORS: it "
            "sends `Vary: Origin`"
        )
        assert other == Sibling(evidence, is_preflight=False, is_probe=True, gives_leave=False)

    def test_leave_counts_for_more(self) -> None:
        other, _ = found(answer(200), asked=site(OPTIONS=answer(204, VARY), GET=answer(200, ALLOW)))
        assert other is not None
        assert other.gives_leave

    def test_none(self) -> None:
        assert found(answer(200), asked=site(answer(200)))[0] is None


class TestByOrigin:
    """Who is refused for their Origin: without one the same call is answered."""

    @staticmethod
    def said(status: int, plain: int, **question: Any) -> str | None:
        world = World(lambda request: answer(plain))
        case = Case(report(answer(status), **question), SecondProbes(world))
        assert case.failing is not None
        assert isinstance(case.failing.response, HTTPResponse)
        return by_origin(case, case.failing, case.failing.response)

    def test_it_is(self) -> None:
        assert (
            self.said(403, 200) == "second probe: GET without Origin was answered 200: it is the origin that is refused"
        )

    @pytest.mark.parametrize(("status", "plain"), [(403, 403), (403, 401), (404, 200), (401, 200), (200, 200)])
    def test_it_is_not(self, status: int, plain: int) -> None:
        assert self.said(status, plain) is None

    def test_a_call_that_changes_something_is_not_compared_with_a_get(self) -> None:
        assert self.said(403, 200, method="POST") is None

    def test_a_page_without_origin(self) -> None:
        assert self.said(403, 200, origin="null") is None
