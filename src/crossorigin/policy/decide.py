"""`decide`: from the facts of a request to what the server answers and says about it. Pure, and readable.

Middleware calls `CompiledPolicy` itself, which is faster and gives the same answers, because these are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crossorigin.policy.escape import SHOWN, escape
from crossorigin.policy.facts import RequestFacts, is_same_origin
from crossorigin.policy.preflight import Headers
from crossorigin.policy.steps import STEP_SENTENCES, Step
from crossorigin.policy.view import PolicyView

__all__ = ["Decision", "Kind", "decide"]

_READ: Final = 1024
"""Bytes of denied Access-Control-Request-Headers in which the culprit is looked for, to explain and not to decide."""


class Kind(StrEnum):
    """What a request is to CORS: https://fetch.spec.whatwg.org/#http-requests"""

    NOT_CORS = "not-cors"
    SAME_ORIGIN = "same-origin"
    ACTUAL = "actual"
    PREFLIGHT = "preflight"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a request.

    `status` None hands it to the application, whose response gets `headers` in place of its own of those names, and
    `vary` added to its `Vary`. A number is an answer of our own, without a body, of that status with these headers.
    `allowed` is whether a browser will let script read; `step` is what denied, and `culprit` the origin, method or
    header name that did.
    """

    kind: Kind
    allowed: bool
    step: Step | None = None
    status: int | None = None
    headers: Headers = ()
    vary: tuple[bytes, ...] = ()
    culprit: bytes | None = None
    hint: str = ""

    @property
    def response_headers(self) -> Headers:
        """The headers with Vary: all of an answer of our own."""
        return (*self.headers, (b"vary", b", ".join(self.vary))) if self.vary else self.headers

    def explain(self) -> str:
        """One or two sentences for people; bytes of the request are escaped and cut."""
        if self.step is not None:
            what = f" ({escape(self.culprit)})" if self.culprit is not None else ""
            reason = f"{STEP_SENTENCES[self.step].removesuffix('.')}{what}.{self.hint}"
            noun = "preflight" if self.kind is Kind.PREFLIGHT else "request"
            verdict = "is refused" if self.status is not None and self.kind is Kind.ACTUAL else "is denied"
            return f"The {noun} {verdict} [{self.step}]. {reason}"
        return _SENTENCES[self.kind]


_SENTENCES: Final = {
    Kind.NOT_CORS: "The request has no Origin: it is not a CORS request, and goes to the application.",
    Kind.SAME_ORIGIN: "The request comes from the server's own origin: it needs no leave, and goes to the application.",
    Kind.ACTUAL: "The request is allowed: the browser will let script read the response.",
    Kind.PREFLIGHT: "The preflight is allowed: the browser will send the request.",
}


def decide(policy: PolicyView, facts: RequestFacts, *, granted: bool = False) -> Decision:
    """What a policy says to a request; `granted` is the answer of an origin lookup, for an origin it does not list.

    The server's side of https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 and
    https://fetch.spec.whatwg.org/#concept-cors-check, in the order in which a browser makes its checks.
    """
    compiled = policy.compiled
    origin = facts.origin
    # Without Origin there is nothing to decide; an answer that is the same for everybody is sent all the same.
    if origin is None:
        return Decision(Kind.NOT_CORS, allowed=True, headers=compiled.actual(None), vary=compiled.vary)
    # An allowed origin gets the same answer wherever it comes from, so that answers do not depend on the host.
    is_allowed = granted or compiled.allows(origin)
    if not is_allowed and is_same_origin(facts):
        return Decision(Kind.SAME_ORIGIN, allowed=True, vary=compiled.vary)
    if facts.is_preflight:
        return _preflight(policy, facts, origin, granted=granted)
    if is_allowed:
        headers = compiled.grant_actual(origin) if granted else compiled.actual(origin)
        return Decision(Kind.ACTUAL, allowed=True, headers=headers, vary=compiled.vary)
    step = Step.ORIGIN_SEVERAL if facts.origin_lines > 1 else compiled.denied_origin(origin)
    status = 403 if compiled.refuses else None
    culprit = origin[: SHOWN + 1]
    return Decision(Kind.ACTUAL, allowed=False, step=step, status=status, vary=compiled.vary, culprit=culprit)


def _preflight(policy: PolicyView, facts: RequestFacts, origin: bytes, *, granted: bool) -> Decision:
    compiled = policy.compiled
    method = facts.request_method or b""
    answer = compiled.grant_preflight if granted else compiled.preflight
    status, headers, step = answer(origin, method, facts.request_headers)
    headers = tuple(field for field in headers if field[0] != b"vary")
    culprit, hint = None, ""
    if step in {Step.ORIGIN, Step.ORIGIN_NULL, Step.ORIGIN_TOO_LONG}:
        culprit = origin[: SHOWN + 1]
        step = Step.ORIGIN_SEVERAL if facts.origin_lines > 1 else step
    elif step is Step.METHOD:
        culprit = method[: SHOWN + 1]
        if method.upper().decode("latin-1") in policy.allow_methods:
            hint = (
                " It allows the same name in upper case; methods are compared by case, and fetch() leaves patch alone."
            )
    elif step is not None:
        culprit = _first_not_allowed(policy, facts.request_headers)
    return Decision(
        Kind.PREFLIGHT,
        allowed=step is None,
        step=step,
        status=status,
        headers=headers,
        vary=compiled.preflight_vary,
        culprit=culprit,
        hint=hint,
    )


def _first_not_allowed(policy: PolicyView, lines: tuple[bytes, ...]) -> bytes | None:
    """The first name that the policy does not allow, if it is among the first bytes."""
    for member in b",".join(lines[:16])[:_READ].split(b","):
        name = member.strip(b" \t").lower()
        if name and name.decode("latin-1") not in policy.allow_headers:
            return name[: SHOWN + 1]
    return None
