"""A call that was copied, whatever as: the words that it gives to `ask`, and what of them is a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, TypedDict, get_args

from crossorigin.doctor.copied_headers import CopiedHeaders
from crossorigin.doctor.question import Question, UsageError, ask
from crossorigin.doctor.words import all_of
from crossorigin.web.url import parse_url

__all__ = [
    "CREDENTIALS",
    "LONGEST",
    "MODES",
    "REDIRECTS",
    "Copied",
    "Words",
    "bounded",
    "header_lines",
    "own_headers_note",
    "who_asks",
]

LONGEST: Final = 256 * 1024
"""Characters; no body that is longer is copied to ask about CORS."""

Credentials: TypeAlias = Literal["omit", "same-origin", "include"]
Mode: TypeAlias = Literal["cors", "no-cors", "same-origin"]
Redirect: TypeAlias = Literal["follow", "error", "manual"]
CREDENTIALS: Final[tuple[Credentials, ...]] = get_args(Credentials)
MODES: Final[tuple[Mode, ...]] = get_args(Mode)
REDIRECTS: Final[tuple[Redirect, ...]] = get_args(Redirect)


class Words(TypedDict, total=False):
    """What `ask` takes besides the URL."""

    origin: str
    page: str
    method: str
    headers: Sequence[str]
    data: str
    credentials: Credentials
    mode: Mode
    redirect: Redirect
    cookie: str


# What a mistake names → where in the words it comes from.
_PLACES: Final = {
    "URL": "url",
    "--origin": "origin",
    "--page": "page",
    "-X/--method": "method",
    "-H/--header": "headers",
    "-d/--data": "data",
    "--credentials": "credentials",
    "--mode": "mode",
    "--redirect": "redirect",
    "--cookie": "cookie",
    "--resolve": "resolve",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What `option` (such as --curl) was given.

    `assumed` says of a word why it is what it is, where the copy does not say so itself; `notes` is what else to know.
    `insecure` and `resolve` are the options of that name.
    """

    option: str
    url: str
    words: Words = field(default_factory=Words)
    assumed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    insecure: bool = False
    resolve: tuple[str, ...] = ()

    def ask(self, given: Words) -> Question:
        """The question; what is `given` beside the copy stands against it. Raises UsageError as `ask` does."""
        return ask(self.url, **self._with(given))

    def told(self, given: Words) -> list[str]:
        """Sentences for people: what was assumed, unless it is given, and what was left out."""
        return [*(sentence for word, sentence in self.assumed.items() if word not in given), *self.notes]

    def blame(self, error: UsageError, given: Words) -> UsageError:
        """The mistake as one of the copy, if that is where its word comes from."""
        word = _PLACES.get(error.argument)
        mine = {"url", *self.words, *(("resolve",) if self.resolve else ())}
        return error if word not in mine or word in given else UsageError(self.option, str(error))

    def _with(self, given: Words) -> Words:
        words = self.words.copy()
        if "origin" in given or "page" in given:
            # Who asks is one thing, said by two words.
            words.pop("origin", None)
            words.pop("page", None)
        words.update(given)
        if "headers" in given:
            replaced = {_name(line) for line in given["headers"]}
            kept = [line for line in self.words.get("headers", ()) if _name(line) not in replaced]
            words["headers"] = [*kept, *given["headers"]]
        if given.get("credentials") == "omit" and "cookie" not in given:
            words.pop("cookie", None)
        return words


def bounded(option: str, text: str) -> str:
    """The text without the blank around it; raises UsageError when it is longer than anybody means."""
    if len(text) > LONGEST:
        raise UsageError(
            option, f"it has {len(text):,} characters, and {LONGEST:,} are read at most; shorten the body in it"
        )
    return text.removeprefix("\ufeff").strip()


def who_asks(headers: CopiedHeaders, referrer: str | None) -> Words:
    """The page, of Origin and of the referrer, so far as they agree: a browser may keep the referrer to itself."""
    words: Words = {}
    page = None if referrer is None else parse_url(referrer)
    if headers.origin is not None:
        words["origin"] = headers.origin
    if page is not None and page.host is not None and headers.origin in {None, "null", page.origin.serialize()}:
        words["page"] = page.href
    return words


def header_lines(headers: CopiedHeaders) -> list[str]:
    """Script's headers, as `ask` takes them."""
    return [f"{name}: {value}" for name, value in headers.script]


def own_headers_note(headers: CopiedHeaders) -> tuple[str, ...]:
    """That headers were left out which script could have set, if some were."""
    if not headers.own:
        return ()
    return (f"Left out as the browser's own: {all_of(headers.own)}. If script set one of them, add it with -H.",)


def _name(line: str) -> str:
    return line.partition(":")[0].lower()
