"""What a policy comes down to for a request: a few lookups and headers that were made beforehand.

`CompiledPolicy` is what middleware calls. Nothing of a request is parsed: an origin is looked up, a method is looked
up, and of `Access-Control-Request-Headers` every name must be in a set. Before anything is hashed or split its length
is compared with the longest that could be allowed, so that 64 KiB of anything cost no more than a short denial.

A header's value is the policy's own, or equal to something that the policy allows, byte for byte. So nothing that was
not allowed is ever sent back, and nothing can be injected.

`Vary` on answers to preflights names all that the answer depends on. A cache must not keep an answer to OPTIONS,
https://www.rfc-editor.org/rfc/rfc9110.html#section-9.3.7, and jub0bs/cors therefore leaves it out; but some content
networks can be told to keep them, and one that does would hand the leave of one page to another. It costs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from crossorigin.policy.index import MAX_ORIGIN, Allows, compile_index
from crossorigin.policy.patterns import OriginPattern
from crossorigin.policy.preflight import Headers, Preflight, PreflightAnswer, PreflightRules, compile_answer
from crossorigin.policy.steps import Step

__all__ = ["CompiledPolicy", "compile_policy"]

_ALLOW_ORIGIN: Final = b"access-control-allow-origin"
_ALLOW_CREDENTIALS: Final = b"access-control-allow-credentials"
_EXPOSE_HEADERS: Final = b"access-control-expose-headers"
_ORIGIN: Final = b"Origin"


class CompiledPolicy:
    """A policy, ready to answer. Everything here is a constant or a function without side effects that can be seen.

    - `allows(origin)`: whether the policy itself allows an origin.
    - `actual(origin)`: the CORS headers of a response that is not a preflight's; empty when denied. `None` is a request
      without `Origin`.
    - `preflight(origin, method, lines)`: status, headers (with Vary) and the step that denied, for OPTIONS with
      `Origin`, `Access-Control-Request-Method` and all lines of `Access-Control-Request-Headers`.
    - `grant_actual`, `grant_preflight`: the same for an origin that an origin lookup has allowed.
    - `vary`: the names to add to `Vary` on every response but a preflight's, `(b"Origin",)` or `()`.
    - `preflight_vary`: those that `preflight` has in its `vary` header already.
    - `any_origin`: the answer is the same for everybody, and `actual` can be called once and for all.
    """

    __slots__ = (
        "actual",
        "allows",
        "any_origin",
        "debug",
        "grant_actual",
        "grant_preflight",
        "header_limit",
        "preflight",
        "preflight_vary",
        "refuses",
        "vary",
    )

    allows: Allows
    actual: Callable[[bytes | None], Headers]
    grant_actual: Callable[[bytes], Headers]
    preflight: Preflight
    grant_preflight: Preflight
    vary: tuple[bytes, ...]
    preflight_vary: tuple[bytes, ...]
    any_origin: bool
    debug: bool
    refuses: bool
    header_limit: int

    def denied_origin(self, origin: bytes) -> Step:
        """Which step denies an origin that is not allowed."""
        if len(origin) > MAX_ORIGIN:
            return Step.ORIGIN_TOO_LONG
        return Step.ORIGIN_NULL if origin == b"null" else Step.ORIGIN


def compile_policy(
    *,
    patterns: Iterable[OriginPattern],
    any_origin: bool,
    null: bool,
    methods: Sequence[str],
    headers: Sequence[str],
    exposed: Sequence[str],
    credentials: bool,
    max_age: int | None,
    preflight_status: int,
    debug: bool,
    refuses: bool,
) -> CompiledPolicy:
    """Compile what `crossorigin.policy.validate` has found sound; `headers` are in lower case."""
    compiled = CompiledPolicy()
    compiled.any_origin = any_origin
    compiled.debug = debug
    compiled.refuses = refuses and not any_origin
    compiled.allows = (lambda _origin: True) if any_origin else compile_index(patterns, null=null)
    compiled.vary = () if any_origin else (_ORIGIN,)
    rules = PreflightRules(
        any_origin=any_origin,
        methods=tuple(method.encode("ascii") for method in methods),
        headers=tuple(header.encode("ascii") for header in headers),
        credentials=credentials,
        max_age=max_age,
        status=preflight_status,
        debug=debug,
    )
    compiled.preflight_vary = rules.vary
    compiled.header_limit = rules.header_limit
    compiled.grant_preflight = compile_answer(rules)
    compiled.preflight = compiled.grant_preflight if any_origin else _compile_preflight(compiled, rules)
    _compile_actual(compiled, credentials=credentials, exposed=exposed)
    return compiled


def _compile_actual(compiled: CompiledPolicy, *, credentials: bool, exposed: Sequence[str]) -> None:
    rest: Headers = (
        *(((_ALLOW_CREDENTIALS, b"true"),) if credentials else ()),
        *(((_EXPOSE_HEADERS, ",".join(exposed).encode("ascii")),) if exposed else ()),
    )
    if compiled.any_origin:
        same = ((_ALLOW_ORIGIN, b"*"), *rest)
        compiled.actual = lambda _origin: same
        compiled.grant_actual = lambda _origin: same
        return
    allows = compiled.allows

    def actual(origin: bytes | None) -> Headers:
        if origin is not None and allows(origin):
            return ((_ALLOW_ORIGIN, origin), *rest) if rest else ((_ALLOW_ORIGIN, origin),)
        return ()

    compiled.actual = actual
    compiled.grant_actual = lambda origin: ((_ALLOW_ORIGIN, origin), *rest)


def _compile_preflight(compiled: CompiledPolicy, rules: PreflightRules) -> Preflight:
    """The answer to a preflight whose origin has still to be looked up."""
    allows, answer = compiled.allows, compiled.grant_preflight
    # Told to nobody, but to everybody when debugging: then an ok status lets the browser speak of the missing header.
    status, headers = rules.status if rules.debug else 403, rules.vary_header

    def preflight(origin: bytes, method: bytes, lines: Sequence[bytes]) -> PreflightAnswer:
        if allows(origin):
            return answer(origin, method, lines)
        return status, headers, compiled.denied_origin(origin)

    return preflight
