r"""ingress-nginx: annotations of an Ingress.

Written from the documentation and source of 1.15.1 (March 2026, the last release: the project is retired), not run:
https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#enable-cors and, in
kubernetes/ingress-nginx, internal/ingress/annotations/cors/main.go, internal/ingress/controller/template/template.go
and rootfs/etc/nginx/template/nginx.tmpl . What shaped it:

- An annotation that is missing, empty or not of its form falls back to its default: any origin, credentials allowed,
  six methods, nine headers with Authorization among them, twenty days. One odd origin in the list, `http://[::1]:3000`
  or `https://my_app.example.com`, opens the API to everybody (issue 7112). So every annotation is written, and with
  nothing that its form has no place for: `_ORIGIN`, `_METHOD` and `_NAME` are those forms.
- `*.` stands for one label of letters, digits and hyphens.
- The origins become one expression that ends with `$`, begins anywhere, and takes no account of case: `null` would let
  in every origin that ends in those letters, and is left out. For the rest no browser has an origin to abuse it with:
  it would have to end with all of `https://app.example.com`.
- Preflights, and any other OPTIONS of an allowed origin, end with 204 before authentication; those of all others are
  the backend's. There is no Vary. A backend's CORS headers are overwritten for allowed origins only.
"""

from __future__ import annotations

import re
from typing import Final

from crossorigin.policy.patterns import ANY_PORT, OriginPattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "ingress-nginx"
_PREFIX: Final = "nginx.ingress.kubernetes.io"
_ORIGIN: Final = re.compile(r"[a-z]+://(?:\*\.)?[A-Za-z0-9.-]+(?::[0-9]+)?")
_METHOD: Final = re.compile(r"[A-Za-z]+")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_USUAL: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_DENIED: Final = (
    "denied preflights: those of origins that are not allowed are handed on to the backend; to the others it "
    "answers with all that the policy allows, and leaves it to the browser to see that the leave is missing."
)
_OPTIONS: Final = "other OPTIONS: every OPTIONS of an allowed origin ends in ingress-nginx; the backend sees none."
_BACKEND: Final = "the backend's CORS headers: they stay where the origin is not allowed. Switch them off there."


def render(policy: Policy, site: Site) -> Rendered:
    """`ingress.yaml`: an Ingress for one service."""
    origins, unsaid = _origins(policy)
    limits = _limits(policy, origins, unsaid)
    annotations = _annotations(policy, origins)
    lines = [
        *(f"# {line}" for line in matching.describe(policy, limits)),
        "",
        "apiVersion: networking.k8s.io/v1",
        "kind: Ingress",
        "metadata:",
        "  name: app",
        "  annotations:",
        *gateway.indent(annotations, 4),
        "spec:",
        "  ingressClassName: nginx",
        "  rules:",
        "  - http:",
        "      paths:",
        "      - path: /",
        "        pathType: Prefix",
        "        backend:",
        "          service:",
        "            name: app",
        "            port:",
        f"              number: {site.upstream_port}",
        "",
    ]
    parts = (Part("the annotations of the Ingress, in its metadata", "\n".join(annotations)),)
    return Rendered((File("ingress.yaml", "yaml", "\n".join(lines), parts),), tuple(limits))


def _origins(policy: Policy) -> tuple[list[str], list[str]]:
    if matching.any_origin(policy):
        return ["*"], []

    def say(pattern: OriginPattern) -> list[str]:
        text = pattern.serialize()
        return [text] if pattern.port != ANY_PORT and _ORIGIN.fullmatch(text) else []

    return gateway.say_origins(policy, say)


def _within(names: tuple[str, ...], form: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """The names that an annotation has a place for, and the others."""
    return [each for each in names if form.fullmatch(each)], [each for each in names if not form.fullmatch(each)]


def _annotations(policy: Policy, origins: list[str]) -> list[str]:
    if not origins:
        return _written([("enable-cors", "false")])
    methods = _USUAL if "*" in policy.allow_methods else _within(matching.granted_methods(policy), _METHOD)[0]
    headers = _within(policy.allow_headers, _NAME)[0] or [gateway.NO_LEAVE_NEEDED]
    exposed = policy.expose_headers if "*" in policy.expose_headers else _within(policy.expose_headers, _NAME)[0]
    age = policy.max_age if policy.max_age is not None else gateway.BROWSERS_MAX_AGE
    rows = [
        ("enable-cors", "true"),
        ("cors-allow-origin", ",".join(origins)),
        ("cors-allow-credentials", str(policy.allow_credentials).lower()),
        ("cors-allow-methods", ",".join(methods)),
        ("cors-allow-headers", ",".join(headers)),
        *([("cors-expose-headers", ",".join(exposed))] if exposed else []),
        ("cors-max-age", str(age)),
    ]
    return ["# Every one is needed: what is left out, or not understood, is taken for yes.", *_written(rows)]


def _written(rows: list[tuple[str, str]]) -> list[str]:
    return [f"{_PREFIX}/{name}: {gateway.quote(value)}" for name, value in rows]


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "it knows letters, digits, hyphens and dots in a host, letters in a scheme, one port, and no null"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    wild = [origin for origin in origins if "://*." in origin]
    if wild:
        limits.append(f"allow_origins: *. is one label for ingress-nginx, and not more, in {', '.join(wild)}.")
    if "*" in policy.allow_methods:
        instead = ", ".join(_USUAL)
        limits.append(f"allow_methods: ingress-nginx cannot say *. {instead} are allowed in its place.")
    else:
        others = _within(matching.granted_methods(policy), _METHOD)[1]
        limits += gateway.left_out("allow_methods", _TITLE, others, "a method is letters to it")
    others = _within(policy.allow_headers, _NAME)[1]
    limits += gateway.left_out("allow_headers", _TITLE, others, "a name is letters, digits, _ and - to it")
    if "*" not in policy.expose_headers:
        others = _within(policy.expose_headers, _NAME)[1]
        limits += gateway.left_out("expose_headers", _TITLE, others, "a name is letters, digits, _ and - to it")
    limits += [_DENIED, _OPTIONS, _BACKEND, *gateway.other_status(policy, _TITLE, 204)]
    if not matching.any_origin(policy):
        limits.append(
            "Vary: ingress-nginx sends none. Let the backend send Vary: Origin, or no cache keep its answers."
        )
    return limits


STACK: Final = Stack(
    name="ingress-nginx",
    title=_TITLE,
    language="yaml",
    render=render,
    recognise=by_signs(
        # It takes the Server header off, which a plain nginx keeps.
        page=(
            rb"\Adefault backend - 404\Z|<center>nginx</center>",
            "the page is nginx's without its Server header, or that of a cluster's default backend",
            0.5,
        ),
        without=("server",),
    ),
)
