"""Triples of checked things, without the way over JSON-LD, for tables with many rows.

They are those that a JSON-LD processor reads with our context; a test holds that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.ingest.passages import Node, Value, iri_of
from missiongraph.names import CONCEPT, MG, PREFIXES, RDF_TYPE
from missiongraph.ontology import CURRENCY, Kind, Ontology, Property

_XSD: Final = PREFIXES["xsd"]
_DATATYPES: Final = {
    Kind.STRING: "string",
    Kind.DECIMAL: "decimal",
    Kind.INTEGER: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.DURATION: "duration",
}


def triples_of(node: Node, ontology: Ontology) -> Iterator[Triple]:
    """Yield the triples of a thing and of those nested in it."""
    for one in node.within():
        subject = NamedNode(one.iri)
        for name in one.types:
            yield Triple(subject, RDF_TYPE, NamedNode(MG + name))
        for key, values in one.facts.items():
            prop = ontology.properties[key]
            for value in values:
                yield Triple(subject, NamedNode(prop.iri), _term(prop, value))


def _term(prop: Property, value: Value | Node) -> NamedNode | Literal:
    if isinstance(value, Node):
        return NamedNode(value.iri)
    if not isinstance(value, str):
        if language := value.get("@language"):
            return Literal(value["@value"], language=language)
        return Literal(value["@value"], datatype=NamedNode(value["@type"]))
    match prop.kind:
        case Kind.NODE:
            return NamedNode(iri_of(value))
        case Kind.IRI:
            return NamedNode(value)
        case Kind.CURRENCY:
            return NamedNode(CURRENCY + value)
        case Kind.CONCEPT:
            scheme = f"{prop.schemes[0]}/" if len(prop.schemes) == 1 else ""
            return NamedNode(CONCEPT + scheme + value)
        case kind:
            return Literal(value, datatype=NamedNode(_XSD + _DATATYPES[kind]))
