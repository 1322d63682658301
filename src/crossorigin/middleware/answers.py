"""What does a policy answer to a request that is known by its environment, PEP 3333's, which Django calls META?

As text, as WSGI has it. The short way asks what the policy has compiled; whoever is watched by an observer is decided
once more, by `crossorigin.policy.decide`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypeAlias

from crossorigin.middleware.settings import PolicySource, policy_in_force
from crossorigin.policy import RequestFacts, Step, decide
from crossorigin.policy.facts import same_origin
from crossorigin.policy.index import Allows
from crossorigin.policy.merge import RULED_LENGTHS, OnReplaced, merge
from crossorigin.policy.observe import Observer
from crossorigin.policy.preflight import Headers

__all__ = ["ASKED_METHOD", "ORIGIN", "Answers", "Environ", "Fields", "as_text", "facts_of_environ", "merge_text"]

Environ: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = tuple[tuple[str, str], ...]

ORIGIN: Final = "HTTP_ORIGIN"
ASKED_METHOD: Final = "HTTP_ACCESS_CONTROL_REQUEST_METHOD"

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
        self._rest = as_text((*compiled.grant_actual(b"")[1:], *vary))
        self._otherwise = as_text((*compiled.actual(None), *vary))

    def actual(self, origin: str | None, *, granted: bool = False) -> Fields:
        """The headers of an application's response, with Vary at the end; `granted` by an origin lookup."""
        if origin is None or not (granted or self._echoes(origin.encode("latin-1", "replace"))):
            return self._otherwise
        return (("access-control-allow-origin", origin), *self._rest)

    def allows(self, origin: str) -> bool:
        """Whether the policy itself allows an origin."""
        return self.compiled.allows(origin.encode("latin-1", "replace"))

    def own_answer(
        self, environ: Environ, method: str, scheme: str, *, granted: bool = False
    ) -> tuple[int, Fields] | None:
        """Status and headers for a preflight and for what is refused, of what has `Origin`.

        None for what the application is to answer.
        """
        if method == "OPTIONS" and ASKED_METHOD in environ:
            return self._preflight(environ, scheme, granted=granted)
        return self._refusal(environ, scheme, granted=granted) if self.compiled.refuses else None

    def observe(self, observer: Observer, environ: Environ, method: str, scheme: str, *, granted: bool) -> None:
        """Tell of the decision on a request."""
        facts = facts_of_environ(environ, method, scheme)
        decision = decide(self.policy, facts, granted=granted)
        observer.decided(decision.kind, decision.step, facts.origin)

    def _preflight(self, environ: Environ, scheme: str, *, granted: bool) -> tuple[int, Fields] | None:
        # None where it comes from the server's own pages.
        origin = environ[ORIGIN].encode("latin-1", "replace")
        lines = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
        answer = self.compiled.grant_preflight if granted else self.compiled.preflight
        status, fields, step = answer(
            origin,
            environ[ASKED_METHOD].encode("latin-1", "replace"),
            () if lines is None else (lines.encode("latin-1", "replace"),),
        )
        if step in _BY_ORIGIN and _is_own_page(environ, origin, scheme):
            return None
        return status, as_text(fields)

    def _refusal(self, environ: Environ, scheme: str, *, granted: bool) -> tuple[int, Fields] | None:
        # The 403 of `refuse_disallowed_origins`.
        origin = environ[ORIGIN]
        if granted or self.allows(origin):
            return None
        if _is_own_page(environ, origin.encode("latin-1", "replace"), scheme):
            return None
        return 403, self._otherwise


def merge_text(headers: Collection[tuple[str, str]], fields: Fields, on_replaced: OnReplaced) -> list[tuple[str, str]]:
    """The application's headers with `fields` in the place of its own of those names, and Vary added to its Vary."""
    for name, _ in headers:
        if len(name) in RULED_LENGTHS:
            break
    else:
        return [*headers, *fields]
    asked = tuple((name.encode(), value.encode("latin-1")) for name, value in fields)
    vary: tuple[bytes, ...] = ()
    if asked and asked[-1][0] == b"vary":
        vary = tuple(asked[-1][1].split(b", "))
        asked = asked[:-1]
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return list(as_text(merge(raw, asked, vary, on_replaced)))


def facts_of_environ(environ: Environ, method: str, scheme: str) -> RequestFacts:
    """The facts of a request. Behind a proxy that ends TLS, `http` is what the server sees of https: no evidence."""

    def value(name: str) -> bytes | None:
        found = environ.get(name)
        return None if found is None else found.encode("latin-1", "replace")

    asked = value("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
    return RequestFacts(
        method=method.encode("latin-1", "replace"),
        origin=value(ORIGIN),
        request_method=value(ASKED_METHOD),
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


def as_text(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    """Header fields as WSGI has them: bytes as the first 256 characters."""
    return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields])
