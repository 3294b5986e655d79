"""What changed between two stagings of a source: which things came, went and are different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from missiongraph.ingest.sorted_lines import by_subject
from missiongraph.names import ID

_ID: Final = f"<{ID}".encode()


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


def changes_of(before: Iterable[bytes], after: Iterable[bytes]) -> Changes:
    """Return what changed from one set of sorted N-Triples to another, thing by thing."""
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    for subject, old, new in _paired(by_subject(before), by_subject(after)):
        if old != new:
            tally = added if old is None else removed if new is None else changed
            tally[_segment(subject)] += 1
    return Changes(
        added=dict(sorted(added.items())),
        removed=dict(sorted(removed.items())),
        changed=dict(sorted(changed.items())),
        unchanged=not (added or removed or changed),
    )


_Group = tuple[bytes, list[bytes]]


def _paired(
    before: Iterator[_Group], after: Iterator[_Group]
) -> Iterator[tuple[bytes, list[bytes] | None, list[bytes] | None]]:
    """Yield each subject with its lines before and after; None where it is not there."""
    old, new = next(before, None), next(after, None)
    while old or new:
        # Subjects are compared with the space behind them, as whole lines are.
        if new is None or (old and old[0] + b" " < new[0] + b" "):
            assert old is not None
            yield old[0], old[1], None
            old = next(before, None)
        elif old is None or new[0] + b" " < old[0] + b" ":
            yield new[0], None, new[1]
            new = next(after, None)
        else:
            yield new[0], old[1], new[1]
            old, new = next(before, None), next(after, None)


def _segment(subject: bytes) -> str:
    if not subject.startswith(_ID):
        return "other"
    return subject[len(_ID) :].split(b"/", 1)[0].decode()
