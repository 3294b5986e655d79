"""Publication: a graph becomes a release, all of it or nothing.

A release is written beside the others under a temporary name, synced, read back and
checked, and renamed; then one symlink is switched. A crash at any instant leaves the
old release served; what it left behind is swept by the next build.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from pyoxigraph import RdfFormat, Store

from missiongraph.changed_statements import changes
from missiongraph.errors import (
    BuildInProgress,
    MissiongraphError,
    PublishingFailed,
    ReleaseDamaged,
)
from missiongraph.releases import CURRENT, DIFF, MANIFEST, REPORT, Home, Manifest, Release

LOCK: Final = ".lock"
INPUTS: Final = ".inputs"
TEMPORARY: Final = ".tmp-"
DUMP: Final = "dump.nq"
PART_BYTES: Final = 64 << 20


@contextlib.contextmanager
def building(home: Home) -> Iterator[None]:
    """Hold the lock of a home, so that one build at a time writes to it.

    What a crashed build left behind is removed. The lock ends with its process.

    Raises:
        BuildInProgress: another build holds the lock.
        PublishingFailed: the home cannot be written to.
    """
    try:
        home.releases_folder.mkdir(parents=True, exist_ok=True)
        lock = (home.folder / LOCK).open("a+", encoding="utf-8")
    except OSError as cause:
        raise _failed(cause, home) from cause
    with lock:
        _take(lock, home)
        _sweep(home)
        yield


def publish(home: Home, manifest: Manifest, dump: Iterable[bytes] | Path, report: str) -> Release:
    """Write a release, check it, and make it the current one.

    Args:
        home: where; its lock is held.
        manifest: what the release holds; ``previous`` is filled in here.
        dump: the sorted lines of its N-Quads, or a file of them beside the releases, which is moved.
        report: the SHACL report, Turtle.

    Raises:
        PublishingFailed: the disk is full, or the home cannot be written to.
        ReleaseDamaged: what was read back is not what was written.
    """
    previous = _previous(home, manifest.release)
    manifest = replace(manifest, previous=previous.id if previous else None)
    release = Release(home.releases_folder / manifest.release)
    try:
        with _temporary_folder(home) as folder:
            _place(folder / manifest.dump, dump)
            _write(folder / REPORT, [report.encode()])
            _write(folder / DIFF, [_changes(previous, folder / manifest.dump).encode()])
            _write(folder / MANIFEST, [manifest.to_json().encode()])
            _sync(folder)
            if manifest.on_disk:
                _build_store(Release(folder))
            else:
                Release(folder).load()
            _move(folder, release.folder)
        _point_current_at(home, release)
    except OSError as cause:
        raise _failed(cause, home) from cause
    return release


def prune(home: Home, keep: int) -> list[str]:
    """Remove all but the newest ``keep`` releases and the current one; return their ids."""
    current = home.current()
    surplus = [release for release in home.releases()[keep:] if release != current]
    for release in surplus:
        # Under a temporary name first, so that half a release is never among the kept ones.
        doomed = release.folder.with_name(f"{TEMPORARY}{release.id}")
        with contextlib.suppress(OSError):
            release.folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
        shutil.rmtree(release.exports, ignore_errors=True)
    return [release.id for release in surplus]


def remember(home: Home, inputs: str, release: Release) -> None:
    """Note that a release is what the inputs of that digest give.

    Its own manifest tells the inputs it was first built from; others may give the same graph.
    """
    with contextlib.suppress(OSError):  # forgotten, it costs the next build its time
        note = home.folder / f"{TEMPORARY}{INPUTS}"
        note.write_text(f"{inputs} {release.id}", encoding="utf-8")
        note.replace(home.folder / INPUTS)


def is_built_from(home: Home, inputs: str, release: Release) -> bool:
    """Say whether the inputs of that digest give the release.

    Raises:
        ReleaseDamaged: the release has no manifest that can be read.
    """
    if release.manifest.inputs == inputs:
        return True
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (home.folder / INPUTS).read_text(encoding="utf-8") == f"{inputs} {release.id}"
    return False


def _take(lock: IO[str], home: Home) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as cause:
        lock.seek(0)
        raise BuildInProgress(
            f"Another build is running, process {lock.read().strip() or 'unknown'}.",
            where=str(home.folder),
            remedy="Wait for it to end, then build again.",
        ) from cause
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def _previous(home: Home, release_id: str) -> Release | None:
    """Return the release that a new one comes after; one of the same id is being replaced."""
    current = home.current()
    candidates = [*([current] if current else []), *home.releases()]
    return next((release for release in candidates if release.id != release_id), None)


def _changes(previous: Release | None, dump: Path) -> str:
    """Return the changes since the release before; since none, when that one is damaged."""
    if previous is not None:
        with contextlib.suppress(MissiongraphError):
            previous.verify()
            return changes(previous.dump, dump, previous.id)
    return changes(None, dump, None)


@contextlib.contextmanager
def _temporary_folder(home: Home) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=home.releases_folder))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # it is not there any more when all went well


def _place(file: Path, dump: Iterable[bytes] | Path) -> None:
    if not isinstance(dump, Path):
        _write(file, dump)
        return
    dump.rename(file)
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _build_store(release: Release) -> None:
    """Write the store on disk of a release whose dump is there, and check it.

    Raises:
        ReleaseDamaged: the dump's bytes, or the number of statements, differ from the manifest's.
    """
    manifest = release.verify()
    engine = Store(str(release.store))
    for part in _parts(release.dump):
        engine.bulk_load(input=part, format=RdfFormat.N_QUADS)
    engine.flush()
    del engine  # closes it
    if (found := len(Store.read_only(str(release.store)))) != manifest.quads:
        raise ReleaseDamaged(
            f"Its store has {found:,} statements, not {manifest.quads:,}.",
            where=str(release.folder),
            remedy="Build again: missiongraph build.",
        )


def _parts(dump: Path) -> Iterator[bytes]:
    """Yield a dump in parts, since the engine holds what it loads at once several times over.

    Lines that may name blank nodes come together at the end: each load gives these other names.
    """
    unnamed: list[bytes] = []
    with dump.open("rb") as stream:
        while lines := stream.readlines(PART_BYTES):
            unnamed += (line for line in lines if b"_:" in line)
            yield b"".join(line for line in lines if b"_:" not in line)
    yield b"".join(unnamed)


def _write(file: Path, parts: Iterable[bytes]) -> None:
    with file.open("wb") as stream:
        stream.writelines(parts)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Have the names in a folder written to disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move(source: Path, target: Path) -> None:
    if target.exists():  # the same graph, but damaged or never made current
        target.rename(source.with_name(f"{source.name}-replaced"))
    source.rename(target)
    _sync(target.parent)


def _point_current_at(home: Home, release: Release) -> None:
    link = home.folder / f"{TEMPORARY}{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(release.folder.relative_to(home.folder))
    link.replace(home.folder / CURRENT)
    _sync(home.folder)


def _sweep(home: Home) -> None:
    for folder in home.releases_folder.glob(f"{TEMPORARY}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for name in (CURRENT, INPUTS, DUMP):
        (home.folder / f"{TEMPORARY}{name}").unlink(missing_ok=True)


def _failed(cause: OSError, home: Home) -> PublishingFailed:
    return PublishingFailed(
        f"The release cannot be written: {cause.strerror or cause}.",
        where=str(cause.filename or home.folder),
        remedy="See that there is room and that the folder may be written to.",
    )
