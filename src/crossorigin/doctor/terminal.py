"""A report for people: the verdict first, then the dialogue, then what to change. Readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from crossorigin.doctor.causes import CAUSES, HIGH, Cause
from crossorigin.doctor.consult import Consultation
from crossorigin.doctor.diagram import ASCII, UNICODE, Glyphs, draw, printable
from crossorigin.doctor.explained import Explanation
from crossorigin.doctor.explained_text import explained_paragraphs
from crossorigin.doctor.fixes import Fix, Unwritten
from crossorigin.doctor.reading import Reading
from crossorigin.doctor.real_text import Paragraph, real_paragraphs
from crossorigin.doctor.reality import Asked
from crossorigin.doctor.report import is_allowed
from crossorigin.doctor.words import all_of
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.profiles import FIREFOX
from crossorigin.fetch.response import Response
from crossorigin.web.anchors import section

__all__ = ["glyphs_of", "print_explanation", "print_notes", "print_readings", "print_report"]

_STYLES = {"plain": "", "strong": "bold", "quiet": "dim", "pass": "green", "fail": "bold red"}
_WIDEST = 100


def glyphs_of(console: Console) -> Glyphs:
    """The characters that the console's encoding can show."""
    return UNICODE if console.encoding.lower().replace("-", "").startswith("utf") else ASCII


def print_report(consultation: Consultation, console: Console, *, all_causes: bool = False) -> None:
    """Print the whole report, with the evidence of every cause or of the first alone.

    Nothing from the network reaches the terminal unescaped.
    """
    _Page(consultation, console, all_causes=all_causes).print()


def print_notes(notes: Sequence[str], console: Console) -> None:
    """Print what to know before the report, if there is anything: a paragraph each, and a blank line behind."""
    paragraphs = _Paragraphs(console)
    for note in notes:
        paragraphs.say(note, "yellow", indent=0)
    if notes:
        paragraphs.blank()


def print_readings(readings: Sequence[Reading], console: Console) -> None:
    """Print what pasted messages mean, one after the other."""
    for number, reading in enumerate(readings):
        if number:
            console.print()
        _Message(reading, console).print()


def print_explanation(explanation: Explanation, console: Console, *, show_all: bool = False) -> None:
    """Print what a recording tells: the calls that failed in it, and how many there are."""
    page = _Paragraphs(console)
    page.say_each(explained_paragraphs(explanation, page.glyphs, show_all=show_all))


