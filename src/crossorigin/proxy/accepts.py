"""Which of three kinds of page a request wants: one for eyes, one for script, or plain text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

__all__ = ["Kind", "kind"]

Kind: TypeAlias = Literal["html", "json", "text"]

_MAX_ACCEPT: Final = 1024
"""Bytes of `Accept` that are read. Browsers send fewer than 200."""


def kind(fields: Mapping[bytes, bytes]) -> Kind:
    """The kind of page that a request with these fields, named in lower case, wants.

    By `Accept`, the first of the most wanted ones. A fetch() without one sends `*/*`, and is known by
    `Sec-Fetch-Dest: empty`. https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.1
    """
    wanted: Kind = "text"
    highest = 0.0
    for item in fields.get(b"accept", b"")[:_MAX_ACCEPT].split(b","):
        media, *parameters = item.split(b";")
        named = _of(media.strip().lower())
        quality = _quality(parameters)
        if named is not None and quality > highest:
            wanted, highest = named, quality
    if not highest and fields.get(b"sec-fetch-dest") == b"empty":
        return "json"
    return wanted


def _of(media: bytes) -> Kind | None:
    if media in {b"text/html", b"application/xhtml+xml"}:
        return "html"
    if media == b"application/json" or media.endswith(b"+json"):
        return "json"
    return "text" if media == b"text/plain" else None


def _quality(parameters: list[bytes]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip().lower() == b"q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
