"""The commonest signs of a stack: what its Server header says, and the shape of its own error pages."""

from __future__ import annotations

import re

from crossorigin.stacks.stack import UNKNOWN, Evidence, Recognise, Recognition

__all__ = ["by_server", "by_signs"]


def by_server(title: str, server: str | None, page: bytes | None = None) -> Recognise:
    """A recogniser by two expressions: one for the start of a Server header (any case), one for an error's body.

    A Server header names the layer that answered last, and can be set to anything: 0.9. An error page of a stack's own
    shape says that it answered itself, 0.8, and both together 0.99.
    """
    server_regex = re.compile(server, re.IGNORECASE) if server else None
    page_regex = re.compile(page) if page else None

    def recognise(evidence: Evidence) -> Recognition:
        because = []
        confidence = 0.0
        named = next((value for value in evidence.values("server") if server_regex and server_regex.match(value)), None)
        if named is not None:
            because.append(f"Server: {named[:64]}")
            confidence = 0.9
        if page_regex is not None and evidence.status >= 400 and page_regex.search(evidence.body):
            because.append(f"the page is {title}'s own for {evidence.status}")
            confidence = 0.99 if because[1:] else 0.8
        return Recognition(confidence, tuple(because)) if because else UNKNOWN

    return recognise


def by_signs(
    *headers: tuple[str, str, float],
    page: tuple[bytes, str, float] | None = None,
    needs: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> Recognise:
    """A recogniser of a framework: headers by expressions for their start (any case), and an error's body.

    Each sign has its own confidence, and several of them are taken for independent. A page that others have too counts
    only where the headers that it `needs` are there, and those that speak for somebody else, `without`, are not.
    """
    compiled = [(name, re.compile(start, re.IGNORECASE), sure) for name, start, sure in headers]
    page_regex = re.compile(page[0]) if page else None

    def recognise(evidence: Evidence) -> Recognition:
        because = []
        doubt = 1.0
        for name, start, sure in compiled:
            value = next((each for each in evidence.values(name) if start.match(each)), None)
            if value is not None:
                because.append(f"{name.title()}: {value[:64]}")
                doubt *= 1 - sure
        counts = all(map(evidence.has, needs)) and not any(map(evidence.has, without))
        if page and page_regex and counts and evidence.status >= 400 and page_regex.search(evidence.body):
            because.append(page[1])
            doubt *= 1 - page[2]
        return Recognition(round(1 - doubt, 3), tuple(because)) if because else UNKNOWN

    return recognise
