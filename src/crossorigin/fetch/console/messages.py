"""What the three tables of messages are made of, and what their renderers ask of a `FetchResult`.

A message is data: a text with named places in braces. The renderer fills the places, the recogniser of pasted text
(`crossorigin.doctor.pasted`) looks for what stands between them, so no sentence is written down twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.cors_check import BLOCKED_PREFLIGHT, BLOCKED_RESPONSE
from crossorigin.fetch.request import Request
from crossorigin.fetch.response import FetchResult, InternalResponse, NetworkError, location_url
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.extract import extract_header_list_values
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import is_cors_non_wildcard_request_header_name
from crossorigin.web.statuses import is_redirect_status
from crossorigin.web.url import URL

__all__ = [
    "PLACE",
    "RESPONSE_CODE",
    "Catalogue",
    "Judged",
    "Message",
    "authorization_under_wildcard",
    "catalogue_of",
    "fill",
]

PLACE: Final = re.compile(r"\{([a-z_]+)\}")
"""A place in a text. The names are: url, first_url, origin, kind, method, header, value, status, error, target, space,
other_space, and in a shell reason."""

RESPONSE_CODE: Final = {BLOCKED_PREFLIGHT[failure]: BLOCKED_RESPONSE[failure] for failure in BLOCKED_PREFLIGHT}
"""A CORS check that fails on the preflight → the same failure on the response: the engines have one text for both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One sentence of a console.

    `name` is what the engine's own source calls it; `codes` are the steps that it can stand for, the likeliest first,
    and empty where it stands for none of the standard's; `when` says which versions print it, empty for today's.
    """

    name: str
    text: str
    codes: tuple[BlockCode, ...] = ()
    when: str = ""

    def __call__(self, **places: str) -> str:
        """The sentence with its places filled."""
        return fill(self.text, **places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that one engine says: `shells` are sentences around a `{reason}`, `tails` what may stand after a reason.

    `bare` are messages that say that a request failed, and nothing of why.
    """

    reasons: tuple[Message, ...]
    shells: tuple[Message, ...] = ()
    tails: tuple[str, ...] = ()
    bare: tuple[Message, ...] = ()
    by_name: dict[str, Message] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the messages by name."""
        object.__setattr__(self, "by_name", {each.name: each for each in (*self.reasons, *self.shells, *self.bare)})

    def __getitem__(self, name: str) -> Message:
        """The message of that name; raises KeyError."""
        return self.by_name[name]


def catalogue_of(
    reasons: tuple[tuple[str, str, tuple[BlockCode, ...]], ...],
    old: tuple[tuple[str, str, tuple[BlockCode, ...], str], ...],
    *,
    shells: tuple[Message, ...],
    bare: tuple[Message, ...],
    tails: tuple[str, ...] = (),
) -> Catalogue:
    """A catalogue from rows of name, text and codes; `old` rows say in a fourth column when they were printed."""
    today = [Message(name=name, text=text, codes=codes) for name, text, codes in reasons]
    retired = [Message(name=name, text=text, codes=codes, when=when) for name, text, codes, when in old]
    return Catalogue(reasons=(*today, *retired), shells=shells, tails=tails, bare=bare)


def fill(text: str, **places: str) -> str:
    """`text` with its places filled, each once, so that a value with braces stays as it is."""
    return PLACE.sub(lambda place: places[place[1]], text)


@dataclass(frozen=True, slots=True)
class Judged:
    """A blocked fetch from where an engine's console sees it: the exchange that was judged, and what it held."""

    result: FetchResult
    error: NetworkError

    @property
    def request(self) -> Request:
        """The request as the fetch left it."""
        return self.result.request

    @property
    def code(self) -> BlockCode:
        """The step that blocked.

        Mixed content is about `http:` alone in the engines; a URL of another scheme fails there because of its scheme.
        """
        if self.error.code is BlockCode.MIXED_CONTENT and not self.request.current_url.is_http_family:
            return BlockCode.SCHEME_NOT_HTTP
        return self.error.code

    @property
    def url(self) -> str:
        """The URL that was asked for last; fragments are printed by all three."""
        return self.request.current_url.href

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that was judged, None when the step came before anything was sent to this URL."""
        index = self.error.step.exchange
        return None if index is None else self.result.exchanges[index]

    @property
    def response(self) -> HTTPResponse | None:
        """What was judged, raw."""
        return None if self.exchange is None else self.exchange.response

    @property
    def is_preflight(self) -> bool:
        """Whether it was the preflight."""
        return self.exchange is not None and self.exchange.request.role == "preflight"

    @property
    def status(self) -> int | None:
        """The status of the answer that was judged."""
        return None if self.response is None else self.response.status

    def field(self, name: bytes) -> bytes | None:
        """A response header of the answer that was judged, several fields joined as Fetch does it."""
        return None if self.response is None else self.response.headers.get(name)

    def fields(self, name: bytes) -> list[bytes]:
        """The values of a response header of the answer that was judged, one by one."""
        return [] if self.response is None else self.response.headers.get_all(name)

    @property
    def is_redirect(self) -> bool:
        """Whether the answer sends elsewhere; without a Location no engine takes it for a redirect."""
        return (
            self.response is not None
            and is_redirect_status(self.response.status)
            and self.response.headers.contains(b"Location")
        )

    @property
    def location(self) -> URL | None:
        """Where a redirect leads, None when it is no URL."""
        return None if self.response is None else self._leads_to(self.response.headers)

    @property
    def sole_location(self) -> URL | None:
        """The same for an engine that takes several `Location`, when they are equal, for one."""
        values = self.fields(b"Location")
        if self.response is None or len(set(values)) != 1:
            return None
        return self._leads_to(self.response.headers.set(b"Location", values[0]))

    def _leads_to(self, headers: HeaderList) -> URL | None:
        if self.response is None or self.exchange is None:
            return None
        url = self.exchange.request.url
        found = location_url(
            InternalResponse((url,), self.response.status, headers, None), self.request.current_url.fragment
        )
        return found if isinstance(found, URL) else None

    @property
    def missing_names(self) -> list[str]:
        """The request headers that the preflight asked for and was not granted: lower-case, in sorted order."""
        if self.exchange is None or self.response is None:
            return []
        asked = self.exchange.request.headers.get(b"Access-Control-Request-Headers") or b""
        values = extract_header_list_values(b"Access-Control-Allow-Headers", self.response.headers)
        allowed = {name.lower() for name in values} if isinstance(values, list) else set()
        covered = b"*" in allowed and self.request.credentials_mode != "include"
        by_standard = self.code is BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD
        return [
            name.decode("latin-1")
            for name in asked.split(b",")
            if name
            and name not in allowed
            and not (covered and not (by_standard and is_cors_non_wildcard_request_header_name(name)))
        ]


def authorization_under_wildcard(result: FetchResult) -> list[URL]:
    """The URLs whose preflight allowed `Authorization` by `*` alone, which the engines let pass, two with a warning."""
    found = []
    for exchange in result.exchanges:
        if exchange.request.role != "preflight" or exchange.response is None:
            continue
        asked = exchange.request.headers.get(b"Access-Control-Request-Headers") or b""
        values = extract_header_list_values(b"Access-Control-Allow-Headers", exchange.response.headers)
        allowed = {name.lower() for name in values} if isinstance(values, list) else set()
        index = None if result.error is None else result.error.step.exchange
        failed = index is not None and result.exchanges[index] is exchange
        if (
            not failed
            and result.request.credentials_mode != "include"
            and b"authorization" in asked.split(b",")
            and b"*" in allowed
            and b"authorization" not in allowed
        ):
            found.append(exchange.request.url)
    return found
