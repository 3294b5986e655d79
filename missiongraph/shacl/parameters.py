"""Parameters: each property of SHACL that a shape has becomes constraints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.errors import BadShapes
from missiongraph.shacl.constraints import Constraint, Shape
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

_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_ONLY_OF_PROPERTIES: Final = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")


class NotCompiled(Exception):
    """A shape asks for what only pySHACL can do; its text says what."""


class Parameters:
    """Reads the parameters of shapes.

    Args:
        graph: what the shapes say.
        shape_of: returns the shape of a node to which a parameter leads.
    """

    def __init__(self, graph: ShapesGraph, shape_of: Callable[[Term], Shape]) -> None:
        self._graph = graph
        self._shape_of = shape_of

    def constraints(self, shape: Shape) -> tuple[Constraint, ...]:
        """Return the constraints of a shape.

        Raises:
            BadShapes: a parameter is not well formed.
            NotCompiled: one is only for pySHACL.
        """
        node = shape.node
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
            other = self._shape_of(value)
            if other.path is not None:
                raise BadShapes(f"sh:node leads to a property shape, {value}.", where=str(value))
            yield Node(other)

    def negation(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:not``."""
        yield from (
            Not(self._shape_of(value)) for value in self._graph.objects(shape.node, sh(name))
        )

    def logical(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:and``, ``sh:or``, ``sh:xone``."""
        for value in self._graph.objects(shape.node, sh(name)):
            members = tuple(self._shape_of(member) for member in self._graph.members(value))
            if not members:
                raise BadShapes(f"sh:{name} lists one shape or more.", where=str(shape.node))
            yield _LOGICAL[name](members)

    def properties(self, shape: Shape, name: str) -> Iterator[Constraint]:
        """Read ``sh:property``."""
        for value in self._graph.objects(shape.node, sh(name)):
            other = self._shape_of(value)
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
            siblings = tuple(
                self._shape_of(sibling) for sibling in self._siblings(shape.node, value)
            )
            if most is not None:
                yield QualifiedCount(self._shape_of(value), siblings, most, most=True)
            if least is not None:
                yield QualifiedCount(self._shape_of(value), siblings, least, most=False)

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
Reader = Callable[[Parameters, Shape, str], Iterator[Constraint]]
_READERS: Final[dict[str, Reader]] = {
    "class": Parameters.classes,
    "datatype": Parameters.datatype,
    "nodeKind": Parameters.node_kind,
    "minCount": Parameters.min_count,
    "maxCount": Parameters.max_count,
    "minInclusive": Parameters.range,
    "minExclusive": Parameters.range,
    "maxInclusive": Parameters.range,
    "maxExclusive": Parameters.range,
    "minLength": Parameters.length,
    "maxLength": Parameters.length,
    "pattern": Parameters.pattern,
    "languageIn": Parameters.languages,
    "uniqueLang": Parameters.unique_languages,
    "equals": Parameters.equals,
    "disjoint": Parameters.disjoint,
    "lessThan": Parameters.less_than,
    "lessThanOrEquals": Parameters.less_than,
    "not": Parameters.negation,
    "and": Parameters.logical,
    "or": Parameters.logical,
    "xone": Parameters.logical,
    "node": Parameters.node,
    "property": Parameters.properties,
    "qualifiedValueShape": Parameters.qualified,
    "closed": Parameters.closed,
    "hasValue": Parameters.has_value,
    "in": Parameters.members,
    "sparql": Parameters.sparql,
}
