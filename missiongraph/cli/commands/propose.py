"""``missiongraph propose``."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from missiongraph.cli.terminal import errors
from missiongraph.errors import NoRelease
from missiongraph.releases import Home
from missiongraph.settings import Settings


class What(Enum):
    """What mappings can be proposed of."""

    MISSIONS = "missions"
    ORGANISATIONS = "organisations"


def propose(
    what: Annotated[What, typer.Argument(help="missions or organisations.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="A file to write to; standard output if none.")
    ] = None,
) -> None:
    """Propose mappings, as SSSOM for an editor to look at; nothing is published of it."""
    from pyoxigraph import RdfFormat, Store

    from missiongraph.ingest.proposals import as_mapping_set
    from missiongraph.ingest.proposals import propose as proposals_of

    release = Home(Settings.load().home).current()
    if release is None:
        raise NoRelease("There is no release to look at.", remedy="Run missiongraph build first.")
    graph = Store()
    graph.bulk_load(path=str(release.dump), format=RdfFormat.N_QUADS)
    found = proposals_of(graph, what.value)
    text = as_mapping_set(found, what.value)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    errors.print(
        f"{len(found)} proposed. Look at each; accept one by adding who looked as its reviewer_id."
    )
