"""What `explain --har` takes for a day's browsing, 10,000 entries with their bodies: time of the processor, and memory.

Each figure is of a process of its own, so that the memory is that of the work alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["main", "write"]

_ENTRIES = 10_000
_BODY = json.dumps([{"id": number, "name": 'Ünïcode \\ "quoted"', "tags": ["a", "b"]} for number in range(44)])
_PAGE = "https://app.example.com"
_SECONDS, _MEBIBYTES = 3.0, 200.0

_WORK = """
import resource, sys, time
from pathlib import Path
from rich.console import Console
from crossorigin.doctor.explained import explain
from crossorigin.doctor.har import read_har
from crossorigin.doctor.terminal import print_explanation
recording = read_har(Path(sys.argv[1]).read_bytes())
read = time.process_time()
explanation = explain(recording)
with open("/dev/null", "w") as nowhere:
    print_explanation(explanation, Console(file=nowhere))
whole = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(whole, read, whole - read, explanation.blocked, explanation.requests, peak / 1024)
"""
_MAKE = "import sys; from bench.bench_har import write; write(sys.argv[1], tells=sys.argv[2] == 'True')"


def _headers(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _request(number: int) -> list[tuple[str, str]]:
    return [
        ("accept", "application/json, text/plain, */*"),
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("accept-language", "en-US,en;q=0.9"),
        ("cache-control", "no-cache"),
        ("origin", _PAGE),
        ("pragma", "no-cache"),
        ("priority", "u=1, i"),
        ("referer", f"{_PAGE}/orders/{number % 40}"),
        ("sec-ch-ua", '"Not:A-Brand";v="8", "Chromium";v="156"'),
        ("sec-ch-ua-mobile", "?0"),
        ("sec-ch-ua-platform", '"Linux"'),
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-site", "same-site"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0"),
    ]


def _entry(number: int, *, tells: bool) -> dict[str, Any]:
    """A request: of every twenty, one is a preflight, one is blocked at it, and one at its answer."""
    kind = number % 20
    preflight, unsent, blocked = kind == 1, kind == 0, kind == 5
    order = number - 1 if preflight else number
    url = f"https://api.example.com/orders/{order}?_={order}"
    request = _request(number)
    if preflight:
        request += [("access-control-request-method", "PUT"), ("access-control-request-headers", "content-type")]
    if unsent:
        request.append(("content-type", "application/json"))
    allow = [] if blocked or preflight else [("access-control-allow-origin", _PAGE), ("vary", "Origin")]
    answer = [
        ("content-type", "application/json; charset=utf-8"),
        ("date", "Sat, 21 Nov 2026 14:58:04 GMT"),
        ("etag", f'W/"{number:x}"'),
        ("server", "nginx/1.22.1"),
        ("x-request-id", f"{number:032x}"),
        *allow,
    ]
    response: dict[str, Any] = {
        "status": 0 if unsent else 404 if preflight else 200,
        "statusText": "" if unsent else "OK",
        "httpVersion": "http/2.0",
        "headers": [] if unsent else _headers(*answer),
        "cookies": [],
        "content": {"size": len(_BODY), "mimeType": "application/json", "text": "" if unsent else _BODY},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    if tells:
        response["_error"] = "net::ERR_FAILED" if unsent or blocked else None
    return {
        "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "f", "url": f"{_PAGE}/app.js"}]}},
        "_resourceType": "preflight" if preflight else "fetch",
        "request": {
            "method": "OPTIONS" if preflight else "PUT" if unsent else "GET",
            "url": url,
            "httpVersion": "http/2.0",
            "headers": _headers(*request),
            "queryString": [{"name": "_", "value": str(number)}],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": response,
        "startedDateTime": f"2026-11-21T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.268Z",
        "time": 12.5,
        "timings": {"blocked": 1.0, "dns": -1, "connect": -1, "send": 0.1, "wait": 11.0, "receive": 0.4},
    }


def write(path: str, *, tells: bool) -> None:
    """Write such a file, as DevTools do that tell which calls failed, or that do not."""
    creator = {"name": "WebInspector", "version": "537.36"} if tells else {"name": "Firefox", "version": "153.7.0"}
    entries = [_entry(number, tells=tells) for number in range(_ENTRIES)]
    log = {"version": "1.2", "creator": creator, "pages": [], "entries": entries}
    Path(path).write_text(json.dumps({"log": log}, indent=1))


def _measure(title: str, path: Path, *, tells: bool) -> None:
    # A process starts with what its parent had at the most, so this one must stay small.
    subprocess.run([sys.executable, "-c", _MAKE, str(path), str(tells)], check=True)
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", _WORK, str(path)], check=True, capture_output=True, text=True)
        runs.append(tuple(map(float, done.stdout.split())))
    whole, read, judged, blocked, requests, peak = min(runs)
    print(f"{title}: {path.stat().st_size / 2**20:.0f} MiB, {blocked:.0f} of {requests:.0f} calls blocked")
    print(f"  started and read the file      {read:8.2f} s")
    print(f"  judged and printed             {judged:8.2f} s")
    print(f"  together, of the processor     {whole:8.2f} s     target {_SECONDS:g}: {_verdict(whole <= _SECONDS)}")
    print(f"  memory at the most             {peak:8.0f} MiB   target {_MEBIBYTES:g}: {_verdict(peak <= _MEBIBYTES)}")


def _verdict(held: bool) -> str:  # noqa: FBT001 - it is what is printed
    return "held" if held else "MISSED"


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "calls.har")
        _measure("Chromium, which tells what failed", path, tells=True)
        _measure("Firefox, where every call is judged", path, tells=False)


if __name__ == "__main__":
    main()
