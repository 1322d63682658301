"""What CORS adds to an ASGI request: `crossorigin` beside Starlette's own CORSMiddleware and asgi-cors, in one run.

Each request is made anew, of fresh bytes, outside of what is timed; bare and wrapped applications take turns; what is
printed is the fastest round of each, as ratios, which mean something on another machine. "added" is the time with CORS
less the time of the same bare application. The targets are those of issue 3.
"""

from __future__ import annotations

import random
import time
from typing import Any

from asgi_cors import asgi_cors  # type: ignore[import-untyped]
from bench._asgi_cases import CASES, HEADERS, HOSTILE, METHODS, App, Case, bare, ours, serve, starlettes

__all__ = ["main"]

ROUNDS, BATCH = 60, 100


def asgi_cors_(case: Case) -> App:
    wildcards = [f"https://*.{each}" for each in case.suffixes]
    wrapped: App = asgi_cors(bare, hosts=case.exact, host_wildcards=wildcards, methods=METHODS, headers=HEADERS)
    return wrapped


def timed(app: App, requests: list[dict[str, Any]]) -> float:
    """Nanoseconds of this thread's processor for each request."""
    start = time.thread_time_ns()
    serve(app, requests)
    return (time.thread_time_ns() - start) / len(requests)


def measure(case: Case, apps: dict[str, App], rounds: int, batch: int) -> dict[str, float]:
    """The fastest round of each application, all of them in turn in every round."""
    best = dict.fromkeys(apps, float("inf"))
    for _ in range(rounds):
        for name, app in apps.items():
            best[name] = min(best[name], timed(app, [case.request() for _ in range(batch)]))
    return best


def verdict(ratio: float, target: float | None) -> str:
    return "" if target is None else f"  target {target:.2f}: {'held' if ratio <= target else 'MISSED'}"


def main() -> None:
    """Print the figures."""
    random.seed(3)
    print("added by CORS              crossorigin   starlette   asgi-cors   crossorigin / starlette")
    sixth: dict[str, float] = {}
    for case in CASES:
        apps: dict[str, App] = {"bare": bare, "crossorigin": ours(case), "starlette": starlettes(case)}
        apps["asgi-cors"] = asgi_cors_(case)
        best = measure(case, apps, ROUNDS, BATCH)
        added = {name: best[name] - best["bare"] for name in apps}
        ratio = added["crossorigin"] / added["starlette"]
        figures = "".join(f"{added[name] / 1000:9.2f} µs" for name in ("crossorigin", "starlette", "asgi-cors"))
        print(f"{case.name:26}{figures}   {ratio:8.3f}{verdict(ratio, case.target)}")
        if case.name.startswith("6 "):
            sixth = best
    print("\nhostile preflights: the whole request, as a ratio to the same middleware's case 6")
    for case in HOSTILE:
        mine = measure(case, {"crossorigin": ours(case)}, 30, 20)["crossorigin"] / sixth["crossorigin"]
        peer = measure(case, {"starlette": starlettes(case)}, 2, 1)["starlette"] / sixth["starlette"]
        print(f"{case.name:30} crossorigin {mine:6.2f}   starlette {peer:9.1f}{verdict(mine, case.target)}")


if __name__ == "__main__":
    main()
