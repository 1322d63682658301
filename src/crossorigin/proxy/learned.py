"""What was seen on one route, in bounded memory, and the settings of a policy that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from crossorigin.policy import Policy, ProblemCode
from crossorigin.policy.names import method_problem, request_header_problem

__all__ = ["Counts", "Learned", "Need", "need_of"]

_LONGEST: Final = 64
"""Characters of a name that is kept; those of headers and cookies are far shorter."""

_COOKIES_OF_OTHERS: Final = (
    "_ga",
    "_gid",
    "_gat",
    "_gcl",
    "_fbp",
    "__utm",
    "_hj",
    "_pk_",
    "_clck",
    "_clsk",
    "ajs_",
    "amplitude",
    "intercom-",
    "mp_",
    "ph_",
    "__next_hmr",
)
"""Beginnings of cookies that script of analytics and of development servers sets: no API reads them."""


class Counts(dict[str, int]):
    """How often each name was seen; at most `most` names, and `has_more` when there were others."""

    __slots__ = ("has_more", "most")

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.has_more = False

    def see(self, name: str, times: int = 1) -> None:
        """Count a name."""
        if name in self:
            self[name] += times
        elif len(self) < self.most and len(name) <= _LONGEST:
            self[name] = times
        else:
            self.has_more = True

    def told(self, names: Iterable[str]) -> str:
        """Some of the names, in order, each with its count: "DELETE 1, PUT 3"."""
        return ", ".join(f"{name} {self[name]}" for name in names)


@dataclass(slots=True)
class Learned:
    """What pages asked on one route, and what its responses did.

    `cookies` are those that came with calls, `cookies_set` those that the route's responses have set, with whether
    each is fit to be sent to another site. `strangers` are origins of other machines that called: whoever visits a
    page while developing is not to end up in a policy.
    """

    calls: int = 0
    methods: Counts = field(default_factory=lambda: Counts(16))
    headers: Counts = field(default_factory=lambda: Counts(64))
    cookies: Counts = field(default_factory=lambda: Counts(64))
    managed: Counts = field(default_factory=lambda: Counts(4))
    origins: Counts = field(default_factory=lambda: Counts(16))
    strangers: Counts = field(default_factory=lambda: Counts(16))
    readable: Counts = field(default_factory=lambda: Counts(32))
    challenges: Counts = field(default_factory=lambda: Counts(4))
    cookies_set: dict[str, bool] = field(default_factory=dict)

    def add(self, other: Learned) -> None:
        """Take in what was seen on another route to the same target."""
        self.calls += other.calls
        for name in (
            "methods",
            "headers",
            "cookies",
            "managed",
            "origins",
            "strangers",
            "readable",
            "challenges",
        ):
            mine: Counts = getattr(self, name)
            theirs: Counts = getattr(other, name)
            for each, times in theirs.items():
                mine.see(each, times)
            mine.has_more = mine.has_more or theirs.has_more
        self.cookies_set.update(other.cookies_set)


@dataclass(frozen=True, slots=True)
class Need:
    """What a policy has to allow, and why.

    `own_cookies` were set by the API, `other_cookies` by nobody that was seen; `unfit` are those of the first that a
    browser will not send to another site. `insecure` are origins that no policy with credentials may have.
    """

    settings: dict[str, Any]
    own_cookies: tuple[str, ...] = ()
    other_cookies: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    managed: tuple[str, ...] = ()
    insecure: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def policy(self) -> Policy:
        """The policy of the settings."""
        return Policy(**self.settings)


def need_of(learned: Learned, origins: Sequence[str], foreign_cookies: Iterable[str]) -> Need:
    """The least that production needs for what was seen.

    `origins` are the application's; `foreign_cookies` the names that responses of other routes have set. A cookie that
    came along counts unless it is known to be another's: a policy that is missing credentials fails in production, and
    a cookie too many is said in a comment.
    """
    foreign = set(foreign_cookies) - set(learned.cookies_set)
    own = tuple(sorted(name for name in learned.cookies if name in learned.cookies_set))
    others = tuple(
        sorted(
            name
            for name in learned.cookies
            if name not in learned.cookies_set and name not in foreign and not name.startswith(_COOKIES_OF_OTHERS)
        )
    )
    # Basic is the browser's own where the API has asked for it, and otherwise a header like any other.
    managed = tuple(sorted(name for name in learned.managed if name != "basic" or name in learned.challenges))
    headers = set(learned.headers)
    if managed and "basic" in managed and learned.managed["basic"] == learned.headers.get("authorization"):
        headers.discard("authorization")
    credentials = bool(own or others or managed)
    settings: dict[str, Any] = {"allow_origins": sorted({*origins, *learned.origins})}
    methods = sorted(name for name in learned.methods if method_problem(name) is None)
    if methods:
        settings["allow_methods"] = methods
    names = sorted(name for name in headers if request_header_problem(name) is None)
    if names:
        settings["allow_headers"] = names
    odd = (*(name for name in learned.methods if name not in methods), *sorted(headers.difference(names)))
    insecure = _insecure(settings) if credentials else ()
    if credentials and len(insecure) < len(settings["allow_origins"]):
        settings["allow_origins"] = [each for each in settings["allow_origins"] if each not in insecure]
        settings["allow_credentials"] = True
    unfit = tuple(name for name in own if not learned.cookies_set[name])
    return Need(settings, own, others, unfit, managed, insecure, odd)


def _insecure(settings: dict[str, Any]) -> tuple[str, ...]:
    problems = Policy.validate(**settings, allow_credentials=True)
    return tuple(
        str(problem.value) for problem in problems if problem.code is ProblemCode.INSECURE_ORIGIN_WITH_CREDENTIALS
    )
