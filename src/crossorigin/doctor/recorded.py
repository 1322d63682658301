"""A call as somebody recorded it: what was asked, in order, and what is known of each answer.

What a recording does not hold is unknown, which is not the same as an answer that never came: WebKit's DevTools keep
no answer that was blocked, a preflight that was remembered is in none, and an export may hold a part only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from crossorigin.doctor.question import Question
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.profiles import ENGINES
from crossorigin.fetch.request import CredentialsMode
from crossorigin.fetch.wire import HTTPResponse, TransportFailure
from crossorigin.web.forbidden import is_forbidden_request_header
from crossorigin.web.headers import HeaderList, get_decode_and_split, is_header_name, is_header_value
from crossorigin.web.methods import is_cors_safelisted_method, is_forbidden_method, is_method
from crossorigin.web.origins import OpaqueOrigin, Origin, OriginSyntaxError, TupleOrigin, parse_origin, same_origin
from crossorigin.web.url import URL, parse_url

__all__ = [
    "NOT_RECORDED",
    "Hop",
    "RecordedCall",
    "RecordedExchange",
    "Recording",
    "Seen",
    "header_bytes",
    "read_origin",
]

Seen = Literal["passed", "failed", "unfinished", "unsaid"]
"""What the recorder says of a request: the page got its answer, or not; nobody waited for it; nothing."""

CallMode = Literal["cors", "no-cors", "same-origin"]

NOT_RECORDED: Final = b"(not recorded)"
"""The value of a header of which only the name is known, from a preflight. By its bracket no header of this value is
safelisted, whatever its name."""

_ACRM: Final = b"Access-Control-Request-Method"
_ACRH: Final = b"Access-Control-Request-Headers"

_BROWSERS_OWN: Final = frozenset(
    {
        b"accept", b"accept-language", b"alt-used", b"cache-control", b"device-memory", b"downlink", b"dpr", b"ect",
        b"idempotency-key", b"if-modified-since", b"if-none-match", b"if-range", b"pragma", b"priority",
        b"purpose", b"range", b"rtt", b"save-data", b"service-worker", b"upgrade-insecure-requests", b"user-agent",
        b"viewport-width", b"width", b"x-client-data",
    }
)  # fmt: skip
"""Headers that script may set and hardly does, but that browsers, their caches and DevTools add by themselves."""

_LONGEST_LIST: Final = 8 * 1024
_MOST_NAMES: Final = 200
"""Bytes and names that are read of the headers that a preflight asks for; no server reads a longer line."""

_MODES: Final[dict[bytes, CallMode]] = {b"cors": "cors", b"no-cors": "no-cors", b"same-origin": "same-origin"}
_NO_CALLS: Final = frozenset({"document", "websocket", "webtransport", "manifest", "csp-violation-report"})
_CALLS: Final = frozenset({"fetch", "xhr", "eventsource", "font", "texttrack"})
"""DevTools' words for what asked: never a call of script, or always one with CORS. The others depend."""


@dataclass(frozen=True, slots=True)
class RecordedExchange:
    """One request in a recording, and what is known of its answer.

    `response` is None where none was recorded, `failure` says where there was none. `error` is what the recorder says
    of a failure, in its own words. `url` has neither user name nor fragment. `resource_type` is DevTools' word for what
    asked, `page` the URL of the page if the recorder tells it, `place` where in the recording this stands. `is_assumed`
    says that the request itself is not in the recording, and was told beside it. Times are in seconds, on any clock.
    """

    method: bytes
    url: URL
    headers: HeaderList
    response: HTTPResponse | None = None
    failure: TransportFailure | None = None
    error: str | None = None
    seen: Seen = "unsaid"
    has_body: bool = False
    started: float | None = None
    ended: float | None = None
    resource_type: str = ""
    page: URL | None = None
    place: str = ""
    is_assumed: bool = False

    @property
    def is_preflight(self) -> bool:
        """Whether this asks leave for another request."""
        return self.method == b"OPTIONS" and self.headers.contains(_ACRM)

    @property
    def asked_method(self) -> bytes:
        """The method that a preflight asks leave for."""
        return self.headers.get(_ACRM) or b""

    @property
    def asked_headers(self) -> list[bytes]:
        """The header names that a preflight asks leave for, in lower case."""
        value = (self.headers.get(_ACRH) or b"")[:_LONGEST_LIST]
        return [name.lower().encode("latin-1") for name in get_decode_and_split(value)[:_MOST_NAMES] if name]


