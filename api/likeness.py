"""Missions whose design is nearest to one's, by the comparison of all missions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from missiongraph.api.serving import Served
from missiongraph.api.values import href_of
from missiongraph.comparison.matrix import Comparison
from missiongraph.comparison.reading import Wish, all_missions, compare
from missiongraph.comparison.similarity import nearest

SHOWN: Final = 5
LEAST_KNOWN: Final = 0.2
"""Of two missions at least this share of the criteria has to be known to call them near."""
MOST_MISSIONS: Final = 2000
"""More missions than these are not compared with each other while somebody waits."""


@dataclass(frozen=True)
class Near:
    """A mission whose design is near: the distance (0 alike, 1 not) and what it rests on."""

    label: str
    href: str
    iri: str
    distance: float
    known: float


def nearest_to(served: Served, mission: str) -> tuple[Near, ...]:
    """Return the missions nearest to one in design, none for a remote store.

    Args:
        served: what is compared; all its missions are read once.
        mission: the mission's IRI.
    """
    if served.manifest is None:
        return ()
    return served.once(f"nearest {mission}", lambda: _nearest(all_compared(served), mission))


def all_compared(served: Served) -> Comparison | None:
    """Return the comparison of all missions; None where there are too many, or fewer than two."""
    return served.once("all missions", lambda: _compare_all(served))


def _compare_all(served: Served) -> Comparison | None:
    missions = all_missions(served.store)
    if not 2 <= len(missions) <= MOST_MISSIONS:
        return None
    return compare(served.store, Wish(missions=missions), served.release or "")


def _nearest(comparison: Comparison | None, mission: str) -> tuple[Near, ...]:
    if comparison is None:
        return ()
    places = {subject.iri: place for place, subject in enumerate(comparison.subjects)}
    if mission not in places:
        return ()
    found = [
        (comparison.subjects[place], distance)
        for place, distance in nearest(comparison, places[mission])
        if distance.known >= LEAST_KNOWN
    ]
    return tuple(
        Near(
            subject.label, href_of(subject.iri), subject.iri, distance.value or 0.0, distance.known
        )
        for subject, distance in found[:SHOWN]
    )
