"""Grounding: rules and what an ontology says become clauses about single properties and classes.

``?property rdfs:subPropertyOf ?other`` is asked once of the ontology; each answer gives a clause
such as: who ``mg:fundedBy`` relates, ``mg:involves`` relates. Only clauses are asked of facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple, Variable

from missiongraph.inference.relations import Wanted
from missiongraph.inference.rules import Pattern, Rule, Solution
from missiongraph.names import RDF_TYPE


@dataclass(frozen=True)
class Clause:
    """A rule with the ontology's terms in it.

    Attributes:
        rule: the rule.
        head: the triple that follows.
        facts: the patterns of the facts that it follows from.
        axioms: what the ontology says for it.
    """

    rule: Rule
    head: Pattern
    facts: tuple[Pattern, ...]
    axioms: tuple[Triple, ...] = ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Head and facts."""
        return (self.head, *self.facts)


def ground(rules: Iterable[Rule], ontology: Store) -> tuple[Clause, ...]:
    """Return the clauses that rules give with the axioms of an ontology.

    Args:
        rules: see ``read_rules``.
        ontology: has the axioms in its default graph; what else is in it does not matter.
    """
    return tuple(clause for rule in rules for clause in _clauses(rule, ontology))


def ontology_of(triples: Iterable[Triple | Quad]) -> Store:
    """Return a store that has triples in its default graph."""
    store = Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def wanted_by(clauses: Iterable[Clause]) -> Wanted:
    """Return which facts clauses need to be told of."""
    patterns = [pattern for clause in clauses for pattern in clause.patterns]
    classes = [p.object for p in patterns if p.predicate == RDF_TYPE]
    named = {p.predicate for p in patterns if isinstance(p.predicate, NamedNode)}
    is_open = any(isinstance(p.predicate, Variable) for p in patterns)
    return Wanted(
        predicates=None if is_open else frozenset(named),
        classes=None
        if any(isinstance(c, Variable) for c in classes)
        else frozenset(c for c in classes if isinstance(c, NamedNode)),
    )


def _clauses(rule: Rule, ontology: Store) -> Iterator[Clause]:
    for solution in _solutions(rule, ontology):
        head = rule.head.bound(solution)
        facts = tuple(pattern.bound(solution) for pattern in rule.facts)
        if all(isinstance(p.predicate, (NamedNode, Variable)) for p in (head, *facts)):
            axioms = (pattern.triple(solution) for pattern in rule.axioms)
            yield Clause(rule, head, facts, tuple(axiom for axiom in axioms if axiom))


def _solutions(rule: Rule, ontology: Store) -> Iterator[Solution]:
    if not rule.axioms:
        yield {}
        return
    body = " ".join(map(str, (*rule.axioms, *rule.axiom_conditions)))
    found = ontology.query(f"{rule.prefixes}\nSELECT DISTINCT * WHERE {{ {body} }}")
    assert isinstance(found, QuerySolutions)
    variables = found.variables
    for row in found:
        yield {v: row[v] for v in variables if row[v] is not None}
