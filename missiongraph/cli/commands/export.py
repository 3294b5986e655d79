"""``missiongraph export``."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from missiongraph.cli.terminal import Output
from missiongraph.errors import BadRequest, NameTaken
from missiongraph.exports.forms import FORMS, ZIP, Form, form_named, write_file
from missiongraph.releases import Home, Release
from missiongraph.settings import Settings


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of: {', '.join(FORMS)}.")],
    release: Annotated[
        str | None, typer.Option("--release", help="Which release; the newest if not given.")
    ] = None,
    output: Output = None,
) -> None:
    """Write a release for other programs; several files go to a folder or a .zip file."""
    wanted = form_named(form)
    if wanted.is_folder and output is None:
        raise BadRequest(
            f"{form} is several files.", where="--output", remedy="Name a folder or a .zip file."
        )
    home = Home(Settings.load().home)
    chosen = home.release(release) if release else home.newest(Release.verify)[0]
    if output is None:
        _to_standard_output(wanted, chosen)
    elif wanted.is_folder and output.suffix != ZIP:
        _to_folder(wanted, chosen, output)
    else:
        _to_file(wanted, chosen, output)


def _to_standard_output(form: Form, release: Release) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"release{form.ending}"
        write_file(form, release, file)
        with file.open("rb") as written:
            shutil.copyfileobj(written, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _to_file(form: Form, release: Release, output: Path) -> None:
    """Write a file that takes its name only once it is whole."""
    unfinished = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        write_file(form, release, unfinished)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


def _to_folder(form: Form, release: Release, output: Path) -> None:
    """Write files to a new or empty folder."""
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise NameTaken(
            "It is there already, and not an empty folder.",
            where=str(output),
            remedy="Name another folder.",
        )
    output.mkdir(parents=True, exist_ok=True)
    form.write(release, output)
