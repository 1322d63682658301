"""Settings from files, each problem with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crossorigin.policy import load_policy
from crossorigin.proxy.load import ProxyFileError, load_settings
from crossorigin.proxy.setting_reader import SettingsError

TABLE = """\
{head}
port = 8000
app = "dist"

{routes}
"/api" = "http://localhost:8080"

{other}
target = "http://localhost:8081"
strip_prefix = true
"""


def text(front: str) -> str:
    heads = {"head": f"[{front}]", "routes": f"[{front}.routes]", "other": f'[{front}.routes."/auth"]'}
    return TABLE.format(**heads)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("x", encoding="utf-8")
    return tmp_path


def test_the_three_kinds_of_files(folder: Path) -> None:
    own, project, data = folder / "crossorigin.toml", folder / "pyproject.toml", folder / "crossorigin.json"
    own.write_text('[policy]\nallow_origins = ["https://a.example"]\n' + text("proxy"), encoding="utf-8")
    project.write_text(text("tool.crossorigin.proxy"), encoding="utf-8")
    routes = {
        "/api": "http://localhost:8080",
        "/auth": {"target": "http://localhost:8081", "strip_prefix": True},
    }
    data.write_text(json.dumps({"proxy": {"port": 8000, "app": "dist", "routes": routes}}), encoding="utf-8")
    settings = load_settings(own)
    assert settings == load_settings(project) == load_settings(str(data))
    assert settings.port == 8000
    assert [(route.pattern, str(route.target), route.strip_prefix) for route in settings.routes] == [
        ("/api", "http://localhost:8080", False),
        ("/auth", "http://localhost:8081", True),
    ]
    # A directory is found from the file's folder, wherever the command runs.
    assert settings.app == folder / "dist"
    # The policy of the same file is read by its own loader.
    assert load_policy(own).allow_origins == ("https://a.example",)


def test_every_problem_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "crossorigin.toml"
    path.write_text(
        '[proxy]\nprot = 1\nallow_hosts = [\n  "ok.example",\n  "*",\n]\n[proxy.routes]\n"/api/*" = "http://x"\n'
        '"/b" = { target = "http://x", websocket = "yes" }\n[proxy.routes."/c"]\nstrip_prefix = true\n',
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert [(problem.setting[-1], problem.place) for problem in caught.value.problems] == [
        ("prot", f"{path}:2"),
        ("/api/*", f"{path}:8"),
        ("websocket", f"{path}:9"),
        ("target", f"{path}:10"),
        ("allow_hosts", f"{path}:5"),
    ]
    assert str(caught.value).startswith("the proxy's settings have 5 problems:\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("absent.toml", None, "cannot be read: No such file or directory"),
        ("a.toml", "[proxy", "is not TOML"),
        ("a.toml", "[policy]\n", r"has no settings of the proxy: write a table \[proxy\]"),
        ("pyproject.toml", "[project]\n", r"write a table \[tool\.crossorigin\.proxy\]"),
        ("pyproject.toml", "[tool.crossorigin.policy]\n", r"write a table \[tool\.crossorigin\.proxy\]"),
    ],
)
def test_files_without_settings(tmp_path: Path, name: str, content: str | None, sentence: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ProxyFileError, match=sentence):
        load_settings(path)


def test_no_table(tmp_path: Path) -> None:
    path = tmp_path / "crossorigin.toml"
    path.write_text("proxy = 3\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="it is a table, and not int: write"):
        load_settings(path)
