"""`check --real`: the browsers of this machine make the call that was predicted, from a page that is a stand-in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final, cast

from crossorigin.browser.options import TransportOptions
from crossorigin.browser.real.browser import TRUSTS_ONE_KEY, BrowserError
from crossorigin.browser.real.call import Call, outcome_of
from crossorigin.browser.real.installed import Engine, Installed, Missing, find
from crossorigin.browser.real.proxy import Address, Limits, address_of
from crossorigin.browser.real.standin import Setting, Visit, visit
from crossorigin.doctor.differences import console_differences, outcome_differences, request_differences
from crossorigin.doctor.question import Question, UsageError
from crossorigin.doctor.reality import Asked, NotAsked, Reality
from crossorigin.doctor.report import Report
from crossorigin.doctor.words import all_of
from crossorigin.fetch.console import console_lines, console_warnings
from crossorigin.fetch.ports import blocked_due_to_bad_port
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.trace import Exchange
from crossorigin.web.origins import TupleOrigin
from crossorigin.web.url import URL, parse_url

__all__ = ["Browsers", "ask_browsers", "browsers_for", "for_real", "warning_before"]

Browsers = Mapping[Profile, Installed | Missing]

_NULL_PAGE: Final = "http://crossorigin.test/"
"""The page around the frame whose origin is null, where the question names none: a host that can be nobody's."""
_MIB: Final = 1024 * 1024
_ESCAPED: Final = 6
"""How much longer a body gets at most when the page tells it in JSON."""
_OF_THE_BROWSERS: Final = re.compile(
    r"^(?:\w+://)?(?:[\w.-]+\.)?(?:google\.com|googleapis\.com|gstatic\.com|gvt1\.com|mozilla\.(?:com|net|org)|firefox\.com)[:/]"
)
"""What browsers ask for themselves: their makers' hosts, as a URL or as host:port."""
_SAFE: Final = frozenset({b"GET", b"HEAD", b"OPTIONS"})


def for_real(question: Question) -> Question:
    """The question as a real page asks it, which has a URL. Raises UsageError where a stand-in would mislead."""
    argument = "--origin" if question.page is None else "--page"
    page = _page(question)
    if page is None or not page.is_http_family:
        scheme = page.scheme if page is not None else cast("TupleOrigin", question.origin).scheme
        raise UsageError(
            argument, f"--real can stand in for pages over http and https only, not {scheme}:; leave --real away"
        )
    if blocked_due_to_bad_port(page):
        raise UsageError(
            argument, f"browsers open no page on port {page.port}, which is another service's; use another"
        )
    if page.origin == question.url.origin:
        raise UsageError(
            "--real",
            f"the page and the URL have the same origin, {page.origin}: a stand-in for the page would have to answer "
            "for the URL too; leave --real away, there is no CORS in this call",
        )
    if question.cookie is not None:
        raise UsageError(
            "--cookie",
            "a real browser cannot be handed a Cookie header; leave --cookie away to see the call of a browser that "
            "holds none, or leave --real away",
        )
    return replace(question, page=page) if isinstance(question.origin, TupleOrigin) else question


def _page(question: Question) -> URL | None:
    """The URL at which the stand-in is opened; None where the origin is none that a URL has."""
    if question.page is not None:
        return question.page
    return parse_url(f"{question.origin}/" if isinstance(question.origin, TupleOrigin) else _NULL_PAGE)


def browsers_for(profiles: Sequence[Profile]) -> Browsers:
    """The browser of each profile. Raises UsageError where there is none to ask."""
    if STANDARD in profiles:
        raise UsageError(
            "--real", "no browser goes by the letter of the standard; use --browser chromium, firefox, webkit or all"
        )
    found = {profile: find(cast("Engine", profile.name)) for profile in profiles}
    missing = [each.sentence for each in found.values() if isinstance(each, Missing)]
    if len(missing) == len(found):
        raise UsageError("--real", "; ".join(missing))
    return found


def warning_before(question: Question, browsers: Browsers) -> str | None:
    """What is to be said before anything is sent, for a method that may change something."""
    if question.method in _SAFE:
        return None
    titles = [profile.title for profile, browser in browsers.items() if isinstance(browser, Installed)]
    return (
        f"With --real {question.method.decode('latin-1')} may reach the server {len(titles) + 1} times: for this "
        f"check, and once more from {all_of(titles)}."
    )


def ask_browsers(report: Report, browsers: Browsers, options: TransportOptions) -> Report:
    """The report with what each browser did, one after the other. The question is one that `for_real` gave."""
    why_not = _why_not(report)
    real: dict[Profile, Reality] = {}
    for profile in report.results:
        browser = browsers[profile]
        if why_not is not None:
            real[profile] = NotAsked(why_not)
        elif isinstance(browser, Missing):
            real[profile] = NotAsked(browser.sentence)
        else:
            real[profile] = _ask(report, profile, browser, options)
    return replace(report, real=real)


