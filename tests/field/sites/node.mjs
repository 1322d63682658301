// Applications under Node.js, each broken in one of the ways that people break them, each on a port of its own.
// Started by tests/field/conftest.py with name=descriptor for every one of them.

import http from "node:http";

import fastifyCors from "@fastify/cors";
import { getRequestListener } from "@hono/node-server";
import koaCors from "@koa/cors";
import { Controller, Get, Module, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import cors from "cors";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { cors as honoCors } from "hono/cors";
import Koa from "koa";

const PAGE = "http://localhost:3000";
const ITEMS = [{ id: 1 }, { id: 2 }];

// What is to be started: name → descriptor of the listening socket. Ports are asked of the sockets themselves.
const sockets = new Map(process.argv.slice(2).map((word) => word.split("=")).map(([name, fd]) => [name, Number(fd)]));
const ports = {};

function routes(app) {
  app.get("/items", (req, res) => res.json(ITEMS));
  for (const method of ["post", "put", "patch", "delete"]) app[method]("/items", (req, res) => res.json({}));
  app.get("/", (req, res) => res.send("It works."));
}

// An Express application: what stands before the routes, the routes, what stands behind.
function expressed(before, after = () => {}) {
  const app = express();
  before(app);
  routes(app);
  after(app);
  return app;
}

const behind = (...handlers) => expressed((app) => app.use(...handlers));

function header(name, value) {
  return (req, res, next) => {
    res.header(name, value);
    next();
  };
}

function requireToken(challenge) {
  return (req, res, next) => {
    if (req.headers.authorization) return next();
    res.set("WWW-Authenticate", challenge);
    res.status(401).json({ message: "No authorization token was found" });
  };
}

// As express-session does with a store that is away: no cookie, no session to load.
function sessions(req, res, next) {
  if (!req.headers.cookie) return next();
  next(new Error("connect ECONNREFUSED 127.0.0.1:6379"));
}

const known = ["https://app.example.com", "https://admin.example.com"];
function fromList(origin, done) {
  if (!origin || known.includes(origin)) done(null, true);
  else done(new Error("Not allowed by CORS"));
}

const sites = {
  // --- Express ---
  "express-bare": () => behind((req, res, next) => next()),
  "express-catch-all": () =>
    expressed(
      (app) => app.get("/items", (req, res) => res.header("Access-Control-Allow-Origin", "*").json(ITEMS)),
      (app) => app.use((req, res) => res.status(404).json({ error: "Not found" })),
    ),
  "express-jwt-first": () => behind(requireToken('Bearer error="invalid_token"'), cors()),
  "express-preflight-continues": () => behind(cors({ preflightContinue: true }), requireToken('Basic realm="API"')),
  "express-cors-last": () => expressed(() => {}, (app) => app.use(cors())),
  "express-slash": () => behind(cors({ origin: "http://localhost:3000/" })),
  "express-page-only": () => behind(cors({ origin: PAGE })),
  "express-page-in-list": () => behind(cors({ origin: [PAGE, "https://app.example.com"], credentials: true })),
  "express-production-only": () => behind(cors({ origin: known, credentials: true })),
  "express-callback": () => behind(cors({ origin: fromList })),
  "express-any-with-credentials": () => behind(cors({ credentials: true })),
  "express-content-type-only": () => behind(cors({ allowedHeaders: ["Content-Type"] })),
  "express-any": () => behind(cors()),
  "express-get-post": () => behind(cors({ origin: PAGE, methods: ["GET", "POST"] })),
  "express-comma": () => behind(header("Access-Control-Allow-Origin", "http://localhost:3000, https://app.example.com")),
  "express-unset-variable": () => behind(header("Access-Control-Allow-Origin", `${process.env.CLIENT_URL}`)),
  "express-semicolons": () =>
    behind(header("Access-Control-Allow-Origin", "*"), header("Access-Control-Allow-Methods", "GET;POST;PUT;DELETE")),
  "express-total": () => behind(cors({ origin: PAGE }), header("X-Total-Count", "57")),
  "express-options-only": () => expressed((app) => app.options("/{*path}", cors())),
  "express-session-store": () => behind(express.json(), sessions, cors({ origin: PAGE, credentials: true })),
  "express-helmet": () =>
    behind(header("Cross-Origin-Opener-Policy", "same-origin"), header("Cross-Origin-Resource-Policy", "same-origin")),
  "express-moved": () => expressed((app) => app.use(cors()).get("/old", (req, res) => res.redirect(301, "/items"))),
  "express-to-https": () =>
    behind((req, res) => res.redirect(301, `https://${req.hostname}${req.originalUrl}`), cors()),
  "express-to-www": () =>
    behind((req, res, next) => {
      if (req.hostname.startsWith("www.")) return next();
      res.redirect(301, `https://www.${req.hostname}${req.originalUrl}`);
    }, cors()),
  "express-to-elsewhere": () =>
    expressed((app) =>
      app.get("/go", cors(), (req, res) => res.redirect(302, `http://localhost:${ports["express-page-only"]}/items`)),
    ),
  "express-sessions": () =>
    expressed((app) => {
      app.use(cors({ origin: [PAGE, "https://app.example.com"], credentials: true }));
      app.post("/login", (req, res) => res.cookie("sid", "s3cr3t", { httpOnly: true }).json({ user: "ann" }));
      app.get("/me", (req, res) => {
        if (!/\bsid=/.test(req.headers.cookie ?? "")) return res.status(401).json({ error: "not logged in" });
        res.json({ user: "ann" });
      });
    }),
  "express-any-then-token": () => behind(cors(), requireToken("Bearer")),

  // --- node:http by hand ---
  "node-two-methods": () => (req, res) => {
    res.setHeader("Access-Control-Allow-Origin", "*");
    if (!["GET", "POST"].includes(req.method)) {
      res.writeHead(405, { Allow: "GET, POST" });
      return res.end();
    }
    res.setHeader("Content-Type", "application/json");
    res.end(JSON.stringify(ITEMS));
  },

  "node-slow": () => (req, res) => setTimeout(() => res.end(), req.url === "/" ? 0 : 3000),
  "node-no-vary": () => (req, res) => {
    if ([PAGE, ...known].includes(req.headers.origin)) {
      res.setHeader("Access-Control-Allow-Origin", req.headers.origin);
    }
    res.setHeader("Content-Type", "application/json");
    res.end(JSON.stringify(ITEMS));
  },

  // --- Fastify ---
  "fastify-bare": () => fastified(() => {}),
  "fastify-defaults": () => fastified((app) => app.register(fastifyCors, { origin: PAGE })),
  "fastify-hook-first": () =>
    fastified((app) => {
      app.addHook("onRequest", async (request, reply) => {
        if (!request.headers["x-api-key"]) return reply.code(401).send({ error: "Missing API key" });
      });
      app.register(fastifyCors, { origin: PAGE });
    }),

  // --- Koa ---
  "koa-by-hand": () =>
    koaed((app) => {
      app.use(async (ctx, next) => {
        ctx.set("Access-Control-Allow-Origin", "*");
        await next();
      });
    }),
  "koa-no-credentials": () => koaed((app) => app.use(koaCors({ origin: PAGE }))),

  // --- Hono ---
  "hono-auth-first": () =>
    honoed((app) => {
      app.use("/items", bearerAuth({ token: "s3cr3t" }));
      app.use("/items", honoCors({ origin: PAGE }));
    }),
  "hono-other-part": () => honoed((app) => app.use("/api/*", honoCors())),
  "hono-headers": () =>
    honoed((app) => app.use(honoCors({ origin: [PAGE], allowHeaders: ["Content-Type", "Authorization"] }))),

  // --- NestJS ---
  "nest-bare": () => nested({}),
  "nest-no-scheme": () => nested({ cors: { origin: "localhost:3000" } }),
};

async function fastified(prepare) {
  const app = Fastify({ serverFactory: (handler) => http.createServer(handler) });
  await prepare(app);
  app.get("/items", async () => ITEMS);
  app.route({ method: ["POST", "PUT"], url: "/items", handler: async () => ({}) });
  await app.ready();
  return app.server;
}

function koaed(prepare) {
  const app = new Koa();
  app.silent = true;
  prepare(app);
  app.use((ctx) => {
    if (ctx.path === "/items") ctx.body = ITEMS;
    else if (ctx.path === "/error") throw new TypeError("Cannot read properties of undefined (reading 'rows')");
    else if (ctx.path.startsWith("/items/")) ctx.throw(404, "no such item");
  });
  return app.callback();
}

function honoed(prepare) {
  const app = new Hono();
  prepare(app);
  app.get("/items", (c) => c.json(ITEMS));
  app.on(["POST", "PUT"], "/items", (c) => c.json({}));
  return getRequestListener(app.fetch);
}

async function nested(options) {
  class Items {
    all() {
      return ITEMS;
    }
    make() {
      return {};
    }
  }
  const method = (name) => Object.getOwnPropertyDescriptor(Items.prototype, name);
  Get()(Items.prototype, "all", method("all"));
  Post()(Items.prototype, "make", method("make"));
  Controller("items")(Items);
  class App {}
  Module({ controllers: [Items] })(App);
  const app = await NestFactory.create(App, { logger: false, ...options });
  await app.init();
  return app.getHttpAdapter().getInstance();
}

const strangers = [...sockets.keys()].filter((name) => !(name in sites));
const unused = Object.keys(sites).filter((name) => !sockets.has(name));
if (strangers.length || unused.length) throw new Error(`no such site: ${strangers}; never asked: ${unused}`);
for (const [name, fd] of sockets) {
  const made = await sites[name]();
  const server = (made instanceof http.Server ? made : http.createServer(made)).listen({ fd });
  if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
  ports[name] = server.address().port;
}
process.on("SIGTERM", () => process.exit(0));
