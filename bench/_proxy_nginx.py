"""nginx: the backend of all the proxies, and one of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from bench._proxy_process import Running, free_port

__all__ = ["LARGE", "SMALL", "backend", "find_nginx", "peer"]

SMALL: Final = ('{"items":[' + ",".join(f'{{"id":{each}}}' for each in range(21))).ljust(198, " ") + "]}"
"""200 bytes of JSON."""
LARGE: Final = 64 * 1024
"""Bytes of the file."""

_MAIN: Final = """
{user}worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_max_body_size 0;
    client_body_buffer_size 32k;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {upstream}
    server {{
        listen 127.0.0.1:{port} reuseport backlog=1024;
        {server}
    }}
}}
"""
_BACKEND: Final = """
        root {folder};
        default_type application/json;
        location = /api/small {{ return 200 '{small}'; }}
        location = /api/post {{ return 200 '{small}'; }}
"""
# What every guide to nginx has, and the keep-alive that most of them forget.
_UPSTREAM: Final = "upstream behind { server %s; keepalive 128; keepalive_requests 100000000; }"
_PROXY: Final = """
        location / {
            proxy_pass http://behind;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-Host $host;
        }
"""


def find_nginx() -> str | None:
    """The program, or None."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def backend(program: str, folder: Path) -> Running:
    """Answers /api/small, the file /api/large, and POSTs to /api/post."""
    (folder / "api").mkdir(parents=True)
    (folder / "api" / "large").write_bytes(os.urandom(LARGE))
    # The worker is another user, and is to read it.
    for each in (folder.parent, folder, folder / "api"):
        each.chmod(0o755)
    server = _BACKEND.format(folder=folder, small=SMALL)
    return _running("nginx as the backend", program, folder, server, "")


def peer(program: str, folder: Path, target: str) -> Running:
    """nginx as a proxy in front of a target, "127.0.0.1:8080", with connections that it keeps."""
    folder.mkdir()
    return _running("nginx", program, folder, _PROXY, _UPSTREAM % target)


def _running(name: str, program: str, folder: Path, server: str, upstream: str) -> Running:
    port = free_port()
    user = "user www-data;\n" if os.geteuid() == 0 else ""
    text = _MAIN.format(user=user, folder=folder, port=port, server=server, upstream=upstream)
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    return Running(name, command, port, "/api/small")
