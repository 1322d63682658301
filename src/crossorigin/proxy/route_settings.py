"""One route as people write it: a target's URL, or a table of settings."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from crossorigin.policy.problems import shown
from crossorigin.proxy.heads import HOP_BY_HOP, Header
from crossorigin.proxy.plan import Limits
from crossorigin.proxy.route import HostHeader, OriginHeader, Route, RouteError
from crossorigin.proxy.setting_reader import SettingReader
from crossorigin.proxy.target import Target, TargetError, parse_target

__all__ = ["HOST_HEADERS", "ROUTE_SETTINGS", "is_private_host", "read_route", "read_target"]

ROUTE_SETTINGS: Final = (
    "target",
    "strip_prefix",
    "replace_prefix",
    "host_header",
    "origin_header",
    "set_request_headers",
    "remove_request_headers",
    "set_response_headers",
    "remove_response_headers",
    "rewrite_redirects",
    "rewrite_cookies",
    "websocket",
    "verify",
    "ca",
    "connect_timeout",
    "retry",
    "response_timeout",
    "idle_timeout",
)
"""Every setting of a route, in the order in which they are written."""

HOST_HEADERS: Final[tuple[HostHeader, ...]] = ("target", "original")
_ORIGIN_HEADERS: Final[tuple[OriginHeader, ...]] = ("original", "target")
_PLACEHOLDER: Final = Target("http", "localhost", 80)
"""Stands for a target that is wrong, so that the rest of its route is judged all the same."""

# field-name = token: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.1
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# field-value without obs-text: https://www.rfc-editor.org/rfc/rfc9110.html#section-5.5
_VALUE: Final = re.compile(r"[\t -~]*")
_PRIVATE_SUFFIXES: Final = (".localhost", ".local", ".internal", ".test", ".lan", ".home.arpa")


def read_route(pattern: str, reader: SettingReader, folder: Path) -> Route | None:
    """The route of a table; None, with what is wrong noted, for one that cannot be. `folder` is where files are."""
    reader.only(ROUTE_SETTINGS)
    target = read_target(reader, "target", folder)
    limits = Limits()
    connect = reader.seconds("connect_timeout", limits.connect, zero_is_none=False)
    if not connect:
        reader.wrong("connect_timeout", "0 leaves no time to connect.")
    try:
        return Route(
            pattern,
            target or _PLACEHOLDER,
            strip_prefix=reader.flag("strip_prefix", default=False),
            replace_prefix=reader.optional("replace_prefix"),
            host_header=reader.choice("host_header", HOST_HEADERS, HOST_HEADERS[0]),
            origin_header=reader.choice("origin_header", _ORIGIN_HEADERS, _ORIGIN_HEADERS[0]),
            set_request_headers=_headers(reader.inner("set_request_headers")),
            remove_request_headers=_names(reader, "remove_request_headers"),
            set_response_headers=_headers(reader.inner("set_response_headers")),
            remove_response_headers=_names(reader, "remove_response_headers"),
            rewrite_redirects=reader.flag("rewrite_redirects", default=True),
            rewrite_cookies=reader.flag("rewrite_cookies", default=True),
            websocket=reader.flag("websocket", default=True),
            limits=Limits(
                connect=connect or limits.connect,
                retry=reader.seconds("retry", limits.retry, zero_is_none=False) or 0.0,
                response=reader.seconds("response_timeout", limits.response, zero_is_none=True),
                idle=reader.seconds("idle_timeout", limits.idle, zero_is_none=True),
            ),
        )
    except RouteError as error:
        reader.wrong(None, f"{error}.")
        return None


def read_target(reader: SettingReader, name: str, folder: Path) -> Target | None:
    """The target of a table with the settings `name`, verify and ca; None where it is wrong, or not there."""
    verifies = reader.flag("verify", default=True)
    ca = reader.optional("ca")
    if ca is not None:
        ca = str(folder / ca)
        if not Path(ca).is_file():
            reader.wrong("ca", f"there is no file {shown(ca, 200)}.")
    if name not in reader.table:
        reader.wrong(name, "it is missing: write the URL that requests go to, such as http://localhost:8080.")
        return None
    text = reader.text(name, "http://localhost")
    try:
        target = parse_target(text, verifies=verifies, ca=ca)
    except TargetError as error:
        reader.wrong(name, f"{error}.")
        return None
    if not verifies and not is_private_host(target.host):
        reader.wrong(
            "verify",
            f"the certificate of {target.host} is checked, because others can stand between here and there; "
            "name the authority that signed it with ca.",
        )
    return target


def is_private_host(host: str) -> bool:
    """Whether a host, without brackets, is this machine or in its own network, as far as its name says.

    A name of one label is one of the local network, or of a composed set of containers.
    """
    try:
        address = ip_address(host)
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith(_PRIVATE_SUFFIXES)
    return address.is_private or address.is_loopback or address.is_link_local


def _headers(reader: SettingReader) -> tuple[Header, ...]:
    headers: list[Header] = []
    for name in reader.table:
        value = reader.text(name, "")
        # One character that no header can have made every request fail in the middle (vitejs/vite#4886).
        if not _VALUE.fullmatch(value):
            reader.wrong(name, f"{shown(value, 80)} has characters that no header can have.")
        elif _is_name(reader, name, name):
            headers.append((name.encode(), value.strip(" \t").encode()))
    return tuple(headers)


def _names(reader: SettingReader, setting: str) -> frozenset[bytes]:
    names = reader.texts(setting)
    return frozenset(
        name.lower().encode() for index, name in enumerate(names) if _is_name(reader, setting, name, index)
    )


def _is_name(reader: SettingReader, setting: str, name: str, index: int | None = None) -> bool:
    """Whether a header of this name may be set or removed; notes why not."""
    lower = name.lower().encode("utf-8", "replace")
    if not _NAME.fullmatch(name):
        reader.wrong(setting, f"{shown(name, 80)} is no name of a header.", index)
    elif lower == b"host":
        reader.wrong(setting, 'the Host is chosen by host_header = "target" or "original".', index)
    elif lower in HOP_BY_HOP:
        reader.wrong(setting, f"{name} belongs to one connection, and is written by the proxy itself.", index)
    else:
        return True
    return False
