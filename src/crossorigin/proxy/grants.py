"""What a policy adds to the responses of a proxy, put together beforehand, and the proxy's own answers under it.

The decisions are those of `crossorigin.policy.decide` and of what it is made of, so that an API behind the proxy and
one with the middleware in it are alike to a browser. One thing is stricter: nothing is taken for a page of the server's
own. The proxy has no pages, and a document of the target's that it hands on must not speak for all targets.
"""

from __future__ import annotations

import math
from typing import Final

from crossorigin.policy import Decision, Policy, RequestFacts, decide
from crossorigin.policy.index import MAX_ORIGIN
from crossorigin.policy.merge import merge
from crossorigin.policy.preflight import Headers
from crossorigin.proxy.heads import Header, RequestHead
from crossorigin.proxy.plan import Reply

__all__ = ["Grants"]

_MOST: Final = 1024
"""Origins whose headers are kept ready; only allowed ones are, so that a flood of made-up ones fills nothing."""
_EXPOSE: Final = b"access-control-expose-headers"
_PLAIN: Final = ((b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"))


class Grants:
    """The headers that one policy gives to each origin.

    `nobody` is what is added where there is no `Origin`, and where it is not allowed: `Vary`, mostly.
    """

    __slots__ = ("_ends", "_vary", "nobody", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        compiled = policy.compiled
        self._vary: Headers = ((b"vary", b", ".join(compiled.vary)),) if compiled.vary else ()
        self.nobody: Headers = (*compiled.actual(None), *self._vary)
        self._ends: dict[bytes, Headers] = {}

    def end(self, origin: bytes) -> Headers | None:
        """What is added to the response for an origin, `Vary` last; None where the policy does not allow it."""
        end = self._ends.get(origin) if len(origin) <= MAX_ORIGIN else None
        return self._find(origin) if end is None else end

    def _find(self, origin: bytes) -> Headers | None:
        compiled = self.policy.compiled
        if compiled.any_origin:
            return self.nobody
        if not compiled.allows(origin):
            return None
        end = (*compiled.actual(origin), *self._vary)
        if len(self._ends) < _MOST:
            self._ends[origin] = end
        return end

    def decide(self, head: RequestHead) -> Decision:
        """The decision on a request with an `Origin`; never that it comes from the server's own pages."""
        lines = tuple(value for name, value in head.headers if name.lower() == b"access-control-request-headers")
        facts = RequestFacts(
            method=head.method,
            origin=head.fields.get(b"origin"),
            origin_lines=sum(name.lower() == b"origin" for name, _ in head.headers) or 1,
            request_method=head.fields.get(b"access-control-request-method"),
            request_headers=lines,
        )
        return decide(self.policy, facts)

    def preflight(self, head: RequestHead, advice: str = "") -> Reply:
        """The answer to a preflight, without a body: no page and no console ever shows one."""
        decision = self.decide(head)
        why = "" if decision.allowed else f"{decision.explain()} {advice}".rstrip()
        return Reply(decision.status or 403, decision.response_headers, why=why)

    def merged(self, headers: list[Header], end: Headers) -> list[Header]:
        """A target's headers, without CORS headers of its own already, with a Vary among them, and `end`."""
        if not self._vary:
            return [*headers, *end]
        return merge(headers, end[:-1], self.policy.compiled.vary)

    def reply(self, status: int, sentence: str, head: RequestHead | None, *headers: Header) -> Reply:
        """An answer of our own, one sentence of plain text, which script of an allowed origin can read.

        Without its own CORS headers a page would learn of a failure that "CORS" was missing, and nothing else.
        """
        origin = None if head is None else head.fields.get(b"origin")
        end = self.nobody if origin is None else self.end(origin) or self.nobody
        return Reply(status, (*_PLAIN, *headers, *end), f"{sentence}\n".encode(), sentence)

    def too_often(self, wait: float, head: RequestHead) -> Reply:
        """A 429 with `Retry-After`, and leave to read it: https://www.rfc-editor.org/rfc/rfc6585.html#section-4"""
        seconds = max(1, math.ceil(wait))
        sentence = f"There were too many requests: the next one is taken in {seconds} s."
        reply = self.reply(429, sentence, head, (b"retry-after", b"%d" % seconds))
        return Reply(429, tuple(_exposing(reply.headers, b"retry-after")), reply.body, reply.why)


def _exposing(headers: Headers, name: bytes) -> list[Header]:
    """The same with one name more that script can read; unchanged where nobody may read anything."""
    if not any(field[0] == b"access-control-allow-origin" for field in headers):
        return [*headers]
    exposed = b", ".join([*(value for own, value in headers if own == _EXPOSE), name])
    return [*(field for field in headers if field[0] != _EXPOSE), (_EXPOSE, exposed)]
