"""Property paths (SHACL, section 2.3.1): read from shapes, walked for many nodes at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from missiongraph.errors import BadShapes
from missiongraph.names import PREFIXES
from missiongraph.shacl.graph import Graph, Ids, Pairs, Term, unique
from missiongraph.shacl.shapes_graph import RDF_FIRST, ShapesGraph, sh

_DEEPEST: Final = 50


@dataclass(frozen=True)
class Step:
    """One property, forward or backward."""

    predicate: NamedNode
    backward: bool = False

    def __str__(self) -> str:
        return f"^{self.predicate}" if self.backward else str(self.predicate)


@dataclass(frozen=True)
class Sequence:
    """One path after the other."""

    parts: tuple[Path, ...]

    def __str__(self) -> str:
        return f"({'/'.join(map(str, self.parts))})"


@dataclass(frozen=True)
class Alternative:
    """Any of some paths."""

    parts: tuple[Path, ...]

    def __str__(self) -> str:
        return f"({'|'.join(map(str, self.parts))})"


@dataclass(frozen=True)
class Repeated:
    """A path repeated: ``*`` zero or more, ``+`` one or more, ``?`` zero or one times."""

    part: Path
    times: str

    def __str__(self) -> str:
        return f"({self.part}){self.times}"


Path = Step | Sequence | Alternative | Repeated
_REPEATED: Final = {
    sh("zeroOrMorePath"): "*",
    sh("oneOrMorePath"): "+",
    sh("zeroOrOnePath"): "?",
}


def read_path(shapes: ShapesGraph, node: Term, depth: int = 0) -> Path:
    """Return the path that a node of the shapes stands for.

    Raises:
        BadShapes: it is no path.
    """
    if isinstance(node, NamedNode):
        return Step(node)
    if not isinstance(node, BlankNode) or depth > _DEEPEST:
        raise BadShapes(f"{node} is not a property path.", where=str(node))
    if shapes.objects(node, RDF_FIRST):
        return Sequence(_members(shapes, node, depth))
    kinds = shapes.about(node)
    if len(kinds) != 1:
        raise BadShapes("A property path has exactly one kind.", where=str(node))
    ((predicate, value),) = kinds
    if predicate == sh("inversePath"):
        return inverse(read_path(shapes, value, depth + 1))
    if predicate == sh("alternativePath"):
        return Alternative(_members(shapes, value, depth))
    if predicate in _REPEATED:
        return Repeated(read_path(shapes, value, depth + 1), _REPEATED[predicate])
    raise BadShapes(f"{predicate} makes no property path.", where=str(node))


def _members(shapes: ShapesGraph, node: Term, depth: int) -> tuple[Path, ...]:
    members = shapes.members(node)
    if len(members) < 2:
        raise BadShapes("A sequence or alternative has two members or more.", where=str(node))
    return tuple(read_path(shapes, member, depth + 1) for member in members)


def inverse(path: Path) -> Path:
    """Return the path that leads back.

    >>> a, b = (Step(NamedNode(f"e:{name}")) for name in "ab")
    >>> str(inverse(Sequence((a, b))))
    '(^<e:b>/^<e:a>)'
    """
    match path:
        case Step(predicate, backward):
            return Step(predicate, not backward)
        case Sequence(parts):
            return Sequence(tuple(inverse(part) for part in reversed(parts)))
        case Alternative(parts):
            return Alternative(tuple(inverse(part) for part in parts))
        case Repeated(part, times):
            return Repeated(inverse(part), times)


def walk(path: Path, graph: Graph, nodes: Ids) -> Pairs:
    """Return the value nodes of sorted nodes, each value once for each node."""
    match path:
        case Step(predicate, backward):
            column = graph.column(predicate)
            return (column.inverse if backward else column).values_of(nodes)
        case Sequence(parts):
            pairs = Pairs.same(nodes)
            for part in parts:
                pairs = pairs.then(walk(part, graph, unique(pairs.value)))
            return pairs
        case Alternative((first, *rest)):
            pairs = walk(first, graph, nodes)
            for part in rest:
                pairs = pairs | walk(part, graph, nodes)
            return pairs
        case Repeated(part, times):
            return _repeated(part, times, graph, nodes)
    raise AssertionError(path)


def _repeated(part: Path, times: str, graph: Graph, nodes: Ids) -> Pairs:
    found = fresh = walk(part, graph, nodes)
    while times != "?" and len(fresh):
        further = fresh.then(walk(part, graph, unique(fresh.value)))
        fresh = further - found
        found = found | fresh
    return found if times == "+" else found | Pairs.same(nodes)


def predicates_of(path: Path) -> frozenset[NamedNode]:
    """Return the properties that a path speaks of."""
    match path:
        case Step(predicate):
            return frozenset((predicate,))
        case Repeated(part):
            return predicates_of(part)
        case Sequence(parts) | Alternative(parts):
            return frozenset().union(*(predicates_of(part) for part in parts))
    raise AssertionError(path)


SUBCLASS: Final = Step(NamedNode(PREFIXES["rdfs"] + "subClassOf"))
TYPE: Final = Step(NamedNode(PREFIXES["rdf"] + "type"))
SUBCLASSES: Final = Repeated(inverse(SUBCLASS), "*")
INSTANCES: Final = inverse(TYPE)
