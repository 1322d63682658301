"""The options of curl that say what is asked, read from the words of its command line.

What each means is in curl's manual: https://curl.se/docs/manpage.html. An option that would change the request in a way
that is not told here is refused rather than passed over.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from getopt import GetoptError, getopt
from typing import Final
from urllib.parse import quote_plus

__all__ = ["CurlOptions", "CurlOptionsError", "parse_options"]


class CurlOptionsError(ValueError):
    """An option that is unknown, or has the wrong value; the message names it and the way out."""


# Short name → long name, of every option that is understood.
_SHORT: Final = {
    "0": "http1.0", "1": "tlsv1", "4": "ipv4", "6": "ipv6", "A": "user-agent", "D": "dump-header", "F": "form",
    "G": "get", "H": "header", "I": "head", "J": "remote-header-name", "L": "location", "N": "no-buffer",
    "O": "remote-name", "S": "show-error", "X": "request", "b": "cookie", "c": "cookie-jar", "d": "data",
    "e": "referer", "f": "fail", "g": "globoff", "i": "include", "k": "insecure", "m": "max-time", "o": "output",
    "q": "disable", "r": "range", "s": "silent", "u": "user", "v": "verbose", "w": "write-out", "#": "progress-bar",
}  # fmt: skip

# What these change is none of CORS's business: output, patience, versions of HTTP and TLS, and what a browser does
# anyhow, such as following redirects.
_IDLE_FLAGS: Final = frozenset(
    {
        "basic", "compressed", "create-dirs", "disable", "fail", "fail-with-body", "http1.0", "http1.1", "http2",
        "http2-prior-knowledge", "http3", "http3-only", "include", "ipv4", "ipv6", "location", "location-trusted",
        "no-buffer", "no-keepalive", "no-progress-meter", "progress-bar", "remote-header-name", "remote-name",
        "show-error", "silent", "ssl-no-revoke", "styled-output", "tcp-nodelay", "tlsv1", "tlsv1.0", "tlsv1.1",
        "tlsv1.2", "tlsv1.3", "verbose",
    }
)  # fmt: skip
_IDLE_VALUES: Final = frozenset(
    {
        "connect-timeout", "cookie-jar", "dump-header", "keepalive-time", "limit-rate", "max-redirs", "max-time",
        "output", "output-dir", "retry", "retry-delay", "retry-max-time", "stderr", "trace", "trace-ascii",
        "write-out",
    }
)  # fmt: skip

_FORM_URLENCODED: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_BOUNDARY: Final = "------------------------crossorigin"
_MOST_WORDS: Final = 1000
"""Browsers send a few dozen headers, and reading and judging them takes time that is quadratic in their number."""
_LONGEST_QUOTE: Final = 80


@dataclass(slots=True)
class CurlOptions:
    """What a command line says: `headers` as it has them, `removed` those that not even curl shall write."""

    urls: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    method: str | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    body: str | None = None
    body_type: str = _FORM_URLENCODED
    authorization: str | None = None
    resolve: list[str] = field(default_factory=list)

    def all_headers(self) -> list[tuple[str, str]]:
        """The headers, and those that curl writes of itself."""
        own = {
            "Content-Type": None if self.body is None else self.body_type,
            "Accept": _JSON if self.body_type == _JSON else None,
            "Authorization": self.authorization,
        }
        said = {name.lower() for name, _ in self.headers} | self.removed
        return [*self.headers, *((name, value) for name, value in own.items() if value and name.lower() not in said)]


def parse_options(words: Sequence[str]) -> CurlOptions:
    """What the words after `curl` say. Raises CurlOptionsError."""
    if len(words) > _MOST_WORDS:
        raise CurlOptionsError(f"it has {len(words):,} words, and {_MOST_WORDS:,} are read at most")
    options, rest = CurlOptions(), list(words)
    while rest:
        # Unlike gnu_getopt this asks no environment variable whether an option may stand behind the URL.
        try:
            found, rest = getopt(rest, *_GETOPT)
        except GetoptError as error:
            raise _unusable(error.opt) from None
        for typed, value in found:
            name = _SHORT.get(typed[1:], typed.removeprefix("--"))
            if name in _READ_VALUES:
                _refuse_half_characters(typed, value)
                _READ_VALUES[name](options, typed, value)
            else:
                options.flags.add(name)
        if rest:
            options.urls.append(rest.pop(0))
    _close_form(options)
    _move_body_to_url(options)
    return options


def _unusable(name: str) -> CurlOptionsError:
    typed, long = f"-{name}" if len(name) == 1 else f"--{name}", _SHORT.get(name, name)
    if long in _READ_VALUES or long in _IDLE_VALUES:
        return CurlOptionsError(f"{typed} has no value behind it")
    if long in _FLAGS:
        return CurlOptionsError(f"{typed} takes no value")
    return CurlOptionsError(
        f"unknown option {_cut(typed)}; leave it away, or say what it does with the options of check"
    )


def _url(options: CurlOptions, _typed: str, value: str) -> None:
    options.urls.append(value)


def _request(options: CurlOptions, _typed: str, value: str) -> None:
    options.method = value


def _header(options: CurlOptions, typed: str, value: str) -> None:
    """`Name: value`; `Name;` for an empty one, as Firefox and Safari mean `Name: `; `Name:` for none."""
    _refuse_file(typed, value, value.startswith("@"))
    name, colon, content = value.partition(":")
    if not colon and value.endswith(";"):
        options.headers.append((value[:-1], ""))
    elif not colon:
        raise CurlOptionsError(
            f"{typed} {_quoted(value)} has no colon; write it like {typed} 'Content-Type: application/json'"
        )
    elif content:
        options.headers.append((name, content.strip(" \t")))
    else:
        options.removed.add(name.lower())


def _user_agent(options: CurlOptions, _typed: str, value: str) -> None:
    options.headers.append(("User-Agent", value))


def _referer(options: CurlOptions, _typed: str, value: str) -> None:
    options.headers.append(("Referer", value.removesuffix(";auto")))


def _cookie(options: CurlOptions, typed: str, value: str) -> None:
    _refuse_file(typed, value, "=" not in value)
    options.headers.append(("Cookie", value))


def _range(options: CurlOptions, _typed: str, value: str) -> None:
    options.headers.append(("Range", f"bytes={value}"))


def _user(options: CurlOptions, typed: str, value: str) -> None:
    if ":" not in value:
        raise CurlOptionsError(f"{typed} {_quoted(value)} has no password; write it like {typed} name:password")
    options.authorization = f"Basic {b64encode(value.encode('utf-8', 'surrogateescape')).decode()}"


def _bearer(options: CurlOptions, _typed: str, value: str) -> None:
    options.authorization = f"Bearer {value}"


def _resolve(options: CurlOptions, _typed: str, value: str) -> None:
    options.resolve.append(value)


def _data(options: CurlOptions, typed: str, value: str) -> None:
    _refuse_file(typed, value, value.startswith("@"))
    _add(options, value)


def _raw_data(options: CurlOptions, _typed: str, value: str) -> None:
    _add(options, value)


def _encoded_data(options: CurlOptions, typed: str, value: str) -> None:
    name, equals, content = value.partition("=")
    _refuse_file(typed, value, not equals and "@" in name)
    encoded = quote_plus(content if equals else name, errors="surrogateescape")
    _add(options, f"{name}={encoded}" if equals and name else encoded)


def _json(options: CurlOptions, typed: str, value: str) -> None:
    _refuse_file(typed, value, value.startswith("@"))
    options.body = (options.body or "") + value
    options.body_type = _JSON


def _add(options: CurlOptions, value: str) -> None:
    options.body = value if options.body is None else f"{options.body}&{value}"


def _form(options: CurlOptions, typed: str, value: str) -> None:
    _refuse_file(typed, value, value.partition("=")[2].startswith(("@", "<")))
    _form_string(options, typed, value)


def _form_string(options: CurlOptions, typed: str, value: str) -> None:
    name, equals, content = value.partition("=")
    if not equals:
        raise CurlOptionsError(f"{typed} {_quoted(value)} has no '='; write it like {typed} name=value")
    part = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{content}\r\n'
    options.body = (options.body or "") + part
    options.body_type = f"multipart/form-data; boundary={_BOUNDARY}"


def _close_form(options: CurlOptions) -> None:
    if options.body is not None and options.body_type.endswith(_BOUNDARY):
        options.body += f"--{_BOUNDARY}--\r\n"


def _move_body_to_url(options: CurlOptions) -> None:
    """`-G`: the body becomes the URL's query, behind what is there."""
    if "get" in options.flags and options.body is not None and options.urls:
        before, hash_mark, fragment = options.urls[0].partition("#")
        options.urls[0] = f"{before}{'&' if '?' in before else '?'}{options.body}{hash_mark}{fragment}"
        options.body = None


