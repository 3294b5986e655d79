"""The shapes graph: what shapes say, looked up by subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)

from missiongraph.errors import BadShapes
from missiongraph.names import PREFIXES
from missiongraph.shacl.graph import Statement, Term

RDF_FIRST: Final = NamedNode(PREFIXES["rdf"] + "first")
RDF_REST: Final = NamedNode(PREFIXES["rdf"] + "rest")
RDF_NIL: Final = NamedNode(PREFIXES["rdf"] + "nil")
_TRUE: Final = "true"  # and no other form of it: the W3C suite, uniqueLang-002


def sh(local_name: str) -> NamedNode:
    """Return the term of SHACL of that local name."""
    return NamedNode(PREFIXES["sh"] + local_name)


class ShapesGraph:
    """What shapes say. Blank nodes get names that are the same for the same shapes.

    Args:
        statements: the triples of the shapes; graphs are merged.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        dataset = Dataset(Quad(s.subject, s.predicate, s.object) for s in statements)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        self.triples = sorted((quad.triple for quad in dataset), key=str)
        self._about: dict[Term, dict[NamedNode, list[Term]]] = {}
        for triple in self.triples:
            properties = self._about.setdefault(triple.subject, {})
            properties.setdefault(triple.predicate, []).append(triple.object)

    def about(self, node: Term) -> list[tuple[NamedNode, Term]]:
        """Return what is said of a node."""
        properties = self._about.get(node, {})
        return [(key, value) for key, values in properties.items() for value in values]

    def objects(self, node: Term, predicate: NamedNode) -> list[Term]:
        """Return a node's values of a property, sorted."""
        return self._about.get(node, {}).get(predicate, [])

    def subjects_with(self, predicate: NamedNode) -> list[Term]:
        """Return the nodes that have a property, sorted."""
        return [node for node, properties in self._about.items() if predicate in properties]

    def values(self, predicate: NamedNode) -> list[Term]:
        """Return all values of a property."""
        return [value for node in self._about for value in self.objects(node, predicate)]

    def one(self, node: Term, name: str) -> Term | None:
        """Return a node's only value of a property of SHACL, or None.

        Raises:
            BadShapes: there are several.
        """
        values = self.objects(node, sh(name))
        if len(values) > 1:
            raise BadShapes(f"A shape has at most one sh:{name}.", where=str(node))
        return values[0] if values else None

    def flag(self, node: Term, name: str) -> bool:
        """Return whether a property of SHACL is true.

        Raises:
            BadShapes: its value is no literal, or there are several.
        """
        value = self.one(node, name)
        if value is not None and not isinstance(value, Literal):
            raise BadShapes(f"sh:{name} is true or false.", where=str(node))
        return value is not None and value.value == _TRUE

    def count(self, node: Term, name: str) -> int | None:
        """Return the number of a property of SHACL, 0 or more, or None.

        Raises:
            BadShapes: its value is no such number, or there are several.
        """
        value = self.one(node, name)
        if value is None:
            return None
        if not isinstance(value, Literal) or not value.value.removeprefix("+").isdecimal():
            raise BadShapes(f"sh:{name} is an integer, 0 or more.", where=str(node))
        return int(value.value)

    def members(self, node: Term) -> list[Term]:
        """Return the members of a list.

        Raises:
            BadShapes: it is no list.
        """
        members: list[Term] = []
        seen = set()
        while node != RDF_NIL:
            first, rest = self.objects(node, RDF_FIRST), self.objects(node, RDF_REST)
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise BadShapes("It is not a list.", where=str(node))
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return members

    def description(self, node: Term) -> list[Triple]:
        """Return what is said of a blank node and of the blank nodes below it."""
        triples, waiting, seen = [], [node], set()
        while waiting:
            current = waiting.pop()
            if not isinstance(current, BlankNode) or current in seen:
                continue
            seen.add(current)
            triples += [Triple(current, key, value) for key, value in self.about(current)]
            waiting += [value for _, value in self.about(current)]
        return triples
