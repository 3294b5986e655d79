"""Derivations: what is computed once for each release and published as facts.

A derivation is one module here with a ``GRAPH``, the IRI of the graph in which its facts
stand beside the default graph, and a ``derive`` that gives them; nothing else has to know of
it. It comes after inference and before the gate, and reads the default graph.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Protocol, cast

from pyoxigraph import NamedNode, Store, Triple

from missiongraph.ingest.statements import in_graph, merged


class Derivation(Protocol):
    """A module that derives facts."""

    GRAPH: str
    derive: Callable[[Store], Iterable[Triple]]


def derivations() -> list[Derivation]:
    """Return the derivations, found by looking, by name."""
    modules = (import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return [cast(Derivation, module) for module in modules if hasattr(module, "derive")]


def derive(engine: Store) -> int:
    """Add to a store all that is derived from its default graph; return how many triples."""
    before = len(engine)
    for derivation in derivations():
        graph = NamedNode(derivation.GRAPH)
        facts = sorted(derivation.derive(engine), key=str)
        engine.bulk_extend(in_graph(fact, graph) for fact in facts)
        engine.bulk_extend(merged(fact) for fact in facts)
    return len(engine) - before
