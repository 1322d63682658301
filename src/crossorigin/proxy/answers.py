"""Answers of the proxy's own: what went wrong, where, why, and the way out, for eyes, for script or for a terminal.

Other proxies send an empty 502, or hang, and leave the cause in a terminal that nobody looks at (vercel/next.js#24391,
vitejs/vite#4886); one names the host that was called instead of the one that is down (chimurai#496).
Nothing of a request gets into a page but escaped and cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from json import dumps
from typing import Final

from crossorigin.proxy.accepts import kind
from crossorigin.proxy.heads import Header, reason_phrase
from crossorigin.proxy.plan import Failure, Reply

__all__ = ["Page", "failure_page", "oversized_head", "reply", "serve_page"]

_MAX_TEXT: Final = 4_000
"""Characters of one text in a page. Explanations of routes are the longest."""
_MAX_FACTS: Final = 32
_MAX_COOKIES: Final = 8
_MAX_NAME: Final = 60
_MAX_SCANNED: Final = 256 * 1024

_HTML: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{status} {title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem }}
h1 {{ font-size: 1.4rem; line-height: 1.3 }}
h1 small {{ font-weight: 400; opacity: .65 }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem }}
dt {{ opacity: .65 }}
dd {{ margin: 0; overflow-wrap: anywhere; font-family: ui-monospace, monospace; white-space: pre-wrap }}
.out {{ border-left: 3px solid #d97706; padding-left: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }}
footer {{ margin-top: 3rem; font-size: .85rem; opacity: .65 }}
</style>
<h1><small>{status}</small> {title}</h1>
<p style="white-space: pre-wrap; overflow-wrap: anywhere">{sentence}</p>
<dl>
{facts}</dl>
{advice}<footer>crossorigin proxy answered this, not your server.</footer>
</html>
"""
_GUARD: Final[tuple[Header, ...]] = (
    (b"Cache-Control", b"no-store"),
    (b"X-Content-Type-Options", b"nosniff"),
)
_POLICY: Final[Header] = (b"Content-Security-Policy", b"default-src 'none'; style-src 'unsafe-inline'")
_TYPES: Final = {
    "html": b"text/html; charset=utf-8",
    "json": b"application/json",
    "text": b"text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What an answer says: one sentence, facts as names and values, and the way out, "" where none is known."""

    status: int
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    advice: str = ""

    @property
    def title(self) -> str:
        """The status's name."""
        return reason_phrase(self.status).decode() or "Error"


def reply(page: Page, fields: Mapping[bytes, bytes]) -> Reply:
    """The page as an answer to a request with these fields, named in lower case."""
    form = kind(fields)
    make = {"html": _html, "json": _json, "text": _text}[form]
    guard = (*_GUARD, _POLICY) if form == "html" else _GUARD
    # One URL has three answers here, and a cache must not mix them up.
    headers = ((b"Content-Type", _TYPES[form]), *guard, (b"Vary", b"Accept, Sec-Fetch-Dest"))
    return Reply(page.status, headers, make(page).encode("utf-8", "replace"), _line(page.sentence))


def failure_page(failure: Failure, *, route: str = "") -> Page:
    """The page for a request that a target gave no response to."""
    facts = [("target", failure.target), ("tried", ", ".join(failure.tried[:_MAX_FACTS])), ("cause", failure.cause)]
    facts.append(("route", route))
    target = failure.target or "The target"
    sentences = {
        502: f"{target} cannot be reached.",
        503: f"{target} cannot take the request now.",
        504: f"{target} did not answer in time.",
    }
    sentence = sentences.get(failure.status, f"The request for {failure.target or 'the target'} was given up.")
    known = tuple((name, value) for name, value in facts if value)
    return Page(failure.status, sentence, known, failure.advice)


def serve_page(page: Page, headers: list[tuple[bytes, bytes]]) -> Reply:
    """The same as `reply`, for the headers of an ASGI scope."""
    return reply(page, {name.lower(): value for name, value in headers})


def oversized_head(head: bytes, limit: int) -> str:
    """The sentence for the first bytes of a request's head that is longer than `limit`, in bytes.

    It names the biggest cookies, which are what makes heads on localhost long, where the servers of all ports share
    them (vitejs/vite PR 9324), and never their values.
    """
    sentence = f"The head of the request is longer than {limit} bytes."
    cookies = _cookies(head[:_MAX_SCANNED])
    if not cookies:
        return sentence
    listed = ", ".join(f"{name} ({size} bytes)" for name, size in cookies[:_MAX_COOKIES])
    more = len(cookies) - _MAX_COOKIES
    others = f" and {more} more" if more > 0 else ""
    way_out = "delete them for this host, whose ports all share them, or allow more with --max-head"
    return f"{sentence} The biggest cookies are {listed}{others}: {way_out}."


def _cookies(head: bytes) -> list[tuple[str, int]]:
    """Names and sizes of the cookies in a head that may end anywhere, the biggest first."""
    sizes: dict[str, int] = {}
    for line in re.findall(rb"(?im)^cookie:([^\r\n]*)", head):
        for pair in line.split(b";"):
            name, equals, _ = pair.strip(b" \t").partition(b"=")
            shown = name.decode("ascii", "backslashreplace") if equals else ""
            if shown := _line(shown)[:_MAX_NAME]:
                sizes[shown] = sizes.get(shown, 0) + len(pair.strip(b" \t"))
    return sorted(sizes.items(), key=lambda item: (-item[1], item[0]))


def _html(page: Page) -> str:
    facts = "".join(
        f"<dt>{escape(_cut(name))}</dt><dd>{escape(_cut(value))}</dd>\n" for name, value in page.facts[:_MAX_FACTS]
    )
    advice = f'<p class="out">{escape(_cut(page.advice))}</p>\n' if page.advice else ""
    return _HTML.format(
        status=page.status,
        title=escape(page.title),
        sentence=escape(_cut(page.sentence)),
        facts=facts,
        advice=advice,
    )


def _json(page: Page) -> str:
    facts = {name: _cut(value) for name, value in page.facts[:_MAX_FACTS]}
    body: dict[str, object] = {"status": page.status, "title": page.title, "error": _cut(page.sentence), **facts}
    if page.advice:
        body["advice"] = _cut(page.advice)
    return dumps(body, indent=2) + "\n"


def _text(page: Page) -> str:
    lines = [f"{page.status} {page.title}: {_printable(page.sentence)}"]
    lines += [f"  {_printable(name)}: {_printable(value)}" for name, value in page.facts[:_MAX_FACTS]]
    if page.advice:
        lines.append(_printable(page.advice))
    return "\n".join(lines) + "\n"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}…"


def _printable(text: str) -> str:
    """A text for a terminal, which control characters would drive."""
    return "".join(each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in _cut(text))


def _line(text: str) -> str:
    """The first line of a text, printable."""
    return _printable(text.partition("\n")[0])
