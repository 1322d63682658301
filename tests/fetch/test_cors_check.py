"""The CORS check: who may read, byte for byte; and the TAO check beside it."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, Client, fetch_request
from crossorigin.fetch.cors_check import (
    BLOCKED_PREFLIGHT,
    BLOCKED_RESPONSE,
    CorsCheckFailure,
    cors_check,
    tao_check,
)
from crossorigin.fetch.request import Mode, Request, ResponseTainting
from crossorigin.fetch.trace import Trace
from crossorigin.web.headers import HeaderList

from .dialogue import (
    API,
    CREDENTIALS,
    NULL_ORIGIN,
    ORIGIN,
    OWN,
    PAGE_ORIGIN,
    SIBLING,
    THIRD,
    Field,
    answer,
    blocked,
    filtered,
    page,
    readable,
    redirect,
    said,
    sandboxed,
    talk,
    url,
)

HOST = "page.example"
SEVERAL, INVALID, MISMATCH = (
    BlockCode.ALLOW_ORIGIN_SEVERAL,
    BlockCode.ALLOW_ORIGIN_INVALID,
    BlockCode.ALLOW_ORIGIN_MISMATCH,
)

# web-platform-tests, cors/origin.htm, as a page of https://page.example sees it. Whitespace around a value is no part
# of the value: HTTP takes it off before Fetch sees it.
REFUSED = [
    ("", INVALID),
    ("null", MISMATCH),
    ("NULL", INVALID),
    ("Null", INVALID),
    ("undefined", INVALID),
    ("true", INVALID),
    ("**", INVALID),
    ("*.", INVALID),
    (".*", INVALID),
    ("*.*", INVALID),
    ("\\*", INVALID),
    ("'*'", INVALID),
    ('"*"', INVALID),
    ("*;", INVALID),
    ("* *", SEVERAL),
    ("*, *", SEVERAL),
    ("*,", SEVERAL),
    (",*", SEVERAL),
    (f"*, {ORIGIN}", SEVERAL),
    (f"{ORIGIN}, *", SEVERAL),
    (f"{ORIGIN}, {ORIGIN}", SEVERAL),
    (f"{ORIGIN},{ORIGIN}", SEVERAL),
    (f"{ORIGIN} {ORIGIN}", SEVERAL),
    (f"{ORIGIN} *", SEVERAL),
    (f"{ORIGIN},", SEVERAL),
    (f",{ORIGIN}", SEVERAL),
    (f"{ORIGIN}, null", SEVERAL),
    (f"{ORIGIN};{ORIGIN}", INVALID),
    (f"{ORIGIN}/", INVALID),
    (f"{ORIGIN}?", INVALID),
    (f"{ORIGIN}#", INVALID),
    (f"{ORIGIN}\\", INVALID),
    (f"{ORIGIN}/page.html", INVALID),
    (f"{ORIGIN}:", INVALID),
    (f"{ORIGIN}:443", MISMATCH),
    (f"{ORIGIN}:80", MISMATCH),
    (f"{ORIGIN}:0443", MISMATCH),
    (f"{ORIGIN}:*", INVALID),
    (f"{ORIGIN}.", INVALID),
    (f"{ORIGIN}\0", INVALID),
    (f"{ORIGIN}%20", INVALID),
    (f"{ORIGIN}\x0b", INVALID),
    (f"'{ORIGIN}'", INVALID),
    (f'"{ORIGIN}"', INVALID),
    (f"<{ORIGIN}>", INVALID),
    (ORIGIN.upper(), INVALID),
    (f"https://{HOST.upper()}", INVALID),
    (f"HTTPS://{HOST}", INVALID),
    (f"http://{HOST}", MISMATCH),
    (f"ftp://{HOST}", MISMATCH),
    (f"wss://{HOST}", MISMATCH),
    (f"httpss://{HOST}", MISMATCH),
    (f"https:{HOST}", INVALID),
    (f"https:/{HOST}", INVALID),
    (f"https:///{HOST}", INVALID),
    (f"://{HOST}", INVALID),
    (f"//{HOST}", INVALID),
    (f"/{HOST}", INVALID),
    (HOST, INVALID),
    (f"-{HOST}", INVALID),
    ("https://", INVALID),
    ("https://*", INVALID),
    (f"https://*.{HOST}", INVALID),
    (f"*://{HOST}", INVALID),
    (f"https://user@{HOST}", INVALID),
    (f"https://www.{HOST}", MISMATCH),
    (f"https://{HOST}.evil.test", MISMATCH),
    (f"https://evil{HOST}", MISMATCH),
    (f"https://{HOST[:-1]}", MISMATCH),
    ("https://p\xe4ge.example", INVALID),
    ("https://" + "a" * 400, INVALID),
]


class TestOrigin:
    """Steps 1 to 5: `*`, or the request's origin, byte for byte, in one field."""

    @pytest.mark.parametrize("value", ["*", ORIGIN])
    def test_allowed(self, value: str) -> None:
        result = talk(fetch_request(API, page()), answer(200, ("Access-Control-Allow-Origin", value), body=b"data"))
        assert readable(result).type == "cors"
        assert readable(result).body == b"data"

    @pytest.mark.parametrize(("value", "code"), REFUSED, ids=[repr(value) for value, _ in REFUSED])
    def test_refused(self, value: str, code: BlockCode) -> None:
        result = talk(fetch_request(API, page()), answer(200, ("Access-Control-Allow-Origin", value)))
        assert blocked(result) == code

    @pytest.mark.parametrize("value", [" *", "* ", "\t*", f" {ORIGIN}", f"{ORIGIN} ", f"{ORIGIN}\t"])
    def test_whitespace_that_reached_fetch_is_a_part_of_the_value(self, value: str) -> None:
        talked = talk(fetch_request(API, page()), answer(200, ("Access-Control-Allow-Origin", value)))
        assert blocked(talked) in {SEVERAL, INVALID}

    @pytest.mark.parametrize(
        "value",
        [
            "x" * 1_000_000,
            "https://" + "a." * 500_000,
            "https://[" + ":" * 500_000,
            "https://a:" + "1" * 500_000,
            " ".join([ORIGIN] * 50_000),
            "".join(map(chr, range(256))),
            "https://" + "\xff" * 300,
        ],
        ids=["long", "labels", "colons", "digits", "many", "every byte", "no name"],
    )
    def test_hostile(self, value: str) -> None:
        result = talk(fetch_request(API, page()), answer(200, ("Access-Control-Allow-Origin", value)))
        assert blocked(result) in {SEVERAL, INVALID}
        assert result.error is not None
        assert len(result.error.step.sentence) < 1000

    def test_absent(self) -> None:
        result = talk(fetch_request(API, page()), answer(200))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING
        assert result.error is not None
        assert result.error.step.compared == (("Access-Control-Allow-Origin", None),)

    @pytest.mark.parametrize(
        "values", [("*", "*"), (ORIGIN, ORIGIN), ("*", ORIGIN), (ORIGIN, "https://other.example"), ("", ORIGIN)]
    )
    def test_two_fields_are_one_value_that_equals_nothing(self, values: tuple[str, str]) -> None:
        fields: list[Field] = [("Access-Control-Allow-Origin", value) for value in values]
        result = talk(fetch_request(API, page()), answer(200, *fields))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_SEVERAL
        assert "2 times" in said(result)

    def test_the_name_in_any_case(self) -> None:
        readable(talk(fetch_request(API, page()), answer(200, ("aCCESS-cONTROL-aLLOW-oRIGIN", ORIGIN))))

    @pytest.mark.parametrize(
        ("address", "value"),
        [
            ("http://page.example/", "http://page.example"),
            ("https://page.example:8443/", "https://page.example:8443"),
            ("https://page.example:443/", "https://page.example"),
            ("https://PAGE.example/", "https://page.example"),
            ("https://bücher.example/", "https://xn--bcher-kva.example"),
            ("https://127.0.0.1/", "https://127.0.0.1"),
            ("https://[2001:DB8::0:1]/", "https://[2001:db8::1]"),
        ],
    )
    def test_the_origin_is_the_serialized_one(self, address: str, value: str) -> None:
        readable(talk(fetch_request(API, page(address)), answer(200, ("Access-Control-Allow-Origin", value))))

    @pytest.mark.parametrize("value", ["null", "*"])
    def test_an_opaque_origin(self, value: str) -> None:
        result = talk(fetch_request(API, sandboxed()), answer(200, ("Access-Control-Allow-Origin", value)))
        readable(result)

    @pytest.mark.parametrize(
        ("value", "code"), [("NULL", INVALID), ("", INVALID), (ORIGIN, MISMATCH), ("null, null", SEVERAL)]
    )
    def test_an_opaque_origin_is_null_and_nothing_else(self, value: str, code: BlockCode) -> None:
        result = talk(fetch_request(API, sandboxed()), answer(200, ("Access-Control-Allow-Origin", value)))
        assert blocked(result) == code

    def test_a_status_does_not_matter(self) -> None:
        assert readable(talk(fetch_request(API, page()), answer(500, PAGE_ORIGIN))).status == 500
        assert blocked(talk(fetch_request(API, page()), answer(304))) == BlockCode.ALLOW_ORIGIN_MISSING


