"""Each thing is said once, and to those who set it up."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from crossorigin.middleware.notices import CORSWarning, replaced_headers, warn_of_stacked


class Layer:
    def __init__(self, app: Any) -> None:
        self.app = app


class CORSMiddleware(Layer):
    stands_aside = False


def test_each_replaced_header_is_told_of_once_with_nothing_that_steers_a_terminal() -> None:
    replaced = replaced_headers()
    with pytest.warns(CORSWarning, match=r"itself \(\\x1b\[31m\*\)"):
        replaced(b"access-control-allow-origin", b"\x1b[31m*")
    replaced(b"access-control-allow-origin", b"other")
    with pytest.warns(CORSWarning, match="access-control-max-age"):
        replaced(b"access-control-max-age", b"5")


def test_a_second_cors_middleware_is_found_behind_others() -> None:
    with pytest.warns(CORSWarning, match=r"test_notices\.CORSMiddleware.*Remove one"):
        warn_of_stacked(Layer(Layer(CORSMiddleware(None))))


def test_nothing_to_say() -> None:
    aside = CORSMiddleware(None)
    aside.stands_aside = True
    ring = Layer(None)
    ring.app = ring
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for app in (None, Layer(Layer(None)), aside, ring):
            warn_of_stacked(app)
