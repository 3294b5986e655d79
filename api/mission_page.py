"""What the page of a mission shows first: its targets, who disagrees, and what to ask of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from missiongraph.api.facts import Property, ThingPage, Value
from missiongraph.api.likeness import Near, nearest_to
from missiongraph.api.serving import Served
from missiongraph.api.thing_tables import (
    Grid,
    actors_by_role_and_level,
    instruments_by_side_and_stage,
)
from missiongraph.api.timeline import Timeline, timeline_of
from missiongraph.api.values import Shown, href_of, in_words, show, show_property
from missiongraph.names import ID, MG
from missiongraph.questions import Question, all_questions, answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Table, Term, text_of, text_of_iri

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
class Alignment:
    """An EU Mission that the mission shares goals with (or the other way round), and why."""

    mission: Shown
    match: str
    confidence: str
    reason: str


@dataclass(frozen=True)
class Progress:
    """What was observed of a target.

    Attributes:
        target: the target.
        observed: the value that was observed.
        goal: the value to be reached; empty when it is not known.
        year: when it was observed; empty when it is not known.
        share: how much of the target value is reached, 0 to 1; None when it cannot be told.
        finding: whether it lies on the line from the baseline to the deadline.
        link: address of the passage.
        summary: what the passage says.
    """

    target: Shown
    observed: Shown
    goal: Shown
    year: str
    share: float | None
    finding: str
    link: str
    summary: str


@dataclass(frozen=True)
class Glance:
    """What a mission's page shows before its facts."""

    aims: tuple[Value, ...]
    targets: tuple[TargetCard, ...]
    gaps: tuple[Gap, ...]
    nearest: tuple[Near, ...]
    timeline: Timeline | None
    grids: tuple[Grid, ...]
    alignment: tuple[Alignment, ...]
    progress: tuple[Progress, ...]


def ask_ahead(served: Served) -> None:
    """Ask what every mission's page needs of all missions, once for a release."""
    _gaps_of_all(served)
    _disagreements_of_all(served)


def glance_of(served: Served, page: ThingPage) -> Glance | None:
    """Return what the page of a mission shows first; None for other things."""
    if not page.iri.startswith(PREFIX):
        return None
    found = {prop.iri.removeprefix(MG): prop for group in page.groups for prop in group.properties}
    targets = found["hasTarget"].values if "hasTarget" in found else ()
    return Glance(
        aims=found["aim"].values if "aim" in found else (),
        targets=tuple(_card(value) for value in targets),
        gaps=tuple(_gaps(served, page.iri)),
        nearest=nearest_to(served, page.iri),
        timeline=timeline_of(served, page.iri),
        grids=tuple(grid for grid in _grids(served, found) if grid),
        alignment=tuple(_alignment(served, page.iri)),
        progress=tuple(_progress(served, page.iri)),
    )


def _grids(served: Served, found: Mapping[str, Property]) -> Iterator[Grid | None]:
    yield actors_by_role_and_level(served, found)
    yield instruments_by_side_and_stage(served, found.get("hasInstrument"))


def _alignment(served: Served, mission: str) -> Iterator[Alignment]:
    for name, other in (("mission", "euMission"), ("euMission", "mission")):
        rows = answer_table(served.store, find_question("eu-alignment"), {name: [mission]})
        for row in rows.records():
            if other not in row:  # an EU Mission that nothing is mapped to
                continue
            yield Alignment(
                show(row[other], row.get(f"{other}Label")),
                in_words(text_of(row.get("match"))).lower(),
                text_of(row.get("confidence")),
                text_of(row.get("reason")),
            )


def _progress(served: Served, mission: str) -> Iterator[Progress]:
    rows = answer_table(served.store, find_question("target-progress"), {"mission": [mission]})
    for row in rows.records():
        yield Progress(
            target=show(row["target"], row.get("targetLabel")),
            observed=show(row.get("value")),
            goal=show(row.get("targetValue")),
            year=text_of(row.get("observedYear")),
            share=_share(row),
            finding=text_of(row.get("finding")),
            link=href_of(text_of_iri(row.get("link"))),
            summary=text_of(row.get("summary")),
        )


def _share(row: Mapping[str, Term]) -> float | None:
    """Return the observed value as a share of the one to be reached, where both are positive."""
    observed, goal = (float(text_of(row[n])) if n in row else 0.0 for n in ("value", "targetValue"))
    return min(1.0, observed / goal) if observed >= 0 and goal > 0 else None


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


def disagreements_of(served: Served, page: ThingPage) -> tuple[Disagreement, ...]:
    """Return what sources say differently of a thing and of what is shown inside its page."""
    nested = [
        ID + value.shown.href.removeprefix("/id/")
        for group in page.groups
        for prop in group.properties
        for value in prop.values
        if value.details
    ]
    found = _disagreements_of_all(served)
    return tuple(each for thing in (page.iri, *nested) for each in found.get(thing, ()))


def _disagreements_of_all(served: Served) -> dict[str, list[Disagreement]]:
    return served.once("disagreements", lambda: _read_disagreements(served.store))


def _read_disagreements(store: Store) -> dict[str, list[Disagreement]]:
    pairs: dict[tuple[Term, Term], list[dict[str, Term]]] = {}
    for row in _ask(store, "contradictions").records():
        pairs.setdefault((row["thing"], row["property"]), []).append(row)
    found: dict[str, list[Disagreement]] = {}
    for (thing, prop), same in pairs.items():
        values = [show(row["value"], row.get("valueLabel")) for row in same]
        values += [show(row["otherValue"], row.get("otherValueLabel")) for row in same]
        disagreement = Disagreement(
            text_of_iri(thing),
            show(thing, same[0].get("thingLabel")),
            show_property(prop, same[0].get("propertyLabel")),  # type: ignore[arg-type]
            tuple(sorted(set(values), key=lambda value: value.text)),
        )
        found.setdefault(text_of_iri(thing), []).append(disagreement)
    return found


def _gaps(served: Served, mission: str) -> Iterator[Gap]:
    for question, rows in _gaps_of_all(served):
        if rows[mission]:
            yield Gap(question, rows[mission])


def _gaps_of_all(served: Served) -> list[tuple[Question, Counter[str]]]:
    """Return for each question of ``ASKED`` how many of its rows name each thing."""
    return served.once("gaps", lambda: [(q, _named(served.store, q)) for q in _known(ASKED)])


def _named(store: Store, question: Question) -> Counter[str]:
    rows = _ask(store, question.id).rows
    return Counter(iri for row in rows for iri in {text_of_iri(term) for term in row})


def _known(names: Iterable[str]) -> list[Question]:
    questions = all_questions()
    return [questions[name] for name in names if name in questions]


def _ask(store: Store, question_id: str) -> Table:
    """Ask without a parameter: one answer, remembered, serves the pages of all missions."""
    return answer_table(store, find_question(question_id))
