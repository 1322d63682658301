"""The cases, and the load: wrk with 64 connections that it keeps, where the proxy lets it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["CASES", "CONNECTIONS", "Case", "Load", "load", "wrk_script"]

CONNECTIONS: Final = 64

BROWSER: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-GB,en;q=0.7,de;q=0.3",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "http://localhost:5173/dashboard",
    "Connection": "keep-alive",
    "Cookie": "session=6f1ed002ab5595859014ebf0951522d9; theme=dark; _ga=GA1.1.1374523841.1700000000",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
}
"""With Host they are eleven, as Firefox sends them with fetch()."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked for; `body` are the bytes that are sent."""

    name: str
    path: str
    size: int
    body: int = 0
    is_browser: bool = False

    def headers(self, origin: str | None) -> dict[str, str]:
        """The request's headers but Host; `origin` is that of a page elsewhere, which has no cookies here."""
        headers = dict(BROWSER) if self.is_browser else {}
        if origin is not None:
            headers.pop("Cookie", None)
            headers["Origin"] = origin
            if self.is_browser:
                headers["Sec-Fetch-Site"] = "cross-site"
        return headers


CASES: Final = (
    Case("200-byte JSON", "/api/small", 200),
    Case("browser-like heads", "/api/small", 200, is_browser=True),
    Case("64 KiB body", "/api/large", 64 * 1024),
    Case("POST 16 KiB", "/api/post", 200, body=16 * 1024),
)


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of wrk says: requests that were answered with 200, those that were not, seconds, milliseconds."""

    requests: int
    errors: int
    seconds: float
    p50: float
    p99: float


def wrk_script(case: Case, origin: str | None, folder: Path) -> Path:
    """The Lua of a case."""
    lines = [f'wrk.headers["{name}"] = "{value}"' for name, value in case.headers(origin).items()]
    if case.body:
        lines += ['wrk.method = "POST"', f'wrk.body = string.rep("x", {case.body})']
    lines.append("""function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format("SUMMARY %d %d %d %d %d\\n", summary.requests, errors.connect + errors.read + errors.write
        + errors.status + errors.timeout, summary.duration, latency:percentile(50), latency:percentile(99)))
end""")
    script = folder / f"{case.name.replace(' ', '-')}-{'page' if origin else 'plain'}.lua"
    script.write_text("\n".join(lines))
    return script


def load(program: str, script: Path, url: str, seconds: float) -> Load:
    """Run wrk for so long; its `--duration` takes whole seconds."""
    command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-s", str(script), url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("SUMMARY "):
            requests, errors, duration, p50, p99 = map(int, line.split()[1:])
            return Load(requests - errors, errors, duration / 1e6, p50 / 1e3, p99 / 1e3)
    raise RuntimeError(f"wrk said nothing of {url}: {done.stdout} {done.stderr}")
