"""Compilation: shapes become plans, each constraint a step over sets of nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import BadShapes
from missiongraph.names import PREFIXES, RDF_TYPE
from missiongraph.shacl.constraints import Constraint, Shape, Targets
from missiongraph.shacl.graph import Term
from missiongraph.shacl.node_constraints import (
    Closed,
    Disjoint,
    Equals,
    HasValue,
    LessThan,
    MaxCount,
    MinCount,
    UniqueLanguages,
)
from missiongraph.shacl.paths import read_path
from missiongraph.shacl.shape_constraints import (
    And,
    ExactlyOne,
    Node,
    Not,
    Or,
    Property,
    QualifiedCount,
)
from missiongraph.shacl.shapes_graph import ShapesGraph, sh
from missiongraph.shacl.sparql_constraint import read_sparql
from missiongraph.shacl.value_constraints import (
    NODE_KINDS,
    InClass,
    InLanguages,
    InList,
    InRange,
    LikePattern,
    OfDatatype,
    OfKind,
    OfLength,
)

_RDFS: Final = PREFIXES["rdfs"]
_CLASS: Final = NamedNode(_RDFS + "Class")
_OWL_CLASS: Final = NamedNode(PREFIXES["owl"] + "Class")
_SUBCLASS: Final = NamedNode(_RDFS + "subClassOf")
_TARGETS: Final = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_ONLY_OF_PROPERTIES: Final = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")


class NotCompiled(Exception):
    """A shape asks for what only pySHACL can do; its text says what."""


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
        self._parameters = self._custom_parameters()

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
        return shape if shape.deactivated else replace(shape, constraints=self._constraints(shape))

    def _constraints(self, shape: Shape) -> tuple[Constraint, ...]:
        node = shape.node
        self._refuse_custom(node)
        if shape.path is None:
            for name in _ONLY_OF_PROPERTIES:
                if self._graph.objects(node, sh(name)):
                    raise BadShapes(f"sh:{name} is for property shapes.", where=str(node))
        return tuple(
            constraint
            for name, read in _READERS.items()
            if self._graph.objects(node, sh(name))
            for constraint in read(self, shape, name)
        )

    def _refuse_custom(self, node: Term) -> None:
        said = {predicate for predicate, _ in self._graph.about(node)}
        for component_, parameters in self._parameters.items():
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

    # Readers of parameters: each yields the constraints of a shape.

    def classes(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:class``."""
        yield from (InClass(value) for value in self._graph.objects(shape.node, sh(name)))

    def datatype(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:datatype``."""
        yield OfDatatype(self._iri(self._graph.one(shape.node, name), shape, name).value)

    def node_kind(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:nodeKind``."""
        kind = self._graph.one(shape.node, name)
        if kind not in NODE_KINDS:
            raise BadShapes(f"{kind} is no kind of node.", where=str(shape.node))
        yield OfKind(kind)

    def range(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:minInclusive`` and its like."""
        for bound in self._graph.objects(shape.node, sh(name)):
            if not isinstance(bound, Literal):
                raise BadShapes(f"sh:{name} is a literal.", where=str(shape.node))
            yield InRange(name, bound)

    def length(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:minLength``, ``sh:maxLength``."""
        yield OfLength(self._graph.count(shape.node, name) or 0, longest=name == "maxLength")

    def pattern(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:pattern`` and ``sh:flags``."""
        flags = self._graph.one(shape.node, "flags")
        letters = flags.value if isinstance(flags, Literal) else ""
        given = re.RegexFlag(0)
        for letter in letters:
            given |= _FLAGS.get(letter, re.RegexFlag(0))
        for pattern in self._graph.objects(shape.node, sh(name)):
            if not isinstance(pattern, Literal):
                raise BadShapes("sh:pattern is a literal.", where=str(shape.node))
            text = re.escape(pattern.value) if "q" in letters else pattern.value
            try:
                yield LikePattern(re.compile(text, given))
            except re.error as cause:
                raise BadShapes(
                    f"sh:pattern {pattern} is no pattern: {cause}.", where=str(shape.node)
                ) from cause

    def languages(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:languageIn``."""
        members = self._list(shape, name)
        if not all(isinstance(member, Literal) for member in members):
            raise BadShapes("sh:languageIn lists strings.", where=str(shape.node))
        yield InLanguages(tuple(m.value.lower() for m in members if isinstance(m, Literal)))

    def members(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:in``."""
        yield InList(frozenset(self._list(shape, name)))

    def has_value(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:hasValue``."""
        yield from (HasValue(value) for value in self._graph.objects(shape.node, sh(name)))

    def min_count(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:minCount``."""
        yield MinCount(self._graph.count(shape.node, name) or 0)

    def max_count(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:maxCount``."""
        yield MaxCount(self._graph.count(shape.node, name) or 0)

    def unique_languages(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:uniqueLang``."""
        if self._graph.flag(shape.node, name):
            yield UniqueLanguages()

    def equals(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:equals``."""
        yield from (Equals(iri) for iri in self._iris(shape, name))

    def disjoint(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:disjoint``."""
        yield from (Disjoint(iri) for iri in self._iris(shape, name))

    def less_than(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:lessThan``, ``sh:lessThanOrEquals``."""
        or_equal = name == "lessThanOrEquals"
        yield from (LessThan(iri, or_equal) for iri in self._iris(shape, name))

    def closed(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:closed``, ``sh:ignoredProperties``."""
        if not self._graph.flag(shape.node, name):
            return
        ignored = self._graph.objects(shape.node, sh("ignoredProperties"))
        allowed = [member for list_ in ignored for member in self._graph.members(list_)]
        for property_ in self._graph.objects(shape.node, sh("property")):
            allowed += self._graph.objects(property_, sh("path"))
        yield Closed(frozenset(allowed))

    def node(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:node``."""
        for value in self._graph.objects(shape.node, sh(name)):
            other = self.shape(value)
            if other.path is not None:
                raise BadShapes(f"sh:node leads to a property shape, {value}.", where=str(value))
            yield Node(other)

    def negation(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:not``."""
        yield from (Not(self.shape(value)) for value in self._graph.objects(shape.node, sh(name)))

    def logical(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:and``, ``sh:or``, ``sh:xone``."""
        for value in self._graph.objects(shape.node, sh(name)):
            members = tuple(self.shape(member) for member in self._graph.members(value))
            if not members:
                raise BadShapes(f"sh:{name} lists one shape or more.", where=str(shape.node))
            yield _LOGICAL[name](members)

    def properties(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:property``."""
        for value in self._graph.objects(shape.node, sh(name)):
            other = self.shape(value)
            if other.path is None:
                raise BadShapes("A property shape has a sh:path.", where=str(value))
            yield Property(other)

    def qualified(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:qualifiedValueShape`` and its counts; on a node shape it has no meaning."""
        if shape.path is None:
            return
        least = self._graph.count(shape.node, "qualifiedMinCount")
        most = self._graph.count(shape.node, "qualifiedMaxCount")
        if least is None and most is None:
            raise BadShapes(
                "sh:qualifiedValueShape needs sh:qualifiedMinCount or sh:qualifiedMaxCount.",
                where=str(shape.node),
            )
        for value in self._graph.objects(shape.node, sh(name)):
            siblings = tuple(self.shape(sibling) for sibling in self._siblings(shape.node, value))
            if most is not None:
                yield QualifiedCount(self.shape(value), siblings, most, most=True)
            if least is not None:
                yield QualifiedCount(self.shape(value), siblings, least, most=False)

    def _siblings(self, node: Term, value: Term) -> list[Term]:
        """Return the sibling shapes (SHACL, section 4.7.3)."""
        graph, property_ = self._graph, sh("property")
        if not graph.flag(node, "qualifiedValueShapesDisjoint"):
            return []
        siblings = {
            sibling
            for parent in graph.subjects_with(property_)
            if node in graph.objects(parent, property_)
            for one in graph.objects(parent, property_)
            for sibling in graph.objects(one, sh("qualifiedValueShape"))
        }
        return sorted(siblings - {value}, key=str)

    def sparql(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:sparql``."""
        for value in self._graph.objects(shape.node, sh(name)):
            try:
                constraint = read_sparql(self._graph, value, shape.path)
            except SyntaxError as cause:
                raise NotCompiled(f"Oxigraph does not read its query: {cause}") from cause
            if constraint is not None:
                yield constraint

    def _list(self, shape: Shape, name: str) -> list[Term]:
        value = self._graph.one(shape.node, name)
        return [] if value is None else self._graph.members(value)

    def _iris(self, shape: Shape, name: str) -> list[NamedNode]:
        values = self._graph.objects(shape.node, sh(name))
        return [self._iri(value, shape, name) for value in values]

    @staticmethod
    def _iri(value: Term | None, shape: Shape, name: str) -> NamedNode:
        if not isinstance(value, NamedNode):
            raise BadShapes(f"sh:{name} is an IRI.", where=str(shape.node))
        return value


_LOGICAL: Final[dict[str, Callable[[tuple[Shape, ...]], Constraint]]] = {
    "and": And,
    "or": Or,
    "xone": ExactlyOne,
}
Reader = Callable[[Compiler, Shape, str], Iterator[Constraint]]
_READERS: Final[dict[str, Reader]] = {
    "class": Compiler.classes,
    "datatype": Compiler.datatype,
    "nodeKind": Compiler.node_kind,
    "minCount": Compiler.min_count,
    "maxCount": Compiler.max_count,
    "minInclusive": Compiler.range,
    "minExclusive": Compiler.range,
    "maxInclusive": Compiler.range,
    "maxExclusive": Compiler.range,
    "minLength": Compiler.length,
    "maxLength": Compiler.length,
    "pattern": Compiler.pattern,
    "languageIn": Compiler.languages,
    "uniqueLang": Compiler.unique_languages,
    "equals": Compiler.equals,
    "disjoint": Compiler.disjoint,
    "lessThan": Compiler.less_than,
    "lessThanOrEquals": Compiler.less_than,
    "not": Compiler.negation,
    "and": Compiler.logical,
    "or": Compiler.logical,
    "xone": Compiler.logical,
    "node": Compiler.node,
    "property": Compiler.properties,
    "qualifiedValueShape": Compiler.qualified,
    "closed": Compiler.closed,
    "hasValue": Compiler.has_value,
    "in": Compiler.members,
    "sparql": Compiler.sparql,
}
