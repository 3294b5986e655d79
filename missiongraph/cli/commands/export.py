"""``missiongraph export``."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Annotated, Final

import typer

from missiongraph.cli.terminal import Output
from missiongraph.errors import BadRequest, FormatNotOffered, NameTaken
from missiongraph.exports.bibliography import write_bibtex
from missiongraph.exports.rdf import FORMATS, write_rdf
from missiongraph.exports.tables import write_parquet_tables, write_tables
from missiongraph.ontology import our_ontology
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings

_RDF: Final = {format_.name: format_ for format_ in FORMATS}
_TABLES: Final = {"csv": write_tables, "parquet": write_parquet_tables}
_NAMES: Final = (*_RDF, *_TABLES, "graphml", "bibtex")
_ZIP: Final = ".zip"


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of: {', '.join(_NAMES)}.")],
    release: Annotated[
        str | None, typer.Option("--release", help="Which release; the newest if not given.")
    ] = None,
    output: Output = None,
) -> None:
    """Write a release for other programs; csv and parquet to a folder or a .zip file."""
    if form not in _NAMES:
        raise FormatNotOffered(
            f"{form!r} is not a form of a release.", remedy=f"Write one of: {', '.join(_NAMES)}."
        )
    if form in _TABLES and output is None:
        raise BadRequest(
            "Tables are several files.", where="--output", remedy="Name a folder or a .zip file."
        )
    home = Home(Settings.load().home)
    chosen = home.release(release) if release else home.newest(Release.verify)[0]
    if form in _TABLES:
        assert output is not None
        _write_folder(output, lambda folder: _TABLES[form](chosen, folder, our_ontology()))
        return
    with _opened(output) as stream:
        if form in _RDF:
            write_rdf(chosen, _RDF[form], stream)
        elif form == "bibtex":
            stream.write(write_bibtex(chosen).encode())
        else:
            from missiongraph.api.network import as_graphml, network_of

            stream.write(as_graphml(network_of(chosen.load(), {"place": [], "mission": []})))


@contextlib.contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Give standard output, or a file that takes its name only once it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_folder(output: Path, write: Callable[[Path], None]) -> None:
    """Write files to a new or empty folder, or to a zip file."""
    if output.suffix == _ZIP:
        with tempfile.TemporaryDirectory(dir=output.parent) as folder, _opened(output) as stream:
            write(Path(folder))
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(Path(folder).iterdir()):
                    archive.write(file, file.name)
        return
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise NameTaken(
            "It is there already, and not an empty folder.",
            where=str(output),
            remedy="Name another folder.",
        )
    output.mkdir(parents=True, exist_ok=True)
    write(output)
