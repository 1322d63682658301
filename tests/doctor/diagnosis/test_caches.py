"""What was kept from before: by a shared cache, or by the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crossorigin.doctor.causes import CauseCode
from crossorigin.fetch.wire import HTTPRequest

from ..conftest import ALLOW, ALLOW_ALL, API, INCLUDE, JSON, PAGE, VARY, Answer, answer, failure  # noqa: TID252
from .cases import ALLOW_PUT, ALLOW_TYPE, Expected, Found, Handler, diagnosed, hold, origin_of, site

OTHER = ("Access-Control-Allow-Origin", "https://other.example")
HIT = ("X-Cache", "HIT")
KEPT_IMAGE = [ALLOW, ("Content-Type", "image/png"), ("Cache-Control", "public, max-age=600")]
FRESH = f"{API}?crossorigin-fresh=https---app-example"
KEPT = (
    f"GET {API} was answered 200 OK with `Access-Control-Allow-Origin: https://other.example`, and the page is {PAGE}"
)
DAY = "Mon, 0{} Jun 2026 10:00:00 GMT"
EVERYBODY = "it does not say `Vary: Origin`, so a cache takes it for the answer to everybody"
PAST = (
    f"second probe: under a URL that no cache knows it was answered 200 OK with `Access-Control-Allow-Origin: {PAGE}`"
)
FIX = ("`Vary: Origin` on every answer", "cache's key hold Origin", "empty the cache")


def cache(*kept: tuple[str, str], server: Answer | None = None) -> Handler:
    """A cache that keeps one answer for a URL, before a server that is well."""
    fresh = server or answer(200, ALLOW, reason=b"OK")

    def handle(request: HTTPRequest) -> Answer:
        return fresh if "crossorigin-fresh=" in (request.url.query or "") else answer(200, *kept, reason=b"OK")

    return site(OPTIONS=answer(405), GET=handle)


CASES: dict[str, tuple[Callable[[], Found], Expected]] = {
    # 19: a shared cache without Vary.
    "another page's answer": (
        lambda: diagnosed(cache(OTHER, HIT)),
        Expected(
            code=CauseCode.SHARED_CACHE,
            sureness="certain",
            evidence=(KEPT, "a cache gave it: `X-Cache: HIT`", EVERYBODY, PAST),
            fix=FIX,
            probes=1,
        ),
    ),
    "another page's answer, of a cache that does not say so": (
        lambda: diagnosed(cache(OTHER)),
        Expected(
            code=CauseCode.SHARED_CACHE,
            sureness="certain",
            evidence=(KEPT, EVERYBODY, PAST),
            fix=FIX,
            probes=1,
        ),
    ),
    "another page's answer, of a cache that does not care for Vary": (
        lambda: diagnosed(cache(OTHER, VARY, ("CF-Cache-Status", "HIT"))),
        Expected(
            code=CauseCode.SHARED_CACHE,
            sureness="certain",
            evidence=(KEPT, "a cache gave it: `Cf-Cache-Status: HIT`", PAST),
            fix=FIX,
            probes=1,
        ),
    ),
    "an answer to nobody's page": (
        lambda: diagnosed(cache(("Age", "60"))),
        Expected(
            code=CauseCode.SHARED_CACHE,
            sureness="certain",
            evidence=(
                f"GET {API} was answered 200 OK without Access-Control-Allow-Origin",
                "a cache gave it: `Age: 60`",
                EVERYBODY,
                PAST,
            ),
            fix=FIX,
            probes=1,
        ),
    ),
    "another page's answer, and nobody may ask": (
        lambda: diagnosed(cache(OTHER, HIT), probes=False),
        Expected(
            code=CauseCode.SHARED_CACHE,
            sureness="likely",
            evidence=(KEPT, "a cache gave it: `X-Cache: HIT`", EVERYBODY),
            fix=FIX,
            others=(CauseCode.ORIGIN_NOT_ALLOWED,),
        ),
    ),
    # 33: the browser's own preflight cache.
    "a preflight of before": (
        lambda: diagnosed(
            site(
                OPTIONS=answer(204, ALLOW, ALLOW_PUT, ALLOW_TYPE, ("Access-Control-Max-Age", "600")),
                PUT=answer(200, ALLOW, VARY),
            ),
            **JSON,
        ),
        Expected(
            code=CauseCode.PREFLIGHT_CACHE,
            sureness="possible",
            evidence=("browsers remember this preflight's answer for 600 s, and ask again only afterwards",),
            fix=("goes by an earlier yes", "private window", "Max-Age"),
        ),
    ),
    # 20: an element without crossorigin.
    "an image": (
        lambda: diagnosed(answer(200, ALLOW, ("Content-Type", "image/png"))),
        Expected(
            code=CauseCode.LOADED_BEFORE,
            sureness="possible",
            evidence=(
                "the answer is `Content-Type: image/png`, which elements load without CORS",
                "it does not say `Vary: Origin`",
            ),
            fix=("`Vary: Origin`", "attribute crossorigin"),
        ),
    ),
    "an image that is kept, and that says nothing to an element": (
        lambda: diagnosed(lambda request: answer(200, *(KEPT_IMAGE if origin_of(request) else KEPT_IMAGE[1:]))),
        Expected(
            code=CauseCode.LOADED_BEFORE,
            sureness="likely",
            evidence=(
                "the answer is `Content-Type: image/png`, which elements load without CORS",
                "browsers keep it: `Cache-Control: public, max-age=600`",
                "second probe: without Origin it was answered 200 without leave",
                "it does not say `Vary: Origin`",
            ),
            fix=("`Vary: Origin`", "attribute crossorigin"),
            probes=1,
        ),
    ),
    "an image that is kept, and nobody may ask": (
        lambda: diagnosed(answer(200, *KEPT_IMAGE), probes=False),
        Expected(
            code=CauseCode.LOADED_BEFORE,
            sureness="possible",
            evidence=(
                "the answer is `Content-Type: image/png`, which elements load without CORS",
                "browsers keep it: `Cache-Control: public, max-age=600`",
                "it does not say `Vary: Origin`",
            ),
            fix=("`Vary: Origin`",),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_causes(name: str) -> None:
    made, expected = CASES[name]
    hold(made(), expected)


class TestTheProbe:
    """One GET, under a URL that no cache knows and no other page asks for."""

    @pytest.mark.parametrize(
        ("url", "asked"),
        [
            (API, FRESH),
            (f"{API}?a=b", f"{API}?a=b&crossorigin-fresh=https---app-example"),
            (f"{API}?", FRESH),
            (f"{API}#part", FRESH),
        ],
    )
    def test_url(self, url: str, asked: str) -> None:
        assert diagnosed(cache(OTHER), url=url).asked == [f"GET {asked} from {PAGE}"]

    @pytest.mark.parametrize(
        "question",
        [
            {"method": "POST"},
            {"method": "HEAD"},
            JSON,
            {"origin": "null"},
            INCLUDE | {"probes": False},
        ],
    )
    def test_nobody_asks(self, question: dict[str, Any]) -> None:
        found = diagnosed(site(answer(200, OTHER), OPTIONS=answer(204, OTHER, ALLOW_PUT, ALLOW_TYPE)), **question)
        assert not any("crossorigin-fresh" in asked for asked in found.asked)

    @pytest.mark.parametrize(
        "reply", [answer(404), answer(500), answer(200, ALLOW_ALL), answer(200, *[ALLOW] * 2), answer(302)]
    )
    def test_other_answers_have_other_causes(self, reply: Answer) -> None:
        assert not any("crossorigin-fresh" in asked for asked in diagnosed(site(reply)).asked)


class TestExcluded:
    """What excludes a shared cache."""

    def test_past_the_cache_it_is_the_same(self) -> None:
        found = diagnosed(cache(OTHER, HIT, server=answer(200, OTHER)))
        assert found.codes == [CauseCode.ORIGIN_NOT_ALLOWED]

    def test_past_the_cache_there_is_no_leave_either(self) -> None:
        assert CauseCode.SHARED_CACHE not in diagnosed(cache(HIT, server=answer(200))).codes

    def test_no_cache(self) -> None:
        assert CauseCode.SHARED_CACHE not in diagnosed(cache(OTHER), probes=False).codes

    def test_no_answer_past_the_cache(self) -> None:
        # Then there is no more than the sign.
        found = diagnosed(cache(OTHER, HIT, server=failure()))
        assert found.of(CauseCode.SHARED_CACHE).sureness == "likely"


class TestSignsAlone:
    """How likely a cache is where nobody can ask past it."""

    @pytest.mark.parametrize(
        ("fields", "sureness"),
        [
            ((OTHER, HIT), "likely"),
            ((OTHER, HIT, VARY), "possible"),
            ((OTHER, HIT, ("Vary", "*")), "possible"),
            ((HIT,), "possible"),
        ],
    )
    def test_sureness(self, fields: tuple[tuple[str, str], ...], sureness: str) -> None:
        assert diagnosed(cache(*fields), probes=False).of(CauseCode.SHARED_CACHE).sureness == sureness

    def test_what_varies_is_not_said_to_be_for_everybody(self) -> None:
        for vary in ("Origin", "*", "accept, origin"):
            cause = diagnosed(cache(OTHER, HIT, ("Vary", vary)), probes=False).of(CauseCode.SHARED_CACHE)
            assert EVERYBODY not in cause.evidence


class TestLoadedBefore:
    """What excludes it."""

    @pytest.mark.parametrize("mime", ["image/svg+xml", "font/woff2", "audio/mpeg", "video/mp4; codecs=x", "IMAGE/PNG"])
    def test_what_elements_load(self, mime: str) -> None:
        assert diagnosed(answer(200, ALLOW, ("Content-Type", mime))).codes == [CauseCode.LOADED_BEFORE]

    @pytest.mark.parametrize("mime", ["application/json", "text/html", "", "image", "nonsense"])
    def test_what_they_do_not(self, mime: str) -> None:
        assert diagnosed(answer(200, ALLOW, ("Content-Type", mime))).codes == []

    @pytest.mark.parametrize("vary", ["Origin", "Accept, Origin", "*"])
    def test_an_answer_that_varies(self, vary: str) -> None:
        assert diagnosed(answer(200, ALLOW, ("Content-Type", "image/png"), ("Vary", vary))).codes == []

    def test_an_answer_that_an_element_gets_with_leave_as_well(self) -> None:
        found = diagnosed(answer(200, *KEPT_IMAGE))
        assert found.codes == []
        assert found.asked == [f"GET {API} from "]

    def test_where_a_redirect_led_to_is_what_is_kept(self) -> None:
        def handle(request: HTTPRequest) -> Answer:
            if request.url.path != "/b.png":
                return answer(302, ALLOW_ALL, ("Location", "/b.png"))
            return answer(200, *(KEPT_IMAGE if origin_of(request) else KEPT_IMAGE[1:]))

        found = diagnosed(handle)
        assert found.codes == [CauseCode.LOADED_BEFORE]
        assert found.asked == ["GET https://api.example/b.png from "]

    @pytest.mark.parametrize(
        "fields",
        [
            [("Cache-Control", "max-age=1")],
            [("Cache-Control", "private"), ("Date", DAY.format(1)), ("Expires", DAY.format(2))],
            [("Date", DAY.format(1)), ("Expires", DAY.format(2))],
        ],
    )
    def test_it_is_kept(self, fields: list[tuple[str, str]]) -> None:
        assert len(diagnosed(answer(200, ALLOW, ("Content-Type", "image/png"), *fields)).probes) == 1

    @pytest.mark.parametrize(
        "fields",
        [
            [],
            [("Cache-Control", "max-age=0"), ("Expires", DAY.format(2)), ("Date", DAY.format(1))],
            # https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2: neither is used again unasked.
            [("Cache-Control", "no-store, max-age=600")],
            [("Cache-Control", "max-age=600, no-cache")],
            [("Expires", "0"), ("Date", DAY.format(1))],
            [("Expires", "-1"), ("Date", DAY.format(1))],
            [("Expires", DAY.format(1)), ("Date", DAY.format(1))],
            [("Expires", DAY.format(2))],
            [("Expires", DAY.format(2)), ("Date", "today")],
        ],
    )
    def test_nobody_knows_that_it_is_kept(self, fields: list[tuple[str, str]]) -> None:
        found = diagnosed(answer(200, ALLOW, ("Content-Type", "image/png"), *fields))
        assert (found.codes, found.probes) == ([CauseCode.LOADED_BEFORE], ())
        assert found.causes[0].sureness == "possible"

    def test_another_method(self) -> None:
        assert diagnosed(answer(200, ALLOW, ("Content-Type", "image/png")), method="POST").codes == []

    def test_the_own_origin(self) -> None:
        assert diagnosed(answer(200, ("Content-Type", "image/png")), origin="https://api.example").codes == []

    def test_a_call_that_is_blocked(self) -> None:
        found = diagnosed(answer(200, ("Content-Type", "image/png")))
        assert CauseCode.LOADED_BEFORE not in found.codes


def test_only_a_yes_is_remembered() -> None:
    """https://fetch.spec.whatwg.org/#cors-preflight-fetch: the cache is written where all checks have passed."""
    age = ("Access-Control-Max-Age", "600")
    for reply in (answer(204, ALLOW, age), answer(403, ALLOW, age), answer(204, age)):
        assert CauseCode.PREFLIGHT_CACHE not in diagnosed(site(OPTIONS=reply, GET=answer(404)), **JSON).codes


