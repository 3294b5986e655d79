"""The dump of a graph that is larger than memory: curated statements and bulk lines, merged.

Parts of a bounded size are sorted one after the other; the same statements give the same bytes
as a dump from memory does.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from missiongraph.changed_statements import graph_of
from missiongraph.ingest.sorted_lines import sorted_lines
from missiongraph.ingest.tally import Tally
from missiongraph.line_files import LineFile, ranges
from missiongraph.names import INFERRED_GRAPH, PREFIXES

PART_BYTES: Final = 64 << 20
_IN_INFERRED: Final = f" <{INFERRED_GRAPH}> .\n".encode()
_END: Final = b" .\n"
_TYPE: Final = f" <{PREFIXES['rdf']}type> <".encode()


@dataclass(frozen=True)
class BulkLines:
    """The staged lines of all connectors.

    Attributes:
        stated: files of what the records say.
        inferred: files of what follows from them.
    """

    stated: Sequence[LineFile]
    inferred: Sequence[LineFile]

    @property
    def files(self) -> list[LineFile]:
        """All of them."""
        return [*self.stated, *self.inferred]


def write_dump(
    file: Path,
    curated: Sequence[bytes],
    bulk: BulkLines,
    progress: Callable[[str], None] = lambda _: None,
) -> Tally:
    """Write the sorted N-Quads of curated and bulk statements together; return what it holds.

    Bulk statements stand in the default graph, and those inferred in the graph of inferred
    facts too, unless they are stated as well.

    Args:
        file: to be written.
        curated: sorted lines of N-Quads, default graph and named graphs.
        bulk: sorted lines of N-Triples.
        progress: told how far it is.
    """
    tally = Tally()
    digest = hashlib.sha256()
    bounds = list(ranges(bulk.files, PART_BYTES))
    with file.open("wb", buffering=1 << 20) as stream:
        for number, (start, end) in enumerate(bounds, start=1):
            progress(f"writing the dump, {number} of {len(bounds)}")
            part = curated[bisect_left(curated, start) : bisect_left(curated, end)]
            merged, named = _merged(part, bulk, start, end)
            _count(tally, merged, named)
            # Two sorted runs, which sorting takes as they are.
            text = b"".join(sorted([*merged, *named]))
            digest.update(text)
            stream.write(text)
    tally.sha256 = digest.hexdigest()
    return tally


def _merged(
    curated: Sequence[bytes],
    bulk: BulkLines,
    start: bytes,
    end: bytes,
) -> tuple[list[bytes], list[bytes]]:
    """Return the statements of a part, sorted: those of the default graph, those of named ones."""
    named = [line for line in curated if graph_of(line)]
    own = [line for line in curated if not graph_of(line)]
    stated = sorted_lines(b"".join([*own, *(f.between(start, end) for f in bulk.stated)]))
    inferred = sorted_lines(b"".join(f.between(start, end) for f in bulk.inferred))
    if not inferred:
        return stated, named
    known = set(stated)
    new = [line for line in inferred if line not in known]
    named += (line[: -len(_END)] + _IN_INFERRED for line in new)
    return sorted([*stated, *new]), sorted(named)


def _count(tally: Tally, merged: Sequence[bytes], named: Sequence[bytes]) -> None:
    tally.triples += len(merged)
    tally.quads += len(merged) + len(named)
    tally.graphs.update(map(graph_of, named))
    text = b"".join(merged)
    place = text.find(_TYPE)
    while place >= 0:
        if text.find(b" ", text.rfind(b"\n", 0, place) + 1) == place:
            end = text.find(b"\n", place)
            tally.classes[text[place + len(_TYPE) : end - len("> .")].decode()] += 1
        place = text.find(_TYPE, place + 1)
