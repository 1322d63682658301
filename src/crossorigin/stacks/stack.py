"""What a stack is: a server or framework whose configuration can carry a policy.

Each is one module with a constant `STACK`, a value that holds its abilities as functions. An ability that is not there
is None: nothing is half done. To add one, write the module, name it in `crossorigin.stacks.NAMES`, and give it its
tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Final, TypeAlias

from crossorigin.policy.migrate import Migration
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import Problem

__all__ = [
    "UNKNOWN",
    "Evidence",
    "File",
    "Line",
    "Part",
    "ReadBack",
    "Recognition",
    "Rendered",
    "Site",
    "SiteError",
    "Stack",
    "Unread",
]


class SiteError(ValueError):
    """What is around the policy cannot be written into a configuration; one sentence that names it."""


_UPSTREAM: Final = re.compile(
    r"http://([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is around the policy: where the server listens, and whom it hands requests on to.

    `upstream` is the backend of a web server, `http://HOST[:PORT]`; frameworks are their own and pass it over.
    `style` picks one of `Stack.styles`, where a stack can be written in several ways; empty is the first of them.
    Raises SiteError, so that what exists can be written into any configuration as it stands.
    """

    upstream: str = "http://127.0.0.1:3000"
    port: int = 8080
    style: str = ""

    def __post_init__(self) -> None:
        found = _UPSTREAM.fullmatch(self.upstream)
        if found is None or not 0 < int(found[2] or 80) < 65536:
            raise SiteError(
                f"{self.upstream[:200]!r} is no upstream: give http://HOST:PORT, without a path; "
                "TLS to a backend needs certificates, which only you can name"
            )
        if not 0 < self.port < 65536:
            raise SiteError(f"{self.port} is no port: give a number from 1 to 65535")

    @property
    def host(self) -> str:
        """The upstream's host, an IPv6 address in brackets."""
        return self._parts[0]

    @property
    def upstream_port(self) -> int:
        """The upstream's port, 80 where none is given."""
        return int(self._parts[1] or 80)

    @property
    def address(self) -> str:
        """The upstream as HOST:PORT."""
        return f"{self.host}:{self.upstream_port}"

    @property
    def _parts(self) -> tuple[str, str | None]:
        found = _UPSTREAM.fullmatch(self.upstream)
        return (found[1], found[2]) if found else ("", None)  # `__post_init__` let nothing else in


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody who has a configuration already pastes into it, and `place`, where: a phrase without a full stop.

    `text` stands in its file word for word, but for the indentation of all its lines alike.
    """

    place: str
    text: str

    @classmethod
    def of(cls, place: str, lines: Iterable[str]) -> Part:
        """From its lines."""
        return cls(place, "\n".join(lines))


Line: TypeAlias = "str | Part | tuple[str | Part, ...]"
"""What a file is put together from: a line, a part of one or more lines, or one line made of several pieces."""


@dataclass(frozen=True, slots=True)
class File:
    """One file or block of a configuration: its usual name, its language (as highlighters call it) and its text.

    `parts` are those that concern CORS, in the order in which they are pasted; empty where the whole file does.
    """

    name: str
    language: str
    text: str
    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, name: str, language: str, lines: Iterable[Line]) -> File:
        """Put together from its lines, so that no part can say anything else than the whole.

        A part among them is indented as it stands in the file; in `parts` it is not.
        """
        pieces = [line if isinstance(line, tuple) else (line,) for line in lines]
        text = "".join("".join(each if isinstance(each, str) else each.text for each in line) + "\n" for line in pieces)
        parts = tuple(Part(each.place, dedent(each.text)) for line in pieces for each in line if isinstance(each, Part))
        return cls(name, language, text, parts)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A policy as a configuration.

    `limits` are sentences: each something of the policy that the stack cannot say, with what was written instead. They
    stand as comments in the first file too; JSON has none, and there they stand in a file beside it. `install` is the
    command that gets, or switches on, what the parts need and a server that exists may lack; empty where that is
    nothing.
    """

    files: tuple[File, ...]
    limits: tuple[str, ...] = ()
    install: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line of a configuration that has to do with CORS and was not understood."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The CORS part of a configuration as settings for `Policy`.

    `unread` is what was not understood: with any of it the settings are a part of the truth. `problems` are those that
    `Policy.validate` has with the settings.
    """

    settings: dict[str, object]
    unread: tuple[Unread, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One answer of a server, as it came: what there is to recognise a stack by. `body` is the start of the body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    is_preflight: bool = False

    def values(self, name: str) -> list[str]:
        """The values of a header, in order; names in any case."""
        wanted = name.lower().encode("ascii")
        return [value.decode("latin-1") for own, value in self.headers if own.lower() == wanted]

    def has(self, name: str) -> bool:
        """Whether there is a header of this name."""
        return bool(self.values(name))


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sure it is that a stack gave an answer, from 0 (no sign of it) to 1 (it says so), and by which signs."""

    confidence: float
    because: tuple[str, ...] = ()


UNKNOWN: Final = Recognition(0.0)

Render: TypeAlias = Callable[[Policy, Site], Rendered]
Read: TypeAlias = Callable[[str], Migration]
Recognise: TypeAlias = Callable[[Evidence], Recognition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A server or framework, and what can be done with it.

    - `name`: as it is given on the command line; `title`: as its makers write it.
    - `language`: of its configuration, as highlighters call it.
    - `verified`: the version that the rendered configuration was run on, by the project's own tests; None where it was
      written from documentation alone, which output and documentation have to say.
    - `styles`: the names of the ways in which it can be written, the first one being the usual one.
    - `render(policy, site)`, `read(text)`, `recognise(evidence)`: see `Rendered`, `Migration`, `Recognition`; a
      reader raises MigrationError, one line, where there is nothing to be read.
    """

    name: str
    title: str
    language: str
    verified: str | None = None
    styles: tuple[str, ...] = field(default=())
    render: Render | None = None
    read: Read | None = None
    recognise: Recognise | None = None

    @property
    def abilities(self) -> tuple[str, ...]:
        """Those of `render`, `read` and `recognise` that it has."""
        return tuple(name for name in ("render", "read", "recognise") if getattr(self, name) is not None)
