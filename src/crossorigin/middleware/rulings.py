"""A policy in force over an application, a blueprint or a view, and what it answers: as text, as WSGI has it.

A request is known here by its environment, PEP 3333's, which Django calls META. The short way asks what the policy has
compiled; whoever is watched by an observer is decided once more, by `crossorigin.policy.decide`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from crossorigin.middleware.settings import PolicySource, policy_in_force
from crossorigin.policy import RequestFacts, Step, decide
from crossorigin.policy.facts import same_origin
from crossorigin.policy.index import Allows
from crossorigin.policy.merge import CORS_RESPONSE_HEADERS, OnReplaced, merge
from crossorigin.policy.observe import Observer
from crossorigin.policy.preflight import Headers

__all__ = ["RULED_LENGTHS", "Answers", "Environ", "Fields", "Ruling", "facts_of_environ", "merge_text", "observe"]

Environ: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = tuple[tuple[str, str], ...]

RULED_LENGTHS: Final = frozenset(map(len, CORS_RESPONSE_HEADERS | {b"vary"}))
"""A response without a header name of one of these lengths has nothing to replace, and no Vary to add to."""

_BY_ORIGIN: Final = frozenset({Step.ORIGIN, Step.ORIGIN_NULL, Step.ORIGIN_TOO_LONG})


class Answers:
    """What one policy answers. Names and values are the policy's own, or equal to what it allows."""

    __slots__ = ("_echoes", "_otherwise", "_rest", "compiled", "policy")

    def __init__(self, source: PolicySource) -> None:
        self.policy = policy_in_force(source)
        self.compiled = compiled = self.policy.compiled
        vary: Headers = ((b"vary", b", ".join(compiled.vary)),) if compiled.vary else ()
        # With every origin allowed the answer is the same for everybody, and nobody's own is sent back.
        self._echoes: Allows = (lambda _origin: False) if compiled.any_origin else compiled.allows
        self._rest = _text((*compiled.grant_actual(b"")[1:], *vary))
        self._otherwise = _text((*compiled.actual(None), *vary))

    def actual(self, origin: str | None, *, granted: bool = False) -> Fields:
        """The headers of an application's response, with Vary at the end; `granted` by an origin lookup."""
        if origin is None or not (granted or self._echoes(origin.encode("latin-1", "replace"))):
            return self._otherwise
        return (("access-control-allow-origin", origin), *self._rest)

    def allows(self, origin: str) -> bool:
        """Whether the policy itself allows an origin."""
        return self.compiled.allows(origin.encode("latin-1", "replace"))

    def preflight(self, environ: Environ, scheme: str, *, granted: bool = False) -> tuple[int, Fields] | None:
        """Status and headers for OPTIONS with `Origin` and `Access-Control-Request-Method`.

        None where it comes from the server's own pages, and is the application's to answer.
        """
        origin = environ["HTTP_ORIGIN"].encode("latin-1", "replace")
        lines = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
        answer = self.compiled.grant_preflight if granted else self.compiled.preflight
        status, fields, step = answer(
            origin,
            environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"].encode("latin-1", "replace"),
            () if lines is None else (lines.encode("latin-1", "replace"),),
        )
        if step in _BY_ORIGIN and _is_own_page(environ, origin, scheme):
            return None
        return status, _text(fields)

    def refusal(self, environ: Environ, scheme: str, *, granted: bool = False) -> tuple[int, Fields] | None:
        """The 403 of `refuse_disallowed_origins` for a request that has `Origin` and is no preflight, or None."""
        origin = environ["HTTP_ORIGIN"]
        if not self.compiled.refuses or granted or self.allows(origin):
            return None
        if _is_own_page(environ, origin.encode("latin-1", "replace"), scheme):
            return None
        return 403, self._otherwise


class Ruling:
    """A Policy or a LivePolicy over something, and the answers of its policy of this moment."""

    __slots__ = ("_answers", "source")

    def __init__(self, source: PolicySource) -> None:
        self.source = source
        self._answers = Answers(source)

    @property
    def now(self) -> Answers:
        """Ask once for each request."""
        answers = self._answers
        if answers.compiled is not self.source.compiled:
            answers = self._answers = Answers(self.source)
        return answers


def merge_text(headers: Iterable[tuple[str, str]], fields: Fields, on_replaced: OnReplaced) -> list[tuple[str, str]]:
    """The application's headers with `fields` in the place of its own of those names, and Vary added to its Vary."""
    asked = tuple((name.encode(), value.encode("latin-1")) for name, value in fields)
    vary: tuple[bytes, ...] = ()
    if asked and asked[-1][0] == b"vary":
        vary = tuple(asked[-1][1].split(b", "))
        asked = asked[:-1]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return list(_text(merge(raw, asked, vary, on_replaced)))


def observe(observer: Observer, answers: Answers, facts: RequestFacts, *, granted: bool) -> None:
    """Tell of the decision on a request."""
    decision = decide(answers.policy, facts, granted=granted)
    observer.decided(decision.kind, decision.step, facts.origin)


def facts_of_environ(environ: Environ, method: str, scheme: str) -> RequestFacts:
    """The facts of a request. Behind a proxy that ends TLS, `http` is what the server sees of https: no evidence."""

    def value(name: str) -> bytes | None:
        text = environ.get(name)
        return None if text is None else text.encode("latin-1", "replace")

    asked = value("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    return RequestFacts(
        method=method.encode("latin-1", "replace"),
        origin=value("HTTP_ORIGIN"),
        request_method=value("HTTP_ACCESS_CONTROL_REQUEST_METHOD"),
        request_headers=() if asked is None else (asked,),
        scheme=None if scheme == "http" else scheme.encode("latin-1", "replace"),
        host=value("HTTP_HOST"),
        sec_fetch_site=value("HTTP_SEC_FETCH_SITE"),
    )


def _is_own_page(environ: Environ, origin: bytes, scheme: str) -> bool:
    site, host = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_HOST")
    return same_origin(
        origin,
        scheme=None if scheme == "http" else scheme.encode("latin-1", "replace"),
        host=None if host is None else host.encode("latin-1", "replace"),
        sec_fetch_site=None if site is None else site.encode("latin-1", "replace"),
    )


def _text(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])
