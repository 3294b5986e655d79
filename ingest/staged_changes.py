"""What changed between two stagings of a source: which things came, went and are different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from missiongraph.line_files import LineFile, ranges
from missiongraph.names import ID

_ID: Final = f"<{ID}".encode()
_PART_BYTES: Final = 32 << 20


@dataclass(frozen=True)
class Changes:
    """How many things of each class were added, removed and changed, by segment of their IRIs.

    Attributes:
        unchanged: whether nothing at all is different.
    """

    added: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: bool = False


def changes_of(
    before: Sequence[Path], after: Sequence[Path], part_bytes: int = _PART_BYTES
) -> Changes:
    """Return what changed from one set of sorted N-Triples to another, thing by thing.

    Args:
        before: files whose lines were staged, each sorted.
        after: files whose lines are.
        part_bytes: how much is compared at once.
    """
    tallies: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    old, new = [LineFile(file) for file in before], [LineFile(file) for file in after]
    for start, end in ranges([*old, *new], part_bytes):
        parts = [[file.between(start, end) for file in files] for files in (old, new)]
        if parts[0] != parts[1]:
            for tally, subjects in zip(tallies, _changed(*parts), strict=True):
                tally.update(map(_segment, subjects))
    added, removed, changed = (dict(sorted(tally.items())) for tally in tallies)
    return Changes(added, removed, changed, unchanged=not (added or removed or changed))


def _changed(
    before: Iterable[bytes], after: Iterable[bytes]
) -> tuple[set[bytes], set[bytes], set[bytes]]:
    """Return which subjects of a range were added, were removed, and are different."""
    old, new = (
        {line for text in texts for line in text.splitlines(keepends=True)}
        for texts in (before, after)
    )
    if not old:
        return _subjects(new), set(), set()
    different = _subjects(old ^ new)
    kept = _subjects(old & new)
    came, went = _subjects(new - old), _subjects(old - new)
    added, removed = (came - went) - kept, (went - came) - kept
    return added, removed, different - added - removed


def _subjects(lines: Iterable[bytes]) -> set[bytes]:
    return {line[: line.index(b" ")] for line in lines}


def _segment(subject: bytes) -> str:
    if not subject.startswith(_ID):
        return "other"
    return subject[len(_ID) :].split(b"/", 1)[0].decode()
