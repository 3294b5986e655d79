"""Sorted lines: files of lines in the order of their bytes, each line once, larger than memory.

Equal sets of lines give equal files, in whatever order and batches they came.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from missiongraph.line_files import LineFile, ranges

PART_BYTES: Final = 32 << 20


class LineSorter:
    """Sorts lines of N-Triples by way of files.

    Args:
        folder: an empty folder of its own, for the sorted runs.
        part_bytes: how much is merged at once.
    """

    def __init__(self, folder: Path, part_bytes: int = PART_BYTES) -> None:
        self._folder = folder
        self._part_bytes = part_bytes
        self._runs: list[Path] = []

    def add(self, lines: bytes) -> None:
        """Add whole lines; as many at once as fit well into memory."""
        if lines:
            run = self._folder / f"{len(self._runs)}.run"
            run.write_bytes(b"".join(sorted_lines(lines)))
            self._runs.append(run)

    def write(self, file: Path) -> int:
        """Write all lines, sorted, each once; return how many that is."""
        count = 0
        runs = [LineFile(run) for run in self._runs]
        with file.open("wb") as stream:
            for start, end in ranges(runs, self._part_bytes):
                lines = sorted_lines(b"".join(run.between(start, end) for run in runs))
                stream.write(b"".join(lines))
                count += len(lines)
        for run in self._runs:
            run.unlink()
        self._runs = []
        return count


def sorted_lines(text: bytes) -> list[bytes]:
    """Return the lines of a text, sorted, each once.

    Runs that are sorted already, such as those of a merge, cost hardly anything.

    >>> sorted_lines(b"b\\na\\nb\\n")
    [b'a\\n', b'b\\n']
    """
    lines = sorted(text.splitlines(keepends=True))
    return [line for line, after in zip(lines, [*lines[1:], b""], strict=False) if line != after]
