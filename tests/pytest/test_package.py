"""The assertions can be imported beside the plugin, and are those of `crossorigin.testing`."""

from __future__ import annotations

import pytest

import crossorigin.pytest as package
import crossorigin.testing


def test_the_names_are_those_of_testing() -> None:
    assert {name for name in crossorigin.testing.__all__ if name.startswith("assert_")} == set(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is getattr(crossorigin.testing, name)


def test_another_name() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'assert_nothing'"):
        package.assert_nothing  # noqa: B018
