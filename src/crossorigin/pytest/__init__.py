"""The pytest plugin: fixtures `browser` and `page`, `@pytest.mark.engines`, and failures that show the dialogue.

pytest finds it by itself, and it imports nothing until a test asks for one of its fixtures. The assertions are those of
`crossorigin.testing`, which needs no pytest; here they can be imported beside the plugin.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossorigin.testing import (
        assert_allowed,
        assert_blocked,
        assert_not_preflighted,
        assert_not_readable,
        assert_not_readable_by,
        assert_preflighted,
        assert_readable,
    )

__all__ = [
    "assert_allowed",
    "assert_blocked",
    "assert_not_preflighted",
    "assert_not_readable",
    "assert_not_readable_by",
    "assert_preflighted",
    "assert_readable",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("crossorigin.testing"), name)
