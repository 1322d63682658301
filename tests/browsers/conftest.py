"""One browser of each engine for all tests of a run; under pytest-xdist each engine has its worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossorigin.browser.real.installed import ENGINES, Engine, Missing, find

from .theatre import Theatre, theatre


def by_engine(engine: Engine) -> pytest.MarkDecorator:
    """What keeps the tests of one engine in one worker, where they share its browser."""
    return pytest.mark.xdist_group(f"browser-{engine}")


@pytest.fixture(scope="session", params=[pytest.param(each, marks=by_engine(each), id=each) for each in ENGINES])
def stage(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    """A theatre with the browser of each engine; the tests of one that is missing are skipped, and say so."""
    found = find(request.param)
    if isinstance(found, Missing):
        pytest.skip(f"{found.engine}: {found.sentence} (`make test` as root installs it)")
    with theatre(found) as here:
        yield here
