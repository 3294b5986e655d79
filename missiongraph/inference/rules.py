"""Rules: what a CONSTRUCT query under ontology/rules/ says, read into patterns.

A rule gives one triple for triples that match patterns. Patterns whose variables stand for
properties or classes are about the ontology (its axioms); the others are about facts. It is
written one pattern a line, with FILTER and BIND lines, and at most one UNION; each side of it
is read as a rule of its own. Any SPARQL tool runs it as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from missiongraph.errors import BadRule
from missiongraph.names import RDF_TYPE

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Position: TypeAlias = NamedNode | Variable
Solution: TypeAlias = Mapping[Variable, Term]
OPTIONAL: Final = "optional"

_PREFIX: Final = re.compile(r"PREFIX (\w*): <([^>]*)>")
_HEAD: Final = re.compile(r"CONSTRUCT \{ (\S+) (\S+) (\S+) \}")
_PATTERN: Final = re.compile(r"(\S+) (\S+) (\S+) \.")
_FILTER: Final = re.compile(r"FILTER ?\((.+)\)")
_BIND: Final = re.compile(r"BIND ?\((.+) AS \?(\w+)\)")
_VARIABLE: Final = re.compile(r"\?(\w+)")
_UNION: Final = "} UNION {"


@dataclass(frozen=True)
class Pattern:
    """Three positions, each a term or a variable."""

    subject: Position
    predicate: Position
    object: Position

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."

    @property
    def positions(self) -> tuple[Position, Position, Position]:
        """Subject, predicate and object."""
        return self.subject, self.predicate, self.object

    @property
    def variables(self) -> frozenset[Variable]:
        """Its variables."""
        return frozenset(p for p in self.positions if isinstance(p, Variable))

    def bound(self, solution: Solution) -> Pattern:
        """Return the pattern with terms for the variables that a solution has."""
        return Pattern(*(_bound(p, solution) for p in self.positions))

    def triple(self, solution: Solution) -> Triple | None:
        """Return the triple for a solution of all its variables; None if it is no triple."""
        subject, predicate, value = (_bound(p, solution) for p in self.positions)
        if isinstance(subject, Literal | Triple | Variable) or isinstance(value, Variable):
            return None
        return Triple(subject, predicate, value) if isinstance(predicate, NamedNode) else None

    @property
    def is_of_class(self) -> bool:
        """Whether it says of which class something is, the class being a variable."""
        return self.predicate == RDF_TYPE and isinstance(self.object, Variable)


@dataclass(frozen=True)
class Condition:
    """A FILTER: an expression that must be true."""

    expression: str

    def __str__(self) -> str:
        return f"FILTER({self.expression})"

    @property
    def variables(self) -> frozenset[Variable]:
        """What it speaks of."""
        return _variables_in(self.expression)


@dataclass(frozen=True)
class Computation:
    """A BIND: a variable that gets the value of an expression."""

    expression: str
    variable: Variable

    def __str__(self) -> str:
        return f"BIND({self.expression} AS {self.variable})"

    @property
    def variables(self) -> frozenset[Variable]:
        """What it is computed from."""
        return _variables_in(self.expression)


@dataclass(frozen=True)
class Rule:
    """What follows from what.

    Attributes:
        name: of its file, without ending.
        intent: what it says in words, the first line of its file.
        head: the triple that follows.
        facts: the patterns of the facts that it follows from.
        axioms: the patterns of what the ontology has to say.
        conditions: of facts.
        axiom_conditions: of axioms.
        computations: of values from facts.
        prefixes: the file's PREFIX lines.
    """

    name: str
    intent: str
    head: Pattern
    facts: tuple[Pattern, ...]
    axioms: tuple[Pattern, ...]
    conditions: tuple[Condition, ...] = ()
    axiom_conditions: tuple[Condition, ...] = ()
    computations: tuple[Computation, ...] = ()
    prefixes: str = ""

    @property
    def axiom_variables(self) -> frozenset[Variable]:
        """The variables that the ontology gives terms for."""
        return frozenset(v for pattern in self.axioms for v in pattern.variables)

    def where(self) -> str:
        """Return the body as SPARQL: patterns, then what is asked or computed of them."""
        parts = (*self.axioms, *self.axiom_conditions, *self.facts, *self.conditions)
        return " ".join(map(str, (*parts, *self.computations)))


def read_rules(folder: Path, sets: Iterable[str] = ()) -> tuple[Rule, ...]:
    """Return the rules of a folder, in the order of their names.

    Args:
        folder: holds one ``.rq`` file a rule, and sets of rules that apply only if asked for,
            each a folder below ``optional``.
        sets: names of such sets to take too.

    Raises:
        BadRule: a file is not a rule, or there is no set of that name.
    """
    known = {path.name: path for path in (folder / OPTIONAL).glob("*") if path.is_dir()}
    folders = [folder]
    for name in sets:
        if name not in known:
            raise BadRule(
                f"There is no set of rules {name!r}.",
                remedy=f"Name one of: {', '.join(sorted(known)) or 'none'}.",
            )
        folders.append(known[name])
    return tuple(
        rule for place in folders for file in sorted(place.glob("*.rq")) for rule in read_rule(file)
    )


def read_rule(file: Path) -> tuple[Rule, ...]:
    """Return the rules of a file: one, or one for each side of its UNION.

    Raises:
        BadRule: it is not written as rules are; says which line.
    """
    text = file.read_text(encoding="utf-8")
    prefixes = dict(_PREFIX.findall(text))
    head: Pattern | None = None
    outer: list[_Part] = []
    branches: list[list[_Part]] = []
    parts = outer
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if found := _HEAD.fullmatch(words):
            head = Pattern(*(_position(word, prefixes) for word in found.groups()))
        elif words in ("{", _UNION):
            branches.append([])
            parts = branches[-1]
        elif words == "}":
            parts = outer
        elif part := _part(words, prefixes):
            parts.append(part)
        elif words and not words.startswith(("#", "PREFIX ", "WHERE {")):
            raise BadRule(
                f"{words!r} is not a line of a rule.",
                where=f"{file}:{number}",
                remedy="Write one triple, FILTER(…), BIND(… AS ?x) or UNION a line.",
            )
    if head is None:
        raise BadRule(
            "It gives nothing.", where=str(file), remedy="Write CONSTRUCT { ?a ?b ?c } on a line."
        )
    intent = text.partition("\n")[0].lstrip("# ")
    lines = "\n".join(line for line in text.splitlines() if line.startswith("PREFIX "))
    rules = (
        _rule(file.stem, intent, head, [*outer, *branch], lines) for branch in branches or [[]]
    )
    return tuple(_checked(rule, str(file)) for rule in rules)


_Part: TypeAlias = Pattern | Condition | Computation


def _part(words: str, prefixes: Mapping[str, str]) -> _Part | None:
    if found := _FILTER.fullmatch(words):
        return Condition(found[1])
    if found := _BIND.fullmatch(words):
        return Computation(found[1], Variable(found[2]))
    if found := _PATTERN.fullmatch(words):
        return Pattern(*(_position(word, prefixes) for word in found.groups()))
    return None


def _position(word: str, prefixes: Mapping[str, str]) -> Position:
    if word.startswith("?"):
        return Variable(word[1:])
    if word == "a":
        return RDF_TYPE
    prefix, colon, local = word.partition(":")
    if not colon or prefix not in prefixes:
        raise BadRule(
            f"{word!r} is neither a variable nor a prefixed name.",
            remedy="Write ?variable or prefix:name, and a PREFIX line for it.",
        )
    return NamedNode(prefixes[prefix] + local)


def _rule(name: str, intent: str, head: Pattern, parts: list[_Part], prefixes: str) -> Rule:
    patterns = [part for part in parts if isinstance(part, Pattern)]
    axioms = _axioms([head, *patterns]) - {head}
    given = {variable for pattern in axioms for variable in pattern.variables}
    conditions = [part for part in parts if isinstance(part, Condition)]
    return Rule(
        name=name,
        intent=intent,
        head=head,
        facts=tuple(p for p in patterns if p not in axioms),
        axioms=tuple(p for p in patterns if p in axioms),
        conditions=tuple(c for c in conditions if not c.variables <= given),
        axiom_conditions=tuple(c for c in conditions if c.variables <= given),
        computations=tuple(part for part in parts if isinstance(part, Computation)),
        prefixes=prefixes,
    )


def _axioms(patterns: list[Pattern]) -> frozenset[Pattern]:
    """Return the patterns that give terms for variables which stand for properties or classes."""
    terms = {p.predicate for p in patterns if isinstance(p.predicate, Variable)}
    terms |= {p.object for p in patterns if p.is_of_class and isinstance(p.object, Variable)}
    about = [p for p in patterns if isinstance(p.predicate, NamedNode) and not p.is_of_class]
    found: set[Pattern] = set()
    while new := [p for p in about if p not in found and p.variables & terms]:
        found.update(new)
        terms |= {variable for pattern in new for variable in pattern.variables}
    return frozenset(found)


def _checked(rule: Rule, where: str) -> Rule:
    computed = {c.variable for c in rule.computations}
    facts = {variable for pattern in rule.facts for variable in pattern.variables}
    known = facts | rule.axiom_variables
    problems = [
        (not rule.facts, "It follows from nothing."),
        (bool(rule.head.variables - known - computed), "Its head has a variable of its own."),
        (not _is_connected(rule), "Its patterns do not hang together."),
        (
            any(len(p.variables) != 1 or not p.variables <= facts for p in _asked(rule)),
            "An expression speaks of more than one variable.",
        ),
        (len(rule.computations) > 1, "It computes more than one value."),
    ]
    for wrong, what in problems:
        if wrong:
            raise BadRule(what, where=where, remedy="See docs/reasoning.md for what a rule may be.")
    return rule


def _asked(rule: Rule) -> Iterator[Condition | Computation]:
    yield from rule.conditions
    yield from rule.computations


def _is_connected(rule: Rule) -> bool:
    """Say whether each pattern of facts shares a variable of facts with one before it."""
    seen: frozenset[Variable] = frozenset()
    for number, pattern in enumerate(rule.facts):
        own = pattern.variables - rule.axiom_variables
        if number and not own & seen:
            return False
        seen |= own
    return True


def _bound(position: Position | Term, solution: Solution) -> Position:
    if isinstance(position, Variable):
        return solution.get(position, position)  # type: ignore[return-value]
    return position  # type: ignore[return-value]


def _variables_in(expression: str) -> frozenset[Variable]:
    return frozenset(Variable(name) for name in _VARIABLE.findall(expression))
