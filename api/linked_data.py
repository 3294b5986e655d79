"""The RDF of a thing, of the ontology and of the shapes, in every form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyld import jsonld
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from missiongraph import resources
from missiongraph.api.description import serialized
from missiongraph.api.facts import facts_of
from missiongraph.errors import BadParameter, PartMissing, UnknownThing
from missiongraph.formats import JSON_LD, N_QUADS, Format, GraphFormat
from missiongraph.names import ID, INFERRED_GRAPH
from missiongraph.ontology import our_ontology, read_turtle
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term

_Graph: TypeAlias = NamedNode | DefaultGraph
_DATASET_FORMATS: Final = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD)
_EVIDENCE: Final = ID + "evidence/"
_BATCH: Final = 100
_DOCUMENTS: Final = {
    "ontology": ("ontology/missiongraph.ttl", "ontology/alignments/*.ttl"),
    "shapes": ("shapes/*.ttl",),
}


def quads_of(store: Store, iri: str) -> list[Quad]:
    """Return what is known of a thing, each quad once.

    In the default graph: its facts, and the description of the passages that state them.
    In the graph of each passage: those of the facts that it states; in the graph of the
    inferred: those that were inferred. For a passage: also all the claims it states.

    Raises:
        UnknownThing: nothing is known of it.
    """
    try:
        own = _facts(store, [iri])
    except BadParameter as cause:
        raise unknown_thing(iri) from cause
    passages = sorted(
        {quad.graph_name.value for quad in own if isinstance(quad.graph_name, NamedNode)}
        - {INFERRED_GRAPH}
    )
    described = [
        quad
        for start in range(0, len(passages), _BATCH)
        for quad in _facts(store, passages[start : start + _BATCH])
    ]
    stated = _claims(store, iri) if iri.startswith(_EVIDENCE) else []
    return list(dict.fromkeys([*own, *described, *stated]))


def write_thing(store: Store, iri: str, format_: Format) -> bytes:
    """Return what is known of a thing in a format; raises as ``quads_of`` does."""
    return write(quads_of(store, iri), format_)


def write(quads: Iterable[Quad], format_: Format) -> bytes:
    """Return quads in a format; one without named graphs holds the default graph only."""
    listed = list(quads)
    if not isinstance(format_, GraphFormat) or format_ is JSON_LD:
        return _write_json_ld(listed)
    if format_.engine in _DATASET_FORMATS:
        return serialized(_by_graph(listed), format_)
    triples = [quad.triple for quad in listed if isinstance(quad.graph_name, DefaultGraph)]
    return serialized(triples, format_)


def write_document(name: str, format_: Format) -> bytes:
    """Return the ontology with its alignments, or the shapes, in a format."""
    return write((Quad(*triple) for triple in document(name)), format_)


def document(name: str) -> list[Triple]:
    """Return the triples of the files that ``ontology`` or ``shapes`` is made of."""
    return [triple for file in files_of(name) for triple in read_turtle(file)]


def files_of(name: str) -> list[Path]:
    """Return the files that ``ontology`` or ``shapes`` is made of, by name."""
    return [file for pattern in _DOCUMENTS[name] for file in sorted(resources.root().glob(pattern))]


def unknown_thing(iri: str) -> UnknownThing:
    """Return the error that nothing is known of an IRI."""
    return UnknownThing(
        "The graph says nothing about this.",
        where=iri,
        remedy="Look for it by name: /search?q=….",
    )


def _facts(store: Store, things: Sequence[str]) -> list[Quad]:
    quads: list[Quad] = []
    for row in facts_of(store, things).records():
        subject, predicate, value = row["thing"], row["property"], row["value"]
        quads.append(_quad(subject, predicate, value, DefaultGraph()))
        evidence = row.get("evidence")
        if isinstance(evidence, NamedNode):
            quads.append(_quad(subject, predicate, value, evidence))
        if "inferred" in row:
            quads.append(_quad(subject, predicate, value, NamedNode(INFERRED_GRAPH)))
    return quads


def _claims(store: Store, evidence: str) -> list[Quad]:
    rows = answer_table(store, find_question("claims"), {"evidence": [evidence]}).records()
    graph = NamedNode(evidence)
    return [_quad(row["subject"], row["property"], row["value"], graph) for row in rows]


def _quad(subject: Term, predicate: Term, value: Term, graph: _Graph) -> Quad:
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        raise TypeError("a fact's subject is a resource and its property an IRI")
    return Quad(subject, predicate, value, graph)


def _by_graph(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with those of one graph together, the default graph first."""
    return sorted(
        quads,
        key=lambda quad: "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name),
    )


def _write_json_ld(quads: Sequence[Quad]) -> bytes:
    """Return quads as JSON-LD in the words of curated files, its context inline.

    A passage is a node whose ``states`` (``@graph``) are its claims, as in those files.
    """
    context = _context()
    options = {"format": "application/n-quads", "documentLoader": _refuse}
    n_quads = serialized(quads, N_QUADS).decode()
    document: dict[str, Any] = jsonld.compact(
        jsonld.from_rdf(n_quads, options), {"@context": context}, {"documentLoader": _refuse}
    )
    document.pop("@context", None)
    if "id" not in document and "states" in document:
        document = {"@graph": document["states"]}
    whole = {"@context": context, **document}
    return json.dumps(whole, ensure_ascii=False, indent=2).encode() + b"\n"


def _context() -> dict[str, Any]:
    """Return our context for writing: a date's term then also names its typed values."""
    terms: dict[str, Any] = our_ontology().context()["@context"]
    return {key: _without_null_language(term) for key, term in terms.items()}


def _without_null_language(term: object) -> object:
    if isinstance(term, dict) and term.get("@language", "") is None:
        return {key: value for key, value in term.items() if key != "@language"}
    return term


def _refuse(address: str, _: object = None) -> dict[str, Any]:
    raise PartMissing("Contexts are never loaded from elsewhere.", where=address)
