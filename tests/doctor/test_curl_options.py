"""curl's options. What is read is what curl itself sends to a server on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Final

import pytest

from crossorigin.doctor.curl_options import CurlOptions, CurlOptionsError, parse_options

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
JSON: Final = ("Content-Type", "application/json")
MULTIPART: Final = ("Content-Type", "multipart/form-data; boundary=------------------------crossorigin")
PART: Final = '--------------------------crossorigin\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
CLOSE: Final = "--------------------------crossorigin--\r\n"

Sent = tuple[str, list[tuple[str, str]], str | None]
"""What is behind the host, the headers and the body."""
SENT: dict[str, tuple[list[str], Sent]] = {
    "nothing": ([], ("", [], None)),
    "a body": (["-d", "a=b"], ("", [FORM], "a=b")),
    "an empty body": (["-d", ""], ("", [FORM], "")),
    "several bodies": (["-d", "a=b", "--data", "c=d", "--data-ascii", "e"], ("", [FORM], "a=b&c=d&e")),
    "bodies of all kinds": (
        ["--data-raw", "@a", "--data-binary", "b\nc", "--data-urlencode", "d e&f"],
        ("", [FORM], "@a&b\nc&d+e%26f"),
    ),
    "an encoded body with a name": (["--data-urlencode", "na me=é~_.-/="], ("", [FORM], "na me=%C3%A9~_.-%2F%3D")),
    "an encoded body without one": (["--data-urlencode", "=a=b"], ("", [FORM], "a%3Db")),
    "a body with a type of its own": (["-d", "{}", "-H", "content-type: a/b"], ("", [("content-type", "a/b")], "{}")),
    "a body without a type": (["-d", "{}", "-H", "Content-Type:"], ("", [], "{}")),
    "JSON": (["--json", '{"a":', "--json", "1}"], ("", [JSON, ("Accept", "application/json")], '{"a":1}')),
    "JSON with a type of its own": (
        ["--json", "{}", "-H", "Content-Type: application/ld+json", "-H", "Accept: */*"],
        ("", [("Content-Type", "application/ld+json"), ("Accept", "*/*")], "{}"),
    ),
    "a form": (
        ["-F", "a=b", "--form-string", "c=@d"],
        ("", [MULTIPART], PART.format("a", "b") + PART.format("c", "@d") + CLOSE),
    ),
    "a body in the URL": (["-G", "-d", "a=b", "--data-urlencode", "c=d e"], ("?a=b&c=d+e", [], None)),
    "a name and a password": (["-u", "ann:sec:ret"], ("", [("Authorization", "Basic YW5uOnNlYzpyZXQ=")], None)),
    "a token": (["--oauth2-bearer", "abc"], ("", [("Authorization", "Bearer abc")], None)),
    "a name and a header": (
        ["--user", "ann:x", "-H", "Authorization: Bearer y"],
        ("", [("Authorization", "Bearer y")], None),
    ),
    "headers": (
        ["-H", "X-A: 1", "-HX-B:2", "--header", "X-C;", "-H", "X-D:  e  "],
        ("", [("X-A", "1"), ("X-B", "2"), ("X-C", ""), ("X-D", "e")], None),
    ),
    "who asks": (
        ["-A", "me/1", "-e", "https://app.example/;auto", "-b", "a=b; c=d", "-r", "0-99"],
        (
            "",
            [
                ("User-Agent", "me/1"),
                ("Referer", "https://app.example/"),
                ("Cookie", "a=b; c=d"),
                ("Range", "bytes=0-99"),
            ],
            None,
        ),
    ),
    "what changes nothing": (
        ["-sSLvif", "--compressed", "--http1.1", "-m", "9", "-o", "-", "--connect-timeout", "9", "--no-buffer"],
        ("", [], None),
    ),
}  # fmt: skip
METHODS: dict[str, tuple[list[str], str]] = {
    "GET": ([], "GET"),
    "POST by a body": (["-d", "a"], "POST"),
    "HEAD": (["-I"], "HEAD"),
    "as it is said": (["-X", "PURGE"], "PURGE"),
    "attached": (["-XPUT", "-d", "a"], "PUT"),
    "the last one": (["-X", "PUT", "--request", "PATCH"], "PATCH"),
    "GET by -G": (["-G", "-d", "a"], "GET"),
    "HEAD by -G and -I": (["-GId", "a"], "HEAD"),
}
URL = "http://127.0.0.1/x"


class TestRead:
    """What the words say."""

    @pytest.mark.parametrize("name", SENT)
    def test_of(self, name: str) -> None:
        argv, (query, headers, body) = SENT[name]
        options = parse_options([*argv, URL])
        assert (options.urls, options.all_headers(), options.body) == ([URL + query], headers, body)

    @pytest.mark.parametrize(
        "words",
        [
            ["-X", "PUT", "-k", "x", "--resolve", "h:1:a"],
            ["x", "-kX", "PUT", "--resolve=h:1:a"],
            ["--insecure", "--url", "x", "-XPUT", "--resolve", "h:1:a"],
        ],
    )
    def test_in_any_order(self, words: list[str]) -> None:
        assert parse_options(words) == CurlOptions(urls=["x"], flags={"insecure"}, method="PUT", resolve=["h:1:a"])

    def test_whatever_the_environment_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("POSIXLY_CORRECT", "1")
        assert parse_options(["x", "-X", "PUT"]).method == "PUT"

    def test_a_value_may_look_like_an_option(self) -> None:
        assert parse_options(["--data-raw", "------WebKitFormBoundary", "x"]).body == "------WebKitFormBoundary"

    def test_a_query_before_a_fragment(self) -> None:
        assert parse_options(["-G", "-d", "b", "x?a#c"]).urls == ["x?a&b#c"]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, list[bytes]]]:
    """Answers every request with nothing, and keeps it."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    sock, _ = listener.accept()
                except OSError:
                    return
                with sock:
                    request = b""
                    while b"\r\n\r\n" not in request:
                        request += sock.recv(65536)
                    length = re.search(rb"\r\nContent-Length: (\d+)", request)
                    while length and len(request.partition(b"\r\n\r\n")[2]) < int(length[1]):
                        request += sock.recv(65536)
                    requests.append(request)
                    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], requests
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


