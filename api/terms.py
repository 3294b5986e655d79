"""Terms of the ontology as its page documents them: all that the ontology says of each.

Read from the files that ``/ontology.ttl`` is made of, and from the vocabularies, for the
names of schemes. What a release makes of the terms is in ``api/term_use.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph import resources
from missiongraph.api import linked_data
from missiongraph.api.values import Shown, show
from missiongraph.names import MG, ONTOLOGY, PREFIXES, RDF_TYPE, RDFS_LABEL, compact, mg
from missiongraph.ontology import read_turtle
from missiongraph.shacl.graph import Term as Node
from missiongraph.shacl.shapes_graph import ShapesGraph

_OWL: Final = PREFIXES["owl"]
_RDFS: Final = PREFIXES["rdfs"]
_SKOS: Final = PREFIXES["skos"]
KINDS: Final = {
    "Class": "Classes",
    "ObjectProperty": "Properties with things or concepts as values",
    "DatatypeProperty": "Properties with literals as values",
    "AnnotationProperty": "Annotations: what machinery learns from the ontology",
}
"""The kinds of terms by their local name in OWL, in the order of the page."""
_SAID: Final = {
    _RDFS + "subClassOf": "Kind of",
    _RDFS + "subPropertyOf": "Implies",
    _OWL + "inverseOf": "Inverse",
    _OWL + "propertyChainAxiom": "Follows from",
    _RDFS + "domain": "Is said of",
    _RDFS + "range": "Takes",
    MG + "valueKind": "Form of values",
    MG + "yearOf": "Year of",
    MG + "segment": "Part of IRIs",
    _SKOS + "exactMatch": "Same as",
    _SKOS + "closeMatch": "Nearly the same as",
    _SKOS + "broadMatch": "Narrower than",
    _SKOS + "narrowMatch": "Broader than",
    _SKOS + "relatedMatch": "Related to",
    PREFIXES["dcterms"] + "isReplacedBy": "Replaced by",
    _SKOS + "changeNote": "Change",
}
"""What is said of a term, by property, and what heads it on the page."""
_SAID_ELSEWHERE: Final = {
    _RDFS + "subClassOf": "More specific",
    _RDFS + "subPropertyOf": "Implied by",
    _OWL + "inverseOf": "Inverse",
    _RDFS + "domain": "Properties",
    _RDFS + "range": "Value of",
    MG + "valuesOf": "Vocabularies",
    MG + "yearOf": "Its year",
}
"""What other terms say with a term as the value."""
_TRAITS: Final = {
    _OWL + "TransitiveProperty": "transitive: what holds over steps holds directly",
    _OWL + "SymmetricProperty": "symmetric: it holds both ways",
    MG + "singleValued": "single valued: two values of one thing contradict each other",
    MG + "derived": "derived: the build infers it and nobody writes it",
}
_HEADINGS: Final = tuple(dict.fromkeys((*_SAID.values(), *_SAID_ELSEWHERE.values())))
_LONGEST_CHAIN: Final = " then "


@dataclass(frozen=True)
class Line:
    """What an entry says under one heading."""

    heading: str
    values: tuple[Shown, ...]


@dataclass(frozen=True)
class Entry:
    """A term with all that the ontology says of it.

    Attributes:
        iri: the term.
        name: its local name, which is its anchor.
        kind: local name of its kind in OWL.
        label: its name in words.
        definition: what it means.
        sources: IRIs of where the definition comes from.
        lines: the rest, by heading.
        parents: local names of the terms of ours directly above it.
        deprecated: whether it is not to be used any more.
    """

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    sources: tuple[NamedNode, ...]
    lines: tuple[Line, ...]
    parents: tuple[str, ...]
    deprecated: bool


@dataclass(frozen=True)
class Relation:
    """An object property between two classes of ours: local names, and the property's label."""

    source: str
    name: str
    label: str
    target: str


