"""Tables on the pages of things: missions, ratings, participations, actors and instruments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from missiongraph.api.browsing import BrowsedMission, Named, all_browsed
from missiongraph.api.facts import Property, Value, facts_of
from missiongraph.api.layouts import ROLES, Connection, local
from missiongraph.api.serving import Served
from missiongraph.api.values import Shown, show
from missiongraph.names import BASE
from missiongraph.questions import answer_table, find_question
from missiongraph.tables import Term, text_of_iri

MISSION_COLUMNS: Final = {
    "place": "Place",
    "status": "Status",
    "deadlineYear": "Deadline",
    "ownedBy": "Owner",
}
_RATING_COLUMNS: Final = {"criterion": "Criterion", "rating": "Rating", "coder": "Coder"}
_PARTICIPATION_COLUMNS: Final = {"role": "Role", "contribution": "Contribution, in euros"}
_OBSERVATION_COLUMNS: Final = {"value": "Value", "observedOn": "Observed on"}
_LEVELS: Final = ("global", "supranational", "national", "regional", "local")
_MOST: Final = 100
UNKNOWN: Final = Shown("unknown")


@dataclass(frozen=True)
class Row:
    """A thing with its footnotes, and the values of the columns beside it."""

    thing: Value
    cells: tuple[tuple[Shown, ...], ...]


@dataclass(frozen=True)
class PartTable:
    """Things of one kind that belong to what a page shows.

    Attributes:
        heading: what they are.
        columns: heads of the columns, that of the things first.
        rows: a row for each; no more than a hundred.
        more: how many there are beyond.
    """

    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True)
class Grid:
    """Things by two of their properties; one that is not known has a row or column too."""

    heading: str
    corner: str
    columns: tuple[Shown, ...]
    rows: tuple[tuple[Shown, tuple[tuple[Value, ...], ...]], ...]


def tables_of(served: Served, connected: Sequence[Connection]) -> dict[str, PartTable]:
    """Return the connections that are better read as a table, by their headings."""
    found: dict[str, PartTable] = {}
    for connection in connected:
        if connection.segment == "mission":
            found[connection.heading] = _missions(served, connection)
        elif connection.property in ("assesses", "criterion"):
            found[connection.heading] = _described(served, connection, "Rating", _RATING_COLUMNS)
        elif connection.property == "participant":
            found[connection.heading] = _participations(served, connection)
        elif connection.property == "ofTarget":
            found[connection.heading] = _described(
                served, connection, "Observation", _OBSERVATION_COLUMNS
            )
    return found


def participants(prop: Property | None) -> PartTable | None:
    """Return who takes part in a project, from the facts that its page has already."""
    if prop is None:
        return None
    rows = []
    for value in prop.values:
        details = {local(detail.iri): detail for detail in value.details}
        who = details.get("participant")
        thing = Value(who.values[0].shown, value.notes, value.inferred) if who else value
        rows.append(Row(thing, _cells(details, _PARTICIPATION_COLUMNS)))
    rows.sort(key=lambda row: (_texts(row.cells[0]) != "Coordinator", row.thing.shown.text))
    columns = ("Organisation", *_PARTICIPATION_COLUMNS.values())
    return PartTable("Who takes part", columns, tuple(rows[:_MOST]), len(rows[_MOST:]))


def actors_by_role_and_level(served: Served, found: Mapping[str, Property]) -> Grid | None:
    """Return a mission's actors by their role and governance level; None when there is none."""
    roles = [found[name] for name in ROLES if name in found]
    iris = [_iri(value) for prop in roles for value in prop.values]
    levels = {iri: facts.get("governanceLevel", ()) for iri, facts in _facts(served, iris).items()}
    return _grid(
        "Actors by role and level",
        "Role",
        [
            (Shown(prop.label, prop.href), level, value)
            for prop in roles
            for value in prop.values
            for level in levels.get(_iri(value)) or (UNKNOWN,)
        ],
        lambda level: (
            _LEVELS.index(level.text.lower()) if level.text.lower() in _LEVELS else len(_LEVELS)
        ),
    )


def instruments_by_side_and_stage(served: Served, prop: Property | None) -> Grid | None:
    """Return a mission's instruments by side and innovation stage; None when there is none."""
    if prop is None:
        return None
    facts = _facts(served, [_iri(value) for value in prop.values])
    return _grid(
        "Instruments by side and stage",
        "Side",
        [
            (side, stage, value)
            for value in prop.values
            for side in facts.get(_iri(value), {}).get("side") or (UNKNOWN,)
            for stage in facts.get(_iri(value), {}).get("innovationStage") or (UNKNOWN,)
        ],
        lambda stage: 1 if stage == UNKNOWN else 0,
    )