def _why_not(report: Report) -> str | None:
    """Why no browser can be asked, once it is known what the servers answer."""
    if any(result.error is not None and result.error.failure is not None for result in report.results.values()):
        return "there was no complete HTTP answer, so there is nothing that a browser could add"
    exchanges = _exchanges(report)
    page = _page(report.question)
    if page is not None and any(url.origin == page.origin for url in _urls(exchanges)):
        return "a redirect leads to the page's own origin, where the stand-in answers instead of the site"
    if any(_asks_for_a_proxys_password(exchange) for exchange in exchanges):
        return "the server answered 407, which through a proxy a browser would take for the proxy's own answer"
    return None


def _exchanges(report: Report) -> list[Exchange]:
    return [exchange for result in report.results.values() for exchange in result.exchanges]


def _asks_for_a_proxys_password(exchange: Exchange) -> bool:
    response = exchange.response
    is_open = exchange.request.url.scheme == "http"
    return is_open and response is not None and response.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED


def _urls(exchanges: Sequence[Exchange]) -> Iterator[URL]:
    """Where the requests went, and where the answers sent them, whether the prediction followed or not."""
    for exchange in exchanges:
        yield exchange.request.url
        if exchange.response is None:
            continue
        for name, value in exchange.response.headers:
            target = parse_url(value.decode("utf-8", "replace"), exchange.request.url)
            if name.lower() == b"location" and target is not None and target.is_http_family:
                yield target


def _ask(report: Report, profile: Profile, browser: Installed, options: TransportOptions) -> Reality:
    question = report.question
    page = _page(question)
    assert page is not None  # noqa: S101  # `for_real` has seen to it
    reachable = {address_of(url.href) for url in (question.url, *_urls(_exchanges(report)))}
    setting = Setting(
        page=page,
        reachable=frozenset(reachable),
        frame="page" if isinstance(question.origin, TupleOrigin) else "sandboxed",
        insecure=not options.verify,
        resolve=options.resolve,
        limits=Limits(
            timeout=options.timeout,
            # A tunnel holds the TLS around the bodies, and all the responses of a chain of redirects.
            longest_response=2 * options.max_body + _MIB,
            longest_request=_ESCAPED * options.max_body + len(question.body or "") + _MIB,
        ),
    )
    call = _call(question)
    try:
        seen = visit(browser, call, setting)
    except BrowserError as error:
        return NotAsked(f"{error}")
    return Asked(
        program=str(browser.program),
        version=seen.version,
        outcome=seen.outcome,
        error="" if seen.outcome.blocked else seen.error,
        console=tuple(message.text for message in seen.console),
        requests=seen.requests,
        tunnels=tuple(_named(address) for address in seen.tunnels),
        emulated=tuple(_emulated(question, browser.engine, page, insecure=not options.verify)),
        differences=tuple(_differences(report, profile, call, seen)),
    )


def _call(question: Question) -> Call:
    return Call(
        url=question.url.href,
        method=question.method.decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in question.headers),
        body=question.body,
        mode=question.mode,
        credentials=question.credentials,
        redirect=question.redirect,
    )


def _differences(report: Report, profile: Profile, call: Call, seen: Visit) -> Iterator[str]:
    result = report.results[profile]
    ours = outcome_of(call, result)
    yield from outcome_differences(ours, seen.outcome, seen.error)
    yield from request_differences(result, seen.requests)
    yield from console_differences(
        profile.name,
        console_lines(profile.name, result),
        seen.console,
        warnings=console_warnings(profile.name, result),
    )
    for trouble in seen.troubles:
        yield f"the proxy in between: {trouble}"
    if not seen.outcome.blocked or ours.blocked:
        return
    if any("net::ERR_CERT_" in message.text for message in seen.console):
        yield (
            "the browser does not trust the server's certificate, and this check did, by SSL_CERT_FILE or the system's "
            "store: let the browser know the authority, or use --insecure"
        )
    refused = [each for each in seen.refused if not _OF_THE_BROWSERS.search(each)]
    if refused:
        # It may have been sent elsewhere than the check was, and then it is the proxy that blocked.
        yield (
            "the proxy in between lets through only what the check met on its way, and was also asked for "
            f"{', '.join(refused[:5])}"
        )


def _emulated(question: Question, engine: Engine, page: URL, *, insecure: bool) -> Iterator[str]:
    """What was not as with a visitor of the real page, one sentence each."""
    target = question.url.origin
    yield (
        f"The browser had a fresh profile and a proxy of this program. It opened {page.href}, for which the proxy "
        f"itself answered: so the browser was at the origin {page.origin}, but nothing of that site was there, "
        "neither its scripts, headers (Content-Security-Policy) and service workers nor its cookies."
    )
    if not isinstance(question.origin, TupleOrigin):
        yield f"The call was made in a sandboxed frame of {page.href}, whose origin is null."
    yield f"What it sent to {target} went on to the real server."
    yield "Through a proxy a browser knows no addresses: permissions for local networks are not part of this."
    if insecure:
        yield "It accepted any certificate, as --insecure says."
    elif page.scheme == "https" and engine not in TRUSTS_ONE_KEY:
        said = " The server's own was verified by this check before." if question.url.scheme == "https" else ""
        yield f"It accepted any certificate: it cannot be told to trust only the stand-in's.{said}"
    elif page.scheme == "https":
        yield "It trusted the stand-in's certificate by its key, and judged all others itself."


def _named(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
