"""HAR files by hand, with what every recorder writes and nothing else, and calls of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from crossorigin.doctor.har import read_har
from crossorigin.doctor.recorded import RecordedCall, Recording
from crossorigin.doctor.recorded_calls import recorded_calls
from crossorigin.doctor.replay import Replayed, replay

PAGE = "https://app.example"
API = "https://api.example/users"

Headers = Sequence[tuple[str, str]]
Entry = dict[str, Any]

FROM_PAGE: Headers = (("Origin", PAGE), ("Referer", f"{PAGE}/"), ("Sec-Fetch-Mode", "cors"))
PROVISIONAL: Headers = (("Referer", f"{PAGE}/"), ("Content-Type", "application/json"), ("X-Token", "t"))
"""What Chromium writes of a request that it did not send."""
ALLOW: Headers = (("access-control-allow-origin", PAGE), ("vary", "Origin"))
GRANT: Headers = (
    *ALLOW,
    ("access-control-allow-methods", "PUT"),
    ("access-control-allow-headers", "content-type,x-token"),
)
CHROMIUM, FIREFOX, WEBKIT, PROXY = "WebInspector", "Firefox", "WebKit Web Inspector", "mitmproxy"


def entry(
    url: str = API,
    method: str = "GET",
    *,
    sent: Headers = FROM_PAGE,
    status: int = 200,
    got: Headers = (),
    at: float | None = None,
    **more: Any,
) -> Entry:
    """One entry. Of `more`, what is the response's goes there, `request` adds to the request, the rest to the entry."""
    response = {"status": status, "statusText": "", "headers": pairs(got)}
    response |= {name: more.pop(name) for name in ("_error", "_failureText") if name in more}
    request = {"method": method, "url": url, "headers": pairs(sent)} | more.pop("request", {})
    made: Entry = {"request": request, "response": response, **more}
    if at is not None:
        made |= {"startedDateTime": f"2026-11-21T10:00:{at:06.3f}Z", "time": 10}
    return made


def pairs(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def preflight(url: str = API, asks: str = "PUT", *, names: str = "content-type,x-token", **more: Any) -> Entry:
    """The OPTIONS that asks leave."""
    answered: dict[str, Any] = {"status": 204, "got": GRANT} | more
    asked = (("Access-Control-Request-Method", asks), ("Access-Control-Request-Headers", names))
    sent = (*FROM_PAGE, *(each for each in asked if each[1]))
    return entry(url, "OPTIONS", sent=sent, **answered)


def har(*entries: Any, creator: str | None = CHROMIUM, **log: Any) -> bytes:
    """The file."""
    head = {} if creator is None else {"creator": {"name": creator, "version": "1"}}
    return json.dumps({"log": {"version": "1.2", **head, **log, "entries": list(entries)}}).encode()


def recording(*entries: Any, creator: str | None = CHROMIUM, **log: Any) -> Recording:
    return read_har(har(*entries, creator=creator, **log))


def calls(*entries: Any, creator: str | None = CHROMIUM) -> list[RecordedCall]:
    return recorded_calls(recording(*entries, creator=creator))


def replayed(*entries: Any, creator: str | None = CHROMIUM) -> Replayed | None:
    """What becomes of the only call in these entries."""
    recorded = recording(*entries, creator=creator)
    (call,) = recorded_calls(recorded)
    return replay(call, recorded)


def code_of(found: Replayed | None) -> str | None:
    """The step that blocked, by the engines; None where none did."""
    if found is None or found.report is None or found.report.main.error is None:
        return None
    return found.report.main.error.code.value
