"""``/missions``: browse by facets, with counts, as a table, as cards or as CSV.

A mission is shown when, for each facet that is asked for, it has one of the values given;
``unknown`` is a value like any other. Counts beside a value say how many missions would be
shown with it, everything else that is asked for being as it is.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.history import served_to
from missiongraph.api.serving import Served
from missiongraph.api.values import href_of
from missiongraph.errors import BadParameter
from missiongraph.formats import CSV
from missiongraph.names import CONCEPT, ID, MG
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import text_of, text_of_iri

UNKNOWN: Final = "unknown"
FACETS: Final = {
    "place": "Place",
    "governanceLevel": "Governance level",
    "status": "Status",
    "addresses": "Challenge",
    "relatedGoal": "Sustainable Development Goal",
    "policyField": "Policy field",
    "missionType": "Mission type",
    "side": "Side of instruments",
    "deadlineYear": "Deadline",
    "partOf": "Programme",
    "ownedBy": "Owner",
    "hasTarget": "Target",
    "hasFunding": "Funding",
}
"""Facets by the local name of their property, which is also their parameter."""
WHETHER: Final = frozenset({"hasTarget", "hasFunding"})
"""Facets of which only matters whether anything is known."""
KNOWN: Final = "known"
SORTS: Final = {"name": "Name", "place": "Place", "deadline": "Deadline", "status": "Status"}
VIEWS: Final = ("table", "cards")
_COLUMNS: Final = (
    "place", "governanceLevel", "status", "ownedBy", "addresses", "hasTarget", "deadlineYear",
)  # fmt: skip
_LAST: Final = "\uffff"
_PAGE: Final = problems.responses("A page.", templates.HTML)
_TABLE: Final = problems.responses("One row for each mission.", CSV)
router = APIRouter(tags=["Pages"])


@dataclass(frozen=True)
class Named:
    """A value of a facet: how an address writes it, how people read it, and where it leads."""

    key: str
    label: str
    href: str = ""


@dataclass
class BrowsedMission:
    """A mission with the values of its facets, by the facet's name."""

    iri: str
    label: str
    aim: str = ""
    values: dict[str, list[Named]] = field(default_factory=dict)

    def keys(self, facet: str) -> set[str]:
        """Return how its values of a facet are written; ``unknown`` when it has none."""
        return {value.key for value in self.values.get(facet, ())} or {UNKNOWN}

    def text(self, facet: str) -> str:
        """Return its values of a facet as one text; empty when it has none."""
        return "; ".join(value.label for value in self.values.get(facet, ()))


@dataclass(frozen=True)
class Option:
    """One value that a facet offers, and how many missions it would show."""

    key: str
    label: str
    count: int
    chosen: bool


@router.get("/missions", summary="Browse missions", responses=_PAGE, response_class=Response)
def missions(request: Request) -> Response:
    """Show the missions that have the values asked for, and what they could be narrowed by."""
    chosen, sort, view = _asked(request)
    every = all_browsed(served_to(request))
    shown = sorted_by(sort, selected(every, chosen))
    body = templates.render(
        request,
        "missions.html",
        facets={name: options(every, chosen, name) for name in FACETS},
        labels=FACETS,
        missions=shown,
        total=len(every),
        chosen=chosen,
        sort=sort,
        sorts=SORTS,
        view=view,
        columns=_COLUMNS,
        address=_query_string(request),
    )
    return answer_with(request, templates.HTML, body)


@router.get(
    "/missions.csv",
    summary="The missions that are shown, as CSV",
    responses=_TABLE,
    response_class=Response,
)
def missions_as_csv(request: Request) -> Response:
    """Give one row for each mission shown; what no source says is ``unknown``."""
    chosen, sort, _ = _asked(request)
    every = all_browsed(served_to(request))
    body = _csv(sorted_by(sort, selected(every, chosen)))
    return answer_with(request, CSV, body)


def all_browsed(served: Served) -> list[BrowsedMission]:
    """Return every mission with the values of its facets, made once for a release."""
    return served.once("browsed missions", lambda: _browsed_missions(served.store))


def _browsed_missions(store: Store) -> list[BrowsedMission]:
    """Return every mission with the values of its facets."""
    found: dict[str, BrowsedMission] = {}
    for row in answer_table(store, find_question("mission-facets")).records():
        iri = text_of_iri(row["mission"])
        mission = found.setdefault(iri, BrowsedMission(iri, text_of(row.get("missionLabel"))))
        facet = text_of_iri(row.get("facet")).removeprefix(MG)
        value = row.get("value")
        if facet == "aim":
            mission.aim = mission.aim or text_of(value)
        elif facet:
            mission.values.setdefault(facet, []).append(_named(facet, value, row.get("valueLabel")))
    return list(found.values())


