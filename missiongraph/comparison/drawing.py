"""A comparison drawn as SVG: the heat map of its states, and the tree of its missions.

States differ in their mark as well as in their shade, so that a print in grey tells them
apart. Every cell has a title, which browsers show and screen readers read.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from missiongraph.comparison.matrix import Comparison, State
from missiongraph.comparison.similarity import Join, cluster

_CELL: Final = 26
_LABEL_WIDTH: Final = 260
_HEAD_HEIGHT: Final = 170
_LONGEST_LABEL: Final = 40
_FILLS: Final = {
    State.KNOWN: "#1d4e5f",
    State.NO: "#c9a26a",
    State.NOT_APPLICABLE: "#ffffff",
    State.UNKNOWN: "#e9e6df",
}
_INKS: Final = {State.KNOWN: "#ffffff"}
_TREE_WIDTH: Final = 420
_STYLE: Final = (
    "text{font-family:sans-serif;font-size:12px;fill:#1c2326}"
    ".mark{text-anchor:middle}.dimension{font-weight:bold}"
    "rect{stroke:#8a8578;stroke-width:.5}path{fill:none;stroke:#1c2326}"
)


def heat_map(comparison: Comparison) -> bytes:
    """Return a cell for each mission and criterion, criteria under their dimensions."""
    parts: list[str] = []
    y = _HEAD_HEIGHT
    for place, subject in enumerate(comparison.subjects):
        x = _LABEL_WIDTH + place * _CELL + _CELL * 0.65
        parts.append(
            f'<text transform="translate({x:.1f} {_HEAD_HEIGHT - 8}) rotate(-60)">'
            f"{escape(_short(subject.label))}</text>"
        )
    for dimension, criteria in comparison.by_dimension().items():
        parts.append(f'<text class="dimension" x="4" y="{y + 18}">{escape(dimension)}</text>')
        y += _CELL
        for criterion in criteria:
            parts.append(f'<text x="12" y="{y + 17}">{escape(_short(criterion.heading))}</text>')
            parts += [
                _square(_LABEL_WIDTH + place * _CELL, y, comparison, place, criterion_place)
                for place in range(len(comparison.subjects))
                for criterion_place in [comparison.criteria.index(criterion)]
            ]
            y += _CELL
    parts += _legend(y + 14)
    width = _LABEL_WIDTH + len(comparison.subjects) * _CELL + _HEAD_HEIGHT
    return _svg(max(width, 640), y + 44, "Comparison of missions", parts)


def dendrogram(comparison: Comparison) -> bytes:
    """Return the tree of the missions; each join says in how many fillings of unknowns it holds."""
    tree = cluster(comparison)
    if tree is None:
        return _svg(640, 40, "No tree", ['<text x="4" y="20">Too few or too many missions.</text>'])
    order = _leaves(tree)
    heights = {place: 24 + row * _CELL for row, place in enumerate(order)}
    parts = [
        f'<text x="{_TREE_WIDTH + 8}" y="{y + 4}">{escape(comparison.subjects[place].label)}</text>'
        for place, y in heights.items()
    ]
    _draw(tree, heights, parts)
    bottom = 24 + len(order) * _CELL
    parts.append(
        f'<text x="4" y="{bottom + 16}">Distance grows to the left, from 0 at the names to 1. A '
        "figure: in how many of 100 fillings of the unknowns the group is there.</text>"
    )
    return _svg(_TREE_WIDTH + 420, bottom + 30, "Missions by likeness of their design", parts)


def _square(x: int, y: int, comparison: Comparison, place: int, criterion_place: int) -> str:
    subject, criterion = comparison.subjects[place], comparison.criteria[criterion_place]
    cell = comparison.cell(subject, criterion)
    mark = "!" if cell.disagreement else cell.state.mark
    told = f"{subject.label}, {criterion.heading}: {cell.text}"
    told += ", sources or coders disagree" if cell.disagreement else ""
    ink = _INKS.get(cell.state, "#1c2326")
    return (
        f'<g><title>{escape(told)}</title><rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" '
        f'fill="{_FILLS[cell.state]}"/><text class="mark" style="fill:{ink}" '
        f'x="{x + _CELL / 2}" y="{y + 17}">{mark}</text></g>'
    )


def _legend(y: int) -> list[str]:
    parts: list[str] = []
    for place, state in enumerate(State):
        x = 12 + place * 130
        ink = _INKS.get(state, "#1c2326")
        parts.append(
            f'<rect x="{x}" y="{y}" width="18" height="18" fill="{_FILLS[state]}"/>'
            f'<text class="mark" style="fill:{ink}" x="{x + 9}" y="{y + 13}">{state.mark}</text>'
            f'<text x="{x + 24}" y="{y + 13}">{state.value}</text>'
        )
    return [*parts, f'<text x="{12 + 4 * 130}" y="{y + 13}">! disagreement</text>']


def _draw(tree: Join | int, heights: dict[int, int], parts: list[str]) -> tuple[float, float]:
    """Draw a group and return where its stem is: x and y."""
    if isinstance(tree, int):
        return _TREE_WIDTH, heights[tree]
    ends = [_draw(part, heights, parts) for part in tree.parts]
    x = _TREE_WIDTH - tree.height * (_TREE_WIDTH - 20)
    (x1, y1), (x2, y2) = ends
    parts.append(f'<path d="M{x1:.1f} {y1:.1f}H{x:.1f}V{y2:.1f}H{x2:.1f}"/>')
    middle = (y1 + y2) / 2
    parts.append(f'<text x="{x + 3:.1f}" y="{middle + 4:.1f}">{round(tree.support * 100)}</text>')
    return x, middle


def _leaves(tree: Join | int) -> list[int]:
    return [tree] if isinstance(tree, int) else [p for part in tree.parts for p in _leaves(part)]


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def _svg(width: float, height: float, title: str, parts: list[str]) -> bytes:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" aria-label={quoteattr(title)}>'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f'<rect width="100%" height="100%" fill="#ffffff" style="stroke:none"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""]).encode()
