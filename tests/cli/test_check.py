"""`crossorigin check` as people call it: exit statuses, every mistake in its exact words, and hostile servers."""

from __future__ import annotations

import io
import json
import re
import socket
import ssl
import sys
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
import trustme
from jsonschema import Draft202012Validator

from crossorigin.cli.check import question_of
from crossorigin.doctor.question import UsageError
from crossorigin.stacks import NAMES, get_stack

from .conftest import ALLOW, ALLOW_ALL, PAGE, Ended, Serve, call, in_terminal, run

API = "https://api.example/users"
SCHEMA = json.loads((files("crossorigin.doctor") / "check.schema.json").read_text(encoding="utf-8"))


def check(url: str, *options: str, encoding: str = "utf-8") -> Ended:
    """`crossorigin check` for a page at PAGE, unless the options name another."""
    origin = () if "--origin" in options or "--page" in options else ("--origin", PAGE)
    return call("check", url, *origin, *options, encoding=encoding)


def check_json(url: str, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the object, which is valid and all that is printed."""
    ended = check(url, *options, "--json")
    assert ended.err == ""
    made: dict[str, Any] = json.loads(ended.out)
    Draft202012Validator(SCHEMA).validate(made)
    return ended.status, made


class TestExitStatus:
    """0 readable, 1 blocked, 2 wrong usage (below), 3 no answer (below)."""

    def test_allowed(self, serve: Serve) -> None:
        ended = check(serve(ALLOW).url)
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.startswith("✓ Allowed: ")

    def test_blocked(self, serve: Serve) -> None:
        ended = check(serve().url)
        assert (ended.status, ended.err) == (1, "")
        assert ended.out.startswith("✗ Blocked: ")

    def test_opaque_is_not_readable(self, serve: Serve) -> None:
        assert check(serve().url, "--mode", "no-cors").status == 1

    def test_the_own_origin(self, serve: Serve) -> None:
        server = serve()
        assert check(server.url, "--origin", f"http://127.0.0.1:{server.port}").status == 0

    def test_blocked_before_anything_is_sent(self) -> None:
        assert check("http://127.0.0.1:22/").status == 1

    def test_json_says_the_same(self, serve: Serve) -> None:
        for lines, status in (((ALLOW,), 0), ((), 1)):
            ended, made = check_json(serve(*lines).url)
            assert ended == status
            assert made["allowed"] == (status == 0)


class TestWhatGoesOut:
    """The options are what the server gets to see."""

    def test_a_preflight_and_the_request(self, serve: Serve) -> None:
        server = serve(
            ALLOW,
            "Access-Control-Allow-Credentials: true",
            "Access-Control-Allow-Methods: PUT",
            "Access-Control-Allow-Headers: content-type, x-key",
        )
        ended = check(
            server.url,
            *("--page", f"{PAGE}/cart", "-X", "put", "-H", "Content-Type: application/json", "-H", "X-Key: 1"),
            *("-d", "{}", "--credentials", "include", "--cookie", "session=abc"),
        )
        assert ended.status == 0
        preflight, actual = server.heads
        assert preflight.startswith(b"OPTIONS /users/42 HTTP/1.1\r\n")
        assert b"\r\nAccess-Control-Request-Method: PUT\r\n" in preflight
        assert b"\r\nAccess-Control-Request-Headers: content-type,x-key\r\n" in preflight
        assert b"Cookie" not in preflight
        assert actual.startswith(b"PUT /users/42 HTTP/1.1\r\n")
        for line in (b"Cookie: session=abc", b"X-Key: 1", b"Origin: http://app.example", b"Content-Length: 2"):
            assert b"\r\n" + line + b"\r\n" in actual
        assert actual.endswith(b"\r\n\r\n{}")

    @pytest.mark.parametrize(
        ("origin", "sent"), [("null", b"null"), ("http://localhost:3000", b"http://localhost:3000")]
    )
    def test_the_origin(self, serve: Serve, origin: str, sent: bytes) -> None:
        server = serve()
        check(server.url, "--origin", origin)
        assert b"\r\nOrigin: " + sent + b"\r\n" in server.heads[0]

    def test_resolve_changes_the_address_and_nothing_else(self, serve: Serve) -> None:
        server = serve(ALLOW)
        url, resolve = f"http://api.test:{server.port}/", f"api.test:{server.port}:127.0.0.1"
        assert check(url, "--origin", "http://app.test", "--resolve", resolve).status == 1
        assert b"\r\nHost: api.test:%d\r\n" % server.port in server.heads[0]

    def test_ipv6(self, serve: Serve) -> None:
        try:
            server = serve(ALLOW, host="::1")
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        ended = check(server.url)
        assert ended.status == 0
        assert f"http://[::1]:{server.port}" in ended.out

    @pytest.mark.parametrize(("redirect", "status", "requests"), [("follow", 0, 2), ("error", 1, 1), ("manual", 1, 1)])
    def test_redirects(self, serve: Serve, redirect: str, status: int, requests: int) -> None:
        target = serve(ALLOW_ALL)
        server = serve(ALLOW_ALL, f"Location: {target.url}", status="302 Found")
        assert check(server.url, "--redirect", redirect).status == status
        assert len(server.heads) + len(target.heads) == requests

    def test_a_certificate_nobody_signed_is_taken_when_told_so(self, serve: Serve, self_signed: Serve) -> None:
        assert check(self_signed(ALLOW).url, "--insecure").status == 0

    def test_the_question_of_a_command_line(self) -> None:
        assert question_of([API, "--origin", PAGE, "-X", "DELETE"]).method == b"DELETE"
        with pytest.raises(UsageError, match="-X/--method"):
            question_of([API, "--origin", PAGE, "-X", "TRACE"])


OK = (API, "--origin", PAGE)
SET = "-H/--header: a browser's script cannot set"
LIKE_URL = "write it like https://api.example.com/users"
LIKE_PAGE = "is not the URL of a page; write it like https://app.example.com/cart"
ADDRESS = "write it like 'api.example.com:443:127.0.0.1'"
NOT_ORIGIN = "is not an origin:"
SECONDS = "is not a time limit; give seconds, more than 0, at most 86400"
MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    # The URL.
    "no URL": ((), "one of the arguments URL --curl --fetch is required"),
    "empty URL": (("", "--origin", PAGE), f"URL: '' is not a URL; {LIKE_URL}"),
    "URL without scheme": (
        ("api.example/x", "--origin", PAGE),
        "URL: 'api.example/x' has no scheme; did you mean https://api.example/x?",
    ),
    "URL with a port, without scheme": (
        ("api.example:8443/x", "--origin", PAGE),
        "URL: 'api.example:8443/x' has no scheme; did you mean https://api.example:8443/x?",
    ),
    "localhost without scheme": (
        ("localhost:8000/x", "--origin", PAGE),
        "URL: 'localhost:8000/x' has no scheme; did you mean http://localhost:8000/x?",
    ),
    "loopback without scheme": (
        ("127.0.0.1:8000/x", "--origin", PAGE),
        "URL: '127.0.0.1:8000/x' has no scheme; did you mean http://127.0.0.1:8000/x?",
    ),
    "URL that begins with slashes": (
        ("//api.example/x", "--origin", PAGE),
        "URL: '//api.example/x' has no scheme; did you mean https://api.example/x?",
    ),
    "URL without host": (("https://", "--origin", PAGE), f"URL: 'https://' has no host; {LIKE_URL}"),
    "URL with a space": (("http://a b/", "--origin", PAGE), f"URL: 'http://a b/' is not a URL; {LIKE_URL}"),
    "URL with a bad port": (("http://a:99999/", "--origin", PAGE), f"URL: 'http://a:99999/' is not a URL; {LIKE_URL}"),
    "URL with bytes": (("http://\udcff/", "--origin", PAGE), rf"URL: 'http://\udcff/' is not a URL; {LIKE_URL}"),
    "URL with an escape sequence": (("\x1b[31m", "--origin", PAGE), rf"URL: '\x1b[31m' is not a URL; {LIKE_URL}"),
    "ftp": (
        ("ftp://a/b", "--origin", PAGE),
        "URL: 'ftp://a/b' has the scheme ftp:, and CORS is for http and https only",
    ),
    "file": (
        ("file:///x", "--origin", PAGE),
        "URL: 'file:///x' has the scheme file:, and CORS is for http and https only",
    ),
    "mailto": (
        ("mailto:a@b", "--origin", PAGE),
        "URL: 'mailto:a@b' has the scheme mailto:, and CORS is for http and https only",
    ),
    "javascript": (
        ("javascript:alert(1)", "--origin", PAGE),
        "URL: 'javascript:alert(1)' has the scheme javascript:, and CORS is for http and https only",
    ),
    "URL with credentials": (
        ("https://ann:secret@api.example/x", "--origin", PAGE),
        (
            "URL: a browser's script cannot fetch a URL with a user name or password; use https://api.example/x and, "
            "for HTTP authentication, -H 'Authorization: ...'"
        ),
    ),
    "two URLs": ((API, API, "--origin", PAGE), f"unrecognized arguments: {API}"),
    # The page.
    "no origin": (
        (API,),
        "--origin: say which page asks: --origin https://app.example.com (or --page with its whole URL)",
    ),
    "origin without value": ((API, "--origin"), "--origin: expected one argument"),
    "empty origin": ((API, "--origin", ""), f"--origin: '' {NOT_ORIGIN} it is empty"),
    "origin with a slash": (
        (API, "--origin", "https://app.example/"),
        (
            f"--origin: 'https://app.example/' {NOT_ORIGIN} it ends with a slash; leave the slash out; did you mean "
            "https://app.example?"
        ),
    ),
    "origin with a path": (
        (API, "--origin", "https://app.example/cart"),
        (
            f"--origin: 'https://app.example/cart' {NOT_ORIGIN} it has a path from position 19; end it before that; "
            "did you mean https://app.example?"
        ),
    ),
    "origin in upper case": (
        (API, "--origin", "https://App.example"),
        (
            f"--origin: 'https://App.example' {NOT_ORIGIN} it has the upper-case 'A' at position 8; browsers send "
            "lower case; did you mean https://app.example?"
        ),
    ),
    "origin with its default port": (
        (API, "--origin", "https://app.example:443"),
        (
            f"--origin: 'https://app.example:443' {NOT_ORIGIN} 443 is the default port of https, which browsers "
            "leave out; leave it out; did you mean https://app.example?"
        ),
    ),
    "origin without scheme": (
        (API, "--origin", "app.example"),
        (
            f"--origin: 'app.example' {NOT_ORIGIN} it has no scheme; write it out, as in 'https://example.com'; did "
            "you mean https://app.example?"
        ),
    ),
    "local origin without scheme": (
        (API, "--origin", "localhost:3000"),
        (
            f"--origin: 'localhost:3000' {NOT_ORIGIN} it has no scheme; write it out, as in 'https://example.com'; "
            "did you mean http://localhost:3000?"
        ),
    ),
    "several origins": (
        (API, "--origin", "https://a.example https://b.example"),
        (
            f"--origin: 'https://a.example https://b.example' {NOT_ORIGIN} it is several, the second from position 18; "
            "there can only be one"
        ),
    ),
    "several origins with a comma": (
        (API, "--origin", "https://a.example,https://b.example"),
        (
            f"--origin: 'https://a.example,https://b.example' {NOT_ORIGIN} it is several, the second from position 18; "
            "there can only be one"
        ),
    ),
    "the wildcard as an origin": (
        (API, "--origin", "*"),
        f"--origin: '*' {NOT_ORIGIN} it has a '*' at position 0; an origin is exact",
    ),
    "a pattern as an origin": (
        (API, "--origin", "https://*.app.example"),
        f"--origin: 'https://*.app.example' {NOT_ORIGIN} it has a '*' at position 8; an origin is exact",
    ),
    "origin with a unicode host": (
        (API, "--origin", "https://bücher.example"),
        (
            f"--origin: 'https://bücher.example' {NOT_ORIGIN} its host has 'ü' at position 9; write it in ASCII, as in "
            "'xn--bcher-kva.example'; did you mean https://xn--bcher-kva.example?"
        ),
    ),
    "origin with a bad port": (
        (API, "--origin", "http://a.example:99999"),
        (
            f"--origin: 'http://a.example:99999' {NOT_ORIGIN} ':99999' is not a port: a colon and a number up to "
            "65535, without leading zeros"
        ),
    ),
    "null in upper case": (
        (API, "--origin", "NULL"),
        f"--origin: 'NULL' {NOT_ORIGIN} 'null' is written in lower case; did you mean null?",
    ),
    "a file as an origin": (
        (API, "--origin", "file://"),
        f"--origin: 'file://' {NOT_ORIGIN} it has no host at position 7; a page from a file has the origin null",
    ),
    "page without scheme": ((API, "--page", "app.example"), f"--page: 'app.example' {LIKE_PAGE}"),
    "page that is none": ((API, "--page", "about:blank"), f"--page: 'about:blank' {LIKE_PAGE}"),
    "page and origin disagree": (
        (API, "--page", "https://other.example/cart", "--origin", PAGE),
        (
            "--origin: http://app.example is not the origin of --page https://other.example/cart; leave one of the "
            "two away"
        ),
    ),
    # Headers.
    "Cookie": (
        (*OK, "-H", "Cookie: a=b"),
        f"{SET} Cookie: the browser sends its own; use --cookie 'name=value' with --credentials include",
    ),
    "Origin": ((*OK, "-H", "Origin: x"), f"{SET} Origin: the browser sends the page's; use --origin"),
    "Referer": ((*OK, "-H", "referer: x"), f"{SET} referer: the browser sends the page's URL; use --page"),
    "Access-Control-Request-Method": (
        (*OK, "-H", "Access-Control-Request-Method: PUT"),
        f"{SET} Access-Control-Request-Method: the browser sends it with a preflight; use -X",
    ),
    "Access-Control-Request-Headers": (
        (*OK, "-H", "Access-Control-Request-Headers: x"),
        f"{SET} Access-Control-Request-Headers: the browser sends it with a preflight; use -H with the header itself",
    ),
    "Host": (
        (*OK, "-H", "Host: x"),
        f"{SET} Host: it comes from the URL; use --resolve HOST:PORT:ADDR to reach another machine",
    ),
    "a Sec- header": ((*OK, "-H", "Sec-Fetch-Site: x"), f"{SET} Sec-Fetch-Site: browsers keep it for themselves"),
    "a Proxy- header": ((*OK, "-H", "Proxy-X: y"), f"{SET} Proxy-X: browsers keep it for themselves"),
    "Content-Length": ((*OK, "-H", "Content-Length: 5"), f"{SET} Content-Length: browsers keep it for themselves"),
    "a method that an override forbids": (
        (*OK, "-H", "X-HTTP-Method-Override: TRACE"),
        f"{SET} X-HTTP-Method-Override: browsers keep it for themselves",
    ),
    "header without colon": (
        (*OK, "-H", "X-Key"),
        "-H/--header: 'X-Key' has no colon; write it like 'Content-Type: application/json'",
    ),
    "header with a space in its name": (
        (*OK, "-H", "X Key: 1"),
        "-H/--header: 'X Key' is not a header name; no spaces, and a colon right after it",
    ),
    "header without name": (
        (*OK, "-H", ": 1"),
        "-H/--header: '' is not a header name; no spaces, and a colon right after it",
    ),
    "header with a line break": (
        (*OK, "-H", "X-Key: a\nb"),
        "-H/--header: the value of X-Key holds a line break or a NUL",
    ),
    "header beyond Latin-1": (
        (*OK, "-H", "X-Key: €"),
        "-H/--header: 'X-Key: €' holds characters that no header can; keep to Latin-1",
    ),
    "the second header is wrong": (
        (*OK, "-H", "X-Key: 1", "-H", "X"),
        "-H/--header: 'X' has no colon; write it like 'Content-Type: application/json'",
    ),
    # Method, body, cookie.
    "forbidden method": (
        (*OK, "-X", "trace"),
        "-X/--method: a browser's script cannot use trace; browsers forbid CONNECT, TRACE and TRACK",
    ),
    "method that is none": ((*OK, "-X", "P T"), "-X/--method: 'P T' is not a method; write it like PUT"),
    "empty method": ((*OK, "-X", ""), "-X/--method: '' is not a method; write it like PUT"),
    "body with GET": (
        (*OK, "-d", "{}"),
        "-d/--data: a browser's script cannot send a body with GET; add -X POST (or PUT, PATCH)",
    ),
    "body with HEAD": (
        (*OK, "-X", "head", "-d", ""),
        "-d/--data: a browser's script cannot send a body with HEAD; add -X POST (or PUT, PATCH)",
    ),
    "body that is not text": (
        (*OK, "-X", "POST", "-d", "\udcff"),
        "-d/--data: it holds bytes that are not UTF-8; script sends its strings as UTF-8",
    ),
    "no-cors with PUT": (
        (*OK, "--mode", "no-cors", "-X", "PUT"),
        "--mode: no-cors goes only with GET, HEAD and POST, not PUT; leave --mode away to ask with CORS",
    ),
    "cookie with omit": (
        (*OK, "--cookie", "a=b", "--credentials", "omit"),
        "--cookie: no cookie is sent with --credentials omit; use --credentials include",
    ),
    "cookie without name": (
        (*OK, "--cookie", "abc", "--credentials", "include"),
        "--cookie: 'abc' is not a Cookie header's value; write it like 'session=abc; theme=dark'",
    ),
    "cookie with a line break": (
        (*OK, "--cookie", "a=b\r\nc", "--credentials", "include"),
        r"--cookie: 'a=b\r\nc' is not a Cookie header's value; write it like 'session=abc; theme=dark'",
    ),
    # The fix.
    "a stack that is misspelt": ((*OK, "--fix", "expres"), "--fix: 'expres' is no stack; did you mean express?"),
    "a stack that is none": ((*OK, "--fix", "?!"), f"--fix: '?!' is no stack; there is {', '.join(NAMES)}"),
    "a stack without its name": ((*OK, "--fix"), "--fix: expected one argument"),
    "an empty stack": ((*OK, "--fix", ""), f"--fix: '' is no stack; there is {', '.join(NAMES)}"),
    "a stack with an escape sequence": (
        (*OK, "--fix", "\x1b[31m"),
        rf"--fix: '\x1b[31m' is no stack; there is {', '.join(NAMES)}",
    ),
    "style without fix": (
        (*OK, "--style", "own"),
        "--style: it goes with --fix STACK; crossorigin policy render --list has the styles",
    ),
    "a style that is none": (
        (*OK, "--fix", "express", "--style", "short"),
        "--style: 'short' is no way to write Express; it has library, own",
    ),
    "a style of a stack that has one way": (
        (*OK, "--fix", "nginx", "--style", "own"),
        "--style: 'own' is no way to write nginx; it has one way only",
    ),
    # The network.
    "timeout 0": ((*OK, "--timeout", "0"), f"--timeout: 0 {SECONDS}"),
    "timeout nan": ((*OK, "--timeout", "nan"), f"--timeout: nan {SECONDS}"),
    "timeout negative": ((*OK, "--timeout", "-1.5"), f"--timeout: -1.5 {SECONDS}"),
    "timeout without end": ((*OK, "--timeout", "inf"), f"--timeout: inf {SECONDS}"),
    "timeout that overflows": ((*OK, "--timeout", "1e10"), f"--timeout: 1e+10 {SECONDS}"),
    "timeout that is no number": ((*OK, "--timeout", "abc"), "--timeout: invalid float value: 'abc'"),
    "max-body 0": ((*OK, "--max-body", "0"), "--max-body: 0 is not a size; give bytes, 1 or more"),
    "max-body that is no number": ((*OK, "--max-body", "1M"), "--max-body: invalid int value: '1M'"),
    "resolve without address": (
        (*OK, "--resolve", "api.example:443"),
        f"--resolve: 'api.example:443' is not HOST:PORT:ADDR: {ADDRESS}",
    ),
    "resolve to a name": (
        (*OK, "--resolve", "api.example:443:localhost"),
        "--resolve: 'localhost' is not an IP address: give one such as '127.0.0.1' or '::1'",
    ),
    "resolve of port 0": (
        (*OK, "--resolve", "api.example:0:127.0.0.1"),
        "--resolve: 0 is not a port: give a number from 1 to 65535",
    ),
}

CURL = f"curl '{API}' -H 'Origin: {PAGE}'"
FETCH = f'fetch("{API}", {{"referrer": "{PAGE}/"}})'
COPIED_MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "a URL and a curl line": ((API, "--curl", CURL), "--curl: not allowed with argument URL"),
    "a URL and a call": (("--fetch", FETCH, API), "URL: not allowed with argument --fetch"),
    "a curl line and a call": (("--curl", CURL, "--fetch", FETCH), "--fetch: not allowed with argument --curl"),
    "no curl line": (("--curl",), "--curl: expected one argument"),
    "an empty curl line": (
        ("--curl", ""),
        "--curl: there is nothing in it; in the network panel of your browser choose Copy as cURL",
    ),
    "an unknown option": (
        ("--curl", "curl --foo x"),
        "--curl: unknown option --foo; leave it away, or say what it does with the options of check",
    ),
    "several commands": (
        ("--curl", "curl 'a' ; curl 'b'"),
        """--curl: it goes on after the command; leave away what begins with "; curl 'b'\"""",
    ),
    "a call as a curl line": (("--curl", FETCH), "--curl: this is a call of fetch(); give it with --fetch"),
    "a curl line as a call": (("--fetch", CURL), "--fetch: this is a curl command; give it with --curl"),
    "code in a call": (
        ("--fetch", "fetch(url)"),
        (
            "--fetch: 'url)' is code, and no code is run; put the value itself there, in quotation marks, or choose "
            "Copy as fetch in the network panel of your browser"
        ),
    ),
    "an escape sequence": (
        ("--curl", "\x1b[31mcurl x"),
        r"--curl: it begins with '\x1b[31mcurl', and only a curl command is read",
    ),
    # What `ask` finds is said of the copy, unless it stands beside it.
    "no origin in a curl line": (("--curl", f"curl {API}"), MISTAKES["no origin"][1]),
    "no origin in a call": (("--fetch", f"fetch('{API}')"), MISTAKES["no origin"][1]),
    "an origin that is none": (
        ("--curl", f"curl {API} -H 'Origin: app.example'"),
        (
            f"--curl: --origin: 'app.example' {NOT_ORIGIN} it has no scheme; write it out, as in "
            "'https://example.com'; did you mean https://app.example?"
        ),
    ),
    "an origin beside it that is none": (("--curl", CURL, "--origin", "*"), MISTAKES["the wildcard as an origin"][1]),
    "a WebSocket": (
        ("--curl", f"curl wss://api.example/ -H 'Origin: {PAGE}'"),
        "--curl: URL: 'wss://api.example/' has the scheme wss:, and CORS is for http and https only",
    ),
    "a forbidden method": (
        ("--curl", f"{CURL} -X TRACE"),
        "--curl: -X/--method: a browser's script cannot use TRACE; browsers forbid CONNECT, TRACE and TRACK",
    ),
    "a body with GET": (
        ("--fetch", f"fetch('{API}', {{body: '', referrer: '{PAGE}'}})"),
        ("--fetch: -d/--data: a browser's script cannot send a body with GET; add -X POST (or PUT, PATCH)"),
    ),
    "a header that is none": (
        ("--curl", f"{CURL} -H 'X Key: 1'"),
        "--curl: -H/--header: 'X Key' is not a header name; no spaces, and a colon right after it",
    ),
    "a header beside it that is none": (
        ("--curl", CURL, "-H", "Cookie: a=b"),
        f"{SET} Cookie: the browser sends its own; use --cookie 'name=value' with --credentials include",
    ),
    "an address that is none": (
        ("--curl", f"{CURL} --resolve x"),
        f"--curl: --resolve: 'x' is not HOST:PORT:ADDR: {ADDRESS}",
    ),
}
MISTAKES |= COPIED_MISTAKES

