"""The dump of a graph that is larger than memory: curated statements and bulk lines, merged.

Parts of a bounded size are sorted one after the other; the same statements give the same bytes
as a dump from memory does.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from missiongraph.ingest.line_files import LineFile, subject_bounds
from missiongraph.ingest.tally import Tally
from missiongraph.names import INFERRED_GRAPH, PREFIXES

PART_BYTES: Final = 64 << 20
_LAST: Final = b"\xff"
_IN_INFERRED: Final = f" <{INFERRED_GRAPH}> .\n".encode()
_END: Final = b" .\n"
_TERM: Final = rb'(?:<[^>]*>|_:[^ ]+|"(?:[^"\\]|\\.)*"(?:@[a-z0-9-]+|\^\^<[^>]*>)?)'
_QUAD: Final = re.compile(rb"(?:<[^>]*>|_:[^ ]+) <[^>]*> " + _TERM + rb" <([^>]*)> \.\n")
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
    bounds = [b"", *subject_bounds(bulk.files, PART_BYTES), _LAST]
    with file.open("wb", buffering=1 << 20) as stream:
        for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1):
            progress(f"writing the dump, {number} of {len(bounds) - 1}")
            part = curated[bisect_left(curated, start) : bisect_left(curated, end)]
            merged, named = _merged(part, bulk, start, end)
            _count(tally, merged, named)
            lines = sorted(merged | named) if named else sorted(merged)
            text = b"".join(lines)
            digest.update(text)
            stream.write(text)
    tally.sha256 = digest.hexdigest()
    return tally


def _merged(
    curated: Sequence[bytes],
    bulk: BulkLines,
    start: bytes,
    end: bytes,
) -> tuple[set[bytes], set[bytes]]:
    """Return the statements of a part: those of the default graph, and those of named graphs."""
    merged = {line for line in curated if not graph_of(line)}
    named = {line for line in curated if graph_of(line)}
    for file in bulk.stated:
        merged.update(file.between(start, end).splitlines(keepends=True))
    for file in bulk.inferred:
        lines = set(file.between(start, end).splitlines(keepends=True)) - merged
        merged |= lines
        named.update(line[: -len(_END)] + _IN_INFERRED for line in lines)
    return merged, named


def _count(tally: Tally, merged: set[bytes], named: set[bytes]) -> None:
    tally.triples += len(merged)
    tally.quads += len(merged) + len(named)
    tally.graphs.update(graph_of(line) for line in named)
    for line in merged:
        place = line.find(_TYPE)
        if place >= 0 and line.find(b" ") == place:
            tally.classes[line[place + len(_TYPE) : -4].decode()] += 1


def graph_of(line: bytes) -> str:
    """Return the named graph of a line of N-Quads; empty for the default graph."""
    match = _QUAD.fullmatch(line)
    return match[1].decode() if match else ""
