"""Differences between two kept releases: fact by fact and mission by mission, or as a patch.

Facts are those of the default graph. What is said of a mission's targets, money, instruments,
solutions and assessments is counted as said of the mission.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.changed_statements import ADDED, REMOVED, changed_lines
from missiongraph.names import BASE, ID, INFERRED_GRAPH, MG, RDFS_LABEL
from missiongraph.releases import Release

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
CHANGED: Final = "changed"
SHOWN: Final = 1000
_MISSION: Final = f"<{ID}mission/".encode()
_EVIDENCE: Final = ID + "evidence/"
_PARTS: Final = {
    f"<{MG}{name}>".encode() for name in ("hasTarget", "hasFunding", "hasInstrument", "hasSolution")
}
_PARTS_OF: Final = {f"<{MG}{name}>".encode() for name in ("assesses", "ofTarget")}
_LABEL: Final = str(RDFS_LABEL).encode()


@dataclass(frozen=True)
class FactChange:
    """What became of the values that a thing has for a property.

    Attributes:
        thing: IRI of the thing, or the label of a blank node.
        property_iri: IRI of the property.
        before: the values that are gone.
        after: the values that are new.
        inferred: whether all of it follows from other facts.
        evidence: IRIs of the passages that state the new values.
    """

    thing: str
    property_iri: str
    before: tuple[Term, ...] = ()
    after: tuple[Term, ...] = ()
    inferred: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Whether values were ``added``, ``removed`` or ``changed``."""
        if not self.before:
            return ADDED
        return CHANGED if self.after else REMOVED


@dataclass(frozen=True)
class Differences:
    """What changed from one release to another.

    Attributes:
        before: id of the earlier release.
        after: id of the later one.
        missions: the changes of each mission with any, by its IRI.
        others: the first 1,000 changes of things that belong to no mission.
        totals: how many changes there are of each kind, those of others not shown too.
        labels: names of the things spoken of, by IRI.
        added: IRIs of missions that only the later release has.
        removed: IRIs of missions that only the earlier one has.
    """

    before: str
    after: str
    missions: Mapping[str, tuple[FactChange, ...]]
    others: tuple[FactChange, ...]
    totals: Mapping[str, int]
    labels: Mapping[str, str]
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    def became_of(self, mission: str) -> str:
        """Whether a mission was ``added``, ``removed`` or ``changed``."""
        if mission in self.added:
            return ADDED
        return REMOVED if mission in self.removed else CHANGED

    def document(self) -> dict[str, Any]:
        """Return all of it as a JSON document."""
        return {
            "before": self.before,
            "after": self.after,
            "totals": dict(self.totals),
            "missions": [
                {
                    "mission": iri,
                    "label": self.labels.get(iri),
                    "change": self.became_of(iri),
                    "facts": [self._fact(change) for change in changes],
                }
                for iri, changes in self.missions.items()
            ],
            "others": [self._fact(change) for change in self.others],
        }

    def _fact(self, change: FactChange) -> dict[str, Any]:
        return {
            "change": change.kind,
            "thing": change.thing,
            "label": self.labels.get(change.thing),
            "property": change.property_iri,
            "before": [str(term) for term in change.before],
            "after": [str(term) for term in change.after],
            "inferred": change.inferred,
            "evidence": list(change.evidence),
        }


def differences(before: Release, after: Release, *, inferred: bool = False) -> Differences:
    """Return what changed from one release to another.

    Only the changes of missions and the first 1,000 others are held in memory.

    Args:
        before: the earlier release.
        after: the later one.
        inferred: whether facts that follow from others count too.

    Raises:
        ReleaseDamaged: a manifest cannot be read.
        OSError: a dump cannot be read.
        SyntaxError: a dump is not N-Quads.
    """
    dumps = (before.dump, after.dump)
    belonging = _belonging(dumps)
    gathered = _Gathered(belonging)
    for change in fact_changes(*dumps):
        if inferred or not change.inferred:
            gathered.add(change)
    there = [_missions_of(dump) for dump in dumps]
    shown = [*gathered.others, *(c for changes in gathered.missions.values() for c in changes)]
    return Differences(
        before=before.id,
        after=after.id,
        missions={iri: tuple(gathered.missions[iri]) for iri in sorted(gathered.missions)},
        others=tuple(gathered.others),
        totals=gathered.totals,
        labels=_labels(dumps, {*_mentioned(shown), *gathered.missions}),
        added=frozenset(there[1] - there[0]),
        removed=frozenset(there[0] - there[1]),
    )


def fact_changes(before: Path, after: Path) -> Iterator[FactChange]:
    """Yield what changed from one sorted dump to another, by thing and property.

    Raises:
        OSError: a dump cannot be read.
        SyntaxError: a dump is not N-Quads.
    """
    lines = ((mark, _quad(line)) for mark, line in changed_lines(before, after))
    for (thing, prop), group in groupby(lines, key=lambda item: _subject_and_property(item[1])):
        values: dict[str, dict[Term, set[str]]] = {ADDED: {}, REMOVED: {}}
        for mark, quad in group:
            graphs = values[mark].setdefault(quad.object, set())
            graphs.add(quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else "")
        # A passage more or less for a fact that stays is no change of the fact.
        merged = {
            mark: {term: graphs for term, graphs in terms.items() if "" in graphs}
            for mark, terms in values.items()
        }
        if merged[ADDED] or merged[REMOVED]:
            yield _fact_change(thing, prop, merged)


