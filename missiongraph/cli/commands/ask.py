"""``missiongraph ask``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import typer

from missiongraph import questions
from missiongraph.cli.terminal import (
    TABLE,
    TABLE_NAMES,
    Output,
    StoreAddress,
    format_named,
    open_graph,
    print_table,
    write_bytes,
)
from missiongraph.errors import BadParameter, BadRequest
from missiongraph.formats import FILE_FORMATS, JSON, TABLE_FORMATS
from missiongraph.tables import read_table

_NAMES: Final = (*TABLE_NAMES, *(format_.name for format_ in FILE_FORMATS))
CONTEXT_SETTINGS = {"allow_extra_args": True, "ignore_unknown_options": True}


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="ID", help="The question's id.")],
    wanted: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(_NAMES)}.")] = TABLE,
    output: Output = None,
    store: StoreAddress = None,
) -> None:
    """Ask a stored question; its parameters are options: ask ID --mission VALUE."""
    asked = questions.find_question(question)
    given = _parameters(context.args)
    format_ = format_named(wanted, (*TABLE_FORMATS, *FILE_FORMATS))
    with open_graph(store) as graph:
        answer = questions.answer(graph, asked, given, format_ or JSON)
    if format_ is None:
        labels = [asked.columns.get(name, name) for name in read_table(answer).columns]
        print_table(answer, labels, output)
    else:
        write_bytes(answer, output)


def _parameters(arguments: Sequence[str]) -> Mapping[str, list[str]]:
    """Return the values of ``--name value`` and ``--name=value``, by name."""
    given: dict[str, list[str]] = {}
    rest = list(arguments)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if not name.startswith("--") or len(name) == 2:
            raise BadRequest(
                f"{name!r} is not a parameter.", remedy="Write parameters as --name value."
            )
        if not equals:
            if not rest:
                raise BadParameter(f"{name} has no value.", where=name)
            value = rest.pop(0)
        given.setdefault(name.removeprefix("--"), []).append(value)
    return given
