"""Policies of single views: a mark on the function, read when the framework's own router has found it.

A path is never compared with anything here. Which view a request is for only the router knows, and every library that
tried to know it too was fooled by `//`, `%2F` or `..`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from crossorigin.middleware.rulings import Ruling
from crossorigin.middleware.settings import PolicySource, policy_of
from crossorigin.policy import LivePolicy

__all__ = ["MARKS", "View", "mark", "put_mark", "ruling_of", "ruling_of_view"]

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "crossorigin_ruling"


class _Marks:
    """Whether any view of this process has a policy of its own, so that without one nothing is looked up."""

    __slots__ = ("are_there", "may_refuse")

    def __init__(self) -> None:
        self.are_there = False
        self.may_refuse = False

    def add(self, ruling: Ruling) -> None:
        """Count one more; a LivePolicy can become one that refuses."""
        self.are_there = True
        self.may_refuse = self.may_refuse or isinstance(ruling.source, LivePolicy) or ruling.source.compiled.refuses


MARKS: Final = _Marks()


def mark(view: View, policy: PolicySource) -> View:
    """The same view, in a wrapper with a policy of its own: the view itself may stand elsewhere, with another."""
    wrapper: Callable[..., Any]
    if inspect.iscoroutinefunction(view):

        @functools.wraps(view)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            return await view(*args, **kwargs)

    else:

        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

    put_mark(wrapper, policy)
    return cast("View", wrapper)


def put_mark(thing: object, policy: PolicySource) -> None:
    """Give a thing itself a policy. Raises TypeError for what is none."""
    ruling = Ruling(policy_of(policy, {}))
    MARKS.add(ruling)
    setattr(thing, _MARK, ruling)


def ruling_of(thing: object) -> Ruling | None:
    """The policy that a thing was given, if any."""
    found = getattr(thing, _MARK, None)
    return found if isinstance(found, Ruling) else None


def ruling_of_view(view: object, method: str) -> Ruling | None:
    """The policy for a method of a view: that of the method's handler in a class of views, then the view's own."""
    handlers = getattr(view, "view_class", None)
    if handlers is not None:
        name = method.lower()
        # Both frameworks answer HEAD with `get` where there is no `head`.
        handler = getattr(handlers, name, None) or (getattr(handlers, "get", None) if name == "head" else None)
        found = ruling_of(handler)
        if found is not None:
            return found
    return ruling_of(view)
