"""A policy while it is being moved over: what was taken, what could not be, and what the old settings let through."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crossorigin.policy.old_settings import OldSettings, Unread
from crossorigin.policy.patterns import PatternSyntaxError, parse_pattern
from crossorigin.policy.problems import Problem, ProblemCode, shown
from crossorigin.policy.validate import check

__all__ = ["Draft", "Finding", "finish", "strings_of"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: the setting with its line, a sentence, and origins that it allowed and nobody meant."""

    subject: str
    line: int
    sentence: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        examples = f" It allowed, for one: {', '.join(self.allowed)}." if self.allowed else ""
        return f"line {self.line}, {self.subject}: {self.sentence}{examples}"


@dataclass(slots=True)
class Draft:
    """The settings so far. `name` is that of the policy among several."""

    old: OldSettings
    name: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def get(self, subject: str, default: object) -> Any:
        """An old setting; what is only known when the program runs is noted, and the default taken."""
        value = self.old.values.get(subject, default)
        if isinstance(value, Unread):
            sentence = f"`{value.source[:80]}` is only known when the program runs. Write the value into the policy."
            self.note(subject, sentence)
            return default
        return value

    def note(self, subject: str, sentence: str, allowed: Iterable[str] = (), *, line: int | None = None) -> None:
        """One more finding; without a line, that of the setting is taken."""
        place = self.old.lines.get(subject, self.old.line) if line is None else line
        self.findings.append(Finding(subject, place, sentence, tuple(allowed)))

    def take_origins(self, subject: str, texts: Iterable[str], *, line: int | None = None) -> None:
        """Origins that the old library compared as they stand."""
        taken = self.settings.setdefault("allow_origins", [])
        for text in texts:
            if text in {"*", "null"}:
                taken.append(text)
                continue
            try:
                parse_pattern(text)
            except PatternSyntaxError as error:
                meant = _literals(error.fix)
                hint = f"{', '.join(meant)} is taken in its place." if meant else "It is left out."
                sentence = f"{shown(text, 120)} never matched a browser's Origin ({error.code}). {hint}"
                self.note(subject, sentence, line=line)
                taken += meant
                continue
            if "*" in text:
                self.note(
                    subject,
                    f"{shown(text, 120)} was compared as it stands and never matched. As a pattern it allows "
                    f"{'subdomains' if '*.' in text else 'ports'} from now on.",
                    line=line,
                )
            taken.append(text)


def strings_of(draft: Draft, subject: str, value: object) -> list[str]:
    """The strings of a list; what is none, and what is only known when the program runs, is noted and left out."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, (list, tuple, set, frozenset)):
        return []
    found = []
    for item in value:
        if isinstance(item, str):
            found.append(str(item))
        else:
            text = item.source if isinstance(item, Unread) else repr(item)
            draft.note(subject, f"`{text[:80]}` is only known when the program runs, and is left out.")
    return found


def finish(draft: Draft) -> None:
    """Make the settings sound: what is no policy's is mended where that is plain, and left out where it is not."""
    for name in ("allow_origins", "allow_methods", "allow_headers", "expose_headers"):
        if name in draft.settings:
            draft.settings[name] = list(dict.fromkeys(draft.settings[name]))
    for _ in range(4):  # each round mends what the one before uncovered
        problems = [problem for problem in check(draft.settings, python=False).problems if problem.index is not None]
        if not problems:
            break
        for problem in sorted(problems, key=lambda each: each.index or 0, reverse=True):
            _mend(draft, problem)
    for problem in check(draft.settings, python=False).problems:
        if problem.code is ProblemCode.INSECURE_ORIGIN_WITH_CREDENTIALS:
            draft.settings["allow_origins"].remove(problem.value)
            draft.note("allow_origins", f"{problem.value} is left out ({problem.code}): {problem.sentence}")
    safelisted = {"GET", "HEAD", "POST"}
    draft.settings["allow_methods"] = [name for name in draft.settings["allow_methods"] if name not in safelisted]
    if not draft.settings.get("allow_origins"):
        draft.settings["allow_origins"] = []
        draft.note("allow_origins", "No origin could be taken over: name them, the policy is not sound before (P101).")
    draft.settings = {
        name: value for name, value in draft.settings.items() if value not in ([], None) or name == "allow_origins"
    }


def _mend(draft: Draft, problem: Problem) -> None:
    values = draft.settings[problem.field]
    index = problem.index or 0
    if problem.code is ProblemCode.AUTHORIZATION_NOT_COVERED:
        values.append("authorization")
        return
    if problem.code is ProblemCode.WILDCARD_AMONG_OTHERS:
        draft.settings[problem.field] = ["*", *(["authorization"] if "authorization" in values else [])]
        return
    mended = [] if problem.code is ProblemCode.PUBLIC_SUFFIX else _literals(problem.fix)
    values[index : index + 1] = mended
    what = f"{', '.join(mended)} is taken in its place" if mended else "it is left out"
    draft.note(problem.field, f"{shown(problem.value, 120)}: {what} ({problem.code}). {problem.sentence}")


def _literals(fix: str) -> list[str]:
    """The strings of a fix; none where it is advice."""
    if not fix.startswith('"'):
        return []
    found: list[str] = json.loads(f"[{fix}]")
    return found