_READ_FLAGS: Final = frozenset({"get", "globoff", "head", "insecure"})
_READ_VALUES: Final[Mapping[str, Callable[[CurlOptions, str, str], None]]] = {
    "cookie": _cookie,
    "data": _data,
    "data-ascii": _data,
    "data-binary": _data,
    "data-raw": _raw_data,
    "data-urlencode": _encoded_data,
    "form": _form,
    "form-string": _form_string,
    "header": _header,
    "json": _json,
    "oauth2-bearer": _bearer,
    "range": _range,
    "referer": _referer,
    "request": _request,
    "resolve": _resolve,
    "url": _url,
    "user": _user,
    "user-agent": _user_agent,
}
_FLAGS: Final = _READ_FLAGS | _IDLE_FLAGS
_VALUES: Final = _IDLE_VALUES.union(_READ_VALUES)
_GETOPT: Final = (
    "".join(short + (":" if long in _VALUES else "") for short, long in _SHORT.items()),
    [*sorted(_FLAGS), *(f"{long}=" for long in sorted(_VALUES))],
)


def _refuse_file(typed: str, value: str, is_file: bool) -> None:  # noqa: FBT001 - the question comes before the name
    if is_file:
        raise CurlOptionsError(f"{typed} {_quoted(value)} names a file, which is not read; put what is in it there")


def _refuse_half_characters(typed: str, value: str) -> None:
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise CurlOptionsError(
            f"{typed} {_quoted(value)} holds half a character, which no program can be given; leave it away"
        ) from None


def _quoted(text: str) -> str:
    return repr(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
