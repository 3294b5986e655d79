"""Things as objects: what is known of one, each fact with the passages that state it.

Facts that no source states are not there. Sources may differ, so that every property has as
many values as are stated; nothing is chosen or averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final, TypeAlias, TypeVar

from pyoxigraph import Literal, NamedNode

from missiongraph.comparison.reading import locator, text
from missiongraph.errors import UnknownThing
from missiongraph.names import CONCEPT, ID, compact
from missiongraph.ontology import our_ontology
from missiongraph.questions import find_question
from missiongraph.store import Store
from missiongraph.table_files import Plain, plain
from missiongraph.tables import Term, select, text_of

Row: TypeAlias = Mapping[str, Term]
PartT = TypeVar("PartT", bound="Thing")
_NESTED: Final = ("hasTarget", "hasFunding", "hasInstrument", "hasSolution")


@dataclass(frozen=True)
class Evidence:
    """The passage that states a fact.

    Attributes:
        iri: the passage's IRI.
        summary: what it says, in the editors' words.
        source: the source's title.
        source_iri: the source's IRI.
        locator: where in the source it is: a second, a page or a section; empty if not known.
        link: address that leads to the passage; empty if not known.
    """

    iri: str
    summary: str
    source: str
    source_iri: str
    locator: str = ""
    link: str = ""


@dataclass(frozen=True)
class Fact:
    """One value of a property, and what states it.

    Attributes:
        property: the property's short name, such as ``deadline`` or ``ownedBy``.
        value: a number, a day or a text; of a thing or a concept its IRI.
        label: the value as people read it.
        iri: the IRI of a thing or a concept; empty for a number, a day or a text.
        language: a text's language tag; empty if it has none.
        inferred: whether it follows from other facts and no passage states it.
        evidence: the passages that state it; none for what was inferred or comes in bulk.
    """

    property: str
    value: Plain
    label: str
    iri: str = ""
    language: str = ""
    inferred: bool = False
    evidence: tuple[Evidence, ...] = field(repr=False, default=())

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Thing:
    """What is known of a thing.

    Attributes:
        iri: its IRI.
        label: its name, the English one if it has several.
        facts: all that is known, by property.
    """

    iri: str
    label: str
    facts: Mapping[str, tuple[Fact, ...]] = field(repr=False, default_factory=dict)

    @property
    def id(self) -> str:
        """Its name within the graph, such as ``mission/csiro-drought-resilience``."""
        return self.iri.removeprefix(ID).removeprefix(CONCEPT)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The passages that its facts rest on, each once."""
        facts = (fact for facts in self.facts.values() for fact in facts)
        return tuple(dict.fromkeys(passage for fact in facts for passage in fact.evidence))

    def __getitem__(self, property_name: str) -> tuple[Fact, ...]:
        """Return the values of a property, such as ``"startDate"``; none where none is known."""
        return self.facts.get(property_name, ())

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Target(Thing):
    """A measurable goal of a mission."""

    @property
    def statements(self) -> tuple[Fact, ...]:
        """The goal in words."""
        return self["statement"]

    @property
    def values(self) -> tuple[Fact, ...]:
        """The figure to reach; its unit is in ``units``."""
        return self["targetValue"]

    @property
    def units(self) -> tuple[Fact, ...]:
        """The unit of ``values``."""
        return self["unit"]

    @property
    def directions(self) -> tuple[Fact, ...]:
        """Whether the figure is to rise, to fall or to be reached."""
        return self["direction"]

    @property
    def deadlines(self) -> tuple[Fact, ...]:
        """By when: a year as a number, a month as text, a day."""
        return self["deadline"]


