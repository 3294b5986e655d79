"""Relations: the pairs of one property, as sorted numbers, and sets of them.

A pair is one number, its subject's in the upper half and its object's in the lower, so that
sets of pairs are joined, added and taken away by sorting and searching alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.inference.rules import Term
from missiongraph.names import RDF_TYPE
from missiongraph.shacl.graph import NOTHING, Ids, Mask, are_in, unique

_HALF: Final = 32
_LOWER: Final = (1 << _HALF) - 1
_FEW: Final = 8  # of so many pairs less than one changes: the others are copied and not compared


@dataclass(frozen=True)
class Relation:
    """Pairs of a subject and an object.

    Attributes:
        keys: the pairs, each one number, sorted and each once.
    """

    keys: Ids

    @classmethod
    def of(cls, subjects: Ids, objects: Ids) -> Relation:
        """Return the relation of pairs in any order."""
        return cls(unique((subjects << _HALF) | objects))

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def subjects(self) -> Ids:
        """The subject of each pair."""
        return self.keys >> _HALF

    @property
    def objects(self) -> Ids:
        """The object of each pair."""
        return self.keys & _LOWER

    @cached_property
    def inverse(self) -> Relation:
        """The same pairs the other way round."""
        return Relation(np.sort((self.objects << _HALF) | self.subjects))

    def __or__(self, other: Relation) -> Relation:
        """Return the pairs of either."""
        few, many = sorted((self, other), key=len)
        if _FEW * len(few) < len(many):
            new = few.keys[~are_in(few.keys, many.keys)]
            return Relation(np.insert(many.keys, np.searchsorted(many.keys, new), new))
        both = np.concatenate((self.keys, other.keys))
        both.sort(kind="stable")  # merges sorted runs in one pass
        return Relation(unique(both))

    def __sub__(self, other: Relation) -> Relation:
        """Return the pairs that the other has not."""
        if _FEW * len(other) < len(self):
            gone = other.keys[are_in(other.keys, self.keys)]
            return Relation(np.delete(self.keys, np.searchsorted(self.keys, gone)))
        return Relation(self.keys[~are_in(self.keys, other.keys)])

    def __and__(self, other: Relation) -> Relation:
        """Return the pairs that both have."""
        few, many = sorted((self, other), key=len)
        return Relation(few.keys[are_in(few.keys, many.keys)])

    def holds(self, subjects: Ids, objects: Ids) -> Mask:
        """Say of each pair whether it is one of these."""
        return are_in((subjects << _HALF) | objects, self.keys)

    def values_of(self, subjects: Ids) -> tuple[Ids, Ids]:
        """Return positions in ``subjects`` and an object for each: all that they are paired with."""
        left = np.searchsorted(self.keys, subjects << _HALF, "left")
        counts = np.searchsorted(self.keys, (subjects + 1) << _HALF, "left") - left
        rows = np.repeat(np.arange(len(subjects), dtype=np.int64), counts)
        starts = np.repeat(left - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        return rows, self.keys[starts + np.arange(len(rows), dtype=np.int64)] & _LOWER


EMPTY: Final = Relation(NOTHING)


class Relations:
    """Facts: a relation for each property; not to be changed.

    Args:
        by_property: the relations, by the number of their property.
    """

    def __init__(self, by_property: Mapping[int, Relation] | None = None) -> None:
        self._found = {key: found for key, found in (by_property or {}).items() if len(found)}

    def __len__(self) -> int:
        """Return how many facts there are."""
        return sum(map(len, self._found.values()))

    def __getitem__(self, predicate: int) -> Relation:
        return self._found.get(predicate, EMPTY)

    def __iter__(self) -> Iterator[int]:
        """Yield the properties that have facts."""
        return iter(self._found)

    def __or__(self, other: Relations) -> Relations:
        """Return the facts of either."""
        return Relations(self._found | {key: self[key] | other[key] for key in other})

    def __sub__(self, other: Relations) -> Relations:
        """Return the facts that the other has not."""
        return Relations(
            {key: self[key] - other[key] if key in other else self[key] for key in self}
        )

    def __and__(self, other: Relations) -> Relations:
        """Return the facts that both have."""
        return Relations({key: self[key] & other[key] for key in self if key in other})

    def __contains__(self, predicate: int) -> bool:
        return predicate in self._found


@dataclass(frozen=True)
class Wanted:
    """Which facts matter to some rules; see ``Program.wanted``.

    Attributes:
        predicates: the properties; None for all.
        classes: the classes of which instances matter; None for all.
    """

    predicates: frozenset[NamedNode] | None
    classes: frozenset[Term] | None

    def __contains__(self, statement: Triple | Quad) -> bool:
        if self.predicates is None:
            return True
        if statement.predicate == RDF_TYPE and self.classes is not None:
            return statement.object in self.classes
        return statement.predicate in self.predicates


class Numbering:
    """Terms and their numbers; it only grows."""

    def __init__(self) -> None:
        self._ids: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._literal = array("b")

    def id_of(self, term: Term) -> int:
        """Return a term's number; it gets one if it has none."""
        number = self._ids.setdefault(term, len(self._terms))
        if number == len(self._terms):
            self._terms.append(term)
            self._literal.append(not isinstance(term, NamedNode) and isinstance(term, Literal))
        return number

    def ids_of(self, terms: Iterable[Term]) -> Ids:
        """Return the numbers of terms, in their order."""
        return np.fromiter(map(self.id_of, terms), dtype=np.int64)

    def term(self, number: int) -> Term:
        """Return the term of a number."""
        return self._terms[number]

    def terms(self, numbers: Ids) -> list[Term]:
        """Return the terms of numbers, in their order."""
        terms = self._terms
        return [terms[number] for number in numbers.tolist()]

    def are_literals(self, numbers: Ids) -> Mask:
        """Say of each number whether its term is a literal."""
        flags = np.array(self._literal, dtype=np.bool_)
        return np.asarray(flags[numbers], dtype=np.bool_)

    def read(self, statements: Iterable[Triple | Quad], wanted: Wanted) -> Relations:
        """Return the facts that matter of statements; of quads, the graphs are merged."""
        number = self.id_of
        columns: dict[NamedNode, tuple[array[int], array[int]]] = {}
        all_of_them = wanted.predicates is None
        predicates = wanted.predicates or frozenset()
        for statement in statements:
            predicate = statement.predicate
            if not all_of_them and (predicate not in predicates or statement not in wanted):
                continue
            column = columns.get(predicate)
            if column is None:
                column = columns[predicate] = (array("q"), array("q"))
            column[0].append(number(statement.subject))
            column[1].append(number(statement.object))
        return Relations({number(p): _relation(*pair) for p, pair in columns.items()})

    def triples(self, facts: Relations) -> Iterator[Triple]:
        """Yield facts as triples."""
        for predicate in facts:
            relation, name = facts[predicate], self.term(predicate)
            subjects, objects = self.terms(relation.subjects), self.terms(relation.objects)
            for subject, value in zip(subjects, objects, strict=True):
                yield Triple(subject, name, value)  # type: ignore[arg-type]


def _relation(subjects: array[int], objects: array[int]) -> Relation:
    return Relation.of(
        np.frombuffer(subjects, dtype=np.int64), np.frombuffer(objects, dtype=np.int64)
    )
