"""Staging: what a connector gave waits here, sorted and counted, for the next build.

A home's staging area looks so; ``<input>`` is what the connector calls it::

    home/staging/cordis/manifest.json        what was read, what is staged, what changed
                       /sources.nt           the sources that the records name
                       /<input>.stated.nt    what the rows say, sorted, each line once
                       /<input>.inferred.nt  what follows by the rules and is not stated
                       /unreadable.csv       cells and rows that could not be read

A source is staged beside the old one, input by input, and takes its place all at once. One that
was broken off is taken up at the input it stood at: inputs are known by their bytes.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from missiongraph import __version__
from missiongraph.errors import BuildInProgress, PublishingFailed, StagingDamaged
from missiongraph.ingest.connector import Connector, Input, Progress, lines_of
from missiongraph.ingest.quarantine import COLUMNS, Quarantine, Unreadable, as_cells
from missiongraph.ingest.sorted_lines import LineSorter
from missiongraph.ingest.staged_changes import Changes, changes_of
from missiongraph.releases import Home, sha256_of
from missiongraph.resources import root

STAGING: Final = "staging"
MANIFEST: Final = "manifest.json"
SOURCES: Final = "sources.nt"
UNREADABLE: Final = "unreadable.csv"
STATED: Final = ".stated.nt"
INFERRED: Final = ".inferred.nt"
_WORK: Final = ".tmp-"
_CODE: Final = Path(__file__).parent


@dataclass(frozen=True)
class StagedInput:
    """What became of an input.

    Attributes:
        name: the input's.
        fingerprint: SHA-256 over what was read and the code that read it.
        rows: rows read; always those taken and those quarantined.
        taken: rows that went into triples.
        quarantined: rows that did not, each listed.
        unreadable_cells: cells of rows taken that could not be read, each listed.
        reasons: how often each reason was found.
        stated: triples that the rows state.
        inferred: triples that follow.
    """

    name: str
    fingerprint: str
    rows: int
    taken: int
    quarantined: int
    unreadable_cells: int
    reasons: dict[str, int]
    stated: int
    inferred: int


@dataclass(frozen=True)
class StagedSource:
    """A source system's data as they are staged.

    Attributes:
        connector: the connector's name.
        title: what it is.
        inputs: what was read.
        sha256: SHA-256 of each staged file of triples, by name.
        changes: what is new to what was staged before.
        software_version: version of missiongraph that read it.
    """

    connector: str
    title: str
    inputs: list[StagedInput]
    sha256: dict[str, str]
    changes: Changes = field(default_factory=Changes)
    software_version: str = __version__

    def to_json(self) -> str:
        """Return it as a JSON document, keys sorted."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, file: Path) -> StagedSource:
        """Read a manifest.

        Raises:
            StagingDamaged: it is missing or not in its form.
        """
        try:
            values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            values["inputs"] = [StagedInput(**given) for given in values["inputs"]]
            values["changes"] = Changes(**values["changes"])
            return cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as cause:
            raise StagingDamaged(
                f"The manifest cannot be read: {cause}.",
                where=str(file),
                remedy="Ingest the source again, or remove its folder.",
            ) from cause


@dataclass(frozen=True)
class Staged:
    """A staged source's folder."""

    folder: Path

    @property
    def manifest(self) -> StagedSource:
        """What is staged; see ``StagedSource.read``."""
        return StagedSource.read(self.folder / MANIFEST)

    @property
    def sources(self) -> Path:
        """The description of the sources, N-Triples."""
        return self.folder / SOURCES

    def stated(self) -> list[Path]:
        """Return the files of what the rows say."""
        return sorted(self.folder.glob(f"*{STATED}"))

    def inferred(self) -> list[Path]:
        """Return the files of what follows."""
        return sorted(self.folder.glob(f"*{INFERRED}"))

    def verify(self) -> StagedSource:
        """Return the manifest after checking the files against it.

        Raises:
            StagingDamaged: they are not what the manifest describes.
        """
        manifest = self.manifest
        if (found := _digests(self.folder)) != manifest.sha256:
            changed = sorted(set(found.items()) ^ set(manifest.sha256.items()))
            raise StagingDamaged(
                f"{changed[0][0]} is not what was staged.",
                where=str(self.folder),
                remedy=f"Stage it again: missiongraph ingest {manifest.connector}.",
            )
        return manifest


