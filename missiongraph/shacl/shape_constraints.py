"""Constraints that ask other shapes: logical, node, property, qualified (SHACL, 4.6 and 4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from missiongraph.shacl.constraints import (
    Asked,
    Found,
    Shape,
    ValueConstraint,
    component,
    without_value,
)
from missiongraph.shacl.graph import Ids, Mask, Pairs, are_in, unique


@dataclass(frozen=True)
class Node(ValueConstraint):
    """``sh:node``."""

    shape: Shape
    component: ClassVar[str] = component("Node")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It does not conform to the shape {self.shape.node}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which do not conform."""
        return ~run.conform(self.shape, values)


@dataclass(frozen=True)
class Not(ValueConstraint):
    """``sh:not``."""

    shape: Shape
    component: ClassVar[str] = component("Not")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It conforms to the shape {self.shape.node}, which it must not."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which conform."""
        return run.conform(self.shape, values)


@dataclass(frozen=True)
class And(ValueConstraint):
    """``sh:and``."""

    shapes: tuple[Shape, ...]
    component: ClassVar[str] = component("And")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It does not conform to all of {_names(self.shapes)}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which do not conform to each shape."""
        return np.less(_conforming(run, self.shapes, values), len(self.shapes))


@dataclass(frozen=True)
class Or(ValueConstraint):
    """``sh:or``."""

    shapes: tuple[Shape, ...]
    component: ClassVar[str] = component("Or")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It conforms to none of {_names(self.shapes)}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which conform to no shape."""
        return np.equal(_conforming(run, self.shapes, values), 0)


@dataclass(frozen=True)
class ExactlyOne(ValueConstraint):
    """``sh:xone``."""

    shapes: tuple[Shape, ...]
    component: ClassVar[str] = component("Xone")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It does not conform to exactly one of {_names(self.shapes)}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which conform to no shape or to several."""
        return np.not_equal(_conforming(run, self.shapes, values), 1)


def _conforming(run: Asked, shapes: tuple[Shape, ...], values: Ids) -> Ids:
    """Return to how many shapes each value conforms; one that is listed twice counts twice."""
    counts = np.zeros(len(values), dtype=np.int64)
    for shape in shapes:
        counts += run.conform(shape, values)
    return counts


def _names(shapes: tuple[Shape, ...]) -> str:
    return ", ".join(str(shape.node) for shape in shapes)


@dataclass(frozen=True)
class Property:
    """``sh:property``: its results are those of the property shape at each value."""

    shape: Shape
    component: ClassVar[str] = component("Property")

    @property
    def message(self) -> str:
        """Never said: the property shape has its own results."""
        return f"It does not conform to the shape {self.shape.node}."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield the results of the property shape."""
        own = shape.path is None
        values = nodes if own else unique(pairs.value)
        for found in run.find(self.shape, values):
            yield found if own else found.under(pairs)


@dataclass(frozen=True)
class QualifiedCount:
    """``sh:qualifiedMinCount``, or ``sh:qualifiedMaxCount`` when it is the most.

    Attributes:
        shape: the qualified value shape.
        siblings: shapes to which a value that counts must not conform.
        count: how many values are needed, or allowed.
    """

    shape: Shape
    siblings: tuple[Shape, ...]
    count: int
    most: bool

    @property
    def component(self) -> str:
        """The component of the parameter."""
        return component(f"Qualified{'Max' if self.most else 'Min'}Count")

    @property
    def message(self) -> str:
        """What is said of a result."""
        limit = "More" if self.most else "Fewer"
        return f"{limit} than {self.count} values conform to the shape {self.shape.node}."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each node with too few or too many such values."""
        values = unique(pairs.value)
        counted = run.conform(self.shape, values)
        for sibling in self.siblings:
            counted = counted & ~run.conform(sibling, values)
        numbers = pairs.where(are_in(pairs.value, values[counted])).counts(nodes)
        wrong = numbers > self.count if self.most else numbers < self.count
        yield from without_value(shape, self, nodes[wrong])
