"""YAML as curated files use it: a tree of written texts, each with its place.

The YAML is read as version 1.2 and no value is resolved: ``NO``, ``39:49``, ``010``
and ``2030-06-30`` come as they were written. What could surprise a reader or explode
(anchors, tags, merge keys, duplicate keys, several documents) is a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.reader import ReaderError

from missiongraph.ingest.mistakes import Mistakes, Position, shown

MAX_BYTES: Final = 5_000_000
MAX_DEPTH: Final = 20
MAX_NODES: Final = 300_000
MAX_WORD: Final = 10_000
_LONG_WORD: Final = re.compile(rf"\S{{{MAX_WORD + 1}}}")
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_START: Final = Position(1, 1)


@dataclass(frozen=True)
class Scalar:
    """A written text; ``empty`` when YAML reads it as null."""

    text: str
    position: Position
    empty: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]
    position: Position


@dataclass(frozen=True)
class Fields:
    """A mapping; each key once, in the order of the file."""

    entries: tuple[tuple[Scalar, Tree], ...]
    position: Position

    def get(self, key: str) -> Tree | None:
        """Return the value of a key, or None when it is not there."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(frozen=True)
class Refused:
    """Something that was noted as a mistake already, so that nothing more is said of it."""

    position: Position


Tree: TypeAlias = Scalar | Items | Fields | Refused


def read_tree(raw: bytes, mistakes: Mistakes) -> Tree | None:
    """Return the tree of a file's bytes, or None when it cannot be read as YAML.

    Whatever is wrong is added to ``mistakes``; a tree may come back nevertheless.
    """
    text = decoded(raw, mistakes)
    if text is None or not _has_only_words(text, mistakes):
        return None
    try:
        return _Reader(text, mistakes).document()
    except _Abandoned:
        return None
    except ReaderError as cause:
        _note_character(cause, text, mistakes)
    except MarkedYAMLError as cause:
        mark = cause.problem_mark or cause.context_mark
        problem = " ".join(str(cause.problem or cause.context or "it is not readable").split())
        mistakes.add(
            _position(mark),
            f"This is not YAML: {problem}.",
            "Indent with spaces, write `key: value`, and quote texts that hold `: ` or ` #`.",
        )
    except (YAMLError, ValueError, OverflowError, IndexError) as cause:
        # The scanner lets some impossible escapes and directives fall through.
        mistakes.add(
            _START, f"This is not YAML: {cause}."[:300], "Write the escapes of YAML 1.2 only."
        )
    return None


def decoded(raw: bytes, mistakes: Mistakes) -> str | None:
    """Return a file's bytes as text, or None when they are none, or too many."""
    if len(raw) > MAX_BYTES:
        mistakes.add(
            _START,
            f"The file has {len(raw):,} bytes; the limit is {MAX_BYTES:,}.",
            "Write as many files as there are sources.",
        )
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        before = raw[: cause.start].decode("utf-8", errors="replace")
        mistakes.add(
            _place_after(before),
            f"The byte 0x{raw[cause.start]:02X} is not UTF-8.",
            "Save the file as UTF-8.",
        )
        return None


def _has_only_words(text: str, mistakes: Mistakes) -> bool:
    """Say whether no word is endless: the scanner's time grows with a tag's square."""
    found = _LONG_WORD.search(text)
    if found:
        mistakes.add(
            _place_after(text[: found.start()]),
            f"A word here is longer than {MAX_WORD:,} characters.",
            "Put spaces between words.",
        )
    return found is None


class _Mark(Protocol):
    """A place as both of the parser's implementations give it; counts from 0."""

    line: int
    column: int


class _Abandoned(Exception):
    """Reading on would find nothing of use."""


