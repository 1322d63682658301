"""Real clients through the development proxy: EventSource, WebSocket and fetch() of Chromium, a long upload, and curl.

The rows named here are those of what people report about other development proxies.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import Final, TypeAlias

import pytest
from tests.proxy.backends import SECONDS, Speaker, counter, in_thread, sockets, speaker
from tests.proxy.command import running
from tests.proxy.pages import Page, tabs

from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.record import Record
from crossorigin.proxy.route import Route
from crossorigin.proxy.server import ProxyServer
from crossorigin.proxy.target import parse_target

MIB: Final = 1024 * 1024
Asks: TypeAlias = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[[], Page]]:
    with tabs() as started:
        yield started


@pytest.fixture
def page(chromium: Callable[[], Page], proxy: str) -> Iterator[Page]:
    """A new tab with the backend's page, through the proxy."""
    tab = chromium()
    tab.open(proxy)
    yield tab
    tab.close()


@pytest.fixture
def backend() -> Iterator[Speaker]:
    with in_thread(speaker) as started:
        yield started


@pytest.fixture
def records() -> Queue[Record]:
    return Queue()


@pytest.fixture
def proxy(backend: Speaker, records: Queue[Record]) -> Iterator[str]:
    """The URL of a proxy before the backend, and before a server of WebSockets at /socket."""
    with in_thread(sockets) as port:
        front = DevelopmentFront(
            [Route("/socket", parse_target(f"ws://127.0.0.1:{port}"))], Route("/", parse_target(backend.url))
        )
        with ProxyServer(front, port=0, on_record=records.put).in_thread() as server:
            yield server.url


@pytest.mark.xdist_group("browser-chromium")
class TestEventSource:
    """vitejs/vite#12157, #13522, #20712, vercel/next.js#45048."""

    @pytest.fixture(autouse=True)
    def opened(self, page: Page, backend: Speaker) -> None:
        page.evaluate(
            """(() => {
              window.seen = [];
              window.errors = 0;
              window.source = new EventSource("/events");
              source.onmessage = ({ data }) => seen.push(data);
              source.onerror = () => { errors += 1; };
            })()"""
        )
        assert backend.news.get(timeout=SECONDS) == "open"

    def test_each_event_arrives_before_the_next_is_said(self, page: Page, backend: Speaker) -> None:
        for number in range(1, 21):
            backend.say(b"data: %d\n\n" % number)
            assert page.until(f"seen.length >= {number} && seen.join()") == ",".join(map(str, range(1, number + 1)))

    def test_half_an_event_is_handed_on_and_the_rest_when_it_comes(self, page: Page, backend: Speaker) -> None:
        for piece in (b"data: o", b"ne\n", b"\n", b"data: two\n\n"):
            backend.say(piece)
        assert page.until("seen.length >= 2 && seen.join()") == "one,two"

    def test_the_backend_learns_that_the_page_was_closed(self, page: Page, backend: Speaker) -> None:
        page.close()
        assert backend.news.get(timeout=SECONDS) == "left"

    def test_the_backend_learns_that_the_stream_was_closed(self, page: Page, backend: Speaker) -> None:
        backend.say(b"data: 1\n\n")
        page.until("seen.length")
        page.evaluate("source.close()")
        assert backend.news.get(timeout=SECONDS) == "left"

    def test_the_page_learns_that_the_backend_died_and_asks_again(self, page: Page, backend: Speaker) -> None:
        backend.say(b"retry: 10\ndata: 1\n\n")
        page.until("seen.length")
        backend.die()
        assert page.until("errors") >= 1
        # EventSource itself asks again; the aborted handler has said so before.
        assert backend.news.get(timeout=SECONDS) == "left"
        assert backend.news.get(timeout=SECONDS) == "open"
        backend.say(b"data: 2\n\n")
        assert page.until("seen.length >= 2 && seen.join()") == "1,2"


