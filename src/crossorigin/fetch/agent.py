"""The user agent: what outlives one fetch (caches, credentials, the clock) and how the browser introduces itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crossorigin import __version__
from crossorigin.fetch.preflight_cache import PreflightCache
from crossorigin.fetch.profile import STANDARD, Profile
from crossorigin.fetch.request import Request

__all__ = ["CredentialStore", "NoCredentials", "UserAgent"]


class CredentialStore(Protocol):
    """Where a browser keeps what it sends by itself. Asked only for a request that includes credentials."""

    def cookie(self, request: Request) -> bytes | None:
        """The Cookie header's value for the request's current URL, None for no cookie."""
        ...

    def authorization(self, request: Request) -> bytes | None:
        """The Authorization header's value of an authentication entry for the current URL, None where none is kept."""
        ...

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        """Keep the values of the Set-Cookie fields that the current URL answered with, in order."""
        ...


class NoCredentials:
    """A browser that has no cookie and no password, and keeps none."""

    def cookie(self, request: Request) -> bytes | None:  # noqa: ARG002 - the protocol's name
        """None."""
        return None

    def authorization(self, request: Request) -> bytes | None:  # noqa: ARG002 - the protocol's name
        """None."""
        return None

    def store(self, request: Request, set_cookies: Sequence[bytes]) -> None:
        """Forget them."""


@dataclass(slots=True)
class UserAgent:
    """What one browser profile holds from fetch to fetch.

    `clock` gives seconds on any monotonic scale. `is_known_hsts_host` says whether a host name is known to want https
    (HSTS, or an HTTPS resource record). `inflight_keepalive_bytes` is the sum of the keepalive bodies under way.
    `allows_mixed_content` is the user's instruction to allow it, which
    https://w3c.github.io/webappsec-mixed-content/#should-block-fetch heeds.
    """

    profile: Profile = STANDARD
    preflight_cache: PreflightCache = field(init=False)
    credentials: CredentialStore = field(default_factory=NoCredentials)
    clock: Callable[[], float] = time.monotonic
    is_known_hsts_host: Callable[[str], bool] = field(default=lambda _host: False)
    inflight_keepalive_bytes: int = 0
    allows_mixed_content: bool = False
    user_agent: bytes = f"Mozilla/5.0 (compatible; crossorigin/{__version__})".encode()
    accept_language: bytes = b"en"
    accept_encoding: bytes = b"gzip, deflate, br"

    def __post_init__(self) -> None:
        self.preflight_cache = self.profile.preflight_cache()
