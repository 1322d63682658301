"""The any-target front: heads in, plans out, redirects and all."""

from __future__ import annotations

from typing import Any

import pytest

from crossorigin.policy import Policy
from crossorigin.proxy.anywhere import ANYWHERE_LIMITS, ANYWHERE_POLICY, AnywhereFront
from crossorigin.proxy.cors import CorsFrontError
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.plan import Client, Failure, Forward
from crossorigin.proxy.rates import Rates
from crossorigin.proxy.target import Target

from .cors_heads import ALLOWED, CLIENT, forwarded, pairs, replied, request, response

HERE = {"access-control-allow-origin": ALLOWED, "access-control-expose-headers": "*", "vary": "Origin"}
SENT = (
    "Accept: application/json",
    "Accept-Encoding: gzip",
    "User-Agent: Mozilla/5.0",
    "X-Api-Key: 7",
    "Cookie: a=1",
    f"Referer: {ALLOWED}/",
    "X-Forwarded-For: 10.0.0.1",
    "Sec-Fetch-Mode: cors",
    "Sec-CH-UA: x",
)


def front(**options: Any) -> AnywhereFront:
    return AnywhereFront(clock=lambda: 0.0, **options)


def planned(line: str, *fields: str) -> Forward:
    return forwarded(front().plan(request(line, *fields), CLIENT))


class TestPlan:
    def test_a_request(self) -> None:
        plan = planned("GET /https://api.example.com/users?page=2", *SENT)
        assert plan.target == Target("https", "api.example.com", 443, only_public=True)
        assert (plan.method, plan.path, plan.route) == (b"GET", b"/users?page=2", "anywhere")
        assert plan.limits == ANYWHERE_LIMITS
        assert not plan.may_upgrade
        assert pairs(plan.headers) == {
            "host": "api.example.com",
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": "Mozilla/5.0",
            "x-api-key": "7",
        }

    def test_its_response(self) -> None:
        plan = planned("GET /https://api.example.com/users?page=2", *SENT)
        fields = (
            "ETag: 1",
            "Set-Cookie: a=1",
            "Access-Control-Allow-Origin: null",
            "X-Final-URL: https://evil.example",
        )
        assert pairs(plan.respond(response(200, *fields))) == {
            "etag": "1",
            "x-final-url": "https://api.example.com/users?page=2",
            **HERE,
        }

    @pytest.mark.parametrize("target", ["[2606:4700::1]", "[2606:4700::1]:80"])
    def test_an_address(self, target: str) -> None:
        plan = planned(f"GET /http://{target}/")
        assert plan.target == Target("http", "2606:4700::1", 80, only_public=True)
        assert pairs(plan.headers)["host"] == "[2606:4700::1]"

    @pytest.mark.parametrize("origin", ["https://a.example", "null", None])
    def test_who_is_not_of_this_machine(self, origin: str | None) -> None:
        replied(front().plan(request("GET /https://api.example.com/", origin=origin), CLIENT), 403)

    @pytest.mark.parametrize(
        "origin", ["http://localhost:5173", "https://localhost", "http://127.0.0.1:8000", "http://[::1]:3000"]
    )
    def test_who_is(self, origin: str) -> None:
        plan = front().plan(request("GET /https://api.example.com/", origin=origin), CLIENT)
        assert pairs(forwarded(plan).respond(response(200)))["access-control-allow-origin"] == origin

    def test_what_is_refused_can_be_read(self) -> None:
        reply = replied(front().plan(request("GET /http://127.0.0.1/"), CLIENT), 403)
        assert b"is loopback" in reply.body
        assert HERE.items() <= pairs(reply.headers).items()

    def test_authorization_is_for_named_targets(self) -> None:
        head = request("GET /https://api.example.com/a", "Authorization: Bearer secret")
        assert replied(front().plan(head, CLIENT), 403).body == (
            b"Authorization is sent to a named target only: start the proxy with --cors https://api.example.com\n"
        )

    def test_a_preflight_is_answered_here(self) -> None:
        asks = ("Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-a,authorization")
        replied(front().plan(request("OPTIONS /https://api.example.com/", *asks), CLIENT), 204)
        head = request("OPTIONS /https://api.example.com/", *asks, origin="https://evil.example")
        replied(front().plan(head, CLIENT), 403)

    def test_no_upgrade(self) -> None:
        plan = planned("GET /https://api.example.com/", "Connection: Upgrade", "Upgrade: websocket")
        assert not plan.may_upgrade

    def test_limits_of_a_client_and_of_a_target(self) -> None:
        limited = front(rates=Rates(per_minute=60, burst=2))
        url = "GET /https://api.example.com/"
        for _ in range(2):
            forwarded(limited.plan(request(url), CLIENT))
        replied(limited.plan(request("GET /https://b.example/"), CLIENT), 429)
        replied(limited.plan(request(url), Client("127.0.0.2", 1)), 429)
        forwarded(limited.plan(request("GET /https://b.example/"), Client("127.0.0.2", 1)))


class TestPolicy:
    def test_the_final_url_is_exposed(self) -> None:
        policy = Policy(allow_origins=[ALLOWED], expose_headers=["etag"])
        plan = forwarded(front(policy=policy).plan(request("GET /https://a.example/"), CLIENT))
        assert pairs(plan.respond(response(200)))["access-control-expose-headers"] == "etag,x-final-url"

    def test_never_with_credentials(self) -> None:
        with pytest.raises(CorsFrontError, match="name it with --cors"):
            AnywhereFront(Policy(allow_origins=[ALLOWED], allow_credentials=True))

    def test_the_default_has_none(self) -> None:
        assert not ANYWHERE_POLICY.allow_credentials
        assert "*" not in ANYWHERE_POLICY.allow_origins


