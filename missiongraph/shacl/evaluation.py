"""Evaluation: shapes asked of a graph, set by set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from pyoxigraph import Quad, Store

from missiongraph.shacl.constraints import Found, Shape
from missiongraph.shacl.graph import NOTHING, Graph, Ids, Mask, Pairs, Term, are_in, unique
from missiongraph.shacl.paths import INSTANCES, SUBCLASSES, Path, walk


class Run:
    """One validation of one graph.

    Args:
        graph: what is validated.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._instances: dict[Term, Ids] = {}

    @cached_property
    def store(self) -> Store:
        """The graph as a store, for SHACL-SPARQL."""
        store = Store()
        store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in self.graph)
        return store

    def focus_nodes(self, shape: Shape) -> Ids:
        """Return the sorted nodes that a shape's targets name."""
        graph, targets = self.graph, shape.targets
        found = [graph.ids_of(targets.nodes)]
        found += [self.instances(class_) for class_ in targets.classes]
        found += [graph.column(term).pairs.owner for term in targets.subjects_of]
        found += [graph.column(term).pairs.value for term in targets.objects_of]
        return unique(np.concatenate(found))

    def instances(self, class_: Term) -> Ids:
        """Return the sorted instances of a class and of those below it in the graph."""
        if class_ not in self._instances:
            classes = walk(SUBCLASSES, self.graph, self.graph.ids_of([class_]))
            typed = walk(INSTANCES, self.graph, unique(classes.value))
            self._instances[class_] = unique(typed.value)
        return self._instances[class_]

    def walk(self, path: Path, nodes: Ids) -> Pairs:
        """Return the values of sorted nodes on a path."""
        return walk(path, self.graph, nodes)

    def find(self, shape: Shape, nodes: Ids) -> Iterator[Found]:
        """Yield the results of sorted nodes against a shape."""
        if shape.deactivated or not len(nodes):
            return
        pairs = Pairs.same(nodes) if shape.path is None else self.walk(shape.path, nodes)
        for constraint in shape.constraints:
            yield from constraint.find(self, shape, nodes, pairs)

    def conform(self, shape: Shape, nodes: Ids) -> Mask:
        """Say of sorted nodes whether they conform to a shape."""
        failing = [found.root for found in self.find(shape, nodes)]
        return ~are_in(nodes, unique(np.concatenate([NOTHING, *failing])))
