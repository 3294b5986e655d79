"""The process that serves: uvicorn on an address, until it is told to stop."""

from __future__ import annotations

import socket
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp

from missiongraph.api.app import create_app
from missiongraph.api.warmth import keep_warm
from missiongraph.errors import BadSetting
from missiongraph.settings import Settings

_GRACE_SECONDS: Final = 5
_BACKLOG: Final = 2048
_LONGEST_ADDRESS_BYTES: Final = 256 << 10  # a query of 64 KB with every character escaped
_LOG: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(message)s"},
    },
    "handlers": {
        "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "loggers": {
        "missiongraph": {"handlers": ["plain"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"handlers": ["plain"], "level": "WARNING", "propagate": False},
    },
}


class Server(uvicorn.Server):
    """A server that says its address once it answers there."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Load what is served, begin to listen, and say where."""
        await super().startup(sockets)
        if self.started and sockets:
            print(f"missiongraph answers at {address_of(sockets[0])}", flush=True)


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until SIGINT or SIGTERM; requests that are being answered are finished first.

    Args:
        settings: what to serve.
        host: the address to listen at.
        port: the port to listen at; 0 for a free one.

    Raises:
        BadSetting: the address cannot be listened at.
    """
    app = create_app(settings)
    config = configuration(app, log_config=_LOG)
    with listen(host, port) as listener:
        keep_warm(app.state.publication)
        Server(config).run(sockets=[listener])


def configuration(app: ASGIApp, log_config: dict[str, Any] | None = None) -> uvicorn.Config:
    """Return how uvicorn runs the app; its own access log is off, since the app writes one."""
    return uvicorn.Config(
        app,
        log_config=log_config,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=_LONGEST_ADDRESS_BYTES,
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises:
        BadSetting: it is taken, not ours or not an address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as cause:
        raise _cannot_listen(host, port, cause) from cause
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as cause:
        listener.close()
        raise _cannot_listen(host, port, cause) from cause
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address at which a browser reaches a socket."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def _cannot_listen(host: str, port: int, cause: OSError) -> BadSetting:
    return BadSetting(
        f"The server cannot listen at {host} port {port}: {cause.strerror or cause}.",
        where="--port",
        remedy="End what listens there, or choose another: missiongraph serve --port 8001.",
    )
