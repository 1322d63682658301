"""What goes wrong: each mutation takes a draft that is right and changes one thing in it.

Most are mistakes of the server, some are changes of the question that the server does not know of. A mutation returns
False when it has nothing to change, so that another is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

from crossorigin.fetch.request import CredentialsMode

from .draft import DOMAINS, Draft, asks_preflight, pick, set_fields
from .request_values import REQUEST_HEADERS
from .scenario import Reply
from .values import (
    ACTUAL_STATUSES,
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    LOCATIONS,
    PREFLIGHT_STATUSES,
    RESOURCE_POLICY,
    RESPONSE_HEADERS,
    SET_COOKIE,
    Fields,
)

__all__ = ["MUTATIONS", "Mutation", "expose", "mutate", "place", "set_cookies"]

Mutation = Callable[[Draft], bool]

_SAFELISTED = ("GET", "HEAD", "POST")


def place(fields: Fields, words: Mapping[str, str]) -> Fields:
    """`fields` with the words in angle brackets replaced."""
    placed = []
    for text in fields:
        for word, value in words.items():
            text = text.replace(f"<{word}>", value)  # noqa: PLW2901 - one word after the other
        placed.append(text)
    return tuple(placed)


def mutate(draft: Draft) -> None:
    """Apply one mutation that has something to change."""
    # In mode no-cors a wrong CORS header is no mistake, and changes nothing.
    if draft.calls[0].mode == "no-cors" and draft.rng.random() < 0.5:
        resource_policy(draft)
        return
    while not pick(draft.rng, MUTATIONS)(draft):
        pass


def _index(draft: Draft) -> int:
    """Some URL of the chain; mostly the last, for what comes after a block is never asked for."""
    return draft.rng.choice((draft.rng.randrange(len(draft.roles)), len(draft.roles) - 1))


def _preflighted(draft: Draft) -> int | None:
    """Some URL that is asked with a preflight, None where none is."""
    asked = [index for index in range(len(draft.roles)) if asks_preflight(draft, index)]
    return draft.rng.choice(asked) if asked else None


def _on_either(draft: Draft, dimension: str, header: str, table: Mapping[str, Fields], words: dict[str, str]) -> bool:
    """Set `header` on the preflight or on the actual response of some URL."""
    index, label = _index(draft), draft.rng.choice(list(table))
    words = {"right": draft.rights[index].origin, "SCHEME": draft.scheme.upper(), **words}
    fields = place(table[label], words)
    if asks_preflight(draft, index) and draft.rng.random() < 0.5:
        draft.set_preflight(index, header, fields)
        draft.note(f"{dimension} of the preflight", label)
    else:
        draft.set_actual(index, header, fields)
        draft.note(dimension, label)
    return True


def allow_origin(draft: Draft) -> bool:
    """Access-Control-Allow-Origin of the preflight or the response."""
    if draft.rng.random() < 0.1:
        # The mistake of most servers: no CORS at all.
        index = _index(draft)
        draft.set_actual(index, "Access-Control-Allow-Origin", ())
        draft.set_preflight(index, "Access-Control-Allow-Origin", ())
        draft.note("ACAO of both", "missing")
        return True
    if draft.rng.random() < 0.1:
        draft.set_actual(_index(draft), "Access-Control-Allow-Origin", ())
        draft.note("ACAO", "missing")
        return True
    return _on_either(draft, "ACAO", "Access-Control-Allow-Origin", ALLOW_ORIGIN, {})


def allow_credentials(draft: Draft) -> bool:
    """Access-Control-Allow-Credentials, mostly where it matters."""
    if draft.calls[0].credentials != "include" and draft.rng.random() < 0.9:
        return False
    return _on_either(draft, "ACAC", "Access-Control-Allow-Credentials", ALLOW_CREDENTIALS, {})


def allow_methods(draft: Draft) -> bool:
    """Access-Control-Allow-Methods."""
    index = _preflighted(draft)
    if index is None:
        return False
    method = draft.rights[index].method
    if method in _SAFELISTED and draft.rng.random() < 0.8:
        return False
    # The commonest mistake with methods, and one among many in the table.
    in_another_case = draft.rng.random() < 0.15
    label = draft.rng.choice(("lower case", "upper case") if in_another_case else list(ALLOW_METHODS))
    words = {"right": method, "lower": method.lower(), "upper": method.upper()}
    draft.set_preflight(index, "Access-Control-Allow-Methods", place(ALLOW_METHODS[label], words))
    draft.note("ACAM", label)
    return True


def allow_headers(draft: Draft) -> bool:
    """Access-Control-Allow-Headers."""
    index = _preflighted(draft)
    if index is None or not draft.rights[index].names:
        return False
    names = draft.rights[index].names
    label = draft.rng.choice(list(ALLOW_HEADERS))
    words = {
        "right": ", ".join(names),
        "upper": ", ".join(names).upper(),
        "odd": ", ".join("".join(c.upper() if at % 2 else c for at, c in enumerate(name)) for name in names),
        "butone": ", ".join(names[:-1]),
    }
    draft.set_preflight(index, "Access-Control-Allow-Headers", place(ALLOW_HEADERS[label], words))
    draft.note("ACAH", label)
    return True


def wildcards(draft: Draft) -> bool:
    """`*` where it does not count: with credentials, and for Authorization."""
    index = _preflighted(draft)
    if index is None:
        return False
    right = draft.rights[index]
    choices = []
    if draft.calls[0].credentials == "include" and right.method not in _SAFELISTED:
        choices.append(("ACAM", "Access-Control-Allow-Methods"))
    if right.names and (draft.calls[0].credentials == "include" or "authorization" in right.names):
        choices.append(("ACAH", "Access-Control-Allow-Headers"))
    if not choices:
        return False
    dimension, header = draft.rng.choice(choices)
    draft.set_preflight(index, header, ("*",))
    draft.note(dimension, "any")
    return True


def expose(draft: Draft) -> bool:
    """What the response has, and what of it script may read."""
    last = len(draft.answers) - 1
    label, exposed = draft.rng.choice(list(RESPONSE_HEADERS)), draft.rng.choice(list(EXPOSE_HEADERS))
    answer = draft.answers[last]
    headers = (*answer.actual.headers, *RESPONSE_HEADERS[label])
    draft.answers[last] = replace(answer, actual=replace(answer.actual, headers=headers))
    draft.set_actual(last, "Access-Control-Expose-Headers", EXPOSE_HEADERS[exposed])
    if "set-cookie" in exposed:
        set_cookies(draft, last)
    draft.note("response headers", label)
    draft.note("ACEH", exposed)
    return True


def set_cookies(draft: Draft, index: int) -> None:
    """Set-Cookie at URL `index`."""
    label = draft.rng.choice(list(SET_COOKIE))
    draft.set_actual(index, "Set-Cookie", place(SET_COOKIE[label], {"domain": DOMAINS[draft.roles[index]]}))
    draft.note("Set-Cookie", label)


def preflight_status(draft: Draft) -> bool:
    """The preflight's status; a redirect has a Location that would be right."""
    index = _preflighted(draft)
    if index is None:
        return False
    status = draft.rng.choice(PREFLIGHT_STATUSES)

    def reply(before: Reply) -> Reply:
        changed = replace(before, status=status, body="")
        return set_fields(changed, "Location", (f"/{{id}}/{index}",)) if 300 < status < 309 else changed

    answer = draft.answers[index]
    draft.answers[index] = replace(answer, preflights=tuple(map(reply, answer.preflights)))
    draft.note("preflight status", status)
    if draft.rng.random() < 0.2:
        # As a server has it that does not know OPTIONS at all.
        draft.set_preflight(index, "Access-Control-Allow-Origin", ())
        draft.note("ACAO of the preflight", "missing")
    return True


