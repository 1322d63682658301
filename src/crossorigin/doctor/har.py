"""HAR files as DevTools and proxies write them: http://www.softwareishard.com/blog/har-12-spec/

What was seen in files of Chromium 156, Firefox 153 and WebKitGTK, and in the sources of the others, and matters here:

- Chromium (`creator` is "WebInspector") writes `_error` into every response, null where all went well. Of a call that
  CORS blocked it keeps the answer, unless the preflight failed: then the status is 0, and the headers of the request
  are the provisional ones, without Origin. A preflight has `_resourceType` "preflight" and comes after its call.
- Firefox writes no error. A blocked call looks like any other, and one that was never sent has the status 0; of why
  that is nothing is known. Preflights come after their calls.
- WebKit (`creator` is "WebKit Web Inspector") writes no preflight, no redirect that was followed, and no answer that
  it blocked; `_error` has the words of its console instead. Values of equal names are joined by commas.
- Playwright names the browser, writes `_failureText` and, of a blocked call, no answer (status -1).
- Proxies (Charles, Fiddler, mitmproxy) write what went over the wire, in that order.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

import msgspec

from crossorigin.doctor.recorded import RecordedExchange, Recording, Seen, header_bytes
from crossorigin.doctor.seen_error import failure_kind, is_cancelled, made_failure
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.profiles import CHROMIUM, ENGINES, FIREFOX, WEBKIT
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.headers import HeaderList, normalize
from crossorigin.web.url import URL, parse_url

__all__ = ["LARGEST", "HARError", "read_har"]

LARGEST: Final = 256 * 1024 * 1024
"""Bytes. A day of one person's browsing, bodies included, has a tenth of it."""
_MOST_ENTRIES: Final = 50_000
_MOST_HEADERS: Final = 200
_LONGEST_VALUE: Final = 256 * 1024
"""Headers of one message, and characters of one: browsers give up long before, over the bytes of all of them."""
_MOST_PAGES: Final = 10_000

_PLAYWRIGHTS_NONE: Final = -1

_SCHEMES: Final = frozenset({"http", "https", "file"})
"""What a page can try to call; data:, blob: and extensions' own URLs have nothing to do with CORS."""

