"""What the page of a mission shows first: its targets, who disagrees, and what to ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from missiongraph.api.facts import Property, ThingPage, Value
from missiongraph.api.values import Shown, show, show_property
from missiongraph.names import ID, MG
from missiongraph.questions import Question, all_questions, answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Table, text_of_iri

PREFIX: Final = ID + "mission/"
ASKED: Final = (
    "targets-without-deadline",
    "levels-without-owner",
    "ministries-without-joint-body",
    "uncoordinated-missions",
    "demand-side-gap",
    "single-solution-risk",
    "no-evaluation",
    "external-ownership",
)
"""Questions whose rows say what is lacking in a mission, or not known of it."""


@dataclass(frozen=True)
class TargetCard:
    """A target in a few words.

    Attributes:
        value: the target, with the footnotes of the passages that state it.
        figure: value and unit; empty when no figure is known.
        direction: whether it is to rise or fall; empty when that is not known.
        deadlines: every year that a source tells.
    """

    value: Value
    figure: str
    direction: str
    deadlines: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """A property of the mission or of a target for which sources give different values."""

    iri: str
    thing: Shown
    property: Shown
    values: tuple[Shown, ...]


@dataclass(frozen=True)
class Gap:
    """A question that has something to say of the mission, and in how many rows."""

    question: Question
    rows: int


@dataclass(frozen=True)
class Glance:
    """What a mission's page shows before its facts."""

    aims: tuple[Value, ...]
    targets: tuple[TargetCard, ...]
    disagreements: tuple[Disagreement, ...]
    gaps: tuple[Gap, ...]


def glance_of(store: Store, page: ThingPage) -> Glance | None:
    """Return what the page of a mission shows first; None for other things."""
    if not page.iri.startswith(PREFIX):
        return None
    found = {prop.iri.removeprefix(MG): prop for group in page.groups for prop in group.properties}
    targets = found["hasTarget"].values if "hasTarget" in found else ()
    things = [page.iri, *(ID + t.shown.href.removeprefix("/id/") for t in targets)]
    return Glance(
        aims=found["aim"].values if "aim" in found else (),
        targets=tuple(_card(value) for value in targets),
        disagreements=tuple(_disagreements(store, things)),
        gaps=tuple(_gaps(store, page.iri)),
    )


def _card(value: Value) -> TargetCard:
    details = {prop.iri.removeprefix(MG): prop for prop in value.details}
    figure = " or ".join(_texts(details, "targetValue"))
    unit = " or ".join(_texts(details, "unit"))
    return TargetCard(
        value=value,
        figure=f"{figure} {unit[:1].lower() + unit[1:]}".strip() if figure else "",
        direction=" or ".join(_texts(details, "direction")),
        deadlines=tuple(sorted(_texts(details, "deadline"))),
    )


def _texts(details: dict[str, Property], name: str) -> list[str]:
    return [value.shown.text for value in details[name].values] if name in details else []


def _disagreements(store: Store, things: Sequence[str]) -> Iterator[Disagreement]:
    rows = _ask(store, "contradictions").records()
    pairs = [row for row in rows if text_of_iri(row["thing"]) in things]
    for thing, prop in dict.fromkeys((row["thing"], row["property"]) for row in pairs):
        same = [row for row in pairs if (row["thing"], row["property"]) == (thing, prop)]
        values = [show(row["value"], row.get("valueLabel")) for row in same]
        values += [show(row["otherValue"], row.get("otherValueLabel")) for row in same]
        yield Disagreement(
            text_of_iri(thing),
            show(thing, same[0].get("thingLabel")),
            show_property(prop, same[0].get("propertyLabel")),  # type: ignore[arg-type]
            tuple(sorted(set(values), key=lambda value: value.text)),
        )


def _gaps(store: Store, mission: str) -> Iterator[Gap]:
    for question in _known(ASKED):
        rows = sum(mission in map(text_of_iri, row) for row in _ask(store, question.id).rows)
        if rows:
            yield Gap(question, rows)


def _known(names: Iterable[str]) -> list[Question]:
    questions = all_questions()
    return [questions[name] for name in names if name in questions]


def _ask(store: Store, question_id: str) -> Table:
    """Ask without a parameter: one answer, remembered, serves the pages of all missions."""
    return answer_table(store, find_question(question_id))
