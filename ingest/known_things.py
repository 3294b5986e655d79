"""What only all files together can say: that every id is introduced, and consistently.

A thing is introduced where a file gives it a type; each has a label somewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from missiongraph.ingest.mistakes import Mistakes, Position, shown
from missiongraph.ontology import Ontology

WITHOUT_NAME: Final = frozenset(("Assessment", "Funding", "Observation", "Participation", "Target"))
"""Classes whose things are known by what they belong to, and may go without a label."""

_CONCEPT: Final = "concept:"


@dataclass(frozen=True)
class Sayings:
    """What one file says of ids.

    Attributes:
        file: the file as it was named.
        source_id: the source's id; empty when it could not be read.
        source_position: where the source's id is.
        is_whole: whether the file could be read to its end.
        declared: the classes of ids, with where.
        unclear: ids whose class it writes so that it cannot be read.
        labelled: the ids that it gives a label.
        mentioned: every id it describes or refers to, with where first.
    """

    file: str
    source_id: str
    source_position: Position
    is_whole: bool
    declared: tuple[tuple[str, str, Position], ...]
    unclear: frozenset[str]
    labelled: frozenset[str]
    mentioned: tuple[tuple[str, Position], ...]


class KnownThings:
    """The things of several files.

    Args:
        sayings: what each of the files says.
        ontology: says which classes go together.
    """

    def __init__(self, sayings: Iterable[Sayings], ontology: Ontology) -> None:
        self._sayings = tuple(sayings)
        self._ontology = ontology
        self._classes: dict[str, set[str]] = defaultdict(set)
        for said in self._sayings:
            for thing_id, class_name, _ in said.declared:
                self._classes[thing_id].add(class_name)
        self._unclear = frozenset().union(*(said.unclear for said in self._sayings))
        self._labelled = frozenset().union(*(said.labelled for said in self._sayings))
        self._is_whole = all(said.is_whole for said in self._sayings)

    def check(self, said: Sayings, mistakes: Mistakes) -> None:
        """Note the mistakes of one of the files that show beside the others."""
        self._check_source(said, mistakes)
        if self._is_whole:  # an unread file may introduce what is missing
            self._check_introduced(said, mistakes)
        self._check_declared(said, mistakes)

    def _check_source(self, said: Sayings, mistakes: Mistakes) -> None:
        twins = [
            other.file
            for other in self._sayings
            if other.source_id == said.source_id and other.file != said.file
        ]
        if said.source_id and twins:
            mistakes.add(
                said.source_position,
                f"{shown(said.source_id)} is the source of {twins[0]} too.",
                "Write the claims of one source into one file, or give this one an id of its own.",
            )

    def _check_introduced(self, said: Sayings, mistakes: Mistakes) -> None:
        for thing_id, position in said.mentioned:
            known = thing_id in self._classes or thing_id in self._unclear
            if known or thing_id.startswith(_CONCEPT):
                continue
            mistakes.add(
                position,
                f"{shown(thing_id)} is not introduced: no file gives it a type.",
                self._introduction(thing_id, mistakes),
            )

    def _introduction(self, thing_id: str, mistakes: Mistakes) -> str:
        segment = thing_id.partition("/")[0]
        alike = (known for known in self._classes if known.startswith(f"{segment}/"))
        near = mistakes.nearest(thing_id, alike)
        classes = [c.name for c in self._ontology.classes.values() if c.segment == segment]
        remedy = f"ntroduce it where it is first described: type: {classes[0]}, and a label."
        return f"Write {near}, or i{remedy}" if near else f"I{remedy}"

    def _check_declared(self, said: Sayings, mistakes: Mistakes) -> None:
        for thing_id, class_name, position in said.declared:
            others = self._classes[thing_id] - {class_name}
            for other in sorted(others):
                if not self._go_together(class_name, other):
                    mistakes.add(
                        position,
                        f"{shown(thing_id)} is of type {class_name} here and {other} elsewhere.",
                        "Decide on one, or give the two things ids of their own.",
                    )
        for thing_id, position in self._nameless(said):
            mistakes.add(
                position,
                f"{shown(thing_id)} has no label.",
                "Write label: and its name.",
            )

    def _nameless(self, said: Sayings) -> Iterator[tuple[str, Position]]:
        seen: set[str] = set()
        for thing_id, class_name, position in said.declared:
            named = class_name in ("Source", "Evidence") or class_name in WITHOUT_NAME
            if not named and thing_id not in self._labelled and thing_id not in seen:
                seen.add(thing_id)
                yield thing_id, position

    def _go_together(self, one: str, other: str) -> bool:
        return one in self._ontology.ancestors(other) or other in self._ontology.ancestors(one)
