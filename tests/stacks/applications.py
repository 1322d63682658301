"""The frameworks: what stands around a rendered application so that there is something to ask, and how it is run.

Every one has the same routes: `/` answers any method with `hello`, and sets `Vary` itself; `/broken` throws, `/moved`
redirects; what else there is, is the framework's own 404.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

from crossorigin.stacks.stack import File

__all__ = ["NODE_MODULES", "django", "node", "python", "typescript"]

NODE_MODULES = Path(__file__).parents[1] / "servers" / "node" / "node_modules"
Prepare = Callable[[str, Path, tuple[File, ...]], tuple[list[str], list[str]]]

_JS_MARK = "// Your routes, from here on.\n"
_PY_MARK = "# Your routes, from here on.\n"

_EXPRESS = """
app.all("/", (req, res) => {
  res.vary("Accept-Encoding");
  res.set("X-Method", req.method);
  res.send("hello");
});
app.get("/broken", () => { throw new Error("on purpose"); });
app.get("/moved", (req, res) => res.redirect(302, "/elsewhere"));
"""
_KOA = """
app.silent = true;
app.use((ctx) => {
  if (ctx.path === "/broken") throw new Error("on purpose");
  if (ctx.path === "/moved") return ctx.redirect("/elsewhere");
  if (ctx.path !== "/") return;
  ctx.vary("Accept-Encoding");
  ctx.set("X-Method", ctx.method);
  ctx.body = "hello";
});
"""
_HONO = """
app.all("/", (c) => {
  c.header("Vary", "Accept-Encoding");
  c.header("X-Method", c.req.method);
  return c.text("hello");
});
app.get("/broken", () => { throw new Error("on purpose"); });
app.get("/moved", (c) => c.redirect("/elsewhere"));
"""
_FASTIFY = """
app.all("/", async (request, reply) => {
  reply.header("Vary", "Accept-Encoding").header("X-Method", request.method);
  return "hello";
});
app.get("/broken", async () => { throw new Error("on purpose"); });
app.get("/moved", async (request, reply) => reply.redirect("/elsewhere"));
"""
_NEST_MODULE = """
import { All, Controller, Get, Module, Redirect, Req, Res } from "@nestjs/common";
import type { Request, Response } from "express";

@Controller()
class Routes {
  @All()
  index(@Req() req: Request, @Res() res: Response) {
    res.vary("Accept-Encoding");
    res.set("X-Method", req.method);
    res.send("hello");
  }

  @Get("broken")
  broken() { throw new Error("on purpose"); }

  @Get("moved")
  @Redirect("/elsewhere", 302)
  moved() {}
}

@Module({ controllers: [Routes] })
export class AppModule {}
"""
_NEST_BUILD = """
import fs from "node:fs";
import ts from "typescript";

const { experimentalDecorators, module, target } = { experimentalDecorators: true, module: 99, target: 9 };
for (const name of ["main", "app.module"]) {
  const made = ts.transpileModule(fs.readFileSync(`${name}.ts`, "utf8"), {
    compilerOptions: { experimentalDecorators, module, target }, reportDiagnostics: true, fileName: `${name}.ts`,
  });
  for (const each of made.diagnostics) {
    console.error(ts.flattenDiagnosticMessageText(each.messageText, " "));
    process.exitCode = 1;
  }
  fs.writeFileSync(`${name}.js`, made.outputText);
}
if (process.argv[2] === "run") await import("./main.js");
"""
_ROUTES = {"express": _EXPRESS, "koa": _KOA, "hono": _HONO, "fastify": _FASTIFY}


def _modules(directory: Path) -> None:
    link = directory / "node_modules"
    if not link.is_symlink():
        link.symlink_to(NODE_MODULES)


def node(name: str) -> Prepare:
    """A `server.mjs` with the routes where it says that they go."""

    def prepare(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
        _modules(directory)
        (file,) = files
        assert file.text.count(_JS_MARK) == 1
        path = directory / file.name
        path.write_text(file.text.replace(_JS_MARK, _JS_MARK + _ROUTES[name]))
        return [program, "--check", str(path)], [program, str(path)]

    return prepare


def typescript(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    """Nest's `main.ts` beside a module with the routes, made JavaScript of by TypeScript itself."""
    _modules(directory)
    (file,) = files
    (directory / file.name).write_text(file.text)
    (directory / "app.module.ts").write_text(_NEST_MODULE)
    (directory / "package.json").write_text('{"type": "module"}')
    build = _NEST_BUILD.replace('`${name}.ts`, "utf8"', f'`{directory}/${{name}}.ts`, "utf8"')
    build = build.replace("writeFileSync(`${name}", f"writeFileSync(`{directory}/${{name}}")
    (directory / "build.mjs").write_text(build)
    base = [program, str(directory / "build.mjs")]
    return base, [*base, "run"]


