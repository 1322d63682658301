"""A directory of files, with the fallback that single-page applications need, and not one more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from crossorigin.proxy.static import DirectoryError, files

INDEX = b"<!doctype html>index"
NAVIGATION = [(b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")]
SCRIPT = [(b"accept", b"*/*")]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / ".well-known").mkdir()
    (root / "docs").mkdir()
    (root / "index.html").write_bytes(INDEX)
    (root / "assets" / "app.js").write_bytes(b"app()")
    (root / "docs" / "index.html").write_bytes(b"docs")
    (root / ".env").write_bytes(b"SECRET=1")
    (root / ".well-known" / "x").write_bytes(b"known")
    (tmp_path / "outside.txt").write_bytes(b"outside")
    (root / "link.txt").symlink_to(tmp_path / "outside.txt")
    return root


def get(
    root: Path, path: str, headers: list[tuple[bytes, bytes]] | None = None, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost:3000"), *(NAVIGATION if headers is None else headers)],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 3000),
    }

    async def receive() -> Any:
        # The client stays: a disconnect is what a response waits for meanwhile.
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def run() -> None:
        await files(root)(scope, receive, send)

    asyncio.run(run())
    fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], fields, b"".join(message.get("body", b"") for message in sent[1:])


def test_a_file(built: Path) -> None:
    status, fields, body = get(built, "/assets/app.js", SCRIPT)
    assert (status, body) == (200, b"app()")
    assert fields["content-type"].startswith(("text/javascript", "application/javascript"))
    assert fields["cache-control"] == "no-cache"
    assert "etag" in fields
    again, fields, body = get(built, "/assets/app.js", [*SCRIPT, (b"if-none-match", fields["etag"].encode())])
    assert (again, fields["cache-control"], body) == (304, "no-cache", b"")


def test_a_range(built: Path) -> None:
    assert get(built, "/assets/app.js", [(b"range", b"bytes=1-2")])[::2] == (206, b"pp")


INDEXED = ["/", "/orders/7", "/users/john.doe", "/a/b/", "/no-such-page.html"]


@pytest.mark.parametrize("path", INDEXED)
def test_navigations_fall_back(built: Path, path: str) -> None:
    status, fields, body = get(built, path)
    assert (status, body, fields["cache-control"]) == (200, INDEX, "no-cache")


def test_the_head_of_a_navigation(built: Path) -> None:
    assert get(built, "/orders/7", method="HEAD")[::2] == (200, b"")


def test_a_page_404_does_not_stand_before_the_fallback(built: Path) -> None:
    (built / "404.html").write_bytes(b"not here")
    assert get(built, "/orders/7")[::2] == (200, INDEX)
    assert get(built, "/missing.js", SCRIPT)[0] == 404


def test_a_folder_with_an_index(built: Path) -> None:
    assert get(built, "/docs/")[::2] == (200, b"docs")
    status, fields, _ = get(built, "/docs")
    assert (status, fields["location"]) == (307, "http://localhost:3000/docs/")


MISSING = [
    ("a script", "/x.js", SCRIPT),
    ("a script by the address bar", "/x.js", NAVIGATION),
    ("a source map", "/assets/app.js.map", NAVIGATION),
    ("a font", "/x.woff2", NAVIGATION),
    ("data", "/api/items", SCRIPT),
    ("a dot file", "/.env", NAVIGATION),
    ("a dot file, to script", "/.env", SCRIPT),
    ("below a dot", "/.git/config", NAVIGATION),
    ("outside", "/../outside.txt", SCRIPT),
    ("outside, to a page", "/../outside.txt", NAVIGATION),
    ("a link outside", "/link.txt", SCRIPT),
    ("NUL", "/a\0b", SCRIPT),
    ("a name that is too long", "/" + "x" * 5000, SCRIPT),
]


@pytest.mark.parametrize(("path", "headers"), [case[1:] for case in MISSING], ids=[case[0] for case in MISSING])
def test_missing(built: Path, path: str, headers: list[tuple[bytes, bytes]]) -> None:
    status, fields, body = get(built, path, headers)
    assert status == 404
    assert b"outside" not in body.replace(b"/../outside.txt", b"")
    assert b"SECRET" not in body
    assert fields["cache-control"] == "no-cache"


def test_well_known_is_served(built: Path) -> None:
    assert get(built, "/.well-known/x", SCRIPT)[::2] == (200, b"known")


def test_files_are_read(built: Path) -> None:
    status, fields, body = get(built, "/", method="POST")
    assert (status, fields["allow"]) == (405, "GET, HEAD")
    assert b"POST does not read" in body


def test_a_directory_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="is no directory: build the application first"):
        files(tmp_path / "dist")
    with pytest.raises(DirectoryError, match=r"has no index\.html: name the directory that the build wrote"):
        files(tmp_path)


def test_a_websocket_is_closed(built: Path) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def run() -> None:
        await files(built)({"type": "websocket"}, receive, send)

    asyncio.run(run())
    assert sent == [{"type": "websocket.close", "code": 1000, "reason": ""}]
