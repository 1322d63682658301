"""`crossorigin.browser.Browser` plays scenarios over loopback: what its pages see is what the bare engine says.

The drivers are under test here, not the engine: words of a call, transports, cookies and outcomes in between.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from crossorigin.browser import Browser, FetchError, Page, Response
from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.stage import Stage
from crossorigin.fetch import PROFILES, BlockCode, Profile
from crossorigin.web.headers import HeaderList

from .cookies import CookieRules
from .fill import fill
from .generator import scenarios
from .observed import seen
from .predict import predict
from .scenario import Scenario
from .server import Server

SEED, COUNT = 20261121, 300


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server({"http": Stage(), "https": Stage()}) as running:
        yield running


def played(page: Page, call: Call) -> tuple[Outcome, BlockCode | None]:
    """One call in the words of `Page`."""
    try:
        if call.api == "xhr":
            response = page.xhr(
                call.url,
                method=call.method,
                headers=call.headers,
                body=call.body,
                with_credentials=call.credentials == "include",
                upload_listeners=call.upload_listeners,
            )
        else:
            response = page.fetch(
                call.url,
                method=call.method,
                headers=call.headers,
                body=call.body,
                mode=call.mode,
                credentials=call.credentials,
                redirect=call.redirect,
            )
    except FetchError as error:
        return Outcome(blocked=True), error.code
    except TypeError:
        return Outcome(blocked=True), None
    return outcome(call, response), None


def outcome(call: Call, response: Response) -> Outcome:
    fields = HeaderList(
        (name.encode("latin-1"), value.encode("latin-1"))
        for name in response.headers
        for value in response.headers.get_all(name)
    )
    return Outcome(
        blocked=False,
        type=response.type if call.api == "fetch" else None,
        status=response.status,
        redirected=response.redirected if call.api == "fetch" else None,
        url=response.url,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields.sort_and_combine()),
        body=response.text() if response.type in {"basic", "cors"} else None,
    )


def can_be_answered(scenario: Scenario) -> bool:
    """Whether every answer is one that HTTP/1.1 delivers to every client; pages only, for frames have no URL."""
    replies = [reply for answer in scenario.answers for reply in (answer.actual, *answer.preflights)]
    return scenario.frame == "page" and all(200 <= reply.status <= 999 for reply in replies)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_same_as_the_engine(server: Server, profile: Profile) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    rules = CookieRules(
        default_same_site="lax" if profile.cookies.default_same_site == "Lax" else "none",
        none_needs_secure=profile.cookies.none_needs_secure,
        redirect_chain=False,
    )
    number = 0
    for drawn in filter(can_be_answered, scenarios(SEED, COUNT)):
        # The server counts the preflights of each URL.
        scenario = replace(drawn, name=f"{drawn.name}-{profile.name}")
        origins = server.origins[scenario.scheme]
        filled = fill(scenario, origins)
        server.play([filled])
        with Browser(
            network=True,
            engine=profile,
            third_party_cookies="allow",
            ssl_context=context,
            clock=lambda: 0.0,
            timeout=10,
        ) as browser:
            page = browser.page(f"{origins['own']}/page")
            outcomes = [played(page, call) for call in filled.calls]
        requests = tuple(map(seen, server.forget(scenario.name)))
        predicted = predict(scenario, origins, profile, rules=rules)
        assert tuple(each for each, _ in outcomes) == predicted.outcomes, scenario
        assert tuple(code for _, code in outcomes) == predicted.codes, scenario
        assert requests == predicted.requests, scenario
        number += 1
    assert number > COUNT / 2
