"""The service's description of itself (SPARQL 1.1 Service Description), and writing graphs."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from missiongraph.api.serving import Served
from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS, Format, GraphFormat
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_FORMAT_IRIS: Final = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
"""The W3C's IRI for each of our formats, by the format's name."""
_GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
EXTENSION_FUNCTIONS: Final = tuple(
    _GEOSPARQL + name
    for name in (
        *(f"sf{relation}" for relation in ("Equals", "Disjoint", "Intersects", "Touches")),
        *(f"sf{relation}" for relation in ("Crosses", "Within", "Contains", "Overlaps")),
        *(f"eh{relation}" for relation in ("Equals", "Disjoint", "Meet", "Overlap")),
        *(f"eh{relation}" for relation in ("Covers", "CoveredBy", "Inside", "Contains")),
        *(f"rcc8{relation}" for relation in ("eq", "dc", "ec", "po")),
        *(f"rcc8{relation}" for relation in ("tppi", "tpp", "ntpp", "ntppi")),
        *("convexHull", "intersection", "union", "difference", "symDifference", "envelope"),
        *("distance", "length", "perimeter", "centroid", "getSRID", "isEmpty", "isSimple"),
        *("dimension", "coordinateDimension", "spatialDimension", "asGeoJSON"),
    )
)
"""Functions of the embedded engine beyond SPARQL 1.1: those of GeoSPARQL 1.1 that it has."""
_EVIDENCE: Final = ID + "evidence/"
_COUNT: Final = NamedNode(PREFIXES["xsd"] + "integer")


def describe(served: Served, address: str) -> list[Triple]:
    """Return the description of the service at an address.

    The default dataset names the graphs of sources, vocabularies and the ontology; the
    graph of each passage is left out here, for there is one per piece of evidence.
    """
    service, dataset = BlankNode("service"), BlankNode("dataset")
    return [
        Triple(service, RDF_TYPE, _sd("Service")),
        Triple(service, _sd("endpoint"), NamedNode(address)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        Triple(
            service,
            _sd("defaultEntailmentRegime"),
            NamedNode("http://www.w3.org/ns/entailment/Simple"),
        ),
        *(
            Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + _FORMAT_IRIS[format_.name]))
            for format_ in (*TABLE_FORMATS, *GRAPH_FORMATS)
        ),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(service, _sd("availableGraphs"), dataset),
        *_functions(service, served),
        Triple(
            service, _see_also(), NamedNode(f"{address.removesuffix('/sparql')}/.well-known/void")
        ),
        Triple(dataset, RDF_TYPE, _sd("Dataset")),
        Triple(dataset, RDF_TYPE, _sd("GraphCollection")),
        *_graphs(dataset, served),
    ]


def write(triples: Iterable[Triple], format_: Format) -> bytes:
    """Return triples written in a format."""
    if not isinstance(format_, GraphFormat):
        raise TypeError(f"{format_.name} is not a form of triples")
    return serialized(triples, format_)


def serialized(statements: Iterable[Triple] | Iterable[Quad], format_: GraphFormat) -> bytes:
    """Return triples or quads written in a format, with the prefixes that occur in them."""
    listed: list[Any] = list(statements)
    output = io.BytesIO()
    serialize(listed, output, format=format_.engine, prefixes=_prefixes(listed, format_))
    return output.getvalue()


def _prefixes(statements: Iterable[object], format_: GraphFormat) -> dict[str, str] | None:
    if format_.engine not in (RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.RDF_XML):
        return None
    text = " ".join(map(str, statements))
    known = {**PREFIXES, "sd": SD, "void": VOID}
    # Names of ours have slashes, which local names must escape: full IRIs read better.
    return {
        prefix: namespace
        for prefix, namespace in known.items()
        if f"<{namespace}" in text and namespace not in (ID, CONCEPT)
    }


def _functions(service: BlankNode, served: Served) -> Iterable[Triple]:
    """Yield the extension functions of the embedded engine; a remote one's are not known."""
    for iri in EXTENSION_FUNCTIONS if served.manifest else ():
        yield Triple(service, _sd("extensionFunction"), NamedNode(iri))
        yield Triple(NamedNode(iri), RDF_TYPE, _sd("Function"))


def _graphs(dataset: BlankNode, served: Served) -> Iterable[Triple]:
    default = BlankNode("default")
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, _sd("Graph"))
    if served.manifest is None:
        return
    yield _triples(default, served.manifest.triples)
    yield Triple(
        dataset, NamedNode(PREFIXES["owl"] + "versionInfo"), Literal(served.manifest.release)
    )
    shared = (iri for iri in sorted(served.manifest.graphs) if not iri.startswith(_EVIDENCE))
    for number, iri in enumerate(shared):
        named, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), named)
        yield Triple(named, RDF_TYPE, _sd("NamedGraph"))
        yield Triple(named, _sd("name"), NamedNode(iri))
        yield Triple(named, _sd("graph"), graph)
        yield Triple(graph, RDF_TYPE, _sd("Graph"))
        yield _triples(graph, served.manifest.graphs[iri])


def _triples(graph: BlankNode, number: int) -> Triple:
    return Triple(graph, NamedNode(VOID + "triples"), Literal(str(number), datatype=_COUNT))


def _see_also() -> NamedNode:
    return NamedNode(PREFIXES["rdfs"] + "seeAlso")


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
