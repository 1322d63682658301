// Express 5 with its cors package, right and wrong, for https://app.example.com.
// Started by tests/servers/conftest.py with the numbers of two listening sockets; the second is the other origin.

import cors from "cors";
import express from "express";

const APP = "https://app.example.com";
const app = express();
app.set("env", "production"); // no stack in the body of a 500

// The same routes for each set of options.
function api(...before) {
  const router = express.Router();
  router.use(...before);
  router.get("/item", (_, res) => void res.json({}));
  router.put("/item", (_, res) => void res.json({}));
  router.get("/error", () => {
    throw new Error("on purpose");
  });
  router.get("/away/:target", away);
  router.put("/away/:target", away);
  return router;
}

function away(req, res) {
  res.redirect(307, `${process.env.ELSEWHERE}/${req.params.target}/item`);
}

function withSlash(req, res, next) {
  if (req.path.endsWith("/")) return next();
  res.redirect(301, `${req.baseUrl}${req.path}/`);
}

// The header alone, by hand: OPTIONS is left to Express, which answers 200 and `Allow`.
function byHand(_, res, next) {
  res.set("Access-Control-Allow-Origin", APP);
  next();
}

const nothing = (_req, _res, next) => next();

app.use("/bare", api(nothing));
app.use("/wildcard", api(cors()));
app.use("/list", api(cors({ origin: [APP, "https://admin.example.com"], credentials: true })));
app.use("/fixed", api(cors({ origin: "https://admin.example.com" })));
app.use("/wildcard-credentials", api(cors({ origin: "*", credentials: true })));
app.use("/reflecting", api(cors({ origin: true, credentials: true })));
app.use("/headers-wildcard", api(cors({ origin: APP, allowedHeaders: "*" })));
app.use("/by-hand", api(byHand));

// cors() on the routes only: their OPTIONS, their 404 and what fails before them go without.
app.get("/route/item", cors(), (_, res) => void res.json({}));
app.put("/route/item", cors(), (_, res) => void res.json({}));
app.get("/route/error", (_req, _res) => {
  throw new Error("on purpose, before cors()");
}, cors());

// A redirect to the address with a slash, before and after the headers are set.
app.use("/slash", withSlash, api(cors()));
app.use("/slash-by-hand", byHand, withSlash, api(cors()));

for (const fd of process.argv.slice(2)) app.listen({ fd: Number(fd) });
process.on("SIGTERM", () => process.exit(0));
