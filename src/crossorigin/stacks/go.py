"""What both stacks of Go share: values as its literals, fields in columns, and the program around a middleware.

It is written as gofmt leaves it. `$` without the flag m is the end of the text alone, and a policy's origins have no
backquote in them, so that expressions are raw strings: https://pkg.go.dev/regexp/syntax
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from textwrap import indent

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.stack import File, Part, Rendered, Site

__all__ = ["fields", "origin_test", "program", "quote", "strings"]


def quote(text: str) -> str:
    """Text as an interpreted string: JSON's escapes are Go's too, and a policy's values are ASCII."""
    return json.dumps(text)


def strings(texts: Iterable[str]) -> str:
    """Texts as a slice."""
    return f"[]string{{{', '.join(map(quote, texts))}}}"


def fields(rows: list[tuple[str, str, str]], margin: str) -> list[str]:
    """The fields of a struct as (name, value, comment or nothing), in columns; a comment stands above its field.

    gofmt begins a new column behind each comment.
    """
    lines: list[str] = []
    for at, (name, value, comment) in enumerate(rows):
        start = max((each for each in range(at + 1) if rows[each][2]), default=0)
        stop = next((each for each in range(at + 1, len(rows)) if rows[each][2]), len(rows))
        width = max(len(each) for each, _, _ in rows[start:stop])
        if comment:
            lines.append(f"{margin}// {comment}")
        lines.append(f"{margin}{name}:{' ' * (width - len(name) + 1)}{value},")
    return lines


def origin_test(policy: Policy) -> list[str]:
    """`isAllowed(origin)`: compared as a whole, by case. Not for `*`."""
    exact, wild = matching.exact_origins(policy)
    lines = [
        "// Who may read. The whole origin counts, by case: no part of it is enough.",
        f"var origins = {strings(exact)}",
        "",
    ]
    found = "slices.Contains(origins, origin)"
    if wild:
        lines += ["var patterns = []*regexp.Regexp{"]
        for text, regex in wild:
            lines += [f"\t// {text}", f"\tregexp.MustCompile(`{regex}`),"]
        lines += ["}", ""]
        found += " || slices.ContainsFunc(patterns, func(pattern *regexp.Regexp) bool {"
    lines += ["func isAllowed(origin string) bool {", f"\treturn {found}"]
    if wild:
        lines += ["\t\treturn pattern.MatchString(origin)", "\t})"]
    return [*lines, "}", ""]


def program(
    policy: Policy, limits: list[str], site: Site, library: str, imports: list[str], declarations: list[str]
) -> Rendered:
    """`main.go`: a server with `withCORS`, which is among the declarations, around all its routes.

    `library` is the module's path, `imports` what the declarations need besides it, `log` and `net/http`.
    """
    imported = "\n".join([*map(quote, imports), *([""] if imports else []), quote(library)])
    declared = "\n".join(declarations)
    lines = [
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "//",
        f"// go mod init example.com/api; go get {library}; go run .",
        "",
        "package main",
        "",
        "import (",
        '\t"log"',
        '\t"net/http"',
        *([] if imports else [""]),
        indent(imported, "\t"),
        ")",
        "",
        declared,
        "",
        "func main() {",
        "\tmux := http.NewServeMux()",
        "",
        "\t// Your routes, from here on.",
        "",
        f'\tlog.Fatal(http.ListenAndServe(":{site.port}", withCORS(mux)))',
        "}",
        "",
    ]
    parts = (
        Part('among the imports, beside "log" and "net/http"', imported),
        Part("above func main", declared),
        Part("where http.ListenAndServe gets your router, around it", "withCORS(mux)"),
    )
    return Rendered((File("main.go", "go", "\n".join(lines), parts),), tuple(limits))
