"""What a comparison is: subjects, criteria, and a cell for each pair of them.

A cell has one of four states, and it never is empty: that no source tells (unknown), that a
coder finds it is not so (no), that it cannot be so (not applicable), and that a value is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import Final


class State(Enum):
    """What is known of a criterion of a mission; the value is how files write it."""

    KNOWN = "known"
    NO = "no"
    NOT_APPLICABLE = "not applicable"
    UNKNOWN = "unknown"

    @property
    def mark(self) -> str:
        """A sign that tells the state where there is no room, in greyscale too."""
        return _MARKS[self]


_MARKS: Final = {
    State.KNOWN: "●",
    State.NO: "✕",
    State.NOT_APPLICABLE: "-",
    State.UNKNOWN: "?",
}


@dataclass(frozen=True)
class Passage:
    """The passage that states a value.

    Attributes:
        iri: the evidence.
        summary: what it says.
        locator: its place in the source; seconds, a page or a section; empty when not known.
        link: address that leads to it; empty when not known.
    """

    iri: str
    summary: str
    locator: str = ""
    link: str = ""


@dataclass(frozen=True)
class Finding:
    """One value that a cell has, or what one coder found.

    Attributes:
        value: the IRI or the literal's text; two findings agree when it is the same.
        text: how people read it, with its unit.
        state: what the value makes of the cell.
        number: the value where it is a figure.
        subject: IRI of what has the value: the mission, or its target, funding, instrument.
        subject_text: its label where it is not the mission itself; else empty.
        coder: who found it; empty when it is no rating.
        passages: where it is stated; none for what was inferred.
    """

    value: str
    text: str
    state: State = State.KNOWN
    number: Decimal | None = None
    subject: str = ""
    subject_text: str = ""
    coder: str = ""
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What is compared: a mission or a programme."""

    iri: str
    label: str

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Criterion:
    """What is compared by: a property, or a criterion of assessments.

    Attributes:
        iri: the property's or the criterion's.
        label: its words.
        dimension: slug of its dimension; empty when it has none.
        dimension_label: the dimension's label; empty when it has none.
        typology: IRI of the typology that its values are of; empty when there is one only.
        typology_label: the typology's label.
        single: whether two values of one thing contradict each other.
        definition: what it means; may be empty.
    """

    iri: str
    label: str
    dimension: str = ""
    dimension_label: str = ""
    typology: str = ""
    typology_label: str = ""
    single: bool = False
    definition: str = ""

    @property
    def name(self) -> str:
        """A short name: of the property, or the last part of the IRI, and of the typology."""
        local = self.iri.rpartition("#")[2] if "#" in self.iri else self.iri.rpartition("/")[2]
        return f"{local}.{self.typology.rpartition('/')[2]}" if self.typology else local

    @property
    def heading(self) -> str:
        """Its label as the head of a row, the typology beside it."""
        words = self.label[:1].upper() + self.label[1:]
        return f"{words} ({self.typology_label})" if self.typology_label else words


