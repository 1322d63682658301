"""Programs in a group of their own, and that nothing of them is left."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crossorigin.browser.real import process as module
from crossorigin.browser.real.process import Process, fresh_directory, running, wait_for

SLEEPER = "import time; time.sleep(600)"
PARENT = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SLEEPER!r}], close_fds=False)
print("both are up", flush=True)
{SLEEPER}
"""
STUBBORN = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
{SLEEPER}
"""


@contextmanager
def python(code: str, directory: Path, *fds: int) -> Iterator[Process]:
    with running([sys.executable, "-c", code], directory, pass_fds=fds) as process:
        yield process


def lines_of(process: Process, count: int = 1) -> list[str]:
    lines: list[str] = []

    def complete() -> bool:
        lines.extend(process.new_lines())
        return len(lines) >= count

    assert wait_for(complete, 60)
    return lines


class TestGroup:
    """The whole group ends, whatever happens."""

    @pytest.mark.parametrize("raised", [None, RuntimeError, KeyboardInterrupt])
    def test_children_end_too(self, raised: type[BaseException] | None, tmp_path: Path) -> None:
        # Both processes hold the writing end: the reading end is at its end when neither is there any more.
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        try:
            with python(PARENT, tmp_path, writer) as process:
                os.close(writer)
                assert lines_of(process) == ["both are up"]
                assert process.pid == os.getpgid(process.pid) != os.getpgrp()
                if raised is not None:
                    raise raised
        except (RuntimeError, KeyboardInterrupt) as error:
            assert type(error) is raised  # noqa: PT017
        assert os.read(reader, 1) == b""
        os.close(reader)

    def test_one_that_does_not_listen(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_SECONDS_TO_END", 0.05)
        with python(STUBBORN, tmp_path) as process:
            assert lines_of(process) == ["deaf"]
        assert process.has_ended()
        assert process._popen.returncode == -signal.SIGKILL

    def test_children_of_one_that_is_gone(self, tmp_path: Path) -> None:
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        with python(PARENT, tmp_path, writer) as process:
            os.close(writer)
            lines_of(process)
            os.kill(process.pid, signal.SIGKILL)
            assert wait_for(process.has_ended, 60)
        assert os.read(reader, 1) == b""
        os.close(reader)

    def test_ending_twice(self, tmp_path: Path) -> None:
        with python(SLEEPER, tmp_path) as process:
            process.end()
            process.end()
            assert process.has_ended()

    def test_a_program_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError), running([tmp_path / "absent"], tmp_path):
            pass


class TestOutput:
    """What it writes."""

    def test_whole_lines_once(self, tmp_path: Path) -> None:
        code = 'import sys; print("one"); print("two", file=sys.stderr); print("three", end="")'
        with python(code, tmp_path) as process:
            assert wait_for(process.has_ended, 60)
            # The order is the program's: it may keep its standard output back.
            assert sorted(process.new_lines()) == ["one", "two"]
            assert process.new_lines() == []
            assert sorted(process.last_words().split(" | ")) == ["one", "three", "two"]

    def test_nothing(self, tmp_path: Path) -> None:
        with python("", tmp_path) as process:
            assert process.last_words() == "it wrote nothing"

    def test_the_environment_is_added_to(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OURS", "kept")
        code = 'import os; print(os.environ["OURS"], os.environ["THEIRS"])'
        with running([sys.executable, "-c", code], tmp_path, environment={"THEIRS": "added"}) as process:
            assert lines_of(process) == ["kept added"]


class TestDirectory:
    """`fresh_directory`."""

    def test_it_is_removed_with_all_that_is_in_it(self) -> None:
        with fresh_directory() as directory:
            (directory / "a" / "b").mkdir(parents=True)
            (directory / "a" / "file").write_text("text")
        assert not directory.exists()

    def test_also_after_an_interrupt(self) -> None:
        with pytest.raises(KeyboardInterrupt), fresh_directory() as directory:
            raise KeyboardInterrupt
        assert not directory.exists()


def test_waiting_has_an_end() -> None:
    assert wait_for(lambda: True, 0)
    assert not wait_for(lambda: False, 0)


def test_an_interrupt_of_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    with python(SLEEPER, tmp_path) as process:
        assert os.getsid(process.pid) == process.pid != os.getsid(0)


def test_an_interrupt_while_a_directory_is_removed_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(condition: object, seconds: float) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("crossorigin.browser.real.process.wait_for", interrupted)
    with pytest.raises(KeyboardInterrupt), fresh_directory() as directory:
        (directory / "file").touch()
    assert not directory.exists()
