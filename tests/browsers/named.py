"""Scenarios by hand: what the generator does not reach, so that no seed ever shows it."""

from __future__ import annotations

from collections.abc import Iterator

from crossorigin.browser.real.call import Call

from .scenario import Answer, Host, Reply, Scenario

__all__ = ["preflights_answered_by_redirects", "redirects_one_too_many", "redirects_that_are_refused"]

_TARGETS = (
    (),
    ("",),
    ("{own}/{id}/1",),
    ("{foreign}/{id}/0",),
    ("{foreign}/{id}/0", "{foreign}/{id}/0"),
    ("{foreign}/{id}/0", "{other}/{id}/1"),
    ("{other}/{id}/1",),
    ("{scheme}://user@{foreign.authority}/{id}/0",),
    ("{scheme}://user@{other.authority}/{id}/1",),
    ("{scheme}://x.test:6000/{id}/1",),
    ("{scheme}://x.test:99999/",),
    ("{scheme}://[",),
    ("{scheme}://[", "{scheme}://["),
    ("about:blank",),
    ("about:srcdoc",),
    ("data:,x",),
    ("foo:{id}",),
    ("ftp://x.test/{id}/1",),
    ("javascript:1",),
    ("ws://x.test/{id}/1",),
)
"""What `Location` says, in one field or two. Of file: and blob: Firefox tells XMLHttpRequest in a line that names the
page alone, which is no scenario's."""
_OF_FETCH_ALONE = (("blob:null/{id}",), ("file:///{id}",))
_LEAVE = (None, "*", "{page}", "https://x.test")


def preflights_answered_by_redirects() -> Iterator[Scenario]:
    """Every target of a redirect under every Access-Control-Allow-Origin, redirect mode and API."""
    for locations in (*_TARGETS, *_OF_FETCH_ALONE):
        for leave in _LEAVE:
            for number, call in enumerate(_CALLS):
                if call.api == "xhr" and locations in _OF_FETCH_ALONE:
                    continue
                fields = [] if leave is None else [("Access-Control-Allow-Origin", leave)]
                fields += [("Location", each) for each in locations]
                redirect = Reply(302, tuple(fields))
                name = f"redirected-{(*_TARGETS, *_OF_FETCH_ALONE).index(locations)}-{_LEAVE.index(leave)}-{number}"
                notes = (" and ".join(locations) or "no Location", str(leave), call.redirect, call.api)
                yield Scenario(name, (call,), (Answer(preflights=(redirect,)),), notes=notes)
                if number == 0:
                    # The same of the second preflight of a fetch.
                    first = Reply(307, (("Access-Control-Allow-Origin", "*"), ("Location", "{foreign}/{id}/1")))
                    granted = Reply(204, (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "*")))
                    answers = (Answer(first, (granted,)), Answer(preflights=(redirect,)))
                    yield Scenario(f"{name}-later", (call,), answers, notes=(*notes, "later"))


_CALLS = (
    Call(url="{foreign}/{id}/0", headers=(("X-Custom", "1"),)),
    Call(url="{foreign}/{id}/0", headers=(("X-Custom", "1"),), redirect="manual"),
    Call(url="{foreign}/{id}/0", headers=(("X-Custom", "1"),), redirect="error"),
    Call(url="{foreign}/{id}/0", headers=(("X-Custom", "1"),), api="xhr"),
)


_REFUSED = (
    "{scheme}://[",
    "{scheme}://user@{foreign.authority}/{id}/0",
    "about:blank",
    "blob:null/{id}/0",
    "blob:{page}/{id}/0",
    "data:,x",
    "file:///{id}/0",
    "ftp://x.test/{id}/0",
    "javascript:/{id}/0",
    "unknown:/{id}/0",
    "ws://x.test/{id}/0",
)


def redirects_that_are_refused() -> Iterator[Scenario]:
    """The same for redirects of the request itself, from the page's origin and from another, in every mode."""
    for number, location in enumerate(_REFUSED):
        for leave in (None, "*"):
            fields = [] if leave is None else [("Access-Control-Allow-Origin", leave)]
            answer = Answer(Reply(302, (*fields, ("Location", location))))
            for of_which, call in enumerate(_SIMPLE_CALLS):
                name = f"refused-{number}-{int(leave is None)}-{of_which}"
                notes = (location, str(leave), call.mode, call.redirect, call.api)
                yield Scenario(name, (call,), (answer,), notes=notes)


_SIMPLE_CALLS = (
    *(Call(url="{foreign}/{id}/0", redirect=mode) for mode in ("follow", "manual", "error")),
    *(Call(url="{own}/{id}/0", redirect=mode) for mode in ("follow", "manual", "error")),
    *(Call(url="{own}/{id}/0", redirect=mode, mode="same-origin") for mode in ("follow", "manual", "error")),
    Call(url="{own}/{id}/0", mode="no-cors"),
    Call(url="{foreign}/{id}/0", mode="no-cors"),
    Call(url="{own}/{id}/0", api="xhr"),
    Call(url="{foreign}/{id}/0", api="xhr"),
)
_LIMIT = 20


def redirects_one_too_many() -> Iterator[Scenario]:
    """Twenty redirects, and one more that there would be something else to say of."""
    starts: tuple[tuple[Host, Host], ...] = (("own", "own"), ("own", "foreign"), ("foreign", "foreign"))
    for first, rest in starts:
        for number, location in enumerate((*_REFUSED, "{own}/{id}/21", "{scheme}://user@{own.authority}/{id}/21")):
            for leave in ("{page}", "https://x.test"):
                answers = [_hop("{page}", f"{{{rest}}}/{{id}}/{index}") for index in range(1, _LIMIT + 1)]
                name = f"too-many-{first}-{rest}-{number}-{int(leave == '{page}')}"
                call = Call(url=f"{{{first}}}/{{id}}/0")
                yield Scenario(name, (call,), (*answers, _hop(leave, location)), notes=(first, rest, location, leave))


def _hop(leave: str, location: str) -> Answer:
    return Answer(Reply(302, (("Access-Control-Allow-Origin", leave), ("Location", location))))
