"""Compilation: shapes become plans, each constraint a step over sets of nodes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import BadShapes
from missiongraph.names import PREFIXES, RDF_TYPE
from missiongraph.shacl.constraints import Shape, Targets
from missiongraph.shacl.graph import Term
from missiongraph.shacl.parameters import NotCompiled, Parameters
from missiongraph.shacl.paths import read_path
from missiongraph.shacl.shapes_graph import ShapesGraph, sh

_RDFS: Final = PREFIXES["rdfs"]
_CLASS: Final = NamedNode(_RDFS + "Class")
_OWL_CLASS: Final = NamedNode(PREFIXES["owl"] + "Class")
_SUBCLASS: Final = NamedNode(_RDFS + "subClassOf")
_TARGETS: Final = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")


@dataclass(frozen=True)
class Fallback:
    """A shape that pySHACL validates, and why.

    Attributes:
        shape: its name in the shapes graph.
        reason: what it asks for.
    """

    shape: Term
    reason: str


class Compiler:
    """Reads shapes out of their graph, each once."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._shapes: dict[Term, Shape] = {}
        self._open: list[Term] = []
        self._custom = self._custom_parameters()
        self._parameters = Parameters(graph, self.shape)

    def roots(self) -> tuple[list[Shape], list[Fallback]]:
        """Return the shapes that have targets, and those of them that are pySHACL's.

        Raises:
            BadShapes: a shape is not well formed, or refers to itself.
        """
        compiled: list[Shape] = []
        fallbacks: list[Fallback] = []
        for node in self._candidates():
            if not self._targets(node) or self._graph.flag(node, "deactivated"):
                continue
            try:
                compiled.append(self.shape(node))
            except NotCompiled as reason:
                self._open.clear()
                fallbacks.append(Fallback(node, str(reason)))
        return compiled, fallbacks

    def _candidates(self) -> list[Term]:
        graph = self._graph
        kinds = (sh("NodeShape"), sh("PropertyShape"))
        typed = (
            node
            for node in graph.subjects_with(RDF_TYPE)
            if any(kind in graph.objects(node, RDF_TYPE) for kind in kinds)
        )
        telling = (*_TARGETS, "property", "node")
        untyped = (node for name in telling for node in graph.subjects_with(sh(name)))
        values = (value for name in ("property", "node", "not") for value in graph.values(sh(name)))
        return sorted({*typed, *untyped, *values}, key=str)

    def _targets(self, node: Term) -> Targets:
        nodes, classes, subjects_of, objects_of = (
            tuple(self._graph.objects(node, sh(name))) for name in _TARGETS
        )
        types = self._graph.objects(node, RDF_TYPE)
        if any(self._is_class_of_classes(type_) for type_ in types):
            classes = (*classes, node)
        return Targets(nodes, classes, subjects_of, objects_of)

    def _is_class_of_classes(self, type_: Term) -> bool:
        return type_ in (_CLASS, _OWL_CLASS) or _CLASS in self._graph.objects(type_, _SUBCLASS)

    def shape(self, node: Term) -> Shape:
        """Return the shape of a node.

        Raises:
            BadShapes: it is not well formed, or refers to itself.
            NotCompiled: it asks for what only pySHACL can do.
        """
        if node in self._open:
            way = " → ".join(str(one) for one in (*self._open[self._open.index(node) :], node))
            raise BadShapes(
                f"A shape refers to itself: {way}.",
                where=str(node),
                remedy="What recursive shapes mean is not defined (SHACL, section 3.4.3).",
            )
        if node not in self._shapes:
            self._open.append(node)
            self._shapes[node] = self._read(node)
            self._open.pop()
        return self._shapes[node]

    def _read(self, node: Term) -> Shape:
        graph = self._graph
        if isinstance(node, Literal) or not graph.about(node):
            raise BadShapes("A shape is referred to that is not there.", where=str(node))
        path_node = graph.one(node, "path")
        shape = Shape(
            node=node,
            path=None if path_node is None else read_path(graph, path_node),
            path_node=path_node,
            targets=self._targets(node),
            severity=graph.one(node, "severity") or sh("Violation"),
            messages=tuple(graph.objects(node, sh("message"))),
            deactivated=graph.flag(node, "deactivated"),
        )
        if shape.deactivated:
            return shape
        self._refuse_custom(node)
        return replace(shape, constraints=self._parameters.constraints(shape))

    def _refuse_custom(self, node: Term) -> None:
        said = {predicate for predicate, _ in self._graph.about(node)}
        for component_, parameters in self._custom.items():
            if parameters <= said:
                raise NotCompiled(f"it has constraints of the component {component_}")

    def _custom_parameters(self) -> dict[Term, set[Term]]:
        """Return the mandatory parameters of each component that the shapes bring along."""
        graph = self._graph
        return {
            node: {
                path
                for parameter in graph.objects(node, sh("parameter"))
                if not graph.flag(parameter, "optional")
                for path in graph.objects(parameter, sh("path"))
            }
            for node in graph.subjects_with(sh("parameter"))
            if sh("ConstraintComponent") in graph.objects(node, RDF_TYPE)
        }
