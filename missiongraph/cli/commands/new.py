"""``missiongraph new``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from missiongraph import starts
from missiongraph.ontology import our_ontology


class What(Enum):
    """What can be started."""

    SOURCE = "source"
    SPREADSHEET = "spreadsheet"
    QUESTION = "question"


def new(
    what: Annotated[What, typer.Argument(help="What to start.")],
    name: Annotated[
        str, typer.Argument(metavar="SLUG", help="Its name: lower-case words with hyphens.")
    ],
    filled: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="A curated file that the spreadsheet begins with.",
        ),
    ] = None,
) -> None:
    """Write a start for a source: SLUG.yaml in data, or SLUG.xlsx; or for a question: SLUG.rq."""
    today = datetime.now(UTC).date()
    match what:
        case What.SOURCE:
            _tell(starts.start_source(name, our_ontology(), today))
        case What.SPREADSHEET:
            _tell(_start_workbook(name, today, filled))
        case What.QUESTION:
            query, golden = starts.start_question(name)
            typer.echo(f"Written: {query}")
            typer.echo(f"Written: {golden}")
            typer.echo(
                f"Try it: missiongraph query {query}. Write into the second file the rows that "
                "you have checked."
            )


def _start_workbook(slug: str, today: date, filled: Path | None) -> Path:
    from missiongraph.ingest.documents import read_document
    from missiongraph.ingest.pipeline import Rooms
    from missiongraph.ingest.shapes_facts import ShapesFacts
    from missiongraph.ingest.workbook_start import Start
    from missiongraph.ingest.workbook_template import write_workbook

    file, ontology = starts.new_workbook(slug), our_ontology()
    start = Start.of_slug(slug, today)
    if filled is not None:
        document = read_document(filled, ontology)
        start = Start.of_claims(document.source, document.passages, ontology)
    shapes = ShapesFacts.read(Rooms.ours().shapes)
    file.write_bytes(write_workbook(ontology, shapes, start, file.name))
    return file


def _tell(file: Path) -> None:
    typer.echo(f"Written: {file}")
    typer.echo(f"Fill in what is empty, then: missiongraph check {file}")
