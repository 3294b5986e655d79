"""Inference: what follows from the stated facts by the rules of ontology/rules/.

Each rule is a CONSTRUCT query, driven by the ontology's own axioms. What they give together
stands in the default graph and, so that it can be told from what was stated, in the graph of
inferred facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from missiongraph.inference import Closure, Program, Rule, ground
from missiongraph.inference.relations import Wanted
from missiongraph.ingest.statements import in_graph
from missiongraph.names import INFERRED_GRAPH, RDF_TYPE

_INFERRED: Final = NamedNode(INFERRED_GRAPH)


def infer(engine: Store, rules: Iterable[Rule]) -> int:
    """Add to a store all that follows from its default graph; return how many triples that is.

    Args:
        engine: has facts and axioms in its default graph.
        rules: see ``missiongraph.inference.read_rules``.
    """
    program = Program(ground(rules, engine))
    inferred = list(Closure.of(program, facts_of(engine, program.wanted)).inferred())
    engine.bulk_extend(
        in_graph(triple, graph) for triple in inferred for graph in (DefaultGraph(), _INFERRED)
    )
    return len(inferred)


def facts_of(engine: Store, wanted: Wanted) -> Iterator[Quad]:
    """Yield the statements of a store's default graph that matter to rules."""
    if wanted.predicates is None:
        yield from engine.quads_for_pattern(None, None, None, DefaultGraph())
        return
    for predicate in wanted.predicates:
        classes = wanted.classes if predicate == RDF_TYPE else None
        for value in classes if classes is not None else (None,):
            yield from engine.quads_for_pattern(None, predicate, value, DefaultGraph())
