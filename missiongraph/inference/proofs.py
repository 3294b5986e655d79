"""Proofs: of all ways in which facts follow from others, the smallest that begin at stated ones.

A proof's size is the number of facts in it. The smallest never comes back to a fact that it
passed, so every proof ends, also where facts support each other in circles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from missiongraph.inference.rules import Rule


@dataclass(frozen=True)
class Derivation:
    """One step: a rule, what the ontology says for it, and the facts that it takes.

    Attributes:
        rule: the rule.
        axioms: triples of the ontology.
        premises: facts.
    """

    rule: Rule
    axioms: tuple[Triple, ...]
    premises: tuple[Triple, ...]

    @property
    def order(self) -> tuple[str, str]:
        """What tells apart steps of one size, so that answers are always the same."""
        return self.rule.name, str(self.premises)


@dataclass(frozen=True)
class Proof:
    """A fact, and the step by which it follows.

    Attributes:
        fact: the fact.
        step: None when it is stated.
        premises: a proof of each premise of the step.
        size: how many facts are in it.
    """

    fact: Triple
    step: Derivation | None = None
    premises: tuple[Proof, ...] = ()
    size: int = 1

    def leaves(self) -> Iterator[Triple]:
        """Yield the stated facts that it begins at."""
        if self.step is None:
            yield self.fact
        for premise in self.premises:
            yield from premise.leaves()


Steps = Mapping[Triple, Sequence[Derivation]]


def proofs_of(goal: Triple, steps: Steps, is_stated: Callable[[Triple], bool]) -> list[Proof]:
    """Return the proofs of a fact: the smallest for each last step, smallest first.

    One that needs all the stated facts of another, and more, is left out.

    Args:
        goal: the fact.
        steps: for each inferred fact the steps that lead to it.
        is_stated: says of a fact whether it needs no proof.
    """
    # No smallest proof of a fact has the fact within it, so it may not serve its own premises.
    known = _smallest(_reachable(goal, steps) - {goal}, steps, is_stated)
    found = [
        _proof(goal, step, known)
        for step in sorted(steps.get(goal, ()), key=lambda step: step.order)
        if all(premise in known for premise in step.premises)
    ]
    found.sort(key=lambda proof: proof.size)
    kept: list[tuple[frozenset[Triple], Proof]] = []
    for proof in found:
        leaves = frozenset(proof.leaves())
        if not any(fewer <= leaves for fewer, _ in kept):
            kept.append((leaves, proof))
    return [proof for _, proof in kept]


def _reachable(goal: Triple, steps: Steps) -> set[Triple]:
    found, waiting = {goal}, [goal]
    while waiting:
        for step in steps.get(waiting.pop(), ()):
            new = [premise for premise in step.premises if premise not in found]
            found.update(new)
            waiting += new
    return found


def _smallest(
    facts: Iterable[Triple], steps: Steps, is_stated: Callable[[Triple], bool]
) -> dict[Triple, Proof]:
    """Return the smallest proof of each fact that has one among the facts."""
    ordered = sorted(facts, key=str)
    known = {fact: Proof(fact) for fact in ordered if is_stated(fact)}
    changed = True
    while changed:
        changed = False
        for fact in ordered:
            for step in sorted(steps.get(fact, ()), key=lambda step: step.order):
                if fact in step.premises or not all(p in known for p in step.premises):
                    continue
                size = 1 + sum(known[premise].size for premise in step.premises)
                if fact not in known or size < known[fact].size:
                    known[fact] = _proof(fact, step, known)
                    changed = True
    return known


def _proof(fact: Triple, step: Derivation, known: Mapping[Triple, Proof]) -> Proof:
    premises = tuple(known[premise] for premise in step.premises)
    return Proof(fact, step, premises, 1 + sum(premise.size for premise in premises))
