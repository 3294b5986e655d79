"""``missiongraph check``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from missiongraph.cli.terminal import (
    PROBLEMS,
    AsJson,
    ReportFile,
    counted,
    echo_json,
    errors,
    plain,
)
from missiongraph.diagnostics import writer_of

if TYPE_CHECKING:
    from missiongraph.ingest.mistakes import Mistake

_LOOK_SECONDS: Final = 0.5


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, show_default=False),
    ] = None,
    as_json: AsJson = False,
    report: ReportFile = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever a file changes; Ctrl-C ends it.")
    ] = False,
) -> None:
    """Check curated files (all of data/ when none is named); list every mistake."""
    write = writer_of(report) if report else None
    mistakes = _check(files)
    while True:
        if report and write:
            report.write_text(write([mistake.diagnostic for mistake in mistakes]), encoding="utf-8")
        _tell(files, mistakes, as_json)
        if not watch:
            raise typer.Exit(PROBLEMS if mistakes else 0)
        _wait_for_change(files)
        mistakes = _check(files)


def _check(files: list[Path] | None) -> tuple[Mistake, ...]:
    from missiongraph.ingest.documents import check_documents
    from missiongraph.ontology import our_ontology

    known = _known()
    present = [file for file in files or known if file.is_file()]  # one may go while we watch
    return tuple(check_documents(present, our_ontology(), known)[1])


def _known() -> list[Path]:
    from missiongraph.ingest.pipeline import Rooms

    return list(Rooms.ours().sources().values())


def _tell(files: list[Path] | None, mistakes: Sequence[Mistake], as_json: bool) -> None:
    if as_json:
        echo_json([plain(mistake) for mistake in mistakes])
        return
    for mistake in mistakes:
        typer.echo(str(mistake))
    count = len(files or _known())
    errors.print(f"{counted(count, 'file')}, {counted(len(mistakes), 'mistake')}.")


def _wait_for_change(files: list[Path] | None) -> None:
    seen = _stamps(files)
    while _stamps(files) == seen:
        time.sleep(_LOOK_SECONDS)


def _stamps(files: list[Path] | None) -> dict[Path, tuple[int, int]]:
    """Return when each file was changed and how long it is; files that are not there are left out."""
    stamps = {}
    for file in files or _known():
        try:
            stat = file.stat()
        except OSError:
            continue
        stamps[file] = stat.st_mtime_ns, stat.st_size
    return stamps