def after(status: int, location: str, line: str = "GET /https://api.example.com/a", *fields: str) -> Any:
    plan = planned(line, *fields)
    assert plan.follow is not None
    return plan.follow(response(status, f"Location: {location}"))


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_to_the_same_server(self, status: int) -> None:
        plan = forwarded(after(status, "/b?c#d", "GET /https://api.example.com/a", *SENT))
        assert (plan.method, plan.path, plan.target.host) == (b"GET", b"/b?c", "api.example.com")
        assert pairs(plan.headers)["x-api-key"] == "7"
        assert pairs(plan.respond(response(200)))["x-final-url"] == "https://api.example.com/b?c"

    @pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 404])
    def test_of_other_statuses(self, status: int) -> None:
        assert after(status, "/b") is None

    def test_without_a_location(self) -> None:
        plan = planned("GET /https://api.example.com/")
        assert plan.follow is not None
        assert plan.follow(response(302)) is None

    @pytest.mark.parametrize(
        ("url", "location"),
        [
            ("https://api.example.com/", "https://other.example.com/"),
            ("https://api.example.com/", "http://api.example.com/"),
            ("http://api.example.com/", "http://www.api.example.com/"),
        ],
    )
    def test_to_another_server_nothing_of_the_page_goes(self, url: str, location: str) -> None:
        fields = (*SENT, "Content-Language: de", "X-Token: t")
        plan = forwarded(after(302, location, f"GET /{url}", *fields))
        assert pairs(plan.headers) == {
            "host": plan.target.authority,
            "accept": "application/json",
            "accept-encoding": "gzip",
            "user-agent": "Mozilla/5.0",
            "content-language": "de",
        }

    def test_to_https_of_the_same_host_it_does(self) -> None:
        plan = forwarded(after(301, "https://api.example.com/", "GET /http://api.example.com/", *SENT))
        assert plan.target.port == 443
        assert pairs(plan.headers)["x-api-key"] == "7"

    @pytest.mark.parametrize(
        ("location", "words"),
        [
            ("http://127.0.0.1/", "is loopback"),
            ("http://169.254.169.254/latest/meta-data/", "metadata service"),
            ("http://[::ffff:10.0.0.1]/", "which is private"),
            ("https://api.example.com:8443/", "Port 8443"),
            ("https://user@api.example.com/", "user name or password"),
            ("file:///etc/passwd", "not a URL"),
            ("ftp://a.example/", "ftp URLs are not fetched"),
            ("https://[", "not a URL"),
        ],
    )
    def test_each_hop_is_judged(self, location: str, words: str) -> None:
        reply = replied(after(302, location), 502)
        assert words in reply.body.decode()
        assert HERE.items() <= pairs(reply.headers).items()

    def test_a_name_is_judged_by_its_address_on_every_hop(self) -> None:
        assert forwarded(after(302, "http://rebind.example/")).target.only_public

    def test_five_and_no_more(self) -> None:
        plan = planned("GET /https://api.example.com/0")
        for hop in range(1, 6):
            assert plan.follow is not None
            plan = forwarded(plan.follow(response(302, f"Location: /{hop}")))
        assert plan.path == b"/5"
        assert plan.follow is not None
        reply = replied(plan.follow(response(302, "Location: /6")), 502)
        assert reply.body == b"There were more than 5 redirects; the last one is to https://api.example.com\n"

    @pytest.mark.parametrize(
        ("method", "status", "next_method"),
        [
            ("POST", 301, "GET"),
            ("POST", 302, "GET"),
            ("POST", 303, "GET"),
            ("PUT", 303, "GET"),
            ("HEAD", 303, "HEAD"),
            ("HEAD", 302, "HEAD"),
            ("DELETE", 302, "DELETE"),
            ("DELETE", 307, "DELETE"),
            ("POST", 307, "POST"),
        ],
    )
    def test_methods_without_a_body(self, method: str, status: int, next_method: str) -> None:
        plan = forwarded(after(status, "/b", f"{method} /https://api.example.com/a"))
        assert (plan.method.decode(), plan.sends_body) == (next_method, True)

    @pytest.mark.parametrize(("method", "status"), [("POST", 302), ("POST", 303), ("PUT", 303)])
    def test_a_body_that_is_dropped(self, method: str, status: int) -> None:
        fields = ("Content-Length: 3", "Content-Type: application/json", "Content-Encoding: gzip", "X-A: 1")
        plan = forwarded(after(status, "/b", f"{method} /https://api.example.com/a", *fields))
        assert (plan.method, plan.sends_body) == (b"GET", False)
        assert pairs(plan.headers) == {"host": "api.example.com", "x-a": "1"}

    @pytest.mark.parametrize(("method", "status"), [("POST", 307), ("POST", 308), ("PUT", 302), ("PATCH", 301)])
    def test_a_body_that_has_gone_by(self, method: str, status: int) -> None:
        reply = replied(after(status, "/b", f"{method} /https://api.example.com/a", "Content-Length: 3"), 502)
        assert reply.body == (
            b"https://api.example.com redirects a request with a body to https://api.example.com/b, and the body has "
            b"gone by: send it there.\n"
        )


def test_failures_can_be_read_by_the_page() -> None:
    head: RequestHead = request("GET /https://api.example.com/")
    reply = front().failed(head, CLIENT, Failure(504, "silence for 30 s", "https://api.example.com"), "anywhere")
    assert (reply.status, reply.body) == (504, b"https://api.example.com gave no answer: silence for 30 s.\n")
    assert HERE.items() <= pairs(reply.headers).items()
    assert front().rejected(400, "No.").status == 400
