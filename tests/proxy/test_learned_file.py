"""Writing a policy file, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.proxy.learned_file import LearnError, write_policy
from crossorigin.proxy.learned_toml import MARK

TEXT = f'{MARK}\n[policy]\nallow_origins = ["https://a.example"]\n'
REPLACED = {
    "none": None,
    "one of ours": f"{MARK}\nanything",
    "a policy": '[policy]\nallow_origins = ["*"]\n',
    "policies": '[policies.a]\nallow_origins = ["*"]\n',
}
KEPT = {
    "no TOML": ("dear diary", "it is no policy file"),
    "nothing": ("", "it is no policy file"),
    "a policy and a proxy": (
        '[policy]\nallow_origins = ["*"]\n[proxy.routes]\n"/api" = "http://x"\n',
        "it has the settings of the proxy in it",
    ),
    "a policy with mistakes": ('[policy]\nallow_origins = ["nonsense"]\n', "it is a policy file with mistakes in it"),
}


@pytest.mark.parametrize("before", REPLACED.values(), ids=REPLACED.keys())
def test_replaced(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "policy.toml"
    if before is not None:
        path.write_text(before)
    write_policy(path, TEXT)
    assert path.read_text() == TEXT
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("before", "why"), KEPT.values(), ids=KEPT.keys())
def test_kept(tmp_path: Path, before: str, why: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(before)
    with pytest.raises(LearnError, match=why):
        write_policy(path, TEXT)
    assert path.read_text() == before
    write_policy(path, TEXT, replaces=True)
    assert path.read_text() == TEXT


@pytest.mark.parametrize("name", ["pyproject.toml", "policy.json", "policy", ".toml"])
def test_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(LearnError, match="is not a file of its own"):
        write_policy(tmp_path / name, TEXT, replaces=True)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="cannot be written: No such file or directory"):
        write_policy(tmp_path / "missing" / "policy.toml", TEXT)
    (tmp_path / "policy.toml").mkdir()
    with pytest.raises(LearnError, match="is left alone, because it cannot be read"):
        write_policy(tmp_path / "policy.toml", TEXT)
    with pytest.raises(LearnError, match="cannot be written"):
        write_policy(tmp_path / "policy.toml", TEXT, replaces=True)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]
