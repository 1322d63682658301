"""Moving over a file: it is read, never run, and one line says why it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.policy.migrate import MigrationError, migrate_file, migrate_settings, migrate_source

FASTAPI = """\
import os
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
local = ["http://localhost:3000"]
origins = [
    *local,
    "https://app.example.com/",
] + ["https://b.com"]

app.add_middleware(
    CORSMiddleware,
    allow_origins=origins,
    allow_credentials=True,
    allow_methods=["*"],
    expose_headers=os.environ["EXPOSE"].split(","),
)
"""


def test_a_file_is_read_and_never_run(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text(FASTAPI + "\nraise SystemExit\n", encoding="utf-8")
    migration = migrate_file(path, "fastapi")
    assert migration.policies == {
        "policy": {
            "allow_origins": ["http://localhost:3000", "https://app.example.com", "https://b.com"],
            "allow_methods": ["DELETE", "OPTIONS", "PATCH", "PUT", "QUERY"],
            "allow_headers": ["content-type"],
            "allow_credentials": True,
            "max_age": 600,
        }
    }
    assert [(finding.line, finding.subject) for finding in migration.findings] == [
        (14, "allow_origins"),
        (17, "expose_headers"),
    ]
    assert "`os.environ['EXPOSE'].split(',')` is only known when the program runs" in migration.findings[1].sentence


def test_several_calls_are_several_policies() -> None:
    source = "CORSMiddleware(app, allow_origins=['*'])\nMiddleware(CORSMiddleware, allow_origins=['https://a.com'])\n"
    assert list(migrate_source(source, "starlette").policies) == ["policy-1", "policy-2"]


@pytest.mark.parametrize(
    ("source", "framework", "message"),
    [
        ("x = 1", "starlette", "there is no CORSMiddleware in it"),
        ("x = 1", "flask", r"there is no CORS\(app, …\) in it"),
        ("x = 1", "django", "there is no CORS_… setting in it"),
        ("def", "django", "it is not Python"),
        ("x = 1", "rails", "'rails' is not one of"),
    ],
)
def test_what_cannot_be_moved(source: str, framework: str, message: str) -> None:
    with pytest.raises(MigrationError, match=message):
        migrate_source(source, framework) if framework != "rails" else migrate_settings({}, framework)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match=r"absent\.py cannot be read"):
        migrate_file(tmp_path / "absent.py", "flask")
    (tmp_path / "a.py").write_bytes(b"\xff")
    with pytest.raises(MigrationError, match="is not UTF-8"):
        migrate_file(tmp_path / "a.py", "flask")
    (tmp_path / "b.py").write_text("x", encoding="utf-8")
    with pytest.raises(MigrationError, match=r"b\.py: there is no"):
        migrate_file(tmp_path / "b.py", "flask")
