"""From what a console said to the command that asks the server: with what the message tells, and words for the rest."""

from __future__ import annotations

from typing import Final

from crossorigin.doctor.command import Command, check_command
from crossorigin.doctor.pasted import Recognised
from crossorigin.doctor.question import UsageError, ask
from crossorigin.fetch.blocks import BlockCode
from crossorigin.web.methods import is_cors_safelisted_method

__all__ = ["UNKNOWN_ORIGIN", "command_for", "what_is_missing"]

UNKNOWN_ORIGIN: Final = "ORIGIN"
"""Stands for the page's origin where the message does not have it: Firefox's and WebKit's mostly do not."""

_VALUES: Final = {"content-type": "application/json", "authorization": "Bearer token"}
"""Values with which these headers need leave."""
_WITH_CREDENTIALS: Final = frozenset(
    {
        BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD,
        BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING,
        BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID,
        BlockCode.PREFLIGHT_METHOD_WILDCARD,
        BlockCode.PREFLIGHT_HEADER_WILDCARD,
        BlockCode.ALLOW_ORIGIN_WILDCARD,
        BlockCode.ALLOW_CREDENTIALS_MISSING,
        BlockCode.ALLOW_CREDENTIALS_INVALID,
    }
)


def command_for(recognised: Recognised) -> Command | None:
    """The check that asks the server of a message; None where it names no URL that could be asked."""
    url = recognised.first_url or recognised.url
    if url is None:
        return None
    header = recognised.header
    credentials = recognised.codes[:1] and recognised.codes[0] in _WITH_CREDENTIALS
    known = recognised.origin if recognised.origin != "null" or recognised.first_url is None else None
    try:
        question = ask(
            url,
            origin=known or "null",
            method=recognised.method or "GET",
            headers=[] if header is None else [f"{header}: {_VALUES.get(header.lower(), '1')}"],
            credentials="include" if credentials else "same-origin",
        )
    except UsageError:
        return None
    command = check_command(question)
    if known is None:
        pieces = (f"--origin {UNKNOWN_ORIGIN}" if piece == "--origin null" else piece for piece in command.pieces)
        return Command(tuple(pieces))
    return command


def what_is_missing(recognised: Recognised) -> str | None:
    """What the command needs besides, which the message does not tell: one sentence, or None."""
    missing = []
    if recognised.origin is None:
        missing.append(f"{UNKNOWN_ORIGIN} is the origin of your page, such as http://localhost:3000")
    on_preflight = [code.value.startswith("B2") for code in recognised.codes]
    has_reason = recognised.header is not None or not is_cors_safelisted_method((recognised.method or "GET").encode())
    if any(on_preflight) and not has_reason:
        # The same words may stand for a response that no preflight went before.
        if on_preflight[0]:
            what = "add what made the browser send a preflight"
        else:
            what = "if the browser sent a preflight, add what made it do so"
        missing.append(f"{what}, such as -X PUT -H 'Content-Type: application/json'")
    sentence = "; ".join(missing)
    return f"{sentence[0].upper()}{sentence[1:]}." if missing else None
