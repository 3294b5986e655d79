"""Ids as curated files write them: ``mission/x``, ``evidence/source/x``, ``concept:scheme/x``."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from missiongraph.ingest.mistakes import IllWritten, Mistakes, shown
from missiongraph.ingest.values import slugified
from missiongraph.names import CONCEPT, ID, is_slug
from missiongraph.ontology import Ontology

_CONCEPT_PREFIX: Final = "concept:"


class Identifiers:
    """Reads ids, and knows which classes are named under which segment.

    Args:
        ontology: says the segments and concepts.
        mistakes: suggests what was meant.
    """

    def __init__(self, ontology: Ontology, mistakes: Mistakes) -> None:
        self._ontology = ontology
        self._mistakes = mistakes

    @cached_property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """Local names of the classes of each segment, superclasses first."""
        found: dict[str, list[str]] = {}
        for class_ in self._ontology.classes.values():
            if not class_.is_concept:
                found.setdefault(class_.segment, []).append(class_.name)
        depth = {name: len(self._ontology.ancestors(name)) for name in self._ontology.classes}
        return {
            segment: tuple(sorted(names, key=lambda name: (depth[name], name)))
            for segment, names in found.items()
        }

    def read(self, text: str) -> str:
        """Return an id as written, once it is known to be well-formed.

        Raises:
            IllWritten: it is not, or names no segment or concept.
        """
        if text.startswith(_CONCEPT_PREFIX):
            return self._read_concept(text)
        segment, slash, slug = text.partition("/")
        if not slash or ":" in text or not slug:
            raise IllWritten("is not an id", self._shape_remedy(text))
        if segment not in self.classes:
            raise IllWritten(
                f"begins with {shown(segment)}, which is no class", self._segment_remedy(text)
            )
        parts = slug.split("/")
        if len(parts) != (2 if segment == "evidence" else 1):
            remedy = "Write evidence/<source>/<passage> for a passage, <class>/<name> for a thing."
            raise IllWritten("has the wrong number of parts", remedy)
        if not all(is_slug(part) for part in parts):
            meant = "/".join((segment, *(slugified(part) or "name" for part in parts)))
            raise IllWritten("is not lower-case words with hyphens", f"Write {shown(meant)}.")
        return text

    def segment(self, thing_id: str) -> str:
        """Return the class part of a well-formed id; ``concept:`` for a concept."""
        if thing_id.startswith(_CONCEPT_PREFIX):
            return _CONCEPT_PREFIX
        return thing_id.partition("/")[0]

    def possible_classes(self, thing_id: str) -> frozenset[str]:
        """Return every class that a thing of that id may belong to."""
        if thing_id.startswith(_CONCEPT_PREFIX):
            scheme, _, slug = thing_id.removeprefix(_CONCEPT_PREFIX).partition("/")
            return self._ontology.concept_classes(scheme, slug)
        return frozenset(self.classes[self.segment(thing_id)])

    def implied_class(self, thing_id: str, among: tuple[str, ...]) -> str | None:
        """Return the class that follows from standing where one ``among`` some is expected."""
        fitting = [name for name in self.classes.get(self.segment(thing_id), ()) if name in among]
        return fitting[0] if fitting else None

    def _read_concept(self, text: str) -> str:
        scheme, _, slug = text.removeprefix(_CONCEPT_PREFIX).partition("/")
        schemes = self._ontology.schemes
        if scheme not in schemes:
            near = self._mistakes.nearest(scheme, schemes)
            remedy = f"Write {shown(f'concept:{near}/{slug}')}." if near else "Write one of: "
            raise IllWritten(
                f"names no vocabulary {shown(scheme)}", remedy if near else remedy + listed(schemes)
            )
        if slug not in schemes[scheme]:
            raise IllWritten(
                f"is not a concept of {scheme}", f"Write one of: {listed(schemes[scheme])}"
            )
        return text

    def _shape_remedy(self, text: str) -> str:
        for start, prefix in ((ID, ""), (CONCEPT, _CONCEPT_PREFIX), ("id:", "")):
            if text.startswith(start) and len(text) > len(start):
                return f"Write {shown(prefix + text.removeprefix(start))}."
        return "Write the class and a name: mission/csiro-drought-resilience."

    def _segment_remedy(self, text: str) -> str:
        segment, _, slug = text.partition("/")
        if slug in self._ontology.schemes.get(segment, ()):
            return f"Write {shown(_CONCEPT_PREFIX + text)}."
        near = self._mistakes.nearest(segment, self.classes)
        if near:
            return f"Write {shown(f'{near}/{slug}')}."
        return f"Begin with one of: {listed(self.classes)}"


def listed(words: Iterable[str]) -> str:
    """Return words in order, with commas and a full stop."""
    return ", ".join(sorted(words)) + "."
