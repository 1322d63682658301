"""An API that knows nothing of CORS, on http://localhost:8000; PORT=8001 python3 backend.py has it elsewhere."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class API(BaseHTTPRequestHandler):
    name = "nobody"

    def do_PUT(self) -> None:
        API.name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["name"]
        self.do_GET()

    def do_GET(self) -> None:
        body = json.dumps({"id": int(self.path.removeprefix("/users/")), "name": API.name}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), API).serve_forever()
