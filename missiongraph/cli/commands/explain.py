"""``missiongraph explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from missiongraph.cli.terminal import AsJson, StoreAddress, echo_json, open_graph
from missiongraph.inference.explanation import explain as why
from missiongraph.inference.explanation_forms import json_of, lines_of, read_fact


def explain(
    subject: Annotated[str, typer.Argument(help="An id such as mission/some-slug, CURIE or IRI.")],
    predicate: Annotated[str, typer.Argument(help="A CURIE such as mg:involves, or an IRI.")],
    value: Annotated[
        str,
        typer.Argument(metavar="OBJECT", help="As a subject, or a literal as N-Triples writes it."),
    ],
    as_json: AsJson = False,
    store: StoreAddress = None,
) -> None:
    """Tell why a fact is in the graph: the passages that state it, or the rules that gave it."""
    fact = read_fact(subject, predicate, value)
    with open_graph(store) as graph:
        found = why(graph, fact)
    if as_json:
        echo_json(json_of(found))
    else:
        for line in lines_of(found):
            typer.echo(line)
