"""A file's tables and lines, for whoever wants one of them, with the errors of whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.policy.source import MAX_FILE, Source, read_source


class WantedError(ValueError):
    """The caller's own."""


def test_tables_and_lines_of_our_own_file(tmp_path: Path) -> None:
    path = tmp_path / "crossorigin.toml"
    path.write_text('[proxy]\nport = 1\n[proxy.routes]\n"/api" = "http://x"\n', encoding="utf-8")
    source = read_source(path, "proxy", WantedError)
    assert source.tables == {"proxy": {"port": 1, "routes": {"/api": "http://x"}}}
    assert source.place("proxy", "port") == f"{path}:2"
    assert source.place("proxy", "routes", "/api") == f"{path}:4"
    assert source.place("proxy", "routes", "/api", "target") == f"{path}:4"
    assert source.place("proxy", "host") == f"{path}:1"


def test_tables_and_lines_of_a_project(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.crossorigin.proxy]\nport = 1\n", encoding="utf-8")
    source = read_source(path, "proxy", WantedError)
    assert source.tables == {"proxy": {"port": 1}}
    assert source.way == ("tool", "crossorigin")
    assert source.place("proxy", "port") == f"{path}:2"


def test_tables_and_lines_of_json(tmp_path: Path) -> None:
    path = tmp_path / "crossorigin.json"
    path.write_text('{"proxy":\n  {"port": 1}}', encoding="utf-8")
    assert read_source(path, "proxy", WantedError).place("proxy", "port") == f"{path}:2"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("absent.toml", None, "cannot be read: No such file or directory"),
        ("a.toml", b"[", "is not TOML"),
        ("a.json", b"[", "is not JSON"),
        ("a.json", b"3", "is not a JSON object with the key policy, policies or proxy"),
        ("a.toml", b"\xff", "is not UTF-8: byte 0 is 0xFF"),
        ("a.ini", b"", "is neither .toml nor .json"),
        ("a.toml", b"#" * (MAX_FILE + 1), "are the most that are read"),
        (
            "pyproject.toml",
            b"[tool.other]\n",
            r"has no settings of the proxy: write a table \[tool.crossorigin.proxy\]",
        ),
    ],
)
def test_the_error_is_the_callers(tmp_path: Path, name: str, content: bytes | None, sentence: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WantedError, match=sentence):
        read_source(path, "proxy", WantedError)


def test_a_mapping_has_no_places() -> None:
    assert Source({"proxy": {}}).place("proxy") == ""
    assert Source({}, "settings").place("proxy") == "settings"
