"""Sorted lines: files of lines in the order of their bytes, each line once, larger than memory.

Equal sets of lines give equal files, in whatever order and batches they came.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Final

_MERGED_AT_ONCE: Final = 200
_BUFFER_BYTES: Final = 1 << 20


class LineSorter:
    """Sorts lines by way of files.

    Args:
        folder: an empty folder of its own, for the sorted runs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[Path] = []
        self._written = 0

    def add(self, lines: bytes) -> None:
        """Add whole lines; as many at once as fit well into memory."""
        if lines:
            self._run(sorted(set(lines.splitlines(keepends=True))))

    def write(self, file: Path) -> int:
        """Write all lines, sorted, each once; return how many that is."""
        while len(self._runs) > _MERGED_AT_ONCE:
            first, self._runs = self._runs[:_MERGED_AT_ONCE], self._runs[_MERGED_AT_ONCE:]
            self._run(merged_lines(first))
            _remove(first)
        with file.open("wb", buffering=_BUFFER_BYTES) as stream:
            count = write_lines(stream, merged_lines(self._runs))
        _remove(self._runs)
        self._runs = []
        return count

    def _run(self, lines: Iterable[bytes]) -> None:
        run = self._folder / f"{self._written}.run"
        self._written += 1
        with run.open("wb", buffering=_BUFFER_BYTES) as stream:
            stream.writelines(lines)
        self._runs.append(run)


def merged_lines(files: Sequence[Path]) -> Iterator[bytes]:
    """Yield the lines of sorted files, sorted, each once."""
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(f.open("rb", buffering=_BUFFER_BYTES)) for f in files]
        yield from distinct(heapq.merge(*streams) if len(streams) != 1 else streams[0])


def distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted lines, each once."""
    before = b""
    for line in lines:
        if line != before:
            yield line
            before = line


def write_lines(stream: IO[bytes], lines: Iterable[bytes]) -> int:
    """Write lines; return how many."""
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007
        stream.write(line)
    return count


def by_subject(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each subject of sorted N-Triples, as it is written, with its lines."""
    keyed = ((line[: line.index(b" ")], line) for line in lines)
    for subject, group in groupby(keyed, key=itemgetter(0)):
        yield subject, [line for _, line in group]


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink()
