"""The pages of `docs/codes/`, read as data: their parts, and their exchanges as the engine can run them.

A page shows a command (or a few lines of Python) that makes a request, and a dialogue:

    > GET /users HTTP/1.1
    > Origin: https://app.example.com

    < HTTP/1.1 200
    < Access-Control-Allow-Origin: *
    <
    < What stands below an empty line is the body.

`play` puts the request to the engine, answers with the responses that the page shows, and insists that every request
line and header which the page shows is what the engine really sends. So the documentation cannot lie.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossorigin.cli.check import question_of
from crossorigin.fetch import (
    FetchResult,
    HTTPRequest,
    HTTPResponse,
    Request,
    TransportFailure,
    TransportFailureKind,
    UserAgent,
    fetch,
)
from crossorigin.fetch.profile import STANDARD
from crossorigin.web.headers import HeaderList

__all__ = ["Actor", "Block", "Exchange", "Page", "PageError", "Section", "build", "exchanges", "play", "read_page"]

_STEP: Final = re.compile(r"\*\*Step:\*\* \[(?P<label>[^]]+)\]\((?P<url>[^)]+)\)(?P<where>, .+)?")
_HOST_NAMES: Final = frozenset({"host", ":authority"})
_TELLING: Final = frozenset(
    {
        b"access-control-request-headers",
        b"access-control-request-method",
        b"authorization",
        b"content-type",
        b"cookie",
        b"origin",
        b"range",
    }
)
"""What a reader must not be left to guess: a request that has one of these is shown with it."""

_NO_ANSWER: Final = {
    "TLS failed": TransportFailureKind.TLS,
    "connection closed": TransportFailureKind.RESET,
    "connection refused": TransportFailureKind.REFUSED,
    "timeout": TransportFailureKind.TIMEOUT,
    "unknown host": TransportFailureKind.DNS,
}


class PageError(AssertionError):
    """A page that is not in the form, or shows what the engine does not do."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code."""

    language: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The code as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading: blocks, and the words around them."""

    heading: str
    blocks: tuple[Block, ...]
    prose: str

    def block(self, *languages: str) -> Block | None:
        """The one block in one of these languages, None when there is none."""
        found = [block for block in self.blocks if block.language in languages]
        if len(found) > 1:
            raise PageError(f"{self.heading}: more than one block in {' or '.join(languages)}")
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `summary` is what stands beneath the title, `step_url` and `step_where` are of the step below that.

    A page of a cause has no step, and both are empty.
    """

    code: str
    title: str
    summary: str
    step_url: str
    step_where: str
    sections: tuple[Section, ...]
    text: str

    def section(self, heading: str) -> Section:
        """The section of that heading."""
        for section in self.sections:
            if section.heading == heading:
                return section
        raise PageError(f"{self.code}: no section {heading!r}")


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as a page shows it; `version` is what HTTP it is shown in."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]

    def values(self, name: str) -> list[str]:
        """The values shown for a name, in order, in any case."""
        return [value for own, value in self.headers if own.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that a page shows, and what is answered to it."""

    request: ShownRequest
    answer: HTTPResponse | TransportFailure


# Reading a page.


def read_page(path: Path) -> Page:
    """The page at `path`; raises PageError when it has not got the form."""
    text = path.read_text(encoding="utf-8")
    head, *parts = _split_at_headings(text)
    title_line, _, rest = head.partition("\n")
    code, colon, title = title_line.removeprefix("# ").partition(": ")
    if not title_line.startswith("# ") or not colon:
        raise PageError(f"{path.name}: the first line is not `# CODE: title`")
    summary = [line for line in rest.strip().splitlines() if line]
    step = _STEP.fullmatch(summary[-1])
    if step is not None:
        summary.pop()
    elif code.startswith("B"):
        raise PageError(f"{path.name}: the line before the first section is not `**Step:** [name](address), step n`")
    return Page(
        code=code,
        title=title,
        summary=" ".join(summary),
        step_url="" if step is None else step["url"],
        step_where="" if step is None else step["where"] or "",
        sections=tuple(_section(part) for part in parts),
        text=text,
    )


def _split_at_headings(text: str) -> list[str]:
    """The text before the first `## ` and then each section, without mistaking code for a heading."""
    parts: list[list[str]] = [[]]
    fenced = False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(lines) for lines in parts]


def _section(text: str) -> Section:
    heading, _, body = text.partition("\n")
    blocks: list[Block] = []
    prose: list[str] = []
    code: list[str] | None = None
    language = ""
    for line in body.splitlines():
        if line.startswith("```"):
            if code is None:
                code, language = [], line.removeprefix("```")
            else:
                blocks.append(Block(language, tuple(code)))
                code = None
        elif code is None:
            prose.append(line)
        else:
            code.append(line)
    if code is not None:
        raise PageError(f"{heading}: a block is not closed")
    return Section(heading.removeprefix("## "), tuple(blocks), "\n".join(prose).strip())


# Making the request.


def build(block: Block) -> tuple[Request, UserAgent]:
    """The request that a block makes, and the browser that makes it."""
    if block.language == "sh":
        program, command, *argv = shlex.split(block.text.replace("\\\n", " "))
        if (program, command) != ("crossorigin", "check"):
            raise PageError(f"{block.text!r} is not `crossorigin check …`")
        question = question_of(argv)
        return question.request(), question.agent(STANDARD)
    namespace: dict[str, object] = {}
    exec(compile(block.text, "<page>", "exec"), namespace)
    request = namespace.get("request")
    if not isinstance(request, Request):
        raise PageError("the Python block assigns no request to `request`")
    return request, UserAgent()


# Reading the dialogue.


def exchanges(block: Block) -> list[Exchange]:
    """The exchanges of an `http` block, in order."""
    found: list[Exchange] = []
    asked: ShownRequest | None = None
    for paragraph in block.text.split("\n\n"):
        lines = paragraph.splitlines()
        repeated = re.fullmatch(r"\(the same exchange (\d+) times more\)", paragraph)
        if repeated:
            found.extend([found[-1]] * int(repeated[1]))
        elif all(line.startswith("> ") for line in lines) and asked is None:
            asked = _request([line[2:] for line in lines])
        elif all(line == "<" or line.startswith("< ") for line in lines) and asked is not None:
            found.append(Exchange(asked, _answer([line[2:] for line in lines])))
            asked = None
        else:
            raise PageError(f"neither a request nor its response: {paragraph!r}")
    if asked is not None:
        raise PageError(f"{asked.method} {asked.target} is not answered")
    return found


def _request(lines: list[str]) -> ShownRequest:
    method, target, version = lines[0].split(" ")
    return ShownRequest(method, target, version, tuple(_field(line) for line in lines[1:]))


def _answer(lines: list[str]) -> HTTPResponse | TransportFailure:
    none = re.fullmatch(r"\(no answer: (.+)\)", lines[0])
    if none:
        return TransportFailure(_NO_ANSWER[none[1]], f"No answer: {none[1]}.")
    end = lines.index("") if "" in lines else len(lines)
    version, status = lines[0].split(" ")
    return HTTPResponse(
        int(status),
        HeaderList.of(*(_field(line) for line in lines[1:end])),
        body="\n".join(lines[end + 1 :]).encode(),
        http_version=version,
    )


def _field(line: str) -> tuple[str, str]:
    name, colon, value = line[1:].partition(": ")
    if not colon:
        raise PageError(f"{line!r} is not `Name: value`")
    return line[0] + name, value


# Playing it.


def play(request: Request, agent: UserAgent, dialogue: list[Exchange]) -> FetchResult:
    """Fetch `request`, answered by the dialogue; raises PageError where the two differ."""
    engine = fetch(request, agent)
    try:
        sent = next(engine)
        for number, exchange in enumerate(dialogue, 1):
            _compare(number, exchange.request, sent)
            # The engine is done when this raises StopIteration, which has to be at the last answer.
            sent = engine.send(exchange.answer)
        raise PageError(f"the page ends, and the engine goes on with {sent.method!r} {sent.url.href}")
    except StopIteration as stop:
        result = stop.value
    used = len(result.exchanges)
    if used != len(dialogue):
        raise PageError(f"the page shows {len(dialogue)} exchanges, and the engine stopped after {used}")
    if not isinstance(result, FetchResult):
        raise PageError(f"the engine returned {result!r}")
    return result


class Actor:
    """A server that knows a page's exchanges and nothing else, in whatever order it is asked."""

    def __init__(self, shown: Iterable[Exchange]) -> None:
        self._shown = tuple(shown)
        self.played: list[Exchange] = []
        """Those that were asked for."""

    def send(self, request: HTTPRequest, /) -> HTTPResponse | TransportFailure:
        """The answer to the request that is shown as this one."""
        for number, exchange in enumerate(self._shown, 1):
            try:
                _compare(number, exchange.request, request)
            except PageError:
                continue
            self.played.append(exchange)
            return exchange.answer
        return TransportFailure(TransportFailureKind.UNREACHABLE, "The page does not show what is answered to that.")


def _compare(number: int, shown: ShownRequest, sent: HTTPRequest) -> None:
    """Every line that is shown is sent, exactly; and nothing that tells is left out."""
    url = sent.url
    target = url.path if url.query is None else f"{url.path}?{url.query}"
    host = f"{url.host}:{url.port}" if url.port is not None else f"{url.host}"
    actual = (sent.method.decode(), target)
    if (shown.method, shown.target) != actual:
        raise PageError(f"request {number} is shown as {shown.method} {shown.target} and is {' '.join(actual)}")
    names = {name.lower() for name, _ in shown.headers}
    host_name = ":authority" if shown.version == "HTTP/2" else "host"
    if names & _HOST_NAMES != {host_name} or shown.values(host_name) != [host]:
        raise PageError(f"request {number} goes to {host}, and {host_name} does not say so alone")
    for name in sorted(names - _HOST_NAMES | {name.decode() for name in _TELLING}):
        values = [value.decode("latin-1") for value in sent.headers.get_all(name.encode())]
        if shown.values(name) != values:
            raise PageError(f"request {number} shows {name} as {shown.values(name)}, and {values} is sent")
