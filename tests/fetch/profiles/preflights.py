"""One preflighted call after another in an engine's browser: what was asked, and how it ended."""

from __future__ import annotations

from crossorigin.fetch import BlockCode, HTTPResponse, NetworkError, Profile, Request, UserAgent, fetch
from crossorigin.web.headers import HeaderList

__all__ = ["Engine", "answer"]

ORIGIN = ("Access-Control-Allow-Origin", "https://page.example")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


def answer(
    methods: str | None = None, names: str | None = None, max_age: str | None = None, status: int = 204, **more: str
) -> HTTPResponse:
    """A preflight's answer to https://page.example, with credentials."""
    fields = [ORIGIN, CREDENTIALS, *((name.replace("_", "-"), value) for name, value in more.items())]
    for name, value in (("Methods", methods), ("Headers", names)):
        if value is not None:
            fields.append((f"Access-Control-Allow-{name}", value))
    if max_age is not None:
        fields.append(("Access-Control-Max-Age", max_age))
    return HTTPResponse(status, HeaderList.of(*fields))


class Engine:
    """A browser whose clock stands still unless it is moved."""

    def __init__(self, profile: Profile) -> None:
        self.now = 0.0
        self.agent = UserAgent(profile, clock=lambda: self.now)

    def asks(self, request: Request, preflight: HTTPResponse, actual: HTTPResponse | None = None) -> bool:
        """Fetch, and say whether a preflight was sent."""
        return self.fetch(request, preflight, actual)[0] > 0

    def fetch(
        self, request: Request, preflight: HTTPResponse, actual: HTTPResponse | None = None
    ) -> tuple[int, BlockCode | None]:
        """How many preflights were sent, and the code if it was blocked."""
        engine = fetch(request, self.agent)
        preflights, sent = 0, next(engine)
        while True:
            preflights += sent.role == "preflight"
            reply = (
                preflight
                if sent.role == "preflight"
                else actual or HTTPResponse(200, HeaderList.of(ORIGIN, CREDENTIALS))
            )
            try:
                sent = engine.send(reply)
            except StopIteration as stop:
                response = stop.value.response
                return preflights, response.code if isinstance(response, NetworkError) else None
