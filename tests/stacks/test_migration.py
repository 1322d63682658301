"""A server's configuration as a policy: what is read, what is named because it was not, what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.policy import Policy
from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks import Site, get_stack
from crossorigin.stacks.migration import migrate_configuration

POLICY = Policy(allow_origins=["https://app.example.com", "https://*.example.org"], allow_credentials=True)


def test_what_was_rendered_comes_back(tmp_path: Path) -> None:
    path, nginx = tmp_path / "cors.conf", get_stack("nginx")
    assert nginx.render is not None
    path.write_text(nginx.render(POLICY, Site()).files[0].text)
    migration = migrate_configuration(path, nginx)
    assert Policy(**migration.policies["policy"]) == POLICY
    assert migration.findings == ()


def test_what_is_not_understood_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "api.conf"
    path.write_text(
        "server {\n"
        "    add_header Access-Control-Allow-Origin $http_origin always;\n"
        "    add_header Access-Control-Max-Age 600 always;\n"
        "}\n"
    )
    migration = migrate_configuration(path, get_stack("nginx"))
    # Whatever came would be allowed: no policy says that, and none is made of it.
    assert migration.policies["policy"]["allow_origins"] == []
    assert any(finding.line == 2 for finding in migration.findings)


@pytest.mark.parametrize(
    ("stack", "content", "said"),
    [
        ("nginx", b"server { listen 80; }", "there is nothing of CORS in it that nginx would read"),
        ("nginx", b"\xff\xfe", "is not UTF-8"),
        ("nginx", b"#" * (1024 * 1024 + 1), "is longer than 1048576 bytes"),
        ("express", b"app.use(other())", "a.conf: there is no call of cors in it"),
        ("nginx", None, "cannot be read: No such file or directory"),
        ("laravel", b"", "Laravel cannot be read back; crossorigin policy render --list says what can"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, stack: str, content: bytes | None, said: str) -> None:
    path = tmp_path / "a.conf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MigrationError) as raised:
        migrate_configuration(path, get_stack(stack))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