_PATH: Final = re.compile(r" - at `\$\.?([^`]*)`$")
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""An escape of a JSON string; group 1 is half of a surrogate pair, which RFC 8259 allows and the decoder does not."""


class HARError(ValueError):
    """The file cannot be used; the message is one sentence that names the place."""


_Text = Annotated[str, msgspec.Meta(max_length=_LONGEST_VALUE)]


class _Header(msgspec.Struct, gc=False):
    name: _Text
    value: _Text | None = None


_Headers = Annotated[list[_Header], msgspec.Meta(max_length=_MOST_HEADERS)]


class _Present(msgspec.Struct, gc=False):
    """Something of which only the presence counts."""


class _Request(msgspec.Struct):
    method: str
    url: str
    headers: _Headers = []
    body_size: float | None = msgspec.field(default=None, name="bodySize")
    post_data: _Present | None = msgspec.field(default=None, name="postData")


class _Response(msgspec.Struct):
    status: float | None = None
    status_text: str | None = msgspec.field(default=None, name="statusText")
    headers: _Headers = []
    error: str | msgspec.UnsetType | None = msgspec.field(default=msgspec.UNSET, name="_error")
    failure_text: str | None = msgspec.field(default=None, name="_failureText")


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response | None = None
    started: str | None = msgspec.field(default=None, name="startedDateTime")
    time: float | None = None
    page: str | None = msgspec.field(default=None, name="pageref")
    resource_type: str | None = msgspec.field(default=None, name="_resourceType")


class _Program(msgspec.Struct):
    name: str | None = None
    version: str | None = None


class _Page(msgspec.Struct):
    id: str | None = None
    title: str | None = None


class _Log(msgspec.Struct):
    entries: Annotated[list[_Entry | None], msgspec.Meta(max_length=_MOST_ENTRIES)]
    creator: _Program | None = None
    browser: _Program | None = None
    pages: Annotated[list[_Page], msgspec.Meta(max_length=_MOST_PAGES)] | None = None


class _File(msgspec.Struct):
    log: _Log


def read_har(data: bytes) -> Recording:
    """What a HAR file holds. Raises HARError for what is none."""
    if len(data) > LARGEST:
        raise HARError(f"the file has more than {LARGEST // 1024 // 1024} MiB; export the calls in question alone")
    log = _decoded(data).log
    devtools = _devtools(log)
    reader = _Reader(devtools, {page.id: _page(page.title) for page in log.pages or ()})
    exchanges: list[RecordedExchange] = []
    for index, entry in enumerate(log.entries):
        # One by one, so that what was decoded goes as what is kept comes.
        log.entries[index] = None
        exchange = None if entry is None else reader.exchange(entry, f"log.entries[{index}]")
        if exchange is not None:
            exchanges.append(exchange)
    if all(each.started is not None for each in exchanges):
        exchanges.sort(key=lambda each: each.started or 0.0)
    profiles = ENGINES if devtools is None else (devtools,)
    return Recording(exchanges, _name(log), profiles, call_first=devtools is not None)


def _decoded(data: bytes) -> _File:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            return msgspec.json.decode(data, type=_File)
        except msgspec.DecodeError as error:
            if "escape" not in str(error) and "surrogate" not in str(error):
                raise
            return msgspec.json.decode(_mended(data), type=_File)
    except msgspec.ValidationError as error:
        raise HARError(_wrong(str(error))) from None
    except UnicodeDecodeError:
        raise HARError("this is not a HAR file: it is not UTF-8") from None
    except msgspec.DecodeError as error:
        what = "it ends in the middle" if "truncated" in str(error) else str(error).replace("JSON is malformed: ", "")
        raise HARError(f"this is not a HAR file, or a damaged one: as JSON, {what}") from None
    except RecursionError:
        raise HARError("this is not a HAR file: its values are nested too deeply") from None


def _mended(data: bytes) -> bytes:
    """The same with U+FFFD for every half of a surrogate pair."""
    return _ESCAPE.sub(lambda escape: b"\\ufffd" if escape[1] else escape[0], data)


def _wrong(message: str) -> str:
    """What is not as it must be, and where."""
    place = _PATH.search(message)
    what = message[: place.start()] if place else message
    return f"this is not a HAR file: {place[1] if place and place[1] else 'the whole'}: {what[:1].lower()}{what[1:]}"


def _devtools(log: _Log) -> Profile | None:
    """The engine whose DevTools, or whose driver, wrote the file."""
    names = [each.name.lower() for each in (log.browser, log.creator) if each is not None and each.name]
    for name in names:
        if name == "webinspector" or any(part in name for part in ("chrom", "edge", "opera")):
            return CHROMIUM
        if "firefox" in name:
            return FIREFOX
        if "webkit" in name or "safari" in name:
            return WEBKIT
    return None


def _name(log: _Log) -> str:
    """The program, for people."""
    program = log.creator or log.browser
    if program is None or not program.name:
        return ""
    if program.name == "WebInspector":
        # The version that it writes is that of a WebKit of 2013, and the name of no browser.
        return "Chromium's DevTools"
    return f"{program.name} {program.version or ''}".rstrip()


class _Reader:
    """Makes exchanges of the entries of one file. Ten thousand requests repeat their headers, which are kept once."""

    def __init__(self, devtools: Profile | None, pages: dict[str | None, URL | None]) -> None:
        self._devtools = devtools
        self._pages = pages
        self._fields: dict[tuple[str, str | None], list[tuple[bytes, bytes]]] = {}

    def exchange(self, entry: _Entry, place: str) -> RecordedExchange | None:
        """The entry; None for one whose URL has nothing to do with CORS, or is none."""
        url = parse_url(entry.request.url)
        if url is None or url.scheme not in _SCHEMES:
            return None
        if url.fragment is not None or url.includes_credentials:
            url = url.stripped()
        headers = self._headers(entry.request.headers)
        answer = entry.response or _Response()
        words = answer.failure_text if isinstance(answer.error, msgspec.UnsetType) else answer.error
        response = self._response(answer, words)
        kind = failure_kind(words) if words else None
        started = _seconds(entry.started)
        return RecordedExchange(
            method=header_bytes(entry.request.method),
            url=url,
            headers=headers,
            response=response,
            failure=None if kind is None or not words else made_failure(kind, words, url, response),
            error=words,
            seen=_seen(response, words, answer, self._devtools),
            has_body=entry.request.post_data is not None
            or (entry.request.body_size or 0) > 0
            or (headers.get(b"Content-Length") or b"0") != b"0",
            started=started,
            ended=None if started is None else started + max(0.0, entry.time or 0.0) / 1000,
            resource_type=entry.resource_type or "",
            page=self._pages.get(entry.page),
            place=place,
        )

    def _response(self, answer: _Response, words: str | None) -> HTTPResponse | None:
        """The final response; DevTools write the status 0, and Playwright -1, where there was none."""
        if answer.status is None or not 200 <= answer.status <= 999:
            return None
        if not answer.headers and words and self._devtools is CHROMIUM:
            # DevTools got to see the status alone.
            return None
        reason = header_bytes(answer.status_text or "")
        return HTTPResponse(int(answer.status), self._headers(answer.headers), b"", reason)

    def _headers(self, headers: list[_Header]) -> HeaderList:
        fields: list[tuple[bytes, bytes]] = []
        for header in headers:
            known = self._fields.get((header.name, header.value))
            if known is None:
                known = self._fields[header.name, header.value] = _read_fields(header.name, header.value or "")
            fields += known
        return HeaderList(fields)


def _read_fields(name: str, value: str) -> list[tuple[bytes, bytes]]:
    """One header as bytes: none for a pseudo-header of HTTP/2, several where several lines became one value."""
    if name.startswith(":"):
        return []
    return [(header_bytes(name), normalize(header_bytes(line))) for line in value.split("\n")]


def _seen(response: HTTPResponse | None, words: str | None, answer: _Response, devtools: Profile | None) -> Seen:
    if words is not None:
        return "unfinished" if is_cancelled(words) else "failed"
    if response is not None:
        # These write the failures of every call, so where they write none there was none.
        tells = answer.error is None or devtools is WEBKIT
        return "passed" if tells and devtools in {CHROMIUM, WEBKIT} else "unsaid"
    # Those that would tell why nothing came, and do not, were still waiting for it; -1 is Playwright's.
    return "unfinished" if answer.error is None or answer.status == _PLAYWRIGHTS_NONE else "failed"


def _page(title: str | None) -> URL | None:
    """The page's URL, which DevTools write where the title belongs."""
    url = None if title is None else parse_url(title)
    return url if url is not None and url.is_http_family else None


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
