"""Starlette: this project's middleware, or Starlette's own.

Starlette's (read in 1.10) stands inside of what turns an exception into a 500 when it is added in the usual way, so
that a 500 goes without CORS headers; here it is put around the whole application. It grants Content-Type whatever it
is told, has a Max-Age always, and takes `*` of methods for seven of them.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from crossorigin.policy.migrate import migrate_source
from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks import python as py
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "UVICORN", "asgi", "library_arguments", "render"]

UVICORN: Final = ("server", r"(?:uvicorn|hypercorn|granian)\b", 0.5)
"""Servers that mostly have Starlette or FastAPI behind them."""
_AT_THE_END: Final = "at the end of your application's module; then let the server run application in place of app"
_AROUND: Final = "# Around the application and not in it: with app.add_middleware a 500 would go without CORS headers."
_DEFAULT_AGE: Final = 5
"""What browsers take where there is no Max-Age: https://fetch.spec.whatwg.org/#http-access-control-max-age"""


def render(policy: Policy, site: Site) -> Rendered:
    """`app.py`: the application with CORS around it."""
    return asgi(policy, site, "starlette", "Starlette")


def asgi(policy: Policy, site: Site, package: str, name: str) -> Rendered:
    """The same for Starlette and FastAPI, which differ by their names."""
    from_package = "starlette.applications" if package == "starlette" else package
    if site.style == py.LIBRARY:
        lines: list[Line] = [
            f"from {from_package} import {name}",
            py.imported(f"from {package}.middleware.cors import CORSMiddleware"),
            "",
            f"app = {name}()",
            "",
            "# Your routes, from here on.",
            "",
            Part.of(
                _AT_THE_END, [_AROUND, "application = CORSMiddleware(", "    app,", *library_arguments(policy), ")"]
            ),
        ]
        notes = (f"pip install {package} uvicorn", f"uvicorn app:application --port {site.port}")
        return py.application(policy, _limits(policy), notes, lines)
    lines = [
        f"from {from_package} import {name}",
        "",
        py.imported(f"from crossorigin.middleware.{package} import CORSMiddleware"),
        "",
        f"app = {name}()",
        Part.of(
            py.AFTER_CREATION,
            ["app.add_middleware(", "    CORSMiddleware,", *py.arguments(policy), ")"],
        ),
        "",
        "# Your routes, from here on.",
    ]
    notes = (f"pip install {py.OURS} {package} uvicorn", f"uvicorn app:app --port {site.port}")
    return py.application(policy, [], notes, lines, library=py.OURS)


def library_arguments(policy: Policy) -> list[str]:
    """A policy as the arguments of Starlette's middleware; Litestar has taken over their names."""
    exact, wild = (["*"], []) if matching.any_origin(policy) else matching.exact_origins(policy)
    methods = matching.listed_methods(policy)
    lines = [f"    allow_origins={py.array(exact)},"]
    if wild:
        one = "|".join(each.removeprefix("^").removesuffix("$") for _, each in wild)
        lines += ["    # Compared as a whole.", f'    allow_origin_regex=r"{one}",']
    lines += [f"    allow_methods={py.array(methods)},", f"    allow_headers={py.array(policy.allow_headers)},"]
    if policy.allow_credentials:
        lines.append("    allow_credentials=True,")
    if policy.expose_headers:
        lines.append(f"    expose_headers={py.array(policy.expose_headers)},")
    age = _DEFAULT_AGE if policy.max_age is None else policy.max_age
    return [*lines, f"    max_age={age},{'  # as browsers take it without' if policy.max_age is None else ''}"]


def _limits(policy: Policy) -> list[str]:
    library = "Starlette's CORSMiddleware"
    limits = py.library_limits(policy, library, 200)
    if "*" not in policy.allow_headers and "content-type" not in policy.allow_headers:
        limits.append(f"allow_headers: {library} grants Content-Type too; nothing turns that off.")
    if "*" in policy.allow_methods:
        limits.append(f"allow_methods: {library} takes * for DELETE, GET, HEAD, OPTIONS, PATCH, POST and PUT.")
    return limits


STACK: Final = Stack(
    name="starlette",
    title="Starlette",
    language="python",
    verified="1.10.0",
    styles=(py.OWN, py.LIBRARY),
    render=render,
    read=partial(migrate_source, framework="starlette"),
    recognise=by_signs(
        UVICORN,
        page=(
            rb"\A(?:Not Found|Method Not Allowed|Internal Server Error|Disallowed CORS [a-z, -]+)\Z",
            "the page is the plain sentence of Starlette",
            0.4,
        ),
        needs=("server",),
    ),
)
