"""Who may use a CORS front at all: judged before any target is contacted, and so before anything is sent in its name.

CORS alone keeps nobody from sending: a front on localhost without a gate would carry the requests of every page that
its user happens to visit. In this order:

    Host                     a name of ours, against DNS rebinding
    a preflight              answered by the policy, as the middleware answers it
    Origin, not allowed      403
    no Origin, Sec-Fetch-Site: cross-site
                             403: `<img>`, `<script>`, a link. Their answers are no page's to read, and nobody who means
                             this front sends them; a page that does says mode "cors", or `crossorigin` in its element
    no Origin otherwise      passes: curl, a URL that somebody types, `<img>` of a page on the same machine
    too often                429

A front that takes any target wants an `Origin`, as cors-anywhere does with `requireHeader`, and no navigation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from crossorigin.policy.escape import escape
from crossorigin.policy.preflight import Headers
from crossorigin.proxy.grants import Grants
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.hosts import Callers
from crossorigin.proxy.plan import Client, Reply
from crossorigin.proxy.rates import Rates, client_key

__all__ = ["SANDBOX", "Gate", "HostJudge"]

HostJudge: TypeAlias = Callable[[bytes | None], str]
"""From the value of `Host`: "" where it is ours, else the sentence that refuses it and names the way out. None is a
request without one, which no browser sends."""

SANDBOX: Final = (b"content-security-policy", b"sandbox")
"""On what might be shown as a document. Script in a page of one target would otherwise be of the proxy's own origin,
with all targets behind it: https://html.spec.whatwg.org/multipage/browsers.html#sandboxing"""

_CORS: Final = b"cors"


class Gate:
    """What is asked of every request, and what is added to the response of one that passes.

    `refuse_host` judges `Host`; without one localhost and IP addresses are ours. `rates` are per client; `clock` gives
    the seconds that they go by, and is asked for nothing else.
    """

    __slots__ = ("_clock", "_rates", "_refuse_host", "_requires_origin", "grants")

    def __init__(
        self,
        grants: Grants,
        *,
        clock: Callable[[], float],
        refuse_host: HostJudge | None = None,
        rates: Rates | None = None,
        requires_origin: bool = False,
    ) -> None:
        self.grants = grants
        self._refuse_host = refuse_host or Callers().host_refusal
        self._clock = clock
        self._rates = rates
        self._requires_origin = requires_origin

    def admit(self, head: RequestHead, client: Client) -> Headers | Reply:
        """The headers for the response, Vary last; or the answer to what is not let in, or needs no target."""
        fields = head.fields
        if refusal := self._refuse_host(fields.get(b"host")):
            return self.grants.reply(403, refusal, None)
        origin = fields.get(b"origin")
        if origin is None:
            end: Headers | Reply = self._without_origin(head)
        elif head.method == b"OPTIONS" and b"access-control-request-method" in fields:
            return self.grants.preflight(head, _advice(origin))
        else:
            end = self.grants.end(origin) or self._refused(origin)
        if isinstance(end, Reply):
            return end
        if fields.get(b"sec-fetch-mode") != _CORS:
            if self._requires_origin and fields.get(b"sec-fetch-mode") == b"navigate":
                return self.grants.reply(403, "This proxy is for fetch() and the like, and shows no pages.", None)
            end = (SANDBOX, *end)
        if self._rates is not None:
            wait = self._rates.take(f"client {client_key(client.address)}", self._clock())
            if wait is not None:
                return self.grants.too_often(wait, head)
        return end

    def target_wait(self, host: str) -> float | None:
        """Seconds until a target may be asked again, None for now."""
        return None if self._rates is None else self._rates.take(f"target {host}", self._clock())

    def _without_origin(self, head: RequestHead) -> Headers | Reply:
        if self._requires_origin:
            sentence = (
                "This proxy is for pages: a request without Origin is not sent on. With curl, ask the API itself."
            )
            return self.grants.reply(403, sentence, None)
        if head.fields.get(b"sec-fetch-site") == b"cross-site":
            sentence = (
                "A page of another site asks without Origin, and could not read the answer: call fetch() with mode "
                '"cors", or give the element the attribute crossorigin.'
            )
            return self.grants.reply(403, sentence, None)
        return self.grants.nobody

    def _refused(self, origin: bytes) -> Reply:
        return self.grants.reply(403, f"Pages of {escape(origin)} may not use this proxy. {_advice(origin)}", None)


def _advice(origin: bytes) -> str:
    if origin == b"null":
        return "An origin of null is anybody's: serve the page from http://localhost instead of from a file."
    if b"," in origin:
        return "Browsers send one Origin."
    return f"To allow them, start it with --allow-origin {escape(origin)}"
