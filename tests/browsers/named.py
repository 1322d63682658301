"""Scenarios by hand: what the generator does not reach, so that no seed ever shows it."""

from __future__ import annotations

from collections.abc import Iterator

from crossorigin.browser.real.call import Call

from .scenario import Answer, Reply, Scenario

__all__ = ["preflights_answered_by_redirects"]

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
