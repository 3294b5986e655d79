"""Why cells of a comparison are unknown: what was read of a mission, and what it does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from missiongraph.comparison.matrix import Comparison, Criterion, State, Subject
from missiongraph.names import ID
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri


@dataclass(frozen=True)
class Unknowns:
    """The cells of a mission of which nothing is known, and what was read of it.

    Attributes:
        subject: the mission.
        passages: how many passages state something of it; empty when that is not known.
        sources: from how many sources they are.
        newest: date of the newest source; empty when none has one.
        untold: criteria on which no passage that was read says anything.
        undecided: criteria that a coder looked at and could not decide.
    """

    subject: Subject
    passages: str
    sources: str
    newest: str
    untold: tuple[Criterion, ...]
    undecided: tuple[Criterion, ...]


def unknowns_of(store: Store, comparison: Comparison) -> list[Unknowns]:
    """Return for each mission with unknown cells why they are so."""
    missions = [s.iri for s in comparison.subjects if s.iri.startswith(ID + "mission/")]
    ages: dict[str, Mapping[str, Term]] = {}
    if missions:
        rows = answer_table(store, find_question("source-age"), {"mission": missions}).records()
        ages = {text_of_iri(row["mission"]): row for row in rows}
    return list(_each(comparison, ages))


def _each(comparison: Comparison, ages: Mapping[str, Mapping[str, Term]]) -> Iterator[Unknowns]:
    for subject in comparison.subjects:
        untold: list[Criterion] = []
        undecided: list[Criterion] = []
        for criterion in comparison.criteria:
            cell = comparison.cell(subject, criterion)
            if cell.state is State.UNKNOWN:
                (undecided if cell.findings else untold).append(criterion)
        if untold or undecided:
            age = ages.get(subject.iri, {})
            yield Unknowns(
                subject,
                text_of(age.get("passages")),
                text_of(age.get("sources")),
                text_of(age.get("newest")),
                tuple(untold),
                tuple(undecided),
            )
