"""Black-box proof that a running server does what a policy says: the same calls to both, judged by one browser.

Each probe is a fetch of the standard's engine, once over the network and once against the policy's own decisions; what
counts is what a browser would send and let script read. Only GET and OPTIONS go to the server: any other call counts as
answered and readable as soon as its preflight is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossorigin.browser.drive import Sender, run
from crossorigin.doctor.probes import Probe, probes_of
from crossorigin.fetch.agent import UserAgent
from crossorigin.fetch.construct import fetch_request
from crossorigin.fetch.main_fetch import fetch
from crossorigin.fetch.max_age import max_age
from crossorigin.fetch.request import Client
from crossorigin.fetch.response import FetchResult, Response
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.policy.decide import decide
from crossorigin.policy.facts import RequestFacts
from crossorigin.policy.merge import merge
from crossorigin.policy.policy import Policy
from crossorigin.policy.preflight import SAFELISTED_METHODS
from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import parse_origin, same_origin
from crossorigin.web.url import URL

__all__ = ["Difference", "Verification", "verify"]

_ALLOW_ORIGIN = b"Access-Control-Allow-Origin"


@dataclass(frozen=True, slots=True)
class Difference:
    """A probe whose answer is not the policy's: what the policy says, and what the server did."""

    probe: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.probe}: expected {self.expected}; got {self.got}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The names of the probes that were sent, what differed, and why there was no answer, if there was none."""

    names: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    failure: str | None = None

    @property
    def probes(self) -> int:
        """How many were sent."""
        return len(self.names)

    @property
    def agrees(self) -> bool:
        """Whether the server does what the policy says."""
        return self.failure is None and not self.differences


def verify(urls: Sequence[URL], policy: Policy, transport: Sender) -> Verification:
    """Ask the server at these URLs all that tells whether it keeps the policy; the first URL is asked most.

    It stops at the first request that gets no HTTP answer.
    """
    found: list[Difference] = []
    names: list[str] = []
    for probe in probes_of(policy, len(urls)):
        url = urls[probe.path]
        if probe.origin is not None and same_origin(parse_origin(probe.origin), url.origin):
            continue  # to a browser this is no CORS request
        names.append(probe.name)
        remote = _Remote(transport)
        ours = _Ours(policy)
        got, expected = _call(probe, url, remote), _call(probe, url, ours)
        if remote.failure is not None:
            return Verification(tuple(names), tuple(found), remote.failure.detail)
        found += _compare(probe, policy, (expected, ours), (got, remote))
    return Verification(tuple(names), tuple(dict.fromkeys(found)))


class _Ours:
    """A server that does exactly what the policy says, in this process."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.preflight: HTTPResponse | None = None
        self.actual: HTTPResponse | None = None
        self.reached = False
        """Whether the call itself was sent, for want of a preflight or with its leave."""

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        if request.role != "preflight" and request.method != b"GET":
            self.reached = True
            return _granted(request)
        answer = self._answer(request)
        if request.role == "preflight":
            self.preflight = answer
        else:
            self.actual, self.reached = answer, True
        return answer

    def _answer(self, request: HTTPRequest) -> HTTPResponse:
        facts = RequestFacts.from_headers(request.method, request.headers)
        decision = decide(self.policy, facts)
        if decision.status is not None:
            return HTTPResponse(decision.status, HeaderList(decision.response_headers))
        return HTTPResponse(200, HeaderList(merge([], decision.headers, decision.vary)))


class _Remote:
    """The server that is asked; remembers the answers, and sends nothing that could change anything."""

    def __init__(self, transport: Sender) -> None:
        self._transport = transport
        self.preflight: HTTPResponse | None = None
        self.actual: HTTPResponse | None = None
        self.reached = False
        self.failure: TransportFailure | None = None

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        if request.role != "preflight" and request.method != b"GET":
            self.reached = True
            return _granted(request)
        answer = self._transport.send(request)
        if isinstance(answer, TransportFailure):
            if answer.partial is None:
                self.failure = answer
                return answer
            answer = answer.partial  # a body that ends early has told all that matters here
        if request.role == "preflight":
            self.preflight = answer
        else:
            self.actual, self.reached = answer, True
        return answer


def _granted(request: HTTPRequest) -> HTTPResponse:
    """The answer to a call that is not sent, because it could change something: its preflight alone is judged."""
    origin = request.headers.get(b"Origin") or b""
    return HTTPResponse(200, HeaderList([(_ALLOW_ORIGIN, origin), (b"Access-Control-Allow-Credentials", b"true")]))


