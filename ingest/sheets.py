"""The sheets of a workbook for curated claims, and their columns, as the ontology has them.

One sheet for the source, one for its evidence, and one for each class of which passages state
something. A heading is a key of curated files in plain words: ``Governance level``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from missiongraph.ingest.identifiers import Identifiers
from missiongraph.ingest.mistakes import Mistakes
from missiongraph.names import PREFIXES
from missiongraph.ontology import Kind, Ontology, Property

SOURCE: Final = "source"
EVIDENCE: Final = "evidence"
CONCEPT: Final = "concept"
"""Of the sheet of facts about concepts of vocabularies."""
SEVERAL: Final = frozenset((Kind.NODE, Kind.CONCEPT, Kind.CURRENCY))
"""Kinds of which a cell may hold several values, for none of them holds a separator."""
_FIRST: Final = "Mission"
_LANGUAGE: Final = re.compile(r"(.*\S)\s*\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\)")


@dataclass(frozen=True)
class Sheet:
    """A sheet.

    Attributes:
        name: as its tab has it.
        segment: the segment of the things that it describes, or ``CONCEPT``.
        classes: the classes that they may belong to, superclasses first; none of concepts.
        properties: what may be said of them, by key; those of their own classes first.
    """

    name: str
    segment: str
    classes: tuple[str, ...]
    properties: tuple[Property, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the columns, in order."""
        is_stated = self.segment not in (SOURCE, EVIDENCE)
        typed = is_stated and self.classes
        structure = [*([EVIDENCE] if is_stated else []), "id", *(["type"] if typed else [])]
        return (*structure, *(prop.key for prop in self.properties))


class Sheets:
    """The sheets of workbooks.

    Args:
        ontology: gives classes and properties.
    """

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._segments = Identifiers(ontology, Mistakes("")).classes

    @cached_property
    def all(self) -> tuple[Sheet, ...]:
        """Every sheet: source, evidence, missions, what missions refer to, and the others."""
        segments = dict.fromkeys((SOURCE, EVIDENCE, *self._by_reference(), *self._segments))
        return (*(self._sheet(segment) for segment in segments), self._concepts())

    @cached_property
    def _names(self) -> dict[str, Sheet]:
        return {simple(sheet.name): sheet for sheet in self.all}

    @cached_property
    def _keys(self) -> dict[str, str]:
        usable = (prop.key for prop in self._ontology.properties.values())
        return {simple(key): key for key in (*usable, "id", "type", EVIDENCE)}

    def named(self, name: str) -> Sheet | None:
        """Return the sheet of a name, however it is capitalised; None when there is none."""
        return self._names.get(simple(name))

    def key(self, heading: str) -> str:
        """Return the key of a heading; the heading itself where there is no such key."""
        return self._keys.get(simple(heading), heading.strip())

    def _by_reference(self) -> list[str]:
        """Return segments by their distance from missions, along what refers to what."""
        pending, found = [_FIRST], dict[str, None]()
        while pending:
            name = pending.pop(0)
            class_ = self._ontology.classes.get(name)
            if class_ is None or class_.is_concept or class_.segment in found:
                continue
            found[class_.segment] = None
            own = self._fitting({name}, general=False)
            pending += [target for prop in own for target in prop.classes]
        return list(found)

    def _sheet(self, segment: str) -> Sheet:
        classes = self._segments[segment]
        ancestors = {a for name in classes for a in self._ontology.ancestors(name)}
        own = [*self._fitting(ancestors, general=False)]
        general = [*self._fitting(ancestors, general=True)]
        name = "Evidence" if segment == EVIDENCE else in_words(classes[0])
        return Sheet(name, segment, classes, (*own, *general))

    def _concepts(self) -> Sheet:
        ours = {name for name, class_ in self._ontology.classes.items() if class_.is_concept}
        concepts = {PREFIXES["skos"] + "Concept", *ours}
        own = [*self._fitting(concepts, general=False)]
        return Sheet("Concept", CONCEPT, (), (*own, *self._fitting(concepts, general=True)))

    def _fitting(self, classes: set[str], *, general: bool) -> Iterator[Property]:
        """Yield what may be said of classes: what is theirs, or what may be said of anything."""
        for key, prop in sorted(self._ontology.properties.items()):
            fits = not prop.domain if general else bool(classes & {*prop.domain})
            if fits and not prop.derived:
                yield self._ontology.properties[key]


def simple(words: str) -> str:
    """Return what two ways of writing a heading or a name have in common.

    >>> simple("Governance level") == simple("governanceLevel ")
    True
    """
    return "".join(character for character in words.casefold() if character.isalnum())


def in_words(name: str) -> str:
    """Return a key or the name of a class as a heading.

    >>> in_words("hasTarget"), in_words("GovernanceBody"), in_words("id")
    ('Has target', 'Governance body', 'Id')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    return words[:1].upper() + words[1:]


def heading_in(key: str, language: str) -> str:
    """Return the heading of a text in another language than English: ``Label (da)``."""
    return f"{in_words(key)} ({language})"


def language_of(heading: str) -> tuple[str, str]:
    """Return a heading without its language, and the language; nothing when it names none.

    >>> language_of("Label (da)"), language_of("Label")
    (('Label', 'da'), ('Label', ''))
    """
    found = _LANGUAGE.fullmatch(heading.strip())
    return (found[1], found[2]) if found else (heading, "")


def options(prop: Property, ontology: Ontology) -> list[str]:
    """Return concepts as they are written: with their scheme where there are several."""
    schemes = ontology.schemes
    if len(prop.schemes) == 1:
        return sorted(schemes.get(prop.schemes[0], ()))
    return [f"{scheme}/{slug}" for scheme in prop.schemes for slug in sorted(schemes[scheme])]


def listed_in_cell(text: str) -> Iterable[str]:
    """Yield the values that a cell lists, separated by semicolons or line breaks."""
    return filter(None, (part.strip() for part in re.split(r"[;\n]", text)))
