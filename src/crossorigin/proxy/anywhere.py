"""The any-target front: a page names the URL, and gets the answer with CORS headers.

    /https://api.example.com/users?page=2

What makes such a thing dangerous, and what is done about it here:

- it reaches what the page could not: only public addresses, judged when the connection is made, on every redirect anew
  (CVE-2020-36851 of cors-anywhere); ports 80 and 443; http and https;
- it speaks in somebody's name: no Cookie, no Set-Cookie and no Authorization pass, in either direction. Under the one
  name of the proxy all sites would share them (Rob--W/cors-anywhere#330). Tokens are for named targets, `CorsFront`;
- it tells who asks: no Origin, Referer, X-Forwarded-*, Forwarded, Via or Sec-* goes out;
- anybody uses it: requests without an allowed `Origin` are refused before any name is looked up, the default origins
  are those of localhost, and there are limits per client and per target, of size and of time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from crossorigin.policy import Policy, policy_from_dict
from crossorigin.policy.preflight import Headers
from crossorigin.proxy.cors import CorsFrontError, sentence_of
from crossorigin.proxy.fates import Fates
from crossorigin.proxy.gate import Gate, HostJudge
from crossorigin.proxy.grants import Grants
from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.named_url import OPEN_PORTS, NamedUrlError, judged, named_url
from crossorigin.proxy.plan import Client, Failure, Forward, Limits, Plan, Reply
from crossorigin.proxy.rates import Rates
from crossorigin.proxy.target import Target
from crossorigin.web.origins import DEFAULT_PORTS
from crossorigin.web.safelists import REQUEST_BODY_HEADER_NAMES, is_cors_safelisted_request_header
from crossorigin.web.url import URL, parse_url

__all__ = ["ANYWHERE_LIMITS", "ANYWHERE_POLICY", "MAX_REDIRECTS", "AnywhereFront"]

MAX_REDIRECTS: Final = 5
"""As many as cors-anywhere follows; browsers stop at 20."""
_MIB: Final = 1024 * 1024
ANYWHERE_LIMITS: Final = Limits(
    connect=5.0, retry=0.0, response=30.0, idle=30.0, total=120.0, request_body=10 * _MIB, response_body=100 * _MIB
)
_LOCAL: Final = ("http://localhost:*", "https://localhost:*", "http://127.0.0.1:*", "http://[::1]:*")
ANYWHERE_POLICY: Final = Policy(
    allow_origins=_LOCAL,
    allow_methods=["*"],
    # So that a request with a token gets as far as the sentence that says why it goes no further.
    allow_headers=["*", "authorization"],
    expose_headers=["*"],
)
"""Pages of this machine may send and read everything; there are no credentials in it."""

_ROUTE: Final = "anywhere"
_FINAL_URL: Final = b"x-final-url"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OF_THE_BROWSER: Final = frozenset({b"accept-encoding", b"user-agent"})
"""What goes to another host besides the safelisted headers: no page's secrets, and bodies stay compressed."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One request of a chain of redirects: what is asked of which URL, after how many."""

    url: URL
    method: bytes
    headers: list[Header]
    has_body: bool
    count: int = 0


