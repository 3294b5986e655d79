"""What a curated file says, once checked: a source, its passages, and what they state.

Values are kept as JSON-LD with our context reads them, so that the quads are those
of a plain reading; only what a context cannot say (a date's datatype follows from
its form) is written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from missiongraph.ingest.mistakes import Position
from missiongraph.names import CONCEPT, ID

Value: TypeAlias = str | Mapping[str, str]
"""A value in JSON-LD: what the context reads, or an object with ``@value``."""


def iri_of(thing_id: str) -> str:
    """Return the IRI that an id stands for.

    >>> iri_of("mission/x"), iri_of("concept:dimension/x")
    ('https://w3id.org/missiongraph/id/mission/x', 'https://w3id.org/missiongraph/concept/dimension/x')
    """
    prefix, colon, local = thing_id.partition(":")
    return CONCEPT + local if colon and prefix == "concept" else ID + thing_id


@dataclass(frozen=True)
class Node:
    """A thing and what is said of it in one place.

    Attributes:
        id: as written: ``mission/x``, or ``concept:scheme/x`` for a concept.
        types: local names of the classes it is said to belong to.
        facts: values by key.
        position: where it is described.
    """

    id: str
    types: tuple[str, ...]
    facts: Mapping[str, tuple[Value | Node, ...]]
    position: Position

    @property
    def iri(self) -> str:
        """The thing's IRI."""
        return iri_of(self.id)

    def texts(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return the texts of a key, each as language and text."""
        objects = [value for value in self.facts.get(key, ()) if isinstance(value, Mapping)]
        return tuple((value["@language"], value["@value"]) for value in objects)

    def text(self, key: str) -> str:
        """Return the first plain value of a key, or nothing."""
        return next((v for v in self.facts.get(key, ()) if isinstance(v, str)), "")

    def within(self) -> Iterator[Node]:
        """Yield this node and those nested in it."""
        yield self
        for values in self.facts.values():
            for value in values:
                if isinstance(value, Node):
                    yield from value.within()


@dataclass(frozen=True)
class Passage:
    """One piece of evidence: its description, and what it states."""

    evidence: Node
    states: tuple[Node, ...]
