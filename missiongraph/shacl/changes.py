"""Incremental validation: after a change, only what the change can affect is asked again.

A shape reads, at a focus node, the triples along its paths. Each place at which it reads is a
``Reading``: a way there from the focus node, and a property. A changed triple affects the focus
nodes from which some way leads to it, in the graph before or after the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np

from missiongraph.shacl.constraints import Constraint, Shape
from missiongraph.shacl.evaluation import Run
from missiongraph.shacl.graph import NOTHING, Graph, Ids, Statement, are_in, unique
from missiongraph.shacl.node_constraints import Closed, Disjoint, Equals, LessThan
from missiongraph.shacl.paths import (
    SUBCLASS,
    TYPE,
    Alternative,
    Path,
    Repeated,
    Sequence,
    Step,
    inverse,
    walk,
)
from missiongraph.shacl.plan import Plan
from missiongraph.shacl.report import Report, Result
from missiongraph.shacl.shape_constraints import (
    And,
    ExactlyOne,
    Node,
    Not,
    Or,
    Property,
    QualifiedCount,
)
from missiongraph.shacl.sparql_constraint import Sparql
from missiongraph.shacl.value_constraints import InClass

_HERE: Final = Sequence(())


@dataclass(frozen=True)
class Reading:
    """Where a shape reads triples: at the end of a way from its focus node.

    Attributes:
        way: the path to there; the empty sequence for the focus node itself.
        step: the property that is read, and in which direction; None for all, forward.
    """

    way: Sequence
    step: Step | None

    def after(self, way: Path) -> Reading:
        """Return this reading of a shape that is asked at the end of a way."""
        return Reading(Sequence((way, *self.way.parts)), self.step)


@dataclass(frozen=True)
class Reads:
    """All that a shape reads.

    Attributes:
        readings: the places.
        classes: whether classes below others matter.
        everything: whether it can read anything, so that each change affects it.
    """

    readings: frozenset[Reading]
    classes: bool
    everything: bool


@dataclass(frozen=True)
class Change:
    """Triples that were added or removed, and the graph that has those before and after.

    Attributes:
        triples: the triples, by themselves.
        union: the graph before with what was added.
    """

    triples: Graph
    union: Graph

    def touched(self, step: Step | None) -> Ids:
        """Return the nodes at which a step reads a triple that has changed."""
        if step is None:
            return self._numbers(self.triples.added)
        pairs = self.triples.column(step.predicate).pairs
        return self._numbers(pairs.value if step.backward else pairs.owner)

    def _numbers(self, nodes: Ids) -> Ids:
        return self.union.ids_of(self.triples.terms(unique(nodes)))

    def affects(self, reads: Reads) -> Ids | None:
        """Return the sorted nodes whose results may differ; None for all."""
        if reads.everything or (reads.classes and len(self.touched(SUBCLASS))):
            return None
        found = [NOTHING]
        for reading in reads.readings:
            nodes = self.touched(reading.step)
            if len(nodes) and reading.way.parts:
                nodes = walk(inverse(reading.way), self.union, nodes).value
            found.append(nodes)
        return unique(np.concatenate(found))


@dataclass(frozen=True)
class Validation:
    """A validated graph, which can be changed; use ``Validation.of``.

    Attributes:
        plan: what it was validated by.
        graph: the graph.
        found: the results of each shape of the plan, in no order.
        by_pyshacl: the results of the shapes that are pySHACL's.
    """

    plan: Plan
    graph: Graph
    found: tuple[tuple[Result, ...], ...]
    by_pyshacl: tuple[Result, ...]

    @classmethod
    def of(cls, plan: Plan, data: Iterable[Statement]) -> Validation:
        """Return the validation of a whole graph."""
        graph = Graph.of(data)
        run = Run(graph)
        found = (tuple(plan.results_of(run, s, run.focus_nodes(s))) for s in plan.shapes)
        return cls(plan, graph, tuple(found), tuple(plan.fallback_results(graph)))

    @cached_property
    def report(self) -> Report:
        """The report, the same as that of a whole validation."""
        return self.plan.report_of([*chain.from_iterable(self.found), *self.by_pyshacl])

    def changed(
        self, added: Iterable[Statement] = (), removed: Iterable[Statement] = ()
    ) -> Validation:
        """Return the validation of the graph with some triples removed, then some added."""
        added, removed = list(added), list(removed)
        union = self.graph.extended(added)
        graph = self.graph.without(removed).extended(added)
        change = Change(Graph.of([*added, *removed]), union)
        run = Run(graph)
        found = (
            self._changed_results(run, shape, before, change)
            for shape, before in zip(self.plan.shapes, self.found, strict=True)
        )
        by_pyshacl = tuple(self.plan.fallback_results(graph))
        return Validation(self.plan, graph, tuple(found), by_pyshacl)

    def _changed_results(
        self, run: Run, shape: Shape, before: tuple[Result, ...], change: Change
    ) -> tuple[Result, ...]:
        """Return the results of a shape after a change."""
        affected = change.affects(reads_of(shape))
        if affected is None:
            return tuple(self.plan.results_of(run, shape, run.focus_nodes(shape)))
        if not len(affected):
            return before
        gone = set(change.union.terms(affected))
        focus_nodes = run.focus_nodes(shape)
        nodes = focus_nodes[are_in(focus_nodes, run.graph.ids_of(gone))]
        kept = (result for result in before if result.root not in gone)
        return (*kept, *self.plan.results_of(run, shape, nodes))


def reads_of(shape: Shape) -> Reads:
    """Return what a shape with targets reads."""
    targets = shape.targets
    readings = set(_readings(shape))
    readings |= {Reading(_HERE, Step(term)) for term in targets.subjects_of}  # type: ignore[arg-type]
    readings |= {Reading(_HERE, Step(term, True)) for term in targets.objects_of}  # type: ignore[arg-type]
    if targets.classes:
        readings.add(Reading(_HERE, TYPE))
    constraints = list(_constraints(shape))
    return Reads(
        readings=frozenset(readings),
        classes=bool(targets.classes) or any(isinstance(c, InClass) for c in constraints),
        everything=any(isinstance(c, Sparql) for c in constraints),
    )


def _constraints(shape: Shape) -> Iterator[Constraint]:
    for constraint in shape.constraints:
        yield constraint
        for other in _asked(constraint):
            yield from _constraints(other)


def _asked(constraint: Constraint) -> tuple[Shape, ...]:
    """Return the shapes that a constraint asks."""
    match constraint:
        case Node(shape) | Not(shape) | Property(shape):
            return (shape,)
        case And(shapes) | Or(shapes) | ExactlyOne(shapes):
            return shapes
        case QualifiedCount(shape, siblings):
            return (shape, *siblings)
    return ()


def _readings(shape: Shape) -> Iterator[Reading]:
    way = _HERE if shape.path is None else shape.path
    if shape.path is not None:
        yield from _readings_of_path(shape.path)
    for constraint in shape.constraints:
        match constraint:
            case Equals(predicate) | Disjoint(predicate) | LessThan(predicate):
                yield Reading(_HERE, Step(predicate))
            case InClass():
                yield Reading(_HERE, TYPE).after(way)
            case Closed():
                yield Reading(_HERE, None).after(way)
        for other in _asked(constraint):
            yield from (reading.after(way) for reading in _readings(other))


def _readings_of_path(path: Path) -> Iterator[Reading]:
    match path:
        case Step():
            yield Reading(_HERE, path)
        case Alternative(parts):
            for part in parts:
                yield from _readings_of_path(part)
        case Sequence(parts):
            for number, part in enumerate(parts):
                start = Sequence(parts[:number])
                yield from (reading.after(start) for reading in _readings_of_path(part))
        case Repeated(part, times):
            before: Path = _HERE if times == "?" else Repeated(part, "*")
            yield from (reading.after(before) for reading in _readings_of_path(part))
