"""What CORS adds to a request of each framework: `crossorigin` beside the library that people use there, in one run.

Every request is made anew, outside of what is timed; the bare application and the wrapped ones take turns; what counts
is the fastest round of each, as a ratio. "added" is the time with CORS less that of the same application without. The
targets, for Django and Flask, are those of issue 3. Each answer is looked at before it is timed: policies are alike.
"""

from __future__ import annotations

import logging
import random

from bench._aiohttp import AIOHTTP
from bench._compare import compare
from bench._django import DJANGO
from bench._falcon import FALCON
from bench._flask import FLASK
from bench._litestar import LITESTAR
from bench._sanic import SANIC

__all__ = ["main"]


def main() -> None:
    """Print the figures."""
    logging.disable(logging.CRITICAL)
    random.seed(3)
    for framework in (DJANGO, FLASK, AIOHTTP, FALCON, LITESTAR, SANIC):
        compare(framework)


if __name__ == "__main__":
    main()
