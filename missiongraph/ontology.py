"""The ontology as the machinery reads it: classes, properties, schemes, and the context.

Nothing is registered here: what a property's values are is its ``mg:valueKind``, and
which concepts it takes follows from the vocabularies that say ``mg:valuesOf`` of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from missiongraph import resources
from missiongraph.names import CONCEPT, ID, MG, PREFIXES, segment_of

_RDF: Final = PREFIXES["rdf"]
_RDFS: Final = PREFIXES["rdfs"]
_SKOS: Final = PREFIXES["skos"]
_OWL: Final = PREFIXES["owl"]
_XSD: Final = PREFIXES["xsd"]
CURRENCY: Final = "http://publications.europa.eu/resource/authority/currency/"


class Kind(Enum):
    """What the values of a property are."""

    NODE = "node"
    CONCEPT = "concept"
    IRI = "iri"
    CURRENCY = "currency"
    TEXT = "text"
    STRING = "string"
    DECIMAL = "decimal"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DURATION = "duration"


@dataclass(frozen=True)
class Property:
    """A property as curated files name it.

    Attributes:
        key: the key in YAML: the local name.
        iri: its IRI.
        kind: what its values are.
        classes: for ``NODE``, the classes its values belong to: local names of ours, IRIs
            of others; empty for any.
        domain: the classes that may have it, named likewise; empty for any.
        schemes: for ``CONCEPT``, slugs of the schemes its values come from.
        derived: whether it is only ever inferred.
        single_valued: whether two values of one subject contradict each other.
        definition: what it means, in English.
    """

    key: str
    iri: str
    kind: Kind
    classes: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    derived: bool = False
    single_valued: bool = False
    definition: str = ""


@dataclass(frozen=True)
class OntologyClass:
    """A class as curated files name it.

    Attributes:
        name: its local name.
        iri: its IRI.
        segment: the part of the IRI under which its things are named.
        parents: local names of its direct superclasses among ours.
        is_concept: whether its things are concepts, named under their scheme.
        definition: what it means, in English.
    """

    name: str
    iri: str
    segment: str
    parents: tuple[str, ...]
    is_concept: bool = False
    definition: str = ""


EXTERNAL: Final[Mapping[str, tuple[str, Kind]]] = {
    "label": (_RDFS + "label", Kind.TEXT),
    "prefLabel": (_SKOS + "prefLabel", Kind.TEXT),
    "altLabel": (_SKOS + "altLabel", Kind.TEXT),
    "definition": (_SKOS + "definition", Kind.TEXT),
    "title": (PREFIXES["dcterms"] + "title", Kind.TEXT),
    "description": (PREFIXES["dcterms"] + "description", Kind.TEXT),
    "creator": (PREFIXES["dcterms"] + "creator", Kind.TEXT),
    "issued": (PREFIXES["dcterms"] + "issued", Kind.DATE),
    "license": (PREFIXES["dcterms"] + "license", Kind.IRI),
    "identifier": (PREFIXES["dcterms"] + "identifier", Kind.STRING),
    "isReplacedBy": (PREFIXES["dcterms"] + "isReplacedBy", Kind.NODE),
    "replaces": (PREFIXES["dcterms"] + "replaces", Kind.NODE),
    "page": (PREFIXES["foaf"] + "page", Kind.IRI),
    "homepage": (PREFIXES["foaf"] + "homepage", Kind.IRI),
    "exactMatch": (_SKOS + "exactMatch", Kind.IRI),
    "closeMatch": (_SKOS + "closeMatch", Kind.IRI),
    "broadMatch": (_SKOS + "broadMatch", Kind.IRI),
    "narrowMatch": (_SKOS + "narrowMatch", Kind.IRI),
    "relatedMatch": (_SKOS + "relatedMatch", Kind.IRI),
}
"""Terms of other vocabularies that are used as they are, by their key."""

_OF_SOURCES: Final = frozenset(("title", "creator", "issued", "license"))

_JSON_LD_TYPES: Final = {
    Kind.NODE: "@id",
    Kind.IRI: "@id",
    Kind.STRING: _XSD + "string",
    Kind.DECIMAL: _XSD + "decimal",
    Kind.INTEGER: _XSD + "integer",
    Kind.BOOLEAN: _XSD + "boolean",
    Kind.DURATION: _XSD + "duration",
}


class Ontology:
    """The ontology and its vocabularies, read from ``folder``.

    Args:
        folder: holds ``missiongraph.ttl``, ``vocabularies/`` and ``alignments/``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        files = [folder / "missiongraph.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))]
        self._facts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._ancestors: dict[str, frozenset[str]] = {}
        for file in files:
            for triple in read_turtle(file):
                self._facts[_key(triple.subject)][triple.predicate.value].append(triple.object)

    @cached_property
    def version(self) -> str:
        """The ontology's ``owl:versionInfo``."""
        return self._literal(MG.removesuffix("#"), _OWL + "versionInfo")

    @cached_property
    def classes(self) -> Mapping[str, OntologyClass]:
        """Our classes by local name."""
        names = sorted(_local(iri) for iri in self._of_type(_OWL + "Class") if iri.startswith(MG))
        return {name: self._class(name) for name in names}

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """Our properties and the external ones in use, by key."""
        types = (_OWL + "ObjectProperty", _OWL + "DatatypeProperty")
        ours = sorted(iri for kind in types for iri in self._of_type(kind) if iri.startswith(MG))
        return _external_properties() | {_local(iri): self._property(iri) for iri in ours}

    @cached_property
    def schemes(self) -> Mapping[str, frozenset[str]]:
        """The slugs of each scheme's concepts, by the scheme's slug."""
        members: dict[str, set[str]] = defaultdict(set)
        for concept, facts in self._facts.items():
            for scheme in facts.get(_SKOS + "inScheme", ()):
                members[_slug(scheme.value)].add(concept.removeprefix(scheme.value + "/"))
        return {scheme: frozenset(slugs) for scheme, slugs in sorted(members.items())}

    def subproperties(self, key: str) -> tuple[str, ...]:
        """Return the keys of the properties that are directly narrower than one, sorted."""
        broader = NamedNode(self.properties[key].iri)
        return tuple(
            sorted(
                _local(iri)
                for iri, facts in self._facts.items()
                if broader in facts.get(_RDFS + "subPropertyOf", ())
            )
        )

    def concept_classes(self, scheme: str, slug: str) -> frozenset[str]:
        """Return the classes of a concept: local names of ours, IRIs of others."""
        return frozenset(
            _local(class_.value)
            for class_ in self._facts.get(f"{CONCEPT}{scheme}/{slug}", {}).get(_RDF + "type", ())
        )

    def ancestors(self, class_name: str) -> frozenset[str]:
        """Return the local names of a class and of all its superclasses among ours."""
        if class_name not in self._ancestors:
            self._ancestors[class_name] = self._with_superclasses(class_name)
        return self._ancestors[class_name]

    def _with_superclasses(self, class_name: str) -> frozenset[str]:
        found: set[str] = set()
        pending = [class_name]
        while pending:
            name = pending.pop()
            if name in self.classes and name not in found:
                found.add(name)
                pending.extend(self.classes[name].parents)
        return frozenset(found)

    def context(self) -> dict[str, Any]:
        """Return the JSON-LD 1.1 context of curated files: ``ontology/context.jsonld``."""
        head: dict[str, Any] = {
            "@version": 1.1,
            "@base": ID,
            "@vocab": MG,
            "@language": "en",
            "id": "@id",
            "type": "@type",
            "states": "@graph",
            "concept": {"@id": CONCEPT, "@prefix": True},
        }
        keys = frozenset((*head, *self.properties))
        terms = {
            key: _context_term(prop) | self._values_of(prop, keys)
            for key, prop in sorted(self.properties.items())
        }
        return {"@context": head | terms}

    def context_text(self) -> str:
        """Return the context as the bytes of its file, for writing or comparing."""
        return json.dumps(self.context(), indent=2, ensure_ascii=False) + "\n"

    def _values_of(self, prop: Property, keys: frozenset[str]) -> dict[str, Any]:
        """Return the part of a term's definition that reads concepts' slugs.

        A slug that is also a key is defined anew, or it would be read as that key's
        property (JSON-LD 1.1, IRI expansion: terms come before the vocabulary).
        """
        if prop.kind not in (Kind.CONCEPT, Kind.CURRENCY):
            return {}
        scheme = f"{prop.schemes[0]}/" if len(prop.schemes) == 1 else ""
        vocabulary = CURRENCY if prop.kind is Kind.CURRENCY else CONCEPT + scheme
        slugs = self.schemes[prop.schemes[0]] if scheme else frozenset()
        scoped = {slug: vocabulary + slug for slug in sorted(slugs & keys)}
        return {"@type": "@vocab", "@context": {"@vocab": vocabulary, **scoped}}

    def _class(self, name: str) -> OntologyClass:
        iri = MG + name
        parents = [_key(parent) for parent in self._facts[iri].get(_RDFS + "subClassOf", ())]
        return OntologyClass(
            name=name,
            iri=iri,
            segment=self._literal(iri, MG + "segment") or segment_of(name),
            parents=tuple(sorted(_local(p) for p in parents if p.startswith(MG))),
            is_concept=_SKOS + "Concept" in parents,
            definition=self._literal(iri, _SKOS + "definition"),
        )

    def _property(self, iri: str) -> Property:
        schemes = tuple(
            sorted(
                _slug(subject)
                for subject, facts in self._facts.items()
                if NamedNode(iri) in facts.get(MG + "valuesOf", ())
            )
        )
        ranges = self._named(self._facts[iri][_RDFS + "range"])
        kind = Kind(self._literal(iri, MG + "valueKind"))
        return Property(
            key=_local(iri),
            iri=iri,
            kind=kind,
            classes=tuple(sorted(map(_local, ranges))) if kind is Kind.NODE else (),
            domain=tuple(sorted(map(_local, self._named(self._facts[iri][_RDFS + "domain"])))),
            schemes=schemes,
            derived=self._literal(iri, MG + "derived") == "true",
            single_valued=self._literal(iri, MG + "singleValued") == "true",
            definition=self._literal(iri, _SKOS + "definition"),
        )

    def _named(self, terms: Iterable[object]) -> list[str]:
        """Return the IRIs that terms are, or that the unions among them are of."""
        found: list[str] = []
        for term in terms:
            union = self._facts[_key(term)].get(_OWL + "unionOf", [])
            found += self._named(self._list(union[0])) if union else [_key(term)]
        return found

    def _list(self, head: object) -> list[object]:
        items: list[object] = []
        while _key(head) != _RDF + "nil":
            cell = self._facts[_key(head)]
            items += cell[_RDF + "first"]
            (head,) = cell[_RDF + "rest"]
        return items

    def _of_type(self, class_iri: str) -> list[str]:
        wanted = NamedNode(class_iri)
        return [s for s, facts in self._facts.items() if wanted in facts.get(_RDF + "type", ())]

    def _literal(self, subject: str, predicate: str) -> str:
        values = self._facts[subject].get(predicate, ())
        return next((value.value for value in values if isinstance(value, Literal)), "")


@cache
def our_ontology() -> Ontology:
    """Return the package's own ontology."""
    return Ontology(resources.root() / "ontology")


def read_turtle(file: Path) -> list[Triple]:
    """Return the triples of a Turtle file; blank nodes are this file's own.

    Raises:
        SyntaxError: it is not Turtle; says the line and column.
    """
    quads = parse(path=str(file), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    return [quad.triple for quad in quads]


def _external_properties() -> dict[str, Property]:
    return {
        key: Property(key, iri, kind, domain=("Source",) if key in _OF_SOURCES else ())
        for key, (iri, kind) in EXTERNAL.items()
    }


def _context_term(prop: Property) -> dict[str, Any]:
    term: dict[str, Any] = {"@id": prop.iri}
    if prop.kind in _JSON_LD_TYPES:
        term["@type"] = _JSON_LD_TYPES[prop.kind]
    elif prop.kind is Kind.TEXT:
        term["@container"] = "@language"
    return term


def _key(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _local(iri: str) -> str:
    return iri.removeprefix(MG)


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
