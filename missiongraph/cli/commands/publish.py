"""``missiongraph publish``."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from missiongraph.cli.terminal import AsJson, echo_json, telling
from missiongraph.errors import NoRelease
from missiongraph.releases import Home
from missiongraph.settings import Settings


def publish(
    to: Annotated[str, typer.Option("--to", help="Address of a server's graph store.")],
    release: Annotated[
        str | None, typer.Option("--release", help="Which release; the current one if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a release to a remote store, all of it or nothing.

    User and password are taken from the address, or from MISSIONGRAPH_PUBLISH_USER and
    MISSIONGRAPH_PUBLISH_PASSWORD.
    """
    from missiongraph.ingest import remote_publication

    home = Home(Settings.load().home)
    chosen = home.release(release) if release else home.current()
    if chosen is None:
        raise NoRelease(
            "There is no release yet.", where=str(home.folder), remedy="Run missiongraph build."
        )
    with telling("publishing") as progress:
        done = remote_publication.publish(chosen, to, os.environ, progress)
    if as_json:
        echo_json({"release": done.release, "triples": done.triples, "graphs": dict(done.graphs)})
        return
    typer.echo(
        f"Release {done.release} is published: the server counts {done.triples:,} triples and "
        f"{sum(done.graphs.values()):,} statements in {len(done.graphs):,} named graphs."
    )