def _call(probe: Probe, url: URL, sender: _Ours | _Remote) -> FetchResult | None:
    """What a page gets of its call; None for a request without Origin, which no page's call is."""
    if probe.origin is None:
        sender.send(HTTPRequest(b"GET", url, HeaderList(), None, "actual", include_credentials=False))
        return None
    request = fetch_request(
        url,
        Client(parse_origin(probe.origin)),
        method=probe.method.encode("ascii"),
        headers=[(name.encode("ascii"), b"1") for name in probe.headers],
        credentials="include" if probe.credentials else "omit",
        redirect="error",
    )
    return run(fetch(request, UserAgent(allows_mixed_content=True)), sender)


def _compare(
    probe: Probe,
    policy: Policy,
    expected: tuple[FetchResult | None, _Ours],
    got: tuple[FetchResult | None, _Remote],
) -> Iterator[Difference]:
    (theirs, ours), (result, remote) = expected, got
    may, can = _is_readable(theirs), _is_readable(result)
    if may != can:
        yield Difference(probe.name, _verdict(theirs), _verdict(result))
    elif ours.preflight is not None and ours.reached != remote.reached:
        # Unreadable either way; but the call itself is what a preflight keeps from a server.
        passed, other = ("allowed", "denied") if ours.reached else ("denied", "allowed")
        yield Difference(probe.name, f"a preflight that is {passed}", f"one that is {other}")
    if ours.preflight is not None and remote.preflight is not None and may and can:
        yield from _compare_grants(probe, policy, ours.preflight, remote.preflight)
    if ours.actual is not None and remote.actual is not None and probe.method == "GET":
        if may and can and probe.origin is not None:
            yield from _compare_exposed(probe, ours.actual, remote.actual)
        yield from _compare_vary(probe, policy, remote.actual)


def _is_readable(result: FetchResult | None) -> bool:
    return result is not None and isinstance(result.response, Response)


def _verdict(result: FetchResult | None) -> str:
    if result is None or result.error is None:
        return "allowed"
    return f"denied [{result.error.code}]"


def _compare_grants(probe: Probe, policy: Policy, ours: HTTPResponse, theirs: HTTPResponse) -> Iterator[Difference]:
    """A preflight's answer is remembered: what it names beyond the question counts too."""
    known = {name.encode("ascii") for name in policy.allow_methods} | set(SAFELISTED_METHODS)
    extra = _members(theirs, b"Access-Control-Allow-Methods") - known
    if extra and b"*" not in known:
        yield Difference(probe.name, f"methods of {_shown(known)}", f"{_shown(extra)} granted as well")
    safe = {b"accept", b"accept-language", b"content-language", b"range"}
    names = {name.encode("ascii") for name in policy.allow_headers} | safe
    more = {name.lower() for name in _members(theirs, b"Access-Control-Allow-Headers")} - names
    if more and b"*" not in names:
        yield Difference(probe.name, f"headers of {_shown(names - safe)}", f"{_shown(more)} granted as well")
    wanted, seconds = max_age(ours.headers), max_age(theirs.headers)
    if wanted != seconds:
        yield Difference(probe.name, f"an answer to remember for {wanted} s", f"{seconds} s")


def _compare_exposed(probe: Probe, ours: HTTPResponse, theirs: HTTPResponse) -> Iterator[Difference]:
    name = b"Access-Control-Expose-Headers"
    wanted = {each.lower() for each in _members(ours, name)}
    got = {each.lower() for each in _members(theirs, name)}
    if wanted != got:
        yield Difference(probe.name, f"response headers exposed: {_shown(wanted)}", _shown(got))


def _compare_vary(probe: Probe, policy: Policy, theirs: HTTPResponse) -> Iterator[Difference]:
    """A cache that is not told gives one page's leave, or its refusal, to another."""
    if policy.compiled.vary:
        members = {each.lower() for each in theirs.headers.get_decode_split(b"Vary") or ()}
        if not members & {"origin", "*"}:
            yield Difference(
                probe.name, "Vary: Origin", f"Vary: {', '.join(sorted(members))}" if members else "no Vary"
            )
    elif theirs.headers.get(_ALLOW_ORIGIN) not in {None, b"*"}:
        members = {each.lower() for each in theirs.headers.get_decode_split(b"Vary") or ()}
        if not members & {"origin", "*"}:
            yield Difference(probe.name, "Access-Control-Allow-Origin: *, or Vary: Origin", "an origin without Vary")


def _members(response: HTTPResponse, name: bytes) -> set[bytes]:
    values = extract_header_list_values(name, response.headers)
    return set() if values is None or values is FAILURE else set(values)


def _shown(names: Iterable[bytes]) -> str:
    return ", ".join(sorted(name.decode("latin-1") for name in names)) or "none"
