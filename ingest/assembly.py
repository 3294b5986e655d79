"""Assembly: sources, ontology and vocabularies become one graph with its evidence.

Every statement stands in the graph of its passage, source, vocabulary or ontology, and
once in the default graph (DESIGN: the default graph holds every claim once, merged).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    Store,
    Triple,
)

from missiongraph.inference import read_rules
from missiongraph.ingest.derivations import derive
from missiongraph.ingest.inference import infer
from missiongraph.ingest.statements import in_graph, merged
from missiongraph.names import CONCEPT, ONTOLOGY
from missiongraph.ontology import read_turtle

_RULES: Final = "rules"


def assemble(claims: Iterable[Quad], ontology_folder: Path) -> Store:
    """Return a store in memory that holds claims, ontology, vocabularies and what follows
    by inference and by derivation.

    Args:
        claims: statements in named graphs, or in the default graph only.
        ontology_folder: holds ``missiongraph.ttl``, ``vocabularies``, ``alignments``, ``rules``.
    """
    engine = Store()
    for quads in (_ontology_quads(ontology_folder), claims):
        stated = list(quads)
        engine.bulk_extend(stated)
        engine.bulk_extend(merged(quad.triple) for quad in stated)
    infer(engine, read_rules(ontology_folder / _RULES))
    derive(engine)
    return engine


def merged_triples(engine: Store) -> list[Triple]:
    """Return the triples of a store's default graph: what shapes are asked of."""
    return [quad.triple for quad in engine.quads_for_pattern(None, None, None, DefaultGraph())]


def _ontology_quads(folder: Path) -> Iterator[Quad]:
    """Yield the ontology's statements; blank nodes get names that are the same in every build."""
    dataset = Dataset(_quads_of_files(folder))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return iter(dataset)


def _quads_of_files(folder: Path) -> Iterator[Quad]:
    core = [folder / "missiongraph.ttl", *sorted((folder / "alignments").glob("*.ttl"))]
    for file in core:
        yield from _in_graph(file, ONTOLOGY)
    for file in sorted((folder / "vocabularies").glob("*.ttl")):
        yield from _in_graph(file, CONCEPT + file.stem)


def _in_graph(file: Path, graph: str) -> Iterator[Quad]:
    name = NamedNode(graph)
    return (in_graph(triple, name) for triple in read_turtle(file))
