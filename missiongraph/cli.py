"""The command line: ``missiongraph``.

Exit codes: 0 done, 1 problems found, 2 bad input or usage, 130 interrupted. An error
is written to standard error as what, where and what to do; never a traceback. The
other rooms are imported only by the commands that need them.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TextIO

import typer
from rich.console import Console
from rich.table import Table as RichTable

from missiongraph import __version__, questions
from missiongraph.errors import (
    EXIT_CODE,
    BadParameter,
    BadQuery,
    BadRequest,
    BuildInProgress,
    FormatNotOffered,
    MissiongraphError,
    NoRelease,
)
from missiongraph.formats import GRAPH_FORMATS, JSON, TABLE_FORMATS, TURTLE, Format
from missiongraph.releases import Home
from missiongraph.remote_store import RemoteStore
from missiongraph.settings import Settings
from missiongraph.sparql import Form, form_of
from missiongraph.store import Store
from missiongraph.tables import printable, read_table

if TYPE_CHECKING:
    from missiongraph.ingest.gate import Finding
    from missiongraph.ingest.mistakes import Mistake

INTERRUPTED: Final = 130
USAGE: Final = 2
PROBLEMS: Final = 1
_TABLE: Final = "table"
_WIDEST: Final = 10_000
_TABLE_NAMES: Final = (_TABLE, *(wanted.name for wanted in TABLE_FORMATS))

app = typer.Typer(
    help="The open knowledge graph of mission-oriented innovation policy.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
_errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
Output = Annotated[Path | None, typer.Option("--output", help="Write to this file.")]
StoreAddress = Annotated[
    str | None, typer.Option("--store", help="Query address of a remote store to ask instead.")
]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        app(args=None if arguments is None else list(arguments), standalone_mode=True)
    except MissiongraphError as error:
        _errors.print(str(error))
        sys.exit(EXIT_CODE[type(error)])
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read has seen enough; nothing more can be written, not even by the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(PROBLEMS)
    except OSError as error:  # a file that was named on the command line, or the disk
        place = f"{error.filename}: " if error.filename else ""
        _errors.print(f"{place}{error.strerror or error}.")
        sys.exit(USAGE)
    sys.exit(0)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"missiongraph {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The open knowledge graph of mission-oriented innovation policy."""


