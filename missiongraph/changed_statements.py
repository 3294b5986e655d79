"""What changed between two releases: which statements, and how many in each graph."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from missiongraph.line_files import LineFile, ranges

ADDED: Final = "added"
REMOVED: Final = "removed"
SHOWN: Final = 1000
PART_BYTES: Final = 32 << 20
_GRAPH_PLACE: Final = 2


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
    for removed, added in changed_parts(before, after) if before else ():
        for change, lines in ((REMOVED, removed), (ADDED, added)):
            totals[change] += len(lines)
            for graph, count in Counter(map(graph_of, lines)).items():
                graphs.setdefault(graph, Counter({ADDED: 0, REMOVED: 0}))[change] += count
            room = SHOWN - len(shown[change])
            shown[change] += (line.decode().rstrip("\n") for line in lines[:room])
    document = {"previous": previous, "totals": totals, "graphs": graphs, **shown}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def changed_lines(before: Path, after: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the lines that only one of two sorted files has, without holding either."""
    for removed, added in changed_parts(before, after):
        marked = heapq.merge(
            ((line, REMOVED) for line in removed), ((line, ADDED) for line in added)
        )
        yield from ((mark, line) for line, mark in marked)


def changed_parts(before: Path, after: Path) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """Yield the lines that only the first, and only the second, of two sorted files has.

    They are in order, and come in parts of a bounded size.
    """
    old, new = LineFile(before), LineFile(after)
    for start, end in ranges((old, new), PART_BYTES):
        texts = old.between(start, end), new.between(start, end)
        if texts[0] != texts[1]:
            was, now = (text.splitlines(keepends=True) for text in texts)
            yield _without(was, now), _without(now, was)


def _without(lines: list[bytes], others: list[bytes]) -> list[bytes]:
    known = set(others)
    return [line for line in lines if line not in known] if known else lines


def graph_of(line: bytes) -> str:
    """Return the named graph of a line of N-Quads; empty for the default graph.

    >>> graph_of(b'<a> <b> "of <c>" <d> .\\n'), graph_of(b'<a> <b> "of <c>"^^<d> .\\n')
    ('d', '')
    """
    before, last, _ = line.rsplit(b" ", 2)
    # A quotation mark is of a literal: an IRI cannot have one.
    if last[:1] != b"<" or b'"' in last or before.count(b" ") < _GRAPH_PLACE:
        return ""
    return last[1:-1].decode()
