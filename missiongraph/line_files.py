"""Line files: sorted N-Triples on disk, read in ranges of subjects without holding them.

Lines are sorted, so those of a subject, of a class of things, and of a record (whose things share
the beginning of their slugs) stand together in every file, and are found by halving.
"""

from __future__ import annotations

import mmap
import os
import re
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from missiongraph.names import ID, PREFIXES

THINGS: Final = f"<{ID}".encode()
_AFTER: Final = b"\xff"
_KEY: Final = re.compile(re.escape(THINGS) + rb"[a-z-]+/([^/>-]+-[^/>-]+)")
_CLASS: Final = re.compile(re.escape(THINGS) + rb"[a-z-]+/")
_SAMPLES_OF_PART: Final = 16
_BLOCK_BYTES: Final = 8 << 20
_LOOKED_AT: Final = 1 << 16
"""Bytes from which on a range is read and not looked at in the mapping."""
_IS_A: Final = f" <{PREFIXES['rdf']}type> ".encode()
_UNSHARED: Final = THINGS + b"participation/"


class LineFile:
    """One sorted file. It is mapped into memory to look around in it; much at once is read instead,
    since pages of a mapping count as memory of the process for as long as there is room.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self.size = path.stat().st_size
        self._text: mmap.mmap | bytes = (
            mmap.mmap(self._file, 0, access=mmap.ACCESS_READ) if self.size else b""
        )

    def find(self, prefix: bytes) -> int:
        """Return where the first line stands that is not below a prefix."""
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            start = self._text.rfind(b"\n", low, middle) + 1 or low
            end = self._text.find(b"\n", middle)
            if self._text[start : min(end, start + len(prefix))] < prefix:
                low = end + 1
            else:
                high = start
        return low

    def between(self, start: bytes, end: bytes) -> bytes:
        """Return the lines from one prefix on and before another."""
        return self._read(self.find(start), self.find(end))

    def has(self, prefix: bytes) -> bool:
        """Say whether a line begins so."""
        place = self.find(prefix)
        return self._text[place : place + len(prefix)] == prefix

    def line_at(self, place: int) -> bytes:
        """Return the first line that begins at a place or behind it; empty at the end."""
        start = self._text.rfind(b"\n", 0, place) + 1
        return self._text[start : self._text.find(b"\n", start) + 1]

    def sample(self, place: int) -> bytes:
        """Return what ``line_at`` does, for places all over a file: no page of it stays mapped."""
        line = self.line_at(place)
        self._forget()
        return line

    def class_prefixes(self) -> list[bytes]:
        """Return how the lines about things of each class begin, in their order."""
        found: list[bytes] = []
        place = self.find(THINGS)
        while match := _CLASS.match(self.line_at(place) if place < self.size else b""):
            found.append(match[0])
            place = self.find(match[0] + _AFTER)
        return found

    def types(self) -> Iterator[bytes]:
        """Yield the lines that tell classes of things other records may refer to.

        A participation is its project's alone, and there are more of them than of all else.
        """
        start = 0
        while start < self.size:
            end = self._line_end(min(start + _BLOCK_BYTES, self.size) - 1)
            text = self._read(start, end)
            place = text.find(_IS_A)
            while place >= 0:
                line_end = text.index(b"\n", place) + 1
                line = text[text.rfind(b"\n", 0, place) + 1 : line_end]
                if not line.startswith(_UNSHARED):
                    yield line
                place = text.find(_IS_A, line_end)
            start = end

    def _line_end(self, place: int) -> int:
        return self._text.find(b"\n", place) + 1 or self.size

    def _read(self, start: int, end: int) -> bytes:
        if end - start < _LOOKED_AT:
            return self._text[start:end]
        self._forget()
        return os.pread(self._file, end - start, start)

    def _forget(self) -> None:
        """Give the mapped pages back, which looking around touches far more of than it looks at."""
        if isinstance(self._text, mmap.mmap):
            self._text.madvise(mmap.MADV_DONTNEED)

    def lines_about(self, subjects: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines whose subjects, as they are written, are among some things."""
        classes = set(self.class_prefixes())
        for subject in subjects:
            match = _CLASS.match(subject)
            if match and match[0] in classes:
                yield from self.between(subject + b" ", subject + b"!").splitlines(keepends=True)


