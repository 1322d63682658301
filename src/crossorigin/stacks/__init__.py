"""Server stacks: a policy as the configuration of a web server or framework, and back, and who gave an answer.

    stack = get_stack("nginx")
    rendered = stack.render(policy, Site(upstream="http://127.0.0.1:3000"))
    rendered.files[0].text, rendered.limits

A stack's module is imported when it is asked for.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Final

from crossorigin.stacks.stack import (
    Evidence,
    File,
    Part,
    ReadBack,
    Recognition,
    Rendered,
    Site,
    SiteError,
    Stack,
    Unread,
)

__all__ = [
    "IN_FRONT",
    "NAMES",
    "Evidence",
    "File",
    "Part",
    "ReadBack",
    "Recognition",
    "Rendered",
    "Site",
    "SiteError",
    "Stack",
    "UnknownStackError",
    "Unread",
    "all_stacks",
    "get_stack",
    "recognise",
]

_WEB_SERVERS: Final = ("nginx", "apache", "caddy", "haproxy", "lighttpd", "envoy")
_EDGES: Final = (
    *("traefik", "kong", "ingress-nginx", "apigateway-rest", "apigateway-http"),
    *("s3", "cloudfront", "gcs", "azure-app-service", "azure-storage"),
    *("cloudflare-workers", "vercel", "netlify"),
)
NAMES: Final = (
    *_WEB_SERVERS,
    *("express", "fastify", "koa", "hono", "nestjs"),
    *("fastapi", "starlette", "flask", "django", "aiohttp", "litestar"),
    *("spring", "aspnet-core", "rails", "laravel", "go-rs-cors", "go-jub0bs-cors", "vite", "webpack"),
    *_EDGES,
)
"""Every stack, by the name of its module; a `-` in a stack's name is a `_` in its module's."""
IN_FRONT: Final = frozenset({*_WEB_SERVERS, *_EDGES})
"""Those that mostly stand before an application, and pass its answers on."""

_OTHER_NAMES: Final = {
    "httpd": "apache",
    "apache2": "apache",
    "caddyfile": "caddy",
    "caddy2": "caddy",
    "istio": "envoy",
    "node": "express",
    "nest": "nestjs",
    "spring-boot": "spring",
    "springboot": "spring",
    "aspnet": "aspnet-core",
    "asp.net": "aspnet-core",
    "dotnet": "aspnet-core",
    "rack-cors": "rails",
    "ruby": "rails",
    "php": "laravel",
    "go": "go-rs-cors",
    "golang": "go-rs-cors",
    "rs-cors": "go-rs-cors",
    "rs/cors": "go-rs-cors",
    "jub0bs-cors": "go-jub0bs-cors",
    "jub0bs/cors": "go-jub0bs-cors",
    "webpack-dev-server": "webpack",
    "ingress": "ingress-nginx",
    "nginx-ingress": "ingress-nginx",
    "app-service": "azure-app-service",
    "azure-functions": "azure-app-service",
    "google-cloud-storage": "gcs",
    "cloudflare": "cloudflare-workers",
    "workers": "cloudflare-workers",
}


class UnknownStackError(LookupError):
    """There is no stack of that name; one sentence with the nearest one."""


def get_stack(name: str) -> Stack:
    """The stack of a name, in any case; raises UnknownStackError."""
    wanted = name.strip().lower()
    wanted = _OTHER_NAMES.get(wanted, wanted)
    if wanted not in NAMES:
        near = get_close_matches(wanted, [*NAMES, *_OTHER_NAMES], n=1)
        hint = f"did you mean {_OTHER_NAMES.get(near[0], near[0])}?" if near else f"there is {', '.join(NAMES)}"
        raise UnknownStackError(f"{name[:80]!r} is no stack; {hint}")
    stack: Stack = import_module(f"{__name__}.{wanted.replace('-', '_')}").STACK
    return stack


def all_stacks() -> list[Stack]:
    """Every stack, in order."""
    return [get_stack(name) for name in NAMES]


def recognise(evidence: Evidence) -> list[tuple[Stack, Recognition]]:
    """The stacks that there is any sign of in an answer, the likeliest first."""
    found = [(stack, stack.recognise(evidence)) for stack in all_stacks() if stack.recognise is not None]
    return sorted((each for each in found if each[1].confidence > 0), key=lambda each: -each[1].confidence)
