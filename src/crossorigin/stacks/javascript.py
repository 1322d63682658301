"""What every stack of JavaScript shares: values as its literals, and a policy as a function that decides.

The function is the same for all of them, and knows no framework: what calls it is a few lines in each one's idiom. A
request header that came twice is joined by a comma by Node.js, and is then no allowed origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.stack import File, Line, Part, Rendered

__all__ = [
    "AFTER_CREATION",
    "AMONG_IMPORTS",
    "LIBRARY",
    "OWN",
    "array",
    "common_options",
    "decide",
    "head",
    "imported",
    "origin_test",
    "origins",
    "own_limits",
    "quote",
    "regex",
    "server",
]

OWN: Final = "own"
LIBRARY: Final = "library"
"""The two styles: code of one's own, without a dependency; and the framework's usual library."""

AFTER_CREATION: Final = "right after your application, here app, is created"
AMONG_IMPORTS: Final = "among the imports of your application"


def quote(text: str) -> str:
    """Text as a string of JavaScript: JSON's escapes are its own, and a policy's values are ASCII."""
    return json.dumps(text)


def array(texts: Iterable[str]) -> str:
    """Strings as an array."""
    return f"[{', '.join(map(quote, texts))}]"


def regex(expression: str) -> str:
    """An expression as a literal; without the flag m, `$` is the end of the text alone."""
    return f"/{expression.replace('/', chr(92) + '/')}/"


def origins(policy: Policy) -> str:
    """The `origin` of libraries that take strings and expressions; always an array, so that `Vary` is sent."""
    if matching.any_origin(policy):
        return quote("*")
    exact, wild = matching.exact_origins(policy)
    return f"[{', '.join([*map(quote, exact), *(regex(each) for _, each in wild)])}]"


def common_options(policy: Policy, exposed: str, *, age: str | None = None) -> list[str]:
    """What all the libraries call the same, but for the headers to expose; `age` where one wants no number."""
    lines = []
    if policy.expose_headers:
        lines.append(f"  {exposed}: {array(policy.expose_headers)},")
    if policy.allow_credentials:
        lines.append("  credentials: true,")
    if policy.max_age is not None:
        lines.append(f"  maxAge: {age or policy.max_age},")
    return lines


def head(policy: Policy, limits: list[str], *more: str) -> list[str]:
    """The comment above the code."""
    return [*(f"// {line}" for line in matching.describe(policy, limits)), "//", *(f"// {line}" for line in more)]


def imported(name: str, package: str) -> Part:
    """What the library brings; CommonJS, the older kind of module, has another word for it."""
    place = f"{AMONG_IMPORTS} (in CommonJS const {name} = require({quote(package)}))"
    return Part(place, f"import {name} from {quote(package)};")


def server(
    policy: Policy,
    limits: list[str],
    packages: str,
    imports: Sequence[Line],
    create: str,
    body: list[str],
    listen: str,
    *,
    library: str = "",
) -> Rendered:
    """`server.mjs`: the application that `create` makes, with CORS, the `body`, before all else.

    `packages` are the framework's, `library` is the one that it needs for CORS.
    """
    lines: list[Line] = [
        *head(policy, limits, f"npm install {' '.join(filter(None, [packages, library]))}; node server.mjs"),
        "",
        *imports,
        "",
        create,
        "",
        Part.of(f"{AFTER_CREATION}, before all its routes", body),
        "",
        "// Your routes, from here on.",
        "",
        listen,
    ]
    file = File.of("server.mjs", "javascript", lines)
    return Rendered((file,), tuple(limits), f"npm install {library}" if library else "")


def own_limits(policy: Policy, title: str) -> list[str]:
    """What the code of `decide` leaves out."""
    limits = []
    if policy.debug:
        limits.append(
            f"debug: {title} answers a denied preflight with 403 and no CORS headers, as without it; "
            "the console does not name the culprit."
        )
    if policy.refuse_disallowed_origins:
        limits.append(
            f"refuse_disallowed_origins: {title} hands requests of origins that are not allowed on to the routes, "
            "without CORS headers; script cannot read the answers. Refuse them in your routes."
        )
    return limits


def origin_test(policy: Policy, *, typed: bool = False) -> list[str]:
    """`isAllowed(origin)`: compared as a whole, by case."""
    exact, wild = matching.exact_origins(policy)
    text, end = (": string", ": boolean") if typed else ("", "")
    lines = [f"const ORIGINS = new Set({array(exact)});"]
    found = "ORIGINS.has(origin)"
    if wild:
        lines += ["const PATTERNS = [", *(f"  {regex(each)}, // {name}" for name, each in wild), "];"]
        found += " || PATTERNS.some((pattern) => pattern.test(origin))"
    return [
        "// Who may read. The whole origin counts, by case: no part of it is enough.",
        *lines,
        f"function isAllowed(origin{text}){end} {{",
        f"  return {found};",
        "}",
    ]


def decide(policy: Policy, *, typed: bool = False) -> list[str]:
    """`decide(method, header)`: the headers of the answer, what it varies by, and the status where it ends at once."""
    anyone = matching.any_origin(policy)
    sets = []
    if "*" not in policy.allow_methods:
        sets.append(f"const METHODS = new Set({array(matching.granted_methods(policy))});")
    if "*" not in policy.allow_headers:
        sets.append(f"const HEADERS = new Set({array(policy.allow_headers)});")
    blocks = [[] if anyone else origin_test(policy, typed=typed), sets]
    signature = "function decide(method, header) {"
    record = "const headers = {};"
    if typed:
        record = "const headers: Record<string, string> = {};"
        signature = "function decide(method: string, header: (name: string) => string | undefined): Decision {"
        blocks.append(["type Decision = { headers: Record<string, string>; vary: string; status?: number };"])
    lines = [line for block in blocks if block for line in (*block, "")]
    lines += [
        "// A preflight is OPTIONS with Origin and Access-Control-Request-Method; it is answered before any login.",
        signature,
        '  const origin = header("origin") ?? "";',
        f"  const allowed = {quote('*') if anyone else 'isAllowed(origin) ? origin : ' + quote('')};",
        '  const asked = header("access-control-request-method") ?? "";',
        f"  {record}",
        '  if (allowed) headers["Access-Control-Allow-Origin"] = allowed;',
    ]
    if policy.allow_credentials:
        lines.append('  if (allowed) headers["Access-Control-Allow-Credentials"] = "true";')
    lines.append('  if (method !== "OPTIONS" || !origin || !asked) {')
    if policy.expose_headers:
        exposed = quote(",".join(policy.expose_headers))
        lines.append(f'    if (allowed) headers["Access-Control-Expose-Headers"] = {exposed};')
    lines += [f"    return {{ headers, vary: {quote('' if anyone else 'Origin')} }};", "  }"]
    return [*lines, *_preflight(policy)]


def _preflight(policy: Policy) -> list[str]:
    """The second half of `decide`, for preflights."""
    vary = quote(matching.preflight_vary(policy))
    lines, checks = [], [] if matching.any_origin(policy) else ["!allowed"]
    if "*" not in policy.allow_methods:
        checks.append("!METHODS.has(asked)")
    if "*" not in policy.allow_headers:
        checks.append("!names.every((name) => HEADERS.has(name))")
        lines += [
            '  const names = (header("access-control-request-headers") ?? "")',
            '    .split(",").map((name) => name.trim().toLowerCase()).filter(Boolean);',
        ]
    if checks:
        lines += [
            f"  if ({' || '.join(checks)}) {{",
            f"    return {{ headers: {{}}, vary: {vary}, status: 403 }};",
            "  }",
        ]
    methods = quote("*") if "*" in policy.allow_methods else "asked"
    lines.append(f'  headers["Access-Control-Allow-Methods"] = {methods};')
    if "*" in policy.allow_headers:
        lines.append(f'  headers["Access-Control-Allow-Headers"] = {quote(",".join(policy.allow_headers))};')
    elif policy.allow_headers:
        lines.append('  if (names.length) headers["Access-Control-Allow-Headers"] = names.join(",");')
    if policy.max_age is not None:
        lines.append(f'  headers["Access-Control-Max-Age"] = {quote(str(policy.max_age))};')
    return [*lines, f"  return {{ headers, vary: {vary}, status: {policy.preflight_status} }};", "}"]
