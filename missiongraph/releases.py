"""Releases as their readers see them: what is kept, which is current, and is it whole.

A home looks so; ``current`` is a symlink that publishing switches::

    home/current -> releases/2026-11-24-1f0c9a7be2d4
    home/releases/2026-11-24-1f0c9a7be2d4/manifest.json
                                         /2026-11-24-1f0c9a7be2d4.nq
                                         /shacl-report.ttl
                                         /diff.json
                                         /store/  of a release too large for memory
    home/exports/2026-11-24-1f0c9a7be2d4/  exports that were asked for
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from missiongraph.answers import DEFAULT_LIMITS, Limits
from missiongraph.errors import MissiongraphError, NoRelease, ReleaseDamaged, UnknownRelease
from missiongraph.formats import JSON, TURTLE
from missiongraph.store import EmbeddedStore

MANIFEST: Final = "manifest.json"
REPORT: Final = "shacl-report.ttl"
DIFF: Final = "diff.json"
OWN_FILES: Final = {
    MANIFEST: ("Manifest of the release", "application/json"),
    REPORT: ("Report of the shapes", TURTLE.media_type),
    DIFF: ("Difference to the release before", "application/json"),
}
"""The files of a release beside its dump: name in words, and media type."""
STORE: Final = "store"
CURRENT: Final = "current"
_CHUNK_BYTES: Final = 1 << 20
OpenedT = TypeVar("OpenedT")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceRecord:
    """One source of a release: its IRI, title, address and the dates that are known."""

    iri: str
    title: str
    page: str | None = None
    issued: str | None = None
    retrieved: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What a release holds.

    Attributes:
        release: the release's id.
        built: when it was built (ISO 8601, UTC).
        triples: triples of the default graph.
        claims: triples stated by evidence, once per piece of evidence.
        quads: statements of the dump.
        graphs: statements of each named graph, by IRI.
        classes: things of each class in the default graph, by IRI.
        dump: the dump's file name.
        sha256: the dump's SHA-256, in hexadecimal.
        inputs: SHA-256 over everything the build read, in hexadecimal.
        ontology_version: ``owl:versionInfo`` of the ontology.
        software_version: version of missiongraph that built it.
        previous: id of the release before; None for the first.
        warnings: shapes' warnings, which do not keep a release back.
        sources: the sources, by IRI.
        on_disk: whether the release holds a store on disk too, from which it is served.
    """

    release: str
    built: str
    triples: int
    claims: int
    quads: int
    graphs: dict[str, int]
    classes: dict[str, int]
    dump: str
    sha256: str
    inputs: str
    ontology_version: str
    software_version: str
    previous: str | None = None
    warnings: int = 0
    sources: list[SourceRecord] = field(default_factory=list)
    on_disk: bool = False

    def to_json(self) -> str:
        """Return the manifest as a JSON document, keys sorted."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, file: Path) -> Manifest:
        """Read a manifest.

        Raises:
            ReleaseDamaged: the file is missing, cut short or has other keys.
        """
        try:
            values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            values["sources"] = [SourceRecord(**source) for source in values["sources"]]
            return cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as cause:
            raise ReleaseDamaged(
                f"The manifest cannot be read: {cause}.", where=str(file), remedy=_REBUILD
            ) from cause


_REBUILD: Final = "Build again: missiongraph build."


@dataclass(frozen=True)
class Release:
    """One published state of the graph: a directory that is never changed."""

    folder: Path

    @property
    def id(self) -> str:
        """The release's name, which is its directory's."""
        return self.folder.name

    @property
    def manifest(self) -> Manifest:
        """The release's manifest; see ``Manifest.read``."""
        return Manifest.read(self.folder / MANIFEST)

    @property
    def dump(self) -> Path:
        """The N-Quads file that holds every statement."""
        return self.folder / self.manifest.dump

    def verify(self) -> Manifest:
        """Return the manifest after checking the dump's bytes against it.

        Raises:
            ReleaseDamaged: they differ, or cannot be read.
        """
        manifest = self.manifest
        try:
            digest = sha256_of(self.dump)
        except OSError as cause:
            raise self._damaged(str(cause)) from cause
        if digest != manifest.sha256:
            raise self._damaged(f"the dump's SHA-256 is {digest}, not {manifest.sha256}")
        return manifest

    @property
    def store(self) -> Path:
        """The folder of the store on disk, if the release has one."""
        return self.folder / STORE

    @property
    def exports(self) -> Path:
        """The folder of the release's exports that are kept; outside, for a release never changes."""
        return self.folder.parents[1] / "exports" / self.id

    def load(self, limits: Limits = DEFAULT_LIMITS) -> EmbeddedStore:
        """Return the release's graph, after checking it against the manifest.

        It is in memory, or read-only from disk where the release holds a store there.

        Raises:
            ReleaseDamaged: bytes or counts differ from the manifest's.
        """
        manifest = self.verify()
        if manifest.on_disk:
            return self.open(limits)
        try:
            store = EmbeddedStore.load(self.dump, limits)
        except (OSError, SyntaxError) as cause:
            raise self._damaged(str(cause)) from cause
        if (triples := _count_triples(store)) != manifest.triples:
            raise self._damaged(f"{triples:,} triples are there, not {manifest.triples:,}")
        return store

    def open(self, limits: Limits = DEFAULT_LIMITS) -> EmbeddedStore:
        """Return the release's store on disk, read-only, as it is.

        Raises:
            ReleaseDamaged: it is not there or cannot be opened.
        """
        try:
            return EmbeddedStore.open(self.store, limits)
        except (OSError, ValueError) as cause:
            raise self._damaged(f"its store cannot be opened: {cause}") from cause

    def _damaged(self, how: str) -> ReleaseDamaged:
        return ReleaseDamaged(
            f"Release {self.id} is damaged: {how}.", where=str(self.folder), remedy=_REBUILD
        )


