"""Reports: a brief of one mission, or of all missions of a place, to print and to pass on.

A report says nothing that a question does not answer: facts with their passages, what is
lacking by the questions about gaps, who is involved, and which designs are nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from missiongraph.comparison.matrix import Cell, Comparison, Criterion, Passage, State, Subject
from missiongraph.comparison.reading import (
    Wish,
    all_criteria,
    all_missions,
    compare,
    subjects_of,
    text,
)
from missiongraph.comparison.similarity import Distance, nearest
from missiongraph.errors import BadParameter
from missiongraph.names import MG
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term

_GAPS: Final = (
    "targets-without-deadline",
    "levels-without-owner",
    "ministries-without-joint-body",
    "uncoordinated-missions",
    "demand-side-gap",
    "portfolio-gaps",
    "single-solution-risk",
    "no-evaluation",
    "contradictions",
)
_NEAREST: Final = 5
_MOST_ROWS: Final = 12
_ROLES: Final = (
    "ownedBy", "ledBy", "coordinatedBy", "governedBy", "fundedBy", "implementedBy", "evaluatedBy",
    "advisedBy", "regulatedBy", "partneredBy",
)  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What one question finds lacking: its title, what it means, and the rows in words."""

    question: str
    title: str
    about: str
    rows: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Near:
    """A mission whose design is near: which, and how far."""

    subject: Subject
    distance: Distance


@dataclass(frozen=True)
class Brief:
    """What a report says of one mission.

    Attributes:
        subject: the mission.
        facts: by dimension, the criteria of which something is found, and the cell.
        unknown: the criteria of which nothing is found.
        known_share: share of the criteria of which something is found, in percent.
        people: by role, the actors to talk to.
        gaps: what questions find lacking.
        near: the missions of the graph whose design is nearest.
    """

    subject: Subject
    facts: Mapping[str, tuple[tuple[Criterion, Cell], ...]]
    unknown: tuple[Criterion, ...]
    known_share: str
    people: Mapping[str, str]
    gaps: tuple[Gap, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True)
class Report:
    """Briefs, and the passages that they rest on, numbered in the order of the facts."""

    title: str
    briefs: tuple[Brief, ...]
    passages: tuple[Passage, ...] = field(default=())

    def number(self, passage: Passage) -> int:
        """Return the number of a passage, from 1."""
        return self.passages.index(passage) + 1


def report_of(store: Store, name: str, everything: Comparison | None = None) -> Report:
    """Return the report of a mission, or of a place and all its missions.

    Args:
        store: the graph.
        name: slug or IRI of a mission or place.
        everything: the comparison of all missions, where it is at hand.

    Raises:
        BadParameter: neither a mission nor a place has that name.
    """
    subjects = _subjects(store, name)
    everything = everything or compare(store, Wish(missions=all_missions(store)))
    briefs = tuple(_brief(store, everything, subject) for subject in subjects)
    cells = (cell for brief in briefs for facts in brief.facts.values() for _, cell in facts)
    passages = tuple(dict.fromkeys(passage for cell in cells for passage in cell.passages))
    title = briefs[0].subject.label if len(briefs) == 1 else f"{len(briefs)} missions: {name}"
    return Report(title, briefs, passages)


def write_html(report: Report) -> bytes:
    """Return a report as one page of HTML, made for print, without script."""
    return _template().render(report=report, unknown=State.UNKNOWN).encode("utf-8", "replace")


def _subjects(store: Store, name: str) -> tuple[Subject, ...]:
    try:
        return subjects_of(store, Wish(missions=[name]))
    except BadParameter as no_mission:
        try:
            found = subjects_of(store, Wish(places=[name], sort="label"))
        except BadParameter:
            raise no_mission from None
    if not found:
        raise BadParameter(f"{name!r} has no mission.", where="place", remedy="Name a mission.")
    return found


def _brief(store: Store, everything: Comparison, subject: Subject) -> Brief:
    criteria = all_criteria(store)
    cells = [(criterion, everything.cell(subject, criterion)) for criterion in criteria]
    found = [(criterion, cell) for criterion, cell in cells if cell.state is not State.UNKNOWN]
    facts: dict[str, tuple[tuple[Criterion, Cell], ...]] = {}
    for criterion, cell in found:
        heading = criterion.dimension_label or "No dimension"
        facts[heading] = (*facts.get(heading, ()), (criterion, cell))
    place = [s.iri for s in everything.subjects].index(subject.iri)
    near = nearest(everything, place)[:_NEAREST]
    return Brief(
        subject=subject,
        facts=facts,
        unknown=tuple(criterion for criterion, cell in cells if cell.state is State.UNKNOWN),
        known_share=f"{everything.known_share_of(subject):.0%}",
        people=_people(found),
        gaps=tuple(_gaps(store, everything, subject)),
        near=tuple(Near(everything.subjects[other], distance) for other, distance in near),
    )


def _people(found: Iterable[tuple[Criterion, Cell]]) -> dict[str, str]:
    by_iri = {criterion.iri: (criterion.heading, cell.text) for criterion, cell in found}
    return dict(by_iri[MG + role] for role in _ROLES if MG + role in by_iri)


def _gaps(store: Store, everything: Comparison, subject: Subject) -> Iterable[Gap]:
    for name in _GAPS:
        question = find_question(name)
        given = {"mission": [subject.iri]}
        if "mission" not in question.parameters:  # of any thing: the mission and its targets
            given = {"thing": [subject.iri, *_targets(everything, subject)]}
        records = answer_table(store, question, given).records()
        rows = tuple(dict.fromkeys(_words(record, subject) for record in records))
        if rows:
            yield Gap(name, question.title, question.about, rows[:_MOST_ROWS], len(rows))


def _targets(everything: Comparison, subject: Subject) -> Iterable[str]:
    targets = (c for c in everything.criteria if c.iri == MG + "hasTarget")
    return dict.fromkeys(f.value for c in targets for f in everything.cell(subject, c).findings)


def _words(record: Mapping[str, Term], subject: Subject) -> str:
    """Return a row in words: labels and findings, without what every row repeats."""
    told = [
        text(term)
        for name, term in record.items()
        if name.endswith("Label") or name in ("finding", "lacking", "part", "value")
    ]
    return ", ".join(dict.fromkeys(word for word in told if word and word != subject.label))


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
