"""The development proxy's settings: values that hold once they are made, and the reading of them from a mapping.

[proxy]
app = "http://localhost:5173"

[proxy.routes]
"/api" = "http://localhost:8080"
"/auth" = { target = "https://auth.example.test", strip_prefix = true }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossorigin.proxy.forwarded import ForwardedMode
from crossorigin.proxy.route import Route
from crossorigin.proxy.route_settings import read_route
from crossorigin.proxy.setting_reader import Place, SettingProblem, SettingReader, SettingsError
from crossorigin.web.origins import OriginSyntaxError, parse_origin

__all__ = ["PROXY_SETTINGS", "DevelopmentSettings", "read_settings"]

PROXY_SETTINGS: Final = (
    "host",
    "port",
    "app",
    "allow_hosts",
    "allow_origins",
    "forwarded",
    "trust_forwarded",
    "tls",
    "tls_certificate",
    "tls_key",
    "routes",
)
"""Every setting, in the order in which they are written."""

_MODES: Final[tuple[ForwardedMode, ...]] = ("x-forwarded", "forwarded", "both", "none")
# "localhost:5173" is a target, "dist" a directory; "C:\dist" has no port.
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}(/.*)?")
_HOST: Final = re.compile(r"\.?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_MAX_HOST: Final = 253


@dataclass(frozen=True, slots=True)
class DevelopmentSettings:
    """What a development proxy is made of.

    It listens at `host`, on every address that the name has, and `port`, of which 0 is any free one. `app` is the route
    of an application's own server, a directory of files, or None. `tls` is a certificate made on demand, unless there
    is one in `tls_certificate` and `tls_key`, files in PEM.
    """

    routes: tuple[Route, ...] = ()
    app: Route | Path | None = None
    host: str = "localhost"
    port: int = 3000
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    forwarded: ForwardedMode = "x-forwarded"
    trust_forwarded: bool = False
    tls: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None


def _nowhere(*_: str | int) -> str:
    return ""


def read_settings(
    table: Mapping[str, object], *, folder: Path | None = None, place: Place = _nowhere
) -> DevelopmentSettings:
    """The settings of a mapping of the shape of the table `proxy`; raises SettingsError with everything that is wrong.

    `folder` is where names of files begin, the current one if it is not given; `place` tells where a value was written.
    """
    problems: list[SettingProblem] = []
    reader = SettingReader(table, ("proxy",), place, problems)
    reader.only(PROXY_SETTINGS)
    certificate, key = (_file(reader, name, folder or Path()) for name in ("tls_certificate", "tls_key"))
    if (certificate is None) is not (key is None):
        reader.wrong("tls_certificate" if key is None else "tls_key", "a certificate needs its key: name both files.")
    settings = DevelopmentSettings(
        routes=_routes(reader.inner("routes"), folder or Path()),
        app=_app(reader, folder or Path()),
        host=_listen(reader),
        port=reader.whole("port", 3000, 65535),
        allow_hosts=_allow_hosts(reader),
        allow_origins=_allow_origins(reader),
        forwarded=reader.choice("forwarded", _MODES, _MODES[0]),
        trust_forwarded=reader.flag("trust_forwarded", default=False),
        tls=reader.flag("tls", default=False) or certificate is not None,
        tls_certificate=certificate,
        tls_key=key,
    )
    if not problems and not settings.routes and settings.app is None:
        reader.wrong("routes", 'there is nothing to forward: write "/api" = "http://localhost:8080" in [proxy.routes].')
    if problems:
        raise SettingsError(problems)
    return settings


def _routes(reader: SettingReader, folder: Path) -> tuple[Route, ...]:
    routes: dict[bytes | str, Route] = {}
    for pattern in reader.table:
        route = _route(pattern, reader, pattern, folder)
        if route is None:
            continue
        key = route.fixed.own if route.fixed else pattern
        if (other := routes.setdefault(key, route)) is not route:
            reader.wrong(pattern, f"it is the same route as {other.pattern!r}: remove one.")
    return tuple(routes.values())


def _route(pattern: str, reader: SettingReader, name: str, folder: Path) -> Route | None:
    """The route of a setting that is a target's URL or a table."""
    if isinstance(reader.table[name], str):
        return read_route(pattern, reader.wrapped(name, "target"), folder)
    if isinstance(reader.table[name], Mapping):
        return read_route(pattern, reader.inner(name), folder)
    reader.wrong(name, "it is the URL of a target, or a table with the setting target.")
    return None


def _app(reader: SettingReader, folder: Path) -> Route | Path | None:
    text = reader.table.get("app")
    if "app" not in reader.table:
        return None
    if not isinstance(text, str) or "://" in text or _AUTHORITY.fullmatch(text):
        return _route("/", reader, "app", folder)
    if not text:
        reader.wrong("app", "it is empty: write a URL or a directory.")
        return None
    # Starlette is needed for a directory, and loaded for nothing else.
    from crossorigin.proxy.static import DirectoryError, files  # noqa: PLC0415

    directory = folder / text
    try:
        files(directory)
    except DirectoryError as error:
        reader.wrong("app", f"{error}.")
    return directory


def _listen(reader: SettingReader) -> str:
    host = reader.text("host", "localhost")
    if host and not set(host) & set("/?#@ ") and host.count(":") != 1:
        return host.strip("[]")
    reader.wrong("host", f"{host[:80]!r} is neither a name nor an address; the port is a setting of its own.")
    return "localhost"


def _allow_hosts(reader: SettingReader) -> tuple[str, ...]:
    hosts = reader.texts("allow_hosts")
    for index, host in enumerate(hosts):
        if host == "*":
            sentence = "any name is what DNS rebinding needs; list the names, of which .example.test is all below it."
            reader.wrong("allow_hosts", sentence, index)
        elif len(host) > _MAX_HOST or not _HOST.fullmatch(host.lower()):
            reader.wrong("allow_hosts", f"{host[:80]!r} is no name of a host; it has neither scheme nor port.", index)
    return hosts


def _allow_origins(reader: SettingReader) -> tuple[str, ...]:
    origins = reader.texts("allow_origins")
    for index, origin in enumerate(origins):
        if origin in {"*", "null"}:
            reader.wrong("allow_origins", f"{origin} is anybody: list the origins of your own pages.", index)
            continue
        try:
            parse_origin(origin)
        except OriginSyntaxError as error:
            reader.wrong("allow_origins", f"{error}.", index)
    return origins


def _file(reader: SettingReader, name: str, folder: Path) -> Path | None:
    text = reader.optional(name)
    if text is None:
        return None
    path = folder / text
    if not path.is_file():
        reader.wrong(name, f"there is no file {str(path)[:200]!r}.")
    return path
