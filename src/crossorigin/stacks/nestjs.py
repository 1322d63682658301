"""NestJS on Express: `enableCors`, which is Express's `cors`, or a small middleware of one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import express, matching
from crossorigin.stacks import javascript as js
from crossorigin.stacks.javascript_calls import Caller
from crossorigin.stacks.javascript_read import reader
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_PAGE: Final = (
    rb'"message":"Cannot [A-Z]+ /[^"]*","error":"Not Found","statusCode":404'
    rb'|\{"statusCode":500,"message":"Internal server error"\}'
)


def render(policy: Policy, site: Site) -> Rendered:
    """`main.ts`, as `nest new` makes it, with CORS before all else."""
    if site.style == js.OWN:
        limits, types = js.own_limits(policy, "NestJS"), "NextFunction, Request, Response"
        before, use = _own(policy), "app.use(cors);"
    else:
        limits, types = matching.library_limits(policy, "enableCors"), "Request"
        before, use = _library(policy), "app.enableCors(delegate);"
    lines: list[Line] = [
        *js.head(policy, limits, "src/main.ts; on Express, which is what NestJS stands on by default."),
        "",
        'import "reflect-metadata";',
        'import { NestFactory } from "@nestjs/core";',
        Part(js.AMONG_IMPORTS, f'import type {{ {types} }} from "express";'),
        'import { AppModule } from "./app.module.js";',
        "",
        Part.of("below the imports, outside any function", before),
        "",
        "const app = await NestFactory.create(AppModule);",
        Part.of(js.AFTER_CREATION, ["// Before guards, which a preflight cannot pass.", use]),
        f"await app.listen({site.port});",
    ]
    return Rendered((File.of("main.ts", "typescript", lines),), tuple(limits))


def _library(policy: Policy) -> list[str]:
    return [
        *express.options(policy),
        "",
        "// An OPTIONS that is no preflight goes on to the controllers.",
        "function delegate(req: Request, done: (error: Error | null, chosen: object) => void): void {",
        '  done(null, { ...options, preflightContinue: !req.headers["access-control-request-method"] });',
        "}",
    ]


def _own(policy: Policy) -> list[str]:
    return [
        *js.decide(policy, typed=True),
        "",
        "function cors(req: Request, res: Response, next: NextFunction): void {",
        "  const { headers, vary, status } = decide(req.method, (name) => req.header(name));",
        "  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);",
        "  if (vary) res.vary(vary);",
        "  if (status === undefined) next();",
        "  else res.status(status).end();",
        "}",
    ]


_ENABLE: Final = replace(
    express.CORS, caller=Caller(package="enableCors", methods=frozenset({"enableCors"}), creates="cors")
)
"""https://docs.nestjs.com/security/cors : the options are those of `cors`."""

STACK: Final = Stack(
    name="nestjs",
    title="NestJS",
    language="typescript",
    verified="12.5.1",
    styles=(js.LIBRARY, js.OWN),
    render=render,
    read=reader(_ENABLE),
    recognise=by_signs(
        page=(_PAGE, "the page is NestJS's own", 0.95),
    ),
)
