"""``/sources``, ``/coverage``, ``/staleness``: what was read, what it tells, and how old it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.browsing import key_of
from missiongraph.api.charts import Chart, chart_of_figures
from missiongraph.api.history import served_to
from missiongraph.api.labelled import show_table
from missiongraph.api.serving import Served
from missiongraph.api.values import Shown, show, show_property
from missiongraph.errors import BadParameter
from missiongraph.names import ID
from missiongraph.questions import answer_table, choices, find_question
from missiongraph.tables import Table, Term, text_of, text_of_iri

STATES: Final = {
    "known": "Known",
    "unknown": "Unknown",
    "no": "No",
    "notApplicable": "Not applicable",
}
"""States of a property of a mission, as the columns of the question ``coverage`` name them."""
NO_KIND: Final = "unknown"
NO_DATE: Final = "unknown"
_STEPS: Final = 10
_ALL: Final = 10_000
_PAGE: Final = problems.responses("A page.", templates.HTML)
router = APIRouter(tags=["Sources"])


@dataclass(frozen=True)
class Kind:
    """A kind of source that the list can be narrowed to, and how many there are of it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Covered:
    """How many missions of a place are in each state of a property.

    Attributes:
        missions: how many missions there are.
        counts: by the names of ``STATES``; coders who differ make them more than ``missions``.
    """

    missions: int
    counts: Mapping[str, int]

    @property
    def step(self) -> int:
        """The share that is known, in tenths; 0 only when nothing is."""
        known = self.counts["known"]
        return -(-known * _STEPS // self.missions) if self.missions else 0


@dataclass(frozen=True)
class CoveredPlace:
    """A place with its missions; the empty key is that of missions whose place is not known."""

    key: str
    label: str
    missions: int


@dataclass(frozen=True)
class Coverage:
    """Properties by places."""

    places: tuple[CoveredPlace, ...]
    properties: tuple[Shown, ...]
    cells: Mapping[tuple[Shown, str], Covered]


@dataclass(frozen=True)
class Claim:
    """One fact that a passage states."""

    subject: Shown
    property: Shown
    value: Shown


@router.get("/sources", summary="All sources", responses=_PAGE, response_class=Response)
def sources(
    request: Request, kind: str = Query("", description="Slug of a kind of source.")
) -> Response:
    """Show the sources, how much was taken from each, and where it is."""
    served = served_to(request)
    question = find_question("sources")
    table = answer_table(served.store, question)
    kinds = _kinds(table)
    if kind and kind not in {each.key for each in kinds}:
        raise BadParameter(
            f"No source is of the kind {kind!r}.",
            where="kind",
            remedy=f"Write one of: {', '.join(each.key for each in kinds)}.",
        )
    shown = show_table(served.store, question, _of_kind(table, kind), _ALL)
    body = templates.render(
        request, "sources.html", question=question, table=shown, kinds=kinds, kind=kind
    )
    return answer_with(request, templates.HTML, body)


@router.get("/coverage", summary="Coverage", responses=_PAGE, response_class=Response)
def coverage(
    request: Request, place: str = Query("", description="A place's slug or IRI.")
) -> Response:
    """Show how much is known of the missions of each place, property by property."""
    store = served_to(request).store
    question = find_question("coverage")
    given = {"place": [place]} if place else {}
    found = coverage_of(answer_table(store, question, given).records())
    offered = choices(store, question.parameters["place"]).records()
    body = templates.render(
        request,
        "coverage.html",
        question=question,
        coverage=found,
        states=STATES,
        places=[(text_of_iri(r["value"]), text_of(r.get("label"))) for r in offered],
        chosen=str(question.parameters["place"].read(place).value) if place else "",
    )
    return answer_with(request, templates.HTML, body)


@router.get("/staleness", summary="Age of sources", responses=_PAGE, response_class=Response)
def staleness(request: Request) -> Response:
    """Show how old the sources of each mission are, those that were not renewed longest first."""
    store = served_to(request).store
    question = find_question("source-age")
    table = by_newest(answer_table(store, question))
    body = templates.render(
        request,
        "staleness.html",
        question=question,
        table=show_table(store, question, table, _ALL),
        chart=_years(table),
    )
    return answer_with(request, templates.HTML, body)


def coverage_of(rows: Iterable[Mapping[str, Term]]) -> Coverage:
    """Return rows of the question ``coverage`` as a table of properties by places.

    Places come in the order of how many missions they have; properties by how often they are
    known.
    """
    places: dict[str, CoveredPlace] = {}
    cells: dict[tuple[Shown, str], Covered] = {}
    known: Counter[Shown] = Counter()
    for row in rows:
        iri = text_of_iri(row.get("place"))
        key = key_of("place", iri)
        missions = int(text_of(row["missions"]))
        label = text_of(row.get("placeLabel")) or "place unknown"
        places[key] = CoveredPlace(key, label, missions)
        prop = show_property(row["property"], row.get("propertyLabel"))  # type: ignore[arg-type]
        counts = {state: int(text_of(row[state])) for state in STATES}
        cells[prop, key] = Covered(missions, counts)
        known[prop] += counts["known"]
    return Coverage(
        tuple(sorted(places.values(), key=lambda p: (p.key == "", -p.missions, p.label))),
        tuple(sorted(known, key=lambda prop: (-known[prop], prop.text))),
        cells,
    )


def by_newest(table: Table) -> Table:
    """Return rows of ``source-age`` by the date of the newest source; undated ones come first."""
    place = table.columns.index("newest")
    rows = sorted(table.rows, key=lambda row: (text_of(row[place]), text_of_iri(row[0])))
    return Table(table.columns, tuple(rows))


def claims_of(served: Served, source: str) -> dict[str, list[Claim]]:
    """Return the facts that each passage of a source states, by the passage's IRI."""
    if not source.startswith(ID + "source/"):
        return {}
    found: dict[str, list[Claim]] = {}
    for row in answer_table(served.store, find_question("claims"), {"source": [source]}).records():
        claim = Claim(
            show(row["subject"], row.get("subjectLabel")),
            show_property(row["property"], row.get("propertyLabel")),  # type: ignore[arg-type]
            show(row["value"], row.get("valueLabel")),
        )
        found.setdefault(text_of_iri(row["evidence"]), []).append(claim)
    return found


def _kinds(table: Table) -> Sequence[Kind]:
    counts = Counter(
        (_kind_of(row), text_of(row.get("kindLabel")) or NO_KIND) for row in table.records()
    )
    found = [Kind(key, label, count) for (key, label), count in counts.items()]
    return sorted(found, key=lambda kind: (-kind.count, kind.label))


def _kind_of(row: Mapping[str, Term]) -> str:
    return text_of_iri(row.get("kind")).rpartition("/")[2] or NO_KIND


def _of_kind(table: Table, kind: str) -> Table:
    """Return the sources of a kind, all for none; the column of kinds is left out then."""
    if not kind:
        return table
    pairs = zip(table.rows, table.records(), strict=True)
    return Table(table.columns, tuple(row for row, named in pairs if _kind_of(named) == kind))


def _years(table: Table) -> Chart | None:
    """Return how many missions have their newest source in each year."""
    place = table.columns.index("newest")
    years = Counter(text_of(row[place])[:4] or NO_DATE for row in table.rows)
    return chart_of_figures("Missions by the year of their newest source", sorted(years.items()))
