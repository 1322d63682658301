from __future__ import annotations

import pytest

from crossorigin.web.methods import is_cors_safelisted_method, is_forbidden_method, is_method, normalize_method


@pytest.mark.parametrize("method", [b"GET", b"CHICKEN", b"eGg", b"M-SEARCH", b"*"])
def test_methods(method: bytes) -> None:
    assert is_method(method)


@pytest.mark.parametrize("method", [b"", b"PO ST", b"GET,", b"GET\n", b"\xe9", b'"GET"'])
def test_not_methods(method: bytes) -> None:
    assert not is_method(method)


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST"])
def test_cors_safelisted(method: bytes) -> None:
    assert is_cors_safelisted_method(method)
    assert not is_cors_safelisted_method(method.lower())


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"QUERY", b"", b"GET "])
def test_not_cors_safelisted(method: bytes) -> None:
    assert not is_cors_safelisted_method(method)


@pytest.mark.parametrize("method", [b"CONNECT", b"TRACE", b"TRACK", b"connect", b"tRaCe", b"Track"])
def test_forbidden(method: bytes) -> None:
    assert is_forbidden_method(method)


@pytest.mark.parametrize("method", [b"GET", b"TRAC", b"TRACES", b""])
def test_not_forbidden(method: bytes) -> None:
    assert not is_forbidden_method(method)


@pytest.mark.parametrize("method", [b"DELETE", b"GET", b"HEAD", b"OPTIONS", b"POST", b"PUT"])
def test_six_methods_are_normalized(method: bytes) -> None:
    assert normalize_method(method.lower()) == normalize_method(method.title()) == method


@pytest.mark.parametrize("method", [b"patch", b"Patch", b"PATCH", b"chicken", b"connect", b"query"])
def test_all_others_are_left_alone(method: bytes) -> None:
    assert normalize_method(method) == method
