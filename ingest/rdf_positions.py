"""Where RDF files name things: parsers keep no lines, and an editor needs one.

Turtle, TriG, N-Triples and N-Quads are looked through for the names of what was found; a place
where a statement may begin, the start of a line, comes before others. Other forms of RDF, names
relative to a base, and blank nodes have no place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

_FORMS: Final = frozenset((".ttl", ".trig", ".nt", ".nq", ".n3"))
_PREFIX: Final = re.compile(r"\s*@?prefix\s+([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_NAME: Final = re.compile(r"<([^<>\s]+)>|(?<![\w:])([\w.-]*):((?:[\w.:%-]|\\.)*(?:[\w:%-]|\\.))")
_ESCAPED: Final = re.compile(r"\\(.)")


def positions_in(files: Iterable[Path], iris: Collection[str]) -> dict[str, str]:
    """Return where IRIs are named first, as ``file:line:column``; those that no file names lack."""
    found: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    wanted = frozenset(iris)
    for file in files:
        if file.suffix not in _FORMS or not wanted:
            continue
        for iri, line, column, begins in _named(file):
            if iri in wanted:
                (found if begins else elsewhere).setdefault(iri, f"{file}:{line}:{column}")
    return elsewhere | found


def _named(file: Path) -> Iterator[tuple[str, int, int, bool]]:
    """Yield each IRI with its line and column, and whether nothing stands before it."""
    prefixes: dict[str, str] = {}
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if declared := _PREFIX.match(line):
                prefixes[declared[1]] = declared[2]
                continue
            for name in _NAME.finditer(line):
                iri, prefix, local = name.groups()
                if iri is None:
                    if prefix not in prefixes:
                        continue
                    iri = prefixes[prefix] + _ESCAPED.sub(r"\1", local)
                yield iri, number, name.start() + 1, not line[: name.start()].strip()
