"""The CORS front: a policy in front of an API that one does not own, or of several, each under a name.

    crossorigin proxy --cors https://api.example.com --allow-origin http://localhost:3000

    /users                     https://api.example.com/users            one target
    /maps/tiles?z=3            https://maps.example.com/tiles?z=3       one of several, called maps

What goes out says nothing of who asks and from where: no Cookie, Origin, Referer, X-Forwarded-*, Forwarded or Via.
`Authorization` and all other headers that script sets do go out, because whoever started the front has named the
target. What comes back has the policy's CORS headers in place of the target's.

Credentials (cookies) are for one target alone, and exact origins: under the one name of a proxy a browser would send
every target the cookies of all others (Rob--W/cors-anywhere#330, #36).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from crossorigin.policy import Policy
from crossorigin.policy.preflight import Headers
from crossorigin.proxy.cookies import rewrite_set_cookie
from crossorigin.proxy.fates import Fates
from crossorigin.proxy.gate import Gate, HostJudge
from crossorigin.proxy.grants import Grants
from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.plan import Client, Failure, Forward, Limits, Plan, Reply
from crossorigin.proxy.rates import Rates
from crossorigin.proxy.route import Prefixes
from crossorigin.proxy.target import Target
from crossorigin.web.url import parse_url

__all__ = ["CorsFront", "CorsFrontError", "OriginHeader"]

OriginHeader: TypeAlias = Literal["remove", "keep", "target"]
"""What becomes of `Origin` on the way out: nothing, itself, or the target's own, for an API that insists on one."""

_NAME: Final = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}")
_DOTS: Final = re.compile(rb"(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)", re.IGNORECASE)


class CorsFrontError(ValueError):
    """Settings that cannot be. One sentence, with the way out."""


class CorsFront:
    """A policy in front of targets.

    - `targets`: the target of each name, `{"": target}` for one alone at the root. Raises CorsFrontError for names that
      cannot be the first segment of a path, and for credentials with several targets or with patterns of origins;
    - `origin_header`: what becomes of `Origin` on the way out;
    - `rates`: requests per client and per target, None for no limit; `clock` gives their seconds;
    - `refuse_host`: judges `Host`, against DNS rebinding; None knows localhost and IP addresses.
    """

    __slots__ = (
        "_alone",
        "_gate",
        "_goes",
        "_limits",
        "_mounts",
        "_origin_header",
        "_returns",
        "grants",
    )

    def __init__(
        self,
        targets: Mapping[str, Target],
        policy: Policy,
        *,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        origin_header: OriginHeader = "remove",
        rates: Rates | None = None,
        clock: Callable[[], float] = time.monotonic,
        refuse_host: HostJudge | None = None,
    ) -> None:
        _check(targets, policy, origin_header)
        self.grants = Grants(policy)
        self._gate = Gate(self.grants, clock=clock, refuse_host=refuse_host, rates=rates)
        self._limits = limits
        self._origin_header = origin_header
        self._mounts = {name.encode(): _Mount(name, target) for name, target in targets.items()}
        self._alone = self._mounts.get(b"")
        cookies = () if policy.allow_credentials else (b"cookie",)
        if origin_header == "keep":
            self._goes = Fates.of_requests(*cookies, goes=frozenset({b"origin"}), prefix=b"x-forwarded-")
        else:
            self._goes = Fates.of_requests(*cookies)
        self._returns = Fates.of_responses(*(() if policy.allow_credentials else (b"set-cookie", b"set-cookie2")))

    def plan(self, head: RequestHead, client: Client) -> Plan:
        """Where a request goes; a Reply for preflights, and for whom the policy does not let in."""
        end = self._gate.admit(head, client)
        if isinstance(end, Reply):
            return end
        path = head.target
        mount = self._alone
        if mount is None:
            mount = self._mounts.get(path[1:].partition(b"/")[0].partition(b"?")[0])
            if mount is None:
                return self._unknown(head)
        if (b".." in path or b"/." in path or b"%2" in path) and _DOTS.search(path.partition(b"?")[0]):
            return self.grants.reply(
                400, "The path has a segment of dots, which browsers resolve before they ask.", head
            )
        wait = self._gate.target_wait(mount.target.host)
        if wait is not None:
            return self.grants.too_often(wait, head)
        goes = self._goes
        headers = [field for field in head.headers if goes[field[0]]]
        headers.insert(0, mount.host)
        if self._origin_header == "target" and b"origin" in head.fields:
            headers.append(mount.origin)

        def respond(response: ResponseHead) -> list[Header]:
            return self._respond(response, head, client, end, mount)

        # No other protocol: with h2c one would speak to the target past everything that is judged here.
        may_upgrade = head.upgrade is not None and head.upgrade.lower() == b"websocket"
        path = mount.prefixes.forward(path)
        return Forward(mount.target, head.method, path, headers, respond, self._limits, mount.route, may_upgrade)

    def _respond(
        self, response: ResponseHead, head: RequestHead, client: Client, end: Headers, mount: _Mount
    ) -> list[Header]:
        returns, fields = self._returns, response.fields
        headers = [field for field in response.headers if returns[field[0]]]
        if b"location" in fields:
            headers = [_located(field, head, client, mount) for field in headers]
        if b"set-cookie" in fields and self.grants.policy.allow_credentials:
            headers = [_cookie(field, client, mount) for field in headers]
        if b"vary" in fields:
            return self.grants.merged(headers, end)
        headers += end
        return headers

    def _unknown(self, head: RequestHead) -> Reply:
        names = ", ".join(f"/{name.decode()}/" for name in sorted(self._mounts))
        return self.grants.reply(404, f"There is no target of this name; the paths begin with {names}", head)

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:  # noqa: ARG002 - Front's
        """A sentence of why, under the policy, so that the page that asked can read it."""
        return self.grants.reply(failure.status, sentence_of(failure), head)

    def rejected(self, status: int, sentence: str) -> Reply:
        """The sentence, without CORS headers where the policy does not give them to everybody."""
        return self.grants.reply(status, sentence, None)


