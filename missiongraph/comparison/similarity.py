"""How alike missions are designed: Gower's distance, average linkage, and how sure that is.

The distance of two missions is the mean over the criteria that are known of both: the Jaccard
distance of their sets of values, and for figures the difference by the range over all
missions; a rating counts as 1 (yes), 0.5 (partly) or 0 (no). What is unknown of either is left out, and never taken for "no". So a distance rests
on a share of the criteria; filling what is unknown with anything between "the same" and "as
different as can be" shows which groups do not depend on it.

References: J. C. Gower, A general coefficient of similarity and some of its properties,
Biometrics 27 (1971), https://doi.org/10.2307/2528823; R. R. Sokal and C. D. Michener's average
linkage (UPGMA), in P. Legendre and L. Legendre, Numerical Ecology, 2012.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from missiongraph.comparison.matrix import Cell, Comparison, Criterion, State

MOST_SUBJECTS: Final = 60
"""More missions than these are not clustered: nobody could read the tree."""
_SEED: Final = 20210601
_FILLINGS: Final = 200
_MOST_WORK: Final = 4_000_000
_Pair = tuple[int, int]


@dataclass(frozen=True)
class Distance:
    """How far two missions are apart.

    Attributes:
        value: 0 (alike in all that is known of both) to 1; None when nothing is.
        low, high: the least and the most it can be, whatever the unknowns turn out to be.
        known: share of the criteria that are known of both.
    """

    value: float | None
    low: float
    high: float
    known: float


@dataclass(frozen=True)
class Join:
    """Two groups become one.

    Attributes:
        members: places of the missions in the group, sorted.
        height: the mean distance between the two.
        support: share of the fillings of the unknowns in which this very group comes about.
        parts: the two groups: each a join, or the place of one mission.
    """

    members: tuple[int, ...]
    height: float
    support: float
    parts: tuple[Join | int, Join | int]


def distances(comparison: Comparison) -> dict[_Pair, Distance]:
    """Return the distance of each pair of missions, by their places in the comparison."""
    spans = _spans(comparison)
    return {
        (one, other): _distance(comparison, one, other, spans)
        for other in range(len(comparison.subjects))
        for one in range(other)
    }


def cluster(comparison: Comparison) -> Join | None:
    """Return the tree of the missions; None for fewer than two, or more than ``MOST_SUBJECTS``."""
    count = len(comparison.subjects)
    if not 2 <= count <= MOST_SUBJECTS:
        return None
    between = distances(comparison)
    chance = random.Random(_SEED)
    rounds = max(20, min(_FILLINGS, _MOST_WORK // count**3))
    seen: dict[tuple[int, ...], int] = {}
    for _ in range(rounds):
        filled = {pair: chance.uniform(d.low, d.high) for pair, d in between.items()}
        for group in _groups(_link(filled, count, {})):
            seen[group] = seen.get(group, 0) + 1
    support = {group: times / rounds for group, times in seen.items()}
    # A pair of which nothing is known in common lies in the middle of what it can be.
    best = {p: (d.low + d.high) / 2 if d.value is None else d.value for p, d in between.items()}
    return _link(best, count, support)


def nearest(comparison: Comparison, place: int) -> list[tuple[int, Distance]]:
    """Return the other missions with a known distance, the nearest first."""
    spans = _spans(comparison)
    found = [
        (distance.value, -distance.known, other, distance)
        for other in range(len(comparison.subjects))
        if other != place
        for distance in [_distance(comparison, place, other, spans)]
        if distance.value is not None
    ]
    return [(other, distance) for *_, other, distance in sorted(found, key=lambda f: f[:3])]


def cell_distance(one: Cell, other: Cell, span: float = 0.0) -> float | None:
    """Return the distance of two cells, 0 to 1; None where either is unknown or not applicable.

    Args:
        one: a cell.
        other: another of the same criterion.
        span: the range of the criterion's figures over all missions; 0 where it has none.
    """
    states = {one.state, other.state}
    if states & {State.UNKNOWN, State.NOT_APPLICABLE}:
        return None
    numbers = [_figure(cell) for cell in (one, other)]
    if span and None not in numbers:
        first, second = (number or 0.0 for number in numbers)
        return abs(first - second) / span
    union = one.values | other.values
    return 1 - len(one.values & other.values) / len(union)


def _distance(comparison: Comparison, one: int, other: int, spans: dict[str, float]) -> Distance:
    first, second = comparison.subjects[one], comparison.subjects[other]
    parts: list[float] = []
    unknown = 0
    for criterion in comparison.criteria:
        cells = comparison.cell(first, criterion), comparison.cell(second, criterion)
        found = cell_distance(*cells, spans[criterion.name])
        if found is not None:
            parts.append(found)
        elif State.NOT_APPLICABLE not in {cell.state for cell in cells}:
            unknown += 1
    total = len(parts) + unknown
    if not total:
        return Distance(None, 0.0, 1.0, 0.0)
    low, high = sum(parts) / total, (sum(parts) + unknown) / total
    mean = sum(parts) / len(parts) if parts else None
    return Distance(mean, low, high, len(parts) / total)


def _spans(comparison: Comparison) -> dict[str, float]:
    return {criterion.name: _span(comparison, criterion) for criterion in comparison.criteria}


def _span(comparison: Comparison, criterion: Criterion) -> float:
    """Return the range of a criterion's figures; ratings go from no (0) by partly to yes (1)."""
    findings = [finding for cell in comparison.row(criterion) for finding in cell.findings]
    if findings and all(finding.coder and 0 <= (finding.number or 0) <= 1 for finding in findings):
        return 1.0
    figures = [_figure(cell) for cell in comparison.row(criterion)]
    numbers = [figure for figure in figures if figure is not None]
    units = {finding.text.partition(" ")[2] for finding in findings}
    return max(numbers) - min(numbers) if numbers and len(units) == 1 else 0.0


