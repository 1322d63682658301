"""The entry: commands are found, mistakes are one line, and the process ends as it should."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest

import crossorigin
from crossorigin.cli import main

from .conftest import ALLOW, PAGE, Serve, call, command, in_terminal, run

COMMANDS = ["check", "explain", "policy", "demo"]

_WITHOUT = """
import sys

class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Without())
from crossorigin.cli import main
raise SystemExit(main([{name!r}]))
"""


class TestWords:
    """What can stand after `crossorigin`."""

    def test_version(self) -> None:
        assert call("--version").out == f"crossorigin {crossorigin.__version__}\n"
        assert call("--version").status == 0

    def test_help_names_every_command(self) -> None:
        ended = call("--help")
        assert ended.status == 0
        assert [name for name in COMMANDS if not re.search(rf"^  {name} ", ended.out, re.MULTILINE)] == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_help_of_each(self, name: str) -> None:
        ended = call(name, "--help")
        assert ended.status == 0
        assert ended.out.startswith(f"usage: crossorigin {name} ")
        assert ended.out.isascii()
        assert max(map(len, ended.out.split("\n"))) <= 80
        assert ended.err == ""

    def test_help_of_check_tells_the_exit_statuses(self) -> None:
        assert re.search(r"exit status: 0 .*1 .*2 .*\n?.*3 ", call("check", "--help").out)

    def test_no_command(self) -> None:
        ended = call()
        assert (ended.status, ended.out) == (2, "")
        commands = "check, explain, policy, proxy, demo"
        assert ended.err == f"crossorigin: say what to do: {commands} (see crossorigin --help)\n"

    def test_unknown_command(self) -> None:
        ended = call("chekc", "https://api.example")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == (
            "crossorigin: 'chekc' is not a command; there is check, explain, policy, proxy, demo "
            "(see crossorigin --help)\n"
        )

    def test_the_command_forgotten(self) -> None:
        ended = call("https://api.example/users")
        assert (ended.status, ended.out) == (2, "")
        assert "did you mean: crossorigin check https://api.example/users" in ended.err

    def test_unknown_option(self) -> None:
        ended = call("demo", "--fast")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err == "crossorigin demo: unrecognized arguments: --fast (see crossorigin demo --help)\n"

    @pytest.mark.parametrize("word", ["--\x1b[31m\n\x07red", "--\x9b31m", "--\u202e\udcff"])
    def test_a_mistake_is_one_line_that_steers_no_terminal(self, word: str) -> None:
        for argv in (("demo", word), ("check", word), ("explain", word), (word,), (word.lstrip("-"),)):
            ended = call(*argv)
            assert ended.status == 2
            assert ended.err.removesuffix("\n").isprintable()
            assert ended.err.endswith("\n")


class TestProgram:
    """The process and its surroundings."""

    def test_python_dash_m(self) -> None:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "crossorigin", "--version"],
            capture_output=True,
            timeout=30,
            check=True,
        )
        assert done.stdout.decode() == f"crossorigin {crossorigin.__version__}\n"
        assert done.stderr == b""

    def test_it_starts_without_what_it_does_not_need(self) -> None:
        """`--version` and a misspelt command cost no import of a network, an engine or a terminal library."""
        code = (
            "import sys; from crossorigin.cli import main\n"
            "try: main(['--version'])\n"
            "except SystemExit: pass\n"
            "print(sorted({'rich', 'httpcore2', 'ada_url', 'ssl', 'asyncio'} & set(sys.modules)))\n"
            "print(sorted(name for name in sys.modules if name.startswith('crossorigin.')))\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=True, text=True)
        assert done.stdout.split("\n")[1:3] == ["[]", "['crossorigin.cli', 'crossorigin.cli.main']"]

    @pytest.mark.parametrize(
        ("package", "name"),
        [("rich", "check"), ("rich", "explain"), ("rich", "demo"), ("httpcore2", "check"), ("ada_url", "check")],
    )
    def test_a_missing_extra_is_named(self, package: str, name: str) -> None:
        code = _WITHOUT.format(package=package, name=name)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=False, text=True)
        assert (done.returncode, done.stdout) == (2, "")
        said = f'{name} needs the package {package}: pip install "crossorigin[cli]"'
        assert done.stderr == f"crossorigin: {said} (see crossorigin --help)\n"

    def test_a_mistake_of_ours_is_not_a_missing_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "crossorigin.cli.explain", raising=False)
        monkeypatch.setitem(sys.modules, "crossorigin.doctor.codes", None)
        with pytest.raises(ModuleNotFoundError):
            main(["explain"])


class TestInterrupt:
    """Ctrl+C ends it at once, without a word."""

    def test_while_a_server_hangs(self, serve: Serve) -> None:
        server = serve(after=20)
        with subprocess.Popen(
            command("check", server.url, "--origin", PAGE), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert server.asked.wait(20)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (130, b"", b"")

    def test_in_a_terminal_the_progress_line_goes_and_the_cursor_comes_back(self, serve: Serve) -> None:
        server = serve(after=20)
        ended = in_terminal("check", server.url, "--origin", PAGE, interrupt_when=server.asked)
        assert ended.status == 130
        assert "Waiting for" in ended.out
        assert "Traceback" not in ended.out
        assert ended.out.endswith("\x1b[2K")
        assert ended.out.rindex("\x1b[?25h") > ended.out.rindex("\x1b[?25l")


class TestPipes:
    """Where the output goes is nobody's fault but must not change what the exit status says."""

    @pytest.mark.parametrize(("lines", "status"), [((ALLOW,), 0), ((), 1)])
    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_a_reader_that_has_gone(
        self, serve: Serve, lines: tuple[str, ...], status: int, options: tuple[str, ...]
    ) -> None:
        with subprocess.Popen(["/bin/true"], stdin=subprocess.PIPE) as gone:
            gone.wait(10)
            done = subprocess.run(
                command("check", serve(*lines).url, "--origin", PAGE, *options),
                stdout=gone.stdin,
                stderr=subprocess.PIPE,
                timeout=30,
                check=False,
            )
        assert (done.returncode, done.stderr) == (status, b"")

    @pytest.mark.parametrize("argv", [("explain",), ("check", "--help"), ("--version",)])
    def test_other_commands_for_a_reader_that_has_gone(self, argv: tuple[str, ...]) -> None:
        with subprocess.Popen(["/bin/true"], stdin=subprocess.PIPE) as gone:
            gone.wait(10)
            done = subprocess.run(command(*argv), stdout=gone.stdin, stderr=subprocess.PIPE, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is Linux's")
    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_a_full_disk_is_said_in_one_line(self, serve: Serve, options: tuple[str, ...]) -> None:
        with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a path
            done = subprocess.run(
                command("check", serve(ALLOW).url, "--origin", PAGE, *options),
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=30,
                check=False,
            )
        assert (done.returncode, done.stderr) == (74, b"crossorigin: No space left on device\n")

    @pytest.mark.parametrize("options", [(), ("--json",)])
    def test_no_standard_output_at_all(self, serve: Serve, options: tuple[str, ...]) -> None:
        shell = ["/bin/sh", "-c", '"$@" >&-', "sh", *command("check", serve(ALLOW).url, "--origin", PAGE, *options)]
        done = subprocess.run(shell, capture_output=True, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_ordinary_pipe(self, serve: Serve) -> None:
        ended = run("check", serve(ALLOW).url, "--origin", PAGE)
        assert (ended.status, ended.err) == (0, "")
        assert ended.out.startswith("✓ Allowed: ")
        assert "\x1b" not in ended.out