class Glossary:
    """All terms of the ontology.

    Args:
        graph: the ontology with its alignments and vocabularies.
    """

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._elsewhere: dict[tuple[str, Node], list[Node]] = {}
        for predicate in _SAID_ELSEWHERE:
            for subject in graph.subjects_with(NamedNode(predicate)):
                for value in graph.objects(subject, NamedNode(predicate)):
                    for one in self._members(value):
                        self._elsewhere.setdefault((predicate, one), []).append(subject)
        self.entries = tuple(self._entries())
        self.labels = {entry.name: entry.label for entry in self.entries}

    @property
    def version(self) -> str:
        """The ontology's version."""
        return self._text(NamedNode(ONTOLOGY), _OWL + "versionInfo")

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """Return the entries of a kind, by local name."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def relations(self) -> tuple[Relation, ...]:
        """Return the properties between classes, the most general of each, with subclasses.

        Where a class restricts what a property takes, only that is told of it.
        """
        found = [
            Relation(entry.name, "", "a kind of", parent)
            for entry in self.of_kind("Class")
            for parent in entry.parents
        ]
        for entry in self.of_kind("ObjectProperty"):
            if not entry.parents:
                found += self._relations_of(NamedNode(entry.iri), entry)
        return tuple(sorted(found, key=lambda one: (one.source, one.name, one.target)))

    def label_of(self, node: Node) -> Literal | None:
        """Return the name of a term or scheme, if it has one."""
        labels = [x for x in self._graph.objects(node, RDFS_LABEL) if isinstance(x, Literal)]
        return next(iter(sorted(labels, key=lambda label: label.language != "en")), None)

    def schemes_of(self, property_: Node) -> tuple[str, ...]:
        """Return the names of the vocabularies that a property takes its values from."""
        schemes = self._elsewhere.get((MG + "valuesOf", property_), ())
        return tuple(shown.text for scheme in schemes for shown in self._shown(scheme))

    def takers_of(self, scheme: NamedNode) -> tuple[NamedNode, ...]:
        """Return the properties that take their values from a vocabulary."""
        properties = self._graph.objects(scheme, mg("valuesOf"))
        return tuple(value for value in properties if isinstance(value, NamedNode))

    def _relations_of(self, term: NamedNode, entry: Entry) -> Iterable[Relation]:
        for domain in self._values(term, _RDFS + "domain"):
            restricted = self._restricted(domain, term)
            for target in restricted or self._values(term, _RDFS + "range"):
                if _is_ours(domain) and _is_ours(target):
                    yield Relation(_local(domain), entry.name, entry.label, _local(target))

    def _restricted(self, class_: Node, term: NamedNode) -> list[Node]:
        return [
            value
            for above in self._graph.objects(class_, NamedNode(_RDFS + "subClassOf"))
            if term in self._graph.objects(above, NamedNode(_OWL + "onProperty"))
            for value in self._graph.objects(above, NamedNode(_OWL + "allValuesFrom"))
        ]

    def _entries(self) -> Iterable[Entry]:
        for kind in KINDS:
            wanted = NamedNode(_OWL + kind)
            for node in self._graph.subjects_with(RDF_TYPE):
                if _is_ours(node) and wanted in self._graph.objects(node, RDF_TYPE):
                    yield self._entry(node, kind)

    def _entry(self, node: Node, kind: str) -> Entry:
        above = ("subClassOf", "subPropertyOf")
        parents = [value for name in above for value in self._values(node, _RDFS + name)]
        sources = self._graph.objects(node, NamedNode(PREFIXES["dcterms"] + "source"))
        label = self.label_of(node)
        return Entry(
            iri=_iri(node),
            name=_local(node),
            kind=kind,
            label=label.value if label else _local(node),
            definition=self._text(node, _SKOS + "definition"),
            sources=tuple(source for source in sources if isinstance(source, NamedNode)),
            lines=tuple(self._lines(node)),
            parents=tuple(sorted(_local(parent) for parent in parents if _is_ours(parent))),
            deprecated=self._text(node, _OWL + "deprecated") == "true",
        )

    def _lines(self, node: Node) -> Iterable[Line]:
        told: dict[str, list[Shown]] = {heading: [] for heading in _HEADINGS}
        for predicate, heading in _SAID.items():
            for value in self._graph.objects(node, NamedNode(predicate)):
                told[heading] += self._shown(value)
        for predicate, heading in _SAID_ELSEWHERE.items():
            for subject in self._elsewhere.get((predicate, node), ()):
                told[heading] += [] if heading == "Kind of" else self._shown(subject)
        told["Nature"] = [Shown(words) for words in self._traits(node)]
        told["Never at once"] = self._disjoint(node)
        for heading, values in told.items():
            if values:
                yield Line(heading, tuple(dict.fromkeys(values)))

    def _traits(self, node: Node) -> Iterable[str]:
        types = {_iri(type_) for type_ in self._graph.objects(node, RDF_TYPE)}
        for iri, words in _TRAITS.items():
            if iri in types or self._text(node, iri) == "true":
                yield words

    def _disjoint(self, node: Node) -> list[Shown]:
        """Return the classes that have no instance in common with a class."""
        found: set[Node] = set()
        for axiom in self._graph.subjects_with(NamedNode(_OWL + "members")):
            (head,) = self._graph.objects(axiom, NamedNode(_OWL + "members"))
            members = self._graph.members(head)
            if node in members:
                found |= {member for member in members if member != node}
        return [shown for member in sorted(found, key=str) for shown in self._shown(member)]

    def _shown(self, node: Node) -> list[Shown]:
        """Return how the page shows what an axiom speaks of: terms, unions, restrictions, chains."""
        if isinstance(node, NamedNode | Literal):
            return [show(node, self.label_of(node) if isinstance(node, NamedNode) else None)]
        if union := self._graph.objects(node, NamedNode(_OWL + "unionOf")):
            return [s for member in self._graph.members(union[0]) for s in self._shown(member)]
        if only := self._graph.objects(node, NamedNode(_OWL + "allValuesFrom")):
            (on,) = self._graph.objects(node, NamedNode(_OWL + "onProperty"))
            (value,), (property_,) = self._shown(only[0]), self._shown(on)
            return [Shown(f"what is “{property_.text}” only of {value.text}", property_.href)]
        if self._graph.objects(node, NamedNode(PREFIXES["rdf"] + "first")):
            steps = [s.text for member in self._graph.members(node) for s in self._shown(member)]
            return [Shown(_LONGEST_CHAIN.join(f"“{step}”" for step in steps))]
        raise TypeError(f"the page has no words for {self._graph.about(node)}")

    def _values(self, node: Node, predicate: str) -> list[Node]:
        values = self._graph.objects(node, NamedNode(predicate))
        return [member for value in values for member in self._members(value)]

    def _members(self, node: Node) -> list[Node]:
        """Return the classes of a union, or the node itself."""
        if isinstance(node, NamedNode | Literal):
            return [node]
        union = self._graph.objects(node, NamedNode(_OWL + "unionOf"))
        return self._graph.members(union[0]) if union else []

    def _text(self, node: Node, predicate: str) -> str:
        values = self._graph.objects(node, NamedNode(predicate))
        return next((value.value for value in values if isinstance(value, Literal)), "")


def glossary() -> Glossary:
    """Return the terms of our ontology; it is read anew when a file has changed."""
    vocabularies = sorted((resources.root() / "ontology" / "vocabularies").glob("*.ttl"))
    files = (*linked_data.files_of("ontology"), *vocabularies)
    return _glossary(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _glossary(files: tuple[tuple[Path, int], ...]) -> Glossary:
    return Glossary(ShapesGraph(triple for file, _ in files for triple in read_turtle(file)))


def below(entries: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """Return entries by the local name of what they are directly below; by "" those at the top."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        for parent in entry.parents or ("",):
            found.setdefault(parent, []).append(entry)
    return {name: tuple(children) for name, children in found.items()}


def name_of(iri: str) -> str:
    """Return the anchor of a term of ours, or its CURIE.

    >>> name_of(mg("Mission").value)
    'Mission'
    """
    return iri.removeprefix(MG) if iri.startswith(MG) else compact(iri)


def _is_ours(node: Node) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(MG)


def _iri(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else ""


def _local(node: Node) -> str:
    return _iri(node).removeprefix(MG)
