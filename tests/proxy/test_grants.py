"""What a policy adds to responses, and the proxy's own answers under it."""

from __future__ import annotations

import pytest

from crossorigin.policy import Policy
from crossorigin.proxy.grants import Grants

from .cors_heads import ALLOWED, pairs, request

PLAIN = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}


class TestEnd:
    def test_of_an_allowed_origin(self) -> None:
        grants = Grants(Policy(allow_origins=[ALLOWED], expose_headers=["etag"]))
        expected = {
            "access-control-allow-origin": ALLOWED,
            "access-control-expose-headers": "etag",
            "vary": "Origin",
        }
        for _ in range(2):
            assert pairs(grants.end(ALLOWED.encode()) or ()) == expected

    @pytest.mark.parametrize("origin", [b"http://localhost:3001", b"null", b"", b"http://" + b"a" * 100_000])
    def test_of_another(self, origin: bytes) -> None:
        grants = Grants(Policy(allow_origins=[ALLOWED]))
        assert grants.end(origin) is None
        assert pairs(grants.nobody) == {"vary": "Origin"}

    def test_of_anybody(self) -> None:
        grants = Grants(Policy(allow_origins=["*"]))
        assert grants.end(b"https://a.example") == grants.nobody == ((b"access-control-allow-origin", b"*"),)

    def test_what_is_kept_is_bounded(self) -> None:
        grants = Grants(Policy(allow_origins=["http://localhost:*"]))
        for port in range(1024, 1024 + 1500):
            assert grants.end(b"http://localhost:%d" % port) is not None
        assert len(grants._ends) == 1024


class TestMerged:
    def test_vary_is_added_to(self) -> None:
        grants = Grants(Policy(allow_origins=[ALLOWED]))
        end = grants.end(ALLOWED.encode()) or ()
        assert grants.merged([(b"Vary", b"Accept"), (b"ETag", b"1")], end) == [
            (b"Vary", b"Accept, Origin"),
            (b"ETag", b"1"),
            (b"access-control-allow-origin", ALLOWED.encode()),
        ]

    def test_for_anybody_there_is_no_vary(self) -> None:
        grants = Grants(Policy(allow_origins=["*"]))
        assert grants.merged([(b"Vary", b"Accept")], grants.nobody) == [
            (b"Vary", b"Accept"),
            (b"access-control-allow-origin", b"*"),
        ]


class TestReply:
    def test_for_an_allowed_origin(self) -> None:
        reply = Grants(Policy(allow_origins=[ALLOWED])).reply(502, "It is down.", request("GET /"))
        assert (reply.status, reply.body, reply.why) == (502, b"It is down.\n", "It is down.")
        assert pairs(reply.headers) == {**PLAIN, "access-control-allow-origin": ALLOWED, "vary": "Origin"}

    @pytest.mark.parametrize("origin", ["http://evil.example", None])
    def test_for_nobody(self, origin: str | None) -> None:
        reply = Grants(Policy(allow_origins=[ALLOWED])).reply(502, "It is down.", request("GET /", origin=origin))
        assert pairs(reply.headers) == {**PLAIN, "vary": "Origin"}

    def test_too_often_can_be_read_with_its_seconds(self) -> None:
        grants = Grants(Policy(allow_origins=[ALLOWED], expose_headers=["etag"]))
        reply = grants.too_often(1.25, request("GET /"))
        assert (reply.status, reply.body) == (429, b"There were too many requests: the next one is taken in 2 s.\n")
        assert pairs(reply.headers) == {
            **PLAIN,
            "retry-after": "2",
            "access-control-allow-origin": ALLOWED,
            "access-control-expose-headers": "etag, retry-after",
            "vary": "Origin",
        }

    def test_too_often_for_who_reads_nothing(self) -> None:
        reply = Grants(Policy(allow_origins=[ALLOWED])).too_often(0.01, request("GET /", origin=None))
        assert pairs(reply.headers) == {**PLAIN, "retry-after": "1", "vary": "Origin"}


class TestPreflight:
    ASKS = ("Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type")

    def test_allowed(self) -> None:
        policy = Policy(allow_origins=[ALLOWED], allow_methods=["PUT"], allow_headers=["content-type"], max_age=60)
        reply = Grants(policy).preflight(request("OPTIONS /", *self.ASKS))
        assert (reply.status, reply.body, reply.why) == (204, b"", "")
        assert pairs(reply.headers) == {
            "access-control-allow-origin": ALLOWED,
            "access-control-allow-methods": "PUT",
            "access-control-allow-headers": "content-type",
            "access-control-max-age": "60",
            "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        }

    def test_denied(self) -> None:
        reply = Grants(Policy(allow_origins=[ALLOWED])).preflight(request("OPTIONS /", *self.ASKS), "Advice.")
        assert (reply.status, reply.body) == (403, b"")
        assert reply.why.startswith("The preflight is denied [method].")
        assert reply.why.endswith(" Advice.")
        assert pairs(reply.headers) == {"vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}

    def test_never_taken_for_a_page_of_the_proxys_own(self) -> None:
        head = request("OPTIONS /", *self.ASKS, "Sec-Fetch-Site: same-origin", origin="http://localhost:3001")
        assert Grants(Policy(allow_origins=[ALLOWED])).preflight(head).status == 403

    def test_more_lines_than_are_read(self) -> None:
        policy = Policy(allow_origins=[ALLOWED], allow_methods=["PUT"], allow_headers=["content-type"])
        head = request("OPTIONS /", *self.ASKS, *["Access-Control-Request-Headers: content-type"] * 16)
        assert "headers-too-many-lines" in Grants(policy).preflight(head).why
