"""Which rule was this given: a view, a handler, a class of them, a route, a blueprint?

A rule is attached to what the framework's own router finds, and a path is never compared with anything here: which view
a request is for only the router knows, and every library that tried to know it too was fooled by `//`, `%2F` or `..`.
Of several marks the most specific one counts.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar, Unpack, cast

from crossorigin.middleware.rules import Rule
from crossorigin.middleware.settings import PolicySource, Settings
from crossorigin.policy import LivePolicy

if TYPE_CHECKING:
    from crossorigin.middleware.lookups import Lookup

__all__ = ["MARKS", "View", "cors", "handler_of", "mark", "rule_of", "rule_of_endpoint", "rule_of_view", "wrapped"]

Target = TypeVar("Target")
View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "__crossorigin__"


class _Marks:
    """Whether anything in this process was given a rule of its own, so that without one nothing is looked for."""

    __slots__ = ("are_there", "may_refuse")

    def __init__(self) -> None:
        self.are_there = False
        self.may_refuse = False

    def add(self, rule: Rule) -> None:
        """Count one more; a LivePolicy can become one that refuses."""
        self.are_there = True
        if rule.source is not None:
            self.may_refuse = self.may_refuse or isinstance(rule.source, LivePolicy) or rule.source.compiled.refuses


MARKS: Final = _Marks()


def cors(
    policy: PolicySource | None = None, *, origin_lookup: Lookup | None = None, **settings: Unpack[Settings]
) -> Callable[[Target], Target]:
    """Mark what the framework's router finds with a policy of its own; the module's text says what that can be.

    It gives back what it is given. `cors(None)` marks what grants nothing, whatever the application does. It needs the
    policy around the application, which may itself grant nothing.
    """
    rule = Rule(policy, settings, origin_lookup=origin_lookup)
    return lambda target: mark(target, rule)


def mark(target: Target, rule: Rule) -> Target:
    """Give a rule to something, which comes back."""
    setattr(target, _MARK, rule)
    MARKS.add(rule)
    return target


def wrapped(view: View) -> View:
    """The same view in a function of its own to be marked: the view itself may stand elsewhere, with another rule."""
    wrapper: Callable[..., Any]
    if inspect.iscoroutinefunction(view):

        @functools.wraps(view)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            return await view(*args, **kwargs)

    else:

        @functools.wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

    return cast("View", wrapper)


def rule_of(*targets: object) -> Rule | None:
    """The rule of the first of these that has one: most specific first."""
    for target in targets:
        rule = getattr(target, _MARK, None)
        if isinstance(rule, Rule):
            return rule
    return None


def rule_of_view(view: object, method: str, *around: object) -> Rule | None:
    """The rule for a method of a view: of its handler in a class of views, the class, the view, then `around`."""
    views = getattr(view, "view_class", None)
    return rule_of(None if views is None else handler_of(views, method), views, view, *around)


def rule_of_endpoint(app: Any, endpoint: str, method: str) -> Rule | None:
    """As Flask and Quart name their views: the view's, then that of the blueprint which it is in, and so on outward."""
    names = endpoint.split(".")[:-1]
    blueprints = [app.blueprints.get(".".join(names[:depth])) for depth in range(len(names), 0, -1)]
    return rule_of_view(app.view_functions.get(endpoint), method, *blueprints)


def handler_of(views: object, method: str) -> object:
    """The method of a class of views that answers: HEAD is answered by `get` where there is no `head`."""
    name = method.lower()
    return getattr(views, name, None) or (getattr(views, "get", None) if name == "head" else None)
