"""The question that `check` asks: which page makes which request. Its mistakes are said before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from crossorigin.fetch.agent import UserAgent
from crossorigin.fetch.construct import fetch_request
from crossorigin.fetch.profile import Profile
from crossorigin.fetch.request import Client, Request
from crossorigin.web.forbidden import is_forbidden_request_header
from crossorigin.web.headers import HeaderList, is_header_name, is_header_value, normalize
from crossorigin.web.methods import is_forbidden_method, is_method, normalize_method
from crossorigin.web.origins import (
    Origin,
    OriginFault,
    OriginSyntaxError,
    TupleOrigin,
    is_serialized_origin,
    parse_origin,
)
from crossorigin.web.trustworthy import is_potentially_trustworthy_origin
from crossorigin.web.url import URL, parse_url

__all__ = ["Question", "UsageError", "ask"]

_LONGEST_QUOTE = 200

_BROWSER_SETS = {
    "cookie": "the browser sends its own; use --cookie 'name=value' with --credentials include",
    "origin": "the browser sends the page's; use --origin",
    "referer": "the browser sends the page's URL; use --page",
    "access-control-request-method": "the browser sends it with a preflight; use -X",
    "access-control-request-headers": "the browser sends it with a preflight; use -H with the header itself",
    "host": "it comes from the URL; use --resolve HOST:PORT:ADDR to reach another machine",
}


class UsageError(ValueError):
    """A mistake in the question: `argument` is the name on the command line, `sentence` says the way out."""

    def __init__(self, argument: str, sentence: str) -> None:
        super().__init__(f"{argument}: {sentence}")
        self.argument = argument
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FixedCookies:
    """A browser that holds one Cookie header for one host, and keeps what the run sets out of it."""

    host: str | None
    value: bytes | None

    def cookie(self, request: Request) -> bytes | None:
        """The value, for the host that it belongs to: cookies know neither port nor, mostly, scheme."""
        return self.value if request.current_url.host == self.host else None

    def authorization(self, request: Request) -> bytes | None:  # noqa: ARG002 - the protocol's name
        """None: no password is stored."""
        return None

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        """Nothing outlives the run."""


@dataclass(frozen=True, slots=True)
class Question:
    """A page at `origin` (its URL is `page`, if known) calls `fetch(url, …)`; fields are those of `fetch_request`."""

    url: URL
    origin: Origin
    page: URL | None = None
    method: bytes = b"GET"
    headers: HeaderList = field(default_factory=HeaderList)
    body: str | None = None
    credentials: Literal["omit", "same-origin", "include"] = "same-origin"
    mode: Literal["cors", "no-cors", "same-origin"] = "cors"
    redirect: Literal["follow", "error", "manual"] = "follow"
    cookie: bytes | None = None

    def request(self) -> Request:
        """The request as script in that page makes it."""
        return fetch_request(
            self.url,
            Client(self.origin, self.page),
            method=self.method,
            headers=self.headers,
            body=self.body,
            credentials=self.credentials,
            mode=self.mode,
            redirect=self.redirect,
        )

    def agent(self, profile: Profile) -> UserAgent:
        """A browser that knows nothing yet but the cookie of the question."""
        return UserAgent(
            profile,
            credentials=FixedCookies(self.url.host, self.cookie),
            allows_mixed_content=self.is_insecure_local_page,
        )

    @property
    def is_insecure_local_page(self) -> bool:
        """Whether the page is one such as http://localhost:3000.

        By the letter of Mixed Content it is as good as one served over https, and may fetch no http URL but local
        ones. No browser goes by that letter, so `check` does not either; a user agent may be told to allow it.
        """
        return (
            isinstance(self.origin, TupleOrigin)
            and self.origin.scheme == "http"
            and is_potentially_trustworthy_origin(self.origin)
        )


def ask(
    url: str,
    *,
    origin: str | None = None,
    page: str | None = None,
    method: str = "GET",
    headers: Sequence[str] = (),
    data: str | None = None,
    credentials: Literal["omit", "same-origin", "include"] = "same-origin",
    mode: Literal["cors", "no-cors", "same-origin"] = "cors",
    redirect: Literal["follow", "error", "manual"] = "follow",
    cookie: str | None = None,
) -> Question:
    """The question from the words of a command line; raises UsageError for the first mistake, in one clear sentence."""
    target = _target(url)
    page_url = _page(page) if page is not None else None
    method_bytes = _method(method)
    if data is not None and method_bytes in {b"GET", b"HEAD"}:
        raise UsageError(
            "-d/--data",
            f"a browser's script cannot send a body with {method_bytes.decode()}; add -X POST (or PUT, PATCH)",
        )
    if mode == "no-cors" and method_bytes not in {b"GET", b"HEAD", b"POST"}:
        raise UsageError(
            "--mode", f"no-cors goes only with GET, HEAD and POST, not {method}; leave --mode away to ask with CORS"
        )
    if cookie is not None and credentials == "omit":
        raise UsageError("--cookie", "no cookie is sent with --credentials omit; use --credentials include")
    return Question(
        url=target,
        origin=_origin(origin, page_url),
        page=page_url,
        method=method_bytes,
        headers=HeaderList(_header(line) for line in headers),
        body=None if data is None else _data(data),
        credentials=credentials,
        mode=mode,
        redirect=redirect,
        cookie=None if cookie is None else _cookie(cookie),
    )


def _target(text: str) -> URL:
    url = parse_url(text)
    scheme, colon, rest = text.strip().partition(":")
    if url is None:
        if colon and scheme.lower() in {"http", "https"} and not rest.strip("/"):
            raise UsageError("URL", f"{_quoted(text)} has no host; write it like https://api.example.com/users")
        guess = parse_url(f"{_likely_scheme(text)}://{text.lstrip('/')}")
        if guess is not None and "://" not in text:
            raise UsageError("URL", f"{_quoted(text)} has no scheme; did you mean {_suggested(guess)}?")
        raise UsageError("URL", f"{_quoted(text)} is not a URL; write it like https://api.example.com/users")
    if not url.is_http_family:
        # "localhost:8000/users" parses as a URL whose scheme is localhost.
        guess = parse_url(f"{_likely_scheme(text)}://{text}")
        if guess is not None and url.host is None and (rest[:1].isdigit() or "." in scheme or scheme == "localhost"):
            raise UsageError("URL", f"{_quoted(text)} has no scheme; did you mean {_suggested(guess)}?")
        raise UsageError("URL", f"{_quoted(text)} has the scheme {url.scheme}:, and CORS is for http and https only")
    if url.includes_credentials:
        raise UsageError(
            "URL",
            f"a browser's script cannot fetch a URL with a user name or password; use {_suggested(url.stripped())} "
            "and, for HTTP authentication, -H 'Authorization: ...'",
        )
    return url


def _quoted(text: str) -> str:
    """What was typed, for a message of one line, however long and strange it is."""
    return repr(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}...")


def _suggested(url: URL) -> str:
    return url.href if len(url.href) <= _LONGEST_QUOTE else f"{url.href[:_LONGEST_QUOTE]}..."


def _likely_scheme(text: str) -> str:
    host = text.lstrip("/").partition("/")[0].rpartition(":")[0] or text.partition("/")[0]
    return "http" if host in {"localhost", "127.0.0.1", "[::1]"} else "https"


def _page(text: str) -> URL:
    page = parse_url(text)
    if page is None or page.host is None:
        raise UsageError(
            "--page", f"{_quoted(text)} is not the URL of a page; write it like https://app.example.com/cart"
        )
    return page


def _origin(text: str | None, page: URL | None) -> Origin:
    if text is None:
        if page is None:
            raise UsageError(
                "--origin", "say which page asks: --origin https://app.example.com (or --page with its whole URL)"
            )
        return page.origin
    try:
        origin = parse_origin(text)
    except OriginSyntaxError as error:
        # Browsers send a little more than the grammar admits: http://my_service:8080, a host with a trailing dot.
        url = parse_url(text)
        if error.reason is not OriginFault.BAD_HOST or url is None or url.origin.serialize() != text:
            raise UsageError("--origin", f"{error}{_did_you_mean(text)}") from None
        origin = url.origin
    if page is not None and isinstance(origin, TupleOrigin) and page.origin != origin:
        raise UsageError(
            "--origin", f"{text} is not the origin of --page {_suggested(page)}; leave one of the two away"
        )
    return origin


def _did_you_mean(text: str) -> str:
    """The origin that a browser would make of `text`, where it makes one."""
    if text.lower() == "null":
        return "; did you mean null?"
    if text.lower().startswith("file:"):
        return "; a page from a file has the origin null"
    url = parse_url(text if "://" in text else f"{_likely_scheme(text)}://{text}")
    guess = "" if url is None else url.origin.serialize()
    # What the URL parser lets pass may still be no origin: `https://*`, or the first of several.
    return f"; did you mean {guess}?" if is_serialized_origin(guess.encode()) else ""


def _method(text: str) -> bytes:
    try:
        method = text.encode("ascii")
    except UnicodeEncodeError:
        method = b""
    if not is_method(method):
        raise UsageError("-X/--method", f"{_quoted(text)} is not a method; write it like PUT")
    if is_forbidden_method(method):
        raise UsageError(
            "-X/--method", f"a browser's script cannot use {text}; browsers forbid CONNECT, TRACE and TRACK"
        )
    return normalize_method(method)


def _header(line: str) -> tuple[bytes, bytes]:
    name_text, colon, value_text = line.partition(":")
    if not colon:
        raise UsageError("-H/--header", f"{_quoted(line)} has no colon; write it like 'Content-Type: application/json'")
    try:
        name, value = name_text.encode("ascii"), normalize(value_text.encode("latin-1"))
    except UnicodeEncodeError:
        raise UsageError(
            "-H/--header", f"{_quoted(line)} holds characters that no header can; keep to Latin-1"
        ) from None
    if not is_header_name(name):
        raise UsageError(
            "-H/--header", f"{_quoted(name_text)} is not a header name; no spaces, and a colon right after it"
        )
    if not is_header_value(value):
        raise UsageError("-H/--header", f"the value of {name_text} holds a line break or a NUL")
    if is_forbidden_request_header(name, value):
        why = _BROWSER_SETS.get(name_text.lower(), "browsers keep it for themselves")
        raise UsageError("-H/--header", f"a browser's script cannot set {name_text}: {why}")
    return name, value


def _data(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # Python keeps bytes of the command line that are not UTF-8 as lone surrogates.
        raise UsageError("-d/--data", "it holds bytes that are not UTF-8; script sends its strings as UTF-8") from None
    return text


def _cookie(text: str) -> bytes:
    try:
        value = text.encode("latin-1")
    except UnicodeEncodeError:
        raise UsageError("--cookie", f"{_quoted(text)} holds characters that no header can; keep to Latin-1") from None
    if not value or not is_header_value(value) or b"=" not in value:
        raise UsageError(
            "--cookie", f"{_quoted(text)} is not a Cookie header's value; write it like 'session=abc; theme=dark'"
        )
    return value
