"""The arguments of `crossorigin proxy`: mistakes in one sentence each, and what the others become."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.cli.proxy_arguments import ArgumentsError, cors_front, development_settings, parser, where
from crossorigin.policy import Policy
from crossorigin.proxy.cors import CorsFront
from crossorigin.proxy.plan import Limits
from crossorigin.proxy.target import Target

from .conftest import call

API = "http://localhost:8080"
ROUTE = ("--route", f"/api={API}")
SEE = " (see crossorigin proxy --help)"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


MISTAKES = {
    "nothing": (
        (),
        f"there is nothing to forward: give --route /api={API}, or write [proxy] in crossorigin.toml" + SEE,
    ),
    "a route without a target": (
        ("--route", "/api"),
        "--route: '/api' is not PATH=URL, such as /api=http://localhost:8080" + SEE,
    ),
    "a route without a slash": (
        ("--route", f"api={API}"),
        "--route api: The route 'api' begins with no slash: write '/api'.",
    ),
    "a route twice": ((*ROUTE, *ROUTE), "--route: '/api' is given twice" + SEE),
    "a target that is none": (
        ("--route", "/api=ftp://x"),
        "--route /api: 'ftp://x' is a ftp URL, and a target is http or https.",
    ),
    "no regular expression": (
        ("--route", f"^(={API}"),
        "--route ^(: The route '^(' is no regular expression: missing ), unterminated subpattern at position 1.",
    ),
    "two mistakes": (
        ("--route", "a=http://x", "--app", "nowhere"),
        (
            "there are 2 problems:\n  --route a: The route 'a' begins with no slash: write '/a'.\n"
            "  --app: 'nowhere' is no directory: build the application first, or name its URL."
        ),
    ),
    "no port": (
        (*ROUTE, "--listen", "abc"),
        "--listen: 'abc' is neither a port nor HOST:PORT, such as localhost:3000" + SEE,
    ),
    "too high a port": (
        (*ROUTE, "--listen", "65536"),
        "--listen: '65536' is neither a port nor HOST:PORT, such as localhost:3000" + SEE,
    ),
    "any certificate of a server elsewhere": (
        ("--route", "/api=https://api.example.com", "--insecure"),
        (
            "--insecure: the certificate of api.example.com is checked, because others can stand between here and "
            "there; name the authority that signed it with ca."
        ),
    ),
    "no authority": ((*ROUTE, "--ca", "ca.pem"), '--ca: there is no file "ca.pem".'),
    "any host": (
        (*ROUTE, "--allow-host", "*"),
        "--allow-host: any name is what DNS rebinding needs; list the names, of which .example.test is all below it.",
    ),
    "no header": ((*ROUTE, "--request-header", "X"), "--request-header: 'X' is not 'Name: value'" + SEE),
    "a file and routes": (
        (*ROUTE, "--config", "crossorigin.toml"),
        "--config: the file has the routes; leave --route and --app out, or the file" + SEE,
    ),
    "no file": (("--config", "x.toml"), "x.toml cannot be read: No such file or directory" + SEE),
    "a file of something else": (
        (*ROUTE, "--learn", "pyproject.toml"),
        "pyproject.toml is not a file of its own: a policy is written to NAME.toml" + SEE,
    ),
    "nobody may ask": (
        ("--cors", API),
        "--cors: say whose pages may ask, with --allow-origin http://localhost:3000" + SEE,
    ),
    "two APIs without names": (
        ("--cors", "https://a.example", "--cors", "https://b.example", "--allow-origin", "http://localhost:3000"),
        "--cors: 'https://b.example' is named twice; several APIs need a name each: --cors NAME=URL" + SEE,
    ),
    "both proxies": (
        ("--cors", API, *ROUTE),
        "--cors: this is the CORS front; --route, --app and --config are the development proxy's" + SEE,
    ),
    "any target and one": (
        ("--cors", API, "--cors-any-public-target"),
        "--cors-any-public-target: leave --cors out, it takes any target" + SEE,
    ),
    "an open proxy": (
        ("--cors-any-public-target", "--listen", "0.0.0.0:3000"),
        "--listen: 0.0.0.0 is not this machine alone, and a proxy to any target for others is an open proxy; "
        "name the targets with --cors instead" + SEE,
    ),
    "cookies for several": (
        ("--cors", "a=https://a.example", "--cors", "b=https://b.example", "--allow-origin", "https://c.example",
         "--allow-credentials"),
        "With credentials there can be one target only, for a browser would send each of several the cookies of all "
        "others: start a proxy for each, or leave allow_credentials out" + SEE,
    ),
    "a policy and origins": (
        ("--cors", API, "--policy", "p.toml", "--allow-origin", "https://c.example"),
        "--policy: the file says whose pages may ask; leave --allow-origin out" + SEE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(name: str) -> None:
    arguments, sentence = MISTAKES[name]
    ended = call("proxy", *arguments)
    assert (ended.status, ended.out, ended.err) == (2, "", f"crossorigin proxy: {sentence}\n")


def test_a_policy_that_is_none() -> None:
    ended = call("proxy", "--cors", API, "--allow-origin", "*", "--allow-credentials")
    assert (ended.status, ended.out) == (2, "")
    assert "P401 allow_origins: Any origin, with credentials" in ended.err


def test_a_file_with_mistakes_is_told_by_its_lines(tmp_path: Path) -> None:
    Path("crossorigin.toml").write_text('[proxy]\nport = 99999\n[proxy.routes]\n"/api" = "ftp://x"\n')
    ended = call("proxy")
    assert ended.status == 2
    assert "crossorigin.toml:2: proxy.port: 99999 is not from 0 to 65535." in ended.err
    assert 'crossorigin.toml:4: proxy.routes."/api"' in ended.err


class TestSettings:
    def test_a_route(self) -> None:
        settings = development_settings(parser().parse_args([*ROUTE, "--app", "http://localhost:5173"]))
        (route,) = settings.routes
        assert (route.pattern, route.target) == ("/api", Target("http", "localhost", 8080))
        assert (route.host_header, route.strip_prefix, route.websocket, route.limits) == (
            "target", False, True, Limits(),
        )  # fmt: skip
        assert not isinstance(settings.app, Path | None)
        assert settings.app.target.origin == "http://localhost:5173"
        assert (settings.host, settings.port, settings.tls) == ("localhost", 3000, False)

    def test_what_is_for_each_route(self) -> None:
        arguments = [
            *ROUTE, "--route", "^/v[12]/=http://b=1", "--strip-prefix", "--host-header", "original",
            "--request-header", "X-Env: dev", "--response-header", "X-Here:1", "--keep-redirects", "--keep-cookies",
            "--no-websocket", "--insecure", "--retry", "0", "--response-timeout", "0", "--idle-timeout", "9",
        ]  # fmt: skip
        arguments[3] = "^/v[12]/=http://b"
        settings = development_settings(parser().parse_args(arguments[:4] + arguments[5:]))
        assert [route.pattern for route in settings.routes] == ["/api", "^/v[12]/"]
        for route in settings.routes:
            assert route.host_header == "original"
            assert route.set_request_headers == ((b"X-Env", b"dev"),)
            assert route.set_response_headers == ((b"X-Here", b"1"),)
            assert (route.rewrite_redirects, route.rewrite_cookies, route.websocket) == (False, False, False)
            assert not route.target.verifies
            assert route.limits == Limits(retry=0.0, response=None, idle=9.0)

    def test_a_file(self) -> None:
        Path("crossorigin.toml").write_text('[proxy]\nport = 3100\n[proxy.routes]\n"/api" = "http://localhost:1"\n')
        assert development_settings(parser().parse_args([])).port == 3100
        settings = development_settings(parser().parse_args(["--listen", "127.0.0.1:0", "--tls"]))
        assert (settings.host, settings.port, settings.tls) == ("127.0.0.1", 0, True)

    def test_a_project_file(self) -> None:
        Path("pyproject.toml").write_text("[project]\nname = 'x'\n")
        assert call("proxy").status == 2
        Path("pyproject.toml").write_text("[tool.crossorigin.proxy.routes]\n'/api' = 'http://localhost:1'\n")
        assert len(development_settings(parser().parse_args([])).routes) == 1

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (None, None),
            ("80", ("localhost", 80)),
            ("0.0.0.0:3000", ("0.0.0.0", 3000)),
            ("[::]:3000", ("::", 3000)),
            ("dev.test:0", ("dev.test", 0)),
        ],
    )
    def test_where(self, text: str | None, expected: tuple[str, int] | None) -> None:
        arguments = [] if text is None else ["--listen", text]
        assert where(parser().parse_args(arguments)) == expected

    @pytest.mark.parametrize("text", ["", ":80", "a", "80:", "-1", "٣"])
    def test_nowhere(self, text: str) -> None:
        with pytest.raises(ArgumentsError):
            where(parser().parse_args([f"--listen={text}"]))


class TestCors:
    def front(self, *arguments: str) -> CorsFront:
        front = cors_front(parser().parse_args(["--cors", "https://api.example", *arguments]))
        assert isinstance(front, CorsFront)
        return front

    def test_without_credentials_a_page_may_send_and_read_all(self) -> None:
        assert self.front("--allow-origin", "http://localhost:3000").grants.policy == Policy(
            allow_origins=["http://localhost:3000"],
            allow_methods=["*"],
            allow_headers=["*", "authorization"],
            expose_headers=["*"],
        )

    def test_with_credentials_there_are_no_wildcards(self) -> None:
        policy = self.front("--allow-origin", "http://localhost:3000", "--allow-credentials").grants.policy
        assert policy == Policy(
            allow_origins=["http://localhost:3000"],
            allow_methods=["DELETE", "PATCH", "PUT"],
            allow_headers=["authorization", "content-type"],
            allow_credentials=True,
        )

    def test_a_whole_policy(self) -> None:
        Path("p.toml").write_text('[policy]\nallow_origins = ["https://a.example"]\n')
        assert self.front("--policy", "p.toml").grants.policy == Policy(allow_origins=["https://a.example"])