class _Reader:
    """Builds the tree from the parser's events, so that nothing is ever expanded."""

    def __init__(self, text: str, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._events: Iterator[Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._nodes = 0

    def document(self) -> Tree | None:
        tree: Tree | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._check_document(event, first=tree is None)
                tree = self._node(next(self._events), depth=1)
            elif not isinstance(event, (StreamStartEvent, StreamEndEvent)):
                continue
        if tree is None or (isinstance(tree, Scalar) and tree.empty):
            self._mistakes.add(_START, "The file is empty.", "Write `source:` and `claims:`.")
            return None
        return tree

    def _check_document(self, event: DocumentStartEvent, *, first: bool) -> None:
        position = _position(event.start_mark)
        if not first:
            self._refuse(
                position, "A second document starts here.", "Write one file for each source."
            )
        if event.tags or (event.version and tuple(event.version) != (1, 2)):
            self._mistakes.add(
                position,
                "Directives of YAML are not read here.",
                "Leave the line with `%` out: files are YAML 1.2.",
            )

    def _node(self, event: Event, depth: int) -> Tree:
        position = _position(event.start_mark)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse(
                position,
                f"The file has more than {MAX_NODES:,} values.",
                "Write as many files as there are sources.",
            )
        if depth > MAX_DEPTH:
            self._refuse(
                position,
                f"This is nested deeper than {MAX_DEPTH} levels.",
                "Describe the inner things on their own, and refer to them by id.",
            )
        if isinstance(event, AliasEvent):
            self._mistakes.add(
                position,
                f"The alias {shown(f'*{event.anchor}')} stands for another value.",
                "Write the value out.",
            )
            return Refused(position)
        tree = self._content(event, position, depth)
        return Refused(position) if self._is_marked(event, position) else tree

    def _content(self, event: Event, position: Position, depth: int) -> Tree:
        match event:
            case ScalarEvent():
                empty = not event.style and event.value in _NULLS
                return Scalar(event.value, position, empty)
            case SequenceStartEvent():
                return Items(tuple(self._items(depth)), position)
            case MappingStartEvent():
                return Fields(self._entries(depth), position)
        raise TypeError(f"no node begins with {event!r}")

    def _items(self, depth: int) -> Iterator[Tree]:
        for event in self._events:
            if isinstance(event, CollectionEndEvent):
                return
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> tuple[tuple[Scalar, Tree], ...]:
        entries: dict[str, tuple[Scalar, Tree]] = {}
        for event in self._events:
            if isinstance(event, CollectionEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if isinstance(value, Scalar) and value.empty and not value.text:
                value = replace(value, position=key.position)  # the parser's is on the next line
            if isinstance(key, Scalar) and self._is_usable(key, entries):
                entries[key.text] = (key, value)
            elif not isinstance(key, (Scalar, Refused)):
                self._mistakes.add(key.position, "A key is a list or mapping.", "Write a word.")
        return tuple(entries.values())

    def _is_usable(self, key: Scalar, entries: dict[str, tuple[Scalar, Tree]]) -> bool:
        if key.text in entries:
            first = entries[key.text][0].position.line
            self._mistakes.add(
                key.position,
                f"The key {shown(key.text)} stands here twice, first on line {first}.",
                "Write it once; give several values as a list.",
            )
            return False
        if key.text == "<<":
            self._mistakes.add(
                key.position, "Merge keys (<<) are not read here.", "Write the keys out."
            )
            return False
        return True

    def _is_marked(self, event: Event, position: Position) -> bool:
        """Say whether a node carries what is not read here; an anchor alone does no harm."""
        if not isinstance(event, NodeEvent):
            return False
        if event.anchor:
            self._mistakes.add(
                position,
                f"The anchor {shown(f'&{event.anchor}')} is not read here.",
                "Leave it out, and write values out where they are needed.",
            )
        tag = getattr(event, "tag", None)
        if tag:
            self._mistakes.add(
                position, f"The tag {shown(tag)} is not read here.", "Leave the tag out."
            )
        return bool(tag)

    def _refuse(self, position: Position, what: str, remedy: str) -> None:
        self._mistakes.add(position, what, remedy)
        raise _Abandoned


def _position(mark: _Mark | None) -> Position:
    return Position(mark.line + 1, mark.column + 1) if mark else _START


def _place_after(before: str) -> Position:
    return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _note_character(cause: ReaderError, text: str, mistakes: Mistakes) -> None:
    mistakes.add(
        _place_after(text[: cause.position]),
        f"The character U+{cause.character:04X} is not allowed in a file.",
        "Leave it out.",
    )
