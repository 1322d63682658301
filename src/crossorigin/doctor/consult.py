"""A report with what the doctor makes of it: the causes, the fix for the server that answered, and what to run then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossorigin.browser.drive import Sender
from crossorigin.doctor.causes import Cause
from crossorigin.doctor.command import Command, check_command
from crossorigin.doctor.diagnosis import diagnose
from crossorigin.doctor.fixes import Fix, Unwritten, fix_for
from crossorigin.doctor.mended import mended
from crossorigin.doctor.report import Report
from crossorigin.stacks import Stack

__all__ = ["Consultation", "consult"]

_OFFERED = 0.4
"""From here on a further cause is worth a line."""
_ASSUMED = 0.6
"""From here on a cause's advice is better than that of the step which blocked."""


@dataclass(frozen=True)
class Consultation:
    """A report, its causes (the surest first), the fix, and the command that asks again."""

    report: Report
    causes: tuple[Cause, ...]
    fix: Fix | Unwritten | None
    command: Command

    @property
    def cause(self) -> Cause | None:
        """The first cause, where the call did not succeed; of one that did nothing is the cause."""
        return self.causes[0] if self.causes and not self.report.allowed else None

    @property
    def others(self) -> tuple[Cause, ...]:
        """Further causes that are worth a line."""
        rest = self.causes if self.cause is None else self.causes[1:]
        return tuple(cause for cause in rest if cause.confidence >= _OFFERED)

    @property
    def advice(self) -> str | None:
        """What to change; None where nothing has to."""
        cause = self.cause
        if cause is not None and cause.confidence >= _ASSUMED:
            return cause.fix
        return self.report.advice


def consult(
    report: Report,
    sender: Sender | None = None,
    *,
    stack: Stack | None = None,
    style: str = "",
    flags: Sequence[Sequence[str]] = (),
    writes_fix: bool = True,
) -> Consultation:
    """Find the causes and the fix.

    With `sender` a few second probes are sent (`crossorigin.doctor.diagnosis`). `stack` is the one that the fix is to
    be written for, in `style`; without it the one that answered is recognised. `flags` are options, each with its
    value, that the command to run afterwards needs. Without `writes_fix` there is none: every stack would be looked at.
    """
    causes = diagnose(report, sender)
    needs_none = not writes_fix or (report.allowed and stack is None)
    fix = None if needs_none else fix_for(report, causes, stack, style)
    question = mended(report, causes[0] if causes and not report.allowed else None)
    return Consultation(report, causes, fix, check_command(question, flags))
