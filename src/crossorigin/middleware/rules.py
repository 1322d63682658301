"""What holds for an application, or for one of its routes: which policy, and which origin lookup beside it?

Every framework's module makes one `Rules` of what its user says of the whole application, and a `Rule` of each policy
that is attached to a route (`marks`). What a rule answers is in `answers` for WSGI and Django, in `verdicts` for
frameworks with requests of their own, and in `routed` for ASGI.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from crossorigin.middleware.answers import Answers
from crossorigin.middleware.notices import replaced_headers
from crossorigin.middleware.settings import PolicySource, Settings, policy_of
from crossorigin.policy.observe import Observer

if TYPE_CHECKING:
    from crossorigin.middleware.lookups import Lookup

__all__ = ["Options", "Rule", "Rules", "WebSocketOrigins"]

WebSocketOrigins: TypeAlias = Literal["enforce", "ignore"]


class Options(Settings, total=False):
    """What is said of a whole application by name: a policy's settings, and these.

    See `crossorigin.middleware.asgi.CORSMiddleware` for what they mean.
    """

    origin_lookup: Lookup | None
    observer: Observer | None
    websocket_origins: WebSocketOrigins


class Rule:
    """What holds for a route, or for everything without a rule of its own; without a policy nothing is granted.

    Raises PolicyError for settings that are not sound.
    """

    def __init__(
        self, policy: PolicySource | None, settings: Mapping[str, Any], *, origin_lookup: Lookup | None = None
    ) -> None:
        self.source = None if policy is None and not settings else policy_of(policy, settings)
        self.origin_lookup = origin_lookup
        if origin_lookup is not None:
            _ = self.ask_later
        self.on_replaced = replaced_headers()
        self._answers: Answers | None = None

    @property
    def now(self) -> Answers | None:
        """What the policy of this moment answers; None without one. Ask once for each request."""
        source, answers = self.source, self._answers
        if source is not None and (answers is None or answers.compiled is not source.compiled):
            answers = self._answers = Answers(source)
        return answers

    def grants(self, origin: bytes) -> bool:
        """Whether the origin lookup allows an origin that the policy itself does not; for threads."""
        return self._is_to_ask(origin) and self.ask(origin)

    async def grants_later(self, origin: bytes) -> bool:
        """The same for asyncio."""
        return self._is_to_ask(origin) and await self.ask_later(origin)

    # Made when they are needed: they bring asyncio, which a WSGI server without a lookup has no use for.

    @cached_property
    def ask(self) -> Callable[[bytes], bool]:
        """The origin lookup for threads. Raises TypeError for one that can only be awaited."""
        from crossorigin.middleware.lookups import sync_lookup  # noqa: PLC0415 - see above

        return sync_lookup(*self._lookup())

    @cached_property
    def ask_later(self) -> Callable[[bytes], Awaitable[bool]]:
        """The origin lookup for asyncio."""
        from crossorigin.middleware.lookups import async_lookup  # noqa: PLC0415 - see above

        return async_lookup(*self._lookup())

    def _lookup(self) -> tuple[Lookup, PolicySource]:
        if self.source is None or self.origin_lookup is None:
            raise TypeError("an origin_lookup needs a policy beside it, which says what the origins may do")
        return self.origin_lookup, self.source

    def _is_to_ask(self, origin: bytes) -> bool:
        return self.origin_lookup is not None and self.source is not None and not self.source.compiled.allows(origin)


class Rules:
    """What holds for a whole application: `default`, where nothing closer does, and what goes for all of its rules.

    Raises PolicyError for settings that are not sound, ValueError for `websocket_origins` that is neither word.
    """

    def __init__(self, policy: PolicySource | None, options: Options) -> None:
        settings: dict[str, Any] = {**options}
        lookup = settings.pop("origin_lookup", None)
        self.observer: Observer | None = settings.pop("observer", None)
        self.websocket_origins: WebSocketOrigins = settings.pop("websocket_origins", "enforce")
        if self.websocket_origins not in {"enforce", "ignore"}:
            raise ValueError(f'websocket_origins is "enforce" or "ignore", and not {self.websocket_origins!r}')
        self.default = Rule(policy, settings, origin_lookup=lookup)