CHOICES = {
    "--credentials": ("always", ("omit", "same-origin", "include")),
    "--mode": ("navigate", ("cors", "no-cors", "same-origin")),
    "--redirect": ("none", ("follow", "error", "manual")),
    "--browser": ("chrome", ("standard", "chromium", "firefox", "webkit", "all")),
}


class TestMistakes:
    """Wrong usage: status 2, one exact line on standard error, nothing on standard output, nothing sent."""

    @pytest.mark.parametrize("name", MISTAKES)
    def test_words(self, name: str) -> None:
        argv, message = MISTAKES[name]
        ended = call("check", *argv)
        assert ended.err == f"crossorigin check: {message} (see crossorigin check --help)\n"
        assert (ended.status, ended.out) == (2, "")

    @pytest.mark.parametrize("option", CHOICES)
    def test_choices(self, option: str) -> None:
        wrong, choices = CHOICES[option]
        ended = call("check", *OK, option, wrong)
        # Python 3.14 writes the choices without quotes.
        listed = ", ".join(f"'?{choice}'?" for choice in choices)
        assert re.fullmatch(
            rf"crossorigin check: {option}: invalid choice: '{wrong}' \(choose from {listed}\) "
            r"\(see crossorigin check --help\)\n",
            ended.err,
        )
        assert (ended.status, ended.out) == (2, "")

    @pytest.mark.parametrize("option", ["--data", "--timeout", "--header", "--fix", "--origin"])
    def test_two_hyphens_as_a_value(self, option: str) -> None:
        # Python before 3.13 takes them for the end of the options, wherever they stand.
        ended = call("check", *OK, f"{option}=--")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("crossorigin check: ")
        assert ended.err.count("\n") == 1

    def test_json_does_not_change_that(self) -> None:
        ended = call("check", API, "--json")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("crossorigin check: --origin: ")

    def test_nothing_is_sent(self, serve: Serve) -> None:
        server = serve(ALLOW)
        assert check(server.url, "-H", "Cookie: a=b").status == 2
        assert server.heads == []


