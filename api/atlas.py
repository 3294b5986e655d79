"""The maps: missions by country and cities of missions, on a base that is served from here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.browsing import key_of
from missiongraph.api.history import served_to
from missiongraph.api.labelled import labels_of
from missiongraph.api.place_names import plain
from missiongraph.api.values import Shown, href_of, show
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri

WIDTH: Final = 2000
HEIGHT: Final = 840
"""Size of the base map, in the units of its drawing (.ci/vendor)."""
EUROPE_WIDTH: Final = 1650
EUROPE_HEIGHT: Final = 900
_EUROPE: Final = (932, 52)
_FINER: Final = 5
_VENDOR: Final = Path(__file__).parent / "static" / "vendor"
_PAGE: Final = problems.responses("A page.", templates.HTML)
_RADIUS_OF_ONE: Final = 13.0
router = APIRouter(tags=["Pages"])


@dataclass(frozen=True)
class Mark:
    """A place on the map.

    Attributes:
        label: the place.
        missions: how many there are.
        x: centre of the mark, from the left; in units of the map.
        y: centre of the mark, from the top.
        radius: its area is proportional to ``missions``.
        href: the missions of the place.
    """

    label: str
    missions: int
    x: int
    y: int
    radius: float
    href: str


@dataclass(frozen=True)
class Atlas:
    """What the map shows, and the places that have no point on it."""

    marks: tuple[Mark, ...]
    elsewhere: tuple[Mark, ...]


@dataclass(frozen=True)
class CityMark:
    """A city on the map of Europe, and what it is chosen for.

    Attributes:
        label: the city, and its country.
        country: the country.
        href: the city's page.
        missions: the missions that it is in.
        instruments: what it was chosen by; empty where the mission is its own.
        x: from the left of the map of Europe; negative when its place is not known.
        y: from the top.
    """

    label: str
    country: str
    href: str
    missions: tuple[Shown, ...]
    instruments: tuple[Shown, ...]
    x: float
    y: float

    @property
    def is_on_map(self) -> bool:
        """Whether it lies on the map of Europe."""
        return 0 <= self.x <= EUROPE_WIDTH and 0 <= self.y <= EUROPE_HEIGHT


@router.get("/map", summary="The map", responses=_PAGE, response_class=Response)
def map_of_missions(request: Request) -> Response:
    """Show where missions are, and the cities that take part in them."""
    store = served_to(request).store
    body = templates.render(
        request,
        "map.html",
        atlas=atlas(store),
        cities=cities(store),
        question=find_question("mission-cities"),
        map_width=WIDTH,
        map_height=HEIGHT,
        europe_width=EUROPE_WIDTH,
        europe_height=EUROPE_HEIGHT,
    )
    return answer_with(request, templates.HTML, body)


def cities(store: Store) -> tuple[CityMark, ...]:
    """Return the cities of missions, each with its point by its country and name."""
    found: dict[str, list[dict[str, Term]]] = {}
    for row in answer_table(store, find_question("mission-cities")).records():
        found.setdefault(text_of_iri(row["city"]), []).append(row)
    marks = (_city(iri, rows) for iri, rows in found.items())
    return tuple(sorted(marks, key=lambda mark: (mark.country, mark.label)))


def point_of_city(code: str, name: str) -> tuple[float, float]:
    """Return where a city is on the map of Europe, (-1, -1) when that is not known.

    >>> point_of_city("DNK", "Nowhere")
    (-1.0, -1.0)
    """
    found = _city_points().get(code, {}).get(plain(name))
    if found is None:
        return -1.0, -1.0
    (left, top), (x, y) = _EUROPE, found
    return round((x - left) * _FINER, 1), round((y - top) * _FINER, 1)


def _city(iri: str, rows: Sequence[dict[str, Term]]) -> CityMark:
    name = text_of(rows[0].get("cityLabel")) or iri
    x, y = point_of_city(text_of(rows[0].get("code")), name)
    return CityMark(
        label=name,
        country=text_of(rows[0].get("countryLabel")),
        href=href_of(iri),
        missions=_each(rows, "mission"),
        instruments=_each(rows, "instrument"),
        x=x,
        y=y,
    )


def _each(rows: Sequence[dict[str, Term]], name: str) -> tuple[Shown, ...]:
    return tuple(
        dict.fromkeys(show(row[name], row.get(f"{name}Label")) for row in rows if name in row)
    )


def atlas(store: Store) -> Atlas:
    """Return the places of missions; a country has its point by its code."""
    rows = answer_table(store, find_question("missions-by-place")).records()
    marks = [_mark(row) for row in rows]
    return Atlas(_on_map(marks, True), _on_map(marks, False))


def points(store: Store) -> dict[str, tuple[float, float]]:
    """Return where places are on the map, by IRI.

    A country has its own point; a place within one that of the city of its name, or else the
    country's.
    """
    found: dict[str, tuple[float, float]] = {}
    rows = answer_table(store, find_question("place-points")).records()
    within = [row["place"] for row in rows if text_of(row["within"]) == "yes"]
    labels = labels_of(store, [place for place in within if isinstance(place, NamedNode)])
    for row in rows:
        iri, code = text_of_iri(row["place"]), text_of(row["code"])
        point: tuple[float, float] | None = _centres().get(code)
        if iri in labels and text_of(row["within"]) == "yes":
            point = _city_points().get(code, {}).get(plain(labels[iri].value)) or point
        if point is not None:
            found.setdefault(iri, (round(point[0], 1), round(point[1], 1)))
    return found


def _on_map(marks: Sequence[Mark], wanted: bool) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if (mark.x >= 0) is wanted)


def _mark(row: dict[str, Term]) -> Mark:
    iri = text_of_iri(row["place"])
    missions = int(text_of(row["missions"]))
    x, y = _centres().get(text_of(row.get("code")), (-1, -1))
    return Mark(
        label=text_of(row.get("placeLabel")) or href_of(iri),
        missions=missions,
        x=x,
        y=y,
        radius=round(_RADIUS_OF_ONE * sqrt(missions), 1),
        href=f"/missions?place={key_of('place', iri)}",
    )


@cache
def _centres() -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = json.loads((_VENDOR / "centres.json").read_text(encoding="utf-8"))
    return {code: (x, y) for code, (x, y) in found.items()}


@cache
def _city_points() -> dict[str, dict[str, tuple[float, float]]]:
    found: dict[str, dict[str, list[float]]] = json.loads(
        (_VENDOR / "cities.json").read_text(encoding="utf-8")
    )
    return {
        code: {name: (x, y) for name, (x, y) in cities.items()} for code, cities in found.items()
    }
