"""How a page and a URL stand to each other, in facts and in one sentence."""

from __future__ import annotations

import pytest

from crossorigin.doctor.relation import relate
from crossorigin.web.origins import OpaqueOrigin, parse_origin

CASES = {
    "the same": (
        "https://a.example",
        "https://a.example",
        (),
        "Page and URL have the same origin, so CORS does not apply.",
    ),
    "another host of the site": (
        "https://app.a.example",
        "https://api.a.example",
        ("host",),
        "Cross-origin: host differs; they are same-site, which changes cookies but not CORS.",
    ),
    "another port": (
        "http://localhost:3000",
        "http://localhost:8000",
        ("port",),
        "Cross-origin: port differs; they are same-site, which changes cookies but not CORS.",
    ),
    "a port and the default one": (
        "https://a.example",
        "https://a.example:8443",
        ("port",),
        "Cross-origin: port differs; they are same-site, which changes cookies but not CORS.",
    ),
    "another scheme": (
        "http://a.example",
        "https://a.example",
        ("scheme",),
        "Cross-origin: scheme differs; the sites differ in their scheme alone, so they are cross-site.",
    ),
    "another scheme and a port": (
        "http://a.example:8080",
        "https://a.example",
        ("scheme", "port"),
        "Cross-origin: scheme and port differ; the sites differ in their scheme alone, so they are cross-site.",
    ),
    "another site": (
        "https://a.example",
        "https://b.example",
        ("host",),
        "Cross-origin: host differs; they are cross-site.",
    ),
    "localhost and its address": (
        "http://localhost:3000",
        "http://127.0.0.1:3000",
        ("host",),
        "Cross-origin: host differs; they are cross-site.",
    ),
    "everything": (
        "http://a.example:8080",
        "https://b.example:8443",
        ("scheme", "host", "port"),
        "Cross-origin: scheme, host and port differ; they are cross-site.",
    ),
    "two users of one public suffix": (
        "https://one.github.io",
        "https://two.github.io",
        ("host",),
        "Cross-origin: host differs; they are cross-site.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_tuple_origins(name: str) -> None:
    page, target, differs, sentence = CASES[name]
    relation = relate(parse_origin(page), parse_origin(target))
    assert relation.differs == differs
    assert relation.same_origin == (not differs)
    assert relation.sentence == sentence


@pytest.mark.parametrize("name", CASES)
def test_it_is_symmetric(name: str) -> None:
    page, target, _, _ = CASES[name]
    assert relate(parse_origin(page), parse_origin(target)) == relate(parse_origin(target), parse_origin(page))


def test_an_opaque_page() -> None:
    relation = relate(OpaqueOrigin(), parse_origin("https://a.example"))
    assert not relation.same_origin
    assert not relation.same_site
    assert relation.differs == ()
    assert relation.sentence == "The page's origin is opaque (null): every URL is cross-origin to it."


def test_two_opaque_origins_are_not_the_same() -> None:
    assert not relate(OpaqueOrigin(), OpaqueOrigin()).same_origin