def selected(
    every: Iterable[BrowsedMission], chosen: Mapping[str, Sequence[str]]
) -> list[BrowsedMission]:
    """Return the missions that have one of the chosen values of each chosen facet."""
    return [
        mission
        for mission in every
        if all(_matches(mission, facet, keys) for facet, keys in chosen.items())
    ]


def options(
    every: Sequence[BrowsedMission], chosen: Mapping[str, Sequence[str]], facet: str
) -> list[Option]:
    """Return what a facet offers, the most frequent first, ``unknown`` last."""
    others = {name: keys for name, keys in chosen.items() if name != facet}
    counts = Counter(key for m in selected(every, others) for key in _keys(m, facet))
    labels = {v.key: v.label for m in every for v in m.values.get(facet, ())}
    labels |= {UNKNOWN: "unknown", KNOWN: "known"}
    picked = chosen.get(facet, ())
    found = [
        Option(key, labels.get(key, key), counts[key], key in picked) for key in {*counts, *picked}
    ]
    year = facet == "deadlineYear"
    return sorted(
        found,
        key=lambda o: (o.key == UNKNOWN, o.key if year else "", 0 if year else -o.count, o.label),
    )


def sorted_by(sort: str, missions: Iterable[BrowsedMission]) -> list[BrowsedMission]:
    """Return missions in the order of ``SORTS``; those without the value come last."""
    facet = {"place": "place", "deadline": "deadlineYear", "status": "status"}.get(sort, "")
    return sorted(
        missions,
        key=lambda m: ((m.text(facet) or _LAST) if facet else "", m.label.casefold(), m.iri),
    )


def _keys(mission: BrowsedMission, facet: str) -> set[str]:
    keys = mission.keys(facet)
    return {KNOWN} if facet in WHETHER and keys != {UNKNOWN} else keys


def _matches(mission: BrowsedMission, facet: str, keys: Sequence[str]) -> bool:
    return not _keys(mission, facet).isdisjoint(keys)


def _named(facet: str, value: object, label: object) -> Named:
    if not isinstance(value, NamedNode):
        text = str(getattr(value, "value", ""))
        return Named(text, text)
    return Named(key_of(facet, value.value), text_of(label) or value.value, href_of(value.value))  # type: ignore[arg-type]


def key_of(facet: str, iri: str) -> str:
    """Return how an address writes a value: its slug, with its scheme where there are several.

    >>> key_of("place", "https://w3id.org/missiongraph/id/place/denmark")
    'denmark'
    >>> key_of("missionType", "https://w3id.org/missiongraph/concept/oecd-mission-type/thematic")
    'oecd-mission-type/thematic'
    """
    if facet == "missionType":
        return iri.removeprefix(CONCEPT)
    return iri.removeprefix(ID).removeprefix(CONCEPT).rpartition("/")[2]


def _asked(request: Request) -> tuple[dict[str, list[str]], str, str]:
    """Return the values of facets, the order and the view that an address asks for."""
    chosen: dict[str, list[str]] = {}
    sort, view = "name", VIEWS[0]
    for name, value in request.query_params.multi_items():
        if name == "sort":
            sort = _one_of("sort", value, SORTS)
        elif name == "view":
            view = _one_of("view", value, VIEWS)
        elif name not in FACETS:
            raise BadParameter(
                f"{name!r} is not a facet of missions.",
                where=name,
                remedy=f"Use: {', '.join((*FACETS, 'sort', 'view'))}.",
            )
        elif value:
            chosen.setdefault(name, []).append(key_of(name, value))
    return chosen, sort, view


def _one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    if value not in allowed:
        raise BadParameter(
            f"{value!r} is not a {name}.", where=name, remedy=f"Write one of: {', '.join(allowed)}."
        )
    return value


def _query_string(request: Request) -> str:
    items = [(name, value) for name, value in request.query_params.multi_items() if value]
    return f"?{urlencode(items)}" if items else ""


def _csv(missions: Iterable[BrowsedMission]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("mission", "missionLabel", *_COLUMNS))
    for mission in missions:
        cells = (mission.text(facet) or UNKNOWN for facet in _COLUMNS)
        writer.writerow((mission.iri, mission.label, *cells))
    return text.getvalue().encode()
