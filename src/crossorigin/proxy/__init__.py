"""The proxy: one origin for a front end and its API while developing, and a policy in front of an API of others.

    front = DevelopmentFront([Route("/api", parse_target("http://localhost:8080"))])
    async with ProxyServer(front) as server:
        ...  # server.url is one origin for both

A front decides, and has no sockets: from a request's head to a plan. The engine carries plans out, by asyncio and
llhttp. `crossorigin.proxy.asgi.ProxyApp` is a front as an ASGI application.
"""

from crossorigin.proxy.anywhere import AnywhereFront
from crossorigin.proxy.cors import CorsFront, CorsFrontError
from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.heads import RequestHead, ResponseHead
from crossorigin.proxy.learn import Learner
from crossorigin.proxy.learned_file import LearnError
from crossorigin.proxy.load import ProxyFileError, load_settings
from crossorigin.proxy.plan import Client, Failure, Forward, Front, Limits, Plan, Reply, Serve
from crossorigin.proxy.record import Record
from crossorigin.proxy.route import Route, RouteError
from crossorigin.proxy.server import ListenError, ProxyServer
from crossorigin.proxy.setting_reader import SettingsError
from crossorigin.proxy.settings import DevelopmentSettings, read_settings
from crossorigin.proxy.target import Target, TargetError, parse_target

__all__ = [
    "AnywhereFront",
    "Client",
    "CorsFront",
    "CorsFrontError",
    "DevelopmentFront",
    "DevelopmentSettings",
    "Failure",
    "Forward",
    "Front",
    "LearnError",
    "Learner",
    "Limits",
    "ListenError",
    "Plan",
    "ProxyFileError",
    "ProxyServer",
    "Record",
    "Reply",
    "RequestHead",
    "ResponseHead",
    "Route",
    "RouteError",
    "Serve",
    "SettingsError",
    "Target",
    "TargetError",
    "load_settings",
    "parse_target",
    "read_settings",
]