class _Mount:
    """A target under its name, with what is sent there each time."""

    __slots__ = ("base", "host", "origin", "prefixes", "route", "target")

    def __init__(self, name: str, target: Target) -> None:
        self.target = target
        self.route = f"/{name}"
        self.prefixes = Prefixes(self.route.encode() if name else b"", target.path.encode())
        self.host = (b"Host", target.authority.encode())
        self.origin = (b"Origin", target.origin.encode())
        self.base = parse_url(f"{target.origin}/")


def _located(field: Header, head: RequestHead, client: Client, mount: _Mount) -> Header:
    """`Location` to the target's own origin, as a URL of ours; any other is left as it is."""
    if field[0].lower() != b"location":
        return field
    text = field[1].decode("utf-8", "replace")
    # One without a host and without a slash in front is relative to a path that is the same on both sides.
    if "//" not in text[:10] and text[:1] not in {"/", "\\"} and ":" not in text.partition("/")[0]:
        return field
    url = parse_url(text, mount.base)
    if url is None or mount.base is None or url.origin != mount.base.origin or url.includes_credentials:
        return field
    path = mount.prefixes.restore(url.href[len(mount.base.href) - 1 :].encode())
    if path is None:
        return field
    host = head.fields.get(b"host")
    # A path is answered by a path; one that begins with two slashes would be another host.
    if host is None or (text[:1] == "/" and text[1:2] not in {"/", "\\"}):
        return field[0], b"/." + path if path[1:2] == b"/" else path
    return field[0], b"%b://%b%b" % (client.scheme.encode(), host, path)


def _cookie(field: Header, client: Client, mount: _Mount) -> Header:
    if field[0].lower() != b"set-cookie":
        return field
    return field[0], rewrite_set_cookie(field[1], mount.prefixes, is_secure=client.scheme == "https")


def sentence_of(failure: Failure) -> str:
    """The facts of a failure as one or two sentences of plain text."""
    target = f"{failure.target} gave no answer" if failure.target else "There is no answer"
    tried = f" (tried {', '.join(failure.tried[:8])})" if failure.tried else ""
    return f"{target}: {failure.cause}{tried}. {failure.advice}".rstrip()


def _check(targets: Mapping[str, Target], policy: Policy, origin_header: str) -> None:
    if not targets:
        raise CorsFrontError("A CORS front needs a target: --cors https://api.example.com")
    for name in targets:
        if name and not _NAME.fullmatch(name):
            raise CorsFrontError(f"{name[:80]!r} cannot be the name of a target: use letters, digits, - and _")
    if "" in targets and len(targets) > 1:
        raise CorsFrontError("A target without a name takes every path; give each of several a name: --cors NAME=URL")
    if origin_header not in {"remove", "keep", "target"}:
        raise CorsFrontError(f'origin_header is "remove", "keep" or "target", and not {origin_header!r}')
    if not policy.allow_credentials:
        return
    if len(targets) > 1:
        raise CorsFrontError(
            "With credentials there can be one target only, for a browser would send each of several the cookies of "
            "all others: start a proxy for each, or leave allow_credentials out"
        )
    if patterns := [origin for origin in policy.allow_origins if "*" in origin]:
        raise CorsFrontError(f"With credentials each origin is named exactly, and {patterns[0]} is many: list them")
