"""A program: clauses over numbered facts, evaluated a set at a time.

A clause's solutions are a table of numbers, one column a variable. It begins with the facts of
one pattern and is joined with those of each other pattern in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from missiongraph.inference.grounding import Clause, wanted_by
from missiongraph.inference.relations import EMPTY, Numbering, Relation, Relations
from missiongraph.inference.rules import Computation, Condition, Pattern, Rule, Term
from missiongraph.shacl.graph import NOTHING, Ids, Mask, unique

Place: TypeAlias = int | str
Columns: TypeAlias = dict[str, Ids]
_ROW: Final = "urn:row:"
_VALUE: Final = NamedNode("urn:value")


@dataclass(frozen=True)
class Atom:
    """A pattern in numbers: a term's number, or a variable's name, at each place."""

    subject: Place
    predicate: Place
    object: Place

    def at(self, variable: str, number: int) -> Atom:
        """Return it with a number for a variable."""
        places = (self.subject, self.predicate, self.object)
        return Atom(*(number if place == variable else place for place in places))

    def is_reached(self, columns: Columns) -> bool:
        """Say whether its subject or its object is known."""
        return self.subject in columns or self.object in columns


@dataclass(frozen=True)
class NumberedClause:
    """A clause in numbers."""

    rule: Rule
    head: Atom
    body: tuple[Atom, ...]

    def over(self, predicates: Iterable[int]) -> Iterator[NumberedClause]:
        """Yield it for each property, if a property of it is a variable."""
        variable = next((a.predicate for a in self.body if isinstance(a.predicate, str)), None)
        if variable is None:
            yield self
            return
        for number in predicates:
            body = tuple(atom.at(variable, number) for atom in self.body)
            yield from NumberedClause(self.rule, self.head.at(variable, number), body).over(
                predicates
            )


class Program:
    """Clauses that can be asked of facts.

    Args:
        clauses: see ``ground``.
        numbering: of terms; a new one when None.
    """

    def __init__(self, clauses: Iterable[Clause], numbering: Numbering | None = None) -> None:
        self.clauses = tuple(clauses)
        self.numbering = numbering or Numbering()
        self.wanted = wanted_by(self.clauses)
        self._numbered = tuple(
            NumberedClause(c.rule, self._atom(c.head), tuple(map(self._atom, c.facts)))
            for c in self.clauses
        )

    def read(self, statements: Iterable[Triple | Quad]) -> Relations:
        """Return the facts that matter to the clauses."""
        return self.numbering.read(statements, self.wanted)

    def consequences(self, new: Relations, before: Relations, after: Relations) -> Relations:
        """Return what follows in one step from facts of which at least one is new.

        Args:
            new: the new facts.
            before: the facts without them.
            after: the facts with them.
        """
        found = _Found()
        for clause in self._over(after):
            for number, atom in enumerate(clause.body):
                if not len(new[_number(atom.predicate)]):
                    continue
                # A pair of new facts is met once: as the later one's, with the earlier one.
                others = [
                    (other, (after if place < number else before)[_number(other.predicate)])
                    for place, other in enumerate(clause.body)
                    if place != number
                ]
                columns = _matching(atom, new[_number(atom.predicate)])
                self._conclude(clause, _joined(columns, others), found)
        return found.relations()

    def supported(self, candidates: Relations, facts: Relations) -> Relations:
        """Return those of some candidates that follow from facts in one step."""
        found = _Found()
        for clause in self._over(facts):
            asked = candidates[_number(clause.head.predicate)]
            if not len(asked):
                continue
            columns = _matching(clause.head, asked)
            for computation in clause.rule.computations:
                columns.pop(computation.variable.value, None)
            body = [(atom, facts[_number(atom.predicate)]) for atom in clause.body]
            self._conclude(clause, _joined(columns, body), found)
        return found.relations() & candidates

    def _over(self, facts: Relations) -> Iterator[NumberedClause]:
        predicates = tuple(facts)
        for clause in self._numbered:
            yield from clause.over(predicates)

    def _conclude(self, clause: NumberedClause, columns: Columns, found: _Found) -> None:
        if not _height(columns):
            return
        for condition in clause.rule.conditions:
            columns = self._where(clause.rule, condition, columns)
        for computation in clause.rule.computations:
            columns = self._with(clause.rule, computation, columns)
        subjects = _column(clause.head.subject, columns)
        objects = _column(clause.head.object, columns)
        fit = ~self.numbering.are_literals(subjects)  # a literal is never a subject
        found.add(_number(clause.head.predicate), subjects[fit], objects[fit])

    def _where(self, rule: Rule, condition: Condition, columns: Columns) -> Columns:
        (variable,) = condition.variables
        values = unique(columns[variable.value])
        kept = self._evaluated(rule, condition, variable, values)
        mask = np.isin(columns[variable.value], values[list(kept)] if kept else NOTHING)
        return {name: column[mask] for name, column in columns.items()}

    def _with(self, rule: Rule, computation: Computation, columns: Columns) -> Columns:
        (variable,) = computation.variables
        values = unique(columns[variable.value])
        results = np.full(len(values), -1, dtype=np.int64)
        for row, term in self._evaluated(rule, computation, variable, values).items():
            if term is not None:
                results[row] = self.numbering.id_of(term)
        given = results[np.searchsorted(values, columns[variable.value])]
        kept = {name: column[given >= 0] for name, column in columns.items()}
        return {**kept, computation.variable.value: given[given >= 0]}

    def _evaluated(
        self, rule: Rule, part: Condition | Computation, variable: Variable, values: Ids
    ) -> dict[int, Term | None]:
        """Return for the values that an expression takes, by position, what it gives."""
        engine = Store()
        engine.bulk_extend(
            Quad(NamedNode(f"{_ROW}{row}"), _VALUE, term)
            for row, term in enumerate(self.numbering.terms(values))
        )
        result = part.variable if isinstance(part, Computation) else variable
        rows = engine.query(
            f"{rule.prefixes}\nSELECT ?row_ {result} WHERE {{ ?row_ {_VALUE} {variable} . {part} }}"
        )
        assert isinstance(rows, QuerySolutions)
        return {int(row["row_"].value.removeprefix(_ROW)): row[result] for row in rows}

    def _atom(self, pattern: Pattern) -> Atom:
        return Atom(*(self._place(position) for position in pattern.positions))

    def _place(self, position: Term | Variable) -> Place:
        if isinstance(position, Variable):
            return position.value
        return self.numbering.id_of(position)


class _Found:
    """Conclusions as they come."""

    def __init__(self) -> None:
        self._keys: dict[int, Relation] = {}

    def add(self, predicate: int, subjects: Ids, objects: Ids) -> None:
        """Add pairs of a property."""
        self._keys[predicate] = self._keys.get(predicate, EMPTY) | Relation.of(subjects, objects)

    def relations(self) -> Relations:
        """Return all of them."""
        return Relations(self._keys)


def _matching(atom: Atom, relation: Relation) -> Columns:
    """Return the facts that match an atom, a column for each variable of it."""
    subjects, objects = relation.subjects, relation.objects
    mask: Mask | None = None
    if isinstance(atom.subject, int):
        mask = subjects == atom.subject
    if isinstance(atom.object, int):
        mask = objects == atom.object if mask is None else mask & (objects == atom.object)
    if atom.subject == atom.object:
        mask = subjects == objects
    if mask is not None:
        subjects, objects = subjects[mask], objects[mask]
    columns = {atom.subject: subjects, atom.object: objects}
    return {name: column for name, column in columns.items() if isinstance(name, str)}


def _joined(columns: Columns, others: Sequence[tuple[Atom, Relation]]) -> Columns:
    """Return the solutions that match other atoms as well; each is reached from those before."""
    waiting = list(others)
    while waiting and _height(columns):
        if not all(len(relation) for _, relation in waiting):
            return {name: NOTHING for name in columns}
        place = next(n for n, (atom, _) in enumerate(waiting) if atom.is_reached(columns))
        atom, relation = waiting.pop(place)
        columns = _join(columns, atom, relation)
    return columns


def _join(columns: Columns, atom: Atom, relation: Relation) -> Columns:
    subject = _known(atom.subject, columns)
    value = _known(atom.object, columns)
    if subject is not None and value is not None:
        mask = relation.holds(subject, value)
        return {name: column[mask] for name, column in columns.items()}
    if subject is not None:
        rows, found = relation.values_of(subject)
        new = atom.object
    else:
        assert value is not None
        rows, found = relation.inverse.values_of(value)
        new = atom.subject
    return {**{name: column[rows] for name, column in columns.items()}, str(new): found}


def _known(place: Place, columns: Columns) -> Ids | None:
    if isinstance(place, int) or place in columns:
        return _column(place, columns)
    return None


def _column(place: Place, columns: Columns) -> Ids:
    if isinstance(place, int):
        return np.full(_height(columns), place, dtype=np.int64)
    return columns[place]


def _height(columns: Columns) -> int:
    return len(next(iter(columns.values()), NOTHING))


def _number(place: Place) -> int:
    assert isinstance(place, int), "a property that is a variable was given a number before"
    return place