def _figure(cell: Cell) -> float | None:
    """Return a cell's one figure; None when it has none, or several."""
    numbers = {finding.number for finding in cell.findings}
    (number,) = numbers if len(numbers) == 1 else (None,)
    return None if number is None else float(number)


def _link(between: dict[_Pair, float], count: int, support: dict[tuple[int, ...], float]) -> Join:
    """Return the tree by average linkage; of equal distances the first pair is joined."""
    groups: list[tuple[tuple[int, ...], Join | int]] = [((place,), place) for place in range(count)]
    gaps = [
        [0.0 if a == b else between[min(a, b), max(a, b)] for b in range(count)]
        for a in range(count)
    ]
    while True:
        a, b = min(
            ((a, b) for b in range(len(groups)) for a in range(b)),
            key=lambda pair: gaps[pair[0]][pair[1]],
        )
        (left, one), (right, other) = groups[a], groups[b]
        members = tuple(sorted(left + right))
        joined = Join(members, gaps[a][b], support.get(members, 0.0), (one, other))
        if len(groups) == 2:
            return joined
        merged = _mean_gaps(gaps[a], gaps[b], len(left), len(right))
        kept = [place for place in range(len(groups)) if place not in (a, b)]
        gaps = [[gaps[x][y] for y in kept] + [merged[x]] for x in kept]
        gaps.append([merged[x] for x in kept] + [0.0])
        groups = [groups[place] for place in kept] + [(members, joined)]


def _mean_gaps(
    one: Sequence[float], other: Sequence[float], weight: int, second: int
) -> list[float]:
    total = weight + second
    return [(a * weight + b * second) / total for a, b in zip(one, other, strict=True)]


def _groups(tree: Join | int) -> list[tuple[int, ...]]:
    if isinstance(tree, int):
        return []
    return [tree.members, *_groups(tree.parts[0]), *_groups(tree.parts[1])]