@pytest.mark.xdist_group("browser-chromium")
class TestStream:
    """The body of a response, read by script as it comes."""

    @pytest.fixture(autouse=True)
    def opened(self, page: Page, backend: Speaker) -> None:
        page.evaluate(
            """(() => {
              window.text = "";
              window.outcome = "";
              window.controller = new AbortController();
              (async () => {
                const response = await fetch("/stream", { signal: controller.signal });
                for await (const piece of response.body) text += new TextDecoder().decode(piece);
              })().then(() => { outcome = "complete"; }, (error) => { outcome = error.name; });
            })()"""
        )
        assert backend.news.get(timeout=SECONDS) == "open"

    def test_a_response_that_was_cut_never_looks_complete(self, page: Page, backend: Speaker) -> None:
        backend.say(b"half")
        assert page.until("text") == "half"
        backend.die()
        assert page.until("outcome") == "TypeError"

    def test_the_backend_learns_that_script_gave_up(self, page: Page, backend: Speaker) -> None:
        backend.say(b"half")
        page.until("text")
        page.evaluate("controller.abort()")
        assert page.until("outcome") == "AbortError"
        assert backend.news.get(timeout=SECONDS) == "left"


@pytest.mark.xdist_group("browser-chromium")
class TestWebSocket:
    """vitejs/vite#2974, #7445, #12664; webpack/webpack-dev-server#1642: an error of one ends nothing else."""

    @pytest.fixture(autouse=True)
    def opened(self, page: Page) -> None:
        page.evaluate(
            """(() => {
              window.connect = () => new Promise((open) => {
                window.seen = [];
                window.ending = null;
                window.socket = new WebSocket(`ws://${location.host}/socket/echo`);
                socket.onmessage = ({ data }) => seen.push(data);
                socket.onclose = ({ code, wasClean }) => { ending = [code, wasClean]; };
                socket.onopen = () => open(true);
                socket.onerror = () => open(false);
              });
              return connect();
            })()"""
        )

    def test_what_is_said_comes_back(self, page: Page) -> None:
        page.evaluate('["a", "ä", "", "x".repeat(300000)].forEach((each) => socket.send(each))')
        assert page.until("seen.length == 4 && seen.map((each) => each.length)") == [1, 1, 0, 300_000]

    def test_a_clean_end_is_clean_on_the_other_side(self, page: Page, records: Queue[Record]) -> None:
        page.evaluate('socket.close(4001, "done")')
        # The backend answers the close frame with the same code.
        assert page.until("ending") == [4001, True]
        ended = next(each for each in iter(lambda: records.get(timeout=SECONDS), None) if each.is_upgrade)
        assert (ended.path, ended.status, ended.why) == ("/socket/echo", 101, "")

    def test_a_broken_one_is_broken_and_the_next_one_works(self, page: Page) -> None:
        page.evaluate('socket.send("die")')
        assert page.until("ending") == [1006, False]
        assert page.evaluate("connect()") is True
        page.evaluate('socket.send("again")')
        assert page.until("seen.length && seen[0]") == "again"
        assert page.evaluate('fetch("/upload").then((response) => response.text())') == "0"

    def test_a_path_without_one_is_an_error_of_that_socket_only(self, page: Page) -> None:
        failed = """new Promise((end) => {
          const socket = new WebSocket(`ws://${location.host}/seen`);
          socket.onclose = ({ code }) => end(code);
        })"""
        assert page.evaluate(failed) == 1006
        page.evaluate('socket.send("still here")')
        assert page.until("seen.length && seen[0]") == "still here"


@pytest.mark.xdist_group("browser-chromium")
class TestUpload:
    """Of a page: chimurai/http-proxy-middleware#265, vitejs/vite#14611, express-http-proxy#238."""

    def test_a_blob_arrives_whole(self, page: Page) -> None:
        size = 64 * MIB
        sent = f'fetch("/upload", {{ method: "POST", body: new Blob([new Uint8Array({size})]) }})'
        assert page.evaluate(f"{sent}.then((response) => response.text())") == str(size)

    def test_a_form_with_a_file_arrives(self, page: Page) -> None:
        form = 'const form = new FormData(); form.append("file", new File([new Uint8Array(100000)], "a.bin"));'
        sent = f'(() => {{ {form} return fetch("/upload", {{ method: "PUT", body: form }}); }})()'
        assert int(page.evaluate(f"{sent}.then((response) => response.text())")) > 100_000

    def test_an_early_refusal_is_read(self, page: Page) -> None:
        sent = f'fetch("/refused", {{ method: "POST", body: new Blob([new Uint8Array({16 * MIB})]) }})'
        told = f"{sent}.then(async (response) => [response.status, await response.text()])"
        assert page.evaluate(told) == [413, "too large, and said so at once"]

    def test_a_stream_is_for_http_2_with_and_without_a_proxy(self, page: Page, backend: Speaker) -> None:
        # Chromium sends a body that script makes on the way over HTTP/2 only: test_real_tls.py has it. Here it says so
        # as it does without us.
        sent = """fetch("/upload", {
          method: "POST", duplex: "half",
          body: new ReadableStream({ start(body) { body.enqueue(new Uint8Array(9)); body.close(); } }),
        }).then((response) => response.text(), (error) => error.name)"""
        through = page.evaluate(sent)
        page.open(backend.url)
        assert through == page.evaluate(sent) == "TypeError"


