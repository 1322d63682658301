"""A broken server, the call that fails on it, and why: what the doctor is to find, as a person judges it.

The cause is judged from how the server is broken and from the knowledge base, never from what a tool says. Where two
servers are broken in different ways but answer alike, whoever asks them cannot know: the cause is then the one that the
answers show, and the other stands in `also`.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crossorigin.browser.options import Resolve, TransportOptions
from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.question import Question, ask
from crossorigin.fetch.blocks import BlockCode
from crossorigin.web.url import URL, parse_url

__all__ = ["JSON", "PAGE", "POST_JSON", "PUT_JSON", "TOKEN", "Call", "Scenario", "scenarios_on"]

PAGE = "http://localhost:3000"
"""The front end that everybody develops."""
JSON = ("Content-Type: application/json",)
TOKEN = ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln",)
POST_JSON: dict[str, Any] = {"method": "POST", "headers": JSON, "data": "{}"}
PUT_JSON: dict[str, Any] = {**POST_JSON, "method": "PUT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a page asks: `server` is the process (a fixture of its name), `site` the application in it.

    In `url` the site's port stands for `{port}`. Other origins of `names`, and the one of `url` if it names no port,
    are led to sites of the same process without TLS. `before` are the origins of pages that had the same URL just
    before, None for none.
    """

    name: str
    server: str
    site: str

    url: str = "http://localhost:{port}/items"
    origin: str = PAGE
    method: str = "GET"
    headers: tuple[str, ...] = ()
    data: str | None = None
    credentials: Literal["omit", "same-origin", "include"] = "same-origin"
    mode: Literal["cors", "no-cors", "same-origin"] = "cors"
    redirect: Literal["follow", "error", "manual"] = "follow"
    cookie: str | None = None

    names: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str | None, ...] = ()
    addresses: tuple[str, ...] = ()
    timeout: float = 20.0

    def question(self, ports: Mapping[str, int]) -> Question:
        """What the page asks, where the sites have these ports."""
        return ask(
            self.url.format(port=ports[self.site]),
            origin=self.origin,
            method=self.method,
            headers=self.headers,
            data=self.data,
            credentials=self.credentials,
            mode=self.mode,
            redirect=self.redirect,
            cookie=self.cookie,
        )

    def options(self, ports: Mapping[str, int], trust: ssl.SSLContext | None) -> TransportOptions:
        """A network in which every name of the scenario leads to its site."""
        own = self.question(ports).url
        resolve = [_resolve(_parsed(origin), ports[site], plain=True) for origin, site in self.names.items()]
        # A name below .invalid is never there, which is what it is for (RFC 6761).
        if not (own.host or "").endswith(".invalid"):
            resolve.append(_resolve(own, ports[self.site], plain="{port}" not in self.url))
        return TransportOptions(timeout=self.timeout, resolve=tuple(resolve), ssl_context=trust)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Call):
    """One broken server, asked one question.

    `cause` is the right first cause and `also` what is true besides, `why` what is broken. `wire` is what goes over
    the wire, in order, a dash for no answer, and `block` the step that stops the call, None where none does;
    `allowed` is whether script can read. `imitation` marks a site that plays somebody else's service, with its
    documented answers.
    """

    cause: CauseCode
    why: str
    wire: str
    block: BlockCode | None
    also: frozenset[CauseCode] = frozenset()
    allowed: bool = False
    imitation: bool = False


def scenarios_on(server: str = "", **defaults: Any) -> Callable[..., Scenario]:
    """What makes scenarios on one server; without a name, on that which the site's name begins with.

    A scenario is named after its site, where it has no name of its own.
    """

    def made(site: str, **fields: Any) -> Scenario:
        its_own = {"name": site, "server": server or site.partition("-")[0], "site": site}
        return Scenario(**{**its_own, **defaults, **fields})

    return made


def _parsed(origin: str) -> URL:
    url = parse_url(origin)
    assert url is not None
    return url


def _resolve(url: URL, to_port: int, *, plain: bool) -> Resolve:
    assert url.host is not None
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    return Resolve(url.host, port, "127.0.0.1", to_port=to_port, plain=plain and url.scheme == "https")
