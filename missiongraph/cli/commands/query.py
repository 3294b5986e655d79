"""``missiongraph query``."""

from __future__ import annotations

from typing import Annotated

import typer

from missiongraph.cli.terminal import (
    TABLE,
    Output,
    StoreAddress,
    format_named,
    open_graph,
    print_table,
    write_bytes,
)
from missiongraph.errors import BadQuery
from missiongraph.formats import GRAPH_FORMATS, JSON, TABLE_FORMATS, TURTLE
from missiongraph.sparql import Form, form_of
from missiongraph.tables import read_table


def query(
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="[FILE or -]", help="A query; - is standard input."),
    ] = "-",  # type: ignore[assignment]
    wanted: Annotated[
        str | None,
        typer.Option("--format", help="A form of tables or of graphs, such as csv, ttl."),
    ] = None,
    output: Output = None,
    store: StoreAddress = None,
) -> None:
    """Ask any SPARQL 1.1 query."""
    text = _decoded(file.read())
    form = form_of(text)
    if form.gives_graph:
        format_ = format_named(wanted or TURTLE.name, GRAPH_FORMATS)
    else:
        format_ = format_named(wanted or (JSON.name if form is Form.ASK else TABLE), TABLE_FORMATS)
    with open_graph(store) as graph:
        answer = graph.answer(text, format_ or JSON)
    if format_ is None:
        print_table(answer, read_table(answer).columns, output)
    else:
        write_bytes(answer, output)


def _decoded(query: bytes) -> str:
    try:
        return query.decode()
    except UnicodeDecodeError as cause:
        raise BadQuery(f"It is not UTF-8: {cause.reason}.", where="query") from cause
