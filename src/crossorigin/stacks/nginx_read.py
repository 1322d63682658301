"""The CORS part of a configuration of nginx, read back: what `add_header` says, through the maps that its values name.

Read are literal values and maps by origin whose keys are origins, or anchored expressions that stand for a pattern
exactly. All else that has to do with CORS is handed back as unread, with its line: an expression that allows more than
a pattern can say is no pattern, and what locations and `if` do to `add_header` is nginx's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.policy.migration import Finding
from crossorigin.policy.policy import Policy
from crossorigin.stacks.origin_words import origins_of
from crossorigin.stacks.stack import ReadBack, Unread

__all__ = ["read", "read_back"]

_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|\#[^\n]*)|(?P<sign>[{};])|(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|"""
    r"""(?P<word>(?:\$\{[^}\s]*\}|\\.|[^\s{};"'\\])(?:\$\{[^}\s]*\}|\\.|[^\s{};\\])*)|(?P<other>.)""",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"""\\(["'\\trn])""")
_ESCAPED: Final = {"t": "\t", "r": "\r", "n": "\n"}
_CORS: Final = re.compile(r"access-control-|http_origin", re.IGNORECASE)
_ASKED_METHOD: Final = "$http_access_control_request_method"
_ASKED_HEADERS: Final = "$http_access_control_request_headers"
_MOST: Final = 8
"""Maps that lead from one to the next; a circle ends here too."""
_SHOWN: Final = 60


@dataclass(slots=True)
class _Directive:
    words: list[str]
    line: int
    block: list[_Directive] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def read(text: str) -> Migration:
    """What was read back, as every reader hands it over; raises MigrationError where there is nothing of CORS."""
    found = read_back(text)
    if not found.settings and not found.unread:
        raise MigrationError("there is nothing of CORS in it that nginx would read")
    findings = [
        Finding(each.text[:_SHOWN], each.line, "was not understood. Write what it means into the policy.")
        for each in found.unread
    ]
    findings += [Finding(problem.field, 1, problem.sentence) for problem in found.problems]
    return Migration({"policy": found.settings}, tuple(findings))


def read_back(text: str) -> ReadBack:
    """The settings that `add_header` and the maps behind it come to; see the module for what is left unread."""
    return _Reader(_parse(text)).result()


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind != "skip":
            yield kind, match[0], line
        line += match[0].count("\n")


def _parse(text: str) -> list[_Directive]:
    top: list[_Directive] = []
    stack, words, start = [top], list[str](), 0
    for kind, piece, line in _tokens(text):
        start = start if words else line
        if kind == "quoted":
            words.append(_ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), piece[1:-1]))
        elif kind != "sign":
            words.append(piece)
        elif piece == "}":
            if len(stack) > 1:
                stack.pop()
            words = []
        else:
            directive = _Directive(words, start)
            stack[-1].append(directive)
            if piece == "{":
                stack.append(directive.block)
            words = []
    return top


def _walk(directives: list[_Directive]) -> Iterator[_Directive]:
    for directive in directives:
        yield directive
        if directive.words[:1] != ["map"]:
            yield from _walk(directive.block)