@pytest.fixture
def self_signed(serve: Serve) -> Callable[..., Any]:
    """Starts servers on TLS whose certificate nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    return lambda *lines: serve(*lines, tls=context)


def endless_headers(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        sock.sendall(b"X-A: b\r\n" * 1000)


def cut(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    sock.shutdown(socket.SHUT_RDWR)


def hang_up(sock: socket.socket) -> None:
    sock.shutdown(socket.SHUT_RDWR)


SCRIPTS: dict[str, tuple[Callable[[socket.socket], None], str, str]] = {
    "garbage": (lambda sock: sock.sendall(b"SSH-2.0-OpenSSH_9.2\x1b[31m\r\n"), "not-http", "b'SSH-2.0-OpenSSH_9.2"),
    "endless headers": (endless_headers, "too-large", "longer than the limit of"),
    "cut body": (cut, "reset", "after 3 of 100 bytes"),
    "no response": (hang_up, "reset", "closed the connection without sending a response"),
}


def standing_in_line(text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard input hold this."""
    raw = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


READABLE = (
    ALLOW,
    "Access-Control-Allow-Credentials: true",
    "Access-Control-Allow-Methods: PUT",
    "Access-Control-Allow-Headers: content-type, x-key",
)
CHROME_CURL = f"""\
curl --url 'URL' \\
  -X 'PUT' \\
  -H 'accept: */*' \\
  -H 'accept-language: en-US,en;q=0.9' \\
  -b 'session=abc' \\
  -H 'cache-control: no-cache' \\
  -H 'content-type: application/json' \\
  -H 'origin: {PAGE}' \\
  -H 'pragma: no-cache' \\
  -H 'referer: {PAGE}/' \\
  -H 'sec-fetch-mode: cors' \\
  -H 'user-agent: Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0' \\
  -H 'x-key: It is "1"' \\
  --data-raw $'{{"name":"Ann\\u0021"}}' \\
  --insecure
"""
CHROME_CMD = f"""\
curl --url ^"URL^" ^
  -X ^"PUT^" ^
  -b ^"session=abc^" ^
  -H ^"content-type: application/json^" ^
  -H ^"origin: {PAGE}^" ^
  -H ^"user-agent: Mozilla/5.0 ^(Windows NT 10.0^)^" ^
  -H ^"x-key: It is ^\\^"1^\\^"^" ^
  --data-raw ^"^{{^\\^"name^\\^":^\\^"Ann^!^\\^"^}}^"
"""
FIREFOX_FETCH = f"""\
await fetch("URL", {{
    "credentials": "include",
    "headers": {{
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        "Accept": "*/*",
        "Accept-Language": "en-US,en;q=0.9",
        "Content-Type": "application/json",
        "X-Key": "It is \\"1\\"",
        "Priority": "u=4"
    }},
    "referrer": "{PAGE}/",
    "body": "{{\\"name\\":\\"Ann!\\"}}",
    "method": "PUT",
    "mode": "cors"
}});"""


