"""Where a CORS library is called, by whatever name the program has for it."""

from __future__ import annotations

import pytest

from crossorigin.policy.migrate import MigrationError
from crossorigin.stacks.javascript_calls import Caller, calls
from crossorigin.stacks.javascript_syntax import Source

CORS = Caller(package="cors", names=frozenset({"cors"}))
FASTIFY = Caller(package="@fastify/cors", names=frozenset({"cors"}), at=1, registers=True)
NEST = Caller(package="enableCors", methods=frozenset({"enableCors"}), creates="cors")


def found(text: str, caller: Caller = CORS) -> list[tuple[int, str, str]]:
    """Line, route and options of each call."""
    source = Source(text)
    return [
        (call.line, call.route, source.written(*call.options) if call.options else "") for call in calls(source, caller)
    ]


@pytest.mark.parametrize(
    ("text", "caller", "calls_in_it"),
    [
        ("app.use(cors())", CORS, [(1, "", "")]),
        ("app.use(\n cors(a))", CORS, [(2, "", "a")]),
        ("app.get('/b', cors(a), f); app.options('*', cors())", CORS, [(1, "/b", "a"), (1, "*", "")]),
        ("const c = require('cors'); app.use(c(a)); cors(b)", CORS, [(1, "", "a")]),
        ("import c from 'cors'; c(a)", CORS, [(1, "", "a")]),
        ("import * as c from 'cors'; c(a)", CORS, [(1, "", "a")]),
        ("import { cors as c } from 'cors'; c(a)", CORS, [(1, "", "a")]),
        ("const { c } = require('cors'); c(a)", CORS, [(1, "", "a")]),
        ("app.register(cors, { a: 1 })", FASTIFY, [(1, "", "{ a: 1 }")]),
        ("app.register(require('@fastify/cors'))", FASTIFY, [(1, "", "")]),
        ("app.register(import('@fastify/cors'), a); app.register(other, b)", FASTIFY, [(1, "", "a")]),
        ("app.enableCors(a)", NEST, [(1, "", "a")]),
        ("NestFactory.create(App, { cors: true })", NEST, [(1, "", "true")]),
    ],
)
def test_calls(text: str, caller: Caller, calls_in_it: list[tuple[int, str, str]]) -> None:
    assert found(text, caller) == calls_in_it


@pytest.mark.parametrize(
    ("text", "caller", "message"),
    [
        ("", CORS, "there is no call of cors in it"),
        ("x.cors()", CORS, "there is no call of cors in it"),
        ("function cors() {}", CORS, "there is no call of cors in it"),
        ("NestFactory.create(App, { cors: false })", NEST, "there is no call of enableCors in it"),
        ("import cors from '@koa/cors'; cors()", CORS, "it uses @koa/cors and not cors; say --from koa"),
        ("const f = require('@fastify/cors'); cors()", CORS, "say --from fastify"),
    ],
)
def test_none(text: str, caller: Caller, message: str) -> None:
    with pytest.raises(MigrationError, match=message):
        found(text, caller)
