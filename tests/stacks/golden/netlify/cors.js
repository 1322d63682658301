// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
//
// netlify/edge-functions/cors.js

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

const CORS_HEADERS = ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age"];

function withCors(response, headers, vary) {
  // A copy: the headers of an answer that was fetched cannot be changed.
  const answer = new Response(response.body, response);
  // The backend's own CORS headers go: two of a kind are refused by browsers.
  for (const name of CORS_HEADERS) answer.headers.delete(name);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  if (vary) answer.headers.append("Vary", vary);
  return answer;
}

export default async (request, context) => {
  const { headers, vary, status } = decide(request.method, (name) => request.headers.get(name));
  // Preflights end here, before any login.
  if (status !== undefined) return withCors(new Response(null, { status }), headers, vary);
  return withCors(await context.next(), headers, vary);
};

export const config = { path: "/*" };
