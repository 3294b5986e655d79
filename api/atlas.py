"""The map of missions: marks on a base map that is served from here, drawn without script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Final

from missiongraph.api.browsing import key_of
from missiongraph.api.values import href_of
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri

WIDTH: Final = 2000
HEIGHT: Final = 840
"""Size of the base map, in the units of its drawing (.ci/vendor)."""
_CENTRES: Final = Path(__file__).parent / "static" / "vendor" / "centres.json"
_RADIUS_OF_ONE: Final = 13.0


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


def atlas(store: Store) -> Atlas:
    """Return the places of missions; a country has its point by its code."""
    rows = answer_table(store, find_question("missions-by-place")).records()
    marks = [_mark(row) for row in rows]
    return Atlas(_on_map(marks, True), _on_map(marks, False))


def points(store: Store) -> dict[str, tuple[int, int]]:
    """Return where places are on the map, by IRI: countries, and places within one at its point."""
    found: dict[str, tuple[int, int]] = {}
    for row in answer_table(store, find_question("place-points")).records():
        point = _centres().get(text_of(row["code"]))
        if point is not None:
            found.setdefault(text_of_iri(row["place"]), point)
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
    found: dict[str, list[int]] = json.loads(_CENTRES.read_text(encoding="utf-8"))
    return {code: (x, y) for code, (x, y) in found.items()}