class _Paragraphs:
    """Wrapped and indented text on one console."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.glyphs = glyphs_of(console)
        self.width = max(40, min(console.width, _WIDEST))

    def say(self, text: str, style: str = "", *, indent: int = 2, hanging: int = 0) -> None:
        """One paragraph, wrapped and indented (`hanging` columns more after its first line), never read as markup."""
        paragraph = Text(self.plain(text), style=style)
        for number, line in enumerate(paragraph.wrap(self.console, self.width - indent - hanging)):
            line.rstrip()
            margin = indent + (hanging if number else 0)
            self.console.print(Text(" " * margin) + line, soft_wrap=True, highlight=False)

    def plain(self, text: str) -> str:
        """Our own sentences use a few characters beyond ASCII; a console without them gets their nearest."""
        if self.glyphs is UNICODE:
            return text
        return text.replace("…", "...").replace("—", "-").encode("ascii", "backslashreplace").decode()

    def say_each(self, paragraphs: Iterable[Paragraph]) -> None:
        """Paragraphs that were made elsewhere."""
        for paragraph in paragraphs:
            if paragraph.text:
                self.say(paragraph.text, paragraph.style, indent=paragraph.indent, hanging=paragraph.hanging)
            else:
                self.blank()

    def blank(self) -> None:
        self.console.print()

    def verbatim(self, text: str, style: str = "") -> None:
        """Text of ours that somebody copies: never wrapped."""
        for line in text.split("\n"):
            self.console.print(Text(self.plain(line), style=style), soft_wrap=True, highlight=False)


class _Message(_Paragraphs):
    """One pasted message on one console."""

    def __init__(self, reading: Reading, console: Console) -> None:
        super().__init__(console)
        self.reading = reading

    def print(self) -> None:
        reading = self.reading
        said = reading.recognised
        self.say(printable(reading.heading, self.glyphs, 600), "bold red", indent=0, hanging=2)
        if reading.code is not None:
            self.say(f"{reading.code.value}: {BLOCKS[reading.code].title}", "bold")
        self.blank()
        self.say(printable(said.text, self.glyphs, 900), "dim", indent=4)
        if said.when:
            self.say(f"These are the words of {said.when}.", "dim", indent=4)
        self.blank()
        self.say(f"What it means: {printable(reading.meaning, self.glyphs, 900)}")
        if reading.anchor is not None:
            # An address is of use in one piece only, however narrow the terminal.
            self.console.print(Text(f"    {reading.anchor}", style="dim"), soft_wrap=True, highlight=False)
        if reading.others:
            codes = ", ".join(code.value for code in reading.others)
            self.say(f"The same words stand for {codes} too; crossorigin check tells which it is.")
        if reading.causes:
            self.blank()
            self.say("Behind it can be:" if len(reading.causes) > 1 else "Behind it is:")
            for cause in reading.causes:
                self.say(f"- {CAUSES[cause].title} ({cause})", indent=4, hanging=2)
        self.blank()
        self.say(f"What to do: {printable(reading.advice, self.glyphs, 900)}", "bold")
        if reading.command is not None:
            self.blank()
            self.say("Which it is, and the fix for the server, tells:")
            for line in reading.command.lines(self.width - 4):
                self.verbatim(f"    {line}")
            if reading.missing is not None:
                self.say(reading.missing)
        if reading.code is not None:
            self.say(f"More: crossorigin explain {reading.code.value}", "dim")


class _Page(_Paragraphs):
    """One report on one console."""

    def __init__(self, consultation: Consultation, console: Console, *, all_causes: bool) -> None:
        super().__init__(console)
        self.all_causes = all_causes
        self.consultation = consultation
        self.report = consultation.report

    def print(self) -> None:
        self.verdict()
        self.why()
        self.situation()
        self.dialogue()
        self.preflight()
        self.readable()
        self.console_lines()
        self.real()
        self.warnings()
        self.besides()
        self.change()

    def verdict(self) -> None:
        question, result, glyphs = self.report.question, self.report.main, self.glyphs
        call = f"{question.method.decode('latin-1')} {printable(question.url.href, glyphs, 200)}"
        page = f"page {question.origin}"
        if self.report.failure is not None:
            answer = "No answer" if self.report.failure.partial is None else "No complete answer"
            self.say(f"{glyphs.bad} {answer} (this is not CORS): {call}", "bold red", indent=0, hanging=2)
            self.say(printable(self.report.failure.detail, glyphs, 600))
        elif not self.report.agree:
            self.say(f"{glyphs.bad} {self.parting()}: {call} from {page}", "bold red", indent=0, hanging=2)
            self.verdict_of_each()
        elif result.error is not None:
            self.say(f"{glyphs.bad} Blocked: {call} from {page}", "bold red", indent=0, hanging=2)
            self.codes()
        elif self.report.allowed:
            self.say(f"{glyphs.ok} Allowed: script may read {call} from {page}", "bold green", indent=0, hanging=2)
            self.contradiction()
        else:
            kind = result.response.type if isinstance(result.response, Response) else "error"
            self.say(f"{glyphs.bad} Not readable ({kind}): {call} from {page}", "bold red", indent=0, hanging=2)
        self.blank()

    def contradiction(self) -> None:
        """Who does not do for real what was predicted: it must not stand below a verdict that says otherwise."""
        real = self.report.real.items()
        blocking = [profile.title for profile, each in real if isinstance(each, Asked) and not each.allowed]
        if blocking:
            self.say(f"{self.glyphs.bad} But not for real: {all_of(blocking)} blocked it (below)", "bold red", indent=0)

    def parting(self) -> str:
        """Who blocks and who does not."""
        results = self.report.results
        blocking = [profile.title for profile, result in results.items() if not is_allowed(result)]
        allowing = [profile.title for profile, result in results.items() if is_allowed(result)]
        return f"Blocked in {all_of(blocking)}, allowed in {all_of(allowing)}"

    def verdict_of_each(self) -> None:
        for profile, result in self.report.results.items():
            if result.error is not None:
                code = result.error.code
                self.say(f"{self.glyphs.bad} {profile.title}: {code.value}: {BLOCKS[code].title}", "bold", hanging=2)
            else:
                mark, word = (self.glyphs.ok, "allowed") if is_allowed(result) else (self.glyphs.bad, "not readable")
                self.say(f"{mark} {profile.title}: {word}", "bold", hanging=2)

    def codes(self) -> None:
        """The step that blocked, for each engine that stops at one of its own."""
        main = self.report.main.error.code if self.report.main.error is not None else None
        shown: dict[BlockCode, list[str]] = {}
        for profile, result in self.report.results.items():
            if result.error is not None:
                shown.setdefault(result.error.code, []).append(profile.title)
        for code, titles in sorted(shown.items(), key=lambda item: item[0] is not main):
            where = "" if len(shown) == 1 else f" ({all_of(titles)})"
            self.say(f"{code.value}: {BLOCKS[code].title}{where}", "bold")

    def situation(self) -> None:
        report = self.report
        self.say(report.relation.sentence)
        answer = report.last_answer
        if report.failure is not None:
            return
        if not report.allowed and answer is not None and answer.response is not None:
            status = answer.response.status
            what = "the preflight" if answer.request.role == "preflight" else "the request"
            self.say(
                f"The server did answer {what} ({status}), and clients that are not browsers can read that answer: "
                "it is the browser that keeps it from script."
            )
        elif report.main.error is not None and not report.main.exchanges:
            self.say("Nothing was sent: the browser refuses before the network.")

    def dialogue(self) -> None:
        if not self.report.main.exchanges:
            self.deciding_step()
            return
        self.blank()
        if not self.report.agree:
            self.say(f"What {self.report.main_profile.title} does:")
            self.blank()
        for line in draw(self.report.question, self.report.main, self.glyphs, self.width - 2):
            self.console.print(Text(f"  {line.text}", style=_STYLES[line.style]), soft_wrap=True, highlight=False)
        self.deciding_step()

    def deciding_step(self) -> None:
        error = self.report.main.error
        if error is None or error.failure is not None:
            return
        self.blank()
        self.say(f"{self.glyphs.bad} {printable(error.step.sentence, self.glyphs, 600)}", "red")
        # A step that missed a header has said so, and the diagram shows it.
        if any(value is not None for _, value in error.step.compared):
            for what, value in error.step.compared:
                shown = "(absent)" if value is None else printable(value, self.glyphs)
                self.say(f"{what}: {shown}", indent=6)
        # An address is of use in one piece only, however narrow the terminal.
        self.console.print(Text(f"    {section(error.step.anchor)}", style="dim"), soft_wrap=True, highlight=False)

    def preflight(self) -> None:
        report = self.report
        beside_the_point = report.relation.same_origin or report.question.mode != "cors" or report.failure is not None
        if beside_the_point or not report.main.exchanges:
            return
        self.blank()
        reasons = report.preflight_reasons
        if reasons:
            self.say("A preflight was needed:" if report.preflight_needed else "A preflight is needed:")
            for step in reasons:
                self.say(f"- {printable(step.sentence, self.glyphs, 400)}", indent=4, hanging=2)
        else:
            self.say("No preflight was needed: method and headers are CORS-safelisted.")

    def readable(self) -> None:
        report = self.report
        response = report.main.response
        if report.failure is not None:
            return
        self.blank()
        if isinstance(response, Response) and response.is_readable:
            self.say(f"Script may read: status {response.status}, body, {self.names(report.readable_headers)}")
            if report.hidden_headers:
                self.say(f"It may not read: {self.names(report.hidden_headers)}")
                self.say("To let it read one, name it in `Access-Control-Expose-Headers`.")
        else:
            self.say(
                'Script may read: nothing; all that it sees is "TypeError".'
                if report.main.error
                else "Script may read: nothing; neither status nor headers nor body."
            )

    def names(self, names: Iterable[str]) -> str:
        names = [printable(name, self.glyphs, 60) for name in names]
        shown = ", ".join(names[:20]) if names else "no header"
        return shown if len(names) <= 20 else f"{shown} and {len(names) - 20} more"

    def console_lines(self) -> None:
        """What the consoles show, engine by engine, for whoever compares it with their own."""
        printed = {profile: lines for profile in self.report.results if (lines := self.report.console(profile))}
        if not printed:
            return
        self.blank()
        who = "The consoles print" if len(printed) > 1 else "The console prints"
        called_cors = self.report.failure is not None and any(
            "Cross-Origin" in line for line in printed.get(FIREFOX, ())
        )
        self.say(f"{who} (Firefox calls it CORS, and it is not):" if called_cors else f"{who}:")
        for profile, lines in printed.items():
            self.say(profile.title, "bold", indent=4)
            for line in lines:
                self.say(printable(line, self.glyphs, 1000), indent=6, hanging=2)

    def real(self) -> None:
        """What the browsers of this machine did, beside what was predicted of them."""
        self.say_each(real_paragraphs(self.report, self.glyphs, self.width))

    def warnings(self) -> None:
        """Each note once, with the engines that it is true of where it is not true of all."""
        notes: dict[str, list[str]] = {}
        for profile in self.report.results:
            for warning in self.report.warnings(profile):
                notes.setdefault(warning, []).append(profile.title)
        for warning, titles in notes.items():
            where = "" if len(titles) == len(self.report.results) or titles[0] in warning else f" ({all_of(titles)})"
            self.blank()
            self.say(f"Note{where}: {printable(warning, self.glyphs, 600)}", "yellow")

    def why(self) -> None:
        """The cause and what proves it, before all the rest: this is what was asked for."""
        cause = self.consultation.cause
        if cause is None:
            return
        self.say(f"Cause: {cause.title} ({cause.code}, {cause.sureness})", "bold")
        self.evidence(cause)
        for other in self.consultation.others:
            self.say(f"Or: {other.title} ({other.code}, {other.sureness})")
            if self.all_causes:
                self.evidence(other)
        self.blank()

    def evidence(self, cause: Cause) -> None:
        for sentence in cause.evidence:
            self.say(f"- {printable(sentence, self.glyphs, 400)}", indent=4, hanging=2)

    def besides(self) -> None:
        """What may trouble a call that is not blocked."""
        if self.consultation.cause is not None or not self.consultation.causes:
            return
        shown = self.consultation.causes if self.all_causes else self.consultation.others
        for cause in shown:
            if cause.confidence >= HIGH or self.all_causes:
                self.blank()
                self.say(f"{cause.title} ({cause.code}, {cause.sureness})", "yellow")
                self.evidence(cause)
                self.say(printable(cause.fix, self.glyphs, 900))

    def change(self) -> None:
        advice, cause, error = self.consultation.advice, self.consultation.cause, self.report.main.error
        if advice is None:
            self.configuration()
            return
        self.blank()
        self.say(f"What to change: {printable(advice, self.glyphs, 900)}", "bold")
        self.configuration()
        if self.report.failure is None and not self.report.allowed:
            self.blank()
            self.say("After the fix run:")
            for line in self.consultation.command.lines(self.width - 4):
                self.verbatim(f"    {line}")
        codes = [each for each in (cause and cause.code, error and error.code) if each is not None]
        if codes and self.report.failure is None:
            self.say(f"More: {', '.join(f'crossorigin explain {code}' for code in codes)}", "dim")

    def configuration(self) -> None:
        """What to paste, at the margin of the terminal, so that it can be copied as it stands."""
        fix = self.consultation.fix
        if isinstance(fix, Unwritten):
            self.blank()
            self.say(fix.sentence)
        if not isinstance(fix, Fix):
            return
        signs = f" (recognised by {printable('; '.join(fix.because), self.glyphs, 200)})" if fix.because else ""
        self.blank()
        self.say(f"In {fix.stack.title}{signs}:", "bold")
        if fix.install:
            self.blank()
            self.say("Once, in a shell:")
            self.blank()
            self.verbatim(fix.install, "cyan")
        for part in fix.parts:
            self.blank()
            self.say(f"{part.place[0].upper()}{part.place[1:]}:")
            self.blank()
            self.verbatim(part.text.rstrip("\n"), "cyan")
        if fix.stack.verified is None:
            self.blank()
            self.say(f"Not verified by running: what {fix.stack.title} takes was read in its documentation.", "yellow")
        if fix.limits:
            self.blank()
        for limit in fix.limits:
            self.say(f"Limit: {printable(limit, self.glyphs, 400)}")
