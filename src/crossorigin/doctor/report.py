"""What a check found, as facts; the terminal and the JSON object are two renderings of this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from crossorigin.doctor.advice import advise
from crossorigin.doctor.local_network import local_network_warning
from crossorigin.doctor.question import Question
from crossorigin.doctor.reality import Asked, Reality
from crossorigin.doctor.relation import Relation, relate
from crossorigin.fetch.console import console_lines, console_warnings
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.response import FetchResult, NetworkError, Response
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import TransportFailure
from crossorigin.web.headers import sorted_lowercase_set
from crossorigin.web.sites import same_site
from crossorigin.web.trustworthy import is_potentially_trustworthy_url

__all__ = ["Report", "is_allowed"]

_OF_NO_USE_TO_SCRIPT = frozenset(
    {"connection", "date", "keep-alive", "server", "set-cookie", "set-cookie2", "transfer-encoding", "vary"}
)


@dataclass(frozen=True)
class Report:
    """A question and, for each engine asked, how its fetch ended. `results` is never empty.

    `standard` is how it would have ended by the standard's letter, where the same exchanges tell; `addresses` are those
    of the URL's host, where they are known. `real` is what the browsers of this machine did, if they were to be asked.
    `seen_error` is what the browser that recorded the call says of its failure, in its own words.
    """

    question: Question
    results: Mapping[Profile, FetchResult]
    standard: FetchResult | None = None
    addresses: tuple[str, ...] = ()
    real: Mapping[Profile, Reality] = field(default_factory=dict)
    seen_error: str | None = None

    @cached_property
    def relation(self) -> Relation:
        """How the page stands to the URL."""
        return relate(self.question.origin, self.question.url.origin)

    @property
    def main(self) -> FetchResult:
        """The result that is shown in full: the first one that blocked, or else the first."""
        return next((each for each in self.results.values() if not is_allowed(each)), next(iter(self.results.values())))

    @property
    def allowed(self) -> bool:
        """Whether script can read the response in every engine asked."""
        return all(map(is_allowed, self.results.values()))

    @property
    def allowed_for_real(self) -> bool:
        """Whether script could read the response in every browser that was asked."""
        return all(reality.allowed for reality in self.real.values() if isinstance(reality, Asked))

    @property
    def agree(self) -> bool:
        """Whether all engines let script read the response, or none does."""
        return len(set(map(is_allowed, self.results.values()))) == 1

    @property
    def main_profile(self) -> Profile:
        """The engine whose result is shown in full."""
        return next(profile for profile, result in self.results.items() if result is self.main)

    @property
    def failure(self) -> TransportFailure | None:
        """Why there was no HTTP answer, where there was none."""
        return self.main.error.failure if self.main.error is not None else None

    @property
    def preflight_reasons(self) -> list[Step]:
        """Every reason for which the request needs a preflight: the method, each header, the upload flag."""
        anchors = {"simple-method", "cors-unsafe-request-header-names", "use-cors-preflight-flag"}
        seen: dict[str, Step] = {}
        for step in self.main.steps:
            if step.anchor in anchors:
                seen.setdefault(step.sentence, step)
        return list(seen.values())

    @property
    def preflight_needed(self) -> bool:
        """Whether a preflight was sent, or would have been without a remembered answer."""
        return any(exchange.request.role == "preflight" for exchange in self.main.exchanges) or bool(
            self.preflight_reasons
        )

    @property
    def last_answer(self) -> Exchange | None:
        """The last exchange in which the server answered."""
        return next((each for each in reversed(self.main.exchanges) if each.response is not None), None)

    @property
    def readable_headers(self) -> list[str]:
        """Names of the response headers that script may read, lower-case and sorted."""
        response = self.main.response
        return _names(response.headers.names()) if isinstance(response, Response) else []

    @property
    def hidden_headers(self) -> list[str]:
        """Names of the response headers that came, that script may not read, and that it might want to.

        Lower-case and sorted.
        """
        response = self.main.response
        if not isinstance(response, Response) or not response.is_readable:
            return []
        beside = {*self.readable_headers, *_OF_NO_USE_TO_SCRIPT}
        return [
            name
            for name in _names(response.internal.headers.names())
            if name not in beside and not name.startswith("access-control-")
        ]

    @property
    def advice(self) -> str | None:
        """What to change, or None when nothing is blocked."""
        error = self.main.error
        return None if error is None else advise(self.question, self.main, error)

    def console(self, profile: Profile) -> tuple[str, ...]:
        """The lines that the engine's console shows, exactly."""
        result = self.results[profile]
        return (*console_warnings(profile.name, result), *console_lines(profile.name, result))

    def warnings(self, profile: Profile) -> list[str]:
        """What is not blocked here but will surprise, one sentence each."""
        return [*_warnings(self.question, self.results[profile]), *self._engine_warnings(profile)]

    def _engine_warnings(self, profile: Profile) -> Iterable[str]:
        question, standard = self.question, self.standard
        if profile is STANDARD and question.is_insecure_local_page and not is_potentially_trustworthy_url(question.url):
            yield (
                f"By the letter of the Mixed Content standard {question.origin}, being local, may fetch no other http "
                "URL; browsers apply it to pages served over https only, and so does this check."
            )
        if (
            profile is not STANDARD
            and standard is not None
            and standard.error is not None
            and is_allowed(self.results[profile])
        ):
            yield (
                f"By the letter of the standard this call is blocked, {standard.error.code.value}: "
                f"{standard.error.step.sentence}"
            )
        if profile.has_local_network_access:
            warning = local_network_warning(question.origin, question.url.host or "", self.addresses)
            if warning is not None:
                yield warning


