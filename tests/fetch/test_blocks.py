"""The codes: each is reached by a dialogue, or stands here with the reason why no dialogue can reach it."""

from __future__ import annotations

import re

import pytest

from crossorigin.fetch import BLOCKS, BlockCode, Body, Request, UserAgent, fetch_request, potential_cors_request
from crossorigin.web.anchors import ANCHORS

from .dialogue import (
    ANY_ORIGIN,
    API,
    CREDENTIALS,
    NULL_ORIGIN,
    OWN,
    PAGE_ORIGIN,
    THIRD,
    Answer,
    Field,
    answer,
    blocked,
    broken,
    page,
    redirect,
    talk,
    url,
)

METHODS, HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
GET = fetch_request(API, page())
WITH = fetch_request(API, page(), credentials="include")
PUT = fetch_request(API, page(), method=b"PUT")
PUT_WITH = fetch_request(API, page(), method=b"PUT", credentials="include")
ONE = fetch_request(API, page(), headers=[(b"X-One", b"1")])
ONE_WITH = fetch_request(API, page(), headers=[(b"X-One", b"1")], credentials="include")
AUTHORIZED = fetch_request(API, page(), headers=[(b"Authorization", b"a")])
OPAQUE = fetch_request(API, page(), mode="no-cors")
STREAM = fetch_request(OWN, page(), method=b"POST", body=Body(b"x", stream=True), duplex="half")


def only(value: str) -> Field:
    return ("Access-Control-Allow-Origin", value)


def navigation(target: str, **changes: object) -> Request:
    client = page()
    return Request(url_list=(url(target),), client=client, origin=client.origin, mode="navigate", **changes)  # type: ignore[arg-type]


def script(*fields: Field) -> list[Request | Answer]:
    return [potential_cors_request(OWN, page(), "script", None), answer(200, *fields)]


# The shortest dialogue to each code: the request, then what answers it.
REACHED: dict[BlockCode, list[Request | Answer]] = {
    BlockCode.MIXED_CONTENT: [fetch_request("http://api.other/", page())],
    BlockCode.BAD_PORT: [fetch_request("https://api.other:22/", page())],
    BlockCode.MODE_SAME_ORIGIN: [fetch_request(API, page(), mode="same-origin")],
    BlockCode.NO_CORS_REDIRECT_MODE: [fetch_request(API, page(), mode="no-cors", redirect="error")],
    BlockCode.SCHEME_NOT_HTTP: [fetch_request("about:blank", page())],
    BlockCode.LOCAL_URLS_ONLY: [navigation(OWN, local_urls_only=True)],
    BlockCode.SCHEME_NOT_FETCHED: [fetch_request("data:", page())],
    BlockCode.KEEPALIVE_TOO_LARGE: [fetch_request(OWN, page(), method=b"POST", body=bytes(2**16 + 1), keepalive=True)],
    BlockCode.NOT_CACHED: [fetch_request(OWN, page(), mode="same-origin", cache="only-if-cached")],
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISSING: [PUT, answer(204)],
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_WILDCARD: [PUT_WITH, answer(204, ANY_ORIGIN)],
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_SEVERAL: [PUT, answer(204, PAGE_ORIGIN, PAGE_ORIGIN)],
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_INVALID: [PUT, answer(204, only("page.example"))],
    BlockCode.PREFLIGHT_ALLOW_ORIGIN_MISMATCH: [PUT, answer(204, NULL_ORIGIN)],
    BlockCode.PREFLIGHT_ORIGIN_TAINTED: [
        PUT,
        answer(204, ANY_ORIGIN, (METHODS, "PUT")),
        redirect(THIRD, ANY_ORIGIN, status=307),
        answer(204, PAGE_ORIGIN),
    ],
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_MISSING: [PUT_WITH, answer(204, PAGE_ORIGIN)],
    BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID: [
        PUT_WITH,
        answer(204, PAGE_ORIGIN, ("Access-Control-Allow-Credentials", "True")),
    ],
    BlockCode.PREFLIGHT_STATUS: [PUT, answer(405, ANY_ORIGIN)],
    BlockCode.PREFLIGHT_REDIRECT: [PUT, redirect("/", ANY_ORIGIN)],
    BlockCode.PREFLIGHT_ALLOW_METHODS_UNPARSABLE: [PUT, answer(204, ANY_ORIGIN, (METHODS, "PUT POST"))],
    BlockCode.PREFLIGHT_ALLOW_HEADERS_UNPARSABLE: [PUT, answer(204, ANY_ORIGIN, (HEADERS, "a b"))],
    BlockCode.PREFLIGHT_METHOD: [PUT, answer(204, ANY_ORIGIN)],
    BlockCode.PREFLIGHT_METHOD_WILDCARD: [PUT_WITH, answer(204, PAGE_ORIGIN, CREDENTIALS, (METHODS, "*"))],
    BlockCode.PREFLIGHT_METHOD_CASE: [PUT, answer(204, ANY_ORIGIN, (METHODS, "put"))],
    BlockCode.PREFLIGHT_AUTHORIZATION_WILDCARD: [AUTHORIZED, answer(204, ANY_ORIGIN, (HEADERS, "*"))],
    BlockCode.PREFLIGHT_HEADER: [ONE, answer(204, ANY_ORIGIN)],
    BlockCode.PREFLIGHT_HEADER_WILDCARD: [ONE_WITH, answer(204, PAGE_ORIGIN, CREDENTIALS, (HEADERS, "*"))],
    BlockCode.ALLOW_ORIGIN_MISSING: [GET, answer(200)],
    BlockCode.ALLOW_ORIGIN_WILDCARD: [WITH, answer(200, ANY_ORIGIN)],
    BlockCode.ALLOW_ORIGIN_SEVERAL: [GET, answer(200, ANY_ORIGIN, ANY_ORIGIN)],
    BlockCode.ALLOW_ORIGIN_INVALID: [GET, answer(200, only("https://page.example/"))],
    BlockCode.ALLOW_ORIGIN_MISMATCH: [GET, answer(200, only("http://page.example"))],
    BlockCode.ORIGIN_TAINTED: [GET, redirect(THIRD, ANY_ORIGIN), answer(200, PAGE_ORIGIN)],
    BlockCode.ALLOW_CREDENTIALS_MISSING: [WITH, answer(200, PAGE_ORIGIN)],
    BlockCode.ALLOW_CREDENTIALS_INVALID: [WITH, answer(200, PAGE_ORIGIN, ("Access-Control-Allow-Credentials", "1"))],
    BlockCode.REDIRECT_MODE_ERROR: [fetch_request(OWN, page(), redirect="error"), redirect("/")],
    BlockCode.LOCATION_UNPARSABLE: [GET, redirect("https://", ANY_ORIGIN)],
    BlockCode.LOCATION_NOT_HTTP: [GET, redirect("data:,", ANY_ORIGIN)],
    BlockCode.TOO_MANY_REDIRECTS: [GET, *[redirect("", ANY_ORIGIN)] * 21],
    BlockCode.LOCATION_CREDENTIALS: [GET, redirect("https://user@api.other/", ANY_ORIGIN)],
    BlockCode.LOCATION_CREDENTIALS_TAINTED: [GET, redirect("https://user@page.example/", ANY_ORIGIN)],
    BlockCode.REDIRECT_STREAM: [STREAM, redirect("/", status=307)],
    BlockCode.CROSS_ORIGIN_RESOURCE_POLICY: [OPAQUE, answer(200, ("Cross-Origin-Resource-Policy", "same-site"))],
    BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY: [
        fetch_request(API, page(embedder_policy="require-corp"), mode="no-cors"),
        answer(200),
    ],
    BlockCode.NOSNIFF: script(("X-Content-Type-Options", "nosniff")),
    BlockCode.MIME_TYPE: script(("Content-Type", "image/png")),
    BlockCode.NO_RESPONSE: [GET, broken()],
    BlockCode.PROXY_AUTHENTICATION: [GET, answer(407)],
    BlockCode.UNWRITTEN_STEP: [navigation(OWN, redirect_mode="manual"), redirect("/")],
}

