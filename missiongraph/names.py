"""Names: the namespaces, the IRIs of things, and the ways people write them.

The patterns of IRIs are fixed by the project's design: ontology terms, concepts,
things, sources and evidence each have one.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

BASE: Final = "https://w3id.org/missiongraph/"
ONTOLOGY: Final = BASE + "ontology"
MG: Final = ONTOLOGY + "#"
CONCEPT: Final = BASE + "concept/"
ID: Final = BASE + "id/"
SHAPES: Final = BASE + "shapes"
INFERRED_GRAPH: Final = ID + "graph/inferred"
MERGED_GRAPH: Final = ID + "graph/merged"  # the default graph, on servers that have none

PREFIXES: Final[dict[str, str]] = {
    "concept": CONCEPT,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eurio": "http://data.europa.eu/s66#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "id": ID,
    "m8g": "http://data.europa.eu/m8g/",
    "mg": MG,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sdgo": "http://metadata.un.org/sdg/ontology#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of the project's Turtle, queries and pages."""

RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
RDFS_LABEL: Final = NamedNode(PREFIXES["rdfs"] + "label")
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_SEGMENT_BREAK: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def mg(local_name: str) -> NamedNode:
    """Return the ontology's term of that local name.

    >>> mg("Mission").value
    'https://w3id.org/missiongraph/ontology#Mission'
    """
    return NamedNode(MG + local_name)


def is_slug(text: str) -> bool:
    """Say whether the text is lower-case words and digits joined by single hyphens.

    >>> is_slug("csiro-drought-2030"), is_slug("CSIRO"), is_slug("a--b")
    (True, False, False)
    """
    return SLUG.fullmatch(text) is not None


def is_iri(text: str) -> bool:
    """Say whether the text is an absolute IRI that can stand in a query (RFC 3987).

    >>> is_iri("https://example.org/a%20b?x=ü"), is_iri("a b"), is_iri("mission/x")
    (True, False, False)
    """
    if _IRI.fullmatch(text) is None:
        return False
    try:
        NamedNode(text)  # refuses the characters that RFC 3987 leaves out, as the engine does
    except ValueError:
        return False
    return True


def segment_of(class_name: str) -> str:
    """Return a class's local name as IRIs write it.

    >>> segment_of("ImplementationChallenge")
    'implementation-challenge'
    """
    return _SEGMENT_BREAK.sub("-", class_name).lower()


def expand(text: str) -> str | None:
    """Return the IRI that a full IRI or a CURIE with a known prefix stands for, or None.

    >>> expand("mg:Mission")
    'https://w3id.org/missiongraph/ontology#Mission'
    >>> expand("nowhere") is None
    True
    """
    prefix, colon, local = text.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        text = PREFIXES[prefix] + local
    return text if is_iri(text) else None


def compact(iri: str) -> str:
    """Return the shortest CURIE of an IRI, or the IRI itself when no prefix fits.

    >>> compact("https://w3id.org/missiongraph/ontology#Mission")
    'mg:Mission'
    """
    fitting = [(p, ns) for p, ns in PREFIXES.items() if iri.startswith(ns) and len(iri) > len(ns)]
    if not fitting:
        return iri
    prefix, namespace = max(fitting, key=lambda item: len(item[1]))
    return f"{prefix}:{iri[len(namespace) :]}"


def local_path(iri: str) -> str | None:
    """Return the path at which our own server answers an IRI of ours, or None.

    >>> local_path("https://w3id.org/missiongraph/id/mission/x")
    '/id/mission/x'
    >>> local_path("https://w3id.org/missiongraph/ontology#Mission")
    '/ontology#Mission'
    """
    return "/" + iri[len(BASE) :] if iri.startswith(BASE) else None
