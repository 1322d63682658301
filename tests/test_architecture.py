"""The house rules that no type checker knows: who may import whom, what is exported, and what must not be in the tree.

Read from the sources of the package that is tested, which is the wheel's under `make test`.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import crossorigin

ROOT = Path(__file__).parents[1]
PACKAGE = Path(crossorigin.__file__).parent

BELOW: dict[str, set[str]] = {
    "web": set(),
    "policy": {"web"},
    "fetch": {"web"},
    "middleware": {"policy"},
    "browser": {"fetch", "web"},
    "stacks": {"policy"},
    "proxy": {"policy", "web"},
    "doctor": {"browser", "stacks", "policy", "fetch", "web"},
    "audit": {"browser", "policy"},
    # A failed assertion shows what the doctor shows: the diagram of the dialogue, and the advice.
    "testing": {"doctor", "browser", "fetch", "web"},
    "pytest": {"testing", "browser"},
    "lab": {"audit", "doctor", "proxy", "stacks", "browser", "middleware", "fetch", "policy", "web"},
    "cli": {"lab", "audit", "doctor", "proxy", "stacks", "browser", "middleware", "fetch", "policy", "web"},
}
"""The design's table of floors: package → the packages of ours that it may import besides itself."""

LIBRARIES: dict[str, set[str]] = {
    "ada_url": {"web.url"},
    "publicsuffixlist": {"web.sites"},
    "httpcore2": {"browser"},
    "h11": {"browser"},
    "h2": {"browser"},
    "hpack": {"browser"},
    "websockets": {"browser.real.channel", "proxy.asgi"},
    "cryptography": {"browser.real.certificate", "proxy.certificate"},
    "json5": {"doctor.fetch_call"},
    "rich": {"cli", "lab", "doctor.terminal", "doctor.verify_report"},
    "msgspec": {"doctor.har"},
    "yaml": {"stacks.document"},
    "httptools": {"proxy.heads", "proxy.chunks"},
    "uvloop": {"proxy.server"},
    "aiohappyeyeballs": {"proxy.dial"},
    "starlette": {"proxy.static"},
    "httpx": {"browser.httpx"},
    "pytest": {"pytest"},
    "requests": {"browser.requests"},
    "asgiref": {"middleware.django"},
    "werkzeug": {"middleware.flask", "middleware.quart"},
}
"""Other people's packages → the modules, or packages with all that is in them, that may import them."""

UNTESTED: dict[str, str] = {
    "proxy.plan": "values and protocols; the tests of the fronts and of the exchange are about what becomes of them",
    "proxy.record": "a value; tests/proxy/test_exchange.py and test_tunnel.py look at what is in it",
    "__main__": "two lines, run by tests/cli/test_main.py as `python -m crossorigin`",
}
"""Modules without a test file of their name, and why. For an `__init__` with code the name is `test_package.py`."""

MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
"""Dotted names below `crossorigin`, `__init__` written out."""


