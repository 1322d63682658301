"""Cross-Origin-Resource-Policy and the embedder's policy: who may load a response that nobody reads."""

from __future__ import annotations

import pytest

from crossorigin.fetch import BlockCode, UserAgent, fetch_request, potential_cors_request
from crossorigin.fetch.request import EmbedderPolicy

from .dialogue import (
    ANY_ORIGIN,
    API,
    OWN,
    SIBLING,
    Recorder,
    answer,
    blocked,
    filtered,
    page,
    readable,
    redirect,
    sandboxed,
    talk,
)

NAME = "Cross-Origin-Resource-Policy"
CORP, COEP = BlockCode.CROSS_ORIGIN_RESOURCE_POLICY, BlockCode.CROSS_ORIGIN_EMBEDDER_POLICY
PORT = "https://page.example:8443/"

# Values, and what they say to the same host on another port, to the same site, and to another site.
VALUES: list[tuple[list[str], BlockCode | None, BlockCode | None, BlockCode | None]] = [
    ([], None, None, None),
    (["cross-origin"], None, None, None),
    (["same-site"], None, None, CORP),
    (["same-origin"], CORP, CORP, CORP),
    # What is none of the three is none at all: web-platform-tests, syntax.any.js.
    ([""], None, None, None),
    (["SAME-ORIGIN"], None, None, None),
    (["Same-Site"], None, None, None),
    (["same-origin, same-origin"], None, None, None),
    (["same-site, same-origin"], None, None, None),
    (["same-origin", "same-origin"], None, None, None),
    (["same-origin,"], None, None, None),
    (["same-origin;x"], None, None, None),
    ([" same-origin"], None, None, None),
    (["sameorigin"], None, None, None),
    (["*"], None, None, None),
]


class TestResource:
    """The internal check with "unsafe-none": what the resource asks for holds whoever embeds it."""

    @pytest.mark.parametrize(
        ("values", "target", "code"),
        [(row[0], target, code) for row in VALUES for target, code in zip((PORT, SIBLING, API), row[1:], strict=True)],
    )
    def test_value(self, values: list[str], target: str, code: BlockCode | None) -> None:
        request = fetch_request(target, page(), mode="no-cors")
        result = talk(request, answer(200, *((NAME, value) for value in values)))
        if code is None:
            assert filtered(result).type == "opaque"
        else:
            assert blocked(result) == code

    @pytest.mark.parametrize(
        ("address", "target", "code"),
        [
            ("https://page.example/", "https://api.page.example/", None),
            ("http://page.example/", "http://api.page.example/", None),
            ("http://page.example/", "https://api.page.example/", CORP),
            ("http://page.example/", "https://page.example/", CORP),
            ("https://localhost/", "http://localhost/", None),
        ],
    )
    def test_same_site_minds_the_scheme(self, address: str, target: str, code: BlockCode | None) -> None:
        # web-platform-tests, scheme-restriction: https says nothing to a page that came over http.
        result = talk(fetch_request(target, page(address), mode="no-cors"), answer(200, (NAME, "same-site")))
        if code is None:
            assert filtered(result).type == "opaque"
        else:
            assert blocked(result) == code

    @pytest.mark.parametrize("value", ["same-origin", "same-site"])
    def test_an_opaque_origin_is_nobodys(self, value: str) -> None:
        assert blocked(talk(fetch_request(OWN, sandboxed(), mode="no-cors"), answer(200, (NAME, value)))) == CORP

    def test_only_unread_responses(self) -> None:
        readable(talk(fetch_request(API, page()), answer(200, ANY_ORIGIN, (NAME, "same-origin"))))
        readable(talk(fetch_request(OWN, page(), mode="no-cors"), answer(200, (NAME, "same-origin"))))

    def test_every_hop(self) -> None:
        request = fetch_request(API, page(), mode="no-cors")
        assert blocked(talk(request, redirect(OWN, (NAME, "same-origin")))) == CORP
        assert blocked(talk(request, redirect(SIBLING), answer(200, (NAME, "same-origin")))) == CORP
        # Back home the tainting is opaque still, but the response's URL is of the page's origin.
        assert filtered(talk(request, redirect(OWN), answer(200, (NAME, "same-origin")))).type == "opaque"

    def test_a_blocked_redirect_is_not_followed(self) -> None:
        request = fetch_request(API, page(), mode="no-cors")
        assert len(talk(request, redirect(OWN, (NAME, "same-site"))).exchanges) == 1


# The embedder's policy, whether credentials go along, and what it makes of no, each, and an unknown policy.
EMBEDDERS: list[tuple[EmbedderPolicy, str, str | None, str, BlockCode | None]] = [
    ("unsafe-none", "include", None, API, None),
    ("unsafe-none", "include", "same-origin", API, CORP),
    ("require-corp", "include", None, API, COEP),
    ("require-corp", "omit", None, API, COEP),
    ("require-corp", "include", "invalid", API, COEP),
    ("require-corp", "include", "cross-origin", API, None),
    ("require-corp", "include", "same-site", API, CORP),
    ("require-corp", "include", "same-site", SIBLING, None),
    ("require-corp", "include", "same-origin", SIBLING, CORP),
    ("require-corp", "include", None, SIBLING, COEP),
    ("credentialless", "include", None, API, None),  # the credentials were left out
    ("credentialless", "omit", None, API, None),
    ("credentialless", "include", "same-origin", API, CORP),
    ("credentialless", "include", "cross-origin", API, None),
]


@pytest.mark.parametrize(("policy", "credentials", "value", "target", "code"), EMBEDDERS)
def test_embedder(
    policy: EmbedderPolicy, credentials: str, value: str | None, target: str, code: BlockCode | None
) -> None:
    client = page(embedder_policy=policy)
    request = fetch_request(target, client, mode="no-cors", credentials=credentials)  # type: ignore[arg-type]
    result = talk(request, answer(200, *([] if value is None else [(NAME, value)])))
    if code is None:
        assert filtered(result).type == "opaque"
    else:
        assert blocked(result) == code


def test_cors_is_leave_enough_for_the_embedder() -> None:
    client = page(embedder_policy="require-corp")
    readable(talk(fetch_request(API, client), answer(200, ANY_ORIGIN)))
    image = potential_cors_request(API, client, "image", "anonymous")
    readable(talk(image, answer(200, ANY_ORIGIN)))
    assert blocked(talk(potential_cors_request(API, client, "image", None), answer(200, ANY_ORIGIN))) == COEP


def test_the_recorder_is_not_asked_by_a_credentialless_page() -> None:
    store = Recorder()
    image = potential_cors_request(API, page(embedder_policy="credentialless"), "image", None)
    talk(image, answer(200, ("Set-Cookie", "a=1")), agent=UserAgent(credentials=store))
    assert store == Recorder()
