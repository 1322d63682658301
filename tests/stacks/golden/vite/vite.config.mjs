// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: denied preflights: Vite answers them with the status of an allowed one, and leaves it to the browser to see that the leave is missing.
// LIMIT: other OPTIONS: Vite answers an OPTIONS that is no preflight too, and hands none on to a proxy.
//
// npm install --save-dev vite; npx vite
// A development server: the built files are served by another, which has its own policy.
// Without it Vite allows pages of this machine; until 6.0.8 it allowed every page.

import { defineConfig } from "vite";

export default defineConfig({
  server: {
    port: 8080,
    cors: {
      origin: ["chrome-extension://abcdefghijklmnop", "https://app.example.com", /^http:\/\/localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?$/, /^https:\/\/(?:[a-z0-9_-]+\.)+example\.org$/],
      methods: ["GET", "HEAD", "POST", "DELETE", "PATCH", "PUT"],
      // Left out, whatever is asked for would be granted.
      allowedHeaders: ["authorization", "content-type", "x-csrf-token"],
      exposedHeaders: ["etag", "link"],
      credentials: true,
      maxAge: 600,
    },
  },
});
