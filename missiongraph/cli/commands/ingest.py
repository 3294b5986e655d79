"""``missiongraph ingest``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from missiongraph.cli.terminal import AsJson, echo_json, errors
from missiongraph.errors import BadRequest
from missiongraph.releases import Home
from missiongraph.settings import Settings

if TYPE_CHECKING:
    from missiongraph.ingest.staging import StagedSource

_SHOWN: Final = 10
_DOWNLOADS: Final = "downloads"


def ingest(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The connector: cordis, ror ...")],
    path: Annotated[Path | None, typer.Argument(metavar="[PATH]", help="A file or folder.")] = None,
    download: Annotated[
        bool,
        typer.Option(
            "--download", help="Fetch the data first, into PATH or else into the home's downloads."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read one source system's bulk data into the staging area; the next build takes them."""
    from missiongraph.ingest.connectors import find_connector
    from missiongraph.ingest.staging import stage

    connector = find_connector(name)
    home = Home(Settings.load().home)
    with _bars() as tell:
        if download:
            if not hasattr(connector, "download"):
                raise BadRequest(f"{name} has nothing that can be fetched.", where="--download")
            path = connector.download(path or home.folder / _DOWNLOADS / name, tell)
        if path is None or not path.exists():
            raise BadRequest(
                f"There is no file or folder {path}." if path else "There is nothing to read.",
                where="PATH",
                remedy=f"Name a file or folder: missiongraph ingest {name} PATH.",
            )
        done = stage(home, connector, path, tell)
    if as_json:
        echo_json(
            vars(done) | {"inputs": [vars(i) for i in done.inputs], "changes": vars(done.changes)}
        )
    else:
        _tell_what_was_staged(done)


@contextlib.contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give what tells of progress: bars on a terminal, a plain line for each step otherwise."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bars:
        tasks: dict[str, object] = {}

        def tell(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of or None)
                if not errors.is_terminal:
                    errors.print(step)
            bars.update(tasks[step], completed=done, total=of or None)  # type: ignore[arg-type]

        yield tell


def _tell_what_was_staged(done: StagedSource) -> None:
    for given in done.inputs:
        typer.echo(
            f"{given.name}: {given.rows:,} rows = {given.taken:,} taken + "
            f"{given.quarantined:,} quarantined; {given.unreadable_cells:,} unreadable cells; "
            f"{given.stated:,} triples stated, {given.inferred:,} inferred."
        )
        for reason, count in list(given.reasons.items())[:_SHOWN]:
            errors.print(f"{count:>8,}  {reason}")
    changes = done.changes
    if changes.unchanged:
        typer.echo("Nothing has changed since it was staged before.")
    for what in ("added", "removed", "changed"):
        tally: dict[str, int] = getattr(changes, what)
        if tally:
            parts = ", ".join(f"{count:,} {segment}" for segment, count in tally.items())
            typer.echo(f"{what}: {parts}")
    typer.echo("Take it into a release: missiongraph build.")