def patch(before: Path, after: Path, ids: tuple[str, str]) -> Iterator[bytes]:
    """Yield the lines of an RDF Patch that makes one dump into the other.

    The form is that of https://jena.apache.org/documentation/rdf-patch/: every statement, those
    of named graphs too. Blank nodes are the dumps' own.

    Args:
        before: the sorted dump to be changed.
        after: the sorted dump that results.
        ids: ids of the two releases, for the head.
    """
    previous, this = (f"{BASE}release/{release_id}" for release_id in ids)
    yield f"H id <{this}> .\nH prev <{previous}> .\nTX .\n".encode()
    for mark, line in changed_lines(before, after):
        yield (b"A " if mark == ADDED else b"D ") + line
    yield b"TC .\n"


@dataclass
class _Gathered:
    """Changes under the missions that they are of."""

    belonging: Mapping[str, frozenset[str]]
    missions: dict[str, list[FactChange]] = field(default_factory=lambda: defaultdict(list))
    others: list[FactChange] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=lambda: {ADDED: 0, REMOVED: 0, CHANGED: 0})

    def add(self, change: FactChange) -> None:
        self.totals[change.kind] += 1
        missions = self.belonging.get(change.thing, frozenset())
        if change.thing.startswith(f"{ID}mission/"):
            missions |= {change.thing}
        for mission in missions:
            self.missions[mission].append(change)
        if not missions and len(self.others) < SHOWN:
            self.others.append(change)


def _fact_change(
    thing: str, prop: str, values: Mapping[str, Mapping[Term, set[str]]]
) -> FactChange:
    graphs = [found for terms in values.values() for found in terms.values()]
    new = set().union(*values[ADDED].values()) if values[ADDED] else set()
    return FactChange(
        thing=thing,
        property_iri=prop,
        before=tuple(sorted(values[REMOVED], key=str)),
        after=tuple(sorted(values[ADDED], key=str)),
        inferred=all(INFERRED_GRAPH in found for found in graphs),
        evidence=tuple(sorted(graph for graph in new if graph.startswith(_EVIDENCE))),
    )


def _belonging(dumps: Iterable[Path]) -> dict[str, frozenset[str]]:
    """Return the missions that each part of a mission belongs to, in either release."""
    owners: dict[bytes, set[bytes]] = defaultdict(set)
    parts_of_parts: list[tuple[bytes, bytes]] = []
    for dump in dumps:
        for subject, prop, rest in _lines_with(dump, _PARTS | _PARTS_OF):
            value = rest.partition(b" ")[0]
            if prop in _PARTS and subject.startswith(_MISSION):
                owners[value].add(subject)
            elif prop in _PARTS_OF and value.startswith(_MISSION):
                owners[subject].add(value)
            elif prop in _PARTS_OF:
                parts_of_parts.append((subject, value))
    for part, whole in parts_of_parts:
        owners[part] |= owners.get(whole, set())
    return {_iri(part): frozenset(map(_iri, missions)) for part, missions in owners.items()}


def _missions_of(dump: Path) -> set[str]:
    with dump.open("rb") as lines:
        return {_iri(line.partition(b" ")[0]) for line in lines if line.startswith(_MISSION)}


def _labels(dumps: Sequence[Path], wanted: set[str]) -> dict[str, str]:
    """Return the names of things, English before others and the later release's before."""
    labels: dict[str, tuple[bool, str]] = {}
    for dump in reversed(dumps):
        for subject, prop, rest in _lines_with(dump, {_LABEL}):
            iri = _iri(subject)
            if iri not in wanted or labels.get(iri, (False, ""))[0]:
                continue
            label = _quad(b" ".join((subject, prop, rest))).object
            assert isinstance(label, Literal)
            is_english = (label.language or "").partition("-")[0] == "en"
            if is_english or iri not in labels:
                labels[iri] = (is_english, label.value)
    return {iri: text for iri, (_, text) in labels.items()}


def _mentioned(changes: Iterable[FactChange]) -> Iterator[str]:
    for change in changes:
        yield from (change.thing, change.property_iri)
        yield from (t.value for t in (*change.before, *change.after) if isinstance(t, NamedNode))


def _lines_with(dump: Path, properties: set[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield subject, property and the rest of the lines that have one of the properties."""
    with dump.open("rb") as lines:
        for line in lines:
            subject, prop, rest = line.split(b" ", 2)
            if prop in properties:
                yield subject, prop, rest


def _quad(line: bytes) -> Quad:
    (quad,) = parse(line, format=RdfFormat.N_QUADS)
    assert isinstance(quad, Quad)
    return quad


def _subject_and_property(quad: Quad) -> tuple[str, str]:
    subject = quad.subject
    return (subject.value if isinstance(subject, NamedNode) else str(subject)), quad.predicate.value


def _iri(written: bytes) -> str:
    return written.decode().removeprefix("<").removesuffix(">")
