"""Why a request was denied: a closed set, small enough to count by."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["STEP_SENTENCES", "Step"]


class Step(StrEnum):
    """The first check that failed, in the order in which a browser makes them: origin, method, headers."""

    ORIGIN_TOO_LONG = "origin-too-long"
    ORIGIN_SEVERAL = "origin-several"
    ORIGIN_NULL = "origin-null"
    ORIGIN = "origin"
    METHOD = "method"
    HEADERS_TOO_MANY_LINES = "headers-too-many-lines"
    HEADERS_TOO_LONG = "headers-too-long"
    HEADER = "header"


STEP_SENTENCES: Final = {
    Step.ORIGIN_TOO_LONG: "Its Origin is longer than any origin can be, and was not read.",
    Step.ORIGIN_SEVERAL: "It has more than one Origin line; browsers send one.",
    Step.ORIGIN_NULL: "Its Origin is null, which anybody can send, and the policy does not allow it.",
    Step.ORIGIN: "The policy does not allow its origin.",
    Step.METHOD: "The policy does not allow the method that it asks for.",
    Step.HEADERS_TOO_MANY_LINES: "It has more Access-Control-Request-Headers lines than are read; browsers send one.",
    Step.HEADERS_TOO_LONG: (
        "It asks for more header names than the policy allows, by their length alone; they were not read."
    ),
    Step.HEADER: "The policy does not allow a header that it asks for.",
}
