"""What the stacks of Azure share: values as Bicep writes them.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types : strings stand between single quotes; a
backslash escapes a quote, a backslash and the `${` that would begin a value of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["array", "quote"]


def quote(text: str) -> str:
    """Text as a string of Bicep."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    return f"'{escaped}'"


def array(name: str, values: Iterable[str]) -> list[str]:
    """A property that is a list of strings, as lines."""
    items = [f"  {quote(value)}" for value in values]
    return [f"{name}: [", *items, "]"] if items else [f"{name}: []"]