@dataclass(frozen=True, slots=True)
class Recording:
    """Everything that one file holds.

    `recorder` names the program that wrote it, "" where it does not say; `profiles` are the engines that it can have
    been, `from_browser` says whether a browser made the requests (and not a person with curl), `call_first` whether a
    call stands before its preflight, as in DevTools, and not where it went over the wire.
    """

    exchanges: Sequence[RecordedExchange]
    recorder: str = ""
    profiles: tuple[Profile, ...] = ENGINES
    from_browser: bool = True
    call_first: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One URL that a call went to: the preflight there, if one was recorded, and the request, if that was."""

    preflight: RecordedExchange | None
    actual: RecordedExchange | None

    @property
    def exchanges(self) -> Iterator[RecordedExchange]:
        """Those that there are, in the order in which they went over the wire."""
        return (each for each in (self.preflight, self.actual) if each is not None)


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call of a page, with the redirects that it followed. There is at least one hop."""

    hops: tuple[Hop, ...]

    @property
    def exchanges(self) -> tuple[RecordedExchange, ...]:
        """All of them, in the order in which they went over the wire."""
        return tuple(exchange for hop in self.hops for exchange in hop.exchanges)

    @property
    def first(self) -> RecordedExchange:
        """The exchange that tells most of what script asked for."""
        hop = self.hops[0]
        return hop.actual or next(hop.exchanges)

    @property
    def method(self) -> bytes:
        """The method that script used."""
        return self.first.asked_method if self.hops[0].actual is None else self.first.method

    @property
    def seen(self) -> Seen:
        """What the recorder says of the call as a whole: what it says of its last request.

        That a preflight was answered says nothing of whether it was passed.
        """
        last = self.exchanges[-1]
        return "unsaid" if last.is_preflight and last.seen == "passed" else last.seen

    @property
    def error(self) -> str | None:
        """What the recorder says of the failure; of several errors the one that says more than `net::ERR_FAILED`."""
        errors = [each.error for each in self.exchanges if each.error]
        return next((error for error in reversed(errors) if error != "net::ERR_FAILED"), errors[-1] if errors else None)

    @property
    def mode(self) -> CallMode | None:
        """The mode of the request; None for what is no call of script or element, and where nothing tells."""
        first = self.first
        said = first.headers.get(b"Sec-Fetch-Mode")
        if said is not None:
            return _MODES.get(said)
        if self.hops[0].preflight is not None or first.resource_type in _CALLS:
            return "cors"
        if first.resource_type in _NO_CALLS or first.headers.contains(b"Upgrade-Insecure-Requests"):
            return None
        if first.headers.contains(b"Origin") or not is_cors_safelisted_method(first.method):
            return "cors"
        return "no-cors" if first.resource_type else None

    @property
    def sent_origin(self) -> bytes | None:
        """The Origin header of the call's first request, or of its preflight."""
        return next((value for each in self.hops[0].exchanges if (value := each.headers.get(b"Origin"))), None)

    @property
    def page(self) -> URL | None:
        """The page's URL, as far as the Referer shows it, or as the recorder tells it."""
        for exchange in self.hops[0].exchanges:
            referrer = parse_url((exchange.headers.get(b"Referer") or b"").decode("latin-1"))
            if referrer is not None and isinstance(referrer.origin, TupleOrigin):
                return referrer
        return self.first.page

    @property
    def lacks_its_start(self) -> bool:
        """Whether a redirect led here that was not recorded: it has made the origin null, and the page still shows."""
        return self.sent_origin == b"null" and self.page is not None and self.first.headers.contains(b"Referer")

    @property
    def origin(self) -> Origin | None:
        """Who asks, as far as it is known: the Origin header, or else the Referer."""
        sent = self.sent_origin
        if sent is not None and not self.lacks_its_start:
            try:
                return OpaqueOrigin() if sent == b"null" else read_origin(sent.decode("latin-1"))
            except OriginSyntaxError:
                return None
        return None if self.page is None else self.page.origin

    def question(
        self,
        *,
        origin: Origin | None = None,
        credentials: CredentialsMode | None = None,
        assume_cors: bool = False,
    ) -> Question | None:
        """The call as script made it, as far as the recording tells; None where it does not tell who asks or how.

        `origin` and `credentials` are what somebody says who knows better; with `assume_cors` a request of which
        nothing tells how it was made counts as one in mode "cors".
        """
        asker = self.origin if origin is None else origin
        mode = self.mode or ("cors" if assume_cors else None)
        method = self.method
        if asker is None or mode is None or not is_method(method) or is_forbidden_method(method):
            return None
        page = self.page
        is_pages = page is not None and same_origin(page.origin, asker)
        return Question(
            url=self.first.url,
            origin=asker,
            page=page if is_pages else None,
            method=method,
            headers=self._headers(),
            body="" if self.first.has_body and method not in {b"GET", b"HEAD"} else None,
            credentials=credentials or ("include" if self.shows_cookies(asker) else "same-origin"),
            mode="cors" if mode == "no-cors" and not is_cors_safelisted_method(method) else mode,
            cookie=self.first.headers.get(b"Cookie"),
        )

    def _headers(self) -> HeaderList:
        """Those that script has set: what the preflight asks for, or else what no browser adds by itself."""
        hop = self.hops[0]
        recorded = () if hop.actual is None else [field for field in hop.actual.headers if _can_be_scripts(field)]
        if hop.preflight is None:
            return HeaderList(field for field in recorded if field[0].lower() not in _BROWSERS_OWN)
        asked = hop.preflight.asked_headers
        known = {name.lower() for name, _ in recorded}
        unknown = [(name, NOT_RECORDED) for name in asked if name not in known]
        return HeaderList(
            [
                *(field for field in recorded if field[0].lower() in {*asked, b"content-type"}),
                *(field for field in unknown if _can_be_scripts(field)),
            ]
        )

    def shows_cookies(self, asker: Origin) -> bool:
        """Whether a cookie went to another origin than that of the page, which asks."""
        return any(
            hop.actual is not None
            and hop.actual.headers.contains(b"Cookie")
            and not same_origin(asker, hop.actual.url.origin)
            for hop in self.hops
        )


@lru_cache(maxsize=4096)
def _can_be_scripts(field: tuple[bytes, bytes]) -> bool:
    name, value = field
    return is_header_name(name) and is_header_value(value) and not is_forbidden_request_header(name, value)


def header_bytes(text: str) -> bytes:
    """A header's name or value as bytes: recorders read bytes as Latin-1, and some as UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


@lru_cache(maxsize=1024)
def read_origin(text: str) -> Origin:
    """An origin as a browser sends it, which is a little more than the grammar admits. Raises OriginSyntaxError."""
    try:
        return parse_origin(text)
    except OriginSyntaxError:
        url = parse_url(text)
        if url is None or not isinstance(url.origin, TupleOrigin) or url.origin.serialize() != text:
            raise
        return url.origin
