"""`Policy`: which pages of other origins may call an API, what they may send and what they may read.

    Policy(allow_origins=["https://app.example.com"], allow_methods=["PUT"], allow_headers=["content-type"])

A policy that exists is sound: everything that is wrong with it is found when it is made, all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Never, TypeAlias

from crossorigin.policy.compiled import CompiledPolicy, compile_policy
from crossorigin.policy.diff import PolicyDiff, diff_policies
from crossorigin.policy.explain import Explanation, explain_policy
from crossorigin.policy.fields import DEFAULTS, FIELDS
from crossorigin.policy.problems import PolicyError, Problem
from crossorigin.policy.validate import check

__all__ = ["Policy", "Strings"]

Strings: TypeAlias = list[str] | tuple[str, ...] | set[str] | frozenset[str]
"""A list of strings in any of Python's forms, but never a string."""


class _Compiled:
    """Holds what is made of the fields and is none: it takes no part in equality, hash, `repr` or `replace`."""

    __slots__ = ("compiled",)

    compiled: CompiledPolicy


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Policy(_Compiled):
    """What a server grants to pages of other origins.

    Raises PolicyError with every problem. Equal policies are equal and hash equal, in whatever order their lists were
    written: origins, methods and header names are kept sorted, once each, header names in lower case.

    - `allow_origins`: exact origins and patterns (`https://*.example.com`, `http://localhost:*`), or `["*"]` for any.
    - `allow_methods`: methods beside GET, HEAD and POST, which need no leave; or `["*"]`.
    - `allow_headers`: request headers that script may set; or `["*", "authorization"]`.
    - `allow_credentials`: whether cookies and the like may come along, and their answers be read.
    - `expose_headers`: response headers that script may read beside the seven that it always may; or `["*"]`.
    - `max_age`: seconds for which a browser may remember a preflight's answer, 0 to 86400. None sends no header, which
      is 5 seconds in every engine; 0 is never.
    - `preflight_status`: the status of a successful preflight, 200 to 299.
    - `debug`: answer denied preflights so that the browser's own console names the culprit. Tells everybody what the
      policy allows.
    - `refuse_disallowed_origins`: answer 403, without calling the application, to requests of other origins that are
      not allowed. CORS alone keeps nobody from sending.
    - `dangerously_allow_insecure_origins_with_credentials`: `http` origins of other machines, with credentials.
    - `dangerously_allow_public_suffix_wildcards`: `https://*.github.io` and the like.
    - `dangerously_allow_null_origin`: the origin `null`, without credentials.
    """

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    allow_credentials: bool
    expose_headers: tuple[str, ...]
    max_age: int | None
    preflight_status: int
    debug: bool
    refuse_disallowed_origins: bool
    dangerously_allow_insecure_origins_with_credentials: bool
    dangerously_allow_public_suffix_wildcards: bool
    dangerously_allow_null_origin: bool

    def __init__(
        self,
        *,
        allow_origins: Strings,
        allow_methods: Strings = (),
        allow_headers: Strings = (),
        allow_credentials: bool = False,
        expose_headers: Strings = (),
        max_age: int | None = None,
        preflight_status: int = 204,
        debug: bool = False,
        refuse_disallowed_origins: bool = False,
        dangerously_allow_insecure_origins_with_credentials: bool = False,
        dangerously_allow_public_suffix_wildcards: bool = False,
        dangerously_allow_null_origin: bool = False,
        **misspelt: Never,
    ) -> None:
        self._build(
            {
                "allow_origins": allow_origins,
                "allow_methods": allow_methods,
                "allow_headers": allow_headers,
                "allow_credentials": allow_credentials,
                "expose_headers": expose_headers,
                "max_age": max_age,
                "preflight_status": preflight_status,
                "debug": debug,
                "refuse_disallowed_origins": refuse_disallowed_origins,
                "dangerously_allow_insecure_origins_with_credentials": (
                    dangerously_allow_insecure_origins_with_credentials
                ),
                "dangerously_allow_public_suffix_wildcards": dangerously_allow_public_suffix_wildcards,
                "dangerously_allow_null_origin": dangerously_allow_null_origin,
                # Never given where types are checked; elsewhere a misspelt setting is one problem among the others.
                **misspelt,
            }
        )

    def _build(self, fields: dict[str, object]) -> None:
        checked = check(fields)
        if checked.problems:
            raise PolicyError(checked.problems)
        for name in FIELDS:
            object.__setattr__(self, name, checked.values[name])
        compiled = compile_policy(
            patterns=checked.patterns,
            any_origin=checked.any_origin,
            null=checked.null,
            methods=self.allow_methods,
            headers=self.allow_headers,
            exposed=self.expose_headers,
            credentials=self.allow_credentials,
            max_age=self.max_age,
            preflight_status=self.preflight_status,
            debug=self.debug,
            refuses=self.refuse_disallowed_origins,
        )
        object.__setattr__(self, "compiled", compiled)

    @classmethod
    def validate(cls, **fields: object) -> list[Problem]:
        """Everything that is wrong with these settings, none built; an empty list when a policy can be made of them."""
        return check(fields).problems

    def to_dict(self) -> dict[str, list[str] | int | bool]:
        """The settings that differ from their defaults, in order, as TOML and JSON have them."""
        settings: dict[str, list[str] | int | bool] = {}
        for name in FIELDS:
            value: Any = getattr(self, name)
            if name not in DEFAULTS or value != DEFAULTS[name]:
                settings[name] = list(value) if isinstance(value, tuple) else value
        return settings

    def explain(
        self, origin: str, method: str = "GET", headers: Sequence[str] = (), *, credentials: bool = False
    ) -> Explanation:
        """What happens when a page of `origin` calls: the decisions, the headers that would be sent, in words.

        `headers` are the names that script sets, or `Name: value` where the value decides whether it needs leave.
        """
        return explain_policy(self, origin, method, headers, credentials=credentials)

    def diff(self, other: Policy) -> PolicyDiff:
        """What a change from this policy to `other` newly allows, and what it no longer allows."""
        return diff_policies(self, other)

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.to_dict().items())
        return f"Policy({settings})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.to_dict(),)


def _rebuild(fields: dict[str, Any]) -> Policy:
    return Policy(**fields)
