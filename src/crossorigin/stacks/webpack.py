"""webpack's development server: a middleware of one's own, by `devServer.setupMiddlewares`.

Read in v6.0.0: https://github.com/webpack/webpack-dev-server/blob/v6.0.0/lib/Server.js

`devServer.headers` would be the same for every origin and method, and answer no preflight: so a function decides.
Since 5.2.1 the server itself refuses requests without CORS of other sites, those of a `<script>` without `crossorigin`;
since 5.2.4 it sends `Cross-Origin-Resource-Policy: same-origin` besides, which requests with CORS are not asked about:
https://github.com/webpack/webpack-dev-server/blob/v6.0.0/CHANGELOG.md
"""

from __future__ import annotations

from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import javascript as js
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_CORS: Final = """function cors(req, res, next) {
  const { headers, vary, status } = decide(req.method, (name) => req.headers[name]);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (vary) res.appendHeader("Vary", vary);
  if (status === undefined) return next();
  res.statusCode = status;
  res.end();
}"""
_USE: Final = """setupMiddlewares(middlewares) {
  middlewares.unshift({ name: "cors", middleware: cors });
  return middlewares;
},"""


def render(policy: Policy, site: Site) -> Rendered:
    """`webpack.config.mjs`, with the policy before all that the server does."""
    limits = js.own_limits(policy, "webpack-dev-server")
    functions = "\n".join([*js.decide(policy), "", _CORS])
    lines = [
        *js.head(
            policy,
            limits,
            "npm install --save-dev webpack webpack-cli webpack-dev-server; npx webpack serve",
            "A development server: the built files are served by another, which has its own policy.",
            "A <script> of another site needs the attribute crossorigin: without CORS the server refuses it.",
        ),
        "",
        functions,
        "",
        "export default {",
        "  devServer: {",
        f"    port: {site.port},",
        *(f"    {line}" for line in _USE.split("\n")),
        "  },",
        "};",
        "",
    ]
    parts = (Part("in webpack.config, above what it exports", functions), Part("in its `devServer`", _USE))
    return Rendered((File("webpack.config.mjs", "javascript", "\n".join(lines), parts),), tuple(limits))


STACK: Final = Stack(
    name="webpack",
    title="webpack-dev-server",
    language="javascript",
    render=render,
    recognise=by_signs(
        page=(
            rb"\A(?:Invalid Host header|Cross-Origin request blocked)\Z",
            "the refusal is webpack-dev-server's own",
            0.85,
        )
    ),
)
