"""When the policy of production is told and written, and what becomes of a file that somebody changes meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.proxy.cors_heads import request

from crossorigin.cli.proxy_notes import Notes
from crossorigin.policy import load_policy
from crossorigin.proxy.learn import Learner
from crossorigin.proxy.learned_file import LearnError

APP = "http://localhost:5173"


@pytest.fixture
def learner() -> Learner:
    return Learner([APP], {"/api": "http://localhost:1", "/maps": "http://localhost:1"})


def see(learner: Learner, line: str) -> None:
    route = "/" + line.split("/")[1]
    learner.request(route, request(line, "Sec-Fetch-Mode: cors", "Sec-Fetch-Site: same-origin"))


def test_each_route_is_told_once_and_again_at_the_end(
    learner: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = Notes(learner, tmp_path / "policy.toml", quiet=False)
    notes.tell()
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "policy.toml").exists()
    see(learner, "PUT /api/1")
    notes.tell()
    assert 'allow_methods = ["PUT"]' in capsys.readouterr().out
    see(learner, "DELETE /api/1")
    notes.tell()
    assert capsys.readouterr().out == ""
    assert load_policy(tmp_path / "policy.toml").allow_methods == ("DELETE", "PUT")
    see(learner, "GET /maps")
    notes.end()
    said = capsys.readouterr().out
    assert said.count("in production /api needs:") == 1
    assert 'allow_methods = ["DELETE", "PUT"]' in said
    assert said.count("in production /maps needs:") == 1


def test_quiet_is_about_what_is_said(learner: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = Notes(learner, tmp_path / "policy.toml", quiet=True)
    see(learner, "PUT /api/1")
    notes.end()
    assert capsys.readouterr().out == ""
    assert load_policy(tmp_path / "policy.toml").allow_methods == ("PUT",)


def test_what_somebody_writes_meanwhile_is_not_lost(learner: Learner, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    notes = Notes(learner, path, quiet=True)
    see(learner, "PUT /api/1")
    notes.tell()
    path.write_text(path.read_text().replace(APP, "https://app.example"))
    see(learner, "DELETE /api/1")
    notes.tell()
    assert load_policy(path).allow_origins == ("https://app.example",)
    assert load_policy(path).allow_methods == ("DELETE", "PUT")


def test_a_file_with_a_mistake_is_left_alone(
    learner: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "policy.toml"
    notes = Notes(learner, path, quiet=True)
    see(learner, "PUT /api/1")
    notes.tell()
    text = path.read_text().replace("allow_origins", "allow_origin")
    path.write_text(text)
    see(learner, "DELETE /api/1")
    notes.tell()
    assert "has mistakes, and is not written again before they are mended" in capsys.readouterr().err
    with pytest.raises(LearnError):
        notes.end()
    assert path.read_text() == text
