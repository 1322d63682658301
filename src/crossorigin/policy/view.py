"""A policy as the functions beside it see it: they are below `Policy` in the order of imports, and it calls them."""

from __future__ import annotations

from typing import Protocol

from crossorigin.policy.compiled import CompiledPolicy

__all__ = ["PolicyView"]


class PolicyView(Protocol):
    """What `crossorigin.policy.policy.Policy` has; see there what each means."""

    @property
    def allow_origins(self) -> tuple[str, ...]: ...
    @property
    def allow_methods(self) -> tuple[str, ...]: ...
    @property
    def allow_headers(self) -> tuple[str, ...]: ...
    @property
    def allow_credentials(self) -> bool: ...
    @property
    def expose_headers(self) -> tuple[str, ...]: ...
    @property
    def max_age(self) -> int | None: ...
    @property
    def preflight_status(self) -> int: ...
    @property
    def debug(self) -> bool: ...
    @property
    def refuse_disallowed_origins(self) -> bool: ...
    @property
    def compiled(self) -> CompiledPolicy: ...