def _grid(
    heading: str,
    corner: str,
    placed: Sequence[tuple[Shown, Shown, Value]],
    rank: Callable[[Shown], int],
) -> Grid | None:
    if not placed:
        return None
    columns = sorted({column for _, column, _ in placed}, key=lambda c: (rank(c), c.text))
    sides = sorted(dict.fromkeys(r for r, _, _ in placed), key=lambda r: r == UNKNOWN)
    return Grid(
        heading,
        corner,
        tuple(columns),
        tuple(
            (
                side,
                tuple(
                    tuple(dict.fromkeys(v for r, c, v in placed if (r, c) == (side, column)))
                    for column in columns
                ),
            )
            for side in sides
        ),
    )


def _missions(served: Served, connection: Connection) -> PartTable:
    known = {mission.iri: mission for mission in all_browsed(served)}
    rows = [
        Row(value, tuple(_named(known.get(_iri(value)), facet) for facet in MISSION_COLUMNS))
        for value in connection.values
    ]
    rows.sort(key=lambda row: row.thing.shown.text)
    columns = ("Mission", *MISSION_COLUMNS.values())
    return PartTable(connection.heading, columns, tuple(rows[:_MOST]), len(rows[_MOST:]))


def _named(mission: BrowsedMission | None, facet: str) -> tuple[Shown, ...]:
    values: Sequence[Named] = mission.values.get(facet, ()) if mission else ()
    return tuple(Shown(value.label, value.href) for value in values)


def _described(
    served: Served, connection: Connection, head: str, columns: Mapping[str, str]
) -> PartTable:
    values = connection.values[:_MOST]
    facts = _facts(served, [_iri(value) for value in values])
    rows = tuple(
        Row(value, tuple(facts.get(_iri(value), {}).get(name, ()) for name in columns))
        for value in values
    )
    more = len(connection.values) - len(values)
    return PartTable(connection.heading, (head, *columns.values()), rows, more)


def _participations(served: Served, connection: Connection) -> PartTable:
    """Return an actor's participations under the projects that have them."""
    values = connection.values[:_MOST]
    iris = [_iri(value) for value in values]
    facts = _facts(served, iris)
    projects: dict[str, Shown] = {}
    rows = answer_table(served.store, find_question("mentions"), {"thing": iris}).records()
    for row in rows:
        if local(text_of_iri(row["property"])) == "hasParticipation":
            projects[text_of_iri(row["thing"])] = show(row["subject"], row.get("subjectLabel"))
    found = tuple(
        Row(
            Value(projects.get(_iri(value), value.shown), value.notes, value.inferred),
            tuple(facts.get(_iri(value), {}).get(name, ()) for name in _PARTICIPATION_COLUMNS),
        )
        for value in values
    )
    columns = ("Project", *_PARTICIPATION_COLUMNS.values())
    return PartTable(connection.heading, columns, found, len(connection.values) - len(values))


def _facts(served: Served, iris: Iterable[str]) -> dict[str, dict[str, tuple[Shown, ...]]]:
    """Return the values of things by property's name; none for things that are not known."""
    wanted = list(dict.fromkeys(iri for iri in iris if iri))
    found: dict[str, dict[str, tuple[Shown, ...]]] = {}
    if not wanted:
        return found
    for row in facts_of(served.store, wanted).records():
        values = found.setdefault(text_of_iri(row["thing"]), {})
        name, value = local(text_of_iri(row["property"])), _shown(row)
        if value not in values.get(name, ()):
            values[name] = (*values.get(name, ()), value)
    return found


def _shown(row: Mapping[str, Term]) -> Shown:
    return show(row["value"], row.get("valueLabel"))


def _cells(
    details: Mapping[str, Property], columns: Mapping[str, str]
) -> tuple[tuple[Shown, ...], ...]:
    return tuple(
        tuple(value.shown for value in details[name].values) if name in details else ()
        for name in columns
    )


def _texts(cell: Iterable[Shown]) -> str:
    return "; ".join(shown.text for shown in cell)


def _iri(value: Value) -> str:
    """Return the IRI of a thing of ours that a value shows; nothing for another value."""
    href = value.shown.href
    return BASE + href.removeprefix("/") if href.startswith("/id/") else ""
