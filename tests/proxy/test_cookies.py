"""Set-Cookie, byte for byte but for what cannot stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossorigin.proxy.cookies import rewrite_set_cookie
from crossorigin.proxy.route import Prefixes

SAME = Prefixes(b"/api", b"/api")
STRIPPED = Prefixes(b"/api", b"")
DEEP = Prefixes(b"/api", b"/v1")

HTTP = [
    # http-party/node-http-proxy#1165, PR 1166, chimurai#237, #477, mockoon#245.
    ("#1165: Secure", SAME, "a=b; Secure; HttpOnly", "a=b; HttpOnly"),
    ("#1165: SameSite=None", SAME, "a=b; SameSite=None; Secure", "a=b; SameSite=Lax"),
    ("in other letters", SAME, "a=b;SECURE;samesite=NONE", "a=b;samesite=Lax"),
    ("Partitioned", SAME, "a=b; Secure; Partitioned; Path=/", "a=b; Path=/"),
    ("SameSite=Strict stays", SAME, "a=b; SameSite=Strict", "a=b; SameSite=Strict"),
    # chimurai#137, #169.
    ("#137: Domain", SAME, "a=b; Domain=.api.example.com; Max-Age=5", "a=b; Max-Age=5"),
    ("Domain without a value", SAME, "a=b; Domain", "a=b"),
    ("the value is untouched", SAME, 'a="x, Secure=1"; Expires=Wed, 09 Jun 2027 10:18:14 GMT', None),
    ("a value that looks like an attribute", SAME, "Secure=Domain", None),
    ("blanks and order", SAME, "a=b ;  Max-Age=1;HttpOnly ;Priority=High;;", None),
    ("no attributes", SAME, "a=b", None),
    ("a path below", STRIPPED, "a=b; Path=/auth", "a=b; Path=/api/auth"),
    ("a path below the target's", DEEP, "a=b; path=/v1/auth; HttpOnly", "a=b; path=/api/auth; HttpOnly"),
    ("the target's own path", DEEP, "a=b; Path=/v1", "a=b; Path=/api"),
    ("a path beside it", DEEP, "a=b; Path=/v10", None),
    ("the whole path", STRIPPED, "XSRF-TOKEN=b; Path=/", None),
    ("a path that is none", STRIPPED, "a=b; Path=x", None),
    ("an empty path", STRIPPED, "a=b; Path=", None),
    ("a path without a value", STRIPPED, "a=b; Path", None),
    ("the same path", SAME, "a=b; Path= /api", None),
    ("__Host- needs Secure", STRIPPED, "__Host-a=b; Secure; Path=/; SameSite=None", None),
    (
        "__Secure- needs it too",
        STRIPPED,
        "__secure-a=b; Secure; Partitioned; Domain=x",
        "__secure-a=b; Secure; Partitioned",
    ),
]


@pytest.mark.parametrize(("prefixes", "value", "mapped"), [case[1:] for case in HTTP], ids=[case[0] for case in HTTP])
def test_on_plain_http(prefixes: Prefixes, value: str, mapped: str | None) -> None:
    rewritten = rewrite_set_cookie(value.encode(), prefixes, is_secure=False)
    assert rewritten.decode() == (value if mapped is None else mapped)


def test_on_https_secure_stays() -> None:
    value = b"a=b; Domain=x.example; Path=/auth; Secure; SameSite=None; Partitioned"
    rewritten = rewrite_set_cookie(value, STRIPPED, is_secure=True)
    assert rewritten == b"a=b; Path=/api/auth; Secure; SameSite=None; Partitioned"


class TestOnlyTheAttributes:
    """The cookie itself is never changed, and what has been rewritten is not rewritten again."""

    @given(st.binary(max_size=30), st.booleans())
    def test_name_and_value(self, value: bytes, is_secure: bool) -> None:
        rewritten = rewrite_set_cookie(value, SAME, is_secure=is_secure)
        assert rewritten.partition(b";")[0] == value.partition(b";")[0]
        assert rewrite_set_cookie(rewritten, SAME, is_secure=is_secure) == rewritten
