"""Plans: shapes compiled once, asked of any number of graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.shacl.compilation import Compiler, Fallback
from missiongraph.shacl.constraints import Found, Shape
from missiongraph.shacl.evaluation import Run
from missiongraph.shacl.fallback import validate_by_pyshacl
from missiongraph.shacl.graph import NONE, Graph, Ids, Statement, are_in
from missiongraph.shacl.report import Report, Result, sorted_results
from missiongraph.shacl.shapes_graph import ShapesGraph
from missiongraph.shacl.sparql_constraint import Sparql


@dataclass(frozen=True)
class Plan:
    """Shapes, ready to be asked; use ``compile_shapes``.

    Attributes:
        shapes_graph: what the shapes say.
        shapes: the shapes that have targets.
        fallbacks: shapes that pySHACL validates, and why.
    """

    shapes_graph: ShapesGraph
    shapes: tuple[Shape, ...]
    fallbacks: tuple[Fallback, ...]

    def validate(self, data: Iterable[Statement] | Graph) -> Report:
        """Return the report of a graph.

        Args:
            data: triples; of quads, the graphs are merged.

        Raises:
            BadShapes: pySHACL, where a shape is left to it, fails.
        """
        graph = data if isinstance(data, Graph) else Graph.of(data)
        return self.report_of(self.results(graph))

    def background(self, data: Iterable[Statement]) -> Graph:
        """Return what every batch is validated with: vocabularies and their like, read once."""
        return Graph.of(data)

    def validate_batch(self, batch: Iterable[Statement], background: Graph) -> Report:
        """Return the report of a batch of self-contained records, with a background at hand.

        Focus nodes are the nodes of which the batch says something; for them the report is
        that of the whole data, if all that shapes ask about them is in batch or background.
        Memory is the batch's: nothing is kept.

        Args:
            batch: the triples of some records.
            background: what ``background`` gave.

        Raises:
            BadShapes: pySHACL, where a shape is left to it, fails.
        """
        graph = background.extended(batch)
        return self.report_of(self.results(graph, graph.added))

    def results(self, graph: Graph, only: Ids | None = None) -> Iterator[Result]:
        """Yield the results of a graph, in no order.

        Args:
            graph: what is validated.
            only: of the focus nodes, those to take, sorted; all when None.
        """
        run = Run(graph)
        for shape in self.shapes:
            nodes = run.focus_nodes(shape)
            if only is not None:
                nodes = nodes[are_in(nodes, only)]
            yield from self.results_of(run, shape, nodes)
        chosen = None if only is None else set(graph.terms(only))
        for result in self.fallback_results(graph):
            if chosen is None or result.focus in chosen:
                yield result

    def results_of(self, run: Run, shape: Shape, nodes: Ids) -> Iterator[Result]:
        """Yield the results of sorted focus nodes against one of the shapes, in no order."""
        for found in run.find(shape, nodes):
            yield from _results(run.graph, shape, found)

    def fallback_results(self, graph: Graph) -> Iterator[Result]:
        """Yield the results of the shapes that are pySHACL's."""
        if self.fallbacks:
            yield from validate_by_pyshacl(graph, self.shapes_graph, self.fallbacks)

    def report_of(self, results: Iterable[Result]) -> Report:
        """Return results as a report."""
        return Report(sorted_results(results), self.fallbacks, self.shapes_graph)


def compile_shapes(shapes: Iterable[Statement]) -> Plan:
    """Return the plan of shapes.

    Raises:
        BadShapes: a shape is not well formed, or refers to itself.
    """
    graph = ShapesGraph(shapes)
    compiled, fallbacks = Compiler(graph).roots()
    return Plan(graph, tuple(compiled), tuple(fallbacks))


def _results(graph: Graph, root_shape: Shape, found: Found) -> Iterator[Result]:
    shape, constraint = found.shape, found.constraint
    messages = shape.messages or (Literal(constraint.message, language="en"),)
    component = NamedNode(constraint.component)
    for row in range(len(found.root)):
        value = int(found.value[row])
        path = NONE if found.path is None else int(found.path[row])
        yield Result(
            focus=graph.term(int(found.focus[row])),
            path=shape.path_node if path == NONE else graph.term(path),
            value=None if value == NONE else graph.term(value),
            shape=shape.node,
            component=component,
            severity=shape.severity,
            messages=(found.messages[row] or messages) if found.messages else messages,
            constraint=constraint.node if isinstance(constraint, Sparql) else None,
            root=graph.term(int(found.root[row])),
            root_shape=root_shape.node,
        )
