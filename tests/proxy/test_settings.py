"""The settings as a whole, and the JSON Schema for editors beside them."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crossorigin.proxy.plan import Limits
from crossorigin.proxy.route import Route
from crossorigin.proxy.route_settings import ROUTE_SETTINGS
from crossorigin.proxy.setting_reader import SettingsError
from crossorigin.proxy.settings import PROXY_SETTINGS, DevelopmentSettings, read_settings
from crossorigin.proxy.target import Target

SCHEMA: dict[str, Any] = json.loads((files("crossorigin.policy") / "policy.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
ROUTES = {"routes": {"/api": "http://localhost:8080"}}


def problems(table: dict[str, Any], folder: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(table, folder=folder)
    return [str(problem) for problem in caught.value.problems]


def test_little_is_enough() -> None:
    settings = read_settings(ROUTES)
    assert settings == DevelopmentSettings((Route("/api", Target("http", "localhost", 8080)),))
    assert (settings.host, settings.port, settings.tls) == ("localhost", 3000, False)


def test_every_setting(tmp_path: Path) -> None:
    for name in ("index.html", "c.pem", "k.pem"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    table = {
        "host": "[::1]",
        "port": 0,
        "app": ".",
        "allow_hosts": ["a.example", ".b.example"],
        "allow_origins": ["https://c.example:8443"],
        "forwarded": "both",
        "trust_forwarded": True,
        "tls": False,
        "tls_certificate": "c.pem",
        "tls_key": "k.pem",
        "routes": {"/api": "localhost:8080", "^/v1": {"target": "http://h", "strip_prefix": True}},
    }
    assert tuple(table) == PROXY_SETTINGS
    VALIDATOR.validate({"proxy": table})
    assert read_settings(table, folder=tmp_path) == DevelopmentSettings(
        (Route("/api", Target("http", "localhost", 8080)), Route("^/v1", Target("http", "h", 80), strip_prefix=True)),
        tmp_path,
        "::1",
        0,
        ("a.example", ".b.example"),
        ("https://c.example:8443",),
        "both",
        trust_forwarded=True,
        tls=True,
        tls_certificate=tmp_path / "c.pem",
        tls_key=tmp_path / "k.pem",
    )


@pytest.mark.parametrize(
    ("app", "route"),
    [
        ("http://localhost:5173", Route("/", Target("http", "localhost", 5173))),
        ("localhost:5173", Route("/", Target("http", "localhost", 5173))),
        ("[::1]:5173", Route("/", Target("http", "::1", 5173))),
        (
            {"target": "https://localhost:1", "verify": False, "host_header": "original"},
            Route("/", Target("https", "localhost", 1, verifies=False), host_header="original"),
        ),
    ],
)
def test_an_application_with_a_server(app: object, route: Route) -> None:
    VALIDATOR.validate({"proxy": {"app": app}})
    assert read_settings({"app": app}).app == route


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("nothing", {}, "proxy.routes: there is nothing to forward"),
    ("a misspelt setting", {"route": {}}, "proxy.route: there is no such setting; the nearest is routes."),
    ("no port", {**ROUTES, "port": 65536}, "proxy.port: 65536 is not from 0 to 65535."),
    ("a port in the host", {**ROUTES, "host": "localhost:3000"}, "the port is a setting of its own"),
    ("a URL for a host", {**ROUTES, "host": "http://localhost"}, "is neither a name nor an address"),
    ("no host", {**ROUTES, "host": ""}, "is neither a name nor an address"),
    ("any host", {**ROUTES, "allow_hosts": ["*"]}, "any name is what DNS rebinding needs"),
    ("a host with a port", {**ROUTES, "allow_hosts": ["a:1"]}, "'a:1' is no name of a host"),
    ("a string for hosts", {**ROUTES, "allow_hosts": "a"}, 'it is a list: write ["a"].'),
    ("any origin", {**ROUTES, "allow_origins": ["*"]}, "* is anybody"),
    ("the opaque origin", {**ROUTES, "allow_origins": ["null"]}, "null is anybody"),
    ("an origin with a slash", {**ROUTES, "allow_origins": ["https://a.example/"]}, "it ends with a slash"),
    ("a mode", {**ROUTES, "forwarded": "rfc7239"}, "is not one of x-forwarded, forwarded, both, none"),
    ("a certificate alone", {**ROUTES, "tls_certificate": __file__}, "a certificate needs its key"),
    ("no certificate", {**ROUTES, "tls_certificate": "/absent", "tls_key": __file__}, "there is no file '/absent'"),
    ("no directory", {"app": "./absent"}, "is no directory: build the application first"),
    ("an empty application", {"app": ""}, "proxy.app: it is empty"),
    ("a number for the application", {"app": 5173}, "it is the URL of a target"),
    ("a wrong application", {"app": "ftp://x"}, "is a ftp URL"),
    ("no slash", {"routes": {"api": "http://x"}}, "begins with no slash: write '/api'"),
    ("a glob", {"routes": {"/api/*": "http://x"}}, "there are no wildcards"),
    ("no regex", {"routes": {"^(": "http://x"}}, "is no regular expression"),
    ("the same twice", {"routes": {"/a": "http://x", "/a/": "http://y"}}, "it is the same route as '/a': remove one."),
    ("a list for a route", {"routes": {"/a": []}}, "it is the URL of a target"),
    ("a list of routes", {"routes": []}, "proxy.routes: [] is not a table."),
]


@pytest.mark.parametrize(("table", "sentence"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong(table: dict[str, Any], sentence: str) -> None:
    found = problems(table)
    assert len(found) == 1
    assert sentence in found[0]


def test_everything_at_once() -> None:
    table = {"port": -1, "app": 3, "routes": {"/a": "ftp://x", "b": {"target": "", "websocket": 1}}}
    assert [problem.partition(": ")[0] for problem in problems(table)] == [
        'proxy.routes."/a".target',
        "proxy.routes.b.target",
        "proxy.routes.b.websocket",
        "proxy.routes.b",
        "proxy.app",
        "proxy.port",
    ]


class TestSchema:
    """What editors are told is what is read."""

    def test_the_settings(self) -> None:
        definitions = SCHEMA["$defs"]
        assert tuple(definitions["proxy"]["properties"]) == PROXY_SETTINGS
        assert tuple(definitions["route"]["properties"]) == ROUTE_SETTINGS

    def test_the_defaults(self) -> None:
        described = SCHEMA["$defs"]["proxy"]["properties"]
        settings = DevelopmentSettings()
        for name in ("host", "port", "forwarded", "trust_forwarded", "tls"):
            assert described[name]["default"] == getattr(settings, name)
        described = SCHEMA["$defs"]["route"]["properties"]
        route = Route("/", Target("http", "h", 80))
        for name in (
            "strip_prefix",
            "host_header",
            "origin_header",
            "rewrite_redirects",
            "rewrite_cookies",
            "websocket",
        ):
            assert described[name]["default"] == getattr(route, name)
        for name, default in (("connect_timeout", 5), ("retry", 2), ("response_timeout", 60), ("idle_timeout", 0)):
            assert described[name]["default"] == default
        assert Limits() == Limits(5.0, 2.0, 60.0, None)

    @pytest.mark.parametrize(
        "table",
        [
            {"port": "3000"},
            {"prot": 1},
            {"allow_hosts": ["*"]},
            {"allow_origins": ["*"]},
            {"allow_origins": ["https://a.example/"]},
            {"forwarded": "rfc"},
            {"app": ""},
            {"routes": {"api": "http://x"}},
            {"routes": {"/api/*": "http://x"}},
            {"routes": {"/api": {}}},
            {"routes": {"/api": {"target": "http://x", "strip": True}}},
            {"routes": {"/api": {"target": "http://x", "strip_prefix": True, "replace_prefix": "/"}}},
            {"routes": {"/api": {"target": "http://x", "set_request_headers": {"a b": "c"}}}},
            {"routes": {"/api": {"target": "http://x", "set_request_headers": {"a": "c\nd"}}}},
        ],
    )
    def test_an_editor_sees(self, table: dict[str, Any]) -> None:
        assert not VALIDATOR.is_valid({"proxy": table})
        assert problems(table)
