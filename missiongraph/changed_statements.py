"""What changed between two releases: which statements, and how many in each graph."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

ADDED: Final = "added"
REMOVED: Final = "removed"
SHOWN: Final = 1000


def changes(before: Path | None, after: Path, previous: str | None) -> str:
    """Return what changed from one sorted N-Quads dump to another, as a JSON document.

    ``totals`` and ``graphs`` say how many statements were added and removed, in all and in
    each graph (the default graph is named ``""``); ``added`` and ``removed`` list the first
    1,000 of them as N-Quads. A first release has no changes.

    Args:
        before: the dump of the release before; None for the first release.
        after: the dump of the new one.
        previous: id of the release before.

    Raises:
        OSError: a dump cannot be read.
        SyntaxError: a dump is not N-Quads.
    """
    totals = Counter({ADDED: 0, REMOVED: 0})
    graphs: dict[str, Counter[str]] = {}
    shown: dict[str, list[str]] = {ADDED: [], REMOVED: []}
    for change, line in changed_lines(before, after) if before else ():
        totals[change] += 1
        graphs.setdefault(_graph_of(line), Counter({ADDED: 0, REMOVED: 0}))[change] += 1
        if len(shown[change]) < SHOWN:
            shown[change].append(line.decode().rstrip("\n"))
    document = {"previous": previous, "totals": totals, "graphs": graphs, **shown}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def changed_lines(before: Path, after: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that only one of two sorted files has, without holding either."""
    with before.open("rb") as old, after.open("rb") as new:
        marked = heapq.merge(_marked(old, REMOVED), _marked(new, ADDED))
        for line, group in groupby(marked, key=lambda item: item[0]):
            marks = [mark for _, mark in group]
            if len(marks) == 1:
                yield marks[0], line


def _marked(lines: Iterable[bytes], mark: str) -> Iterator[tuple[bytes, str]]:
    return ((line, mark) for line in lines)


def _graph_of(line: bytes) -> str:
    (quad,) = parse(line, format=RdfFormat.N_QUADS)
    assert isinstance(quad, Quad)
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