@app.command()
def build(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A file under data/, by name; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the curated sources into a validated release and publish it."""
    from missiongraph.ingest import gate, pipeline

    with _telling("building") as progress:
        done = pipeline.build(Settings.load(), source or (), progress=progress)
    manifest = done.release.manifest
    if as_json:
        _echo_json(
            {
                "release": manifest.release,
                "published": done.published,
                "triples": manifest.triples,
                "claims": manifest.claims,
                "warnings": [_plain(finding) for finding in done.warnings],
                "removed": list(done.removed),
            }
        )
        return
    state = "published" if done.published else "unchanged"
    typer.echo(
        f"Release {manifest.release} {state}: {manifest.triples:,} triples, "
        f"{manifest.claims:,} claims, {len(manifest.sources)} sources."
    )
    for message, count in gate.counts(done.warnings):
        _errors.print(f"{count:>4}  {message}")


@app.command()
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
        _echo_json([_plain(mistake) for mistake in mistakes])
    else:
        for mistake in mistakes:
            typer.echo(str(mistake))
        count = len(files or known)
        _errors.print(f"{_number(count, 'file')}, {_number(len(mistakes), 'mistake')}.")
    raise typer.Exit(PROBLEMS if mistakes else 0)


@app.command()
def validate(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", exists=True, dir_okay=False)],
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", exists=True, dir_okay=False, help="Shapes instead of our own."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the report (Turtle) to this file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check RDF files of any form against SHACL shapes; the report is Turtle.

    Without --shapes our own are taken, the vocabularies are at hand and warnings keep
    nothing back. With --shapes the files are taken as they are, and any result counts.
    """
    from missiongraph.ingest import gate, pipeline
    from missiongraph.ingest.rdf_files import read_triples

    triples = read_triples(data)
    found = gate.validate(triples, read_triples(shapes)) if shapes else pipeline.validate(triples)
    if report is not None:
        report.write_text(found.turtle, encoding="utf-8")
    elif not as_json:
        typer.echo(found.turtle, nl=False)
    if as_json:
        findings = [_plain(finding) for finding in found.findings]
        _echo_json({"conforms": found.conforms, "findings": findings})
    for finding in found.findings:
        _errors.print(f"{finding.severity}: {finding}")
    raise typer.Exit(0 if found.conforms else PROBLEMS)


@app.command()
def releases(as_json: AsJson = False) -> None:
    """List the kept releases, the newest first."""
    home = Home(Settings.load().home)
    current = home.current()
    kept = [(release, release.manifest) for release in home.releases()]
    if as_json:
        _echo_json(
            [
                {
                    "release": manifest.release,
                    "current": release == current,
                    "built": manifest.built,
                    "triples": manifest.triples,
                    "claims": manifest.claims,
                    "warnings": manifest.warnings,
                }
                for release, manifest in kept
            ]
        )
        return
    table = RichTable("Release", "Built", "Triples", "Claims", "Warnings", "")
    for release, manifest in kept:
        figures = (f"{n:,}" for n in (manifest.triples, manifest.claims, manifest.warnings))
        mark = "current" if release == current else ""
        table.add_row(manifest.release, manifest.built[:19], *figures, mark)
    _print(table)


@app.command()
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
    with _telling("publishing") as progress:
        done = remote_publication.publish(chosen, to, os.environ, progress)
    if as_json:
        _echo_json({"release": done.release, "triples": done.triples, "graphs": dict(done.graphs)})
        return
    typer.echo(
        f"Release {done.release} is published: the server counts {done.triples:,} triples and "
        f"{sum(done.graphs.values()):,} statements in {len(done.graphs):,} named graphs."
    )


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    store: StoreAddress = None,
) -> None:
    """Serve the current release, or a remote store, over HTTP; build one where there is none."""
    from missiongraph.api import server

    settings = Settings.load({"store": store})
    if settings.store is None and not Home(settings.home).releases():
        from missiongraph.ingest import pipeline

        with contextlib.suppress(BuildInProgress):  # the server takes up what the other builds
            pipeline.build(settings, progress=_errors.print)
    server.serve(settings, host, port)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="ID", help="The question's id.")],
    wanted: Annotated[
        str, typer.Option("--format", help=f"One of: {', '.join(_TABLE_NAMES)}.")
    ] = _TABLE,
    output: Output = None,
    store: StoreAddress = None,
) -> None:
    """Ask a stored question; its parameters are options: ask ID --mission VALUE."""
    asked = questions.find_question(question)
    given = _parameters(context.args)
    format_ = _format(wanted, TABLE_FORMATS)
    with _graph(store) as graph:
        answer = questions.answer(graph, asked, given, format_ or JSON)
    if format_ is None:
        labels = [asked.columns.get(name, name) for name in read_table(answer).columns]
        _print_table(answer, labels, output)
    else:
        _write(answer, output)


@app.command()
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
        format_ = _format(wanted or TURTLE.name, GRAPH_FORMATS)
    else:
        format_ = _format(wanted or (JSON.name if form is Form.ASK else _TABLE), TABLE_FORMATS)
    with _graph(store) as graph:
        answer = graph.answer(text, format_ or JSON)
    if format_ is None:
        _print_table(answer, read_table(answer).columns, output)
    else:
        _write(answer, output)


@contextlib.contextmanager
def _telling(what: str) -> Iterator[Callable[[str], None]]:
    """Give what tells of steps: a moving line on a terminal, plain lines otherwise."""
    with _errors.status(what) as status:

        def tell(step: str) -> None:
            status.update(step)
            if not _errors.is_terminal:
                _errors.print(step)

        yield tell


@contextlib.contextmanager
def _graph(address: str | None) -> Iterator[Store]:
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


def _decoded(query: bytes) -> str:
    try:
        return query.decode()
    except UnicodeDecodeError as cause:
        raise BadQuery(f"It is not UTF-8: {cause.reason}.", where="query") from cause


def _format(name: str, offered: Sequence[Format]) -> Any:
    """Return the offered format of a name, or None for the terminal's own table."""
    formats = {wanted.name: wanted for wanted in offered}
    if name == _TABLE and JSON.name in formats:
        return None
    if name not in formats:
        raise FormatNotOffered(
            f"{name!r} is not a format of this answer.",
            where="--format",
            remedy=f"Write one of: {', '.join(formats)}.",
        )
    return formats[name]


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


def _print_table(answer: bytes, labels: Sequence[str], output: Path | None) -> None:
    table = printable(read_table(answer), labels)
    if output is None:
        _print(table)
    else:
        with output.open("w", encoding="utf-8") as stream:
            _print(table, stream)


def _print(table: RichTable, stream: TextIO | None = None) -> None:
    """Print a table: fitted to a terminal, or as wide as it needs to be."""
    console = Console(file=stream)
    if not console.is_terminal:
        console.width = _WIDEST
    console.print(table)


def _write(answer: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(answer)
        return
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _echo_json(value: object) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _plain(item: Finding | Mistake) -> dict[str, object]:
    return dict(vars(item))


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
