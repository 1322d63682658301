"""What the steps of one fetch pass along: its request, the user agent, the trace; and how a step blocks."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TypeVar

from crossorigin.fetch.agent import UserAgent
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.request import Request
from crossorigin.fetch.response import NetworkError
from crossorigin.fetch.trace import Step, Trace
from crossorigin.fetch.wire import HTTPRequest, HTTPResponse, TransportFailure
from crossorigin.web.headers import HeaderList
from crossorigin.web.safelists import UnsafeRequestHeader, cors_unsafe_request_headers

__all__ = ["FetchParams", "Wire"]

T = TypeVar("T")

Wire = Generator[HTTPRequest, HTTPResponse | TransportFailure, T]
"""A step that may go to the wire: yields requests, is sent what came back, returns a `T`."""


@dataclass(slots=True)
class FetchParams:
    """Fetch, "fetch params", as far as this engine needs them: https://fetch.spec.whatwg.org/#concept-fetch"""

    request: Request
    agent: UserAgent
    trace: Trace = field(default_factory=Trace)

    # What some engines carry from one hop to the next.
    first_headers: HeaderList = field(default_factory=HeaderList)
    dropped_names: frozenset[bytes] = frozenset()
    needed_preflight: bool = False

    @property
    def began_unsafe(self) -> bool:
        """Whether a redirect was followed that a request with unsafe headers had led to."""
        headers, safelist = self.first_headers, self.agent.profile.request_safelist
        return self.request.redirect_count > 0 and bool(cors_unsafe_request_headers(headers, safelist))

    def unsafe_request_headers(self) -> list[UnsafeRequestHeader]:
        """The headers that ask for a preflight, by the profile.

        Fetch, "CORS-unsafe request-header names": https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
        """
        profile, request = self.agent.profile, self.request
        headers = request.headers
        if request.redirect_count and profile.redirects_keep_header_names != "no":
            headers = self.first_headers
        if profile.redirects_keep_header_names == "all-but-dropped":
            headers = HeaderList(field for field in headers if field[0].lower() not in self.dropped_names)
        return cors_unsafe_request_headers(headers, profile.request_safelist)

    def unsafe_request_header_names(self) -> list[bytes]:
        """Their names, sorted, in lower case; each once, unless the engine repeats them."""
        names = [unsafe.name.lower() for unsafe in self.unsafe_request_headers()]
        return sorted(names if self.agent.profile.repeats_header_names else set(names))

    def block(
        self, code: BlockCode, sentence: str, *compared: tuple[str, bytes | None], header: bytes | None = None
    ) -> NetworkError:
        """Record that the step which `code` stands for failed, and return the network error that it makes."""
        return NetworkError(code, self.trace.add(BLOCKS[code].anchor, "fail", sentence, *compared, header=header))

    def blocked(self, code: BlockCode, step: Step) -> NetworkError:
        """The network error of a `step` that is recorded already."""
        return NetworkError(code, step)