class TestCredentials:
    """Steps 6 to 8: with credentials mode include, no `*`, and Access-Control-Allow-Credentials is exactly `true`."""

    @pytest.mark.parametrize("client", [page(), sandboxed()], ids=["tuple", "opaque"])
    def test_allowed(self, client: Client) -> None:
        allowed = ("Access-Control-Allow-Origin", client.origin.serialize())
        readable(talk(fetch_request(API, client, credentials="include"), answer(200, allowed, CREDENTIALS)))

    @pytest.mark.parametrize("credentials", [(), (CREDENTIALS,)])
    def test_no_wildcard(self, credentials: tuple[Field, ...]) -> None:
        request = fetch_request(API, page(), credentials="include")
        result = talk(request, answer(200, ("Access-Control-Allow-Origin", "*"), *credentials))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_WILDCARD

    def test_absent(self) -> None:
        result = talk(fetch_request(API, page(), credentials="include"), answer(200, PAGE_ORIGIN))
        assert blocked(result) == BlockCode.ALLOW_CREDENTIALS_MISSING

    @pytest.mark.parametrize(
        "values",
        [
            ("TRUE",),
            ("True",),
            ("tRUE",),
            ("",),
            ("false",),
            ("1",),
            ("yes",),
            ("on",),
            ('"true"',),
            ("true,",),
            ("true ",),
            (" true",),
            ("true, true",),
            ("true", "true"),
            ("true", "false"),
            ("?1",),
        ],
    )
    def test_anything_but_true(self, values: tuple[str, ...]) -> None:
        fields = [("Access-Control-Allow-Credentials", value) for value in values]
        result = talk(fetch_request(API, page(), credentials="include"), answer(200, PAGE_ORIGIN, *fields))
        assert blocked(result) == BlockCode.ALLOW_CREDENTIALS_INVALID

    @pytest.mark.parametrize("credentials", ["omit", "same-origin"])
    @pytest.mark.parametrize("value", ["TRUE", "false", ""])
    def test_without_credentials_it_is_not_looked_at(self, credentials: str, value: str) -> None:
        request = fetch_request(API, page(), credentials=credentials)  # type: ignore[arg-type]
        readable(talk(request, answer(200, PAGE_ORIGIN, ("Access-Control-Allow-Credentials", value))))

    def test_the_origin_is_judged_first(self) -> None:
        result = talk(fetch_request(API, page(), credentials="include"), answer(200))
        assert blocked(result) == BlockCode.ALLOW_ORIGIN_MISSING


