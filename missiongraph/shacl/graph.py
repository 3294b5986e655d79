"""A graph in memory, in columns: terms are numbered, triples are sorted numbers by predicate.

Terms are kept as they are written: an engine that stores ``"01"^^xsd:integer`` as ``1`` could not
say what ``sh:pattern`` or ``sh:maxCount`` are about. Sets of nodes are sorted arrays of numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
Statement = Triple | Quad
Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_Small = npt.NDArray[np.int32]
AnyIds = Ids | _Small

NONE: Final = -1
NOTHING: Final[Ids] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Pairs:
    """Pairs of a node and one of its values, sorted by node and value, each once."""

    owner: Ids
    value: Ids

    @classmethod
    def of(cls, owner: Ids, value: Ids) -> Pairs:
        """Return pairs sorted, each once."""
        if len(owner) == 0:
            return cls(owner, value)
        width = int(value.max()) + 1
        keys = unique(owner * width + value)
        return cls(keys // width, keys % width)

    @classmethod
    def same(cls, nodes: Ids) -> Pairs:
        """Return each node paired with itself."""
        return cls(nodes, nodes)

    def __len__(self) -> int:
        return len(self.owner)

    def where(self, mask: Mask) -> Pairs:
        """Return the pairs that a mask keeps."""
        return Pairs(self.owner[mask], self.value[mask])

    def __or__(self, other: Pairs) -> Pairs:
        """Return the pairs of either."""
        owner = np.concatenate((self.owner, other.owner))
        return Pairs.of(owner, np.concatenate((self.value, other.value)))

    def __sub__(self, other: Pairs) -> Pairs:
        """Return the pairs that the other has not."""
        return self.where(~self.are_in(other))

    def __and__(self, other: Pairs) -> Pairs:
        """Return the pairs that both have."""
        return self.where(self.are_in(other))

    def are_in(self, other: Pairs) -> Mask:
        """Say of each pair whether it is among others."""
        if len(self) == 0 or len(other) == 0:
            return np.zeros(len(self), dtype=np.bool_)
        width = int(max(self.value.max(), other.value.max())) + 1
        keys = other.owner * width + other.value
        return are_in(self.owner * width + self.value, keys)

    def then(self, following: Pairs) -> Pairs:
        """Return each node with the values of its values."""
        rows, matches = joined(self.value, following.owner)
        return Pairs.of(self.owner[rows], following.value[matches])

    def counts(self, nodes: Ids) -> Ids:
        """Return how many values each of some sorted nodes has."""
        left = np.searchsorted(self.owner, nodes, "left")
        return np.searchsorted(self.owner, nodes, "right") - left


def unique(values: Ids) -> Ids:
    """Return values sorted, each once."""
    if len(values) < 2 or bool(np.all(values[1:] > values[:-1])):
        return values
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def are_in(values: Ids, nodes: Ids) -> Mask:
    """Say of each value whether it is among sorted nodes."""
    if len(nodes) == 0:
        return np.zeros(len(values), dtype=np.bool_)
    places = np.minimum(np.searchsorted(nodes, values), len(nodes) - 1)
    return np.asarray(nodes[places] == values, dtype=np.bool_)


def joined(values: AnyIds, keys: AnyIds) -> tuple[Ids, Ids]:
    """Return the positions in ``values`` and in sorted ``keys`` at which both hold the same."""
    left = np.searchsorted(keys, values, "left")
    counts = np.searchsorted(keys, values, "right") - left
    rows = np.repeat(np.arange(len(values), dtype=np.int64), counts)
    starts = np.repeat(left - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return rows, np.arange(len(rows), dtype=np.int64) + starts


@dataclass(frozen=True)
class Column:
    """The triples of one predicate, sorted by subject and object, each once."""

    subjects: _Small
    objects: _Small

    @classmethod
    def of(cls, subjects: _Small, objects: _Small) -> Column:
        """Return a column of triples in any order."""
        pairs = Pairs.of(subjects.astype(np.int64), objects.astype(np.int64))
        return cls(pairs.owner.astype(np.int32), pairs.value.astype(np.int32))

    @cached_property
    def inverse(self) -> Column:
        """The same triples by object."""
        order = np.argsort(self.objects, kind="stable")
        return Column(self.objects[order], self.subjects[order])

    @property
    def pairs(self) -> Pairs:
        """All of it as pairs."""
        return Pairs(self.subjects.astype(np.int64), self.objects.astype(np.int64))

    def values_of(self, nodes: Ids) -> Pairs:
        """Return the objects of sorted nodes."""
        rows, matches = joined(nodes.astype(np.int32), self.subjects)
        return Pairs(nodes[rows], self.objects[matches].astype(np.int64))


_EMPTY: Final = Column(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32))
_KINDS: Final[dict[type, int]] = {NamedNode: 0, BlankNode: 1, Literal: 2, Triple: 3}


class Graph:
    """Triples in columns; use ``Graph.of``.

    Attributes:
        added: the sorted nodes of which the statements told that were added or removed last.
    """

    def __init__(
        self, ids: dict[Term, int], columns: dict[int, Column], added: Ids = NOTHING
    ) -> None:
        self._terms = list(ids)
        self._ids = ids
        self._columns = columns
        self.added = added

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> Graph:
        """Return a graph that holds triples; of quads, the graphs are merged."""
        return cls({}, {}).extended(statements)

    def extended(self, statements: Iterable[Statement]) -> Graph:
        """Return this graph with more triples; this one stays as it is."""
        ids = dict(self._ids)
        added = _numbered(statements, ids)
        columns = dict(self._columns)
        for predicate, (subjects, objects) in added.items():
            old = columns.get(predicate, _EMPTY)
            new_subjects = np.frombuffer(subjects, dtype=np.int32)
            new_objects = np.frombuffer(objects, dtype=np.int32)
            columns[predicate] = Column.of(
                np.concatenate((old.subjects, new_subjects)),
                np.concatenate((old.objects, new_objects)),
            )
        return Graph(ids, columns, _subjects_of(added))

    def without(self, statements: Iterable[Statement]) -> Graph:
        """Return this graph without some triples; this one stays as it is."""
        ids = dict(self._ids)
        removed = _numbered(statements, ids)
        columns = dict(self._columns)
        for predicate, (subjects, objects) in removed.items():
            gone = Column.of(
                np.frombuffer(subjects, dtype=np.int32), np.frombuffer(objects, dtype=np.int32)
            )
            left = columns.get(predicate, _EMPTY).pairs - gone.pairs
            columns[predicate] = Column(left.owner.astype(np.int32), left.value.astype(np.int32))
        return Graph(ids, columns, _subjects_of(removed))

    def __len__(self) -> int:
        """Return how many triples there are."""
        return sum(len(column.subjects) for column in self._columns.values())

    def __iter__(self) -> Iterator[Triple]:
        """Yield the triples."""
        for predicate, column in self._columns.items():
            for subject, object_ in zip(column.subjects, column.objects, strict=True):
                yield Triple(self._terms[subject], self._terms[predicate], self._terms[object_])  # type: ignore[arg-type]

    def id_of(self, term: Term) -> int:
        """Return a term's number; it gets one if it has none."""
        number = self._ids.setdefault(term, len(self._terms))
        if number == len(self._terms):
            self._terms.append(term)
        return number

    def ids_of(self, terms: Iterable[Term]) -> Ids:
        """Return the numbers of terms, sorted."""
        return unique(np.fromiter((self.id_of(term) for term in terms), dtype=np.int64))

    def term(self, number: int) -> Term:
        """Return the term of a number."""
        return self._terms[number]

    def terms(self, numbers: Ids) -> list[Term]:
        """Return the terms of numbers, in their order."""
        return [self._terms[number] for number in numbers.tolist()]

    def kinds(self, numbers: Ids) -> Ids:
        """Return of each term whether it is an IRI (0), blank (1), literal (2) or triple (3)."""
        kinds = (_KINDS[type(self._terms[number])] for number in numbers.tolist())
        return np.fromiter(kinds, dtype=np.int64, count=len(numbers))

    def column(self, predicate: Term) -> Column:
        """Return the triples of a predicate."""
        return self._columns.get(self._ids.get(predicate, NONE), _EMPTY)

    @property
    def predicates(self) -> list[int]:
        """The numbers of the predicates, sorted."""
        return sorted(number for number, column in self._columns.items() if len(column.subjects))


Numbered = dict[int, tuple["array[int]", "array[int]"]]


def _subjects_of(numbered: Numbered) -> Ids:
    columns = [np.frombuffer(subjects, dtype=np.int32) for subjects, _ in numbered.values()]
    return unique(np.concatenate([NOTHING, *columns])).astype(np.int64)


def _numbered(statements: Iterable[Statement], ids: dict[Term, int]) -> Numbered:
    """Return subjects and objects by predicate, as numbers; terms that are new get theirs."""
    number = ids.setdefault
    columns: Numbered = {}
    subject: Term | None = None
    subject_id = NONE
    for statement in statements:
        if statement.subject != subject:  # triples of one subject mostly stand together
            subject = statement.subject
            subject_id = number(subject, len(ids))
        predicate_id = number(statement.predicate, len(ids))
        column = columns.get(predicate_id)
        if column is None:
            column = columns[predicate_id] = (array("i"), array("i"))
        column[0].append(subject_id)
        column[1].append(number(statement.object, len(ids)))
    return columns
