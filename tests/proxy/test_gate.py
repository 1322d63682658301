"""Who is let in, before any target is contacted."""

from __future__ import annotations

import pytest

from crossorigin.policy import Policy
from crossorigin.proxy.gate import SANDBOX, Gate
from crossorigin.proxy.grants import Grants
from crossorigin.proxy.heads import RequestHead
from crossorigin.proxy.hosts import Callers
from crossorigin.proxy.plan import Client, Reply
from crossorigin.proxy.rates import Rates

from .cors_heads import ALLOWED, CLIENT, pairs, replied, request


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def gate(*, rates: Rates | None = None, requires_origin: bool = False) -> Gate:
    grants = Grants(Policy(allow_origins=[ALLOWED]))
    return Gate(grants, clock=Clock(), rates=rates, requires_origin=requires_origin)


LET_IN = {
    "an allowed origin": request("GET /", "Sec-Fetch-Mode: cors"),
    "an allowed origin of another site": request("GET /", "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: cross-site"),
    "curl": request("GET /", origin=None),
    "a URL that somebody typed": request("GET /", "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", origin=None),
    "an image of a page on this machine": request(
        "GET /", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors", origin=None
    ),
    "OPTIONS that is no preflight": request("OPTIONS /"),
    "a WebSocket": request("GET /", "Connection: Upgrade", "Upgrade: websocket", "Sec-Fetch-Mode: websocket"),
}
KEPT_OUT = {
    "another origin": (
        request("GET /", origin="http://evil.example"),
        (
            "Pages of http://evil.example may not use this proxy. To allow them, start it with --allow-origin "
            "http://evil.example"
        ),
    ),
    "the proxy's own origin": (
        request("POST /", "Sec-Fetch-Site: same-origin", origin="http://localhost:3001"),
        (
            "Pages of http://localhost:3001 may not use this proxy. To allow them, start it with --allow-origin "
            "http://localhost:3001"
        ),
    ),
    "null": (
        request("GET /", origin="null"),
        (
            "Pages of null may not use this proxy. An origin of null is anybody's: serve the page from "
            "http://localhost instead of from a file."
        ),
    ),
    "a WebSocket of another origin": (
        request("GET /", "Connection: Upgrade", "Upgrade: websocket", origin="https://evil.example"),
        (
            "Pages of https://evil.example may not use this proxy. To allow them, start it with --allow-origin "
            "https://evil.example"
        ),
    ),
    "two origins": (
        request("GET /", f"Origin: {ALLOWED}"),
        f"Pages of {ALLOWED}, {ALLOWED} may not use this proxy. Browsers send one Origin.",
    ),
    "an image of another site": (
        request("GET /", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", origin=None),
        (
            'A page of another site asks without Origin, and could not read the answer: call fetch() with mode "cors", '
            "or give the element the attribute crossorigin."
        ),
    ),
    "a link of another site": (
        request("GET /", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", origin=None),
        (
            'A page of another site asks without Origin, and could not read the answer: call fetch() with mode "cors", '
            "or give the element the attribute crossorigin."
        ),
    ),
    # DNS rebinding: the page has its own name point here, and is same-origin with us as far as its browser knows.
    "another host": (
        request("GET /", origin=None, host="evil.example:3001"),
        (
            "The Host 'evil.example:3001' is not one of this server's names, and could be a page of another site that "
            "had its name lead here (DNS rebinding); if it is yours, --allow-host evil.example allows it"
        ),
    ),
    "another host with an allowed origin": (
        request("GET /", host="evil.example"),
        (
            "The Host 'evil.example' is not one of this server's names, and could be a page of another site that "
            "had its name lead here (DNS rebinding); if it is yours, --allow-host evil.example allows it"
        ),
    ),
}


@pytest.mark.parametrize("head", LET_IN.values(), ids=LET_IN.keys())
def test_let_in(head: RequestHead) -> None:
    assert not isinstance(gate().admit(head, CLIENT), Reply)


@pytest.mark.parametrize(("head", "sentence"), KEPT_OUT.values(), ids=KEPT_OUT.keys())
def test_kept_out(head: RequestHead, sentence: str) -> None:
    reply = gate().admit(head, CLIENT)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body.decode()) == (403, f"{sentence}\n")
    assert pairs(reply.headers) == {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "vary": "Origin",
    }


def test_a_long_origin_is_cut_and_escaped() -> None:
    reply = gate().admit(request("GET /", origin="http://\xe9" + "a" * 5000), CLIENT)
    assert isinstance(reply, Reply)
    assert len(reply.body) < 400
    assert b"\\xe9" in reply.body


def test_what_might_be_a_document_is_sandboxed() -> None:
    end = gate().admit(request("GET /", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Site: none", origin=None), CLIENT)
    assert end == (SANDBOX, (b"vary", b"Origin"))
    end = gate().admit(request("GET /"), CLIENT)
    assert end == (SANDBOX, (b"access-control-allow-origin", ALLOWED.encode()), (b"vary", b"Origin"))
    end = gate().admit(request("GET /", "Sec-Fetch-Mode: cors"), CLIENT)
    assert end == ((b"access-control-allow-origin", ALLOWED.encode()), (b"vary", b"Origin"))


class TestRequiresOrigin:
    def test_curl_is_kept_out(self) -> None:
        reply = gate(requires_origin=True).admit(request("GET /", origin=None), CLIENT)
        assert isinstance(reply, Reply)
        assert reply.status == 403

    def test_a_form_of_an_allowed_page_is_kept_out(self) -> None:
        # Its answer would be a page of the proxy's own origin.
        reply = gate(requires_origin=True).admit(request("POST /", "Sec-Fetch-Mode: navigate"), CLIENT)
        assert isinstance(reply, Reply)
        assert reply.body == b"This proxy is for fetch() and the like, and shows no pages.\n"


class TestRates:
    def test_per_client(self) -> None:
        judge = gate(rates=Rates(per_minute=60, burst=1))
        other = Client("127.0.0.2", 1)
        assert not isinstance(judge.admit(request("GET /"), CLIENT), Reply)
        reply = judge.admit(request("GET /"), CLIENT)
        assert isinstance(reply, Reply)
        assert reply.status == 429
        assert pairs(reply.headers)["access-control-allow-origin"] == ALLOWED
        assert not isinstance(judge.admit(request("GET /"), other), Reply)

    def test_what_is_refused_costs_nothing(self) -> None:
        judge = gate(rates=Rates(per_minute=60, burst=1))
        for _ in range(3):
            reply = judge.admit(request("GET /", origin="http://evil.example"), CLIENT)
            assert isinstance(reply, Reply)
            replied(reply, 403)
            judge.admit(request("OPTIONS /", "Access-Control-Request-Method: GET"), CLIENT)
        assert not isinstance(judge.admit(request("GET /"), CLIENT), Reply)

    def test_per_target(self) -> None:
        judge = gate(rates=Rates(per_minute=60, burst=1))
        assert judge.target_wait("a.example") is None
        assert judge.target_wait("a.example") == pytest.approx(1.0)
        assert judge.target_wait("b.example") is None
        assert gate().target_wait("a.example") is None


def test_hosts_are_judged_by_whoever_is_asked() -> None:
    grants = Grants(Policy(allow_origins=[ALLOWED]))
    judge = Gate(grants, clock=Clock(), refuse_host=Callers(["proxy.test"]).host_refusal)
    assert not isinstance(judge.admit(request("GET /", host="proxy.test:3001"), CLIENT), Reply)
    reply = judge.admit(request("GET /", host="evil.test:3001"), CLIENT)
    assert isinstance(reply, Reply)
    assert b"--allow-host evil.test" in reply.body
