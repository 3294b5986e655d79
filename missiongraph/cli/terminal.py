"""What the commands share: options, progress, the graph to ask, and how answers are written."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer
from rich.console import Console
from rich.table import Table as RichTable

from missiongraph.errors import FormatNotOffered
from missiongraph.formats import JSON, TABLE_FORMATS, Format
from missiongraph.releases import Home
from missiongraph.remote_store import RemoteStore
from missiongraph.settings import Settings
from missiongraph.store import Store
from missiongraph.tables import printable, read_table

PROBLEMS: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
TABLE: Final = "table"
TABLE_NAMES: Final = (TABLE, *(wanted.name for wanted in TABLE_FORMATS))
_WIDEST: Final = 10_000

errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False, emoji=False)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
Output = Annotated[Path | None, typer.Option("--output", help="Write to this file.")]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        help="Write a report to this file; its ending says the form: .html, .md, .json, .sarif, .txt.",
    ),
]
StoreAddress = Annotated[
    str | None, typer.Option("--store", help="Query address of a remote store to ask instead.")
]


@contextlib.contextmanager
def telling(what: str) -> Iterator[Callable[[str], None]]:
    """Give what tells of steps: a moving line on a terminal, plain lines otherwise."""
    with errors.status(what) as status:

        def tell(step: str) -> None:
            status.update(step)
            if not errors.is_terminal:
                errors.print(step)

        yield tell


@contextlib.contextmanager
def open_graph(address: str | None) -> Iterator[Store]:
    """Give the graph to ask: a remote store, or the newest release behind a worker."""
    settings = Settings.load({"store": address})
    if settings.store:
        yield RemoteStore(settings.store, timeout=settings.query_timeout, limits=settings.limits)
        return
    from missiongraph.api.workers import WorkerPool, open_release

    alone = replace(settings, workers=1)
    _, graph = Home(settings.home).newest(lambda release: open_release(release, alone))
    try:
        yield graph
    finally:
        if isinstance(graph, WorkerPool):
            graph.close()


def format_named(name: str, offered: Sequence[Format]) -> Any:
    """Return the offered format of a name, or None for the terminal's own table."""
    formats = {wanted.name: wanted for wanted in offered}
    if name == TABLE and JSON.name in formats:
        return None
    if name not in formats:
        raise FormatNotOffered(
            f"{name!r} is not a format of this answer.",
            where="--format",
            remedy=f"Write one of: {', '.join(formats)}.",
        )
    return formats[name]


def print_table(answer: bytes, labels: Sequence[str], output: Path | None) -> None:
    """Print an answer as a table, under its columns' labels."""
    table = printable(read_table(answer), labels)
    if output is None:
        print_rich(table)
    else:
        with output.open("w", encoding="utf-8") as stream:
            print_rich(table, stream)


def print_rich(table: RichTable, stream: TextIO | None = None) -> None:
    """Print a table: fitted to a terminal, or as wide as it needs to be."""
    console = Console(file=stream, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDEST
    console.print(table)


def write_bytes(answer: bytes, output: Path | None) -> None:
    """Write an answer to a file, or to standard output."""
    if output is not None:
        output.write_bytes(answer)
        return
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def echo_json(value: object, output: Path | None = None) -> None:
    """Print a value as JSON, or write it to a file."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if output is None:
        typer.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")


def plain(item: object) -> dict[str, object]:
    """Return an object's attributes, for JSON."""
    return dict(vars(item))


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as ``2 files``."""
    return f"{count} {noun}" + ("" if count == 1 else "s")
