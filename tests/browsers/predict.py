"""What the engine says that a browser will do with a scenario: one user agent, the scenario's answers, no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crossorigin.browser.real.call import Outcome, outcome_of, request_of
from crossorigin.fetch import (
    STANDARD,
    BlockCode,
    Client,
    FetchResult,
    HTTPRequest,
    HTTPResponse,
    Profile,
    Request,
    UserAgent,
    fetch,
)
from crossorigin.web.headers import HeaderList
from crossorigin.web.origins import OpaqueOrigin, Origin, parse_origin
from crossorigin.web.url import URL, parse_url

from .cookies import CookieRules, CookieStore, site_for_cookies
from .fill import Origins, fill, role_of
from .observed import Seen
from .scenario import Reply, Scenario, phrase

__all__ = ["ConsoleLines", "Predicted", "predict"]

ConsoleLines = Callable[[str, FetchResult], Sequence[str]]
"""From an engine's name and a result to the lines that its console shows."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What should be seen of the scenario `name`, in the words of `Observed`, and why.

    `console` is None where nobody was asked. `codes` says which step blocked each call, None where none did;
    `request_calls` which call each request belongs to.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    requests: tuple[Seen, ...]
    console: tuple[tuple[str, ...], ...] | None
    codes: tuple[BlockCode | None, ...]
    request_calls: tuple[int, ...]


class Answers:
    """The server: each answer by its number, the preflights of each URL one after the other."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._preflights: Counter[str] = Counter()

    def respond(self, sent: HTTPRequest) -> HTTPResponse:
        """What is answered to one request; 404 where the scenario has no such answer."""
        number = self._number(sent.url)
        if number is None:
            return _response(Reply(404), without_body=sent.method == b"HEAD")
        answer = self._scenario.answers[number]
        if sent.method != b"OPTIONS" or not sent.headers.contains(b"Access-Control-Request-Method"):
            return _response(answer.actual, without_body=sent.method == b"HEAD")
        url = sent.url.serialize(exclude_fragment=True)
        turn = min(self._preflights[url], len(answer.preflights) - 1)
        self._preflights[url] += 1
        return _response(answer.preflights[turn])

    def _number(self, url: URL) -> int | None:
        _, name, *rest = url.path.split("/")
        number = int(rest[0]) if rest and rest[0].isdecimal() else len(self._scenario.answers)
        return number if name == self._scenario.name and number < len(self._scenario.answers) else None


def predict(
    scenario: Scenario,
    origins: Origins,
    profile: Profile = STANDARD,
    *,
    rules: CookieRules | None = None,
    console: ConsoleLines | None = None,
) -> Predicted:
    """Run `scenario` in the engine under `profile`, with the cookie store of `rules`."""
    filled = fill(scenario, origins)
    page = parse_origin(origins["own"])
    rules = rules or CookieRules()
    store = CookieStore(site_for_cookies(scenario.frame, page, rules), page, rules)
    # Time stands still: between two calls of a scenario pass milliseconds, and every max-age is 0 or many seconds.
    agent = UserAgent(profile=profile, credentials=store, clock=lambda: 0.0)
    client = _client(filled, page)
    answers = Answers(filled)
    outcomes: list[Outcome] = []
    lines: list[tuple[str, ...]] = []
    codes: list[BlockCode | None] = []
    requests: list[tuple[int, Seen]] = []
    for index, call in enumerate(filled.calls):
        try:
            request = request_of(call, client)
        except TypeError:
            # Script's own call throws, before anything that could be CORS.
            outcomes.append(Outcome(blocked=True))
            lines.append(())
            codes.append(None)
            continue
        result = _run(request, agent, answers)
        requests += [(index, _seen(exchange.request, origins)) for exchange in result.exchanges]
        outcomes.append(outcome_of(call, result))
        lines.append(() if console is None else tuple(console(profile.name, result)))
        codes.append(None if result.error is None else result.error.code)
    return Predicted(
        name=scenario.name,
        outcomes=tuple(outcomes),
        requests=tuple(seen for _, seen in requests),
        console=None if console is None else tuple(lines),
        codes=tuple(codes),
        request_calls=tuple(index for index, _ in requests),
    )


def _client(scenario: Scenario, page: Origin) -> Client:
    """The frame. Its own URL is a referrer's business only, and a srcdoc or data: document shows none of its own."""
    url = parse_url(f"{page}/page")
    if scenario.frame == "page":
        return Client(page, url=url)
    return Client(OpaqueOrigin(), url=url if scenario.frame == "sandboxed" else None, top_level_origin=page)


def _run(request: Request, agent: UserAgent, answers: Answers) -> FetchResult:
    engine = fetch(request, agent)
    try:
        sent = next(engine)
        while True:
            sent = engine.send(answers.respond(sent))
    except StopIteration as stop:
        result: FetchResult = stop.value
        return result


def _response(reply: Reply, *, without_body: bool = False) -> HTTPResponse:
    body = reply.body.encode("ascii")
    # A reply is raw: the white space around a value is no part of it.
    fields = [(name, value.strip(" \t")) for name, value in reply.headers]
    if reply.status >= 200 and reply.status not in {204, 304}:
        fields.append(("Content-Length", str(len(body))))
        return HTTPResponse(reply.status, HeaderList.of(*fields), b"" if without_body else body, phrase(reply.status))
    return HTTPResponse(reply.status, HeaderList.of(*fields), b"", phrase(reply.status))


def _seen(sent: HTTPRequest, origins: Origins) -> Seen:
    path = sent.url.serialize(exclude_fragment=True).split("/", 3)[3]

    def header(name: bytes) -> str | None:
        value = sent.headers.get(name)
        return None if value is None else value.decode("latin-1")

    return Seen(
        host=role_of(sent.url.origin.serialize(), origins),
        method=sent.method.decode("latin-1"),
        path=f"/{path}",
        origin=header(b"Origin"),
        acrm=header(b"Access-Control-Request-Method"),
        acrh=header(b"Access-Control-Request-Headers"),
        cookie=header(b"Cookie"),
    )
