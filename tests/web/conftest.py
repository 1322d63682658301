"""Where the shared vectors lie: beside the checkout, or where CROSSORIGIN_VECTORS says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vectors() -> Path:
    beside = Path(__file__).parents[2].parent / "shared" / "vectors"
    folder = Path(os.environ.get("CROSSORIGIN_VECTORS") or beside)
    if not folder.is_dir():
        pytest.skip(f"DID NOT RUN: no vectors in {folder}; set CROSSORIGIN_VECTORS to their folder")
    return folder
