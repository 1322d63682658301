"""What users of other proxies complain about, row by row, and which tests show that it is otherwise here.

The rows were gathered from the issue threads of Vite, webpack, http-proxy, Next.js, Angular, Create React App and
cors-anywhere; the tests name them. A row without a test, or a test that is no longer there, fails.
"""

from __future__ import annotations

import ast
import socket
import threading
from pathlib import Path
from typing import Final

import pytest
from tests.proxy.net import Peer, backend, connect, proxy

from crossorigin.proxy import DevelopmentFront, Limits, ProxyServer, Route, parse_target

HERE: Final = Path(__file__).parent

ROWS: Final = {
    "SSE: the browser closes, the backend never learns": (
        "test_exchange.py::test_a_client_that_leaves_is_told_to_the_backend",
        "test_real_clients.py::test_the_backend_learns_that_the_page_was_closed",
    ),
    "SSE: the backend dies, the browser never learns": (
        "test_exchange.py::test_half_an_answer_is_never_a_whole_one",
        "test_real_clients.py::test_the_page_learns_that_the_backend_died_and_asks_again",
    ),
    "SSE arrives all at once": (
        "test_exchange.py::test_each_event_at_once",
        "test_real_clients.py::test_each_event_arrives_before_the_next_is_said",
    ),
    "a WebSocket error kills the dev server": (
        "test_tunnel.py::test_when_one_end_goes_so_does_the_other",
        "test_real_clients.py::test_a_broken_one_is_broken_and_the_next_one_works",
    ),
    "WS proxy and HMR fight over upgrade": (
        "test_development.py::test_upgrades",
        "test_webpack.py::test_its_socket_and_one_of_a_backend_live_side_by_side",
    ),
    "WS works only after a first GET": (
        "test_tunnel.py::test_any_protocol",
        "test_real_pages.py::test_a_socket_is_the_first_that_comes",
    ),
    "WS through rewrites": ("test_complaints.py::test_a_socket_over_a_route_that_rewrites",),
    "socket leaks": ("test_server.py::test_no_descriptor_is_left",),
    "a new TCP connection per request": ("test_client.py::test_two_hundred_requests_are_one_connection",),
    "changeOrigin does not change Origin": ("test_rewriting.py::test_host_and_origin_are_two_things",),
    "Secure cookie lost on http": (
        "test_cookies.py::test_on_plain_http",
        "test_real_pages.py::test_a_cookie_of_the_backends_domain_comes_back",
    ),
    "cookie domain rewrite confusing": (
        "test_cookies.py::test_on_plain_http",
        "test_real_pages.py::test_a_cookie_of_the_backends_domain_comes_back",
    ),
    "redirect leaves the proxy; gaps at 303 and 201; prefix not restored": (
        "test_location.py::test_restore",
        "test_location.py::test_statuses",
        "test_real_pages.py::test_a_redirect_stays_with_the_proxy",
    ),
    "localhost = ::1 vs 127.0.0.1": ("test_dial.py::test_whichever_it_is",),
    "self-signed backend": ("test_dial.py::test_one_that_nobody_knows", "test_dial.py::test_any_certificate"),
    "prefix takes source modules or other routes": (
        "test_routes.py::test_find",
        "test_vite.py::test_a_route_takes_its_paths_and_no_module_of_a_like_name",
    ),
    "patterns change their meaning; misses are silent": ("test_routes.py::test_a_miss",),
    "surprises of first-match order": ("test_routes.py::test_find",),
    "backend down: hang, 500, or empty 502": (
        "test_answers.py::test_as_a_page",
        "test_development.py::test_the_page_for_a_backend_that_is_down",
        "test_dial.py::test_a_backend_that_is_being_restarted_is_waited_for",
    ),
    "POST hangs after a body parser": ("test_exchange.py::test_a_body_goes_on_while_it_comes",),
    "early 413 becomes a connection reset": (
        "test_exchange.py::test_it_reaches_a_client_that_still_sends",
        "test_real_clients.py::test_an_early_refusal_is_read",
    ),
    "uploads buffered or slow": ("test_real_clients.py::test_two_gib_go_up_in_constant_memory",),
    "long replies cut at 30 s": ("test_complaints.py::test_a_long_answer_is_not_cut",),
    "431 for big cookies on localhost": (
        "test_smuggling.py::test_a_head_without_end",
        "test_real_pages.py::test_cookies_of_many_projects_arrive_and_too_many_are_named",
    ),
    "HTTP/2 and proxy exclude each other": (
        "test_asgi.py::test_http_2_with_the_client",
        "test_real_tls.py::test_what_script_sends_piece_by_piece_arrives_so",
    ),
    "hop-by-hop headers passed on": ("test_heads.py::test_hop_by_hop_fields_end_here",),
    "cors-anywhere: credentials": ("test_cors.py::test_settings_that_cannot_be",),
    "cors-anywhere: abuse of the demo": ("test_anywhere.py::test_who_is_not_of_this_machine",),
    "compressed bodies broken by CORS proxies": ("test_exchange.py::test_bytes_are_not_looked_into",),
    "URL normalised by a server in front": ("test_named_url.py::test_read",),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_its_tests(row: str) -> None:
    assert ROWS[row]
    for each in ROWS[row]:
        file, _, name = each.partition("::")
        tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, each


def test_a_socket_over_a_route_that_rewrites() -> None:
    """vercel/next.js#23147, #44209: over a rewrite the socket was never opened."""

    def serve(peer: Peer) -> None:
        asked.append(peer.head().partition(b"\r\n")[0])
        peer.send(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello")
        peer.all()

    asked: list[bytes] = []
    with backend(serve) as behind:
        route = Route("/socket", parse_target(f"{behind.url}/v1"), strip_prefix=True)
        with ProxyServer(DevelopmentFront([route]), port=0).in_thread() as server:
            peer = Peer(socket.create_connection(("127.0.0.1", server.port)))
            peer.send(
                b"GET /socket/chat?a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            )
            assert peer.head().startswith(b"HTTP/1.1 101 ")
            assert peer.exactly(5) == b"hello"
            peer.close()
    assert asked == [b"GET /v1/chat?a HTTP/1.1"]


def test_a_long_answer_is_not_cut() -> None:
    """vercel/next.js#36251: there was a limit for the whole. Here silence has one, before the answer and within it."""

    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(8):
            threading.Event().wait(0.5)
            peer.send(b"x")

    with backend(serve) as behind, proxy(behind.url, Limits(response=1.0, idle=2.0)) as server:
        peer = connect(server)
        peer.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert peer.all().endswith(8 * b"1\r\nx\r\n" + b"0\r\n\r\n")
