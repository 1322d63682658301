"""Policies on routes, for frameworks whose own requests and responses are used: what is marked, and what it decides.

A policy is attached to what the framework's router finds, never to a path; of several the most specific one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias, TypeVar

from crossorigin.middleware.lookups import Lookup, async_lookup
from crossorigin.middleware.notices import replaced_headers
from crossorigin.middleware.settings import PolicySource, policy_in_force, policy_of
from crossorigin.policy import Decision, RequestFacts, decide
from crossorigin.policy.merge import CORS_RESPONSE_HEADERS, merge
from crossorigin.policy.observe import Observer

__all__ = [
    "RULED_NAMES",
    "Rule",
    "WebSocketOrigins",
    "check_websocket_origins",
    "is_handshake",
    "marker",
    "rule_of",
    "ruled_fields",
]

Target = TypeVar("Target")
WebSocketOrigins: TypeAlias = Literal["enforce", "ignore"]

RULED_NAMES: Final = tuple(sorted(name.decode("ascii") for name in CORS_RESPONSE_HEADERS | {b"vary"}))
"""The response headers that `ruled_fields` gives anew."""
_MARK: Final = "__crossorigin__"


class Rule:
    """What holds for a route, or for everything without a rule of its own; without a policy nothing is granted.

    Raises PolicyError for settings that are not sound.
    """

    __slots__ = ("_lookup", "on_replaced", "origin_lookup", "source")

    def __init__(
        self, policy: PolicySource | None, settings: Mapping[str, Any], *, origin_lookup: Lookup | None = None
    ) -> None:
        self.source = None if policy is None and not settings else policy_of(policy, settings)
        if self.source is None and origin_lookup is not None:
            raise TypeError("an origin_lookup needs a policy beside it, which says what the origins may do")
        self.origin_lookup = origin_lookup
        self._lookup = (
            None if self.source is None or origin_lookup is None else async_lookup(origin_lookup, self.source)
        )
        self.on_replaced = replaced_headers()

    async def decide(self, facts: RequestFacts, observer: Observer | None = None) -> Decision | None:
        """The decision, None without a policy."""
        granted = (
            self.source is not None
            and self._lookup is not None
            and facts.origin is not None
            and not policy_in_force(self.source).compiled.allows(facts.origin)
            and await self._lookup(facts.origin)
        )
        return self.decide_now(facts, observer, granted=granted)

    def decide_now(
        self, facts: RequestFacts, observer: Observer | None = None, *, granted: bool = False
    ) -> Decision | None:
        """The decision without a lookup, None without a policy."""
        if self.source is None:
            return None
        decision = decide(policy_in_force(self.source), facts, granted=granted)
        if observer is not None:
            observer.decided(decision.kind, decision.step, facts.origin)
        return decision


def marker(rule: Rule) -> Callable[[Target], Target]:
    """A decorator that puts a rule on a handler, a class or a route, and gives the same object back."""

    def mark(target: Target) -> Target:
        setattr(target, _MARK, rule)
        return target

    return mark


def rule_of(*targets: object) -> Rule | None:
    """The rule of the first of these that has one: most specific first."""
    for target in targets:
        rule = getattr(target, _MARK, None)
        if isinstance(rule, Rule):
            return rule
    return None


def ruled_fields(headers: Iterable[tuple[str, str]], decision: Decision, rule: Rule) -> list[tuple[str, str]]:
    """What takes the place of all of a response's headers of `RULED_NAMES`, for frameworks with headers of str."""
    own = [
        (name.lower().encode("ascii"), value.encode("latin-1", "replace"))
        for name, value in headers
        if name.lower() in RULED_NAMES
    ]
    merged = merge(own, decision.headers, decision.vary, rule.on_replaced)
    return [(name.decode("ascii"), value.decode("latin-1")) for name, value in merged]


def is_handshake(headers: Mapping[str, str]) -> bool:
    """Whether a GET with these headers opens a WebSocket: https://www.rfc-editor.org/rfc/rfc6455.html#section-4.2.1"""
    return headers.get("upgrade", "").strip().lower() == "websocket"


def check_websocket_origins(value: WebSocketOrigins) -> bool:
    """Whether handshakes are checked. Raises ValueError for anything but the two words."""
    if value not in {"enforce", "ignore"}:
        raise ValueError(f'websocket_origins is "enforce" or "ignore", and not {value!r}')
    return value == "enforce"