class TestTainted:
    """A redirect through a third party makes the origin null, and the page's own name is then a mismatch."""

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (ORIGIN, BlockCode.ORIGIN_TAINTED),
            ("https://api.other", BlockCode.ALLOW_ORIGIN_MISMATCH),
            ("https://third.test", BlockCode.ALLOW_ORIGIN_MISMATCH),
            ("", BlockCode.ALLOW_ORIGIN_INVALID),
        ],
    )
    def test_refused(self, value: str, code: BlockCode) -> None:
        allowed = ("Access-Control-Allow-Origin", value)
        assert blocked(talk(fetch_request(API, page()), redirect(THIRD, PAGE_ORIGIN), answer(200, allowed))) == code

    @pytest.mark.parametrize("value", ["null", "*"])
    def test_allowed(self, value: str) -> None:
        allowed = ("Access-Control-Allow-Origin", value)
        readable(talk(fetch_request(API, page()), redirect(THIRD, PAGE_ORIGIN), answer(200, allowed)))

    def test_with_credentials_null_needs_true(self) -> None:
        request = fetch_request(API, page(), credentials="include")
        first = redirect(THIRD, PAGE_ORIGIN, CREDENTIALS)
        readable(talk(request, first, answer(200, NULL_ORIGIN, CREDENTIALS)))
        assert blocked(talk(request, first, answer(200, NULL_ORIGIN))) == BlockCode.ALLOW_CREDENTIALS_MISSING


