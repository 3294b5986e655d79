"""``missiongraph serve``."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from missiongraph.cli.terminal import StoreAddress, errors
from missiongraph.errors import BuildInProgress
from missiongraph.releases import Home
from missiongraph.settings import Settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    store: StoreAddress = None,
) -> None:
    """Serve the current release, or a remote store, over HTTP; build one where there is none."""
    from missiongraph.api import server

    settings = Settings.load({"store": store})
    if settings.store is None and not Home(settings.home).releases():
        from missiongraph.ingest import pipeline

        with contextlib.suppress(BuildInProgress):  # the server takes up what the other builds
            pipeline.build(settings, progress=errors.print)
    server.serve(settings, host, port)
