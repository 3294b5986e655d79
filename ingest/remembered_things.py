"""What files say of things, remembered from check to check, so that one file is checked in a moment.

Reading all of ``data/`` takes seconds, and of most files only the ids matter. What each says is kept
in the home with the size and the time of its file, and read again when either differs, or when the
software or the ontology is another.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from missiongraph import __version__, resources
from missiongraph.ingest.known_things import Sayings
from missiongraph.ingest.mistakes import Position

NAME: Final = "known-things.json"


class RememberedThings:
    """What files say of things, as a file in the home remembers it.

    Args:
        home: where it lies; one that cannot be written to is done without.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / NAME
        self._stamp = _stamp()
        self._known: dict[str, list[Any]] = {}
        self._changed = False
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads(self._file.read_bytes())
            if kept["stamp"] == self._stamp:
                self._known = dict(kept["files"])

    def sayings(self, file: Path, read: Callable[[Path], Sayings]) -> Sayings:
        """Return what a file says, by reading it if it is not known as it is now."""
        status = file.stat()
        key, state = str(file.resolve()), [status.st_size, status.st_mtime_ns]
        known = self._known.get(key)
        if known is not None and known[0] == state:
            return _restored(str(file), known[1])
        said = read(file)
        self._known[key] = [state, _plain(said)]
        self._changed = True
        return said

    def keep(self) -> None:
        """Write down what was read anew, whole or not at all."""
        if not self._changed:
            return
        beside = self._file.with_name(f".{NAME}.{os.getpid()}")
        kept = {"stamp": self._stamp, "files": self._known}
        with contextlib.suppress(OSError):
            beside.write_text(json.dumps(kept), encoding="utf-8")
            beside.replace(self._file)


def _stamp() -> str:
    """Return what tells this software and its ontology from others."""
    folders = (Path(__file__).parent, resources.root() / "ontology")
    times = [file.stat().st_mtime_ns for f in folders for file in f.rglob("*.*") if file.is_file()]
    return f"{__version__} {len(times)} {max(times)}"


def _plain(said: Sayings) -> list[Any]:
    return [
        said.source_id,
        _place(said.source_position),
        said.is_whole,
        [[thing, name, _place(position)] for thing, name, position in said.declared],
        sorted(said.unclear),
        sorted(said.labelled),
        [[thing, _place(position)] for thing, position in said.mentioned],
    ]


def _restored(file: str, plain: list[Any]) -> Sayings:
    source_id, source_position, is_whole, declared, unclear, labelled, mentioned = plain
    return Sayings(
        file=file,
        source_id=source_id,
        source_position=Position(*source_position),
        is_whole=is_whole,
        declared=tuple((thing, name, Position(*place)) for thing, name, place in declared),
        unclear=frozenset(unclear),
        labelled=frozenset(labelled),
        mentioned=tuple((thing, Position(*place)) for thing, place in mentioned),
    )


def _place(position: Position) -> list[int]:
    return [position.line, position.column]
