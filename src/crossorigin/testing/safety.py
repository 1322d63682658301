"""The safety test in one line: that no page which nobody means to trust can read an application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.browser.errors import FetchError
from crossorigin.browser.sync_browser import Browser, Page
from crossorigin.testing.attacks import DANGERS, Attack, attack_origins
from crossorigin.testing.failure import failure_text

__all__ = ["assert_not_readable_by"]

_MOST_ROWS: Final = 40


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an origin could read."""

    attack: Attack
    call: str
    with_cookies: bool
    allow_origin: str


def assert_not_readable_by(
    origin: str,
    app: Any,
    *,
    paths: Iterable[str],
    allowed: Iterable[str] = (),
    trusts: Iterable[str] = (),
    at: str = "https://api.example.com",
    cookies: Mapping[str, str] | None = None,
) -> None:
    """That neither a page of `origin` nor one of its kind can read these paths of an ASGI or WSGI application.

        assert_not_readable_by("https://evil.example", app, paths=["/users", "PUT /users/42"],
                               allowed=["https://app.example.com"])

    A path may have a method before it. Each is asked, with credentials and without, by pages of `origin`, of a
    sandboxed frame, of localhost, and of the names that a careless check takes for one of `allowed` (the origins that
    are meant to read) or for the application's own origin, which is `at`. Each of `allowed` is asked for too: one that
    can read no path at all is a mistake in the test. `trusts` names the kinds that are meant to be let in, such as
    "subdomain" and "port"; `cookies` are sent along by name and value, for what only a logged-in user sees.

    Raises AssertionError with a table of who could read what and why that is dangerous, ValueError for a kind, a path
    or an origin that is none.
    """
    __tracebackhide__ = True
    calls = [_call(path) for path in paths]
    if not calls:
        raise ValueError("paths is empty: name what must not be read, such as paths=['/users']")
    friends, kinds = list(allowed), set(trusts)
    if unknown := kinds - set(DANGERS):
        raise ValueError(f"trusts={sorted(unknown)}: the kinds are {', '.join(DANGERS)}")
    attacks = [each for each in attack_origins(origin, [*friends, at]) if each.kind not in kinds]
    with Browser({at: app}, engine="standard", third_party_cookies="allow") as browser:
        for name, value in (cookies or {}).items():
            secure = at.startswith("https:")
            browser.cookies.set(at, name, value, secure=secure, same_site="None" if secure else "")
        useless = [friend for friend in friends if not any(_readings(browser, Attack(friend, "any"), calls, at))]
        readings = [reading for attack in attacks for reading in _readings(browser, attack, calls, at)]
    if readings:
        raise AssertionError(_table(at, origin, readings))
    if useless:
        raise AssertionError(
            f"{', '.join(useless)} can read none of {', '.join(f'{method} {path}' for method, path in calls)}, though "
            "the test says that it is allowed: see that it is spelled right, for its look-alikes prove nothing else"
        )


def _call(text: str) -> tuple[str, str]:
    method, space, path = text.rpartition(" ")
    if not path.startswith("/") or (space and not method.isalpha()):
        raise ValueError(f"{text!r} is not a path: write '/users', or with a method 'PUT /users/42'")
    return method or "GET", path


def _readings(browser: Browser, attack: Attack, calls: list[tuple[str, str]], at: str) -> Iterator[_Reading]:
    """What pages of one origin can read; the worse of with and without cookies."""
    page = _page(browser, attack.origin)
    for method, path in calls:
        for with_cookies in (True, False):
            allow_origin = _allow_origin(page, f"{at.removesuffix('/')}{path}", method, with_cookies=with_cookies)
            if allow_origin is not None:
                yield _Reading(attack, f"{method} {path}", with_cookies, allow_origin)
                break


def _page(browser: Browser, origin: str) -> Page:
    if origin == "null":
        return browser.page("https://evil.example/", sandboxed=True)
    return browser.page(f"{origin}/")


def _allow_origin(page: Page, url: str, method: str, *, with_cookies: bool) -> str | None:
    """What granted the page to read, None when it could not."""
    try:
        response = page.fetch(url, method=method, credentials="include" if with_cookies else "omit")
    except FetchError:
        return None
    return response.received_headers.get("access-control-allow-origin", "")


def _table(at: str, origin: str, readings: list[_Reading]) -> str:
    rows = [
        (each.attack.origin, each.call, "with cookies" if each.with_cookies else "without cookies")
        for each in readings[:_MOST_ROWS]
    ]
    head = ("a page of", "reads", "")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [_row(head, widths)]
    for kind in dict.fromkeys(each.attack.kind for each in readings[:_MOST_ROWS]):
        lines += [_row(row, widths) for row, each in zip(rows, readings, strict=False) if each.attack.kind == kind]
        lines.append(f"    {kind}: {DANGERS[kind]}")
    if len(readings) > _MOST_ROWS:
        lines.append(f"… and {len(readings) - _MOST_ROWS} more")
    return failure_text(
        f"{at} can be read by pages that nobody means to trust, {origin} or its like.", lines, change=_change(readings)
    )


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _change(readings: list[_Reading]) -> str:
    if all(each.allow_origin == "*" for each in readings):
        return (
            "send `Access-Control-Allow-Origin` with one origin of a list instead of `*`; where the data is public and "
            "no cookie is needed, `*` is right, and the path does not belong into this test."
        )
    return (
        "compare the whole Origin, scheme and port too, with a list of origins, and send `Access-Control-Allow-Origin` "
        "for those in the list only; a kind of origin that is meant to be let in is named by trusts=[...]."
    )