class TestCurlItself:
    """The program sends what was read."""

    @staticmethod
    def sent(server: tuple[int, list[bytes]], argv: list[str]) -> tuple[str, str, list[tuple[str, str]], str]:
        """Method, path, headers and body."""
        curl = shutil.which("curl")
        if curl is None:
            pytest.skip("this machine has no curl")
        port, requests = server
        own = ["-q", "-s", "--noproxy", "*", "-H", "Host:", "-H", "Expect:"]
        done = subprocess.run(
            [curl, *own, *argv, f"http://127.0.0.1:{port}/x"], capture_output=True, timeout=30, check=False
        )
        if b"option" in done.stderr:
            pytest.skip(f"this curl is too old: {done.stderr.decode()}")
        assert done.returncode == 0
        head, _, body = requests[-1].decode().partition("\r\n\r\n")
        line, *fields = head.split("\r\n")
        method, path, _ = line.split(" ")
        # A boundary is as long as curl likes; what stands around it is the same.
        boundary = re.search(r"boundary=(-+\w+)", head)
        if boundary:
            fields = [field.replace(boundary[1], "------------------------crossorigin") for field in fields]
            body = body.replace(boundary[1], "------------------------crossorigin")
        pairs = [(name, value.strip()) for name, _, value in (field.partition(":") for field in fields)]
        return method, path, pairs, body

    @pytest.mark.parametrize("name", SENT)
    def test_of(self, server: tuple[int, list[bytes]], name: str) -> None:
        argv, (query, headers, body) = SENT[name]
        _, path, fields, got = self.sent(server, argv)
        assert (path, got) == (f"/x{query}", body or "")
        names = {each.lower() for each, _ in headers}
        of_its_own = {"accept", "user-agent", "content-length", "accept-encoding"} - names
        assert sorted(each for each in fields if each[0].lower() not in of_its_own) == sorted(headers)

    @pytest.mark.parametrize("name", METHODS)
    def test_methods(self, server: tuple[int, list[bytes]], name: str) -> None:
        argv, method = METHODS[name]
        # Without an end to the connection curl would wait for the body of an answer to HEAD.
        assert self.sent(server, argv)[0] == method


FILE = "names a file, which is not read; put what is in it there"
UNKNOWN = "unknown option {}; leave it away, or say what it does with the options of check"
MISTAKES: dict[str, tuple[list[str], str]] = {
    "an unknown option": (["--foo", "x"], UNKNOWN.format("--foo")),
    "an unknown letter": (["-sZ", "x"], UNKNOWN.format("-Z")),
    "one that matters and cannot be told": (["--proxy", "p", "x"], UNKNOWN.format("--proxy")),
    "a file to send": (["-T", "f", "x"], UNKNOWN.format("-T")),
    "the next request": (["x", "--next", "y"], UNKNOWN.format("--next")),
    "the beginning of several": (["--http", "x"], UNKNOWN.format("--http")),
    "a long unknown option": (["--" + "x" * 200], UNKNOWN.format("--" + "x" * 78 + "...")),
    "no value": (["x", "-H"], "-H has no value behind it"),
    "no value of a long one": (["x", "--data-raw"], "--data-raw has no value behind it"),
    "no value of one that is passed over": (["x", "-o"], "-o has no value behind it"),
    "a value too many": (["--compressed=1", "x"], "--compressed takes no value"),
    "a header without colon": (
        ["-H", "X-Key", "x"],
        "-H 'X-Key' has no colon; write it like -H 'Content-Type: application/json'",
    ),
    "headers of a file": (["-H", "@h.txt", "x"], f"-H '@h.txt' {FILE}"),
    "a body of a file": (["-d", "@b.json", "x"], f"-d '@b.json' {FILE}"),
    "a binary body of a file": (["--data-binary", "@-", "x"], f"--data-binary '@-' {FILE}"),
    "JSON of a file": (["--json", "@b.json", "x"], f"--json '@b.json' {FILE}"),
    "an encoded body of a file": (["--data-urlencode", "a@b", "x"], f"--data-urlencode 'a@b' {FILE}"),
    "cookies of a file": (["-b", "jar.txt", "x"], f"-b 'jar.txt' {FILE}"),
    "a form's file": (["-F", "a=@b.png", "x"], f"-F 'a=@b.png' {FILE}"),
    "a form's text of a file": (["-F", "a=<b.txt", "x"], f"-F 'a=<b.txt' {FILE}"),
    "a form without value": (["--form", "a", "x"], "--form 'a' has no '='; write it like --form name=value"),
    "a name without password": (["-u", "ann", "x"], "-u 'ann' has no password; write it like -u name:password"),
    "too many words": (["-Ha:b"] * 1001, "it has 1,001 words, and 1,000 are read at most"),
    "half a character": (
        ["-u", "ann:\ud83d", "x"],
        r"-u 'ann:\ud83d' holds half a character, which no program can be given; leave it away",
    ),
    "a long value": (["-b", "x" * 200], f"-b '{'x' * 80}...' {FILE}"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(name: str) -> None:
    words, message = MISTAKES[name]
    with pytest.raises(CurlOptionsError) as caught:
        parse_options(words)
    assert str(caught.value) == message
