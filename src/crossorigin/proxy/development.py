"""The front of the development proxy: one origin for the browser, with an application and its backends behind it.

The order of the questions is the order of trust: by which name we were called (DNS rebinding), which page opens a
socket, which page sends something that changes things, and only then where it goes. One router decides about requests
and upgrades alike, so that no WebSocket waits for a first GET (chimurai#112) or finds another way than its neighbours
(create-react-app#7396, angular-cli#26151); before it, the sockets by which the application's own development server
reloads its pages are the application's, whatever a route may cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from crossorigin.proxy.answers import Page, failure_page, reply
from crossorigin.proxy.forwarded import Forwarded
from crossorigin.proxy.heads import Header, RequestHead, ResponseHead
from crossorigin.proxy.hosts import SAFE_METHODS, Callers
from crossorigin.proxy.location import Locations
from crossorigin.proxy.plan import Application, Client, Failure, Forward, Plan, Reply, Serve
from crossorigin.proxy.rewriting import Rewriting
from crossorigin.proxy.route import Route
from crossorigin.proxy.routes import Routes, has_dot_segments
from crossorigin.proxy.settings import DevelopmentSettings

__all__ = ["APP", "DevelopmentFront", "Learner", "is_hmr"]

APP: Final = "app"
"""What plans and logs call the application among the routes, whose own names begin with / or ^."""

_HMR_PROTOCOLS: Final = frozenset({b"vite-hmr", b"vite-ping"})
# Next.js, below whatever `basePath` there is, and Rsbuild.
_HMR_ENDS: Final = (b"/_next/webpack-hmr", b"/_next/hmr", b"/rsbuild-hmr")
_WEBPACK: Final = b"/ws"
"""Where webpack-dev-server listens, unless somebody has a route of just that name."""


class Learner(Protocol):
    """Watches what goes over the routes, for the policy that production will need."""

    def request(self, route: str, head: RequestHead) -> None:
        """A request that a route takes, as the browser sent it; `route` is its pattern."""
        ...

    def response(self, route: str, head: ResponseHead) -> None:
        """The response to one, as the target sent it."""
        ...


class DevelopmentFront:
    """Implements `plan.Front`.

    `app` is where everything goes that no route takes: a Route, whose pattern does not matter, for a URL, or an
    application in this process; None is a 404 that says why. `callers` are the hosts and origins that are allowed.
    """

    __slots__ = (
        "_app",
        "_callers",
        "_forwarded",
        "_has_ws",
        "_learner",
        "_locations",
        "_rewriting",
        "_serve",
        "routes",
    )

    def __init__(
        self,
        routes: Iterable[Route],
        app: Route | Application | None = None,
        *,
        callers: Callers | None = None,
        forwarded: Forwarded | None = None,
        learner: Learner | None = None,
    ) -> None:
        self.routes = Routes(routes)
        self._callers = callers or Callers()
        self._forwarded = forwarded or Forwarded()
        self._learner = learner
        url = app if isinstance(app, Route) else None
        self._serve: Application | None = None if isinstance(app, Route) else app
        self._locations = Locations([*self.routes, *([url] if url else [])])
        self._rewriting = {route.pattern: self._rewriting_of(route) for route in self.routes}
        self._app = self._rewriting_of(url) if url else None
        self._has_ws = any(route.pattern == _WEBPACK.decode() for route in self.routes)

    @classmethod
    def of(cls, settings: DevelopmentSettings, *, learner: Learner | None = None) -> DevelopmentFront:
        """The front of settings; raises DirectoryError where its application's directory is gone since."""
        app = _files(settings.app) if isinstance(settings.app, Path) else settings.app
        return cls(
            settings.routes,
            app,
            callers=Callers(settings.allow_hosts, settings.allow_origins),
            forwarded=Forwarded(settings.forwarded, trusts=settings.trust_forwarded),
            learner=learner,
        )

    def plan(self, head: RequestHead, client: Client) -> Plan:
        """What is to be done with a request."""
        fields = head.fields
        if refusal := self._callers.host_refusal(fields.get(b"host")):
            return _refused(head, refusal)
        target = head.target
        path = target.partition(b"?")[0]
        if has_dot_segments(path):
            return reply(Page(400, "The path has dot segments, which browsers resolve before they send it."), fields)
        if head.upgrade is not None:
            return self._upgrade(head, client, path)
        if head.method not in SAFE_METHODS and (refusal := self._callers.request_refusal(head, client)):
            return _refused(head, refusal)
        route = self.routes.find(path)
        if route is not None:
            return self._to_route(route, head, client)
        if self._app is not None:
            return self._to_app(self._app, head, client)
        if self._serve is not None:
            return Serve(self._serve, head.method, target, head.headers, APP)
        return self._nothing(head, "and no application was named (--app)")

    def failed(self, head: RequestHead, client: Client, failure: Failure, route: str) -> Reply:  # noqa: ARG002 - Front
        """The page for a request that a target gave no response to."""
        return reply(failure_page(failure, route=route), head.fields)

    def rejected(self, status: int, sentence: str) -> Reply:
        """The page for bytes that are no request."""
        return reply(Page(status, sentence), {})

    def explain(self, target: str) -> str:
        """Which route a path belongs to, and why not to the others, in lines of text."""
        explained = self.routes.explain(target)
        has_app = self._app is not None or self._serve is not None
        if self.routes.find(target.partition("?")[0].encode()) is None and has_app:
            explained += "\nIt goes to the application."
        return explained

    def _rewriting_of(self, route: Route) -> Rewriting:
        return Rewriting(route, self._forwarded, self._locations)

    def _upgrade(self, head: RequestHead, client: Client, path: bytes) -> Plan:
        if refusal := self._callers.upgrade_refusal(head, client):
            return _refused(head, refusal)
        # In a tunnel of HTTP/2 requests would pass that nobody has looked at.
        is_tunnel = head.upgrade is not None and b"h2c" not in head.upgrade.lower()
        if is_tunnel and self._app is not None and is_hmr(head, path, has_ws_route=self._has_ws):
            return self._to_app(self._app, head, client, may_upgrade=True)
        if head.method not in SAFE_METHODS and (refusal := self._callers.request_refusal(head, client)):
            return _refused(head, refusal)
        route = self.routes.find(path)
        if route is not None:
            return self._to_route(route, head, client, may_upgrade=is_tunnel and route.websocket)
        if self._app is not None:
            return self._to_app(self._app, head, client, may_upgrade=is_tunnel)
        if self._serve is not None and not is_tunnel:
            return Serve(self._serve, head.method, head.target, head.headers, APP)
        why = "and a directory of files has no WebSocket" if self._serve else "and no application was named (--app)"
        return self._nothing(head, why)

    def _to_route(self, route: Route, head: RequestHead, client: Client, *, may_upgrade: bool = False) -> Forward:
        rewriting = self._rewriting[route.pattern]
        respond: Callable[[ResponseHead], list[Header]] = partial(
            _respond, rewriting, self._learner, head.target, client.scheme
        )
        if self._learner is not None:
            self._learner.request(route.pattern, head)
        return Forward(
            route.target,
            head.method,
            route.upstream_path(head.target),
            rewriting.request(head, client),
            respond,
            route.limits,
            route.pattern,
            may_upgrade,
        )

    def _to_app(self, app: Rewriting, head: RequestHead, client: Client, *, may_upgrade: bool = False) -> Forward:
        route = app.route
        return Forward(
            route.target,
            head.method,
            route.upstream_path(head.target),
            app.request(head, client),
            partial(_respond, app, None, head.target, client.scheme),
            route.limits,
            APP,
            may_upgrade,
        )

    def _nothing(self, head: RequestHead, why: str) -> Reply:
        explained = self.routes.explain(head.target.decode("latin-1"))
        page = Page(404, f"No route takes this path, {why}.", (("routes", explained),), "Add --route PREFIX=URL.")
        return reply(page, head.fields)


def is_hmr(head: RequestHead, path: bytes, *, has_ws_route: bool) -> bool:
    """Whether an upgrade belongs to an application's development server, which reloads its pages over it.

    A route that covered it would take the page's reloading away, and hand the page's cookies to a backend that nobody
    meant to ask (CVE-2026-9595).
    """
    protocols = head.fields.get(b"sec-websocket-protocol")
    if protocols and any(each.strip() in _HMR_PROTOCOLS for each in protocols.split(b",")):
        return True
    return path.endswith(_HMR_ENDS) or (path == _WEBPACK and not has_ws_route)


def _files(directory: Path) -> Application:
    # Starlette is needed for a directory, and loaded for nothing else.
    from crossorigin.proxy.static import files  # noqa: PLC0415

    return files(directory)


def _respond(
    rewriting: Rewriting, learner: Learner | None, target: bytes, scheme: str, head: ResponseHead
) -> list[Header]:
    if learner is not None:
        learner.response(rewriting.route.pattern, head)
    return rewriting.response(head, target, scheme)


def _refused(head: RequestHead, refusal: str) -> Reply:
    return reply(Page(403, f"{refusal}."), head.fields)