def staged_sources(home: Home) -> list[Staged]:
    """Return what is staged in a home, by name."""
    found = (home.folder / STAGING).glob(f"[!.]*/{MANIFEST}")
    return [Staged(file.parent) for file in sorted(found)]


def stage(
    home: Home,
    connector: Connector[Any],
    path: Path,
    progress: Progress = lambda *_: None,
) -> StagedSource:
    """Read a source system's data and stage it; return what is staged.

    Args:
        home: where; what the connector staged before is replaced.
        connector: reads and maps.
        path: the file or folder to read.
        progress: told how far it is.

    Raises:
        UnreadableDump: it is not what the connector reads, or breaks off.
        BuildInProgress: the same source is being staged already.
        PublishingFailed: the disk is full, or the home cannot be written to.
    """
    try:
        with _work_folder(home, connector.name) as work:
            inputs = connector.discover(path)
            prints = _fingerprints(connector, inputs, progress)
            if staged := _staged_already(home, connector, prints):
                return staged
            done = [
                _stage_input(connector, one, inputs, work, prints[one.name], progress)
                for one in inputs
            ]
            return _put_in_place(home, connector, inputs, done, work)
    except OSError as cause:
        raise PublishingFailed(
            f"It cannot be staged: {cause.strerror or cause}.",
            where=str(cause.filename or home.folder),
            remedy="See that there is room and that the folder may be written to.",
        ) from cause


def _staged_already(
    home: Home, connector: Connector[Any], prints: Mapping[str, str]
) -> StagedSource | None:
    """Return what is staged when the same bytes were read by the same code; it need not be again."""
    staged = Staged(home.folder / STAGING / connector.name)
    with contextlib.suppress(StagingDamaged):
        manifest = staged.verify()
        if {one.name: one.fingerprint for one in manifest.inputs} == prints:
            return replace(manifest, changes=Changes(unchanged=True))
    return None


def _stage_input(
    connector: Connector[Any],
    given: Input,
    inputs: Sequence[Input],
    work: Path,
    fingerprint: str,
    progress: Progress,
) -> StagedInput:
    """Stage one input, unless that was done before a break; return what became of it."""
    note = work / f"{given.name}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        known = StagedInput(**json.loads(note.read_text(encoding="utf-8")))
        if known.fingerprint == fingerprint:
            return known
    done = _read_input(connector, given, inputs, work, fingerprint, progress)
    temporary = note.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(done)), encoding="utf-8")
    temporary.replace(note)
    return done


def _read_input(
    connector: Connector[Any],
    given: Input,
    inputs: Sequence[Input],
    work: Path,
    fingerprint: str,
    progress: Progress,
) -> StagedInput:
    rows = taken = 0
    with (
        _sorter(work / f"{given.name}{STATED}") as stated,
        _sorter(work / f"{given.name}{INFERRED}") as inferred,
        _listing(work / f"{given.name}.unreadable.csv") as quarantine,
    ):
        progress(f"reading {given.name}", 0, given.size_bytes)
        for batch in connector.read(given, inputs, quarantine):
            mapped = connector.map(batch, quarantine)
            rows, taken = rows + batch.rows, taken + mapped.rows
            stated.add(mapped.stated)
            inferred.add(mapped.inferred)
            progress(f"reading {given.name}", batch.read_bytes, given.size_bytes)
        progress(f"sorting {given.name}", given.size_bytes, given.size_bytes)
        if rows != taken + quarantine.rows:
            raise AssertionError(f"{given.name}: {rows} != {taken} + {quarantine.rows}")
        return StagedInput(
            name=given.name,
            fingerprint=fingerprint,
            rows=rows,
            taken=taken,
            quarantined=quarantine.rows,
            unreadable_cells=quarantine.cells,
            reasons=dict(sorted(quarantine.reasons.items())),
            stated=stated.finish(),
            inferred=inferred.finish(),
        )


