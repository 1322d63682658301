"""What curl printed, read back: `curl -v`, `curl -i`, `curl -sD-`, and heads of HTTP messages as they stand.

With `-v` a request's lines begin with `>`, a response's with `<` and curl's own with `*`; otherwise only responses are
there (`-i`), or both without a mark (other clients). Bodies are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from crossorigin.doctor.recorded import RecordedExchange, Recording, header_bytes
from crossorigin.doctor.seen_error import curl_failure_kind, made_failure
from crossorigin.fetch.wire import HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList, normalize
from crossorigin.web.origins import Origin
from crossorigin.web.statuses import is_redirect_status
from crossorigin.web.url import URL, parse_url

__all__ = ["LONGEST", "TranscriptError", "read_transcript"]

LONGEST: Final = 8 * 1024 * 1024
"""Characters; bodies are in it."""
_MOST_EXCHANGES: Final = 1_000
_MOST_HEADERS: Final = 200
_LONGEST_LINE: Final = 64 * 1024
"""What is longer is no head of a message."""

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]{0,20}m")
_METER: Final = re.compile(r"[ 0-9.:kMGTPdhms%-]{20,200}(?=[*<>{}] )")
"""curl's progress meter, which its next line follows without a break."""
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}"  # noqa: S105 - of HTTP
_REQUEST: Final = re.compile(rf"({_TOKEN}) (\S{{1,16384}}) HTTP/[0-9]\S{{0,4}}")
_STATUS: Final = re.compile(r"HTTP/([0-9](?:\.[0-9])?) ([1-9][0-9]{2})(?: (.{0,500}))?")
_FIELD: Final = re.compile(rf"({_TOKEN}):(.*)")
_FAILED: Final = re.compile(r"curl: \(([0-9]{1,3})\) ?(.*)")

_NEXT_URL: Final = re.compile(r"Issue another request to this URL: '(\S+)'")
_PEER: Final = re.compile(r"Connected to (\S{1,300}) \(\S*\) port ([0-9]{1,5})")
_NO_PEER: Final = re.compile(r"Failed to connect to (\S{1,300}) port ([0-9]{1,5})")
_NO_HOST: Final = re.compile(r"Could not resolve host: (\S{1,300})")
_SECURE: Final = re.compile(r"SSL c|TLSv|ALPN|schannel:|.{0,40}\[:scheme: https\]")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


class TranscriptError(ValueError):
    """The text cannot be used; the message is one sentence."""


@dataclass(slots=True)
class _Exchange:
    """A request and its answer while they are read; `url` is None until the request's head has ended."""

    line: int
    method: str = "GET"
    target: str = ""
    url: URL | None = None
    sent: list[tuple[str, str]] = field(default_factory=list)
    response: HTTPResponse | None = None
    failure: TransportFailure | None = None
    words: str | None = None
    is_assumed: bool = False


@dataclass(slots=True)
class _Head:
    """The head of one message while it is read."""

    exchange: _Exchange | None
    status: int = 0
    reason: str = ""
    version: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)


def read_transcript(text: str, *, url: URL | None = None, origin: Origin | None = None) -> Recording:
    """The exchanges in a transcript. Raises TranscriptError where there is none.

    `url` and `origin` say what was asked where the transcript has no request: GET of the URL, for a page of the origin.
    """
    if len(text) > LONGEST:
        raise TranscriptError(
            f"the text has more than {LONGEST:,} characters; leave the bodies out (curl -o /dev/null)"
        )
    reader = _Reader(url, origin)
    lines = [_plain(line) for line in re.split(r"\r?\n|\r", text)]
    verbose = any(line.startswith("< HTTP/") or (line[:2] == "> " and _REQUEST.fullmatch(line[2:])) for line in lines)
    for number, line in enumerate(lines, 1):
        reader.take(number, line, verbose=verbose)
    reader.end_head()
    exchanges = [each for each in map(_recorded, reader.exchanges) if each is not None]
    if not exchanges:
        without = "" if url is not None else ", or say what was asked with --url"
        raise TranscriptError(f"there is no HTTP exchange in this text; paste what curl -v prints{without}")
    return Recording(exchanges, "curl", from_browser=False)


def _plain(line: str) -> str:
    line = _COLOUR.sub("", line[:_LONGEST_LINE])
    meter = _METER.match(line)
    return (line[meter.end() :] if meter else line).rstrip()


