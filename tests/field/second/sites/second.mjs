// Applications under Node.js, each broken in a way that people have published, each on a port of its own.
// Started by tests/field/second/conftest.py with name=descriptor for every one of them.

import http from "node:http";

import koaCors from "@koa/cors";
import cors from "cors";
import express from "express";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { cors as honoCors } from "hono/cors";
import { createProxyMiddleware } from "http-proxy-middleware";
import Koa from "koa";
import { createServer } from "vite";

const PAGE = "http://localhost:3000";
const APP = "https://app.example.com";
const ITEMS = [{ id: 1 }, { id: 2 }];
const sockets = new Map(process.argv.slice(2).map((word) => word.split("=")).map(([name, fd]) => [name, Number(fd)]));

function expressed(prepare) {
  const app = express();
  prepare(app);
  app.get("/", (req, res) => res.send("It works."));
  app.all("/items", (req, res) => res.json(ITEMS));
  return app;
}

const sites = {
  // origin: ["*"] is a list with one entry that no browser sends.
  "express-star-in-list": () => expressed((app) => app.use(cors({ origin: ["*"], credentials: true }))),
  "express-limited": () =>
    expressed((app) => {
      app.use("/items", (req, res) => {
        res.set({ "RateLimit-Policy": "100;w=900", "RateLimit-Remaining": "0", "Retry-After": "412" });
        res.status(429).send("Too many requests, please try again later.");
      });
      app.use(cors());
    }),
  "express-small-bodies": () =>
    expressed((app) => {
      app.options("/items", cors());
      app.use(express.json({ limit: 64 }));
      app.use(cors());
    }),
  "express-to-nowhere": () =>
    expressed((app) => {
      app.use("/items", createProxyMiddleware({ target: "http://127.0.0.1:1", changeOrigin: true }));
      app.use(cors({ origin: PAGE }));
    }),
  "express-gateway": () =>
    expressed((app) => {
      app.use(cors({ origin: APP, credentials: true }));
      app.get("/items", (req, res) => {
        // A gateway that hands on the headers of the service behind it.
        res.set("Access-Control-Allow-Origin", "http://gateway.internal").json(ITEMS);
      });
    }),
  "express-right": () => expressed((app) => app.use(cors({ origin: [APP, PAGE] }))),
  "express-moves-within": () =>
    expressed((app) => {
      app.use(cors());
      app.get("/latest", (req, res) => res.redirect(302, "/items"));
    }),
  "koa-throws": () => {
    const app = new Koa();
    app.silent = true;
    app.use(koaCors({ origin: PAGE, keepHeadersOnError: false }));
    app.use((ctx) => {
      if (ctx.path === "/items" && !ctx.get("x-api-key")) ctx.throw(402, "no more credit");
      ctx.body = ITEMS;
    });
    return app.callback();
  },
  "hono-slash-in-list": () => {
    const app = new Hono();
    app.use(honoCors({ origin: "https://app.example.com/" }));
    app.get("/items", (c) => c.json(ITEMS));
    return getRequestListener(app.fetch);
  },
  "vite-dev": async () => {
    const vite = await createServer({
      configFile: false, root: process.cwd(), logLevel: "silent", appType: "custom", optimizeDeps: { noDiscovery: true },
      server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    });
    const app = express();
    app.use(vite.middlewares);
    app.get(["/", "/items"], (req, res) => res.json(ITEMS));
    return app;
  },
};

const strangers = [...sockets.keys()].filter((name) => !(name in sites));
const unused = Object.keys(sites).filter((name) => !sockets.has(name));
if (strangers.length || unused.length) throw new Error(`no such site: ${strangers}; never asked: ${unused}`);
for (const [name, fd] of sockets) http.createServer(await sites[name]()).listen({ fd });
process.on("SIGTERM", () => process.exit(0));
