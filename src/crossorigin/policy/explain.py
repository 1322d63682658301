"""What a policy answers to a page that calls, told from beginning to end: the preflight, the request, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossorigin.policy.decide import Decision, decide
from crossorigin.policy.facts import RequestFacts
from crossorigin.policy.preflight import Headers
from crossorigin.policy.view import PolicyView

__all__ = ["Explanation", "explain_policy"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happens when a page calls. `preflight` is None where a browser sends none; `str` tells all of it."""

    origin: bytes
    method: bytes
    header_names: tuple[bytes, ...]
    credentials: bool
    preflight: Decision | None
    actual: Decision

    @property
    def allowed(self) -> bool:
        """Whether script can read the response."""
        return not self.obstacle

    @property
    def obstacle(self) -> str:
        """Why script cannot read the response, in a sentence; empty when it can."""
        for decision in (self.preflight, self.actual):
            if decision is not None and not decision.allowed:
                return decision.explain()
        if self.credentials and (b"access-control-allow-credentials", b"true") not in self.actual.headers:
            return (
                "The request is made with credentials, and the policy does not allow any: the browser keeps the "
                "response from script, and sends nothing that needs leave."
            )
        return ""

    def __str__(self) -> str:
        lines = []
        if self.preflight is not None:
            lines += ["preflight: " + self.preflight.explain(), *_answer(self.preflight)]
        if self.preflight is None or self.preflight.allowed:
            lines += ["request: " + self.actual.explain(), *_answer(self.actual)]
        if not self.allowed and not self.obstacle.startswith("The preflight"):
            lines.append(self.obstacle)
        lines.append("Script can read the response." if self.allowed else "Script cannot read the response.")
        return "\n".join(lines)


def explain_policy(
    policy: PolicyView, origin: str, method: str = "GET", headers: Sequence[str] = (), *, credentials: bool = False
) -> Explanation:
    """See `Policy.explain`. Raises ValueError for an origin, a method or a header that no browser would send."""
    from crossorigin.web.methods import is_cors_safelisted_method, normalize_method  # noqa: PLC0415 - not per request

    origin_bytes = _origin(origin)
    method_bytes = normalize_method(_token(method, "method"))
    unsafe = _unsafe_names(headers)
    preflight = None
    if unsafe or not is_cors_safelisted_method(method_bytes):
        facts = RequestFacts(
            method=b"OPTIONS",
            origin=origin_bytes,
            request_method=method_bytes,
            request_headers=(b",".join(unsafe),) if unsafe else (),
        )
        preflight = decide(policy, facts)
    actual = decide(policy, RequestFacts(method=method_bytes, origin=origin_bytes))
    return Explanation(origin_bytes, method_bytes, tuple(unsafe), credentials, preflight, actual)


def _origin(text: str) -> bytes:
    from crossorigin.web.origins import parse_origin  # noqa: PLC0415 - not per request

    parse_origin(text)
    return text.encode("ascii")


def _unsafe_names(headers: Sequence[str]) -> list[bytes]:
    """The names that need leave, as a browser lists them; a name without a value is taken to need it.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    from crossorigin.web.headers import HeaderList, normalize, sorted_lowercase_set  # noqa: PLC0415 - not per request
    from crossorigin.web.safelists import cors_unsafe_request_header_names  # noqa: PLC0415 - not per request

    with_value, without = [], []
    for header in headers:
        name, colon, value = header.partition(":")
        token = _token(name.strip(), "header name")
        if colon:
            with_value.append((token, normalize(value.encode("latin-1", "replace"))))
        else:
            without.append(token)
    return sorted_lowercase_set([*cors_unsafe_request_header_names(HeaderList(with_value)), *without])


def _token(text: str, noun: str) -> bytes:
    from crossorigin.web.infra import is_token  # noqa: PLC0415 - not per request

    token = text.encode("latin-1", "replace")
    if not is_token(token):
        raise ValueError(f"{text[:80]!r} is not a {noun}")
    return token


def _answer(decision: Decision) -> list[str]:
    status = [] if decision.status is None else [f"    status {decision.status}"]
    headers: Headers = decision.response_headers
    return [*status, *(f"    {name.decode()}: {value.decode('latin-1')}" for name, value in headers)]
