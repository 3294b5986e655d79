"""``missiongraph compare``."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.table import Table as RichTable
from rich.text import Text

from missiongraph.cli.terminal import (
    TABLE,
    Output,
    StoreAddress,
    open_graph,
    print_rich,
    write_bytes,
)
from missiongraph.comparison.forms import NAMES, WRITERS
from missiongraph.comparison.matrix import Comparison
from missiongraph.comparison.reading import Wish
from missiongraph.comparison.reading import compare as read_comparison
from missiongraph.errors import FormatNotOffered
from missiongraph.releases import Home
from missiongraph.settings import Settings

_FORMS: Final = (TABLE, *NAMES)


def compare(
    missions: Annotated[
        list[str] | None, typer.Argument(metavar="MISSION...", help="Slugs or IRIs of missions.")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="All missions of a place; may be repeated.")
    ] = None,
    programme: Annotated[
        list[str] | None, typer.Option(help="A programme to compare; may be repeated.")
    ] = None,
    criterion: Annotated[
        list[str] | None, typer.Option(help="Only this criterion; may be repeated.")
    ] = None,
    dimension: Annotated[
        list[str] | None, typer.Option(help="Only this dimension; may be repeated.")
    ] = None,
    only: Annotated[str, typer.Option(help="Only differences, or only sames.")] = "",
    sort: Annotated[str, typer.Option(help="given, label or known.")] = "given",
    wanted: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(_FORMS)}.")] = TABLE,
    output: Output = None,
    store: StoreAddress = None,
) -> None:
    """Compare missions: criteria by dimension, unknown kept apart from no."""
    if wanted not in _FORMS:
        raise FormatNotOffered(
            f"{wanted!r} is not a form of a comparison.",
            where="--format",
            remedy=f"Write one of: {', '.join(_FORMS)}.",
        )
    wish = Wish(
        missions=missions or (),
        programmes=programme or (),
        places=place or (),
        criteria=criterion or (),
        dimensions=dimension or (),
        only=only,
        sort=sort,
    )
    with open_graph(store) as graph:
        comparison = read_comparison(graph, wish, _release(store))
    if wanted != TABLE:
        write_bytes(WRITERS[NAMES[wanted]](comparison), output)
    elif output is None:
        print_rich(_drawn(comparison))
    else:
        with output.open("w", encoding="utf-8") as stream:
            print_rich(_drawn(comparison), stream)


def _release(store: str | None) -> str:
    """Return the id of the release that is asked; empty for a remote store."""
    settings = Settings.load({"store": store})
    current = None if settings.store else Home(settings.home).current()
    return current.id if current else ""


def _drawn(comparison: Comparison) -> RichTable:
    table = RichTable("Criterion", header_style="bold", show_lines=True)
    for subject in comparison.subjects:
        table.add_column(Text(subject.label))
    for dimension, criteria in comparison.by_dimension().items():
        table.add_row(Text(dimension, style="bold"), *("" for _ in comparison.subjects))
        for criterion in criteria:
            table.add_row(
                Text(criterion.heading),
                *(_cell(c.text, c.disagreement) for c in comparison.row(criterion)),
            )
    shares = (f"{comparison.known_share_of(subject):.0%}" for subject in comparison.subjects)
    table.add_row(Text("Known", style="bold"), *shares)
    return table


def _cell(text: str, disagreement: bool) -> Text:
    return Text(f"{text} (disagreement)" if disagreement else text)