def actual_status(draft: Draft) -> bool:
    """The status at the end of the chain."""
    last = len(draft.answers) - 1
    status = draft.rng.choice(ACTUAL_STATUSES)
    answer = draft.answers[last]
    body = "" if status in {204, 304} else answer.actual.body
    draft.answers[last] = replace(answer, actual=replace(answer.actual, status=status, body=body))
    draft.note("status", status)
    return True


def location(draft: Draft) -> bool:
    """The Location of some redirect."""
    if not draft.statuses:
        return False
    index = draft.rng.randrange(len(draft.statuses))
    role = draft.roles[index + 1]
    label = draft.rng.choice(list(LOCATIONS))
    # An empty Location, and some without host, lead to where they stand: twenty times.
    words = {
        "right": f"{{{role}}}/{{id}}/{index + 1}",
        "authority": f"{{{role}.authority}}",
        "path": f"/{{id}}/{index + 1}",
        "SCHEME": draft.scheme.upper(),
    }
    draft.set_actual(index, "Location", place(LOCATIONS[label], words))
    draft.note("Location", label)
    return True


def user_in_location(draft: Draft) -> bool:
    """User and password in a Location, which have rules of their own."""
    if not draft.statuses:
        return False
    own = [index for index, role in enumerate(draft.roles[1:]) if role == "own"]
    index = draft.rng.choice(own or range(len(draft.statuses)))
    role = draft.roles[index + 1]
    draft.set_actual(index, "Location", (f"{{scheme}}://user:pass@{{{role}.authority}}/{{id}}/{index + 1}",))
    draft.note("Location", "user and password")
    return True