UNREACHABLE = {
    BlockCode.MIXED_CONTENT_RESPONSE: "a response's URL is the request's current URL, which was asked before it was "
    "sent; only a service worker's response can have another",
    BlockCode.OPAQUE_RANGE: "the range-requested flag is the request's own Range header; only a service worker "
    "can give the answer to another request",
}


@pytest.mark.parametrize("code", list(REACHED), ids=lambda code: f"{code} {code.name}")
def test_reached(code: BlockCode) -> None:
    request, *lines = REACHED[code]
    assert isinstance(request, Request)
    result = talk(request, *(line for line in lines if not isinstance(line, Request)), agent=UserAgent())
    assert blocked(result) == code
    # Blocked where the code's digit says: before anything was sent, by the preflight, or later.
    roles = [exchange.request.role for exchange in result.exchanges]
    assert (code[1] == "1") == (roles == [])
    assert (code[1] == "2") == (roles[-1:] == ["preflight"])


def test_every_code_is_reached_or_cannot_be() -> None:
    assert set(REACHED) | set(UNREACHABLE) == set(BlockCode)
    assert set(REACHED) & set(UNREACHABLE) == set()


@pytest.mark.parametrize("code", list(BlockCode), ids=lambda code: f"{code} {code.name}")
def test_kind(code: BlockCode) -> None:
    kind = BLOCKS[code]
    assert kind.code is code
    assert re.fullmatch("B[1-69][0-9]{2}", code)
    assert kind.anchor in ANCHORS
    assert kind.title
    assert kind.title[0].isupper() or kind.title.startswith(("`", "nosniff"))
    assert not kind.title.endswith(".")
    assert "\n" not in kind.title


def test_no_code_and_no_title_twice() -> None:
    assert len({str(code) for code in BlockCode}) == len(BlockCode) == len(BLOCKS)
    assert len({kind.title for kind in BLOCKS.values()}) == len(BLOCKS)


def test_the_order_is_that_of_the_codes() -> None:
    assert [str(code) for code in BLOCKS] == sorted(BlockCode)
