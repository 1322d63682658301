"""What the command line of a process names: the listening socket for every application it has."""

from __future__ import annotations

import socket
import sys
from collections.abc import Collection

__all__ = ["sockets_of"]


def sockets_of(sites: Collection[str]) -> dict[str, socket.socket]:
    """The socket of each site, from `name=descriptor`; raises SystemExit where the names are not those of the sites."""
    given = dict(word.split("=") for word in sys.argv[1:])
    if given.keys() != set(sites):
        raise SystemExit(f"no such site: {given.keys() - set(sites)}; never asked: {set(sites) - given.keys()}")
    return {name: socket.socket(fileno=int(descriptor)) for name, descriptor in given.items()}