def is_allowed(result: FetchResult) -> bool:
    """Whether script can read the response."""
    return isinstance(result.response, Response) and result.response.is_readable


def _names(names: Iterable[bytes]) -> list[str]:
    return [name.decode("latin-1") for name in sorted_lowercase_set(names)]


def _warnings(question: Question, result: FetchResult) -> Iterable[str]:
    for name in question.headers.names():
        if name.lower().startswith((b"access-control-allow-", b"access-control-expose-", b"access-control-max-")):
            yield (
                f"{name.decode()} belongs on the server's response; on the page's request it does nothing but ask "
                "for a preflight."
            )
    for step in result.steps:
        if step.anchor == "concept-headers-append":
            yield step.sentence
    yield from _cookie_warnings(question, result)
    response = result.response
    if isinstance(response, Response) and response.type == "opaque":
        yield (
            'Nothing is blocked, but the response is opaque: mode "no-cors" lets script send, never read. '
            "Use mode cors and let the server allow it."
        )
    if isinstance(response, Response) and response.type == "opaqueredirect":
        yield "Redirect mode manual gives script an opaque redirect: it can see neither status nor Location."
    yield from _origin_warnings(response)


def _cookie_warnings(question: Question, result: FetchResult) -> Iterable[str]:
    """What became of `--cookie`."""
    requests = [exchange.request for exchange in result.exchanges if exchange.request.role != "preflight"]
    if question.cookie is None or not requests:
        return
    if not any(request.headers.contains(b"Cookie") for request in requests):
        yield (
            f"The cookie was not sent: credentials mode {question.credentials} sends none to another origin; "
            "add --credentials include."
        )
    elif not same_site(question.origin, question.url.origin):
        yield (
            "The cookie was sent. Across sites a browser does so only for one with SameSite=None and Secure, and many "
            "browsers block third-party cookies altogether."
        )


def _origin_warnings(response: Response | NetworkError) -> Iterable[str]:
    if not isinstance(response, Response) or response.type != "cors":
        return
    headers = response.internal.headers
    allowed = headers.get(b"Access-Control-Allow-Origin")
    if allowed == b"null":
        yield "`Access-Control-Allow-Origin: null` lets every sandboxed frame of every site read this."
    vary = {name.strip().lower() for name in (headers.get(b"Vary") or b"").split(b",")}
    if allowed not in {b"*", None} and not vary & {b"origin", b"*"}:
        yield (
            "The response names one origin but lacks `Vary: Origin`: a cache may hand it to a page of another origin."
        )