@dataclass(frozen=True)
class Home:
    """The folder in which releases live."""

    folder: Path

    @property
    def releases_folder(self) -> Path:
        """Where the releases' directories are."""
        return self.folder / "releases"

    def releases(self) -> list[Release]:
        """Return the kept releases that have a manifest, the newest first."""
        whole = [(built, release) for release in self._whole() if (built := _built(release))]
        return [release for _, release in sorted(whole, key=lambda x: (x[0], x[1].id))][::-1]

    def current(self) -> Release | None:
        """Return the release that was published last, or None; it may be damaged."""
        link = self.folder / CURRENT
        return Release(link.resolve()) if link.is_dir() else None

    def release(self, release_id: str) -> Release:
        """Return the kept release of that id.

        Raises:
            UnknownRelease: none has it.
        """
        for release in self._whole():
            if release.id == release_id and _built(release):
                return release
        raise UnknownRelease(
            f"There is no release {release_id!r}.",
            where=str(self.folder),
            remedy="See what is kept: missiongraph releases.",
        )

    def load_newest(self, limits: Limits = DEFAULT_LIMITS) -> tuple[Release, EmbeddedStore]:
        """Return the newest whole release and its graph in memory; see ``newest``."""
        return self.newest(lambda release: release.load(limits))

    def newest(self, open_release: Callable[[Release], OpenedT]) -> tuple[Release, OpenedT]:
        """Return the current release, or the newest before it that is whole, and opened.

        A damaged release is reported in the log.

        Args:
            open_release: opens and checks a release; raises ``ReleaseDamaged``.

        Raises:
            NoRelease: nothing was published here.
            ReleaseDamaged: no kept release is whole.
        """
        damage: MissiongraphError | None = None
        for release in self._candidates():
            try:
                return release, open_release(release)
            except ReleaseDamaged as error:
                _log.error("%s", error)
                damage = damage or error
        if damage is not None:
            raise damage
        raise NoRelease(
            "There is no release yet.", where=str(self.folder), remedy="Run missiongraph build."
        )

    def _whole(self) -> Iterator[Release]:
        """Yield the releases that have a manifest, in any order."""
        # A name that begins with a dot is a release that is being written, or never was whole.
        for path in self.releases_folder.glob(f"[!.]*/{MANIFEST}"):
            yield Release(path.parent)

    def _candidates(self) -> Iterator[Release]:
        current = self.current()
        if current is not None:
            yield current
        yield from (release for release in self.releases() if release != current)


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _built(release: Release) -> str | None:
    try:
        return release.manifest.built
    except ReleaseDamaged as error:
        _log.error("%s", error)
        return None


def _count_triples(store: EmbeddedStore) -> int:
    answer = store.answer("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", JSON)
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])
