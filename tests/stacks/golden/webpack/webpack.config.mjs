// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
//
// npm install --save-dev webpack webpack-cli webpack-dev-server; npx webpack serve
// A development server: the built files are served by another, which has its own policy.
// A <script> of another site needs the attribute crossorigin: without CORS the server refuses it.

// Who may read. The whole origin counts, by case: no part of it is enough.
const ORIGINS = new Set(["chrome-extension://abcdefghijklmnop", "https://app.example.com"]);
const PATTERNS = [
  /^http:\/\/localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?$/, // http://localhost:*
  /^https:\/\/(?:[a-z0-9_-]+\.)+example\.org$/, // https://*.example.org
];
function isAllowed(origin) {
  return ORIGINS.has(origin) || PATTERNS.some((pattern) => pattern.test(origin));
}

const METHODS = new Set(["GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"]);
const HEADERS = new Set(["authorization", "content-type", "x-csrf-token"]);

// A preflight is OPTIONS with Origin and Access-Control-Request-Method; it is answered before any login.
function decide(method, header) {
  const origin = header("origin") ?? "";
  const allowed = isAllowed(origin) ? origin : "";
  const asked = header("access-control-request-method") ?? "";
  const headers = {};
  if (allowed) headers["Access-Control-Allow-Origin"] = allowed;
  if (allowed) headers["Access-Control-Allow-Credentials"] = "true";
  if (method !== "OPTIONS" || !origin || !asked) {
    if (allowed) headers["Access-Control-Expose-Headers"] = "etag,link";
    return { headers, vary: "Origin" };
  }
  const names = (header("access-control-request-headers") ?? "")
    .split(",").map((name) => name.trim().toLowerCase()).filter(Boolean);
  if (!allowed || !METHODS.has(asked) || !names.every((name) => HEADERS.has(name))) {
    return { headers: {}, vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers", status: 403 };
  }
  headers["Access-Control-Allow-Methods"] = asked;
  if (names.length) headers["Access-Control-Allow-Headers"] = names.join(",");
  headers["Access-Control-Max-Age"] = "600";
  return { headers, vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers", status: 204 };
}

function cors(req, res, next) {
  const { headers, vary, status } = decide(req.method, (name) => req.headers[name]);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (vary) res.appendHeader("Vary", vary);
  if (status === undefined) return next();
  res.statusCode = status;
  res.end();
}

export default {
  devServer: {
    port: 8080,
    setupMiddlewares(middlewares) {
      middlewares.unshift({ name: "cors", middleware: cors });
      return middlewares;
    },
  },
};