def test_every_failure_has_a_code_in_both_places() -> None:
    assert set(BLOCKED_PREFLIGHT) == set(BLOCKED_RESPONSE) == set(CorsCheckFailure)
    # B201 and B301 are one failure in two places.
    assert all(BLOCKED_PREFLIGHT[failure][2:] == BLOCKED_RESPONSE[failure][2:] for failure in CorsCheckFailure)


def test_the_trace_says_what_was_compared() -> None:
    trace = Trace()
    headers = HeaderList.of(("Access-Control-Allow-Origin", "https://other.example"))
    assert cors_check(fetch_request(API, page()), headers, trace) is CorsCheckFailure.MISMATCH
    (step,) = trace.steps
    assert (step.anchor, step.verdict, step.header) == ("concept-cors-check", "fail", b"Access-Control-Allow-Origin")
    assert step.compared == (
        ("Access-Control-Allow-Origin", b"https://other.example"),
        ("request origin", ORIGIN.encode()),
    )


class TestTiming:
    """The TAO check: `*` or the request's origin as a member of the list, or nothing but the own origin all along."""

    @pytest.mark.parametrize(
        ("values", "passed"),
        [
            ([], False),
            (["*"], True),
            (["null"], False),
            ([ORIGIN], True),
            ([f"{ORIGIN}/"], False),
            ([ORIGIN.upper()], False),
            ([f"https://a.example, {ORIGIN}"], True),
            (["https://a.example", ORIGIN], True),
            (["https://a.example , * "], True),
            (['"*"'], False),
            (["**"], False),
            ([""], False),
        ],
    )
    def test_cross_origin(self, values: list[str], passed: bool) -> None:
        fields = [("Timing-Allow-Origin", value) for value in values]
        result = talk(fetch_request(API, page()), answer(200, PAGE_ORIGIN, *fields))
        assert readable(result).timing_allow_passed is passed
        opaque = talk(fetch_request(API, page(), mode="no-cors"), answer(200, *fields))
        assert filtered(opaque).timing_allow_passed is passed

    def test_the_own_origin_needs_no_header(self) -> None:
        assert readable(talk(fetch_request(OWN, page()), answer(200))).timing_allow_passed

    def test_a_data_url_needs_none(self) -> None:
        assert readable(talk(fetch_request("data:,a", page()))).timing_allow_passed

    def test_one_failure_on_the_way_is_final(self) -> None:
        tao = ("Timing-Allow-Origin", "*")
        first, last = redirect(SIBLING, PAGE_ORIGIN), answer(200, PAGE_ORIGIN, tao)
        assert not readable(talk(fetch_request(SIBLING, page()), first, last)).timing_allow_passed

    def test_what_failed_before_is_not_asked_again(self) -> None:
        request = fetch_request(OWN, page())
        request.timing_allow_failed = True
        assert not tao_check(request, HeaderList.of(("Timing-Allow-Origin", "*")))

    def test_every_hop_allowed(self) -> None:
        tao = ("Timing-Allow-Origin", "*")
        result = talk(
            fetch_request(SIBLING, page()), redirect(SIBLING, PAGE_ORIGIN, tao), answer(200, PAGE_ORIGIN, tao)
        )
        assert readable(result).timing_allow_passed

    def test_a_tainted_origin_is_null(self) -> None:
        for value, passed in ((ORIGIN, False), ("null", True), ("*", True)):
            first = redirect(THIRD, PAGE_ORIGIN, ("Timing-Allow-Origin", "*"))
            last = answer(200, NULL_ORIGIN, ("Timing-Allow-Origin", value))
            assert readable(talk(fetch_request(API, page()), first, last)).timing_allow_passed is passed

    @pytest.mark.parametrize(
        ("mode", "target", "tainting", "passed"),
        [
            ("navigate", API, "basic", False),
            ("navigate", OWN, "basic", True),
            ("cors", OWN, "basic", True),
            ("cors", OWN, "cors", False),
            ("no-cors", API, "opaque", False),
        ],
    )
    def test_without_the_header(self, mode: Mode, target: str, tainting: ResponseTainting, passed: bool) -> None:
        client = page()
        request = Request(url_list=(url(target),), client=client, origin=client.origin, mode=mode)
        request.response_tainting = tainting
        assert tao_check(request, HeaderList()) is passed
