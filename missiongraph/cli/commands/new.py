"""``missiongraph new``."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated

import typer

from missiongraph import starts
from missiongraph.ontology import our_ontology


class What(Enum):
    """What can be started."""

    SOURCE = "source"
    QUESTION = "question"


def new(
    what: Annotated[What, typer.Argument(help="What to start.")],
    name: Annotated[
        str, typer.Argument(metavar="SLUG", help="Its name: lower-case words with hyphens.")
    ],
) -> None:
    """Write a commented start for a source (data/SLUG.yaml) or a question (queries/SLUG.rq)."""
    match what:
        case What.SOURCE:
            file = starts.start_source(name, our_ontology(), datetime.now(UTC).date())
            typer.echo(f"Written: {file}")
            typer.echo(f"Fill in what is empty, then: missiongraph check {file}")
        case What.QUESTION:
            query, golden = starts.start_question(name)
            typer.echo(f"Written: {query}")
            typer.echo(f"Written: {golden}")
            typer.echo(
                f"Try it: missiongraph query {query}. Write into the second file the rows that "
                "you have checked."
            )
