"""A policy as the short way through middleware needs it: the headers of a response put together beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from crossorigin.middleware.messages import framed
from crossorigin.policy import Policy, Step
from crossorigin.policy.index import MAX_ORIGIN
from crossorigin.policy.merge import OnReplaced, merge
from crossorigin.policy.preflight import MAX_REQUEST_HEADER_LINES, Header, Headers

__all__ = ["Prepared", "Reply", "merged"]

_MOST: Final = 1024
"""Origins, and questions of preflights, whose headers are kept ready: a few hundred bytes each. Only what is allowed is
kept, and what is there stays, so that a flood of anything takes nothing away."""
_LONGEST_METHOD: Final = 128
_ALLOW_ORIGIN: Final = b"access-control-allow-origin"

Reply: TypeAlias = tuple[int, list[Header], Step | None]
"""Status and headers of an answer without a body, and the step that denied."""


class Prepared:
    """The headers that a policy adds to responses, Vary included, and its answers to preflights.

    - `end(origin)`: what is added to a response for an allowed origin; None for one that is not allowed;
    - `find(origin)`: the same for an origin that is not among the `ends`;
    - `ends`: the same for those that are kept ready; all there are if `is_complete`;
    - `otherwise`: what is added for an origin that is not allowed, and without `Origin`;
    - `preflight`: status, headers and the step that denied, for a preflight of an allowed origin;
    - `denied`: status and headers of the answer to the preflights of all others.
    """

    __slots__ = (
        "_denies_alike",
        "_granted",
        "_longest_line",
        "_rest",
        "_status",
        "compiled",
        "denied",
        "ends",
        "find",
        "is_complete",
        "otherwise",
        "policy",
    )

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.compiled = compiled = policy.compiled
        vary: Headers = ((b"vary", b", ".join(compiled.vary)),) if compiled.vary else ()
        self._rest: Headers = (*compiled.grant_actual(b"")[1:], *vary)
        self.otherwise: Headers = (*compiled.actual(None), *vary)
        # No policy has an empty origin on its list; one that allows every origin denies none by its origin.
        status, headers, step = compiled.preflight(b"", b"GET", ())
        self.denied = (403, framed(403, ())) if step is None else (status, framed(status, headers))
        # When debugging, each step that denies says something else.
        self._denies_alike = not (compiled.debug or compiled.any_origin)
        self._status = policy.preflight_status
        self._longest_line = compiled.header_limit
        self._granted: dict[tuple[bytes, bytes], Headers] = {}
        self.ends: dict[bytes, Headers] = {}
        origins = [] if compiled.any_origin else [origin.encode("ascii") for origin in policy.allow_origins]
        # Of ten thousand, each asked for once in a while, keeping some would cost more than it saves.
        is_kept = len(origins) <= _MOST
        self.find = self._compile_find(_MOST if is_kept else 0)
        self.is_complete = bool(origins) and is_kept and all(map(self.find, origins))

    def end(self, origin: bytes) -> Headers | None:
        """What is added for an allowed origin. What is too long to be one is not even hashed."""
        end = self.ends.get(origin) if len(origin) <= MAX_ORIGIN else None
        return self.find(origin) if end is None and not self.is_complete else end

    def _compile_find(self, room: int) -> Callable[[bytes], Headers | None]:
        compiled, ends, rest = self.compiled, self.ends, self._rest
        if compiled.any_origin:
            # The answer is the same for everybody, and nobody's own is sent back.
            otherwise = self.otherwise
            return lambda _origin: otherwise
        allows = compiled.allows

        def find(origin: bytes) -> Headers | None:
            if not allows(origin):
                return None
            end = ((_ALLOW_ORIGIN, origin),) + rest  # noqa: RUF005 - a third faster than a tuple with a star in it
            if len(ends) < room:
                ends[origin] = end
            return end

        return find

    def preflight(self, origin: bytes, method: bytes, lines: Sequence[bytes], *, is_watched: bool = True) -> Reply:
        """The answer to an allowed origin. A page's questions are the same for all its users, so answers are kept.

        Where nobody watches it is of no matter which step denied, and what is too long for any answer but no is not
        looked at.
        """
        question = None
        if len(lines) == 1 and len(lines[0]) <= self._longest_line and len(method) <= _LONGEST_METHOD:
            question = (method, lines[0])
            rest = self._granted.get(question)
            if rest is not None:
                return self._status, [(_ALLOW_ORIGIN, origin), *rest], None
        elif not is_watched and self._is_hopeless(lines):
            return self.denied[0], [*self.denied[1]], Step.HEADERS_TOO_LONG
        status, headers, step = self.compiled.grant_preflight(origin, method, lines)
        if step is not None and self._denies_alike:
            return self.denied[0], [*self.denied[1]], step
        reply = framed(status, headers)
        if step is None and question is not None and len(self._granted) < _MOST and not self.compiled.any_origin:
            self._granted[question] = tuple(reply[1:])
        return status, reply, step

    def _is_hopeless(self, lines: Sequence[bytes]) -> bool:
        if not self._denies_alike or "*" in self.policy.allow_headers:
            return False
        return len(lines) > MAX_REQUEST_HEADER_LINES or (len(lines) == 1 and len(lines[0]) > self._longest_line)


def merged(headers: Iterable[Header], end: Headers, on_replaced: OnReplaced) -> list[Header]:
    """The application's headers with `end` in the place of its own, and the Vary of `end` added to its Vary."""
    if end and end[-1][0] == b"vary":
        return merge(headers, end[:-1], tuple(end[-1][1].split(b", ")), on_replaced)
    return merge(headers, end, (), on_replaced)
