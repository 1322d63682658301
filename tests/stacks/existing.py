"""Servers and applications that somebody has already: plain, without CORS, and laid out in their own way.

`@PORT@` is where one listens, `@BACKEND@` the port of what it stands before. An application has its routes where its
comment says so (`applications`); a Django project's settings are there too, so that here is only how it is run.
"""

from __future__ import annotations

from tests.stacks.pasting import paste

from crossorigin.policy import Policy
from crossorigin.stacks import File, Site, get_stack

__all__ = ["EXISTING", "existing", "pasted"]

_NGINX = """\
events {}

http {
    upstream app { server 127.0.0.1:@BACKEND@; }

    server {
        listen @PORT@;
        client_max_body_size 8m;

        location / {
            proxy_pass http://app;
        }
    }
}
"""
_APACHE = """\
Listen @PORT@

<VirtualHost *:@PORT@>
    ServerName localhost
    TimeOut 30

    <Location "/private">
        Require all denied
    </Location>

    ProxyPass "/" "http://127.0.0.1:@BACKEND@/"
</VirtualHost>
"""
_CADDY = """\
:@PORT@ {
	encode gzip
	reverse_proxy 127.0.0.1:@BACKEND@
}
"""
_HAPROXY = """\
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s

frontend web
    bind :@PORT@
    http-request set-header X-Forwarded-Proto http
    default_backend app

backend app
    server app1 127.0.0.1:@BACKEND@
"""
_LIGHTTPD = """\
server.port = @PORT@
server.modules += ( "mod_redirect", "mod_proxy" )

$HTTP["url"] =~ "^/old/" {
    url.redirect = ( "" => "/" )
}
proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => @BACKEND@ ) ) )
"""
_ENVOY = """\
static_resources:
  listeners:
    - address: { socket_address: { address: 127.0.0.1, port_value: @PORT@ } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": @MANAGER@
                stat_prefix: web
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                route_config:
                  virtual_hosts:
                    - name: web
                      domains: ["*"]
                      routes:
                        - match: { prefix: "/" }
                          route: { cluster: backend }
  clusters:
    - name: backend
      type: STRICT_DNS
      load_assignment:
        cluster_name: backend
        endpoints:
          - lb_endpoints:
              - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: @BACKEND@ } } }
""".replace(
    "@MANAGER@", "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
)
_EXPRESS = """\
import express from "express";

const app = express();
app.disable("etag");
app.use(express.json());

// Your routes, from here on.

app.listen(@PORT@);
"""
_FASTIFY = """\
import fastify from "fastify";

const app = fastify({ logger: false });

app.addHook("onRequest", async (request) => { request.began = Date.now(); });

// Your routes, from here on.

await app.listen({ port: @PORT@ });
"""
_KOA = """\
import Koa from "koa";

const app = new Koa();

app.use(async (ctx, next) => {
  ctx.state.began = Date.now();
  await next();
});

// Your routes, from here on.

app.listen(@PORT@);
"""
_HONO = """\
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const app = new Hono();

// Your routes, from here on.

serve({ fetch: app.fetch, port: @PORT@ });
"""
_NESTJS = """\
import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(@PORT@);
}
bootstrap();
"""
_FASTAPI = """\
# uvicorn app:app --port @PORT@

from fastapi import FastAPI, Request

app = FastAPI(title="An API")


@app.middleware("http")
async def named(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Api"] = "1"
    return response


# Your routes, from here on.
"""
_STARLETTE = """\
# uvicorn app:app --port @PORT@

from starlette.applications import Starlette

app = Starlette()

# Your routes, from here on.
"""
_FLASK = """\
# flask --app app run --port @PORT@

from flask import Flask

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1000000

# Your routes, from here on.
"""
_DJANGO = """\
# python manage.py runserver @PORT@

"""
_AIOHTTP = """\
# python app.py

from aiohttp import web

app = web.Application()

# Your routes, from here on.

web.run_app(app, port=@PORT@)
"""
_LITESTAR = """\
# uvicorn app:app --port @PORT@

from litestar import Litestar

routes = []
# Your routes, from here on.

app = Litestar(routes)
"""

EXISTING = {
    "nginx": _NGINX,
    "apache": _APACHE,
    "caddy": _CADDY,
    "haproxy": _HAPROXY,
    "lighttpd": _LIGHTTPD,
    "envoy": _ENVOY,
    "express": _EXPRESS,
    "fastify": _FASTIFY,
    "koa": _KOA,
    "hono": _HONO,
    "nestjs": _NESTJS,
    "fastapi": _FASTAPI,
    "starlette": _STARLETTE,
    "flask": _FLASK,
    "django": _DJANGO,
    "aiohttp": _AIOHTTP,
    "litestar": _LITESTAR,
}


def existing(name: str, port: int, backend: int) -> str:
    """The text as it is before anybody thinks of CORS."""
    return EXISTING[name].replace("@PORT@", str(port)).replace("@BACKEND@", str(backend))


def pasted(name: str, policy: Policy, port: int, backend: int, style: str = "") -> tuple[File, ...]:
    """The existing file with every part at its place, and whatever other files were rendered, as they are."""
    render = get_stack(name).render
    assert render is not None
    first, *others = render(policy, Site(style=style)).files
    text = paste(existing(name, port, backend), first.parts)
    return (File(first.name, first.language, text), *others)
