"""Asking the question: the engine over the real network, for each profile, and nothing sent twice."""

from __future__ import annotations

from collections.abc import Sequence

from crossorigin.browser.drive import Sender, run
from crossorigin.doctor.question import Question
from crossorigin.doctor.report import Report
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.profiles import ENGINES
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure, TransportFailureKind

__all__ = ["check"]


def check(
    question: Question, transport: Sender, profiles: Sequence[Profile] = ENGINES, addresses: Sequence[str] = ()
) -> Report:
    """Send what browsers would send, and report what each would make of the answers. Nothing is raised for them.

    Where browsers would send the same request it is sent once, so that all judge the same answers and a request that
    changes something changes it once. `addresses` are those that the URL's host resolves to, where they are known.
    """
    once = _Once(transport)
    results = {profile: run(fetch(question.request(), question.agent(profile)), once.again()) for profile in profiles}
    # What the standard says of the same answers; where it would have asked something else, nobody knows.
    standard = run(fetch(question.request(), question.agent(STANDARD)), once.again(network=False))
    is_known = standard.error is None or standard.error.code is not BlockCode.NO_RESPONSE
    return Report(question, results, standard if is_known else None, tuple(addresses))


class _Once:
    """A sender that remembers. The n-th time that a fetch asks the same it gets the n-th answer."""

    def __init__(self, transport: Sender) -> None:
        self._transport = transport
        self._answers: dict[HTTPRequest, list[HTTPResponse | TransportFailure]] = {}
        self._asked: dict[HTTPRequest, int] = {}
        self._network = True

    def again(self, *, network: bool = True) -> _Once:
        """Itself, for the next fetch, which begins to ask anew; without the network what is not known has no answer."""
        self._asked = {}
        self._network = network
        return self

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        """The answer of before, or else the network's."""
        answers = self._answers.setdefault(request, [])
        number = self._asked[request] = self._asked.get(request, 0) + 1
        if number > len(answers) and not self._network:
            return TransportFailure(TransportFailureKind.UNREACHABLE, "Nobody asked this.")
        if number > len(answers):
            answers.append(self._transport.send(request))
        return answers[number - 1]
