"""Delimited text: CSV in the form in which CORDIS publishes it, and CSV as others write it.

In the native form every field is quoted and the delimiter is a semicolon. Some fields there hold
quotes that are not doubled as RFC 4180 asks, and a parser that trusts quotes shifts columns on
them. So only records without a quote inside a field are left to a parser; the others are split at
``";"``, and what does not come out whole then is looked at more closely.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import IO, Final

import numpy as np
import polars as pl

from missiongraph.ingest.chunks import LARGEST_CELL, ROW, Chunk, frame_of, unique_names
from missiongraph.ingest.plain_records import lines_of
from missiongraph.ingest.quarantine import Quarantine

CHUNK_BYTES: Final = 4 << 20
LONGEST_LINE_BYTES: Final = 10 << 20
_BATCH_ROWS: Final = 50_000
_BOM: Final = b"\xef\xbb\xbf"
_BETWEEN: Final = '";"'
_DELIMITERS: Final = ";,\t|"
_MOST_LINES: Final = 1_000
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_TOO_LONG: Final = "a line of more than 10 MB"
_GONE: Final = "\0"
"""Stands for a line that was quarantined, so that the lines after it keep their numbers."""
_NOT_UTF8: Final = "not UTF-8"
_WRONG_COUNT: Final = "not as many fields as the header"
_LONG_CELL: Final = "a cell of more than 1,048,576 characters"


def read(
    stream: IO[bytes], place: str, quarantine: Quarantine, columns: Sequence[str] = ()
) -> Iterator[Chunk]:
    """Yield a file's rows; nothing when it is empty.

    Args:
        stream: the file.
        place: its name, for quarantine.
        quarantine: takes the rows that cannot be read.
        columns: those that are wanted; all when empty.
    """
    first = stream.readline(LONGEST_LINE_BYTES)
    line = first.removeprefix(_BOM).decode("utf-8", "replace").rstrip("\r\n")
    if not line.strip():
        return
    if _BETWEEN in line and line.startswith('"') and line.endswith('"'):
        reader = _NativeReader(stream, place, quarantine, unique_names(_split(line)), columns)
        yield from reader.chunks(len(first))
    else:
        yield from _read_csv(stream, line, place, quarantine)


def _split(record: str) -> list[str]:
    return [cell.replace('""', '"') for cell in record[1:-1].split(_BETWEEN)]


class _NativeReader:
    """Reads what follows the header of a file in the native form."""

    def __init__(
        self,
        stream: IO[bytes],
        place: str,
        quarantine: Quarantine,
        header: list[str],
        columns: Sequence[str],
    ) -> None:
        self._stream = stream
        self._place = place
        self._quarantine = quarantine
        self._header = header
        self._wanted = [n for n in header if n in columns or not columns]
        self._line_number = 2
        self._rows = 0

    def chunks(self, read_bytes: int) -> Iterator[Chunk]:
        """Yield the rows; an empty chunk first, which has the header."""
        yield Chunk(0, frame_of(self._wanted, (), ()), read_bytes)
        rest = b""
        while True:
            block = self._stream.read(CHUNK_BYTES)
            read_bytes += len(block)
            whole, rest = self._whole_lines(rest + block, last=not block)
            if whole:
                frame, left = self._frame(whole, last=not block)
                rest = left + rest
                rows, self._rows = self._rows, 0
                yield Chunk(rows, frame, read_bytes)
            if not block:
                return

    def _whole_lines(self, text: bytes, last: bool) -> tuple[bytes, bytes]:
        """Return the whole lines and the rest; a line that is too long is quarantined."""
        end = len(text) if last else text.rfind(b"\n") + 1
        whole, rest = text[:end], text[end:]
        if len(rest) <= LONGEST_LINE_BYTES:
            return whole, rest
        while rest and b"\n" not in rest:
            shown, rest = rest[:200], self._stream.read(CHUNK_BYTES)
        self._rows += 1
        number = self._line_number + whole.count(b"\n")
        self._quarantine.row(self._place, number, _TOO_LONG, value=_shown(shown))
        return whole, _GONE.encode() + rest[rest.find(b"\n") :] if rest else b""

    def _frame(self, text: bytes, last: bool) -> tuple[pl.DataFrame, bytes]:
        """Return the records of whole lines, and the lines of a record that goes on after them."""
        lines = lines_of(text.replace(b"\r\n", b"\n"), len(self._header))
        start = self._line_number
        end = start + len(lines)
        try:
            frame = self._plain_frame(lines.plain_text())
        except UnicodeDecodeError:
            lines = lines.without_plain()
            frame = self._plain_frame(b"")
        numbers = pl.Series(ROW, start + np.flatnonzero(lines.plain), pl.UInt32)
        whole = frame.insert_column(0, numbers)
        odd = [(start + i, self._decoded(start + i, line)) for i, line in lines.others()]
        if not odd:
            self._line_number = end
            self._rows += whole.height
            return whole, b""
        pieced, left, taken_lines = self._pieced(odd, end, last)
        self._line_number = taken_lines
        whole = whole.filter(pl.col(ROW) < taken_lines)
        self._rows += whole.height + pieced.height
        return pl.concat([whole, pieced.select(ROW, *self._wanted)]).sort(ROW), left

    def _plain_frame(self, text: bytes) -> pl.DataFrame:
        if not text:
            return frame_of(self._wanted, (), ()).drop(ROW)
        if not text.isascii():
            text.decode()  # polars would not say which line is not UTF-8
        frame = pl.read_csv(
            text,
            has_header=False,
            schema=dict.fromkeys(self._header, pl.String),
            columns=[self._header.index(name) for name in self._wanted],
            separator=";",
        )
        return frame.select(pl.col(self._wanted).fill_null(""))

    def _decoded(self, number: int, line: bytes) -> str:
        """Return a line; one that is not UTF-8 is quarantined."""
        try:
            return line.decode()
        except UnicodeDecodeError:
            self._rows += 1
            self._quarantine.row(self._place, number, _NOT_UTF8, value=_shown(line))
            return _GONE

    def _pieced(
        self, odd: list[tuple[int, str]], end: int, last: bool
    ) -> tuple[pl.DataFrame, bytes, int]:
        """Return records of several lines, the lines of an unfinished one, and where it begins."""
        numbers: list[int] = []
        records: list[list[str]] = []
        index = 0
        while index < len(odd):
            number, line = odd[index]
            if line in ("", _GONE):
                index += 1
                continue
            cells, used, sure = self._record(odd, index)
            if cells and (sure or last or not _is_run(odd, index, end)):
                numbers.append(number)
                records.append(cells)
                index += used
                continue
            runs_to_end = _is_run(odd, index, end)
            if not last and runs_to_end and _may_go_on(line, len(odd) - index):
                left = "\n".join(text for _, text in odd[index:]) + "\n"
                return frame_of(self._header, numbers, records), left.encode(), number
            self._rows += 1
            reason = _reason(line)
            self._quarantine.row(self._place, number, reason, value=line)
            index += 1
        return frame_of(self._header, numbers, records), b"", end

    def _record(self, odd: list[tuple[int, str]], index: int) -> tuple[list[str], int, bool]:
        """Return the record that begins at an odd line, its number of lines, and if that is sure.

        A line with an odd number of quotes may be whole, with a quote that was not doubled, or go
        on behind its last quote; the next line tells by how it begins.
        """
        fields = len(self._header)
        if cells := _doubled(odd[index][1], fields):
            return cells, 1, True
        text = ""
        found: tuple[list[str], int, bool] = ([], 1, False)
        for used in range(1, min(_MOST_LINES, len(odd) - index) + 1):
            number, line = odd[index + used - 1]
            if number != odd[index][0] + used - 1 or line == _GONE:
                return (*found[:2], True)
            if found[0] and line.startswith('"'):
                return (*found[:2], True)
            text = f"{text}\n{line}" if used > 1 else line
            if len(text) > LONGEST_LINE_BYTES or not text.startswith('"'):
                return (*found[:2], True)
            cells = _split(text) if len(text) > 1 and text.endswith('"') else []
            if len(cells) > fields:
                cells = _parsed(text, fields)
            if len(cells) == fields and max(map(len, cells)) <= LARGEST_CELL:
                found = cells, used, text.count('"') % 2 == 0
                if found[2]:
                    break
        return found


def _doubled(line: str, fields: int) -> list[str]:
    """Return the fields of a line whose quotes are all doubled, as most are; else nothing."""
    if line[:1] != '"' or line[-1:] != '"' or len(line) > LARGEST_CELL or line.count('"') % 2:
        return []
    cells = line[1:-1].split(_BETWEEN)
    return [cell.replace('""', '"') for cell in cells] if len(cells) == fields else []


def _reason(line: str) -> str:
    if len(line) > LONGEST_LINE_BYTES:
        return _TOO_LONG
    return _LONG_CELL if len(line) > LARGEST_CELL else _WRONG_COUNT


def _is_run(odd: list[tuple[int, str]], index: int, end: int) -> bool:
    """Say whether the odd lines from an index on are all lines to the end of the block."""
    return odd[-1][0] == end - 1 and odd[-1][0] - odd[index][0] == len(odd) - 1 - index


def _may_go_on(line: str, lines: int) -> bool:
    return line.startswith('"') and lines < _MOST_LINES


def _parsed(record: str, fields: int) -> list[str]:
    """Return the fields of a record by the rules of RFC 4180; none when they are not so many."""
    try:
        rows = list(csv.reader(io.StringIO(record, newline=""), delimiter=";", strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 and len(rows[0]) == fields else []


def _read_csv(
    stream: IO[bytes], first_line: str, place: str, quarantine: Quarantine
) -> Iterator[Chunk]:
    """Yield the rows of CSV as others write it: the delimiter that its header has most often."""
    delimiter = max(_DELIMITERS, key=first_line.count)
    header = unique_names(next(csv.reader([first_line], delimiter=delimiter)))
    yield Chunk(0, frame_of(header, (), ()), 0)
    csv.field_size_limit(LONGEST_LINE_BYTES)
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    numbers: list[int] = []
    rows: list[list[str]] = []
    count = read_bytes = 0
    try:
        while True:
            number = reader.line_num + 2
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error:
                count += 1
                quarantine.row(place, number, _TOO_LONG)
                continue
            if not any(row):
                continue
            count += 1
            read_bytes += sum(map(len, row))
            if (problem := _problem(row, len(header))) is not None:
                quarantine.row(place, number, problem, value=_plain(delimiter.join(row)[:200]))
                continue
            numbers.append(number)
            rows.append(row)
            if len(rows) == _BATCH_ROWS:
                yield Chunk(count, frame_of(header, numbers, rows), read_bytes)
                numbers, rows, count = [], [], 0
        yield Chunk(count, frame_of(header, numbers, rows), read_bytes)
    finally:
        text.detach()


def _problem(row: list[str], fields: int) -> str | None:
    if len(row) != fields:
        return _WRONG_COUNT
    if any(len(cell) > LARGEST_CELL for cell in row):
        return _LONG_CELL
    return _NOT_UTF8 if _SURROGATES.search("".join(row)) else None


def _plain(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _shown(text: bytes) -> str:
    return text[:200].decode("utf-8", "backslashreplace")