class _Reader:
    """One configuration while it is read."""

    def __init__(self, top: list[_Directive]) -> None:
        self.unread: list[Unread] = []
        self.all = list(_walk(top))
        self.maps = {each.words[2]: each for each in self.all if each.words[:1] == ["map"] and len(each.words) == 3}
        self.by_origin = {
            id(row) for each in self.maps.values() if each.words[1] == "$http_origin" for row in each.block
        }
        self.constants = {
            each.words[-1]: row.words[1]
            for each in self.all
            if each.words[:1] == ["geo"]
            for row in each.block
            if row.words[:1] == ["default"] and len(row.words) == 2
        }
        self.settings: dict[str, object] = {}

    def result(self) -> ReadBack:
        seen: dict[str, str] = {}
        for each in self.all:
            if each.words[:1] == ["add_header"] and len(each.words) >= 3:
                name = each.words[1].lower()
                if name.startswith("access-control-"):
                    if name in seen and seen[name] != each.words[2]:
                        self._leave(each)
                        continue
                    seen[name] = each.words[2]
                    self._header(each, name, each.words[2])
            elif each.words[:1] == ["if"] and "preflight" in each.text:
                self._status(each)
            elif each.words[:1] == ["if"] and _CORS.search(each.text):
                self._leave(each)
        if "allow_origins" not in self.settings:
            return ReadBack(self.settings, tuple(self.unread))
        return ReadBack(self.settings, tuple(self.unread), tuple(Policy.validate(**self.settings)))

    def _leave(self, directive: _Directive) -> None:
        self.unread.append(Unread(directive.line, directive.text[:200]))

    def _status(self, directive: _Directive) -> None:
        for inner in directive.block:
            if inner.words[:1] == ["return"] and re.fullmatch("2[0-9][0-9]", "".join(inner.words[1:2])):
                self.settings["preflight_status"] = int(inner.words[1])

    def _header(self, directive: _Directive, name: str, value: str) -> None:
        ways = {
            "access-control-allow-origin": self._origins,
            "access-control-allow-credentials": self._credentials,
            "access-control-allow-methods": self._methods,
            "access-control-allow-headers": self._headers,
            "access-control-expose-headers": self._exposed,
            "access-control-max-age": self._max_age,
        }
        if name not in ways or not ways[name](value):
            self._leave(directive)

    def _leaves(self, value: str, depth: int = 0) -> list[tuple[str, _Directive | None]]:
        """What a value can be, through maps: literals and variables of the request, each with the row that has it."""
        mapped = self.maps.get(value)
        if mapped is None or depth > _MOST:
            return [(value, None)]
        found: list[tuple[str, _Directive | None]] = []
        for row in mapped.block:
            if len(row.words) == 2 and row.words[1]:
                found += [(leaf, own or row) for leaf, own in self._leaves(row.words[1], depth + 1)]
        return found

    def _origins(self, value: str) -> bool:
        leaves = self._leaves(value)
        origins: list[str] = []
        whole = True
        for leaf, row in leaves:
            if leaf == "*":
                origins.append("*")
            elif leaf == "$http_origin" and row is not None and self._by_origin(row):
                found = _origins_of(row.words[0])
                origins += found
                if not found:
                    self._leave(row)
            elif "$" not in leaf and leaf:
                origins.append(leaf)
            else:
                whole = False
        self.settings["allow_origins"] = origins
        return whole and bool(origins)

    def _by_origin(self, row: _Directive) -> bool:
        return id(row) in self.by_origin

    def _credentials(self, value: str) -> bool:
        if {leaf for leaf, _ in self._leaves(value)} != {"true"}:
            return False
        self.settings["allow_credentials"] = True
        return True

    def _methods(self, value: str) -> bool:
        leaves = {leaf for leaf, _ in self._leaves(value)}
        names = self._asked(_ASKED_METHOD, r"\^\(\?:(.*)\)\$") if leaves == {_ASKED_METHOD} else self._listed(leaves)
        if names is None:
            return False
        # What needs no leave is no setting.
        self.settings["allow_methods"] = [name for name in names if name not in {"GET", "HEAD", "POST"}]
        return True

    def _headers(self, value: str) -> bool:
        leaves = {leaf for leaf, _ in self._leaves(value)}
        way = r"\^\[ \t,\]\*\(\?:\(\?:(.*?)\)\(\?:\[.*\$"
        names = self._asked(_ASKED_HEADERS, way) if leaves == {_ASKED_HEADERS} else self._listed(leaves)
        if names is None:
            return False
        self.settings["allow_headers"] = names
        return True

    def _exposed(self, value: str) -> bool:
        names = self._listed({leaf for leaf, _ in self._leaves(value)})
        if names is None:
            return False
        self.settings["expose_headers"] = names
        return True

    def _max_age(self, value: str) -> bool:
        leaves = [leaf for leaf, _ in self._leaves(value)]
        if len(leaves) != 1 or not re.fullmatch("[0-9]{1,9}", leaves[0]):
            return False
        self.settings["max_age"] = int(leaves[0])
        return True

    def _listed(self, leaves: set[str]) -> list[str] | None:
        """The members of the one literal value."""
        if len(leaves) != 1:
            return None
        value = next(iter(leaves))
        for name, constant in self.constants.items():
            value = value.replace("${" + name.removeprefix("$") + "}", "\0" if constant == "$" else name)
        if "$" in value:
            return None
        return [word.strip(" \t").replace("\0", "$") for word in value.split(",") if word.strip(" \t")]

    def _asked(self, source: str, way: str) -> list[str] | None:
        """The names that a map of what is asked for lets through: the alternatives of its one expression."""
        keys = [
            row.words[0]
            for each in self.maps.values()
            if each.words[1] == source
            for row in each.block
            if row.words[:1] not in (["default"], [""])
        ]
        found = re.fullmatch(way, keys[0].lstrip("~*"), re.DOTALL) if len(keys) == 1 else None
        if found is None:
            return None
        names = [re.sub(r"\\(.)", r"\1", name) for name in re.split(r"(?<!\\)\|", found[1])]
        return names if all(names) else None


def _origins_of(key: str) -> list[str]:
    """The origins or patterns that a key of a map by origin stands for, exactly; none for anything else."""
    if key.startswith("~"):
        return origins_of(key[1:]) or []
    return [] if "*" in key else [key]
