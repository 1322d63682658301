"""What the stacks share that answer in JavaScript with the `Request` and `Response` of https://fetch.spec.whatwg.org/

Around `decide`, the function of `javascript`: an answer with its headers in place of the backend's. And what a
configuration of fixed headers can say without any code: one value for everybody, for pages that need no preflight.
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import javascript as js
from crossorigin.stacks import matching
from crossorigin.stacks.stack import File, Part, Rendered

__all__ = ["NO_PREFLIGHTS", "code", "fixed_headers", "with_cors"]

NO_PREFLIGHTS: Final = (
    "preflights: the policy needs none, and none is answered. An OPTIONS is answered as any other request, "
    "without leave for methods and headers."
)
"""The limit of fixed headers."""


def fixed_headers(policy: Policy) -> list[tuple[str, str]] | None:
    """The headers of every answer, where the same ones are right for everybody; None where code has to decide.

    That is any origin or one, and nothing that a preflight would be asked for: fixed headers give no OPTIONS a status.
    """
    if matching.any_origin(policy):
        origin = "*"
    else:
        exact, wild = matching.exact_origins(policy)
        if wild or len(exact) != 1:
            return None
        origin = exact[0]
    needs_no_leave = set(policy.allow_methods) <= {"GET", "HEAD", "POST"}
    if policy.allow_headers or not needs_no_leave:
        return None
    rows = [("Access-Control-Allow-Origin", origin)]
    if policy.allow_credentials:
        rows.append(("Access-Control-Allow-Credentials", "true"))
    if policy.expose_headers:
        rows.append(("Access-Control-Expose-Headers", ",".join(policy.expose_headers)))
    return rows


def with_cors() -> list[str]:
    """`withCors(response, headers, vary)`: the answer, with no CORS headers but ours."""
    return [
        f"const CORS_HEADERS = {js.array(matching.CORS_HEADERS)};",
        "",
        "function withCors(response, headers, vary) {",
        "  // A copy: the headers of an answer that was fetched cannot be changed.",
        "  const answer = new Response(response.body, response);",
        "  // The backend's own CORS headers go: two of a kind are refused by browsers.",
        "  for (const name of CORS_HEADERS) answer.headers.delete(name);",
        "  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);",
        '  if (vary) answer.headers.append("Vary", vary);',
        "  return answer;",
        "}",
    ]


def code(policy: Policy, limits: list[str], name: str, where: list[str], body: list[str], place: str) -> Rendered:
    """A file of JavaScript: the description, `where` it goes, and the code; its part is the whole of the code."""
    text = "\n".join([*js.head(policy, limits, *where), "", *body, ""])
    return Rendered((File(name, "javascript", text, (Part(place, "\n".join(body)),)),), tuple(limits))
