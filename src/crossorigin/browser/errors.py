"""What a blocked call raises: a TypeError, as in script, whose text says what no script is told."""

from __future__ import annotations

from typing import Final

from crossorigin.browser.explanation import explanation
from crossorigin.fetch.blocks import BlockCode
from crossorigin.fetch.response import FetchResult, NetworkError
from crossorigin.fetch.trace import Exchange, Step
from crossorigin.fetch.wire import TransportFailure

__all__ = ["CORSError", "FetchError", "MixedContentError", "NoResponseError", "error_for"]


class FetchError(TypeError):
    """A fetch that ended in a network error, with which `fetch()` rejects by a TypeError.

    The text is what the chosen engine prints on its console, then the step that failed, then the exchange.
    """

    def __init__(self, result: FetchResult, engine: str = "standard") -> None:
        error = result.error
        if error is None:
            raise ValueError("this fetch did not fail")
        super().__init__(explanation(result, error, engine))
        self.result = result
        self.engine = engine
        self._error: NetworkError = error

    @property
    def code(self) -> BlockCode:
        """Which step blocked, such as `B301`; `crossorigin explain CODE` has a page about it."""
        return self._error.code

    @property
    def step(self) -> Step:
        """The step that failed."""
        return self._error.step

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step that decided something, the one that failed among them."""
        return self.result.steps

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything that went over the wire, in order."""
        return self.result.exchanges

    @property
    def preflighted(self) -> bool:
        """Whether a preflight was sent."""
        return any(exchange.request.role == "preflight" for exchange in self.result.exchanges)

    def __reduce__(self) -> tuple[type[FetchError], tuple[FetchResult, str]]:
        return type(self), (self.result, self.engine)


class CORSError(FetchError):
    """A fetch that CORS blocked: the preflight, the response itself, or a redirect that CORS forbids."""


class MixedContentError(FetchError):
    """A secure page asked for an insecure URL."""


class NoResponseError(FetchError):
    """There was no usable HTTP response: the connection failed, the application hung, or a proxy was in the way."""

    @property
    def failure(self) -> TransportFailure | None:
        """What the network reported."""
        return self._error.failure


_CORS_CODES: Final = {
    BlockCode.SCHEME_NOT_HTTP,
    BlockCode.LOCATION_CREDENTIALS,
    BlockCode.LOCATION_CREDENTIALS_TAINTED,
}
"""Of the first and fourth hundred, those steps that only a request in mode "cors" reaches."""


def error_for(result: FetchResult, engine: str) -> FetchError:
    """The exception for a fetch that failed; raises ValueError for one that did not."""
    code = None if result.error is None else result.error.code
    if code is None:
        raise ValueError("this fetch did not fail")
    if code.value.startswith(("B2", "B3")) or code in _CORS_CODES:
        return CORSError(result, engine)
    if code in {BlockCode.MIXED_CONTENT, BlockCode.MIXED_CONTENT_RESPONSE}:
        return MixedContentError(result, engine)
    if code.value.startswith("B6"):
        return NoResponseError(result, engine)
    return FetchError(result, engine)