def parsed(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[str]:
    """Dotted names of every import of a module, wherever it stands, relative ones made absolute."""
    package = ["crossorigin", *module.split(".")[:-1]]
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            # `from crossorigin import web` imports a package as well as `from crossorigin.web import x`.
            if node.module == "crossorigin":
                yield from (f"crossorigin.{alias.name}" for alias in node.names)


def floor(module: str) -> str:
    return module.partition(".")[0]


class TestFloors:
    """Imports go downward only."""

    def test_every_package_has_its_floor(self) -> None:
        assert {floor(module) for module in MODULES if "." in module} <= set(BELOW)

    def test_the_table_has_no_way_up(self) -> None:
        for package, below in BELOW.items():
            for other in below:
                assert package not in BELOW[other]
                assert other != package

    def test_the_two_halves_never_meet(self) -> None:
        assert "fetch" not in BELOW["policy"]
        assert "policy" not in BELOW["fetch"]

    @pytest.mark.parametrize("module", [module for module in MODULES if "." in module])
    def test_imports_of(self, module: str) -> None:
        ours = {name.split(".")[1] for name in imports(module) if name.startswith("crossorigin.")}
        assert ours - {"__version__"} <= BELOW[floor(module)] | {floor(module)}

    def test_the_top_is_empty(self) -> None:
        # Two names of the server's half are handed on when they are asked for; nothing is imported before.
        assert set(imports("__init__")) == {"crossorigin", "crossorigin.policy"}
        assert list(imports("__main__")) == ["crossorigin.cli"]


class TestLibraries:
    """The engines are ours; each library has its place."""

    @pytest.mark.parametrize("module", MODULES)
    def test_imports_of(self, module: str) -> None:
        for name in imports(module):
            library = name.partition(".")[0]
            if library in sys.stdlib_module_names or library == "crossorigin":
                continue
            # A framework is imported by the one module that adapts it.
            if module == f"middleware.{library}":
                continue
            assert {module, floor(module)} & LIBRARIES.get(library, set()), f"{module} imports {name}"


def modules_after(statement: str) -> set[str]:
    """What a fresh interpreter has imported after the statement, beyond what it begins with."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=True, text=True)
    return set(done.stdout.split())


class TestWeight:
    """What a production server pays for."""

    def test_the_package_itself_costs_nothing(self) -> None:
        assert modules_after("import crossorigin") == {"crossorigin"}

    @pytest.mark.parametrize("module", ["origins", "origin_grammar", "headers", "methods", "safelists"])
    def test_no_library_before_it_is_needed(self, module: str) -> None:
        loaded = {name.partition(".")[0] for name in modules_after(f"import crossorigin.web.{module}")}
        assert loaded - set(sys.stdlib_module_names) == {"crossorigin"}
        assert not {"asyncio", "ssl", "socket"} & loaded


class TestExports:
    """`__all__` everywhere, and nothing in it that is not there."""

    @pytest.mark.parametrize("module", [name for name in MODULES if name != "__main__"])
    def test_of(self, module: str) -> None:
        name = ".".join(part for part in ("crossorigin", *module.split(".")) if part != "__init__")
        assigned = [
            node.value
            for node in parsed(module).body
            if (isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"])
            or (isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "__all__")
        ]
        if all(map(is_text, parsed(module).body)):
            assert assigned == []
            return
        assert len(assigned) == 1
        assert assigned[0] is not None
        exported = ast.literal_eval(assigned[0])
        assert len(set(exported)) == len(exported)
        assert [each for each in exported if each.startswith("_") and each != "__version__"] == []
        try:
            imported = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            # Frameworks are never dependencies: only the module that adapts one may miss it.
            if floor(module) != "middleware" or (missing.name or "crossorigin").startswith("crossorigin"):
                raise
            pytest.skip(f"{missing.name} is not installed, so the names of {name} cannot be looked up")
        assert [each for each in exported if not hasattr(imported, each)] == []


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is a docstring, or the text behind a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


class TestShape:
    """Small modules, each with its tests."""

    @pytest.mark.parametrize("module", MODULES)
    def test_no_module_is_over_500_lines(self, module: str) -> None:
        assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= 500

    @pytest.mark.parametrize(
        "package", sorted({floor(module) for module in MODULES if "." in module}), ids=lambda name: f"tests of {name}"
    )
    def test_every_module_has_a_test_file_of_its_name(self, package: str) -> None:
        missing = []
        for module in MODULES:
            *parents, name = module.split(".")
            if not parents or parents[0] != package or module in UNTESTED:
                continue
            if name == "__init__":
                if only_hands_names_on(module):
                    continue
                name = "package"
            path = Path("tests", *parents, f"test_{name}.py")
            if not (ROOT / path).is_file():
                missing.append(str(path))
        assert missing == []

    def test_the_exceptions_are_needed(self) -> None:
        for module in UNTESTED:
            assert module in MODULES
            *parents, name = module.split(".")
            assert not Path(ROOT, "tests", *parents, f"test_{name}.py").exists()


def only_hands_names_on(module: str) -> bool:
    """Whether a module imports names and lists them, and does nothing of its own."""
    passive = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign
    return all(isinstance(node, passive) or is_text(node) for node in parsed(module).body)


def tree() -> list[Path]:
    """Every file that is in the repository or would be added to it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout, so there is no tree to look through")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


TRACES = {
    "a path of somebody's machine": r"(?<![\w.:/-])/(?:home|Users|root|work)/[\w.-]+",
    "a drive of somebody's machine": r"\b[A-Z]:\\+Users\\",
    "a package registry or its mirror": (
        r"\b(?:files\.pythonhosted\.org|registry\.npmjs\.org|registry\.yarnpkg\.com|deb\.debian\.org|"
        r"(?:artifactory|nexus|devpi|pypi-proxy)[\w.-]*\.[a-z]+|pypi\.org/simple)\b"
    ),
    "an option that names a registry": r"--(?:extra-)?index-url|--trusted-host|--find-links|--registry[= ]",
}


def test_no_trace_of_a_machine_in_the_tree() -> None:
    found = []
    for path in tree():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        for what, pattern in TRACES.items():
            found += [f"{path.relative_to(ROOT)}: {what}: {match[0]}" for match in re.finditer(pattern, text)]
    assert found == []
