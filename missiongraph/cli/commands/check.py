"""``missiongraph check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from missiongraph.cli.terminal import PROBLEMS, AsJson, counted, echo_json, errors, plain


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check curated files (all of data/ when none is named); list every mistake."""
    from missiongraph.ingest.documents import check_documents
    from missiongraph.ingest.pipeline import Rooms
    from missiongraph.ontology import our_ontology

    known = list(Rooms.ours().sources().values())
    _, mistakes = check_documents(files or known, our_ontology(), known)
    if as_json:
        echo_json([plain(mistake) for mistake in mistakes])
    else:
        for mistake in mistakes:
            typer.echo(str(mistake))
        count = len(files or known)
        errors.print(f"{counted(count, 'file')}, {counted(len(mistakes), 'mistake')}.")
    raise typer.Exit(PROBLEMS if mistakes else 0)
