"""A curl command, as DevTools copy it or as people write it, read as the call of script that it stands for.

Read for what they write: Chromium 156's "Copy as cURL (bash)" and "(cmd)", Firefox 153's "Copy as cURL (POSIX)" and
"(Windows)", Safari's "Copy as cURL" as WebKitGTK 2.50 has it, and older versions of the three.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from crossorigin.doctor.copied import MODES, Copied, Words, bounded, header_lines, own_headers_note, who_asks
from crossorigin.doctor.copied_headers import CopiedHeaders, sort_headers
from crossorigin.doctor.curl_options import CurlOptions, CurlOptionsError, parse_options
from crossorigin.doctor.question import UsageError
from crossorigin.doctor.shell_words import ShellError, split_command

__all__ = ["read_curl"]

_OPTION: Final = "--curl"

_PROMPT: Final = re.compile(r"\A[$%>][ \t]+")
_POWERSHELL: Final = re.compile(r"\$session\b|(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b", re.IGNORECASE)
_FETCH: Final = re.compile(r"(?:await\s+)?fetch\s*\(")
_GLOB_ESCAPE: Final = re.compile(r"\\([][{}])")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

_PREFLIGHT_VALUES: Final = {"content-type": "application/json"}
_PREFLIGHT_VALUE: Final = "?"
"""No header is CORS-safelisted with this value: `?` is an unsafe byte in each of those that may be."""

_CREDENTIALS_UNKNOWN: Final = (
    "A curl line does not say the credentials mode; same-origin is assumed, as in fetch(). If your page includes "
    "credentials, add --credentials include."
)
_CREDENTIALS_INCLUDED: Final = "Credentials mode include is assumed, because a cookie went along."
_PREFLIGHT: Final = (
    "This is a preflight. Asked is the call behind it, without a body, and with made-up values for its headers, of "
    "which a preflight has only the names."
)
_MODE_NOTES: Final = {
    "no-cors": (
        "Sec-Fetch-Mode says no-cors: an image, a script, or fetch() in that mode. If script is to read the response, "
        "add --mode cors."
    ),
    "same-origin": "Sec-Fetch-Mode says same-origin. To ask with CORS, add --mode cors.",
    "navigate": (
        "Sec-Fetch-Mode says navigate: the browser loaded a page or a frame, which CORS does not concern. Asked is "
        "what fetch() of the same would get."
    ),
}


def read_curl(text: str) -> Copied:
    """The call that a curl command stands for. Raises UsageError, in one sentence, for what is none or is several."""
    line = _PROMPT.sub("", bounded(_OPTION, text))
    if not line:
        raise _mistake("there is nothing in it; in the network panel of your browser choose Copy as cURL")
    if _POWERSHELL.match(line):
        raise _mistake("this is PowerShell; in the network panel of your browser choose Copy as cURL")
    if _FETCH.match(line):
        raise _mistake("this is a call of fetch(); give it with --fetch")
    try:
        program, *words = split_command(line) or [""]
        if PureWindowsPath(PurePosixPath(program).name).name.lower() not in {"curl", "curl.exe"}:
            raise _mistake(f"it begins with {program[:40]!r}, and only a curl command is read")
        return _call(parse_options(words))
    except (ShellError, CurlOptionsError) as error:
        raise _mistake(str(error)) from None


def _call(options: CurlOptions) -> Copied:
    url = _url(options)
    headers = sort_headers([(name, _as_sent(value)) for name, value in options.all_headers()])
    default = "HEAD" if "head" in options.flags else "GET" if options.body is None else "POST"
    method = options.method or default
    words: Words = {"method": method, "headers": header_lines(headers), **who_asks(headers, headers.referer)}
    if options.body is not None:
        words["data"] = options.body
    call = Copied(_OPTION, url, words, insecure="insecure" in options.flags, resolve=tuple(options.resolve))
    if headers.preflight_for is not None and method == "OPTIONS":
        return _behind_preflight(call, headers.preflight_for, headers.preflight_names)
    return _with_modes(call, headers)


def _url(options: CurlOptions) -> str:
    if len(options.urls) != 1:
        found = "no URL" if not options.urls else f"{len(options.urls)} URLs"
        raise _mistake(f"it has {found}, and one is read")
    url = options.urls[0]
    # Chrome and Safari write `\[`, for curl would make several URLs of `[1-3]`; Firefox writes --globoff.
    if "globoff" not in options.flags:
        url = _GLOB_ESCAPE.sub(r"\1", url)
    return url if _SCHEME.match(url) else f"http://{url}"


def _as_sent(value: str) -> str:
    """A header's value with the bytes that go over the wire as characters: those of Latin-1, or else UTF-8's."""
    if any(char > "\xff" for char in value):
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


def _with_modes(call: Copied, headers: CopiedHeaders) -> Copied:
    """The modes, which a line tells in part."""
    words, assumed = call.words.copy(), {"credentials": _CREDENTIALS_UNKNOWN}
    if headers.cookie is not None:
        words["cookie"] = headers.cookie
        words["credentials"] = "include"
        assumed["credentials"] = _CREDENTIALS_INCLUDED
    for mode in MODES:
        if mode == headers.mode:
            words["mode"] = mode
    if headers.mode in _MODE_NOTES:
        assumed["mode"] = _MODE_NOTES[headers.mode]
    return replace(call, words=words, assumed=assumed, notes=own_headers_note(headers))


def _behind_preflight(call: Copied, method: str, names: tuple[str, ...]) -> Copied:
    """The call for which a preflight asks: of its headers a preflight has no more than the names."""
    words = call.words.copy()
    words.pop("data", None)
    words["method"] = method
    words["headers"] = [f"{name}: {_PREFLIGHT_VALUES.get(name.lower(), _PREFLIGHT_VALUE)}" for name in names]
    return replace(call, words=words, assumed={"credentials": _CREDENTIALS_UNKNOWN}, notes=(_PREFLIGHT,))


def _mistake(sentence: str) -> UsageError:
    return UsageError(_OPTION, sentence)
