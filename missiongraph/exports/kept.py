"""Exports that are kept: written once for a release, and read from then on."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from missiongraph.errors import PublishingFailed, StoreBusy
from missiongraph.exports.forms import Form, write_file
from missiongraph.releases import Release

_PATIENCE_SECONDS: Final = 60.0
_one_at_a_time = threading.Lock()


def kept_export(release: Release, form: Form) -> Path:
    """Return the file of a release in a form; the first who asks waits until it is written.

    Raises:
        StoreBusy: others are being written.
        PublishingFailed: the home cannot be written to.
        PartMissing: what writes the form is not installed.
        ReleaseDamaged: the release's files are not those that its manifest describes.
    """
    file = release.exports / f"missiongraph{form.ending}"
    if file.is_file():
        return file
    if not _one_at_a_time.acquire(timeout=_PATIENCE_SECONDS):
        raise StoreBusy("Other files are being written.", remedy="Try again in a minute.")
    try:
        if not file.is_file():
            _write(release, form, file)
    finally:
        _one_at_a_time.release()
    return file


def _write(release: Release, form: Form, file: Path) -> None:
    # Another server of the same home may be writing it too: each under a name of its own.
    unfinished = file.with_name(f".{os.getpid()}-{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(form, release, unfinished)
        unfinished.replace(file)
    except OSError as cause:
        raise PublishingFailed(
            f"The file cannot be written: {cause}.",
            where=str(file),
            remedy=f"Write it elsewhere: missiongraph export {form.name} --output FILE.",
        ) from cause
    finally:
        unfinished.unlink(missing_ok=True)
