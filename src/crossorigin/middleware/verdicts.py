"""What is decided on a request of a framework's own kind, and which headers does its response get?

For aiohttp, Sanic and Tornado, which are no WSGI and no ASGI: headers are text here, in a mapping of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.middleware.answers import as_text, merge_text
from crossorigin.middleware.rules import Rule, Rules
from crossorigin.middleware.settings import policy_in_force
from crossorigin.policy import Decision, RequestFacts, decide
from crossorigin.policy.merge import RULED_NAMES as _RULED

__all__ = ["RULED_NAMES", "Verdict", "asked_method", "verdict_now", "verdict_on"]

RULED_NAMES: Final = tuple(sorted(name.decode("ascii") for name in _RULED))
"""The response headers that `Verdict.fields` gives anew."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided: `status` is that of an answer of our own, None where the application is to answer."""

    rule: Rule
    decision: Decision | None
    """None without a policy: the response is left alone."""
    status: int | None

    def fields(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]] | None:
        """What takes the place of all of a response's headers of `RULED_NAMES`."""
        if self.decision is None:
            return None
        own = [(name.lower(), _latin(value)) for name, value in headers if name.lower() in RULED_NAMES]
        return merge_text(own, as_text(self.decision.response_headers), self.rule.on_replaced)

    def put_into(self, headers: Any) -> None:
        """Change the headers of a response, a `MultiDict`: https://multidict.aio-libs.org"""
        fields = self.fields(headers.items())
        if fields is not None:
            for name in RULED_NAMES:
                headers.popall(name, None)
            headers.extend(fields)


async def verdict_on(facts: RequestFacts, headers: Mapping[str, str], rule: Rule | None, rules: Rules) -> Verdict:
    """Decide by the rule of the route, else by the application's, and tell the observer.

    A WebSocket handshake is refused to a page that is neither allowed nor of this server.
    """
    rule = rule or rules.default
    granted = facts.origin is not None and await rule.grants_later(facts.origin)
    return verdict_now(facts, headers, rule, rules, granted=granted)


def verdict_now(
    facts: RequestFacts, headers: Mapping[str, str], rule: Rule, rules: Rules, *, granted: bool = False
) -> Verdict:
    """The same where the origin lookup has said what it has to say."""
    if rule.source is None:
        return Verdict(rule, None, None)
    decision = decide(policy_in_force(rule.source), facts, granted=granted)
    if rules.observer is not None:
        rules.observer.decided(decision.kind, decision.step, facts.origin)
    # https://www.rfc-editor.org/rfc/rfc6455.html#section-4.2.1
    is_handshake = headers.get("upgrade", "").strip().lower() == "websocket"
    if is_handshake and decision.status is None and not decision.allowed and rules.websocket_origins == "enforce":
        return Verdict(rule, decision, 403)
    return Verdict(rule, decision, decision.status)


def asked_method(facts: RequestFacts) -> str | None:
    """The method that a preflight asks for, by which the router finds its route; None for what is no preflight."""
    if not facts.is_preflight or facts.request_method is None:
        return None
    return facts.request_method.decode("latin-1")


def _latin(value: str) -> str:
    return value.encode("latin-1", "replace").decode("latin-1")
