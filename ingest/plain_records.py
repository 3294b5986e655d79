"""Plain records: lines of the native form whose fields hold no quote, found in a block at once.

Such a line is a record by whatever rules, since its quotes can only be those around its fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from missiongraph.ingest.chunks import LARGEST_CELL

_NEWLINE: Final = ord("\n")
_QUOTE: Final = ord('"')
_DELIMITER: Final = ord(";")


@dataclass(frozen=True)
class Lines:
    """The lines of a block of text.

    Attributes:
        text: the block; its last line may end without a newline.
        starts: where each line begins.
        ends: where each ends, its newline not counted.
        plain: which of them are plain records.
    """

    text: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    plain: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)

    def plain_text(self) -> bytes:
        """Return the plain records, each with its newline but the last."""
        edges = np.flatnonzero(np.diff(self.plain, prepend=False, append=False))
        runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        return b"\n".join(self.text[self.starts[i] : self.ends[j - 1]] for i, j in runs)

    def others(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines that are not plain records, each with its index."""
        for index in np.flatnonzero(~self.plain).tolist():
            yield index, self.text[self.starts[index] : self.ends[index]]

    def without_plain(self) -> Lines:
        """Return the same lines, none of which is taken for a plain record."""
        return Lines(self.text, self.starts, self.ends, np.zeros(len(self), np.bool_))


def lines_of(text: bytes, fields: int) -> Lines:
    """Return the lines of a block of the native form with so many fields.

    >>> lines = lines_of(b'"1";"a"\\n"2";"b"c"\\n"3";"d"', 2)
    >>> lines.plain_text()
    b'"1";"a"\\n"3";"d"'
    >>> list(lines.others())
    [(1, b'"2";"b"c"')]
    """
    signs = np.frombuffer(text, np.uint8)
    breaks = np.flatnonzero(signs == _NEWLINE)
    starts = np.concatenate(([0], breaks + 1))
    ends = np.append(breaks, len(text))
    if text.endswith(b"\n"):
        starts, ends = starts[:-1], ends[:-1]
    return Lines(text, starts, ends, _plain(signs, starts, ends, fields))


def _plain(
    signs: NDArray[np.uint8],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    fields: int,
) -> NDArray[np.bool_]:
    quotes = np.flatnonzero(signs == _QUOTE)
    first = np.searchsorted(quotes, starts)
    count = np.diff(first, append=len(quotes))
    plain: NDArray[np.bool_] = (count == 2 * fields) & (ends - starts <= LARGEST_CELL)
    candidates = np.flatnonzero(plain)
    if len(candidates) < len(plain):
        quotes = quotes[np.repeat(plain, count)]
    around = quotes.reshape(-1, 2 * fields)
    closing, opening = around[:, 1:-1:2], around[:, 2::2]
    right = (around[:, 0] == starts[candidates]) & (around[:, -1] == ends[candidates] - 1)
    right &= ((opening - closing == 2) & (signs[closing + 1] == _DELIMITER)).all(axis=1)
    plain[candidates] = right
    return plain