class _Reader:
    """Takes line after line."""

    def __init__(self, url: URL | None, origin: Origin | None) -> None:
        self.exchanges: list[_Exchange] = []
        self._asked = url
        self._origin = origin
        self._head: _Head | None = None
        self._secure: bool | None = None
        """Whether the connection of now is one over TLS, None while none was seen."""
        self._peer = ""
        self._schemes: dict[str, str] = {}
        self._next: URL | None = None

    def take(self, number: int, line: str, *, verbose: bool) -> None:
        failed = _FAILED.fullmatch(line)
        if failed is not None:
            self.end_head()
            self._fail(number, int(failed[1]), failed[2].strip())
        elif line.startswith("* "):
            self._note(line[2:].strip())
        elif not verbose:
            self._message(number, line)
        elif line[:1] in {">", "<"} and line[1:2] in {" ", ""}:
            self._message(number, line[2:])

    def _message(self, number: int, line: str) -> None:
        """A line of a head, or what is in none."""
        asked, answered = _REQUEST.fullmatch(line), _STATUS.fullmatch(line)
        if asked is not None:
            self.end_head()
            exchange = self._new(number)
            exchange.method, exchange.target = asked[1], asked[2]
            self._head = _Head(exchange)
        elif answered is not None:
            self.end_head()
            self._head = _Head(None, int(answered[2]), (answered[3] or "").strip(), answered[1])
            self._answered(number)
        elif self._head is not None:
            named = _FIELD.fullmatch(line)
            if named is None:
                self.end_head()
            elif len(self._head.fields) < _MOST_HEADERS:
                self._head.fields.append((named[1], named[2].strip()))
            else:
                raise TranscriptError(f"line {number}: a message with more than {_MOST_HEADERS:,} headers is not read")

    def _new(self, number: int) -> _Exchange:
        if len(self.exchanges) >= _MOST_EXCHANGES:
            raise TranscriptError(f"line {number}: more than {_MOST_EXCHANGES:,} exchanges are not read; paste a part")
        exchange = _Exchange(number)
        self.exchanges.append(exchange)
        return exchange

    def _answered(self, number: int) -> None:
        """See that there is a request for the answer that begins: where none was printed it is what was asked for."""
        last = self.exchanges[-1] if self.exchanges else None
        if last is None or last.response is not None or last.failure is not None:
            self._unseen(number, last)

    def _unseen(self, number: int, last: _Exchange | None) -> _Exchange:
        """A request that was not printed."""
        exchange = self._new(number)
        exchange.is_assumed = True
        exchange.url = _redirect_target(last) or self._asked
        if self._origin is not None:
            exchange.sent = [("Origin", self._origin.serialize())]
        return exchange

    def end_head(self) -> None:
        """What the lines of a head come to."""
        head, self._head = self._head, None
        if head is None:
            return
        if head.exchange is not None:
            head.exchange.sent = head.fields
            head.exchange.url = self._url(head.exchange)
        elif head.status >= 200:
            fields = HeaderList((header_bytes(name), normalize(header_bytes(value))) for name, value in head.fields)
            self.exchanges[-1].response = HTTPResponse(
                head.status, fields, b"", header_bytes(head.reason), f"HTTP/{head.version}"
            )

    def _url(self, exchange: _Exchange) -> URL | None:
        """The URL of a request, from its target and Host and from what curl said of the connection."""
        host = next((value for name, value in exchange.sent if name.lower() == "host"), "")
        following, self._next = self._next, None
        if not host or "://" in exchange.target:
            return parse_url(exchange.target) if "://" in exchange.target else following
        if following is not None:
            scheme = following.scheme
        elif self._secure is not None:
            scheme = "https" if self._secure else "http"
        else:
            scheme = self._schemes.get(host) or _likely_scheme(host)
        self._schemes[host] = scheme
        return parse_url(f"{scheme}://{host}{exchange.target}")

    def _note(self, line: str) -> None:
        """What curl says of the connection."""
        self.end_head()
        peer = _PEER.match(line)
        if peer is not None:
            self._peer, self._secure = f"{_bracketed(peer[1])}:{peer[2]}", False
        elif _SECURE.match(line):
            self._secure = True
        elif line.startswith("Re"):
            # "Re-using existing connection", "Reusing existing https: connection": what it was, it is.
            self._secure = None
        following = _NEXT_URL.match(line)
        if following is not None:
            self._next = parse_url(following[1])

    def _fail(self, number: int, code: int, words: str) -> None:
        kind = curl_failure_kind(code, words)
        if kind is None:
            return
        last = self.exchanges[-1] if self.exchanges else None
        if last is None or last.failure is not None or (last.response is not None and code not in _AFTER_ANSWER):
            last = self._unseen(number, last)
            last.url = self._unreached(words) or last.url
        if last.url is not None:
            said = f"curl: ({code}) {words}"
            last.words, last.failure = said, made_failure(kind, said, last.url, last.response)

    def _unreached(self, words: str) -> URL | None:
        """The URL that curl speaks of, where the transcript says no more than host and port."""
        if self._asked is not None:
            return None
        peer, host = _NO_PEER.match(words), _NO_HOST.match(words)
        if peer is not None:
            return parse_url(
                f"{'http' if peer[2] == '80' else _likely_scheme(peer[1])}://{_bracketed(peer[1])}:{peer[2]}/"
            )
        if host is not None:
            return parse_url(f"{_likely_scheme(host[1])}://{host[1]}/")
        return parse_url(f"{'https' if self._secure else 'http'}://{self._peer}/") if self._peer else None


_AFTER_ANSWER: Final = frozenset({18, 28, 56, 63, 92})
"""Failures that can come when the head of the answer was there."""


def _redirect_target(exchange: _Exchange | None) -> URL | None:
    if exchange is None or exchange.response is None or exchange.url is None:
        return None
    location = exchange.response.headers.get(b"Location")
    if location is None or not is_redirect_status(exchange.response.status):
        return None
    return parse_url(location.decode("latin-1"), exchange.url)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _likely_scheme(host: str) -> str:
    """The scheme of a server of which only the name is known."""
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if port == "443":
        return "https"
    return "http" if port == "80" or (name or host) in _LOCAL else "https"


def _recorded(exchange: _Exchange) -> RecordedExchange | None:
    """The exchange; None for one of which not even the URL is known, and for the tunnel through a proxy."""
    if exchange.url is None or exchange.method == "CONNECT":
        return None
    headers = HeaderList((header_bytes(name), normalize(header_bytes(value))) for name, value in exchange.sent)
    return RecordedExchange(
        method=exchange.method.encode("latin-1"),
        url=exchange.url.stripped(),
        headers=headers,
        response=exchange.response,
        failure=exchange.failure,
        error=exchange.words,
        seen="failed" if exchange.failure is not None else "unsaid",
        has_body=(headers.get(b"Content-Length") or b"0") != b"0" or headers.contains(b"Transfer-Encoding"),
        place=f"line {exchange.line}",
        is_assumed=exchange.is_assumed,
    )
