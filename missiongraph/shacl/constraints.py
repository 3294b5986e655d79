"""What constraints have in common: a component, a message, and what they find in sets of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from missiongraph.shacl.graph import NONE, Graph, Ids, Mask, Pairs, Term, are_in, joined, unique
from missiongraph.shacl.paths import Path
from missiongraph.shacl.shapes_graph import sh


@dataclass(frozen=True)
class Found:
    """Results of one constraint of one shape, in columns.

    Attributes:
        root: the nodes that were asked of, for which the results stand.
        focus: the focus nodes; other than the root, for results from within.
        value: the values, ``NONE`` where there is none.
        path: predicates in the place of the shape's path, or ``NONE``; None when never.
        shape: the shape that has the constraint.
        constraint: the constraint.
        messages: of each row, messages in the place of the shape's; empty when never.
    """

    root: Ids
    focus: Ids
    value: Ids
    shape: Shape
    constraint: Constraint
    path: Ids | None = None
    messages: tuple[tuple[Term, ...], ...] = ()

    def under(self, pairs: Pairs) -> Found:
        """Return these results as results of the owners of their roots."""
        order = np.argsort(self.root, kind="stable")
        rows, matches = joined(pairs.value, self.root[order])
        chosen = order[matches]
        return Found(
            root=pairs.owner[rows],
            focus=self.focus[chosen],
            value=self.value[chosen],
            shape=self.shape,
            constraint=self.constraint,
            path=None if self.path is None else self.path[chosen],
            messages=tuple(self.messages[row] for row in chosen) if self.messages else (),
        )

    def where(self, mask: Mask) -> Found:
        """Return the results that a mask keeps."""
        kept = np.flatnonzero(mask)
        return Found(
            self.root[mask],
            self.focus[mask],
            self.value[mask],
            self.shape,
            self.constraint,
            None if self.path is None else self.path[mask],
            tuple(self.messages[row] for row in kept) if self.messages else (),
        )


class Asked(Protocol):
    """What constraints may ask of a validation under way."""

    graph: Graph

    def conform(self, shape: Shape, nodes: Ids) -> Mask:
        """Say of sorted nodes whether they conform to a shape."""
        ...

    def find(self, shape: Shape, nodes: Ids) -> Iterator[Found]:
        """Yield the results of sorted nodes against a shape."""
        ...

    def walk(self, path: Path, nodes: Ids) -> Pairs:
        """Return the values of sorted nodes on a path."""
        ...

    def instances(self, class_: Term) -> Ids:
        """Return the sorted instances of a class."""
        ...


class Constraint(Protocol):
    """A constraint of a shape: one value of one parameter of a component."""

    @property
    def component(self) -> str:
        """The IRI of its component."""
        ...

    @property
    def message(self) -> str:
        """What is said of a result when the shape says nothing."""
        ...

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield what is found at sorted nodes and their values."""
        ...


@dataclass(frozen=True)
class Targets:
    """What a shape is asked of (SHACL, section 2.1.3)."""

    nodes: tuple[Term, ...] = ()
    classes: tuple[Term, ...] = ()
    subjects_of: tuple[Term, ...] = ()
    objects_of: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape, ready to be asked.

    Attributes:
        node: its name in the shapes graph.
        path: where its value nodes are; None for a node shape.
        path_node: the path's node in the shapes graph.
        targets: what it is asked of.
        constraints: what it asks.
        severity: of its results, an IRI.
        messages: what its results say; empty for each constraint's own.
        deactivated: whether it asks nothing.
    """

    node: Term
    path: Path | None
    path_node: Term | None
    targets: Targets
    severity: Term
    messages: tuple[Term, ...]
    deactivated: bool
    constraints: tuple[Constraint, ...] = field(repr=False, default=())


class ValueConstraint:
    """A constraint that each value meets or not, whatever node it is a value of."""

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of sorted values which do not meet the constraint."""
        raise NotImplementedError

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each value that does not meet the constraint."""
        del nodes
        values = unique(pairs.value)
        failing = values[self.failing(run, values)]
        if len(failing):
            bad = pairs.where(are_in(pairs.value, failing))
            yield Found(bad.owner, bad.owner, bad.value, shape, self)  # type: ignore[arg-type]


def without_value(shape: Shape, constraint: Constraint, nodes: Ids) -> Iterator[Found]:
    """Yield results that have no value, one for each node."""
    if len(nodes):
        yield Found(nodes, nodes, np.full(len(nodes), NONE, dtype=np.int64), shape, constraint)


def with_value(shape: Shape, constraint: Constraint, pairs: Pairs) -> Iterator[Found]:
    """Yield results of nodes and values."""
    if len(pairs):
        yield Found(pairs.owner, pairs.owner, pairs.value, shape, constraint)


def component(name: str) -> str:
    """Return the IRI of a constraint component."""
    return sh(f"{name}ConstraintComponent").value
