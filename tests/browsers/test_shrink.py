"""The shrinker finds the known minimum of planted bugs, in rounds, and asks for each scenario once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from crossorigin.browser.real.call import Call
from crossorigin.fetch import BlockCode, Profile

from .distribution import ORIGINS
from .generator import scenarios
from .predict import predict
from .scenario import Answer, Reply, Scenario
from .scenario_json import as_json
from .shrink import shrink


def each(differs: Callable[[Scenario], bool]) -> Callable[[Sequence[Scenario]], list[bool]]:
    return lambda candidates: [differs(candidate) for candidate in candidates]


def size(scenario: Scenario) -> int:
    return len(as_json(Scenario("", scenario.calls, scenario.answers, scenario.scheme, scenario.frame)))


def first(differs: Callable[[Scenario], bool], count: int = 2000) -> Scenario:
    """The largest of the first scenarios that differ."""
    return max((scenario for scenario in scenarios(1, count) if differs(scenario)), key=size)


class TestPlantedBugs:
    """A bug of which the least scenario is known."""

    def test_a_request_header(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return any(name == "Range" for call in scenario.calls for name, _ in call.headers)

        small = shrink(first(differs), each(differs))
        assert (len(small.calls), small.answers, small.scheme, small.frame) == (1, (Answer(),), "http", "page")
        (call,) = small.calls
        assert call == Call(url=call.url, headers=(("Range", ""),))

    def test_a_long_value(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return any(len(value) > 128 for call in scenario.calls for _, value in call.headers)

        (call,) = shrink(first(differs), each(differs)).calls
        assert [len(value) for _, value in call.headers] == [129]

    def test_a_method_and_credentials_of_a_later_call(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return len(scenario.calls) > 1 and scenario.calls[1].credentials == "include"

        small = shrink(first(differs), each(differs))
        assert small.calls == (Call(url=small.calls[0].url), Call(url=small.calls[1].url, credentials="include"))

    def test_a_field_of_a_reply(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return any(("Access-Control-Max-Age", "abc") in answer.preflights[0].headers for answer in scenario.answers)

        small = shrink(first(differs), each(differs))
        # The field that keeps the HTTP cache out is not shrunk away, and a plain 200 is the shorter text.
        assert small.answers == (
            Answer(Reply(), (Reply(200, (("Cache-Control", "no-store"), ("Access-Control-Max-Age", "abc"))),)),
        )

    def test_a_frame_and_a_scheme(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return scenario.frame == "data" and scenario.scheme == "https"

        small = shrink(first(differs), each(differs))
        url = small.calls[0].url
        assert small == Scenario(small.name, (Call(url=url),), scheme="https", frame="data")


class TestByTheEngine:
    """Differences between two predictions, as they will be between prediction and browser."""

    def test_the_preflight_cache(self) -> None:
        # A browser that forgets at once, beside the standard. Without redirects, for one call in a circle would do.
        def differs(scenario: Scenario) -> bool:
            if len(scenario.answers) > 1:
                return False
            forgets = predict(scenario, ORIGINS, Profile(name="forgets", max_age_limit=0))
            return predict(scenario, ORIGINS).requests != forgets.requests

        small = shrink(first(differs), each(differs))
        assert differs(small)
        # Two equal calls that need leave, and a preflight that gives it: nothing can go.
        assert len(small.calls) == 2
        assert len(small.answers) == 1
        assert small.calls[0] == small.calls[1]
        assert len(small.calls[0].headers) + (small.calls[0].method != "GET") == 1
        assert size(small) < 450

    def test_a_tainted_origin(self) -> None:
        def differs(scenario: Scenario) -> bool:
            return BlockCode.ORIGIN_TAINTED in predict(scenario, ORIGINS).codes

        small = shrink(first(differs), each(differs))
        assert differs(small)
        assert len(small.calls) == 1
        assert len(small.answers) == 2
        assert small.calls[0].headers == ()

    @pytest.mark.parametrize("code", [BlockCode.TOO_MANY_REDIRECTS, BlockCode.LOCATION_CREDENTIALS_TAINTED])
    def test_redirects(self, code: BlockCode) -> None:
        def differs(scenario: Scenario) -> bool:
            return code in predict(scenario, ORIGINS).codes

        big = first(differs)
        small = shrink(big, each(differs))
        assert differs(small)
        assert size(small) < size(big)
        assert len(small.calls) == 1


def test_candidates_have_names_of_their_own_and_the_result_has_the_first() -> None:
    names: list[str] = []

    def differ(candidates: Sequence[Scenario]) -> list[bool]:
        names.extend(candidate.name for candidate in candidates)
        return [len(candidate.calls[0].headers) > 0 for candidate in candidates]

    big = next(scenario for scenario in scenarios(1, 100) if len(scenario.calls[0].headers) > 3)
    small = shrink(big, differ)
    assert len(set(names)) == len(names)
    assert big.name not in names
    assert (small.name, small.notes) == (big.name, big.notes)


def test_rounds_are_bounded_and_each_asks_at_once() -> None:
    rounds: list[int] = []

    def differ(candidates: Sequence[Scenario]) -> list[bool]:
        rounds.append(len(candidates))
        return [False] * (len(candidates) - 1) + [True]

    big = next(scenario for scenario in scenarios(1, 100) if len(scenario.calls[0].headers) > 3)
    shrink(big, differ, rounds=5)
    assert len(rounds) == 5


def test_what_cannot_be_smaller_stays() -> None:
    big = next(scenarios(1, 1))
    assert shrink(big, each(lambda _: False)) == big


def test_every_taken_step_is_smaller() -> None:
    sizes: list[int] = []

    def differ(candidates: Sequence[Scenario]) -> list[bool]:
        sizes.append(size(candidates[-1]))
        return [False] * (len(candidates) - 1) + [True]

    shrink(next(scenarios(5, 1)), differ, rounds=1000)
    assert sizes == sorted(sizes, reverse=True)