class AnywhereFront:
    """A policy in front of every public http and https server.

    - `policy`: who may ask; by default the pages of localhost. Raises CorsFrontError for one with credentials;
    - `ports`: those that may be called;
    - `rates`: requests per client and per target; `clock` gives their seconds;
    - `refuse_host`: judges `Host`, against DNS rebinding; None knows localhost and IP addresses.
    """

    __slots__ = ("_gate", "_goes", "_limits", "_ports", "_returns", "grants")

    def __init__(
        self,
        policy: Policy = ANYWHERE_POLICY,
        *,
        limits: Limits = ANYWHERE_LIMITS,
        ports: Iterable[int] = OPEN_PORTS,
        rates: Rates | None = None,
        clock: Callable[[], float] = time.monotonic,
        refuse_host: HostJudge | None = None,
    ) -> None:
        if policy.allow_credentials:
            raise CorsFrontError(
                "With credentials there can be one target only: name it with --cors https://api.example.com"
            )
        self.grants = Grants(_exposing_final_url(policy))
        # Generous to a page that loads a map, and far below what a machine notices.
        rates = Rates(per_minute=600, burst=200) if rates is None else rates
        self._gate = Gate(self.grants, refuse_host=refuse_host, clock=clock, rates=rates, requires_origin=True)
        self._limits = limits
        self._ports = frozenset(ports)
        self._goes = Fates.of_requests(b"cookie", b"cookie2", b"authorization", prefix=b"sec-")
        self._returns = Fates.of_responses(b"set-cookie", b"set-cookie2", _FINAL_URL)

    def plan(self, head: RequestHead, client: Client) -> Plan:
        """Where a request goes; a Reply for preflights, and for whom or what is not let through."""
        end = self._gate.admit(head, client)
        if isinstance(end, Reply):
            return end
        try:
            url = named_url(head.target, self._ports)
        except NamedUrlError as error:
            return self.grants.reply(error.status, str(error), head)
        if b"authorization" in head.fields:
            sentence = f"Authorization is sent to a named target only: start the proxy with --cors {_origin(url)}"
            return self.grants.reply(403, sentence, head)
        goes = self._goes
        headers = [field for field in head.headers if goes[field[0]]]
        return self._forward(head, end, _Step(url, head.method, headers, head.has_body))

    def _forward(self, head: RequestHead, end: Headers, step: _Step) -> Forward | Reply:
        url = step.url
        wait = self._gate.target_wait(url.host or "")
        if wait is not None:
            return self.grants.too_often(wait, head)
        host = (url.host or "").strip("[]")
        target = Target(url.scheme, host, url.port or DEFAULT_PORTS[url.scheme], only_public=True)
        path = url.path if url.query is None else f"{url.path}?{url.query}"

        def respond(response: ResponseHead) -> list[Header]:
            return self._respond(response, end, url)

        def follow(response: ResponseHead) -> Plan | None:
            return self._follow(response, head, end, step)

        return Forward(
            target,
            step.method,
            path.encode(),
            [(b"Host", target.authority.encode()), *step.headers],
            respond,
            self._limits,
            _ROUTE,
            follow=follow,
            sends_body=step.has_body or not head.has_body,
        )

    def _respond(self, response: ResponseHead, end: Headers, url: URL) -> list[Header]:
        returns = self._returns
        headers = [field for field in response.headers if returns[field[0]]]
        headers.append((_FINAL_URL, url.serialize(exclude_fragment=True).encode()))
        return self.grants.merged(headers, end)

    def _follow(self, response: ResponseHead, head: RequestHead, end: Headers, step: _Step) -> Plan | None:
        """Fetch, "HTTP-redirect fetch": https://fetch.spec.whatwg.org/#http-redirect-fetch

        None hands the response to the page: it is no redirect, or one without `Location`.
        """
        location = response.fields.get(b"location")
        if response.status not in _REDIRECTS or location is None:
            return None
        url = parse_url(location.decode("utf-8", "replace"), step.url)
        if url is None or not url.host:
            return self.grants.reply(502, f"{_origin(step.url)} redirects to what is not a URL.", head)
        if step.count >= MAX_REDIRECTS:
            sentence = f"There were more than {MAX_REDIRECTS} redirects; the last one is to {_origin(url)}"
            return self.grants.reply(502, sentence, head)
        try:
            judged(url, self._ports)
        except NamedUrlError as error:
            return self.grants.reply(502, f"{_origin(step.url)} redirects to {_origin(url)}. {error}", head)
        following = _next_step(response.status, url, step)
        if following is None:
            sentence = (
                f"{_origin(step.url)} redirects a request with a body to {url.serialize()[:200]}, and the body has "
                "gone by: send it there."
            )
            return self.grants.reply(502, sentence, head)
        return self._forward(head, end, following)

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:  # noqa: ARG002 - Front's
        """A sentence of why, under the policy, so that the page that asked can read it."""
        return self.grants.reply(failure.status, sentence_of(failure), head)

    def rejected(self, status: int, sentence: str) -> Reply:
        """The sentence, without CORS headers where the policy does not give them to everybody."""
        return self.grants.reply(status, sentence, None)


def _next_step(status: int, url: URL, step: _Step) -> _Step | None:
    """The request after a redirect, None where it would need its body again.

    Steps 12 and 13 of "HTTP-redirect fetch", stricter in the second: to another host go the safelisted headers and two
    of the browser's, and not all but `Authorization`. A page's own `X-Api-Key` is for the host that it named, and
    cors-anywhere sent all of them everywhere.
    """
    method, headers, has_body = step.method, step.headers, step.has_body
    # 12. To a GET without a body.
    if (status in {301, 302} and method == b"POST") or (status == 303 and method not in {b"GET", b"HEAD"}):
        method, has_body = b"GET", False
        headers = [field for field in headers if field[0].lower() not in REQUEST_BODY_HEADER_NAMES]
    if has_body:
        return None
    # 13. Nothing that was meant for another.
    if not _is_same_server(step.url, url):
        headers = [field for field in headers if _is_for_anybody(*field)]
    return _Step(url, method, headers, has_body, step.count + 1)


def _is_for_anybody(name: bytes, value: bytes) -> bool:
    return name.lower() in _OF_THE_BROWSER or is_cors_safelisted_request_header(name, value)


def _is_same_server(old: URL, new: URL) -> bool:
    """The same origin, or the same host by https where it was http, at the ports that belong to them."""
    if old.host != new.host:
        return False
    is_upgrade = (old.scheme, new.scheme) == ("http", "https") and old.port is None and new.port is None
    return is_upgrade or (old.scheme, old.port) == (new.scheme, new.port)


def _origin(url: URL) -> str:
    return url.origin.serialize()[:200]


def _exposing_final_url(policy: Policy) -> Policy:
    if "*" in policy.expose_headers:
        return policy
    settings: dict[str, object] = {**policy.to_dict(), "expose_headers": [*policy.expose_headers, "x-final-url"]}
    return policy_from_dict(settings)
