from __future__ import annotations

import pytest

from crossorigin.browser.script_headers import Headers
from crossorigin.web.headers import HeaderList


def test_as_script_reads_them() -> None:
    headers = Headers(HeaderList.of(("X-B", "1"), ("Content-Type", "text/html"), ("x-b", "2"), ("X-L", b"\xe9")))
    assert headers["x-B"] == headers.get("X-B") == "1, 2"
    assert headers.get_all("X-B") == ["1", "2"]
    assert headers["x-l"] == "é"
    assert list(headers) == ["content-type", "x-b", "x-l"]
    assert len(headers) == 3
    assert "CONTENT-type" in headers
    assert "etag" not in headers
    assert not headers.__contains__(7)
    assert headers.get("etag") is None
    assert headers.get_all("etag") == []
    assert dict(headers) == {"content-type": "text/html", "x-b": "1, 2", "x-l": "é"}
    assert repr(Headers(HeaderList.of(("A", "b")))) == "Headers({'a': 'b'})"


@pytest.mark.parametrize("name", ["etag", "☃"])
def test_what_is_not_there(name: str) -> None:
    with pytest.raises(KeyError):
        Headers(HeaderList())[name]
