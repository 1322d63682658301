"""One misbehaving backend for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.stacks.servers import upstream


@pytest.fixture(scope="session")
def backend() -> Iterator[int]:
    """Its port."""
    with upstream() as port:
        yield port
