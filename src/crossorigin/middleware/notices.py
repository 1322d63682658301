"""What middleware tells the people who set it up, each thing once: as warnings, never as lines for each request."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Final

from crossorigin.policy.observe import ReplacedHeaders

__all__ = ["CORSWarning", "layers", "replaced_headers", "warn_of_stacked"]

_DEPTH: Final = 64
"""Layers that are looked through; more would be a ring."""


class CORSWarning(UserWarning):
    """Something about the way CORS is set up does not do what was meant."""


def replaced_headers() -> ReplacedHeaders:
    """A hook for `merge` that warns of each header which the application set itself, once."""
    return ReplacedHeaders(lambda text: warnings.warn(text, CORSWarning, stacklevel=2))


def warn_of_stacked(app: object) -> None:
    """Warn of a second CORS middleware among the layers that `app` is made of.

    The outer one answers all preflights, and its headers stand in place of the inner one's.
    """
    for layer in layers(app):
        if type(layer).__name__ == "CORSMiddleware" and not getattr(layer, "stands_aside", False):
            warnings.warn(
                f"there is a second CORS middleware inside of this one ({type(layer).__module__}.CORSMiddleware). "
                "Only the outer one counts: it answers the preflights and replaces the headers. Remove one of them.",
                CORSWarning,
                stacklevel=3,
            )
            return


def layers(app: object) -> Iterator[object]:
    """An application, and what is inside of it, as far as one can see."""
    layer: object | None = app
    for _ in range(_DEPTH):
        if layer is None:
            return
        yield layer
        layer = getattr(layer, "app", None)
