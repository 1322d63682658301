"""The corpus: every server is broken as its scenario says, and the doctor finds out why.

What the doctor does not find out stands in `MISSED`; there is room in it for one in twenty.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urlsplit

import pytest
import trustme
from tests.field.scenario import Call, Scenario
from tests.field.scenarios import GROUPS, SCENARIOS

from crossorigin.browser.drive import Sender
from crossorigin.browser.transport import SyncTransport
from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.check import check
from crossorigin.doctor.diagnosis import Cause, diagnose
from crossorigin.doctor.report import Report
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure

HIGH = 0.8
"""From here on the doctor says that it is sure."""
MOST_PROBES = 6

MISSED: dict[str, str] = {}
"""Scenario → what the doctor says instead, and why."""

NOT_REPRODUCED: dict[CauseCode, str] = {
    CauseCode.EXTENSION: "an extension of somebody's browser; no server sees it",
    CauseCode.CONTENT_SECURITY_POLICY: "the page's own policy, which no question tells",
    CauseCode.WEBSOCKET: "a ws: URL, which no question takes",
    CauseCode.PREFLIGHT_CACHE: "a browser that remembers what a server said before it was mended",
    CauseCode.SWITCHED_OFF: "a browser that was started with a flag; no server sees it",
    CauseCode.JSONP: "a cure that was found elsewhere, beside whatever the cause is",
}
"""Causes that are nobody's first on loopback, and why."""


class Counting:
    """A sender that remembers what it was asked."""

    def __init__(self, sender: Sender) -> None:
        self.requests: list[HTTPRequest] = []
        self._sender = sender

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        self.requests.append(request)
        return self._sender.send(request)


@dataclass
class Asked:
    """One call: what the check found, and what the doctor says of it with its second probes."""

    report: Report
    causes: tuple[Cause, ...]
    probes: list[HTTPRequest]


@dataclass
class Field:
    """Every call of a corpus is asked once in a run."""

    trust: ssl.SSLContext
    asked: dict[str, Asked] = field(default_factory=dict)

    def ask(self, call: Call, ports: Mapping[str, int]) -> Asked:
        if call.name not in self.asked:
            question = call.question(ports)
            for origin in call.before:
                ask_before(question.url.href, ports[call.site], origin)
            with SyncTransport(call.options(ports, self.trust)) as transport:
                report = check(question, transport, addresses=call.addresses)
                counting = Counting(transport)
                self.asked[call.name] = Asked(report, diagnose(report, counting), counting.requests)
        return self.asked[call.name]


def ask_before(url: str, port: int, origin: str | None) -> None:
    """What another page asked before, or nobody's page."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Host": parts.netloc} | ({"Origin": origin} if origin else {})
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers)
        connection.getresponse().read()
    finally:
        connection.close()


@pytest.fixture(scope="session")
def the_field(authority: trustme.CA) -> Field:
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return Field(trust)


def _each(scenario: Scenario) -> object:
    return pytest.param(scenario, id=scenario.name, marks=pytest.mark.xdist_group(GROUPS[scenario.server]))


@pytest.fixture(params=[_each(scenario) for scenario in SCENARIOS])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    found: Scenario = request.param
    return found


@pytest.fixture
def asked(scenario: Scenario, the_field: Field, request: pytest.FixtureRequest) -> Asked:
    return the_field.ask(scenario, request.getfixturevalue(scenario.server))


def wire(report: Report) -> str:
    """What went over the wire for the result that is shown, in order."""
    return ", ".join(
        f"{each.request.method.decode()} {each.response.status if each.response else '-'}"
        for each in report.main.exchanges
    )


class TestScenarios:
    """What the table promises."""

    def test_there_are_enough(self) -> None:
        assert len(SCENARIOS) >= 70
        assert Counter(each.name for each in SCENARIOS).most_common(1)[0][1] == 1

    def test_every_cause_is_there_that_can_be(self) -> None:
        first = {scenario.cause for scenario in SCENARIOS}
        assert first | NOT_REPRODUCED.keys() == set(CauseCode)
        assert not first & NOT_REPRODUCED.keys()

    def test_common_causes_come_in_several_ways_from_different_servers(self) -> None:
        common = {"C301", "C302", "C401", "C402", "C403", "C404", "C405", "C406", "C407", "C408", "C409"}
        for code in sorted(common | {"C501", "C502", "C504"}):
            ways = [scenario for scenario in SCENARIOS if scenario.cause.value == code]
            assert len(ways) >= 4, code
            assert len({scenario.site.partition("-")[0] for scenario in ways}) >= 3, code

    def test_imitations_are_few(self) -> None:
        assert sum(scenario.imitation for scenario in SCENARIOS) <= len(SCENARIOS) / 10


class TestServers:
    """The breakage is there, as the browser's half of this project sees it."""

    def test_it_is_broken_so(self, scenario: Scenario, asked: Asked) -> None:
        report = asked.report
        block = report.main.error.code if report.main.error else None
        assert (wire(report), block, report.allowed) == (scenario.wire, scenario.block, scenario.allowed)


class TestDoctor:
    """What the doctor makes of it."""

    def test_the_first_cause_is_the_right_one(self, scenario: Scenario, asked: Asked) -> None:
        first = asked.causes[0].code if asked.causes else None
        if scenario.name in MISSED:
            assert first != scenario.cause, "it is found out by now; take it out of MISSED"
        else:
            assert first == scenario.cause, _said(asked)

    def test_what_is_missed_is_one_in_twenty_at_most(self) -> None:
        assert len(MISSED) <= 0.05 * len(SCENARIOS)
        assert MISSED.keys() <= {scenario.name for scenario in SCENARIOS}

    def test_it_is_never_sure_of_what_is_wrong(self, scenario: Scenario, asked: Asked) -> None:
        wrong = [
            cause
            for cause in asked.causes
            if cause.confidence >= HIGH and cause.code not in {scenario.cause, *scenario.also}
        ]
        assert wrong == []

    def test_second_probes_are_few_and_change_nothing(self, asked: Asked) -> None:
        assert len(asked.probes) <= MOST_PROBES
        assert {probe.method for probe in asked.probes} <= {b"GET", b"HEAD", b"OPTIONS"}
        assert all(probe.body is None for probe in asked.probes)

    def test_without_a_sender_nothing_is_sent(self, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> NoReturn:
            raise AssertionError("the doctor opened a connection")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        monkeypatch.setattr(SyncTransport, "send", refuse)
        diagnose(asked.report)


def _said(asked: Asked) -> str:
    """What the doctor says, for whoever reads a failure."""
    lines = [f"{wire(asked.report)}; {len(asked.probes)} second probes"]
    for cause in asked.causes:
        lines.append(f"{cause.code.value} {cause.code.name} {cause.confidence:.2f}")
        lines += [f"    {line}" for line in cause.evidence]
    return "\n".join(lines)
