"""The diagram of classes: boxes in columns, their properties as rows, lines to what these take.

Laid out from the ontology alone and drawn without script. Classes whose properties lead to
many stand left of those they lead to (the greedy order of Eades, Lin and Smyth 1993,
doi:10.1016/0020-0190(93)90079-O), and within a column near those they are joined with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from missiongraph.api.terms import Relation

COLUMNS: Final = 4
BOX: Final = 244
ROW: Final = 21
HEAD: Final = 28
_GAP: Final = 44
_BETWEEN: Final = 16
_MARGIN: Final = 6
_SWEEPS: Final = 8
_BEND: Final = 34
_ROOM_FOR_BENDS: Final = 30


@dataclass(frozen=True)
class Box:
    """A class on the diagram.

    Attributes:
        name: its local name.
        label: its name in words.
        rows: its properties with what they take.
        x: left edge.
        y: upper edge.
    """

    name: str
    label: str
    rows: tuple[Relation, ...]
    x: int
    y: int

    @property
    def height(self) -> int:
        """Height of the box."""
        return HEAD + ROW * len(self.rows)


@dataclass(frozen=True)
class Line:
    """A line from a property's row to the class that it takes: the path, and what it says."""

    path: str
    is_subclass: bool
    words: str


@dataclass(frozen=True)
class Diagram:
    """Boxes and lines, ready to be drawn."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        """Width of the drawing."""
        return 2 * _MARGIN + COLUMNS * BOX + (COLUMNS - 1) * _GAP + _ROOM_FOR_BENDS

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return max((box.y + box.height for box in self.boxes), default=0) + _MARGIN


def diagram_of(labels: Mapping[str, str], relations: Sequence[Relation]) -> Diagram:
    """Return the diagram of classes, given by local name with their labels, and their relations."""
    rows = {name: tuple(r for r in relations if r.source == name) for name in labels}
    columns = _columns(_greedy_order(sorted(labels), relations), rows)
    _settle(columns, rows, relations)
    boxes = {box.name: box for box in _boxes(columns, rows, labels)}
    lines = tuple(
        _line(box, place, boxes[row.target], labels)
        for box in boxes.values()
        for place, row in enumerate(box.rows)
    )
    return Diagram(tuple(boxes.values()), lines)


def _greedy_order(names: Sequence[str], relations: Iterable[Relation]) -> list[str]:
    """Return names in an order in which most relations lead onwards."""
    edges = {(r.source, r.target) for r in relations if r.source != r.target}
    left: list[str] = []
    right: list[str] = []
    waiting = list(names)
    while waiting:
        out = {n: sum(a == n and b in waiting for a, b in edges) for n in waiting}
        into = {n: sum(b == n and a in waiting for a, b in edges) for n in waiting}
        sink = next((n for n in waiting if not out[n] and into[n]), None)
        chosen = sink or max(waiting, key=lambda n: (not into[n], out[n] - into[n]))
        (right if sink else left).append(chosen)
        waiting.remove(chosen)
    return left + right[::-1]


def _columns(order: Sequence[str], rows: Mapping[str, Sequence[Relation]]) -> list[list[str]]:
    """Part names, in order, into columns that are about as high as each other."""
    heights = {name: _height(rows[name]) for name in order}
    share = sum(heights.values()) / COLUMNS
    columns: list[list[str]] = [[] for _ in range(COLUMNS)]
    above = 0.0
    for name in order:
        middle = above + heights[name] / 2
        columns[min(int(middle / share), COLUMNS - 1)].append(name)
        above += heights[name]
    return columns


def _settle(
    columns: list[list[str]], rows: Mapping[str, Sequence[Relation]], relations: Iterable[Relation]
) -> None:
    """Order each column so that classes stand near those of other columns they are joined with."""
    joined: dict[str, list[str]] = {name: [] for name in rows}
    for relation in relations:
        joined[relation.source].append(relation.target)
        joined[relation.target].append(relation.source)
    for _ in range(_SWEEPS):
        for column in columns:
            middles = _middles(columns, rows)
            wanted = {
                name: fmean(
                    [middles[o] for o in joined[name] if o not in column] or [middles[name]]
                )
                for name in column
            }
            column.sort(key=lambda name, wanted=wanted: (wanted[name], name))  # type: ignore[misc]


def _middles(
    columns: Sequence[Sequence[str]], rows: Mapping[str, Sequence[Relation]]
) -> dict[str, float]:
    found: dict[str, float] = {}
    for column in columns:
        y = 0
        for name in column:
            found[name] = y + _height(rows[name]) / 2
            y += _height(rows[name])
    return found


def _height(rows: Sequence[Relation]) -> int:
    return HEAD + ROW * len(rows) + _BETWEEN


def _boxes(
    columns: Sequence[Sequence[str]],
    rows: Mapping[str, tuple[Relation, ...]],
    labels: Mapping[str, str],
) -> Iterable[Box]:
    for number, column in enumerate(columns):
        y = _MARGIN
        for name in column:
            yield Box(name, labels[name], rows[name], _MARGIN + number * (BOX + _GAP), y)
            y += _height(rows[name])


def _line(box: Box, place: int, target: Box, labels: Mapping[str, str]) -> Line:
    """Return the line of a row: from the side of its box that is nearer to the target's head."""
    row = box.rows[place]
    start_y, end_y = box.y + HEAD + ROW * place + ROW // 2, target.y + HEAD // 2
    if target.x > box.x:
        start_x, end_x, out, into = box.x + BOX, target.x, _BEND, -_BEND
    elif target.x < box.x:
        start_x, end_x, out, into = box.x, target.x + BOX, -_BEND, _BEND
    else:
        start_x = end_x = box.x + BOX
        out = into = _BEND
    path = f"M{start_x} {start_y}C{start_x + out} {start_y} {end_x + into} {end_y} {end_x} {end_y}"
    words = f"{labels[row.source]}: {row.label} {labels[row.target]}"
    return Line(path, not row.name, words)
