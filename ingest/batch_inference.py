"""Inference over a batch of bulk records: what follows from them and the ontology alone.

The rules are those of the build; what a batch's records and others' would give together
(a record's place being part of another) is left to facts that are curated.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from missiongraph.ingest.assembly import assemble
from missiongraph.ingest.connector import Mapped, lines_of
from missiongraph.ingest.inference import infer, read_rules
from missiongraph.ingest.statements import merged
from missiongraph.names import INFERRED_GRAPH
from missiongraph.resources import root


def mapped(rows: int, triples: Iterable[Triple]) -> Mapped:
    """Return what a batch states, with what follows by the rules.

    Args:
        rows: how many rows went into the triples.
        triples: what they say.
    """
    stated = list(dict.fromkeys(triples))
    return Mapped(rows, lines_of(stated), lines_of(what_follows(stated)))


def what_follows(stated: Iterable[Triple]) -> list[Triple]:
    """Return what follows from triples by the rules and the ontology, and is not among them."""
    engine = Store()
    engine.bulk_extend(_schema())
    engine.bulk_extend(merged(triple) for triple in stated)
    infer(engine, read_rules(root() / "ontology" / "rules"))
    inferred = engine.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))
    return [quad.triple for quad in inferred]


@cache
def _schema() -> tuple[Quad, ...]:
    """Return the ontology and what follows from it, as statements of the default graph."""
    engine = assemble((), root() / "ontology")
    return tuple(engine.quads_for_pattern(None, None, None, DefaultGraph()))
