"""What people hope of CORS, and cures that they find elsewhere, where a case shows traces of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.answers import allow_origins, field
from crossorigin.doctor.diagnosis.case import Case
from crossorigin.fetch.response import Response
from crossorigin.fetch.trace import Exchange
from crossorigin.web.headers import HeaderList

__all__ = ["PUBLIC_PROXIES", "causes"]

PUBLIC_PROXIES: Final = (
    "allorigins.win", "codetabs.com", "cors-anywhere.com", "cors-anywhere.herokuapp.com", "cors.eu.org", "cors.io",
    "cors.lol", "cors.sh", "corsproxy.io", "corsproxy.org", "crossorigin.me", "proxy.corsfix.com",
    "thingproxy.freeboard.io", "whateverorigin.org", "yacdn.org",
)  # fmt: skip
"""Hosts of services that fetch any URL and add CORS headers; many are gone again."""
_TRACES: Final = (b"x-request-url", b"x-final-url", b"x-cors-redirect-1")
"""Headers of CORS Anywhere: https://github.com/Rob--W/cors-anywhere"""
_CALLBACKS: Final = frozenset({"callback", "jsonp", "jsoncallback"})


def causes(case: Case) -> Iterator[Cause]:
    """Those that hold, in no order: none of them blocks a call."""
    yield from _public_proxy(case)
    yield from _jsonp(case)
    yield from _no_protection(case)


def _public_proxy(case: Case) -> Iterator[Cause]:
    host = case.question.url.host or ""
    known = next((each for each in PUBLIC_PROXIES if host == each or host.endswith(f".{each}")), None)
    trace = next(filter(None, map(_trace, case.result.exchanges)), None)
    if known is None and trace is None:
        return
    who = (
        f"{host} is a public CORS proxy" if known is not None else f"the answer has {trace}, as CORS Anywhere sends it"
    )
    evidence = f"{who}: whoever runs it sees every request, token and answer"
    fix = "Call your own server, and let it call the other one; or run a proxy of your own for the URLs that you need."
    # What such a proxy does not allow nobody but its owner can mend.
    sure = 0.75 if known is not None and case.is_silent else 0.7
    yield Cause(CauseCode.PUBLIC_PROXY, sure, (evidence,), fix)


def _trace(exchange: Exchange) -> str | None:
    """The header that CORS Anywhere leaves on what it hands on."""
    headers = HeaderList() if exchange.response is None else exchange.response.headers
    name = next((name for name in _TRACES if headers.contains(name)), None)
    return None if name is None else field(name.decode(), headers.get(name) or b"")


def _jsonp(case: Case) -> Iterator[Cause]:
    names = {part.partition("=")[0].lower() for part in (case.question.url.query or "").split("&")}
    found = next((name for name in sorted(names & _CALLBACKS)), None)
    if found is None:
        return
    evidence = f"the URL has the parameter {found}, as JSONP does"
    fix = "Ask for JSON, without a callback, and let the server allow the page's origin."
    yield Cause(CauseCode.JSONP, 0.4, (evidence,), fix)


def _no_protection(case: Case) -> Iterator[Cause]:
    """A wildcard where the answer depends on who asks."""
    response = case.result.response
    if not isinstance(response, Response):
        return
    internal = response.internal
    answer = next((each.response for each in reversed(case.result.exchanges) if each.response is not None), None)
    if answer is None or allow_origins(answer) != [b"*"]:
        return
    if internal.status in {401, 403}:
        why = f"it answers {internal.status}, so somebody has to prove who they are"
    elif cookie := internal.headers.get(b"Set-Cookie"):
        why = f"it sets a cookie: {field('Set-Cookie', cookie)}"
    else:
        return
    evidence = f"the answer has {field('Access-Control-Allow-Origin', b'*')}, and {why}"
    fix = (
        "CORS keeps nobody but other people's pages from an API, and `*` not even those: check every request's "
        "credentials on the server, and name the origins of your own front ends."
    )
    yield Cause(CauseCode.NOT_A_PROTECTION, 0.6, (evidence,), fix)
