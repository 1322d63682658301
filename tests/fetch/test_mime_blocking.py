"""Scripts and style sheets of the wrong MIME type."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, fetch_request, potential_cors_request
from crossorigin.fetch.mime_blocking import is_script_like

from .dialogue import ANY_ORIGIN, API, OWN, answer, blocked, filtered, page, readable, redirect, talk

NOSNIFF = ("X-Content-Type-Options", "nosniff")
SCRIPT_LIKE = ["audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker"]
OTHERS = ["", "audio", "document", "font", "image", "json", "manifest", "object", "style", "track", "video", "xslt"]


def load(destination: str, content_type: str | None, *, nosniff: bool, target: str = OWN) -> BlockCode | None:
    """The code that blocks an element from loading a response of this type."""
    fields = [] if content_type is None else [("Content-Type", content_type)]
    request = potential_cors_request(target, page(), destination, None)
    result = talk(request, answer(200, *fields, *([NOSNIFF] if nosniff else [])))
    return None if result.error is None else result.error.code


def test_script_like() -> None:
    assert [name for name in sorted({*SCRIPT_LIKE, *OTHERS}) if is_script_like(name)] == SCRIPT_LIKE


@pytest.mark.parametrize("destination", SCRIPT_LIKE)
class TestScripts:
    """No script is an image, a sound, a film or a table; with nosniff it must say that it is JavaScript."""

    @pytest.mark.parametrize(
        "content_type",
        ["image/png", "IMAGE/SVG+XML", "audio/ogg", "video/mp4;a=b", "text/csv", "text/html, image/x", "image/x, */*"],
    )
    @pytest.mark.parametrize("nosniff", [True, False])
    def test_never(self, destination: str, content_type: str, nosniff: bool) -> None:
        assert load(destination, content_type, nosniff=nosniff) == BlockCode.MIME_TYPE

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/javascript",
            "application/javascript;charset=utf-8",
            "TEXT/ECMAScript",
            "text/javascript1.5",
            "text/x, text/jscript",
        ],
    )
    @pytest.mark.parametrize("nosniff", [True, False])
    def test_always(self, destination: str, content_type: str, nosniff: bool) -> None:
        assert load(destination, content_type, nosniff=nosniff) is None

    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "",
            "text/plain",
            "text/html",
            "application/json",
            "application/octet-stream",
            "text/json",
            "text",
            "*/*",
            "text/javascript2",
            "text/javascript, text/plain",
            "imagepng",
            "text/css",
        ],
    )
    def test_unless_nosniff(self, destination: str, content_type: str | None) -> None:
        assert load(destination, content_type, nosniff=False) is None
        assert load(destination, content_type, nosniff=True) == BlockCode.NOSNIFF


@pytest.mark.parametrize(
    ("content_type", "fits"),
    [
        ("text/css", True),
        ("TEXT/CSS;charset=x", True),
        ("text/plain, text/css", True),
        ("text/css, text/plain", False),
        (None, False),
        ("", False),
        ("text/html", False),
        ("image/png", False),
        ("text/javascript", False),
    ],
)
def test_style_sheets(content_type: str | None, fits: bool) -> None:
    assert load("style", content_type, nosniff=False) is None
    assert load("style", content_type, nosniff=True) == (None if fits else BlockCode.NOSNIFF)


@pytest.mark.parametrize("destination", [name for name in OTHERS if name != "style"])
@pytest.mark.parametrize("content_type", [None, "image/png", "text/html", "text/csv"])
def test_everything_else(destination: str, content_type: str | None) -> None:
    assert load(destination, content_type, nosniff=True) is None


def test_another_origin_too() -> None:
    assert load("script", "image/png", nosniff=False, target=API) == BlockCode.MIME_TYPE
    assert load("script", "text/plain", nosniff=True, target=API) == BlockCode.NOSNIFF
    assert load("script", "text/javascript", nosniff=True, target=API) is None


def test_fetch_is_no_script() -> None:
    readable(talk(fetch_request(API, page()), answer(200, ANY_ORIGIN, NOSNIFF, ("Content-Type", "image/png"))))


def test_a_data_url_is_judged_as_well() -> None:
    assert blocked(talk(potential_cors_request("data:image/png,x", page(), "script", None))) == BlockCode.MIME_TYPE
    assert filtered(talk(potential_cors_request("data:text/javascript,x", page(), "script", None))).type == "basic"


def test_only_the_last_response_counts() -> None:
    script = potential_cors_request(OWN, page(), "script", None)
    first = redirect("/2", NOSNIFF, ("Content-Type", "image/png"))
    assert talk(script, first, answer(200, ("Content-Type", "text/javascript"))).error is None
