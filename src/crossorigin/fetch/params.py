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

    def block(
        self, code: BlockCode, sentence: str, *compared: tuple[str, bytes | None], header: bytes | None = None
    ) -> NetworkError:
        """Record that the step which `code` stands for failed, and return the network error that it makes."""
        return NetworkError(code, self.trace.add(BLOCKS[code].anchor, "fail", sentence, *compared, header=header))

    def blocked(self, code: BlockCode, step: Step) -> NetworkError:
        """The network error of a `step` that is recorded already."""
        return NetworkError(code, step)