@pytest.mark.xdist_group("proxy-2-gib")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc, which is Linux's")
def test_two_gib_go_up_in_constant_memory(tmp_path: Path) -> None:
    size = 2048 * MIB
    with in_thread(counter) as port, running(tmp_path, "--route", f"/upload=http://127.0.0.1:{port}") as proxy:
        idle = peak(proxy.pid)
        host, _, proxy_port = proxy.url.removeprefix("http://").rpartition(":")
        with socket.create_connection((host, int(proxy_port)), SECONDS) as client:
            head = f"PUT /upload HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
            client.sendall(head.encode())
            zeros = memoryview(bytes(MIB))
            for _ in range(size // MIB):
                client.sendall(zeros)
            answer = b"".join(iter(lambda: client.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\n%d" % size)
        assert peak(proxy.pid) - idle < 64 * MIB


def peak(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    (line,) = [
        line for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines() if line[:6] == "VmHWM:"
    ]
    return int(line.split()[1]) * 1024


class TestCurl:
    """The versions and the manners that browsers do not have."""

    @pytest.fixture
    def curl(self) -> str:
        found = shutil.which("curl")
        if found is None:
            pytest.skip("curl is not installed (Debian's package curl; `make test` as root installs it)")
        return found

    @pytest.fixture
    def ask(self, curl: str, proxy: str) -> Asks:
        """curl with arguments, for a path: what came, and what it tells of the dialogue."""

        def ask(path: str, *arguments: str) -> tuple[str, str]:
            done = subprocess.run(
                [curl, "--silent", "--verbose", "--max-time", str(SECONDS), *arguments, proxy + path],
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            return done.stdout, done.stderr

        return ask

    def test_http_1_0_gets_the_body_up_to_the_end(self, ask: Asks) -> None:
        answer, dialogue = ask("/upload", "--http1.0")
        assert answer == "0"
        assert "\n> GET /upload HTTP/1.0" in dialogue
        assert "transfer-encoding" not in dialogue.lower()

    def test_http_1_0_is_never_sent_chunks(self, ask: Asks, backend: Speaker) -> None:
        # aiohttp sends a stream to our HTTP/1.1 in chunks; it ends when the handler does.
        answer, dialogue = ask("/told", "--http1.0")
        assert answer == "one two three"
        assert "transfer-encoding" not in dialogue.lower()

    def test_an_upgrade_to_http_2_is_not_handed_on(self, ask: Asks, curl: str) -> None:
        if "HTTP2" not in subprocess.run([curl, "--version"], capture_output=True, text=True, check=True).stdout:
            pytest.skip("this curl is made without HTTP/2")
        answer, dialogue = ask("/seen", "--http2")
        assert "\n> Upgrade: h2c" in dialogue
        assert "\n< HTTP/1.1 200 OK" in dialogue
        assert {name for name, _ in json.loads(answer)} & {"upgrade", "http2-settings", "connection"} == set()

    def test_continue_is_said_by_the_backend(self, ask: Asks, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.write_bytes(bytes(4 * MIB))
        answer, dialogue = ask(
            "/upload", "--expect100-timeout", str(SECONDS), "-H", "Expect: 100-continue", "-T", str(file)
        )
        assert answer == str(4 * MIB)
        assert dialogue.index("\n< HTTP/1.1 100 Continue") < dialogue.index("\n< HTTP/1.1 200 OK")

    def test_a_refusal_comes_instead_of_continue(self, ask: Asks, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.write_bytes(bytes(4 * MIB))
        answer, dialogue = ask(
            "/refused", "--expect100-timeout", str(SECONDS), "-H", "Expect: 100-continue", "-T", str(file)
        )
        assert answer == "too large, and said so at once"
        assert "\n< HTTP/1.1 413 " in dialogue

    def test_one_connection_serves_several_requests(self, ask: Asks, proxy: str) -> None:
        _, dialogue = ask("/upload", f"{proxy}/upload", f"{proxy}/upload")
        assert dialogue.count("Re-using existing connection") == 2
