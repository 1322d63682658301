"""Go with rs/cors, read in v1.11.1: https://github.com/rs/cors/blob/v1.11.1/cors.go

Five habits of it shape the program. `AllowedOrigins` is compared without regard to case, and its `*` stands for any
text, dots, slashes and none of them included: so a function decides, and is asked for the whole origin. No origins are
all origins; no headers are Accept, Content-Type and X-Requested-With. A `MaxAge` of 0 sends no header, and -1 sends 0.
OPTIONS as a method is granted whatever is listed: so a preflight that asks for it does not get that far. And a `*` in
`AllowedMethods` is a method of that name.

A preflight's header names are taken in order and in lower case only, which is how browsers send them.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import go, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Rendered, Site, Stack

__all__ = ["STACK", "render"]

_LIBRARY: Final = "github.com/rs/cors"


def render(policy: Policy, site: Site) -> Rendered:
    """`main.go`: a server with CORS around all its routes."""
    limits = matching.library_limits(policy, "rs/cors")
    if "*" in policy.allow_methods:
        limits.append(f"allow_methods: rs/cors knows no *, and gets {', '.join(matching.USUAL_METHODS)}.")
    declarations, imports = [], []
    if not matching.any_origin(policy):
        declarations += go.origin_test(policy)
        imports = [*(["regexp"] if matching.exact_origins(policy)[1] else []), "slices"]
    declarations += _around(policy)
    return go.program(policy, limits, site, _LIBRARY, imports, declarations)


def _around(policy: Policy) -> list[str]:
    lines = [
        "// withCORS goes around everything: a preflight cannot pass authentication.",
        "func withCORS(next http.Handler) http.Handler {",
    ]
    made = ["cors.New(cors.Options{", *go.fields(_options(policy), "\t\t"), "\t}).Handler(next)"]
    if "*" in policy.allow_methods or "OPTIONS" in policy.allow_methods:
        return [*lines, f"\treturn {made[0]}", *made[1:], "}"]
    return [
        *lines,
        f"\thandler := {made[0]}",
        *made[1:],
        "\treturn http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {",
        "\t\t// OPTIONS as the method of a request: rs/cors would grant it whatever is listed.",
        '\t\tasked := r.Header.Get("Access-Control-Request-Method")',
        "\t\tif r.Method == http.MethodOptions && asked == http.MethodOptions {",
        f'\t\t\tw.Header().Add("Vary", {go.quote(matching.preflight_vary(policy))})',
        "\t\t\tw.WriteHeader(http.StatusForbidden)",
        "\t\t\treturn",
        "\t\t}",
        "\t\thandler.ServeHTTP(w, r)",
        "\t})",
        "}",
    ]


def _options(policy: Policy) -> list[tuple[str, str, str]]:
    methods = matching.USUAL_METHODS if "*" in policy.allow_methods else matching.granted_methods(policy)
    rows = [
        ("AllowedOrigins", go.strings(["*"]), "")
        if matching.any_origin(policy)
        else ("AllowOriginFunc", "isAllowed", ""),
        ("AllowedMethods", go.strings(methods), ""),
    ]
    if "*" in policy.allow_headers:
        rows.append(("AllowedHeaders", go.strings(["*"]), ""))
    else:
        comment = "" if policy.allow_headers else "Empty, it would be Accept, Content-Type and X-Requested-With."
        rows.append(("AllowedHeaders", go.strings(matching.library_headers(policy)), comment))
    if policy.expose_headers:
        rows.append(("ExposedHeaders", go.strings(policy.expose_headers), ""))
    if policy.allow_credentials:
        rows.append(("AllowCredentials", "true", ""))
    if policy.max_age is not None:
        rows.append(("MaxAge", str(policy.max_age or -1), "" if policy.max_age else "-1 is 0; 0 would send no header."))
    if policy.preflight_status != 204:
        rows.append(("OptionsSuccessStatus", str(policy.preflight_status), ""))
    return rows


STACK: Final = Stack(
    name="go-rs-cors",
    title="Go with rs/cors",
    language="go",
    render=render,
    # Of net/http itself, whichever middleware is around it; https://github.com/golang/go/blob/go1.25.0/src/net/http/server.go
    recognise=by_signs(page=(rb"\A404 page not found\n\Z", "the page is that of Go's net/http for 404", 0.5)),
)
