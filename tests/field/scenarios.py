"""Every broken server of the corpus, in one table."""

from __future__ import annotations

import re
from pathlib import Path

from tests.field.aiohttp_apps import AIOHTTP
from tests.field.asgi import ASGI
from tests.field.django_projects import DJANGO
from tests.field.flask_apps import FLASK
from tests.field.network import NETWORK
from tests.field.node import NODE
from tests.field.proxies import PROXIES
from tests.field.scenario import Scenario

__all__ = ["GROUPS", "SCENARIOS", "SITES", "sites_of"]

SCENARIOS: tuple[Scenario, ...] = (*NODE, *ASGI, *FLASK, *DJANGO, *AIOHTTP, *PROXIES, *NETWORK)


_WITH_NODE = ("node", "nginx", "apache", "caddy", "haproxy", "lighttpd", "envoy")
GROUPS = {scenario.server: "field" for scenario in SCENARIOS} | dict.fromkeys(_WITH_NODE, "field-node")
"""Server → which servers are started in one worker: what stands before the applications of Node.js is with them."""

SITES = Path(__file__).parent / "sites"
"""Where the applications and the configurations are."""
_BEHIND = re.compile(r"@(\w+)/([\w-]+)@")


def sites_of(server: str) -> list[str]:
    """The applications that a process has to serve, in order: those that are asked, and those behind a proxy."""
    asked = {
        site
        for scenario in SCENARIOS
        if scenario.server == server
        for site in (scenario.site, *scenario.names.values())
    }
    behind = {
        site
        for path in SITES.iterdir()
        if path.is_file()
        for other, site in _BEHIND.findall(path.read_text())
        if other == server
    }
    return sorted(asked | behind)
