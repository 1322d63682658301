"""`crossorigin proxy`: one origin for a page and its API, or a policy in front of an API of others.

The first line on standard output is the origin that it serves; what it says besides is for people.
"""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from crossorigin.cli.output import Output
from crossorigin.cli.proxy_arguments import (
    ArgumentsError,
    cors_front,
    development_settings,
    named_apis,
    parser,
    said,
    where,
)
from crossorigin.cli.proxy_log import json_lines, lines
from crossorigin.cli.proxy_notes import Notes
from crossorigin.policy import PolicyError, PolicyFileError
from crossorigin.proxy.certificate import CertificateError, local_certificate, trust_advice
from crossorigin.proxy.development import DevelopmentFront
from crossorigin.proxy.learn import Learner
from crossorigin.proxy.learned_file import LearnError, known_policies
from crossorigin.proxy.load import ProxyFileError
from crossorigin.proxy.plan import Front
from crossorigin.proxy.record import Record
from crossorigin.proxy.server import ListenError, ProxyServer, run
from crossorigin.proxy.setting_reader import SettingsError
from crossorigin.proxy.settings import DevelopmentSettings
from crossorigin.proxy.static import DirectoryError

__all__ = ["main"]

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def main(argv: Sequence[str]) -> int:
    """Run `crossorigin proxy` with these arguments; returns its exit status."""
    made = parser()
    options = made.parse_args(argv)
    try:
        return _main(options)
    except SettingsError as error:
        made.exit(2, f"{made.prog}: {said(error)}\n")
    except PolicyError as error:
        made.exit(2, f"{made.prog}: {error}\n")
    except (
        ArgumentsError,
        CertificateError,
        DirectoryError,
        LearnError,
        ListenError,
        LookupError,
        PolicyFileError,
        ProxyFileError,
    ) as error:
        made.error(str(error))


def _main(options: Namespace) -> int:
    if options.cors or options.cors_any_public_target:
        return _cors(options)
    settings = development_settings(options)
    learner = _learner(options, settings)
    front = DevelopmentFront.of(settings, learner=learner)
    if options.explain is not None:
        Output().out(front.explain(options.explain), highlight=False)
        return 0
    tls = _tls(settings.tls_certificate, settings.tls_key, settings.allow_hosts) if settings.tls else None
    notes = Notes(learner, options.learn, quiet=options.quiet or options.json_log)
    targets = {route.pattern: str(route.target) for route in settings.routes}
    if settings.app is not None:
        app = settings.app
        targets["everything else"] = str(app) if isinstance(app, Path) else str(app.target)
    _run(options, front, settings.host, settings.port, tls, targets, notes)
    return 0


def _cors(options: Namespace) -> int:
    if options.route or options.app is not None or options.config is not None:
        raise ArgumentsError("--cors: this is the CORS front; --route, --app and --config are the development proxy's")
    if options.cors and options.cors_any_public_target:
        raise ArgumentsError("--cors-any-public-target: leave --cors out, it takes any target")
    host, port = where(options) or ("localhost", 3000)
    if options.cors_any_public_target and host not in _LOOPBACK:
        raise ArgumentsError(
            f"--listen: {host} is not this machine alone, and a proxy to any target for others is an open proxy; "
            "name the targets with --cors instead"
        )
    front = cors_front(options)
    tls = _tls(None, None, ()) if options.tls else None
    targets = {"/https://host/path": "any public target"} if options.cors_any_public_target else {}
    targets |= {f"/{name}": url for name, url in named_apis(options)}
    _run(options, front, host, port, tls, targets, None)
    return 0


def _learner(options: Namespace, settings: DevelopmentSettings) -> Learner:
    """It learns for the origin that the page has without the proxy: its own server's, unless another was named."""
    origins = options.production_origin
    if not origins:
        app = settings.app
        scheme = "https" if settings.tls else "http"
        origins = [
            f"{scheme}://{settings.host}:{settings.port or 3000}"
            if app is None or isinstance(app, Path)
            else app.target.origin
        ]
    known = {} if options.learn is None else known_policies(options.learn)
    return Learner(origins, {route.pattern: str(route.target) for route in settings.routes}, known)


def _tls(certificate: Path | None, key: Path | None, names: Sequence[str]) -> ssl.SSLContext:
    """The certificate that was named, or one that is made on this machine; how to trust it is told once."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    if certificate is None or key is None:
        directory = _data_directory()
        is_new = not directory.exists()
        certificate, key, authority = local_certificate(directory, [name.lstrip(".") for name in names])
        if is_new:
            Console(stderr=True).print(Text(trust_advice(authority)), soft_wrap=True)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ArgumentsError(
            f"the certificate in {certificate} with the key in {key} cannot be used: {error}"
        ) from None
    return context


def _data_directory() -> Path:
    """Where this user's programs keep what they have made."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME")
    return (Path(named) if named else Path.home() / ".local" / "share") / "crossorigin"


def _run(
    options: Namespace,
    front: Front,
    host: str,
    port: int,
    tls: ssl.SSLContext | None,
    targets: dict[str, str],
    notes: Notes | None,
) -> None:
    console = Output()
    log = _log(options, console)

    def on_record(record: Record) -> None:
        if notes is not None:
            notes.watch(record)
        if log is not None:
            log(record)

    async def serve() -> None:
        server = ProxyServer(front, host=host, port=port, tls=tls, on_record=on_record, max_head=options.max_head)
        async with server:
            _announce(console, server.url, targets, is_json=options.json_log, quiet=options.quiet)
            await _until_told_to_stop()
        if notes is not None:
            notes.end()

    run(serve())


def _log(options: Namespace, console: Console) -> Callable[[Record], None] | None:
    if options.json_log:
        return json_lines(sys.stdout)
    return None if options.quiet else lines(console)


def _announce(console: Console, url: str, targets: dict[str, str], *, is_json: bool, quiet: bool) -> None:
    wide = max(map(len, targets), default=0)
    rest = [] if is_json or quiet else [f"\n  {pattern:{wide}} → {target}" for pattern, target in targets.items()]
    # In one piece: whoever waits for the first line may go on to read the others.
    console.print(Text.assemble((url, "bold"), *rest), soft_wrap=True)
    console.file.flush()


async def _until_told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    # Windows has no signals for loops; Ctrl-C ends the loop itself there.
    with suppress(NotImplementedError):
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stop.set)
    await stop.wait()
