"""Writing an answer: the whole of it in the wanted form, or nothing.

The bytes are the engine's own. Rows are counted as they pass by, since the engine
writes solutions without handing them out one by one.
"""

from __future__ import annotations

import functools
import io
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, ParamSpec, TypeAlias, TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple, serialize

from missiongraph.errors import AnswerTooLarge, FormatNotOffered
from missiongraph.formats import CSV, JSON, TSV, XML, Format, GraphFormat, TableFormat

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

P = ParamSpec("P")
T = TypeVar("T")
Result: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples | list[Triple]


@dataclass(frozen=True)
class Limits:
    """How large one answer may be: its bytes as written, and its rows or triples."""

    max_bytes: int = 50_000_000
    max_rows: int = 100_000

    def exceeded(self) -> AnswerTooLarge:
        """Return the error that says so."""
        return AnswerTooLarge(
            f"The answer has more than {self.max_rows:,} rows or {self.max_bytes:,} bytes.",
            where="query",
            remedy="Ask for less: add LIMIT and OFFSET, or a FILTER.",
        )


DEFAULT_LIMITS: Final = Limits()


def frees_engine_objects(method: Callable[P, T]) -> Callable[P, T]:
    """Return a method whose errors hold no objects of the engine.

    The engine's solutions must be freed in the thread that asked for them. An error that
    travels to another thread would take them along, in the local variables of its traceback.
    """

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            step: BaseException | None = error
            while step is not None:
                traceback.clear_frames(step.__traceback__)
                step = step.__cause__ or step.__context__
            raise

    return call


def write(result: Result, wanted: Format, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the bytes of an answer.

    Raises:
        FormatNotOffered: an answer of that form cannot be written so.
        AnswerTooLarge: it is over one of the limits.
    """
    if isinstance(result, (QuerySolutions, QueryBoolean)):
        return _write_table(result, wanted, limits)
    if not isinstance(wanted, GraphFormat):
        raise _not_offered("Triples", wanted)
    return _write_graph(result, wanted, limits)


def rows_of(answer: bytes, format_: Format) -> int | None:
    """Return how many rows a whole table as written has; None for a graph."""
    count = _ROW_COUNTERS.get(format_.name)
    return count()(answer) if count and isinstance(format_, TableFormat) else None


def _write_table(result: QuerySolutions | QueryBoolean, wanted: Format, limits: Limits) -> bytes:
    if not isinstance(wanted, TableFormat):
        raise _not_offered("Solutions", wanted)
    if isinstance(result, QueryBoolean) and not wanted.tells_boolean:
        raise _not_offered("A truth value", wanted)
    buffer = _CappedBuffer(limits, _ROW_COUNTERS[wanted.name]())
    try:
        result.serialize(buffer, format=wanted.engine)
    except _Overflow as cause:
        raise limits.exceeded() from cause
    return buffer.getvalue()


def _write_graph(
    triples: QueryTriples | list[Triple], wanted: GraphFormat, limits: Limits
) -> bytes:
    distinct: dict[Triple, None] = {}  # the engine repeats a CONSTRUCT's triples; a graph does not
    for triple in triples:
        distinct[triple] = None
        if len(distinct) > limits.max_rows:
            raise limits.exceeded()
    buffer = _CappedBuffer(limits, lambda _: 0)
    try:
        serialize(distinct, buffer, format=wanted.engine)
    except _Overflow as cause:
        raise limits.exceeded() from cause
    return buffer.getvalue()


class _Overflow(OSError):
    """More than there is room for; an OSError, as the engine hands those through."""


class _CappedBuffer(io.BytesIO):
    """Bytes in memory that refuse to grow beyond the limits.

    Args:
        limits: the limits.
        count_rows: called with each piece in turn, returns the rows that begin in it.
    """

    def __init__(self, limits: Limits, count_rows: Callable[[bytes], int]) -> None:
        super().__init__()
        self._bytes_left = limits.max_bytes
        self._rows_left = limits.max_rows
        self._count_rows = count_rows

    def write(self, data: ReadableBuffer, /) -> int:
        piece = bytes(data)
        self._bytes_left -= len(piece)
        self._rows_left -= self._count_rows(piece)
        if self._bytes_left < 0 or self._rows_left < 0:
            raise _Overflow
        return super().write(piece)


class _Occurrences:
    """Counts a mark that the form's escaping keeps out of values, across pieces."""

    def __init__(self, mark: bytes, *, header: int = 0) -> None:
        self._mark = mark
        self._seen = -header
        self._tail = b""

    def __call__(self, piece: bytes) -> int:
        joined = self._tail + piece
        self._tail = joined[len(joined) - len(self._mark) + 1 :]
        before = max(self._seen, 0)
        self._seen += joined.count(self._mark)
        return max(self._seen, 0) - before


class _CsvRows:
    """Counts the line ends outside quotes, after the header's."""

    def __init__(self) -> None:
        self._quoted = False
        self._lines = _Occurrences(b"\n", header=1)

    def __call__(self, piece: bytes) -> int:
        first, *others = piece.split(b'"')
        rows = 0 if self._quoted else self._lines(first)
        for part in others:
            self._quoted = not self._quoted
            rows += 0 if self._quoted else self._lines(part)
        return rows


class _JsonRows:
    """Counts ``[{"`` and ``,{"``: quotes in values are escaped, so only rows begin so.

    A row without any binding is ``{}`` and is not counted; it has three bytes.
    """

    def __init__(self) -> None:
        self._counters = (_Occurrences(b'[{"'), _Occurrences(b',{"'))

    def __call__(self, piece: bytes) -> int:
        return sum(counter(piece) for counter in self._counters)


_ROW_COUNTERS: Final[dict[str, Callable[[], Callable[[bytes], int]]]] = {
    JSON.name: _JsonRows,
    XML.name: lambda: _Occurrences(b"<result>"),
    CSV.name: _CsvRows,
    TSV.name: lambda: _Occurrences(b"\n", header=1),
}


def _not_offered(answer: str, wanted: Format) -> FormatNotOffered:
    return FormatNotOffered(f"{answer} cannot be written as {wanted.name}.", where="format")
