"""Redirects, back to where the browser is."""

from __future__ import annotations

import pytest

from crossorigin.proxy.location import LOCATION_STATUSES, Locations

from .front_messages import route

API = route("/api")
STRIPPED = route("/s", "http://localhost:8081", strip_prefix=True)
DEEP = route("/deep", "https://api.example.com/v1", strip_prefix=True)
AUTH = route("/auth", "http://localhost:8082", strip_prefix=True)
VERSIONS = route(r"^/(v\d)", "http://localhost:8084", strip_prefix=True)
APP = route("/", "http://localhost:5173")
LOCATIONS = Locations([API, STRIPPED, DEEP, AUTH, VERSIONS, APP])

CASES = [
    ("the target's own origin", API, "/api/x", "http://localhost:8080/api/y?z#f", "/api/y?z#f"),
    ("another name of loopback", API, "/api/x", "http://127.0.0.1:8080/api/y", "/api/y"),
    ("in upper case", API, "/api/x", "HTTP://LOCALHOST:8080/api/y", "/api/y"),
    ("our scheme, by X-Forwarded-Proto", DEEP, "/deep/x", "http://api.example.com/v1/y", "/deep/y"),
    ("the scheme's own port", DEEP, "/deep/x", "https://api.example.com:443/v1/y", "/deep/y"),
    ("no path", STRIPPED, "/s/x", "http://localhost:8081", "/s/"),
    ("a query without a path", STRIPPED, "/s/x", "http://localhost:8081?a=b", "/s/?a=b"),
    ("without a scheme", STRIPPED, "/s/x", "//localhost:8081/login", "/s/login"),
    # chimurai/http-proxy-middleware#138, http-party/node-http-proxy#914: the prefix was lost.
    ("chimurai#138: prefix restored", STRIPPED, "/s/x", "http://localhost:8081/login", "/s/login"),
    ("chimurai#138: of a path", STRIPPED, "/s/x", "/login", "/s/login"),
    ("the target's path taken off", DEEP, "/deep/x", "/v1/login", "/deep/login"),
    ("beside the target's path", DEEP, "/deep/x", "/login", "/login"),
    ("beside an unstripped prefix", API, "/api/x", "/login", "/login"),
    ("absolute, beside an unstripped prefix", API, "/api/x", "http://localhost:8080/login", "/login"),
    ("another route's target", API, "/api/x", "http://localhost:8082/start", "/auth/start"),
    ("the application", API, "/api/x", "http://localhost:5173/welcome", "/welcome"),
    ("ourselves", STRIPPED, "/s/x", "http://localhost:3000/welcome", "http://localhost:3000/welcome"),
    ("elsewhere", STRIPPED, "/s/x", "https://login.example/?r=http://localhost:8081", None),
    ("another port", API, "/api/x", "http://localhost:9999/api", None),
    ("somebody in front of the host", API, "/api/x", "http://u@localhost:8080/api", None),
    ("another scheme", STRIPPED, "/s/x", "myapp://callback?x=1", None),
    ("a scheme without slashes", STRIPPED, "/s/x", "mailto:a@b.example", None),
    ("relative", STRIPPED, "/s/x", "y", "y"),
    ("relative, upwards", STRIPPED, "/s/a/b", "../y", "../y"),
    ("relative, at the prefix's end", STRIPPED, "/s", "login", "/s/login"),
    ("relative, out of the prefix", STRIPPED, "/s/x", "../../y", "/s/y"),
    ("a query alone", STRIPPED, "/s/x", "?page=2", "?page=2"),
    ("a fragment alone", STRIPPED, "/s/x", "#top", "#top"),
    ("empty", STRIPPED, "/s/x", "", ""),
    ("a regex's match restored", VERSIONS, "/v2/x", "/login", "/v2/login"),
    ("not in ASCII", STRIPPED, "/s/x", "/caf\xe9", "/s/caf\xe9"),
    ("two slashes would be another host", API, "/api/x", "http://localhost:8080//evil.example/x", "/.//evil.example/x"),
    ("a backslash too", API, "/api/x", "http://localhost:8080/\\evil.example", "/./\\evil.example"),
    ("as the target sent it", API, "/api/x", "//evil.example/x", "//evil.example/x"),
    ("with a backslash", API, "/api/x", "/\\evil.example/x", "/\\evil.example/x"),
    ("an odd port", API, "/api/x", "http://localhost:x/y", None),
    ("an IPv6 address", API, "/api/x", "http://[::1]:8080/api/y", "/api/y"),
    ("an IPv6 address without a port", API, "/api/x", "http://[::1]/y", None),
]


@pytest.mark.parametrize(
    ("way", "asked", "value", "mapped"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_restore(way: object, asked: str, value: str, mapped: str | None) -> None:
    restored = LOCATIONS.restore(value.encode("latin-1"), way, asked.encode())  # type: ignore[arg-type]
    assert restored.decode("latin-1") == (value if mapped is None else mapped)


REFRESH = [
    ("5; url=http://localhost:8081/login", "5; url=/s/login"),
    ("0;URL='/login'", "0;URL='/s/login'"),
    ('3, url="http://localhost:8081/a?b"', '3, url="/s/a?b"'),
    ("3 /login", "3 /s/login"),
    ("5; url=https://elsewhere.example/", "5; url=https://elsewhere.example/"),
    ("5", "5"),
    ("5; url=", "5; url="),
    ("nonsense", "nonsense"),
]


@pytest.mark.parametrize(("value", "mapped"), REFRESH)
def test_refresh(value: str, mapped: str) -> None:
    assert LOCATIONS.refresh(value.encode(), STRIPPED, b"/s/x").decode() == mapped


def test_statuses() -> None:
    """http-party/node-http-proxy PR 1125, #318: 201 and 303 were forgotten."""
    assert {201, 301, 302, 303, 307, 308} <= LOCATION_STATUSES
    assert not {200, 304} & LOCATION_STATUSES


def test_two_routes_to_one_target() -> None:
    whole = route("/whole", strip_prefix=True)
    admin = route("/admin", replace_prefix="/internal")
    locations = Locations([whole, admin])
    # What its own route reaches stays there; the others are asked the deepest first.
    assert locations.restore(b"/internal/x", whole, b"/whole/a") == b"/whole/internal/x"
    assert locations.restore(b"/internal/x", admin, b"/admin/a") == b"/admin/x"
    assert locations.restore(b"/x", admin, b"/admin/a") == b"/whole/x"
    other = route("/other", "http://localhost:9000")
    assert (
        Locations([whole, admin, other]).restore(b"http://localhost:8080/internal/x", other, b"/other") == b"/admin/x"
    )
