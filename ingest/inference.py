"""Inference: what follows from the stated facts by the rules of ontology/rules/.

Each rule is a CONSTRUCT query, driven by the ontology's own axioms; together they are
run until they give nothing new (a fixpoint). What they give stands in the default
graph and, so that it can be told from what was stated, in the graph of inferred facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, Store, Triple

from missiongraph.ingest.statements import in_graph, merged
from missiongraph.names import INFERRED_GRAPH

_INFERRED: Final = NamedNode(INFERRED_GRAPH)


def read_rules(folder: Path) -> tuple[str, ...]:
    """Return the rules under a folder, in the order of their names."""
    return tuple(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.rq")))


def infer(engine: Store, rules: Iterable[str]) -> int:
    """Add to a store all that follows from its default graph; return how many triples that is.

    Raises:
        SyntaxError: a rule is not SPARQL.
    """
    rules = tuple(rules)
    count = 0
    while new := _new_triples(engine, rules):
        count += len(new)
        engine.bulk_extend(
            in_graph(triple, graph) for triple in new for graph in (DefaultGraph(), _INFERRED)
        )
    return count


def _new_triples(engine: Store, rules: tuple[str, ...]) -> set[Triple]:
    found: set[Triple] = set()
    for rule in rules:
        triples = engine.query(rule)
        assert isinstance(triples, QueryTriples), f"not a CONSTRUCT query: {rule[:60]!r}"
        found.update(t for t in triples if merged(t) not in engine)
    return found