_STARLETTE = """
from starlette.responses import PlainTextResponse, RedirectResponse


async def index(request):
    return PlainTextResponse("hello", headers={"Vary": "Accept-Encoding", "X-Method": request.method})


async def broken(request):
    raise RuntimeError("on purpose")


async def moved(request):
    return RedirectResponse("/elsewhere", 302)


app.router.add_route("/", index, methods=["GET", "OPTIONS"])
app.router.add_route("/broken", broken)
app.router.add_route("/moved", moved)
"""
_FLASK = """
from flask import Response, redirect, request


@app.route("/", methods=["GET", "OPTIONS"], provide_automatic_options=False)
def index():
    return Response("hello", headers={"Vary": "Accept-Encoding", "X-Method": request.method})


@app.get("/broken")
def broken():
    raise RuntimeError("on purpose")


@app.get("/moved")
def moved():
    return redirect("/elsewhere")
"""
_AIOHTTP = """
async def index(request):
    return web.Response(text="hello", headers={"Vary": "Accept-Encoding", "X-Method": request.method})


async def broken(request):
    raise RuntimeError("on purpose")


async def moved(request):
    raise web.HTTPFound("/elsewhere")


app.router.add_route("GET", "/", index)
app.router.add_route("OPTIONS", "/", index)
app.router.add_get("/broken", broken)
app.router.add_get("/moved", moved)
"""
_LITESTAR = """
from litestar import Request, Response, get, route
from litestar.response import Redirect


@route("/", http_method=["GET", "OPTIONS"], status_code=200, media_type="text/plain")
async def index(request: Request) -> Response[str]:
    return Response("hello", headers={"Vary": "Accept-Encoding", "X-Method": request.method})


@get("/broken")
async def broken() -> None:
    raise RuntimeError("on purpose")


@get("/moved")
async def moved() -> Redirect:
    return Redirect("/elsewhere", status_code=302)


routes += [index, broken, moved]
"""
_PYTHON_ROUTES = {
    "starlette": _STARLETTE,
    "fastapi": _STARLETTE,
    "flask": _FLASK,
    "aiohttp": _AIOHTTP,
    "litestar": _LITESTAR,
}
_SETTINGS = """
SECRET_KEY = "a secret"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
STATIC_URL = "static/"
"""
_URLS = """
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path


def index(request):
    return HttpResponse("hello", headers={"Vary": "Accept-Encoding", "X-Method": request.method})


def broken(request):
    raise RuntimeError("on purpose")


def moved(request):
    return HttpResponseRedirect("/elsewhere")


urlpatterns = [path("", index), path("broken", broken), path("moved", moved)]
"""
_MANAGE = """
import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
execute_from_command_line(sys.argv)
"""


def _command(program: str, text: str) -> list[str]:
    """What the rendered comment says to run."""
    comment = text.split("\n\n", maxsplit=1)[0].splitlines()[-1]
    name, *rest = shlex.split(comment.removeprefix("# "))
    quiet = ["--no-access-log"] if name == "uvicorn" else []
    return [program, *([] if name == "python" else ["-m", name]), *rest, *quiet]


def python(name: str) -> Prepare:
    """An `app.py` with the routes where it says that they go, run as it says."""

    def prepare(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
        (file,) = files
        assert file.text.count(_PY_MARK) == 1
        path = directory / file.name
        path.write_text(file.text.replace(_PY_MARK, _PY_MARK + _PYTHON_ROUTES[name]))
        return [program, "-c", f"import runpy; runpy.run_path({str(path)!r})"], _command(program, file.text)

    return prepare


def django(program: str, directory: Path, files: tuple[File, ...]) -> tuple[list[str], list[str]]:
    """A project whose `settings.py` ends with what was rendered, under Django's own server."""
    (file,) = files
    (directory / file.name).write_text(_SETTINGS + file.text)
    (directory / "urls.py").write_text(_URLS)
    (directory / "manage.py").write_text(_MANAGE)
    return [program, "manage.py", "check"], [*_command(program, file.text), "--noreload", "--skip-checks"]
