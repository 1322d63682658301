"""The generator: the same scenarios everywhere, all dimensions in 2,000 of them, about half of the calls allowed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from crossorigin.fetch import BlockCode

from . import values
from .distribution import ORIGINS, Distribution, distribution
from .fill import Origins, fill
from .generator import correct_scenario, scenario, scenarios
from .predict import predict
from .request_values import REQUEST_HEADERS
from .scenario import HOSTS, Reply, Scenario
from .scenario_json import as_json

SEED, COUNT = 1, 2000


@cache
def generated() -> tuple[Scenario, ...]:
    return tuple(scenarios(SEED, COUNT))


@cache
def reached() -> Distribution:
    return distribution(generated())


class TestDeterminism:
    """A scenario is its seed and its index, and nothing else."""

    def test_twice_the_same(self) -> None:
        again = tuple(scenarios(SEED, COUNT))
        assert again == generated()
        assert [each.notes for each in again] == [each.notes for each in generated()]

    def test_each_can_be_made_alone(self) -> None:
        for index in (0, 1, 17, 1999):
            assert scenario(SEED, index) == generated()[index]

    def test_another_process_with_another_hash_seed_makes_the_same(self) -> None:
        root = Path(__file__).parents[2]
        code = (
            "from tests.browsers.generator import scenarios; from tests.browsers.scenario_json import as_json\n"
            "print('\\n'.join(map(as_json, scenarios(1, 100))))"
        )
        path = os.pathsep.join([str(root), *sys.path])
        made = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert made.stdout.splitlines() == [as_json(each) for each in generated()[:100]]

    def test_another_seed_makes_others(self) -> None:
        assert [each.calls for each in scenarios(2, 50)] != [each.calls for each in generated()[:50]]

    def test_names_are_segments_and_differ(self) -> None:
        names = [each.name for each in generated()]
        assert names == [f"s{SEED}-{index}" for index in range(COUNT)]
        assert all(re.fullmatch(r"[A-Za-z0-9-]+", name) for name in names)


TABLES: dict[str, Iterable[object]] = {
    "ACAM": values.ALLOW_METHODS,
    "ACAH": values.ALLOW_HEADERS,
    "ACEH": values.EXPOSE_HEADERS,
    "max-age": values.MAX_AGE,
    "Location": values.LOCATIONS,
    "CORP": values.RESOURCE_POLICY,
    "Set-Cookie": values.SET_COOKIE,
    "response headers": values.RESPONSE_HEADERS,
    "request headers": REQUEST_HEADERS,
    "method": values.METHODS,
    "status": values.ACTUAL_STATUSES,
    "preflight status": values.PREFLIGHT_STATUSES,
    "body": ["none", *map(repr, values.BODIES)],
    "scheme": ["http", "https"],
    "frame": ["page", "sandboxed", "data"],
    "target": list(HOSTS),
    "api": ["fetch", "xhr", "xhr with upload listeners"],
    "withCredentials": [True, False],
    "mode": ["cors", "no-cors", "same-origin"],
    "credentials": ["omit", "same-origin", "include"],
    "credentials, not expected": ["omit", "same-origin", "include"],
    "credentials with a cookie": ["omit", "same-origin", "include"],
    "redirect mode": ["error", "manual"],
    "redirect status": [301, 302, 303, 307, 308],
    "redirect": ["same origin", "same site", "cross-site", "back to the page's origin"],
    "hops": [0, 1, 2, 3, 20, 21],
    "server": ["exact", "generous", "any"],
    "preflights": ["change their answer", "come right"],
    "asked again with another": [
        *("nothing", "method", "header added", "headers gone", "credentials", "query", "fragment")
    ],
}


class TestReach:
    """Every value of every table occurs, and every code that a scenario can be blocked by."""

    @pytest.mark.parametrize("dimension", TABLES)
    def test_dimension(self, dimension: str) -> None:
        missing = [label for label in TABLES[dimension] if not reached().labels[f"{dimension}: {label}"]]
        assert missing == []

    @pytest.mark.parametrize(
        ("dimension", "table"), [("ACAO", values.ALLOW_ORIGIN), ("ACAC", values.ALLOW_CREDENTIALS)]
    )
    def test_on_the_preflight_or_the_response(self, dimension: str, table: dict[str, values.Fields]) -> None:
        labels = reached().labels
        missing = [
            label
            for label in table
            if not labels[f"{dimension}: {label}"] + labels[f"{dimension} of the preflight: {label}"]
        ]
        assert missing == []
        on_preflights = [label for label in table if labels[f"{dimension} of the preflight: {label}"]]
        assert len(on_preflights) > len(table) * 0.8

    def test_codes(self) -> None:
        # No scenario has a streamed body.
        wanted = {code.value for code in BlockCode if code.value[1] in "234"} - {BlockCode.REDIRECT_STREAM.value}
        assert wanted - reached().codes.keys() == set()

    def test_about_half_of_the_calls_are_allowed(self) -> None:
        assert 0.4 < reached().allowed < 0.6

    def test_no_code_takes_a_tenth(self) -> None:
        calls = reached().calls
        assert [code for code, count in reached().codes.items() if code[0] == "B" and count > calls / 10] == []

    def test_some_have_several_calls(self) -> None:
        assert {len(each.calls) for each in generated()} == {1, 2, 3}


class TestCorrect:
    """Without a mutation, CORS blocks nothing: what the draft takes for right is right."""

    def test_nothing_is_blocked_but_by_the_question_itself(self) -> None:
        blocked = []
        for index in range(COUNT):
            made = correct_scenario(SEED, index)
            predicted = predict(made, origins(made))
            code = predicted.codes[0]
            if code in {BlockCode.MODE_SAME_ORIGIN, BlockCode.TOO_MANY_REDIRECTS} or not predicted.outcomes[0].blocked:
                continue
            if code is None and (
                made.calls[0].method.upper() in {"TRACE", "CONNECT"} or made.calls[0].mode == "no-cors"
            ):
                continue
            blocked.append((made.name, code, made.notes))
        assert blocked == []

    def test_mode_same_origin_blocks_only_what_is_not(self) -> None:
        for index in range(COUNT):
            made = correct_scenario(SEED, index)
            if predict(made, origins(made)).codes[0] is BlockCode.MODE_SAME_ORIGIN:
                assert made.calls[0].mode == "same-origin"


class TestData:
    """What a server and a browser must be able to do with every scenario."""

    def test_every_reply_keeps_the_http_cache_out(self) -> None:
        for each in generated():
            for reply in replies(each):
                assert ("Cache-Control", "no-store") in reply.headers, each.name

    def test_texts_can_be_sent(self) -> None:
        for each in generated():
            for reply in replies(fill(each, origins(each))):
                reply.body.encode("ascii")
                for name, value in reply.headers:
                    assert re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", name)
                    assert not re.search("[\r\n\0]", value.encode("latin-1").decode("latin-1"))
                if reply.status in {204, 304}:
                    assert reply.body == ""

    def test_no_place_and_no_word_is_left(self) -> None:
        place = re.compile(r"\{(?:page|own|port|sibling|foreign|other|scheme|id)|<\w+>")
        for each in generated():
            filled = fill(each, origins(each))
            texts = [value for reply in replies(filled) for _, value in reply.headers]
            texts += [call.url for call in filled.calls]
            assert [text for text in texts if place.search(text)] == [], each.name

    def test_no_status_makes_a_browser_act_by_itself(self) -> None:
        for each in generated():
            for reply in replies(each):
                assert reply.status not in {*range(200), 205, 407, 408, 416, 421, 425}
                assert all(name.lower() != "www-authenticate" for name, _ in reply.headers)

    def test_cookies_stay_with_their_scenario(self) -> None:
        for each in generated():
            for reply in replies(each):
                for name, value in reply.headers:
                    if name == "Set-Cookie":
                        assert value.partition("=")[0].endswith("-{id}")


def replies(of: Scenario) -> list[Reply]:
    return [reply for answer in of.answers for reply in (answer.actual, *answer.preflights)]


def origins(of: Scenario) -> Origins:
    return {role: origin.replace("http:", f"{of.scheme}:") for role, origin in ORIGINS.items()}