@dataclass(frozen=True)
class Cell:
    """All that is known of one criterion of one mission."""

    findings: tuple[Finding, ...] = ()
    single: bool = False

    @property
    def state(self) -> State:
        """The state of the strongest finding: known, then no, then not applicable."""
        found = {finding.state for finding in self.findings}
        for state in (State.KNOWN, State.NO, State.NOT_APPLICABLE):
            if state in found:
                return state
        return State.UNKNOWN

    @property
    def disagreement(self) -> bool:
        """Whether coders found different things, or sources give one thing two values.

        A coder who could not tell disagrees with nobody.
        """
        values: dict[str, set[str]] = {}
        for finding in self.findings:
            if finding.state is not State.UNKNOWN and (finding.coder or self.single):
                values.setdefault("" if finding.coder else finding.subject, set()).add(
                    finding.value
                )
        return any(len(several) > 1 for several in values.values())

    @property
    def text(self) -> str:
        """What people read: the values, or the word for the state; never empty."""
        told = [finding for finding in self.findings if finding.state is not State.UNKNOWN]
        if self.state is not State.KNOWN and not self.disagreement:
            return str(self.state.value)
        return "; ".join(dict.fromkeys(_with_coder(finding, self.disagreement) for finding in told))

    @property
    def values(self) -> frozenset[str]:
        """The values that are known; two cells are the same when theirs are."""
        if self.state is State.KNOWN:
            return frozenset(f.value for f in self.findings if f.state is not State.UNKNOWN)
        return frozenset({self.state.value})

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of all findings, each once."""
        return tuple(dict.fromkeys(p for finding in self.findings for p in finding.passages))


def _with_coder(finding: Finding, wanted: bool) -> str:
    return f"{finding.text} ({finding.coder})" if wanted and finding.coder else finding.text


@dataclass(frozen=True)
class Comparison:
    """Missions against criteria.

    Attributes:
        subjects: the missions and programmes, in the order in which they are shown.
        criteria: the criteria, by dimension.
        cells: by IRI of the subject and name of the criterion; what is not there is unknown.
        release: id of the release that was asked; empty for a remote store.
    """

    subjects: tuple[Subject, ...]
    criteria: tuple[Criterion, ...]
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)
    release: str = ""

    def cell(self, subject: Subject, criterion: Criterion) -> Cell:
        """Return the cell of a pair."""
        return self.cells.get((subject.iri, criterion.name), Cell())

    def row(self, criterion: Criterion) -> tuple[Cell, ...]:
        """Return a criterion's cells, in the order of the subjects."""
        return tuple(self.cell(subject, criterion) for subject in self.subjects)

    def known_share(self, cells: Iterable[Cell]) -> Decimal:
        """Return the share of cells of which something is found, 0 to 1, two places.

        "No" and "not applicable" are findings; only "unknown" is none.
        """
        states = [cell.state for cell in cells]
        found = sum(state is not State.UNKNOWN for state in states)
        return round(Decimal(found) / len(states), 2) if states else Decimal(0)

    def known_share_of(self, subject: Subject) -> Decimal:
        """Return the share of criteria of which something is found for a subject."""
        return self.known_share(self.cell(subject, criterion) for criterion in self.criteria)

    def by_dimension(self) -> dict[str, list[Criterion]]:
        """Return the criteria under the labels of their dimensions."""
        groups: dict[str, list[Criterion]] = {}
        for criterion in self.criteria:
            groups.setdefault(criterion.dimension_label or "No dimension", []).append(criterion)
        return groups

    def differences(self) -> Comparison:
        """Return the comparison with the criteria on which known findings differ."""
        return self._only(lambda cells: len(_found(cells)) > 1)

    def sames(self) -> Comparison:
        """Return the comparison with the criteria on which all are known and the same."""
        return self._only(
            lambda cells: (
                len(_found(cells)) == 1 and all(c.state is not State.UNKNOWN for c in cells)
            )
        )

    def sorted_by_known(self) -> Comparison:
        """Return the comparison with the subjects of which most is known first."""
        ranked = sorted(self.subjects, key=lambda s: (-self.known_share_of(s), s.label, s.iri))
        return replace(self, subjects=tuple(ranked))

    def __iter__(self) -> Iterator[tuple[Subject, Criterion, Cell]]:
        for subject in self.subjects:
            for criterion in self.criteria:
                yield subject, criterion, self.cell(subject, criterion)

    def _only(self, holds: Callable[[tuple[Cell, ...]], bool]) -> Comparison:
        kept = tuple(criterion for criterion in self.criteria if holds(self.row(criterion)))
        return replace(self, criteria=kept)


def _found(cells: Iterable[Cell]) -> set[frozenset[str]]:
    return {cell.values for cell in cells if cell.state is not State.UNKNOWN}
