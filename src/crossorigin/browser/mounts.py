"""Which application answers for which origin."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from crossorigin.browser.app_response import AppOptions
from crossorigin.browser.application_errors import NotMountedError
from crossorigin.browser.asgi_app import ASGIMount
from crossorigin.browser.wsgi_app import WSGIMount
from crossorigin.web.origins import Origin
from crossorigin.web.url import URL, parse_url

__all__ = ["Apps", "Mount", "Mounts", "parse_origin_key"]

Apps: TypeAlias = Mapping[str, Any]
"""Origin, such as "https://api.example.com", → ASGI 3 or WSGI application."""
Mount: TypeAlias = ASGIMount | WSGIMount

_ASGI_ARGUMENTS: Final = 3
_WSGI_ARGUMENTS: Final = 2


class Mounts:
    """The applications of one browser. Raises ValueError for a key that is no origin, TypeError for what is no app."""

    def __init__(self, apps: Apps, options: AppOptions) -> None:
        self._by_origin: dict[Origin, Mount] = {}
        for key, app in apps.items():
            origin = parse_origin_key(key).origin
            if origin in self._by_origin:
                raise ValueError(f"apps: {key!r} is mounted twice")
            kind = ASGIMount if is_asgi(app, key) else WSGIMount
            self._by_origin[origin] = kind(app, origin.serialize(), options)

    def at(self, origin: Origin) -> Mount | None:
        """What is mounted at an origin, if anything is."""
        return self._by_origin.get(origin)

    def asgi(self) -> list[ASGIMount]:
        """The mounts that have a lifespan, in the order of mounting."""
        return [mount for mount in self._by_origin.values() if isinstance(mount, ASGIMount)]

    def __repr__(self) -> str:
        return f"applications at {', '.join(map(str, self._by_origin)) or 'no origin'}"

    def missing(self, url: URL) -> NotMountedError:
        """The error for a URL that no mount answers and no network may."""
        origin = url.origin.serialize()
        known = ", ".join(each.serialize() for each in self._by_origin) or "no origin at all"
        return NotMountedError(
            f"nothing answers for {origin}: applications are mounted at {known}. Mount one, as in "
            f'apps={{"{origin}": app}}, or let the browser out with network=True, or to one place with '
            f'resolve={{"{url.host}:{url.port or {"http": 80}.get(url.scheme, 443)}": "127.0.0.1:8000"}}.'
        )


def parse_origin_key(key: object) -> URL:
    """The URL of an origin that is a key of `apps`; raises ValueError that says how to write it."""
    parsed = parse_url(key) if isinstance(key, str) else None
    if parsed is None or not parsed.is_http_family:
        raise ValueError(f"apps: {key!r} is not an origin: write scheme and host, such as 'https://api.example.com'")
    origin = parsed.origin.serialize()
    if key not in {origin, f"{origin}/"}:
        raise ValueError(f"apps: {key!r} is not an origin, which is scheme, host and port alone: write {origin!r}")
    return parsed


def is_asgi(app: Any, key: str) -> bool:
    """Whether an application is ASGI 3 (else it is WSGI); raises TypeError when it cannot be either."""
    if not callable(app) or inspect.isclass(app):
        raise TypeError(f"apps: what is mounted at {key} is no application but {app!r:.100}: give an ASGI or WSGI app")
    if inspect.iscoroutinefunction(app) or inspect.iscoroutinefunction(getattr(app, "__call__", None)):  # noqa: B004
        return True
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = [
        each
        for each in parameters
        if each.kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    ]
    needed = sum(each.default is inspect.Parameter.empty for each in positional)
    if needed == _ASGI_ARGUMENTS:
        return True
    if any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters) or needed == _WSGI_ARGUMENTS:
        return False
    raise TypeError(
        f"apps: what is mounted at {key} takes {needed} arguments: an ASGI 3 application takes scope, receive and "
        "send, a WSGI application environ and start_response"
    )