def test_no_preflight_nothing_remembered() -> None:
    assert CauseCode.PREFLIGHT_CACHE not in diagnosed(answer(200, ALLOW, VARY)).codes
    assert CauseCode.PREFLIGHT_CACHE not in diagnosed(answer(405), **JSON).codes


class TestVariedTooLate:
    """S3 varies by Origin only what was asked with one: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html"""

    @staticmethod
    def found(*plain: tuple[str, str], status: int = 200, probes: bool = True) -> Found:
        picture = ("Content-Type", "image/png")

        def handle(request: HTTPRequest) -> Answer:
            return answer(200, ALLOW, VARY, picture) if origin_of(request) else answer(status, picture, *plain)

        return diagnosed(handle, probes=probes)

    def test_an_element_gets_it_without(self) -> None:
        [cause] = self.found().causes
        assert (cause.code, cause.sureness) == (CauseCode.LOADED_BEFORE, "likely")
        assert cause.evidence[1] == (
            "second probe: without Origin it was answered 200 without leave, and without `Vary: Origin`"
        )
        assert self.found(("Cache-Control", "max-age=600")).causes[0].confidence > cause.confidence

    def test_excluded(self) -> None:
        assert self.found(VARY).codes == []
        assert self.found(ALLOW).codes == []
        assert self.found(status=403).codes == []
        assert self.found(probes=False).codes == []
