"""Which redirects make a request a GET, by the standard and in WebKitGTK."""

from __future__ import annotations

import pytest

from crossorigin.fetch.profiles.webkit import WEBKITGTK
from crossorigin.fetch.redirect_method import redirect_becomes_get


@pytest.mark.parametrize(
    ("status", "methods"),
    [
        (301, {b"POST"}),
        (302, {b"POST"}),
        (303, {b"POST", b"PUT", b"DELETE", b"PATCH", b"post", b"PURGE"}),
        (307, set()),
        (308, set()),
    ],
)
def test_by_the_standard(status: int, methods: set[bytes]) -> None:
    every = {b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"PATCH", b"post", b"PURGE"}
    for crosses_origins in (True, False):
        assert {method for method in every if redirect_becomes_get(status, method, crosses_origins)} == methods


def test_libsoup_makes_a_get_of_each_delete_that_goes_elsewhere() -> None:
    assert WEBKITGTK.redirect_becomes_get(307, b"DELETE", True)
    assert not WEBKITGTK.redirect_becomes_get(307, b"DELETE", False)
    assert not WEBKITGTK.redirect_becomes_get(307, b"PUT", True)
    assert WEBKITGTK.redirect_becomes_get(303, b"PUT", False)
