"""An answer without Access-Control-Allow-Origin: no policy, one that says no, or one that was passed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.fetch.profiles import WEBKIT
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, ALLOW_ALL, API, JSON, PAGE, VARY, Answer, answer, failure  # noqa: TID252
from .cases import ALLOW_PUT, ALLOW_TYPE, Expected, Found, Handler, diagnosed, hold, origin_of, site

PLAIN = answer(200, reason=b"OK")
LEAVE = answer(200, ALLOW, VARY, reason=b"OK")
GRANT = answer(204, ALLOW, ALLOW_PUT, ALLOW_TYPE, reason=b"No Content")
OTHER = ("Access-Control-Allow-Origin", "https://other.example")
ALLOWED = f"`Access-Control-Allow-Origin: {PAGE}`"
GET = f"GET {API} was answered 200 OK without Access-Control-Allow-Origin"
OPTIONS = f"OPTIONS {API} was answered 204 No Content without Access-Control-Allow-Origin"
SILENT = "nothing in it speaks of CORS, and it does not vary by Origin"
LOCAL: dict[str, Any] = {"url": "http://localhost:8080/users", "origin": "http://localhost:3000"}


def policy(origin: str, *, methods: tuple[bytes, ...] = (), names: bytes = b"") -> Handler:
    """A server that says no to a preflight with a 204 and nothing but Vary, and yes with all there is to say."""

    def handle(request: HTTPRequest) -> Answer:
        asked = request.headers.get(b"Access-Control-Request-Method") or b"GET"
        unlisted = set((request.headers.get(b"Access-Control-Request-Headers") or b"").split(b",")) - {b"", names}
        allowed = origin_of(request) == origin and asked in {b"GET", b"HEAD", b"POST", *methods} and not unlisted
        return answer(204, VARY, *([("Access-Control-Allow-Origin", origin)] if allowed else []), reason=b"No Content")

    return handle


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 1: no CORS at all.
    "no policy": (
        lambda: diagnosed(PLAIN),
        Expected(
            code=CauseCode.NO_CORS_CONFIGURED,
            sureness="very likely",
            evidence=(GET, SILENT),
            fix=(f"exactly one `Access-Control-Allow-Origin: {PAGE}`", "`Vary: Origin`", "never reflect"),
            # Past all caches, a preflight for the same, the path above, the root, and two neighbours of the origin.
            probes=6,
        ),
    ),
    "no policy, and nobody may ask": (
        lambda: diagnosed(PLAIN, probes=False),
        Expected(
            code=CauseCode.NO_CORS_CONFIGURED,
            sureness="likely",
            evidence=(GET, SILENT),
            fix=(f"exactly one `Access-Control-Allow-Origin: {PAGE}`",),
        ),
    ),
    "no policy, and a preflight that is well": (
        lambda: diagnosed(site(OPTIONS=answer(204, reason=b"No Content"), GET=PLAIN), **JSON),
        Expected(
            code=CauseCode.NO_CORS_CONFIGURED,
            sureness="very likely",
            evidence=(OPTIONS, "second probe: GET was answered 200 OK without any sign of CORS", SILENT),
            fix=(
                "be a 204 with",
                "`Access-Control-Allow-Methods: PUT`",
                "`Access-Control-Allow-Headers: content-type`",
            ),
            # Three neighbours of the origin, and GET.
            probes=4,
        ),
    ),
    "no policy, and a preflight without a route": (
        lambda: diagnosed(site(OPTIONS=answer(404, reason=b"Not Found"), GET=PLAIN), **JSON),
        Expected(
            code=CauseCode.NO_CORS_CONFIGURED,
            sureness="likely",
            evidence=(
                f"OPTIONS {API} was answered 404 Not Found without Access-Control-Allow-Origin",
                "second probe: GET was answered 200 OK without any sign of CORS",
            ),
            fix=("be a 204 with",),
            others=(CauseCode.NO_ROUTE,),
            probes=1,
        ),
    ),
    "an error without a policy": (
        lambda: diagnosed(answer(404, reason=b"Not Found"), probes=False),
        Expected(
            code=CauseCode.NO_CORS_CONFIGURED,
            sureness="likely",
            evidence=(f"GET {API} was answered 404 Not Found without Access-Control-Allow-Origin",),
            fix=("The answer is a 404",),
            others=(CauseCode.SOME_ANSWERS,),
        ),
    ),
    # A policy that says no without a word.
    "an origin that is not on the list": (
        lambda: diagnosed(policy("https://other.example")),
        Expected(
            code=CauseCode.ORIGIN_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                f"GET {API} was answered 204 No Content without Access-Control-Allow-Origin",
                "something there knows CORS: it sends `Vary: Origin`",
            ),
            fix=("allow-list that origin",),
            probes=6,
        ),
    ),
    "an origin that is not on the list, says the preflight": (
        lambda: diagnosed(policy("https://other.example"), **JSON),
        Expected(
            code=CauseCode.ORIGIN_NOT_ALLOWED,
            sureness="very likely",
            evidence=(OPTIONS, "something there knows CORS: it sends `Vary: Origin`"),
            fix=("be a 204 with",),
            # A preflight for GET, GET itself, and three neighbours of the origin.
            probes=5,
        ),
    ),
    "an origin that is not on the list, says what Express sends": (
        lambda: diagnosed(
            site(OPTIONS=answer(204, ("Access-Control-Allow-Methods", "GET,PUT"), reason=b"No Content"), GET=PLAIN)
        ),
        Expected(
            code=CauseCode.ORIGIN_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                GET,
                (
                    "second probe: a preflight for GET was answered 204 No Content, and something there knows CORS: it "
                    "sends `Access-Control-Allow-Methods: GET,PUT`"
                ),
            ),
            fix=("allow-list that origin",),
            probes=6,
        ),
    ),
    "an origin that is not on the list, says GET": (
        lambda: diagnosed(site(OPTIONS=answer(204, reason=b"No Content"), GET=answer(200, VARY, reason=b"OK")), **JSON),
        Expected(
            code=CauseCode.ORIGIN_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "second probe: GET was answered 200 OK, and something there knows CORS: it sends `Vary: Origin`",
            ),
            fix=("be a 204 with",),
            probes=4,
        ),
    ),
    # 7 and 8: the origin that was meant.
    "localhost and 127.0.0.1": (
        lambda: diagnosed(policy("http://127.0.0.1:3000"), **LOCAL),
        Expected(
            code=CauseCode.ORIGIN_TWIN,
            sureness="certain",
            evidence=(
                ("GET http://localhost:8080/users was answered 204 No Content without Access-Control-Allow-Origin"),
                (
                    "second probe: from http://127.0.0.1:3000 it was answered 204 No Content with "
                    "`Access-Control-Allow-Origin: http://127.0.0.1:3000`"
                ),
            ),
            fix=("Allow http://localhost:3000 as well", "open the page at http://127.0.0.1:3000"),
            probes=4,
        ),
    ),
    "http in place of https": (
        lambda: diagnosed(policy("http://app.example", methods=(b"PUT",), names=b"content-type"), **JSON),
        Expected(
            code=CauseCode.ORIGIN_MISSPELT,
            sureness="certain",
            evidence=(
                OPTIONS,
                (
                    "second probe: from http://app.example it was answered 204 No Content with "
                    "`Access-Control-Allow-Origin: http://app.example`"
                ),
                "that is the page's origin with http in place of https",
            ),
            fix=(f"Allow {PAGE}, exactly as the browser sends it, in place of http://app.example",),
            # A preflight for GET, GET itself, the slash, and then http.
            probes=4,
        ),
    ),
    "a slash at the end": (
        lambda: diagnosed(policy(f"{PAGE}/")),
        Expected(
            code=CauseCode.ORIGIN_MISSPELT,
            sureness="certain",
            evidence=(
                f"GET {API} was answered 204 No Content without Access-Control-Allow-Origin",
                (
                    f"second probe: from {PAGE}/ it was answered 204 No Content with "
                    f"`Access-Control-Allow-Origin: {PAGE}/`"
                ),
                "that is the page's origin with a slash at its end",
            ),
            fix=(f"Allow {PAGE}, exactly as the browser sends it, in place of {PAGE}/",),
            probes=5,
        ),
    ),
    # 9 and 10: what a server that answers nothing at all does not allow.
    "a method that makes it say nothing": (
        lambda: diagnosed(policy(PAGE), method="PUT"),
        Expected(
            code=CauseCode.METHOD_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: a preflight for GET without headers was answered 204 No Content with {ALLOWED}",
            ),
            fix=("Allow the method PUT",),
            probes=1,
        ),
    ),
    "a header that makes it say nothing": (
        lambda: diagnosed(policy(PAGE), method="POST", headers=["X-Key: 1"]),
        Expected(
            code=CauseCode.HEADER_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: a preflight for GET without headers was answered 204 No Content with {ALLOWED}",
                f"second probe: the same without headers was answered 204 No Content with {ALLOWED}",
            ),
            fix=("Allow the request headers x-key",),
            probes=2,
        ),
    ),
    "a method, though there is a header too": (
        lambda: diagnosed(policy(PAGE, names=b"content-type"), **JSON),
        Expected(
            code=CauseCode.METHOD_NOT_ALLOWED,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: a preflight for GET without headers was answered 204 No Content with {ALLOWED}",
            ),
            fix=("Allow the method PUT",),
            probes=2,
        ),
    ),
    "a method in lower case that makes it say nothing": (
        lambda: diagnosed(policy(PAGE, methods=(b"PATCH",)), method="patch"),
        Expected(
            code=CauseCode.METHOD_CASE,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: a preflight for GET without headers was answered 204 No Content with {ALLOWED}",
            ),
            fix=("Write PATCH in the page",),
            probes=1,
        ),
    ),
    # 27, where nothing says which header it was.
    "a response header on the request that makes it say nothing": (
        lambda: diagnosed(policy(PAGE, methods=(b"PUT",)), method="PUT", headers=["Access-Control-Allow-Origin: *"]),
        Expected(
            code=CauseCode.RESPONSE_HEADER_ON_REQUEST,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: a preflight for GET without headers was answered 204 No Content with {ALLOWED}",
                f"second probe: the same without headers was answered 204 No Content with {ALLOWED}",
            ),
            fix=("Remove Access-Control-Allow-Origin from the page's request",),
            probes=2,
        ),
    ),
    # 17: CORS on the preflight alone.
    "a good preflight, and a response without": (
        lambda: diagnosed(site(OPTIONS=GRANT, PUT=PLAIN), **JSON),
        Expected(
            code=CauseCode.PREFLIGHT_ONLY,
            sureness="certain",
            evidence=(
                f"PUT {API} was answered 200 OK without Access-Control-Allow-Origin",
                f"OPTIONS {API} was answered 204 No Content with {ALLOWED}",
            ),
            fix=(f"`Access-Control-Allow-Origin: {PAGE}` on the answer to PUT too", "around all routes"),
        ),
    ),
    "a call that needs no preflight, and one would be good": (
        lambda: diagnosed(site(OPTIONS=GRANT, POST=PLAIN, GET=PLAIN), method="POST"),
        Expected(
            code=CauseCode.PREFLIGHT_ONLY,
            sureness="very likely",
            evidence=(
                f"POST {API} was answered 200 OK without Access-Control-Allow-Origin",
                f"second probe: a preflight for POST was answered 204 No Content with {ALLOWED}",
            ),
            fix=("on the answer to POST too",),
            probes=1,
        ),
    ),
    # 17 and 18: CORS on some answers.
    "a good preflight, and an error without": (
        lambda: diagnosed(site(OPTIONS=GRANT, PUT=answer(404, reason=b"Not Found")), **JSON),
        Expected(
            code=CauseCode.SOME_ANSWERS,
            sureness="very likely",
            evidence=(
                f"PUT {API} was answered 404 Not Found without Access-Control-Allow-Origin",
                f"OPTIONS {API} was answered 204 No Content with {ALLOWED}",
            ),
            fix=("on every answer, on the 404 too", "`always`", "`add_header` of its own inherits none"),
        ),
    ),
    "a location without, and the root with": (
        lambda: diagnosed(
            site(OPTIONS=answer(405), GET=lambda request: LEAVE if request.url.path == "/" else PLAIN),
        ),
        Expected(
            code=CauseCode.SOME_ANSWERS,
            sureness="very likely",
            evidence=(GET, f"second probe: GET https://api.example/ was answered 200 OK with {ALLOWED}"),
            fix=("on every answer",),
            # Past all caches, a preflight for the same, and the path above come before the root.
            probes=4,
        ),
    ),
    "a location without, and the one above with": (
        lambda: diagnosed(
            site(OPTIONS=answer(405), GET=lambda request: LEAVE if request.url.path == "/users" else PLAIN),
        ),
        Expected(
            code=CauseCode.SOME_ANSWERS,
            sureness="very likely",
            evidence=(GET, f"second probe: GET https://api.example/users was answered 200 OK with {ALLOWED}"),
            fix=("on every answer",),
            probes=3,
        ),
    ),
    # 17, from the other side: a CORS layer answers the preflight, and gives leave to GET alone.
    "a preflight with a sign and without leave, and GET with leave": (
        lambda: diagnosed(site(OPTIONS=answer(204, VARY, reason=b"No Content"), GET=LEAVE), **JSON),
        Expected(
            code=CauseCode.SOME_ANSWERS,
            sureness="very likely",
            evidence=(
                OPTIONS,
                "something there knows CORS: it sends `Vary: Origin`",
                f"second probe: GET was answered 200 OK with {ALLOWED}",
            ),
            fix=("on every answer, on the 204 too",),
            probes=2,
        ),
    ),
    "a redirect with, and its target without": (
        lambda: diagnosed(
            site(
                OPTIONS=answer(405),
                GET=lambda request: (
                    PLAIN if request.url.path == "/b" else answer(302, ALLOW_ALL, ("Location", "/b"), reason=b"Found")
                ),
            ),
        ),
        Expected(
            code=CauseCode.SOME_ANSWERS,
            sureness="very likely",
            evidence=(
                "GET https://api.example/b was answered 200 OK without Access-Control-Allow-Origin",
                f"GET {API} was answered 302 Found with `Access-Control-Allow-Origin: *`",
            ),
            fix=("on every answer",),
            probes=1,
        ),
    ),
    # 2, from the other side: OPTIONS is well, and something else than CORS gives the answer.
    "a preflight without, and GET with": (
        lambda: diagnosed(site(OPTIONS=answer(200, ("Allow", "GET"), reason=b"OK"), GET=LEAVE), **JSON),
        Expected(
            code=CauseCode.NO_ROUTE,
            sureness="very likely",
            evidence=(
                f"OPTIONS {API} was answered 200 OK without Access-Control-Allow-Origin",
                f"second probe: GET was answered 200 OK with {ALLOWED}",
            ),
            fix=("be a 204 with", "the preflight is answered by something else"),
            probes=4,
        ),
    ),
    # 25: a bucket that is read without a preflight.
    "a bucket": (
        lambda: diagnosed(answer(200, ("Server", "AmazonS3"), reason=b"OK"), probes=False),
        Expected(
            code=CauseCode.BUCKET,
            sureness="very likely",
            evidence=(GET, "it is a bucket's: `Server: AmazonS3`"),
            fix=(f"a rule for the origin {PAGE} and the method GET", "bucket's CORS rules"),
        ),
    ),
    "a bucket, to a preflight": (
        lambda: diagnosed(answer(200, ("x-guploader-uploadid", "ABPtcPo"), reason=b"OK"), probes=False, **JSON),
        Expected(
            code=CauseCode.BUCKET,
            sureness="very likely",
            evidence=(
                f"OPTIONS {API} was answered 200 OK without Access-Control-Allow-Origin",
                "it is a bucket's: `x-guploader-uploadid: ABPtcPo`",
            ),
            fix=(f"a rule for the origin {PAGE} and the method PUT", "bucket's CORS rules"),
        ),
    ),
    "a bucket whose rules are for others": (
        lambda: diagnosed(answer(200, ("x-amz-id-2", "abc"), VARY, reason=b"OK"), probes=False),
        Expected(
            code=CauseCode.BUCKET,
            sureness="very likely",
            evidence=(GET, "it is a bucket's: `x-amz-id-2: abc`"),
            fix=("bucket's CORS rules",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


class TestNoPolicyIsNotSaid:
    """1 is excluded by any sign of CORS, in whatever answer."""

    @pytest.mark.parametrize(
        "other",
        [
            site(OPTIONS=GRANT, GET=PLAIN),
            site(OPTIONS=answer(204, OTHER), GET=PLAIN),
            site(OPTIONS=answer(204, ("Access-Control-Max-Age", "5")), GET=PLAIN),
            site(OPTIONS=answer(404), GET=lambda request: LEAVE if request.url.path == "/" else PLAIN),
            site(OPTIONS=answer(404), GET=lambda request: answer(200, OTHER) if request.url.path == "/" else PLAIN),
            site(OPTIONS=answer(404), GET=answer(200, VARY)),
        ],
    )
    def test_signs(self, other: Handler) -> None:
        found = diagnosed(other)
        assert found.causes
        assert CauseCode.NO_CORS_CONFIGURED not in found.codes

    def test_a_preflight_whose_get_has_leave(self) -> None:
        for status in (200, 204, 401, 403, 404, 405, 500):
            codes = diagnosed(site(OPTIONS=answer(status), GET=LEAVE), **JSON).codes
            assert CauseCode.NO_CORS_CONFIGURED not in codes

    def test_a_silent_preflight_behind_a_redirect_with_leave(self) -> None:
        def handle(request: HTTPRequest) -> Answer:
            if request.url.path.endswith("/b"):
                return answer(204)
            return answer(307, ALLOW, ("Location", "/users/b")) if request.method == b"POST" else answer(204, ALLOW)

        # Chromium asks once more for the target; leave was given before.
        question: dict[str, Any] = {"method": "POST", "headers": ["Content-Type: application/json"], "data": "{}"}
        headers = ("Access-Control-Allow-Headers", "content-type")
        found = diagnosed(
            lambda request: (
                answer(204, ALLOW, headers)
                if request.method == b"OPTIONS" and not request.url.path.endswith("/b")
                else handle(request)
            ),
            **question,
        )
        assert CauseCode.NO_CORS_CONFIGURED not in found.codes
        assert found.causes[0].code is CauseCode.SOME_ANSWERS


class TestExcluded:
    """Answers for which other rules speak."""

    @pytest.mark.parametrize(
        "reply",
        [
            answer(200, OTHER),
            answer(200, ALLOW, ALLOW),
            answer(302, ("Location", "/there")),
            answer(500),
            answer(502),
            answer(400, body=b"Disallowed CORS origin"),
        ],
    )
    def test_of(self, reply: Answer) -> None:
        ours = {CauseCode.NO_CORS_CONFIGURED, CauseCode.SOME_ANSWERS, CauseCode.PREFLIGHT_ONLY}
        assert not ours & set(diagnosed(reply, probes=False).codes)

    def test_a_status_that_fails_with_leave(self) -> None:
        assert diagnosed(site(OPTIONS=answer(403, ALLOW)), probes=False, **JSON).codes == [
            CauseCode.FIREWALL,
            CauseCode.AUTHENTICATION,
        ]

    def test_a_page_without_origin(self) -> None:
        assert diagnosed(PLAIN, origin="null").codes == [CauseCode.NO_ORIGIN]

    def test_what_a_cache_gave(self) -> None:
        found = diagnosed(site(GET=lambda request: LEAVE if request.url.query else PLAIN))
        assert found.codes == [CauseCode.SHARED_CACHE]


class TestBetweenNeighbours:
    """The same answer, and what a second probe makes of it."""

    def test_a_silent_preflight(self) -> None:
        # GET with leave: no route. With a sign of CORS: the origin. With neither: no policy.
        expected = {
            LEAVE: CauseCode.NO_ROUTE,
            answer(200, VARY): CauseCode.ORIGIN_NOT_ALLOWED,
            PLAIN: CauseCode.NO_CORS_CONFIGURED,
        }
        for get, code in expected.items():
            assert diagnosed(site(OPTIONS=answer(204), GET=get), **JSON).codes == [code]

    def test_a_preflight_with_a_sign(self) -> None:
        # Plain preflights for which leave is given tell what it is that has none.
        for allowed, code in (
            (policy("https://other.example"), CauseCode.ORIGIN_NOT_ALLOWED),
            (policy(PAGE), CauseCode.METHOD_NOT_ALLOWED),
            (policy(PAGE, methods=(b"PUT",)), CauseCode.HEADER_NOT_ALLOWED),
        ):
            assert diagnosed(allowed, **JSON).codes == [code]

    def test_a_preflight_with_a_sign_and_nobody_to_ask(self) -> None:
        # The origin is the likeliest, and that is all: here it is the method.
        [cause] = diagnosed(policy(PAGE), probes=False, **JSON).causes
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_NOT_ALLOWED, "likely")

    def test_an_engine_that_looks_at_the_status_first(self) -> None:
        found = diagnosed(site(OPTIONS=answer(404, OTHER), GET=answer(404)), profiles=[WEBKIT], **JSON)
        evidence = f"OPTIONS {API} was answered 404 with `Access-Control-Allow-Origin: https://other.example`"
        assert found.of(CauseCode.ORIGIN_NOT_ALLOWED).evidence[0] == evidence

    def test_a_response_with_a_sign_and_nobody_to_ask(self) -> None:
        [cause] = diagnosed(answer(200, VARY), probes=False).causes
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_NOT_ALLOWED, "very likely")

    @staticmethod
    def only_get(request: HTTPRequest) -> Answer:
        if request.headers.get(b"Access-Control-Request-Method") == b"GET":
            return answer(204, ALLOW, VARY)
        # The page's own preflight has an answer; the one without its header gets none.
        return answer(204, VARY) if request.headers.contains(b"Access-Control-Request-Headers") else failure()

    def test_a_preflight_of_which_only_a_part_is_answered(self) -> None:
        found = diagnosed(self.only_get, **JSON)
        assert [(cause.code, cause.sureness) for cause in found.causes] == [
            (CauseCode.HEADER_NOT_ALLOWED, "likely"),
            (CauseCode.METHOD_NOT_ALLOWED, "possible"),
        ]

    def test_a_part_that_the_page_has_to_change(self) -> None:
        found = diagnosed(self.only_get, method="patch", headers=["Access-Control-Allow-Origin: *"])
        assert [(cause.code, cause.sureness) for cause in found.causes] == [
            (CauseCode.RESPONSE_HEADER_ON_REQUEST, "likely"),
            (CauseCode.METHOD_CASE, "possible"),
        ]


class TestRefusedByOrigin:
    """A policy that answers an origin which it does not know with a status, and not a word about CORS."""

    @staticmethod
    def strict(request: HTTPRequest) -> Answer:
        # As gin-contrib/cors has it: 403 for every method, whatever the path.
        return answer(200) if origin_of(request) in {"", "https://www.example"} else answer(403)

    def test_the_call(self) -> None:
        [cause] = diagnosed(self.strict).causes
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_NOT_ALLOWED, "very likely")
        said = "second probe: GET without Origin was answered 200: it is the origin that is refused"
        assert cause.evidence == (f"GET {API} was answered 403 without Access-Control-Allow-Origin", said)

    def test_the_preflight(self) -> None:
        cause = diagnosed(self.strict, **JSON).causes[0]
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_NOT_ALLOWED, "very likely")
        assert cause.evidence[-1].startswith("second probe: GET without Origin was answered 200")

    def test_everybody_is_refused(self) -> None:
        assert diagnosed(answer(403)).codes == [CauseCode.NO_CORS_CONFIGURED, CauseCode.SOME_ANSWERS]

    def test_on_this_machine_another_port_may_be_listed(self) -> None:
        [cause] = diagnosed(answer(200, VARY), **LOCAL).causes
        assert (cause.code, cause.sureness) == (CauseCode.ORIGIN_NOT_ALLOWED, "likely")
