"""Writing a policy file, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.policy import Policy
from crossorigin.proxy.learned_file import LearnError, known_policies, write_policy
from crossorigin.proxy.learned_toml import MARK

TEXT = f'{MARK}\n[policy]\nallow_origins = ["https://a.example"]\n'
NOT_OURS = "it was not written by crossorigin proxy --learn"
REPLACED = {"none": None, "one of ours": f"{MARK}\nanything"}
KEPT = {
    "no TOML": ("dear diary", NOT_OURS),
    "nothing": ("", NOT_OURS),
    "somebody's policy": ('[policy]\nallow_origins = ["*"]\n', NOT_OURS),
    "a policy and a proxy": ('[policy]\nallow_origins = ["*"]\n[proxy.routes]\n"/api" = "http://x"\n', NOT_OURS),
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
    with pytest.raises(LearnError, match=why):
        known_policies(path)
    assert path.read_text() == before


@pytest.mark.parametrize("name", ["pyproject.toml", "policy.json", "policy", ".toml"])
def test_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(LearnError, match="is not a file of its own"):
        write_policy(tmp_path / name, TEXT)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(LearnError, match="cannot be written: No such file or directory"):
        write_policy(tmp_path / "missing" / "policy.toml", TEXT)
    (tmp_path / "policy.toml").mkdir()
    with pytest.raises(LearnError, match="is left alone, because it cannot be read"):
        write_policy(tmp_path / "policy.toml", TEXT)
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]


def test_what_was_written_before(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    assert known_policies(path) == {}
    write_policy(path, TEXT)
    assert known_policies(path) == {"policy": Policy(allow_origins=["https://a.example"])}
    path.write_text(f'{MARK}\n[policy]\nallow_origin = ["https://a.example"]\n')
    with pytest.raises(LearnError, match="has mistakes, and is not written again before they are mended"):
        known_policies(path)
