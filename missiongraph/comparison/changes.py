"""What has changed of missions between two releases: cells that read otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from missiongraph.comparison.matrix import Cell, Comparison, Criterion, Subject


@dataclass(frozen=True)
class Change:
    """One cell in two releases; a criterion of which nothing was known before is a change too."""

    subject: Subject
    criterion: Criterion
    before: Cell
    after: Cell

    @property
    def kind(self) -> str:
        """``learned``, ``lost`` (nothing is known any more) or ``changed``."""
        if not self.before.findings:
            return "learned"
        return "changed" if self.after.findings else "lost"


def changes(before: Comparison, after: Comparison) -> Iterator[Change]:
    """Yield the cells of the later comparison whose values or state are not what they were.

    That a release says something else need not mean that the mission has changed: a source
    may have been read since.
    """
    for subject, criterion, cell in after:
        old = before.cell(subject, criterion)
        if (old.state, old.values) != (cell.state, cell.values):
            yield Change(subject, criterion, old, cell)
