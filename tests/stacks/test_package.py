"""The registry."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crossorigin.stacks import NAMES, Evidence, UnknownStackError, all_stacks, get_stack, recognise


def test_every_stack_is_there_by_its_name() -> None:
    assert [stack.name for stack in all_stacks()] == list(NAMES)


@pytest.mark.parametrize("stack", all_stacks(), ids=lambda stack: stack.name)
def test_what_is_verified_can_be_rendered(stack: object) -> None:
    from crossorigin.stacks import Stack

    assert isinstance(stack, Stack)
    assert stack.verified is None or stack.render is not None
    assert stack.abilities


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("nginx", "nginx"),
        (" NGINX ", "nginx"),
        ("httpd", "apache"),
        ("Apache2", "apache"),
        ("Spring-Boot", "spring"),
        ("ASP.NET", "aspnet-core"),
        ("dotnet", "aspnet-core"),
        ("rs/cors", "go-rs-cors"),
        ("jub0bs/cors", "go-jub0bs-cors"),
        ("webpack-dev-server", "webpack"),
        ("ingress", "ingress-nginx"),
        ("workers", "cloudflare-workers"),
    ],
)
def test_other_ways_to_say_a_name(asked: str, name: str) -> None:
    assert get_stack(asked).name == name


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("ngnix", "'ngnix' is no stack; did you mean nginx?"),
        ("apach", "'apach' is no stack; did you mean apache?"),
        ("zzzzzz", "'zzzzzz' is no stack; there is nginx, apache"),
        ("__init__", "'__init__' is no stack; there is"),
        ("stack", "'stack' is no stack"),
    ],
)
def test_an_unknown_name(asked: str, hint: str) -> None:
    with pytest.raises(UnknownStackError) as raised:
        get_stack(asked)
    assert str(raised.value).startswith(hint)


def test_a_stack_is_imported_when_it_is_asked_for() -> None:
    code = "import sys, crossorigin.stacks; print(*(name for name in sys.modules if 'stacks.' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == ["crossorigin.stacks.stack"]


def test_the_likeliest_comes_first() -> None:
    page = b"<html>\r\n<head><title>404 Not Found</title></head>\r\n<center>nginx/1.22.1</center>"
    headers = ((b"server", b"nginx/1.22.1"), (b"x-envoy-upstream-service-time", b"1"))
    found = recognise(Evidence(status=404, headers=headers, body=page))
    assert [stack.name for stack, _ in found] == ["nginx", "envoy"]
    assert recognise(Evidence(status=200)) == []
