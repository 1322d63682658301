"""`crossorigin policy`: what it prints, and its exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossorigin.cli.policy import main
from crossorigin.stacks import all_stacks

APP = "https://app.example.com"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def good(name: str = "crossorigin.toml") -> str:
    return write(name, f'[policy]\nallow_origins = ["{APP}"]\nallow_methods = ["PUT"]\n')


def test_check_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", good()]) == 0
    assert capsys.readouterr().out == f"✓ {APP}; without credentials\n"


def test_check_several(capsys: pytest.CaptureFixture[str]) -> None:
    origins = [f"https://{letter}.example.com" for letter in "abcde"]
    text = f'[policies.a]\nallow_origins = ["*"]\n[policies.b]\nallow_origins = {origins}\nallow_credentials = true\n'
    assert main(["check", write("crossorigin.toml", text)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "✓ a: any origin; without credentials",
        "✓ b: https://a.example.com, https://b.example.com, https://c.example.com and 2 more; with credentials",
    ]


PROXY = '[proxy.routes]\n"/api" = "http://localhost:8080"\n'


def test_check_looks_at_the_proxy_of_the_same_file(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(good()).read_text()
    assert main(["check", write("crossorigin.toml", text + PROXY)]) == 0
    assert capsys.readouterr().out == f"✓ {APP}; without credentials\n✓ the proxy has 1 route\n"
    assert main(["check", write("crossorigin.toml", text + PROXY.replace("http:", "ftp:"))]) == 1
    sentence = "'ftp://localhost:8080' is a ftp URL, and a target is http or https."
    assert capsys.readouterr().out.splitlines() == [
        f"✓ {APP}; without credentials",
        "the proxy's settings have a problem:",
        f'  crossorigin.toml:5: proxy.routes."/api".target: {sentence}',
    ]


def test_check_problems_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(good()).read_text().replace(APP, f"{APP}/") + PROXY.replace("http:", "ftp:")
    assert main(["check", write("crossorigin.toml", text)]) == 1
    said = capsys.readouterr().out
    assert "crossorigin.toml:2: P104 allow_origins" in said
    assert 'crossorigin.toml:5: proxy.routes."/api".target' in said


def test_check_problems(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("crossorigin.toml", '[policy]\nallow_origins = [\n  "https://a.com/",\n]\nmax_age = -1\n')
    assert main(["check", file]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "crossorigin.toml:3: P104 allow_origins: The origin ends with a slash",
        '  "https://a.com/"',
        "                ^",
        "  Browsers send an origin without a slash at its end. Origins are compared byte",
        "  for byte, so this one would never match.",
        '  Write: "https://a.com"',
        "",
        "crossorigin.toml:5: P501 max_age: The max-age is negative",
        "  -1",
        "  Browsers read only digits here, and take everything else for nothing said. 0",
        "  means that no answer is remembered; left out, it is 5 seconds.",
        "  Write: max_age = 0",
        "",
        "2 problems. More: crossorigin explain P104",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "absent.toml"], "crossorigin policy: check: absent.toml cannot be read: No such file or directory"),
        (["check", "bad.toml"], "crossorigin policy: check: bad.toml is not TOML: "),
        (
            ["explain", "good.toml", "--origin", "https://a.com/"],
            "crossorigin policy: explain: 'https://a.com/' is not an origin",
        ),
        (["explain", "good.toml", "--origin", APP, "-X", "G T"], "crossorigin policy: explain: 'G T' is not a method"),
        (
            ["explain", "good.toml", "--origin", APP, "--name", "x"],
            "explain: good.toml has no policy 'x'; it has policy",
        ),
        (["explain", "two.toml", "--origin", APP], "two.toml has several policies, one of which has to be named: a, b"),
        (["explain", "good.toml"], "the following arguments are required: --origin"),
        (["diff", "good.toml", "absent.toml"], "diff: absent.toml cannot be read"),
        (
            ["migrate", "good.toml", "--from", "rails"],
            "migrate: Rails with rack-cors cannot be read back; crossorigin policy render --list says what can",
        ),
        (["migrate", "absent.py", "--from", "flask"], "migrate: absent.py cannot be read"),
        (["migrate", "empty.py", "--from", "flask"], "migrate: empty.py: there is no CORS(app, …) in it"),
        (["migrate", "empty.py", "--from", "express"], "migrate: empty.py: there is no call of cors in it"),
        (["migrate", "empty.py", "--from", "expres"], "migrate: 'expres' is no stack; did you mean express?"),
        (["migrate", "bad.toml", "--from", "s3"], "migrate: bad.toml: it is not JSON"),
        ([], "the following arguments are required: ACTION"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    good("good.toml")
    write("bad.toml", "[policy")
    write("two.toml", '[policies.a]\nallow_origins = ["*"]\n[policies.b]\nallow_origins = ["*"]\n')
    write("empty.py", "")
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    assert exited.value.code == 2
    out, err = capsys.readouterr()
    assert message in err
    assert err.count("\n") == 1
    assert out == ""


def test_explain_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", good(), "--origin", APP, "-X", "PUT"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"✓ PUT from {APP}"
    assert "      access-control-allow-methods: PUT" in lines
    assert lines[-1] == "  Script can read the response."


def test_explain_denied(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", good(), "--origin", APP, "-H", "X-A: 1", "--credentials"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"✗ GET from {APP} with credentials"
    assert lines[1].startswith("  preflight: The preflight is denied [header]")
    assert lines[-1] == "  Script cannot read the response."


def test_explain_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("crossorigin.toml", f'[policies.a]\nallow_origins = ["{APP}"]\n[policies.b]\nallow_origins = ["*"]\n')
    assert main(["explain", file, "--name", "b", "--origin", "null"]) == 0
    assert main(["explain", file, "--name", "a", "--origin", "null"]) == 1
    capsys.readouterr()


def test_explain_a_file_with_problems(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("crossorigin.toml", '[policy]\nallow_origins = ["a.com"]\n')
    assert main(["explain", file, "--origin", APP]) == 1
    assert "P103" in capsys.readouterr().out


def test_diff(capsys: pytest.CaptureFixture[str]) -> None:
    old = good("old.toml")
    new = write("new.toml", f'[policy]\nallow_origins = ["{APP}", "https://b.com"]\n')
    assert main(["diff", old, new]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "newly allows:",
        "  + origin https://b.com",
        "no longer allows:",
        "  - method PUT",
    ]
    assert main(["diff", old, old]) == 0
    assert capsys.readouterr().out == "Nothing changes.\n"


def test_diff_of_several(capsys: pytest.CaptureFixture[str]) -> None:
    old = write("old.toml", '[policies.a]\nallow_origins = ["*"]\n[policies.b]\nallow_origins = ["*"]\n')
    new = write("new.toml", '[policies.b]\nallow_origins = ["*"]\n[policies.c]\nallow_origins = ["https://c.com"]\n')
    assert main(["diff", old, new]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a: the policy is gone; nothing of it is allowed any more",
        "b: Nothing changes.",
        "c: a new policy: https://c.com; without credentials",
    ]


def test_migrate(capsys: pytest.CaptureFixture[str]) -> None:
    clean = write("main.py", f"app.add_middleware(CORSMiddleware, allow_origins=['{APP}'])\n")
    assert main(["migrate", clean, "--from", "starlette"]) == 0
    out, err = capsys.readouterr()
    assert out == f'[policy]\nallow_origins = ["{APP}"]\nallow_headers = ["content-type"]\nmax_age = 600\n'
    assert err == ""
    assert main(["check", write("crossorigin.toml", out)]) == 0


def test_migrate_with_something_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("main.py", "app.add_middleware(CORSMiddleware, allow_origins='https://app.example.com')\n")
    assert main(["migrate", file, "--from", "fastapi"]) == 1
    out, err = capsys.readouterr()
    assert "It allowed, for one: https://app.example.co." in out.replace("\n#   ", " ")
    assert err == "one thing to look at: the comments above the policy\n"


READABLE = [
    *("nginx", "apache", "caddy", "haproxy", "lighttpd", "envoy", "express", "fastify", "koa", "hono", "nestjs"),
    *("fastapi", "starlette", "flask", "django", "apigateway-http", "s3", "gcs"),
]


def test_every_stack_that_can_be_read_is_listed() -> None:
    assert [stack.name for stack in all_stacks() if stack.read is not None] == READABLE


@pytest.mark.parametrize("stack", READABLE)
@pytest.mark.parametrize("content", ["{[", "\x00", "<a>\n</b>", "\u202e"])
def test_a_file_without_cors_is_refused_in_one_line(
    stack: str, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exited:
        main(["migrate", write("file", content), "--from", stack])
    assert exited.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "migrate: file: " in err


def test_migrate_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    file = write("server.mjs", "app.use(cors({ origin: ['https://app.example.com'], allowedHeaders: ['x-a'] }))\n")
    assert main(["migrate", file, "--from", "express"]) == 0
    out, err = capsys.readouterr()
    assert out == (
        f'[policy]\nallow_origins = ["{APP}"]\nallow_methods = ["PUT", "PATCH", "DELETE"]\nallow_headers = ["x-a"]\n'
    )
    assert err == ""
    assert main(["check", write("crossorigin.toml", out)]) == 0


def test_migrate_what_reflects_any_origin(capsys: pytest.CaptureFixture[str]) -> None:
    fields = "Access-Control-Allow-Origin {header.Origin}\n Access-Control-Allow-Credentials true\n"
    file = write("Caddyfile", f":80 {{\n header {{\n {fields} }}\n}}\n")
    assert main(["migrate", file, "--from", "caddy"]) == 1
    out, err = capsys.readouterr()
    assert "any page on the web could read in the name of your users" in out.replace("\n#   ", " ")
    assert "\nallow_origins = []\n" in out
    assert err == "2 things to look at: the comments above the policy\n"
