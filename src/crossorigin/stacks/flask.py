r"""Flask: this project's extension, or flask-cors.

flask-cors (read in 6.0.5) takes a text with a character of regular expressions for one, and does not end it: so
patterns are compiled here, with `\Z`. It compares texts without regard to case, drops a `max_age` of the number 0,
knows no `*` of methods, sends no `Vary` where it says nothing else, and answers only preflights of paths that there
are: the two functions below it do the rest.
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

__all__ = ["STACK", "render"]


def render(policy: Policy, site: Site) -> Rendered:
    """`app.py`: the application with CORS around it."""
    run = f"flask --app app run --port {site.port}"
    if site.style == py.LIBRARY:
        limits = py.library_limits(policy, "flask-cors", policy.preflight_status)
        limits.append(
            "denied preflights: flask-cors answers them with the status of an allowed one, "
            "and leaves it to the browser to see that the leave is missing."
        )
        if "*" in policy.allow_methods:
            limits.append(f"allow_methods: flask-cors knows no *, and gets {', '.join(matching.USUAL_METHODS)}.")
        return py.application(
            policy, limits, ("pip install flask flask-cors", run), _library(policy), library="flask-cors"
        )
    lines: list[Line] = [
        "from flask import Flask",
        "",
        py.imported("from crossorigin.middleware.flask import CORS"),
        "",
        "app = Flask(__name__)",
        Part.of(py.AFTER_CREATION, ["CORS(", "    app,", *py.arguments(policy), ")"]),
        "",
        "# Your routes, from here on.",
    ]
    return py.application(policy, [], (f"pip install {py.OURS} flask", run), lines, library=py.OURS)


def _library(policy: Policy) -> list[Line]:
    return [
        py.imported("import re", "", "from flask import Flask, Response, request", "from flask_cors import CORS"),
        "",
        "app = Flask(__name__)",
        Part.of(py.AFTER_CREATION, [*_extension(policy), "", "", *_functions(policy)]),
        "",
        "",
        "# Your routes, from here on.",
    ]


def _extension(policy: Policy) -> list[str]:
    methods = matching.USUAL_METHODS if "*" in policy.allow_methods else matching.granted_methods(policy)
    lines = ["CORS(", "    app,"]
    if matching.any_origin(policy):
        lines += ['    origins="*",', "    send_wildcard=True,"]
    else:
        lines += ["    # As expressions, with their ends: a text would be compared without regard to case."]
        lines += ["    origins=["]
        lines += [f"        re.compile({py.regex(each)})," for _, each in matching.origin_regexes(policy)]
        lines += ["    ],", "    always_send=False,"]
    lines += [f"    methods={py.array(methods)},"]
    if "*" in policy.allow_headers:
        lines += ['    allow_headers="*",']
    else:
        lines += ["    allow_headers=["]
        lines += [
            f"        re.compile({py.regex(f'^{matching.escape_regex(name)}$')}, re.IGNORECASE),"
            for name in policy.allow_headers
        ]
        lines += ["    ],"]
    if policy.expose_headers:
        lines.append(f"    expose_headers={py.array(policy.expose_headers)},")
    if policy.allow_credentials:
        lines.append("    supports_credentials=True,")
    if policy.max_age is not None:
        lines.append(f"    max_age={py.literal(str(policy.max_age))},")
    return [*lines, ")"]


def _functions(policy: Policy) -> list[str]:
    lines = [
        "@app.before_request",
        "def answer_preflights() -> Response | None:",
        '    """Before authentication, and for every path; flask-cors puts its headers on it."""',
        "    named = request.headers",
        '    if request.method == "OPTIONS" and "Origin" in named and "Access-Control-Request-Method" in named:',
        f"        return Response(status={policy.preflight_status})",
        "    return None",
    ]
    if not matching.any_origin(policy):
        lines += [
            "",
            "",
            "@app.after_request",
            "def vary(response: Response) -> Response:",
            '    """A cache has to know, of answers without CORS headers too."""',
            '    response.vary.add("Origin")',
            "    return response",
        ]
    return lines


STACK: Final = Stack(
    name="flask",
    title="Flask",
    language="python",
    verified="3.1.3",
    styles=(py.OWN, py.LIBRARY),
    render=render,
    read=partial(migrate_source, framework="flask"),
    recognise=by_signs(
        ("server", r"Werkzeug/", 0.85),
        page=(
            rb"\A<!doctype html>\s*<html lang=en>\s*<title>[45]\d\d [^<]*</title>\s*<h1>",
            "the page is Werkzeug's own",
            0.85,
        ),
    ),
)
