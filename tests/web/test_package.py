"""The floor as a whole: what it imports, what it exports, and that each module has its tests."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import crossorigin.web

FLOOR = Path(crossorigin.web.__file__).parent
MODULES = sorted(path.stem for path in FLOOR.glob("*.py") if path.stem != "__init__")


def test_importing_the_package_imports_nothing() -> None:
    code = "import sys, crossorigin.web; sys.exit(any(name.startswith('crossorigin.web.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_its_tests(name: str) -> None:
    assert Path(__file__).with_name(f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", MODULES)
def test_exports_match(name: str) -> None:
    module = importlib.import_module(f"crossorigin.web.{name}")
    assert module.__all__ == sorted(
        module.__all__, key=lambda export: (not export.isupper(), not export[0].isupper(), export)
    )
    assert all(hasattr(module, export) for export in module.__all__)
    tree = ast.parse((FLOOR / f"{name}.py").read_text(encoding="utf-8"))
    public = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
    }
    assert public <= set(module.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_each_library_is_imported_by_one_module(name: str) -> None:
    tree = ast.parse((FLOOR / f"{name}.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    own = {module for module in imported if module.startswith("crossorigin")}
    assert all(module.startswith("crossorigin.web.") for module in own)
    others = {module.partition(".")[0] for module in imported - own} - sys.stdlib_module_names
    assert others == {"url": {"ada_url"}, "sites": {"publicsuffixlist"}}.get(name, set())