def ranges(files: Sequence[LineFile], target_bytes: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield ranges of subjects, from one prefix on and before another, of about a size.

    Together they have all lines of the files, and all lines of a subject are in one of them.
    """
    yield from pairwise([b"", *_subject_bounds(files, target_bytes), _AFTER])


def _subject_bounds(files: Sequence[LineFile], target_bytes: int) -> list[bytes]:
    step = max(1, target_bytes // _SAMPLES_OF_PART)
    samples = sorted(
        line[: line.index(b" ") + 1]
        for file in files
        for place in range(step, file.size, step)
        if (line := file.sample(place))
    )
    return sorted(set(samples[_SAMPLES_OF_PART - 1 :: _SAMPLES_OF_PART]))


def record_bounds(files: Sequence[LineFile], target_bytes: int) -> list[bytes]:
    """Return beginnings of slugs that part the files' records, into parts of about a size.

    All things of a record are on one side of each.
    """
    largest = _Largest.of(files)
    parts = max(1, sum(one.size for one in files) // target_bytes)
    bounds = (largest.bound(largest.size * number // parts) for number in range(1, parts))
    return sorted({bound for bound in bounds if bound})


def record_samples(files: Sequence[LineFile], count: int, size_bytes: int) -> Iterator[bytes]:
    """Yield the lines of some neighbouring records, from places spread evenly over all.

    Args:
        files: the files.
        count: from how many places.
        size_bytes: how much of the class with the most lines, at each.
    """
    largest = _Largest.of(files)
    for number in range(count):
        at = largest.size * number // count
        start, end = largest.bound(at), largest.bound(at + size_bytes)
        if start < end:
            yield records_between(files, start, end)


@dataclass(frozen=True)
class _Largest:
    """The class of things with the most lines in one file."""

    files: Sequence[LineFile]
    prefixes: Sequence[bytes]
    file: LineFile | None
    start: int = 0
    size: int = 0

    @classmethod
    def of(cls, files: Sequence[LineFile]) -> _Largest:
        prefixes = class_prefixes(files)
        ends = [
            (file.find(prefix + _AFTER), file.find(prefix), file)
            for file in files
            for prefix in prefixes
        ]
        if not ends:
            return cls(files, prefixes, None)
        end, start, file = max(ends, key=lambda place: place[0] - place[1])
        return cls(files, prefixes, file, start, end - start)

    def bound(self, offset: int) -> bytes:
        """Return the record at an offset, or the next whose key no shorter one begins."""
        if self.file is None or offset >= self.size:
            return b""
        return _bound(self.files, self.prefixes, self.file, self.start + offset)


def class_prefixes(files: Iterable[LineFile]) -> list[bytes]:
    """Return how the lines about things of each class begin, in all files."""
    return sorted({prefix for file in files for prefix in file.class_prefixes()})


def records_between(files: Sequence[LineFile], start: bytes, end: bytes) -> bytes:
    """Return the lines of all records whose slugs are in a range; an empty end is the last."""
    prefixes = class_prefixes(files)
    return b"".join(
        file.between(prefix + start, prefix + (end or _AFTER))
        for file in files
        for prefix in prefixes
    )


def others(files: Sequence[LineFile]) -> bytes:
    """Return the lines about what is no thing of ours, such as concepts of others."""
    return b"".join(
        file.between(b"", THINGS) + file.between(THINGS + _AFTER, _AFTER) for file in files
    )


def _bound(files: Sequence[LineFile], prefixes: Sequence[bytes], file: LineFile, at: int) -> bytes:
    """Return the record key at a place, or the next that no other record's key begins."""
    while match := _KEY.match(file.line_at(at)):
        key = match[1]
        starts = [key[:length] for length in range(key.index(b"-") + 2, len(key))]
        torn = any(
            one.has(prefix + short + mark)
            for one in files
            for prefix in prefixes
            for short in starts
            for mark in (b">", b"-")
        )
        if not torn:
            return key
        at = file.find(match[0] + _AFTER)
        if at >= file.size:
            break
    return b""
