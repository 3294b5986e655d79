"""What is new: how a release differs from the one before, and the sources that came last."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from missiongraph.api.serving import Publication, Served
from missiongraph.api.values import href_of
from missiongraph.errors import MissiongraphError
from missiongraph.names import MG
from missiongraph.releases import DIFF, Home, Manifest, SourceRecord

COUNTED: Final = {
    "Mission": "missions",
    "Actor": "actors",
    "Instrument": "instruments",
    "Target": "targets",
    "Source": "sources",
}
_MOST_SOURCES: Final = 5


@dataclass(frozen=True)
class NewSource:
    """A source that came last: its title, its page, and when it was issued (or read)."""

    title: str
    href: str
    date: str


@dataclass(frozen=True)
class Latest:
    """What a release brought.

    Attributes:
        release: its id.
        built: the day on which it was built.
        previous: id of the release before; empty when there was none, or it is unknown.
        added: facts that came, those that follow from others too; None when nobody counted.
        removed: facts that went.
        differences: how many more things there are of a class than before, in words.
        sources: sources that came with it; the newest ones where no release before is kept.
        are_new: whether ``sources`` came with this release.
    """

    release: str
    built: str
    previous: str
    added: int | None
    removed: int | None
    differences: tuple[str, ...]
    sources: tuple[NewSource, ...]
    are_new: bool


def latest(publication: Publication, served: Served) -> Latest | None:
    """Return what is new in what is served; None for a remote store."""
    manifest = served.manifest
    if manifest is None:
        return None
    home = Home(publication.settings.home)
    before = _manifest_before(home, manifest)
    added, removed = _totals(home.releases_folder / manifest.release / DIFF)
    known = {source.iri for source in before.sources} if before else set()
    fresh = [source for source in manifest.sources if before and source.iri not in known]
    return Latest(
        release=manifest.release,
        built=manifest.built[:10],
        previous=before.release if before else "",
        added=added if before else None,
        removed=removed if before else None,
        differences=_differences(before, manifest) if before else (),
        sources=_newest(fresh or manifest.sources),
        are_new=bool(fresh),
    )


def _manifest_before(home: Home, manifest: Manifest) -> Manifest | None:
    if not manifest.previous:
        return None
    try:
        return home.release(manifest.previous).manifest
    except MissiongraphError:  # it is no longer kept, or damaged: nothing to compare with
        return None


def _totals(file: Path) -> tuple[int | None, int | None]:
    """Return how many facts of the default graph came and went, as the build counted them."""
    try:
        merged = json.loads(file.read_text(encoding="utf-8"))["graphs"].get("", {})
        return int(merged.get("added", 0)), int(merged.get("removed", 0))
    except (OSError, ValueError, KeyError, AttributeError):
        return None, None


def _differences(before: Manifest, after: Manifest) -> tuple[str, ...]:
    changes = {
        words: after.classes.get(MG + name, 0) - before.classes.get(MG + name, 0)
        for name, words in COUNTED.items()
    }
    return tuple(f"{number:+,} {words}" for words, number in changes.items() if number)


def _newest(sources: Sequence[SourceRecord]) -> tuple[NewSource, ...]:
    ordered = sorted(sources, key=lambda s: (s.issued or "", s.retrieved or "", s.iri))[::-1]
    return tuple(
        NewSource(source.title or source.iri, href_of(source.iri), source.issued or "")
        for source in ordered[:_MOST_SOURCES]
    )