def page_origin_where_tainted(draft: Draft) -> bool:
    """The page's origin echoed where a redirect has made it null."""
    tainted = [index for index, right in enumerate(draft.rights) if right.origin == "null"]
    if not tainted:
        return False
    index = draft.rng.choice(tainted)
    if asks_preflight(draft, index) and draft.rng.random() < 0.6:
        draft.set_preflight(index, "Access-Control-Allow-Origin", ("{page}",))
        draft.note("ACAO of the preflight", "the page's where null is due")
    else:
        draft.set_actual(index, "Access-Control-Allow-Origin", ("{page}",))
        draft.note("ACAO", "the page's where null is due")
    return True


def redirect_mode(draft: Draft) -> bool:
    """A redirect mode other than follow."""
    call = draft.calls[0]
    if call.api != "fetch" or (not draft.statuses and draft.rng.random() < 0.8):
        return False
    mode = draft.rng.choice(("error", "manual"))
    draft.calls[0] = replace(call, redirect="error" if mode == "error" else "manual")
    draft.note("redirect mode", mode)
    return True


def other_credentials(draft: Draft) -> bool:
    """Another credentials mode than the one that the server was made for."""
    call = draft.calls[0]
    mode = draft.rng.choice([mode for mode in get_args(CredentialsMode) if mode != call.credentials])
    if call.api == "xhr" and mode == "omit":
        return False
    draft.calls[0] = replace(call, credentials=mode)
    draft.note("credentials, not expected", mode)
    return True


def other_method(draft: Draft) -> bool:
    """A method that the server was not made for."""
    call = draft.calls[0]
    method = draft.rng.choice(("PUT", "DELETE", "PATCH", "patch", "PURGE"))
    if call.mode == "no-cors":
        return False
    draft.calls[0] = replace(call, method=method)
    draft.note("method, not expected", method)
    return True


def other_headers(draft: Draft) -> bool:
    """Request headers that the server was not made for."""
    label = draft.rng.choice(list(REQUEST_HEADERS))
    draft.calls[0] = replace(draft.calls[0], headers=(*draft.calls[0].headers, *REQUEST_HEADERS[label]))
    draft.note("request headers, not expected", label)
    return True


def resource_policy(draft: Draft) -> bool:
    """Cross-Origin-Resource-Policy, which counts in mode no-cors only."""
    if draft.calls[0].mode != "no-cors" and draft.rng.random() < 0.95:
        return False
    index, label = _index(draft), draft.rng.choice(list(RESOURCE_POLICY))
    draft.set_actual(index, "Cross-Origin-Resource-Policy", RESOURCE_POLICY[label])
    draft.note("CORP", label)
    return True


MUTATIONS: dict[Mutation, int] = {
    allow_origin: 34,
    allow_credentials: 26,
    allow_methods: 26,
    allow_headers: 26,
    wildcards: 10,
    expose: 8,
    preflight_status: 16,
    actual_status: 14,
    location: 60,
    user_in_location: 6,
    page_origin_where_tainted: 24,
    redirect_mode: 5,
    other_credentials: 4,
    other_method: 3,
    other_headers: 5,
    resource_policy: 12,
}