@dataclass(frozen=True)
class Mission(Thing):
    """A mission, its targets, and what belongs to it.

    Attributes:
        targets: its targets.
        funding: its sums of money: ``amount``, ``currency``, ``fundingKind``.
        instruments: its instruments: ``instrumentType``, ``side``, ``steering``.
        solutions: the competing answers to its problem.
    """

    targets: tuple[Target, ...] = field(repr=False, default=())
    funding: tuple[Thing, ...] = field(repr=False, default=())
    instruments: tuple[Thing, ...] = field(repr=False, default=())
    solutions: tuple[Thing, ...] = field(repr=False, default=())

    @property
    def places(self) -> tuple[Fact, ...]:
        """Where it is."""
        return self["place"]

    @property
    def governance_levels(self) -> tuple[Fact, ...]:
        """The level at which it is governed."""
        return self["governanceLevel"]

    @property
    def statuses(self) -> tuple[Fact, ...]:
        """Candidate, launched, completed, stopped…"""
        return self["status"]

    @property
    def challenges(self) -> tuple[Fact, ...]:
        """The societal challenges that it addresses."""
        return self["addresses"]

    @property
    def owners(self) -> tuple[Fact, ...]:
        """The actors that own it."""
        return self["ownedBy"]

    @property
    def actors(self) -> Mapping[str, tuple[Fact, ...]]:
        """Its actors by role: ``ownedBy``, ``ledBy``, ``fundedBy``… as far as they are known."""
        roles = our_ontology().subproperties("involves")
        return {role: self[role] for role in roles if self[role]}


def read_thing(store: Store, iri: str) -> Thing:
    """Return what is known of a thing.

    Raises:
        UnknownThing: the graph says nothing about it.
    """
    return Thing(*_known(iri, _facts(store, [iri])[iri]))


def read_mission(store: Store, iri: str) -> Mission:
    """Return what is known of a mission; raises as ``read_thing`` does."""
    mission = read_thing(store, iri)
    parts = dict.fromkeys(fact.iri for name in _NESTED for fact in mission[name] if fact.iri)
    rows = _facts(store, list(parts)) if parts else {}

    def parts_by(name: str, make: Callable[..., PartT]) -> tuple[PartT, ...]:
        found = dict.fromkeys(fact.iri for fact in mission[name] if fact.iri)
        return tuple(make(*_known(part, rows[part])) for part in found)

    return Mission(
        mission.iri,
        mission.label,
        mission.facts,
        targets=parts_by("hasTarget", Target),
        funding=parts_by("hasFunding", Thing),
        instruments=parts_by("hasInstrument", Thing),
        solutions=parts_by("hasSolution", Thing),
    )


def _facts(store: Store, things: Sequence[str]) -> dict[str, list[Row]]:
    """Return the rows of the question ``facts`` by thing, in the order of the things."""
    question = find_question("facts")
    found: dict[str, list[Row]] = {iri: [] for iri in things}
    for row in select(store, question.bind(question.values({"thing": list(things)}))).records():
        found[text(row["thing"])].append(row)
    return found


def _known(iri: str, rows: Sequence[Row]) -> tuple[str, str, dict[str, tuple[Fact, ...]]]:
    """Return a thing's IRI, label and facts."""
    if not rows:
        raise UnknownThing(f"The graph says nothing about {compact(iri)}.", where="thing")
    by_value: dict[tuple[str, Term], list[Row]] = {}
    for row in rows:
        by_value.setdefault((_short(text(row["property"])), row["value"]), []).append(row)
    facts: dict[str, tuple[Fact, ...]] = {}
    for (name, value), stated in by_value.items():
        facts[name] = (*facts.get(name, ()), _fact(name, value, stated))
    labels = facts.get("label", ())
    english = [fact for fact in labels if fact.language.startswith("en")]
    label = next((str(fact) for fact in (*english, *labels)), compact(iri))
    return iri, label, facts


def _fact(name: str, value: Term, stated: Sequence[Row]) -> Fact:
    evidence = tuple(dict.fromkeys(_evidence(row) for row in stated if "evidence" in row))
    read = plain(value)
    # Stores write decimals in ways of their own, 30 as 30.0.
    written = f"{read.normalize():f}" if isinstance(read, Decimal) else text_of(value)
    return Fact(
        property=name,
        value=read,
        label=text(stated[0].get("valueLabel")) or written,
        iri=value.value if isinstance(value, NamedNode) else "",
        language=(value.language or "") if isinstance(value, Literal) else "",
        inferred=not evidence and any("inferred" in row for row in stated),
        evidence=evidence,
    )


def _evidence(row: Row) -> Evidence:
    return Evidence(
        iri=text(row["evidence"]),
        summary=text(row.get("summary")),
        source=text(row.get("sourceTitle")),
        source_iri=text(row.get("source")),
        locator=locator(row),
        link=text(row.get("link")),
    )


@cache
def _short_names() -> Mapping[str, str]:
    return {prop.iri: key for key, prop in our_ontology().properties.items()}


def _short(iri: str) -> str:
    """Return a property's short name: its key in curated files, else a CURIE."""
    return _short_names().get(iri) or compact(iri)
