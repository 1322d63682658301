// Where the API is: behind the same origin as the page, or where ?api=http://localhost:8000 says.
const base = new URLSearchParams(location.search).get("api") ?? "";

async function call(method, path, body) {
  const response = await fetch(`${base}/api${path}`, {
    method,
    // The login is a cookie, and it is to go along to an API elsewhere, too.
    credentials: "include",
    headers: { "X-Client": "fullstack/1", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} is answered with ${response.status}`);
  return response.json();
}

export const logIn = (name) => call("POST", "/session", { name });
export const readItems = () => call("GET", "/items");
export const writeItem = (id, text) => call("PUT", `/items/${id}`, { text });