class TestCopied:
    """What DevTools copied is asked as the page asked it."""

    @pytest.mark.parametrize(
        ("option", "text", "cookie"),
        [("--curl", CHROME_CURL, True), ("--curl", CHROME_CMD, True), ("--fetch", FIREFOX_FETCH, False)],
        ids=["bash", "cmd", "fetch"],
    )
    @pytest.mark.parametrize("piped", [False, True])
    def test_what_goes_out(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch, option: str, text: str, cookie: bool, piped: bool
    ) -> None:
        server = serve(*READABLE)
        text = text.replace("URL", server.url)
        standing_in_line(text if piped else "", monkeypatch)
        ended = call("check", option, "-" if piped else text)
        assert (ended.status, ended.err) == (0, "")
        preflight, actual = server.heads
        assert preflight.startswith(b"OPTIONS /users/42 HTTP/1.1\r\n")
        assert b"\r\nAccess-Control-Request-Method: PUT\r\n" in preflight
        assert b"\r\nAccess-Control-Request-Headers: content-type,x-key\r\n" in preflight
        assert b"\r\nOrigin: http://app.example\r\n" in preflight
        assert actual.startswith(b"PUT /users/42 HTTP/1.1\r\n")
        assert b'\r\nx-key: it is "1"\r\n' in actual.lower()
        assert (b"\r\nCookie: session=abc\r\n" in actual) == cookie
        assert actual.endswith(b'\r\n\r\n{"name":"Ann!"}')
        for own in (b"Priority", b"X11", b"Windows NT", b"no-cache"):
            assert own not in actual

    def test_a_preflight_is_the_call_behind_it(self, serve: Serve) -> None:
        server = serve(*READABLE)
        line = (
            f"curl '{server.url}' -X OPTIONS -H 'Access-Control-Request-Method: PUT' "
            f"-H 'Access-Control-Request-Headers: x-key' -H 'Origin: {PAGE}'"
        )
        assert call("check", "--curl", line).status == 0
        assert [head.partition(b" ")[0] for head in server.heads] == [b"OPTIONS", b"PUT"]
        assert b"\r\nAccess-Control-Request-Headers: x-key\r\n" in server.heads[0]

    def test_options_beside_it_win(self, serve: Serve) -> None:
        server = serve(ALLOW_ALL, "Access-Control-Allow-Headers: *")
        ended = call(
            *("check", "--curl", CHROME_CURL.replace("URL", server.url), "--origin", "http://other.example"),
            *("-X", "POST", "-d", "x", "-H", "X-Key: 2", "--credentials", "omit"),
        )
        assert ended.status == 0
        assert b"\r\nOrigin: http://other.example\r\n" in server.heads[0]
        actual = server.heads[1]
        assert actual.startswith(b"POST ")
        assert actual.endswith(b"\r\n\r\nx")
        assert b"\r\nX-Key: 2\r\n" in actual
        assert b"Cookie" not in actual

    def test_certificates_and_addresses(self, self_signed: Serve) -> None:
        server = self_signed(ALLOW_ALL)
        line = f"curl https://api.test:{server.port}/ -H 'Origin: {PAGE}' --resolve api.test:{server.port}:127.0.0.1"
        assert call("check", "--curl", line).status == 3
        assert call("check", "--curl", f"{line} -k").status == 0

    def test_what_was_assumed_is_told(self, serve: Serve) -> None:
        line = CHROME_CURL.replace("URL", serve(*READABLE).url)
        told = (
            "Credentials mode include is assumed, because a cookie went along.\n"
            "Left out as the browser's own: accept, accept-language, cache-control, pragma\n"
            "and user-agent. If script set one of them, add it with -H.\n"
            "\n"
            "✓ Allowed: "
        )
        assert call("check", "--curl", line).out.startswith(told)
        assert call("check", "--curl", line, "--credentials", "include").out.startswith("Left out as")

    def test_nothing_to_tell(self, serve: Serve) -> None:
        ended = call("check", "--fetch", f"fetch('{serve(ALLOW).url}', {{referrer: '{PAGE}/'}})")
        assert ended.out.startswith("✓ Allowed: ")

    def test_json_is_nothing_else(self, serve: Serve) -> None:
        ended = call("check", "--curl", CHROME_CURL.replace("URL", serve(*READABLE).url), "--json")
        assert (ended.status, ended.err) == (0, "")
        Draft202012Validator(SCHEMA).validate(json.loads(ended.out))

    def test_the_question_of_a_command_line(self) -> None:
        assert question_of(["--curl", CURL]) == question_of([API, "--origin", PAGE])
        assert question_of(["--fetch", FETCH, "-X", "PUT"]) == question_of([API, "--page", f"{PAGE}/", "-X", "PUT"])

    @pytest.mark.parametrize(("option", "name"), [("--curl", "Copy as cURL"), ("--fetch", "Copy as fetch")])
    def test_nothing_in_line(self, monkeypatch: pytest.MonkeyPatch, option: str, name: str) -> None:
        standing_in_line("", monkeypatch)
        ended = call("check", option, "-")
        assert (ended.status, ended.out) == (2, "")
        assert f"in the network panel of your browser choose {name} (see" in ended.err

    @pytest.mark.parametrize("option", ["--curl", "--fetch"])
    def test_too_much_in_line(self, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
        standing_in_line("x" * 300_000, monkeypatch)
        ended = call("check", option, "-")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == (
            f"crossorigin check: {option}: it has 300,000 characters, and 262,144 are read at most; shorten the body "
            "in it (see crossorigin check --help)\n"
        )

    def test_what_is_no_utf_8(self, monkeypatch: pytest.MonkeyPatch) -> None:
        standing_in_line(CURL.encode() + b" -d '\xff'", monkeypatch)
        ended = call("check", "--curl", "-")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == (
            "crossorigin check: --curl: -d/--data: it holds bytes that are not UTF-8; script sends its strings as "
            "UTF-8 (see crossorigin check --help)\n"
        )

    def test_a_cookie_no_real_browser_can_be_given(self) -> None:
        ended = call("check", "--curl", f"{CURL} -b a=b", "--real", "--browser", "chromium")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(
            "crossorigin check: --curl: --cookie: a real browser cannot be handed a Cookie header"
        )

    def test_in_a_terminal(self, serve: Serve) -> None:
        ended = in_terminal("check", "--curl", CHROME_CURL.replace("URL", serve(*READABLE).url))
        assert ended.status == 0
        assert ended.out.startswith(
            "\x1b[33mCredentials mode include is assumed, because a cookie went along.\x1b[0m\r\n"
        )


class TestNoAnswer:
    """Status 3: what was seen is said, and CORS is not blamed for it."""

    def no_answer(self, url: str, kind: str, seen: str, *options: str) -> None:
        ended = check(url, *options)
        assert (ended.status, ended.err) == (3, "")
        text = " ".join(ended.out.split())
        assert re.match(r"✗ No (complete )?answer \(this is not CORS\): ", text)
        assert seen in text
        assert "✗ Blocked" not in text
        assert "(Firefox calls it CORS, and it is not):" in text
        assert "Access-Control-Allow-Origin: (absent)" not in text
        status, made = check_json(url, *options)
        assert status == 3
        assert made["failure"]["kind"] == kind
        assert seen in made["failure"]["detail"]
        assert "cors" not in made["failure"]["detail"].lower()
        assert {engine["block"]["code"] for engine in made["engines"].values()} == {"B601"}

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_bad_servers(self, serve: Serve, name: str) -> None:
        script, kind, seen = SCRIPTS[name]
        self.no_answer(serve(script=script).url, kind, seen)

    def test_refused(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.no_answer(f"http://127.0.0.1:{port}/", "refused", "nothing listens on that port")

    def test_dns(self) -> None:
        self.no_answer("https://api.invalid/", "dns", "The name 'api.invalid'")

    def test_a_certificate_nobody_signed(self, self_signed: Serve) -> None:
        self.no_answer(self_signed(ALLOW).url, "tls", "The certificate of 127.0.0.1:")

    def test_timeout(self, serve: Serve) -> None:
        self.no_answer(serve(after=5).url, "timeout", "took too long: after 0.", "--timeout", "0.3")

    def test_a_body_without_end(self, serve: Serve) -> None:
        server = serve(ALLOW, body=b"x" * 100_000)
        self.no_answer(server.url, "too-large", "longer than the limit of 1000 bytes", "--max-body", "1000")

    def test_after_a_good_preflight(self, serve: Serve) -> None:
        def talk(sock: socket.socket) -> None:
            if server.heads[-1].startswith(b"OPTIONS"):
                sock.sendall(f"HTTP/1.1 204 OK\r\n{ALLOW}\r\nAccess-Control-Allow-Methods: PUT\r\n\r\n".encode())
            else:
                sock.shutdown(socket.SHUT_RDWR)

        server = serve(script=talk)
        self.no_answer(server.url, "reset", "closed the connection", "-X", "PUT")


HOSTILE = {
    "escape sequences": [b"Access-Control-Allow-Origin: \x1b[31mred\x1b]0;title\x07", b"Vary: \x9b31m\x9d0;t\x9c"],
    "long values": [b"Access-Control-Allow-Origin: " + b"x" * 5000, b"Vary: " + b"y, " * 2000],
    "bytes beyond ASCII": [b"Access-Control-Allow-Origin: \x80\xff", b"Set-Cookie: \xc2\xad\xe2\x80\xae"],
    "two hundred headers": [b"Access-Control-X%d: y" % number for number in range(200)],
    "two hundred origins": [b"Access-Control-Allow-Origin: https://o%d.example" % number for number in range(200)],
    "markup": [b"Access-Control-Allow-Origin: [bold red]x[/] :boom:"],
    "hostile names": [b"access-control-!#$%&'*+.^`|~: x"],
}


class TestHostileServers:
    """Whatever a server sends, people get a report, and their terminal gets nothing but text."""

    @pytest.mark.parametrize("name", HOSTILE)
    @pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
    def test_headers(self, serve: Serve, name: str, encoding: str) -> None:
        ended = check(serve(*HOSTILE[name], status="200 \x1b[31mOK\x9b").url, encoding=encoding)
        assert (ended.status, ended.err) == (1, "")
        assert all(char == "\n" or char.isprintable() for char in ended.out)
        assert max(map(len, ended.out.split("\n"))) <= 80
        assert len(ended.out.split("\n")) < 120

    @pytest.mark.parametrize("name", HOSTILE)
    def test_json(self, serve: Serve, name: str) -> None:
        status, made = check_json(serve(*HOSTILE[name]).url)
        assert status == 1
        sent = [tuple(line.split(b": ", 1)) for line in HOSTILE[name]]
        received = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in made["exchanges"][0]["response_headers"]]
        assert [(n, v.strip()) for n, v in sent] == received[:-1]

    def test_in_a_terminal(self, serve: Serve) -> None:
        server = serve(*HOSTILE["escape sequences"], *HOSTILE["markup"])
        ended = in_terminal("check", server.url, "--origin", PAGE)
        assert ended.status == 1
        assert r"\x1b[31mred\x1b]0;title\x07" in ended.out
        # What is left besides the text: colours, the cursor of the progress line, and line ends.
        text = re.sub(r"\x1b\[(?:[0-9;]*m|\?25[lh]|2K|1A)|[\r\n]", "", ended.out)
        assert text.isprintable()


EXPRESS = "X-Powered-By: Express"


class TestFix:
    """`--fix` and `--style`: whose configuration is printed, and how it is written."""

    def test_the_stack_that_answered(self, serve: Serve) -> None:
        out = check(serve(EXPRESS).url).out
        assert "\n  In Express (recognised by X-Powered-By: Express):\n\n" in out
        assert f'\n  origin: ["{PAGE}"],\n' in out

    def test_the_stack_that_was_asked_for(self, serve: Serve) -> None:
        ended = check(serve(EXPRESS).url, "--fix", "nginx")
        assert (ended.status, ended.err) == (1, "")
        assert "\n  In nginx:\n\n" in ended.out
        assert "Express" not in ended.out.partition("In nginx")[2]

    def test_any_of_its_names(self, serve: Serve) -> None:
        assert "\n  In NestJS:\n" in check(serve().url, "--fix", "Nest").out

    @pytest.mark.parametrize(("style", "words"), [("library", 'import cors from "cors";'), ("own", "function decide(")])
    def test_styles(self, serve: Serve, style: str, words: str) -> None:
        url = serve().url
        assert words in check(url, "--fix", "express", "--style", style).out
        others = {"library", "own"} - {style}
        assert words not in check(url, "--fix", "express", "--style", others.pop()).out

    def test_nobody_is_recognised(self, serve: Serve) -> None:
        assert "\n  In " not in check(serve().url).out

    def test_of_a_call_that_is_allowed(self, serve: Serve) -> None:
        ended = check(serve(ALLOW, "Vary: Origin", "X-Total: 3").url, "--fix", "nginx")
        assert ended.status == 0
        assert "\n  In nginx:\n" in ended.out
        assert '"x-total"' in ended.out

    def test_of_what_no_configuration_mends(self, serve: Serve) -> None:
        ended = check(serve().url, "--fix", "nginx", "--mode", "same-origin")
        assert ended.status == 1
        assert "\n  There is nothing in nginx to configure for this.\n" in ended.out

    def test_json(self, serve: Serve) -> None:
        _, made = check_json(serve().url, "--fix", "express", "--style", "own")
        [advice, fix] = made["fixes"]
        assert advice["stack"] == "any"
        assert (fix["stack"], fix["language"]) == ("express", "javascript")
        assert "function decide(" in fix["text"]

    @pytest.mark.parametrize("name", NAMES)
    def test_every_stack(self, serve: Serve, name: str) -> None:
        ended = check(serve().url, "--fix", name, "--no-probes", "-X", "PUT", "--browser", "standard")
        assert (ended.status, ended.err) == (1, "")
        assert f"\n  In {get_stack(name).title}" in ended.out


class TestAllCauses:
    """`--all-causes`: the evidence for every one of them."""

    def test_the_others(self, serve: Serve) -> None:
        server = serve(status="404 Not Found")
        options = ("-X", "PUT", "--browser", "standard")
        few, all_of_them = check(server.url, *options).out, check(server.url, *options, "--all-causes").out
        assert "\n  Or: The server has no CORS policy (C401, possible)\n\n" in few
        assert "\n  Or: The server has no CORS policy (C401, possible)\n    - OPTIONS " in all_of_them
        assert len(all_of_them) > len(few)

    def test_of_a_call_that_is_allowed(self, serve: Serve) -> None:
        url, title = serve(ALLOW, "Vary: Origin", "X-Total: 3").url, "A response header is hidden from script (C412,"
        assert title not in check(url).out
        assert title in check(url, "--all-causes").out

    def test_json_has_them_all_anyway(self, serve: Serve) -> None:
        url = serve(status="404 Not Found").url
        assert check_json(url, "-X", "PUT") == check_json(url, "-X", "PUT", "--all-causes")


class TestSecondProbes:
    """At most six, GET and preflights without credentials; with `--no-probes` none."""

    PUT = ("-X", "PUT", "-d", "{}", "--credentials", "include", "--cookie", "session=secret")
    SECRET = ("-H", "Authorization: Bearer secret")

    @pytest.mark.parametrize("lines", [(), (ALLOW,), ("Vary: Origin",)])
    def test_no_probes_sends_what_a_browser_sends(self, serve: Serve, lines: tuple[str, ...]) -> None:
        server = serve(*lines)
        check(server.url, "--no-probes")
        assert [head.split(b" ", 2)[:2] for head in server.heads] == [[b"GET", b"/users/42"]]
        server = serve(*lines)
        check(server.url, "--no-probes", *self.PUT, *self.SECRET)
        assert [head.split(b" ", 2)[:2] for head in server.heads] == [[b"OPTIONS", b"/users/42"]]

    def test_no_probes_says_nothing_of_any(self, serve: Serve) -> None:
        assert "second probe" not in check(serve(status="404 Not Found").url, "--no-probes", "-X", "PUT").out

    def test_a_call_that_is_blocked(self, serve: Serve) -> None:
        server = serve("Vary: Origin")
        assert check(server.url, *self.PUT, *self.SECRET).status == 1
        preflight, *probes = server.heads
        assert preflight.startswith(b"OPTIONS ")
        assert 1 <= len(probes) <= 6
        for probe in probes:
            assert probe.split(b" ")[0] in {b"GET", b"OPTIONS"}
            assert b"secret" not in probe
            assert probe.endswith(b"\r\n\r\n")

    def test_one_second_probe_tells_two_causes_apart(self, serve: Serve) -> None:
        def talk(sock: socket.socket) -> None:
            if server.heads[-1].startswith(b"OPTIONS"):
                sock.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            else:
                sock.sendall(f"HTTP/1.1 200 OK\r\n{ALLOW}\r\nContent-Length: 0\r\n\r\n".encode())

        server = serve(script=talk)
        assert "\n  Cause: No route answers OPTIONS (C301, certain)\n" in check(server.url, "-X", "PUT").out
        assert len(server.heads) == 2
        assert (
            "\n  Cause: No route answers OPTIONS (C301, likely)\n" in check(server.url, "-X", "PUT", "--no-probes").out
        )
        assert len(server.heads) == 3

    def test_none_where_all_is_well(self, serve: Serve) -> None:
        server = serve(ALLOW, "Vary: Origin")
        check(server.url)
        assert len(server.heads) == 1


class TestTerminal:
    """What depends on where the output goes."""

    def test_colour_in_a_terminal(self, serve: Serve) -> None:
        assert "\x1b[1;31m✗ Blocked: " in in_terminal("check", serve().url, "--origin", PAGE).out

    def test_no_color(self, serve: Serve) -> None:
        ended = in_terminal("check", serve().url, "--origin", PAGE, environment={"NO_COLOR": "1"})
        assert "✗ Blocked: " in ended.out
        assert re.search(r"\x1b\[[0-9;]*3[0-9]", ended.out) is None

    @pytest.mark.parametrize(("encoding", "dots"), [("utf-8", "…"), ("ascii", "...")])
    def test_a_slow_server_is_waited_for_in_sight(self, serve: Serve, encoding: str, dots: str) -> None:
        server = serve(ALLOW, after=0.4)
        ended = in_terminal("check", server.url, "--origin", PAGE, environment={"PYTHONIOENCODING": encoding})
        assert ended.status == 0
        assert f"Waiting for http://127.0.0.1:{server.port} (GET) {dots}" in ended.out
        assert "\\u" not in ended.out

    def test_nothing_but_the_object_with_json(self, serve: Serve) -> None:
        ended = in_terminal("check", serve(ALLOW, after=0.3).url, "--origin", PAGE, "--json")
        assert json.loads(ended.out)["allowed"] is True

    def test_no_progress_in_a_pipe(self, serve: Serve) -> None:
        ended = run("check", serve(ALLOW, after=0.2).url, "--origin", PAGE)
        assert (ended.status, ended.err) == (0, "")

    @pytest.mark.parametrize("columns", [40, 60, 80, 120])
    def test_columns(self, serve: Serve, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        ended = check(serve(ALLOW).url, "--credentials", "include", "-X", "PUT", "-d", "{}")
        lines = [line for line in ended.out.split("\n") if not line.startswith("    https://")]
        assert max(map(len, lines)) <= columns

    def test_an_encoding_without_unicode(self, serve: Serve) -> None:
        ended = check(serve(ALLOW).url, encoding="ascii")
        assert ended.out.startswith("ok Allowed: ")
