"""JSON records: the objects of a JSON file, one at a time, whatever its size.

A file holds one object, an array of objects, or one object a line.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import IO, Any, Final

from missiongraph.errors import UnreadableDump

LONGEST_LINE_BYTES: Final = 10 << 20
_CHUNK: Final = 1 << 20
_BLANK: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class JsonRecord:
    """One object of a file.

    Attributes:
        row: the line it stands on, or which object of the array it is; the first is 1.
        value: the object; empty when it cannot be read.
        problem: why it cannot be read; empty when it can.
        text: the beginning of what cannot be read.
    """

    row: int
    value: dict[str, Any]
    problem: str = ""
    text: str = ""


def json_records(stream: IO[bytes], place: str) -> Iterator[JsonRecord]:
    """Yield a file's records.

    A broken line costs its own record; a broken array cannot be read on.

    Raises:
        UnreadableDump: an array breaks off, or is not JSON.
    """
    first = _first_byte(stream)
    stream.seek(0)
    if first == b"[":
        yield from _of_array(stream, place)
        return
    head = stream.readline(LONGEST_LINE_BYTES + 1)
    stream.seek(0)
    if first == b"{" and not _is_object(head):
        whole = stream.read(LONGEST_LINE_BYTES + 1)
        if _is_object(whole):  # one object on several lines
            yield _record(1, whole)
            return
        stream.seek(0)
    yield from _of_lines(stream)


def _first_byte(stream: IO[bytes]) -> bytes:
    head = stream.read(4096).removeprefix(_BOM).lstrip(_BLANK)
    return head[:1]


def _is_object(text: bytes) -> bool:
    return not _record(1, text).problem


def _of_lines(stream: IO[bytes]) -> Iterator[JsonRecord]:
    for row in count(1):
        line = stream.readline(LONGEST_LINE_BYTES + 1)
        if not line:
            return
        if len(line) > LONGEST_LINE_BYTES:
            yield JsonRecord(row, {}, "a line of more than 10 MB", _shown(line))
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE_BYTES)
        elif line.strip(_BLANK):
            yield _record(row, line)


def _record(row: int, text: bytes) -> JsonRecord:
    try:
        value = json.loads(text.removeprefix(_BOM).decode())
    except UnicodeDecodeError:
        return JsonRecord(row, {}, "not UTF-8", _shown(text))
    except RecursionError:
        return JsonRecord(row, {}, "nested too deep", _shown(text))
    except ValueError:
        return JsonRecord(row, {}, "not JSON", _shown(text))
    return _as_record(row, value)


def _of_array(stream: IO[bytes], place: str) -> Iterator[JsonRecord]:
    """Yield the items of an array, read piece by piece."""
    decoder = json.JSONDecoder()
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    row, buffer, separator = 0, "", "["
    try:
        while True:
            buffer = _filled(buffer, text)
            if buffer[:1] == "]":
                return
            if buffer[:1] != separator:
                raise ValueError(f"there is no {separator!r} before item {row + 1}")
            buffer = _filled(buffer[1:], text)
            if row == 0 and buffer[:1] == "]":
                return
            value, buffer = _item(decoder, buffer, text)
            row, separator = row + 1, ","
            yield _as_record(row, value)
    except (ValueError, RecursionError) as cause:
        raise UnreadableDump(
            f"The array is not JSON, or breaks off, at item {row + 1}: {cause}.", where=place
        ) from cause
    finally:
        text.detach()


def _filled(buffer: str, text: io.TextIOWrapper) -> str:
    """Return the buffer from its first character that is not blank, read on for one."""
    while not (buffer := buffer.lstrip()):
        if not (buffer := text.read(_CHUNK)):
            raise ValueError("it ends before the array does")
    return buffer


def _item(decoder: json.JSONDecoder, buffer: str, text: io.TextIOWrapper) -> tuple[object, str]:
    """Return the value at the beginning of the buffer, and what is left behind it."""
    while True:
        try:
            value, end = decoder.raw_decode(buffer)
            if end < len(buffer):  # a number that ends with the buffer may go on
                return value, buffer[end:]
        except ValueError:
            if len(buffer) > LONGEST_LINE_BYTES:
                raise
        if not (more := text.read(_CHUNK)):
            raise ValueError("it ends before the array does")
        buffer += more


def _as_record(row: int, value: object) -> JsonRecord:
    if isinstance(value, dict):
        return JsonRecord(row, value)
    return JsonRecord(row, {}, "not an object", type(value).__name__)


def _shown(text: bytes) -> str:
    return text[:200].decode("utf-8", "backslashreplace")
