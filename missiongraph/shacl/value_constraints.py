"""Constraints on values by themselves: type, range, text, list (SHACL, sections 4.1, 4.3, 4.4, 4.8)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from pyoxigraph import Literal, NamedNode

from missiongraph.shacl.constraints import Asked, ValueConstraint, component
from missiongraph.shacl.graph import Ids, Mask, Term, are_in
from missiongraph.shacl.literals import compare, has_datatype
from missiongraph.shacl.shapes_graph import sh

NODE_KINDS: Final[dict[Term, frozenset[int]]] = {
    sh("IRI"): frozenset((0,)),
    sh("BlankNode"): frozenset((1,)),
    sh("Literal"): frozenset((2,)),
    sh("BlankNodeOrIRI"): frozenset((0, 1)),
    sh("IRIOrLiteral"): frozenset((0, 2)),
    sh("BlankNodeOrLiteral"): frozenset((1, 2)),
}


class TermConstraint(ValueConstraint):
    """A constraint that a value meets or not by what it is, in whatever graph."""

    def passes(self, term: Term) -> bool:
        """Say whether a value meets the constraint."""
        raise NotImplementedError

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which do not meet the constraint."""
        term, passes = run.graph.term, self.passes
        found = (not passes(term(number)) for number in values.tolist())
        return np.fromiter(found, dtype=np.bool_, count=len(values))


@dataclass(frozen=True)
class InClass(ValueConstraint):
    """``sh:class``."""

    class_: Term
    component: ClassVar[str] = component("Class")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is not of the class {self.class_}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which are no instances of the class or of one below it."""
        return ~are_in(values, run.instances(self.class_))


@dataclass(frozen=True)
class OfDatatype(TermConstraint):
    """``sh:datatype``."""

    datatype: str
    component: ClassVar[str] = component("Datatype")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is not a literal of the datatype <{self.datatype}>, or not well formed."

    def passes(self, term: Term) -> bool:
        """Say whether a value is a well-formed literal of the datatype."""
        return isinstance(term, Literal) and has_datatype(term, self.datatype)


@dataclass(frozen=True)
class OfKind(ValueConstraint):
    """``sh:nodeKind``."""

    kind: Term
    component: ClassVar[str] = component("NodeKind")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is not of the kind {self.kind}."

    def failing(self, run: Asked, values: Ids) -> Mask:
        """Say of values which are of another kind."""
        return ~np.isin(run.graph.kinds(values), list(NODE_KINDS[self.kind]))


@dataclass(frozen=True)
class InRange(TermConstraint):
    """``sh:minInclusive`` and its like."""

    parameter: str
    bound: Literal

    @property
    def component(self) -> str:
        """The component of the parameter."""
        return component(self.parameter[0].upper() + self.parameter[1:])

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is not {_RELATIONS[self.parameter][0]} {self.bound}."

    def passes(self, term: Term) -> bool:
        """Say whether a value is on the right side of the bound."""
        order = compare(term, self.bound) if isinstance(term, Literal) else None
        return order is not None and _RELATIONS[self.parameter][1](order)


_RELATIONS: Final[dict[str, tuple[str, Callable[[int], bool]]]] = {
    "minInclusive": (">=", lambda order: order >= 0),
    "minExclusive": (">", lambda order: order > 0),
    "maxInclusive": ("<=", lambda order: order <= 0),
    "maxExclusive": ("<", lambda order: order < 0),
}


@dataclass(frozen=True)
class OfLength(TermConstraint):
    """``sh:minLength``, or ``sh:maxLength`` when it is the longest."""

    length: int
    longest: bool

    @property
    def component(self) -> str:
        """The component of the parameter."""
        return component("MaxLength" if self.longest else "MinLength")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"Its length is not {'<=' if self.longest else '>='} {self.length}."

    def passes(self, term: Term) -> bool:
        """Say whether a value is long enough, or not too long; a blank node has no text."""
        if not self.longest and self.length == 0:
            return True
        if not isinstance(term, NamedNode | Literal):
            return False
        length = len(term.value)
        return length <= self.length if self.longest else length >= self.length


@dataclass(frozen=True)
class LikePattern(TermConstraint):
    """``sh:pattern`` with ``sh:flags``."""

    pattern: re.Pattern[str]
    component: ClassVar[str] = component("Pattern")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It does not match the pattern {self.pattern.pattern}"

    def passes(self, term: Term) -> bool:
        """Say whether the pattern is found in a value's text; a blank node has none."""
        return isinstance(term, NamedNode | Literal) and bool(self.pattern.search(term.value))


@dataclass(frozen=True)
class InLanguages(TermConstraint):
    """``sh:languageIn``."""

    ranges: tuple[str, ...]
    component: ClassVar[str] = component("LanguageIn")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"Its language is none of {', '.join(self.ranges)}."

    def passes(self, term: Term) -> bool:
        """Say whether a value's language is in a range (RFC 4647, section 3.3.1)."""
        if not isinstance(term, Literal) or not term.language:
            return False
        tag = term.language.lower()
        return any(
            range_ == "*" or tag == range_ or tag.startswith(range_ + "-") for range_ in self.ranges
        )


@dataclass(frozen=True)
class InList(TermConstraint):
    """``sh:in``."""

    members: frozenset[Term]
    component: ClassVar[str] = component("In")

    @property
    def message(self) -> str:
        """What is said of a result."""
        return f"It is none of {', '.join(sorted(map(str, self.members)))}."

    def passes(self, term: Term) -> bool:
        """Say whether a value is in the list."""
        return term in self.members