@dataclass
class _Sorting:
    """A file of sorted lines in the making."""

    sorter: LineSorter
    file: Path

    def add(self, lines: bytes) -> None:
        self.sorter.add(lines)

    def finish(self) -> int:
        return self.sorter.write(self.file)


@contextlib.contextmanager
def _sorter(file: Path) -> Iterator[_Sorting]:
    runs = file.with_name(f"{file.name}.runs")
    shutil.rmtree(runs, ignore_errors=True)
    runs.mkdir()
    try:
        yield _Sorting(LineSorter(runs), file)
    finally:
        shutil.rmtree(runs, ignore_errors=True)


@contextlib.contextmanager
def _listing(file: Path) -> Iterator[Quarantine]:
    with file.open("w", encoding="utf-8", newline="", errors="backslashreplace") as stream:
        writer = csv.writer(stream)

        def write(found: Unreadable) -> None:
            writer.writerow(as_cells(found))

        yield Quarantine(write)


def _put_in_place(
    home: Home,
    connector: Connector[Any],
    inputs: Sequence[Input],
    done: list[StagedInput],
    work: Path,
) -> StagedSource:
    """Make the finished folder the staged one."""
    (work / SOURCES).write_bytes(lines_of(connector.sources(inputs)))
    ready = work.with_name(f"{work.name}-ready")
    shutil.rmtree(ready, ignore_errors=True)
    ready.mkdir()
    with (ready / UNREADABLE).open("wb") as listing:
        listing.write((",".join(COLUMNS) + "\r\n").encode())
        for one in done:
            listing.write((work / f"{one.name}.unreadable.csv").read_bytes())
    kept = [f"{one.name}{ending}" for one in done for ending in (STATED, INFERRED)]
    for name in (SOURCES, *kept):
        os.link(work / name, ready / name)  # the work folder stays whole until all is done
    target = home.folder / STAGING / connector.name
    manifest = StagedSource(
        connector.name, connector.title, done, _digests(ready), _changes(target, ready)
    )
    (ready / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    old = work.with_name(f"{work.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    ready.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)
    return manifest


def _changes(before: Path, after: Path) -> Changes:
    """Return what changed, record by record; all is new where nothing was staged."""
    if _digests(before) == _digests(after):
        return Changes(unchanged=True)
    return changes_of(Staged(before).stated(), Staged(after).stated())


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: sha256_of(file) for file in sorted(folder.glob("*.nt"))}


def _fingerprints(
    connector: Connector[Any], inputs: Sequence[Input], progress: Progress
) -> dict[str, str]:
    """Return a digest for each input: of all that is read (rows may depend on other inputs'),
    of the rules and of our code.
    """
    digest = hashlib.sha256(f"{__version__}\0{connector.name}".encode())
    tables = (root() / "data" / "eu").glob("*.*")  # of countries, mission rules, given names
    ours = (*_CODE.rglob("*.py"), *(root() / "ontology").rglob("*.*"), *tables)
    files = {file for one in inputs for file in one.files}
    for file in (*sorted(ours), *sorted(files)):
        if file in files:
            progress(f"checking {file.name}", 0, 0)
        digest.update(f"\0{file.name}\0{sha256_of(file)}".encode())
    return {
        one.name: hashlib.sha256(f"{digest.hexdigest()}\0{one.name}".encode()).hexdigest()
        for one in inputs
    }


@contextlib.contextmanager
def _work_folder(home: Home, name: str) -> Iterator[Path]:
    """Give the folder in which a source is staged, and hold its lock."""
    work = home.folder / STAGING / f"{_WORK}{name}"
    work.mkdir(parents=True, exist_ok=True)
    with work.with_name(f"{_WORK}{name}.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as cause:
            raise BuildInProgress(
                f"{name} is being staged already.",
                where=str(work),
                remedy="Wait for it to end.",
            ) from cause
        old, target = work.with_name(f"{work.name}-old"), work.with_name(name)
        if old.exists() and not target.exists():  # a crash between two renames
            old.rename(target)
        yield work
