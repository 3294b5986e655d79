"""Constraints on all values of a node together: counts, pairs, languages, closed (4.2, 4.4, 4.5, 4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from pyoxigraph import Literal, NamedNode

from missiongraph.names import PREFIXES, RDF_TYPE
from missiongraph.shacl.constraints import (
    Asked,
    Found,
    Shape,
    component,
    with_value,
    without_value,
)
from missiongraph.shacl.graph import Ids, Pairs, Term, are_in, joined, unique
from missiongraph.shacl.literals import is_less
from missiongraph.shacl.paths import Step

_RESOURCE: Final = NamedNode(PREFIXES["rdfs"] + "Resource")


@dataclass(frozen=True)
class MinCount:
    """``sh:minCount``."""

    count: int
    component: ClassVar[str] = component("MinCount")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It has fewer than {self.count} values."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each node with too few values."""
        del run
        yield from without_value(shape, self, nodes[pairs.counts(nodes) < self.count])


@dataclass(frozen=True)
class MaxCount:
    """``sh:maxCount``."""

    count: int
    component: ClassVar[str] = component("MaxCount")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It has more than {self.count} values."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each node with too many values."""
        del run
        yield from without_value(shape, self, nodes[pairs.counts(nodes) > self.count])


@dataclass(frozen=True)
class HasValue:
    """``sh:hasValue``."""

    value: Term
    component: ClassVar[str] = component("HasValue")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It has not the value {self.value}."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each node without the value."""
        having = pairs.owner[pairs.value == run.graph.id_of(self.value)]
        yield from without_value(shape, self, nodes[~are_in(nodes, having)])


@dataclass(frozen=True)
class UniqueLanguages:
    """``sh:uniqueLang``."""

    component: ClassVar[str] = component("UniqueLang")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return "Several of its values are in one language."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each node and language that several of its values are in."""
        several = nodes[pairs.counts(nodes) > 1]
        among = pairs.where(are_in(pairs.owner, several))
        seen: dict[tuple[int, str], int] = {}
        for owner, term in zip(among.owner.tolist(), run.graph.terms(among.value), strict=True):
            if isinstance(term, Literal) and term.language:
                key = (owner, term.language.lower())
                seen[key] = seen.get(key, 0) + 1
        repeated = [owner for (owner, _), count in seen.items() if count > 1]
        yield from without_value(shape, self, np.array(sorted(repeated), dtype=np.int64))


@dataclass(frozen=True)
class Equals:
    """``sh:equals``."""

    predicate: NamedNode
    component: ClassVar[str] = component("Equals")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"Its values are not those of {self.predicate}."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each value that only one of the two has."""
        others = run.walk(Step(self.predicate), nodes)
        yield from with_value(shape, self, (pairs - others) | (others - pairs))


@dataclass(frozen=True)
class Disjoint:
    """``sh:disjoint``."""

    predicate: NamedNode
    component: ClassVar[str] = component("Disjoint")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is a value of {self.predicate} too."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each value that both have."""
        yield from with_value(shape, self, pairs & run.walk(Step(self.predicate), nodes))


@dataclass(frozen=True)
class LessThan:
    """``sh:lessThan``, or ``sh:lessThanOrEquals``."""

    predicate: NamedNode
    or_equal: bool

    @property
    def component(self) -> str:
        """The component of the parameter."""
        return component("LessThanOrEquals" if self.or_equal else "LessThan")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is not {'<=' if self.or_equal else '<'} each value of {self.predicate}."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each pair of values that is not in order."""
        others = run.walk(Step(self.predicate), nodes)
        rows, matches = joined(pairs.owner, others.owner)
        firsts = run.graph.terms(pairs.value[rows])
        seconds = run.graph.terms(others.value[matches])
        bad = [
            row
            for row, first, second in zip(rows.tolist(), firsts, seconds, strict=True)
            if not self._in_order(first, second)
        ]
        if bad:
            yield from with_value(shape, self, Pairs(pairs.owner[bad], pairs.value[bad]))

    def _in_order(self, first: Term, second: Term) -> bool:
        """Say whether two terms are in order; IRIs and strings are, by their text, as in pySHACL."""
        literals = [Literal(t.value) if isinstance(t, NamedNode) else t for t in (first, second)]
        one, other = literals
        return (
            isinstance(one, Literal)
            and isinstance(other, Literal)
            and is_less(one, other, or_equal=self.or_equal)
        )


@dataclass(frozen=True)
class Closed:
    """``sh:closed`` with ``sh:ignoredProperties``."""

    allowed: frozenset[Term]
    component: ClassVar[str] = component("Closed")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return "The shape is closed, and the property is none of its properties."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each triple of a value with a property that is not allowed."""
        del nodes
        values = unique(pairs.value)
        for predicate in run.graph.predicates:
            term = run.graph.term(predicate)
            if term in self.allowed:
                continue
            triples = run.graph.column(term).values_of(values)
            if term == RDF_TYPE:
                triples = triples.where(triples.value != run.graph.id_of(_RESOURCE))
            rows, matches = joined(pairs.value, triples.owner)
            owner = pairs.owner[rows]
            path = np.full(len(owner), predicate, dtype=np.int64)
            if len(owner):
                yield Found(owner, owner, triples.value[matches], shape, self, path)
