"""Explanation: why a fact holds, as the passages that state it or the rules that gave it.

The search goes backward, over any store: each rule's own query is asked which facts it would
take to give the fact, then of those that are inferred themselves. Of all that is found the
smallest proofs are shown (``proofs.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from missiongraph.errors import BadParameter, UnknownFact
from missiongraph.inference.proofs import Derivation, Proof, proofs_of
from missiongraph.inference.rules import Pattern, Rule, Solution, Term, read_rules
from missiongraph.names import INFERRED_GRAPH, MERGED_GRAPH, PREFIXES, RDFS_LABEL
from missiongraph.questions import answer_table, find_question
from missiongraph.resources import root
from missiongraph.store import Store
from missiongraph.tables import Term as Cell
from missiongraph.tables import select

MOST_PROOFS: Final = 5
_MOST_FACTS: Final = 5000
_BATCH: Final = 50
_RDF: Final = PREFIXES["rdf"]
_FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("first", "rest", "nil"))
ItemT = TypeVar("ItemT")
_SOURCE: Final = NamedNode(PREFIXES["dcterms"] + "source")
_NO_GRAPH: Final = {INFERRED_GRAPH, MERGED_GRAPH}


@dataclass(frozen=True)
class Passage:
    """A passage that states a fact.

    Attributes:
        evidence: its IRI.
        summary: what it says.
        source: IRI of its source; empty when not known.
        source_title: the source's title.
        start_seconds: where in a recording; None when not known.
        page_number: where in a document.
        section: where in a document without pages.
        link: address that opens the source there.
    """

    evidence: str
    summary: str
    source: str = ""
    source_title: str = ""
    start_seconds: Literal | None = None
    page_number: Literal | None = None
    section: Literal | None = None
    link: str = ""

    @property
    def place(self) -> str:
        """Where in its source it is, in words; empty where that is not known."""
        if self.start_seconds is not None:
            whole = int(Decimal(self.start_seconds.value))
            return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
        page = f"page {self.page_number.value}" if self.page_number is not None else ""
        return ", ".join(
            part for part in (page, self.section.value if self.section else "") if part
        )


@dataclass(frozen=True)
class Axiom:
    """What the ontology says: a property or class, how it relates, and to which others.

    Attributes:
        subject: the property or class.
        predicate: such as ``rdfs:subPropertyOf``.
        objects: one term, or the steps of a property chain in their order.
    """

    subject: NamedNode
    predicate: NamedNode
    objects: tuple[Term, ...]


@dataclass(frozen=True)
class Step:
    """How a fact follows.

    Attributes:
        rule: the rule's name.
        intent: the rule in words.
        axioms: what it rests on in the ontology.
        premises: the facts it takes, each explained in one way.
    """

    rule: str
    intent: str
    axioms: tuple[Axiom, ...]
    premises: tuple[Explanation, ...]


@dataclass(frozen=True)
class Explanation:
    """Why a fact holds.

    Attributes:
        fact: the fact.
        names: labels of its subject, predicate and object, where they have one.
        inferred: whether it was inferred and not stated.
        passages: those that state it.
        graphs: IRIs of other graphs that state it: the ontology, a vocabulary, a set of
            mappings, a source's own; of bulk data there are none.
        records: of bulk data, IRIs of the sources that its record is from.
        steps: the ways in which it follows, the shortest first; none when it is stated.
    """

    fact: Triple
    names: tuple[Cell | None, Cell | None, Cell | None]
    inferred: bool
    passages: tuple[Passage, ...] = ()
    graphs: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def leaves(self) -> Iterator[Explanation]:
        """Yield the explanations at which it ends: those of stated facts."""
        if not self.steps:
            yield self
        for step in self.steps:
            for premise in step.premises:
                yield from premise.leaves()


def explain(store: Store, fact: Triple) -> Explanation:
    """Return why a fact holds.

    Raises:
        UnknownFact: the graph does not hold it.
        StoreError: the store gave no answer; see ``Store.answer``.
    """
    return Explainer(store).explain(fact)


@dataclass
class _Known:
    """What the graph says of one fact."""

    names: tuple[Cell | None, Cell | None]
    inferred: bool
    passages: dict[str, Passage]


class Explainer:
    """Explains facts of one store; what it learns for one serves the next.

    Args:
        store: is only asked.
        rules: those of the build when None.
    """

    def __init__(self, store: Store, rules: Sequence[Rule] | None = None) -> None:
        self._store = store
        self._rules = _rules_of_the_build() if rules is None else rules
        self._facts: dict[Triple, _Known] = {}
        self._about: dict[Term, list[Triple]] = defaultdict(list)
        self._naming: dict[Term, list[Triple]] = defaultdict(list)
        self._subjects: set[Term] = set()
        self._steps: dict[Triple, list[Derivation]] = {}

    def explain(self, fact: Triple) -> Explanation:
        """Return why a fact holds; see ``explain``."""
        return next(self.explain_all([fact]))

    def explain_all(self, facts: Sequence[Triple]) -> Iterator[Explanation]:
        """Yield why each of some facts holds; they are looked up together."""
        self._explore(facts)
        return map(self._explained, facts)

    def _explained(self, fact: Triple) -> Explanation:
        if fact not in self._facts:
            raise UnknownFact(
                "The graph does not hold this.",
                where=str(fact),
                remedy="See what it says of the subject: /questions/facts?thing=….",
            )
        proofs = [] if self._is_stated(fact) else proofs_of(fact, self._steps, self._is_stated)
        return self._explanation(fact, proofs[:MOST_PROOFS])

    def _explanation(self, fact: Triple, proofs: Sequence[Proof]) -> Explanation:
        known = self._facts[fact]
        graphs = () if known.inferred or known.passages else self._graphs_of(fact)
        is_bulk = not (graphs or known.inferred or known.passages)
        return Explanation(
            fact=fact,
            names=(self._label_of(fact.subject), *known.names),
            inferred=not self._is_stated(fact),
            passages=tuple(known.passages.values()),
            graphs=graphs,
            records=self._sources_of(fact.subject) if is_bulk else (),
            steps=tuple(self._step(p.step, p.premises) for p in proofs if p.step is not None),
        )

    def _step(self, step: Derivation, premises: Iterable[Proof]) -> Step:
        explained = (self._explanation(p.fact, [p] if p.step else []) for p in premises)
        return Step(step.rule.name, step.rule.intent, axioms_of(step.axioms), tuple(explained))

    def _is_stated(self, fact: Triple) -> bool:
        known = self._facts.get(fact)
        return known is not None and (not known.inferred or bool(known.passages))

    def _explore(self, facts: Sequence[Triple]) -> None:
        """Learn of facts, of the steps that lead to them, and so on back to stated ones."""
        frontier = list(facts)
        most = len(self._steps) + len(facts) + _MOST_FACTS
        while frontier and len(self._steps) < most:
            self._learn(frontier)
            goals = [
                f
                for f in frontier
                if f in self._facts and not self._is_stated(f) and f not in self._steps
            ]
            self._steps |= {goal: [] for goal in goals}
            for chunk in _chunks(goals):
                for rule in self._rules:
                    self._steps_by(rule, chunk)
            premises = (p for goal in goals for step in self._steps[goal] for p in step.premises)
            frontier = list(dict.fromkeys(premises))

    def _learn(self, facts: Iterable[Triple]) -> None:
        subjects = {f.subject: None for f in facts if isinstance(f.subject, NamedNode)}
        new = [subject for subject in subjects if subject not in self._subjects]
        self._subjects.update(new)
        for chunk in _chunks(new):
            for row in _facts_of(self._store, chunk):
                self._note(row)

    def _note(self, row: dict[str, Cell]) -> None:
        subject, predicate, value = row["thing"], row["property"], row["value"]
        if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode):
            return
        fact = Triple(subject, predicate, value)
        if fact not in self._facts:
            names = (row.get("propertyLabel"), row.get("valueLabel"))
            self._facts[fact] = _Known(names, "inferred" in row, {})
            self._about[subject].append(fact)
            self._naming[value].append(fact)
        known = self._facts[fact]
        evidence = row.get("evidence")
        if isinstance(evidence, NamedNode):
            known.passages.setdefault(evidence.value, _passage(evidence.value, row))

    def _steps_by(self, rule: Rule, goals: Iterable[Triple]) -> None:
        """Ask a rule's query which facts it takes to give each of some facts."""
        solutions = [s for goal in goals if (s := _matched(rule.head, goal)) is not None]
        computed = {computation.variable for computation in rule.computations}
        asked = sorted(rule.head.variables - computed, key=str)
        rows = [" ".join(str(s[v]) for v in asked) for s in solutions if _is_named(s, asked)]
        if not rows:
            return
        values = " ".join(f"({row})" for row in dict.fromkeys(rows))
        names = " ".join(map(str, asked))
        found = select(
            self._store,
            f"{rule.prefixes}\nSELECT DISTINCT * WHERE {{ VALUES ({names}) {{ {values} }} "
            f"{rule.where()} }}",
        )
        for record in found.records():
            solution = {Variable(name): term for name, term in record.items()}
            self._add(rule, solution)

    def _add(self, rule: Rule, solution: Solution) -> None:
        fact = rule.head.triple(solution)
        premises = [pattern.triple(solution) for pattern in rule.facts]
        if fact not in self._steps or fact in premises:
            return
        axioms = (pattern.triple(solution) for pattern in rule.axioms)
        step = Derivation(rule, tuple(a for a in axioms if a), tuple(p for p in premises if p))
        if all(step.order != other.order for other in self._steps[fact]):
            self._steps[fact].append(step)

    def _label_of(self, subject: Term) -> Cell | None:
        labels = self._values(subject, RDFS_LABEL)
        english = (one for one in labels if str(getattr(one, "language", "")).startswith("en"))
        return next(english, next(iter(labels), None))

    def _sources_of(self, subject: Term) -> tuple[str, ...]:
        """Return the sources of a record, of which a thing may only be a part."""
        owners = sorted({fact.subject for fact in self._naming[subject]}, key=str)
        for thing in (subject, *owners):
            if found := self._values(thing, _SOURCE):
                return tuple(source.value for source in found if isinstance(source, NamedNode))
        return ()

    def _values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        found = (f.object for f in self._about[subject] if f.predicate == predicate)
        return sorted(found, key=str)

    def _graphs_of(self, fact: Triple) -> tuple[str, ...]:
        found = select(
            self._store,
            "SELECT DISTINCT ?graph WHERE { GRAPH ?graph "
            f"{{ {fact.subject} {fact.predicate} {fact.object} }} }} ORDER BY ?graph",
        )
        graphs = (str(getattr(row["graph"], "value", "")) for row in found.records())
        return tuple(graph for graph in graphs if graph not in _NO_GRAPH)


def axioms_of(triples: Sequence[Triple]) -> tuple[Axiom, ...]:
    """Return what triples of the ontology say, lists told item by item."""
    first: dict[Term, Term] = {t.subject: t.object for t in triples if t.predicate == _FIRST}
    rest: dict[Term, Term] = {t.subject: t.object for t in triples if t.predicate == _REST}
    found: list[Axiom] = []
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            cell, items = triple.object, []
            while cell in first:
                items.append(first[cell])
                cell = rest.get(cell, _NIL)
            found.append(Axiom(triple.subject, triple.predicate, tuple(items) or (triple.object,)))
    return tuple(dict.fromkeys(found))


def _chunks(items: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    """Yield items by so many as one query may name."""
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


@cache
def _rules_of_the_build() -> tuple[Rule, ...]:
    return read_rules(root() / "ontology" / "rules")


def _facts_of(store: Store, subjects: Sequence[Term]) -> list[dict[str, Cell]]:
    """Return the rows of the question ``facts`` for things, without those nothing is known of."""
    given = [subject.value for subject in subjects if isinstance(subject, NamedNode)]
    try:
        return answer_table(store, find_question("facts"), {"thing": given}).records()
    except BadParameter:
        if len(given) == 1:
            return []
        return [row for subject in subjects for row in _facts_of(store, [subject])]


def _passage(evidence: str, row: dict[str, Cell]) -> Passage:
    def text(name: str) -> str:
        return str(getattr(row.get(name), "value", ""))

    def literal(name: str) -> Literal | None:
        value = row.get(name)
        return value if isinstance(value, Literal) else None

    return Passage(
        evidence=evidence,
        summary=text("summary"),
        source=text("source"),
        source_title=text("sourceTitle"),
        start_seconds=literal("startSeconds"),
        page_number=literal("pageNumber"),
        section=literal("section"),
        link=text("link"),
    )


def _matched(pattern: Pattern, triple: Triple) -> dict[Variable, Term] | None:
    """Return the terms that a pattern's variables have in a triple; None if it does not fit."""
    found: dict[Variable, Term] = {}
    terms = (triple.subject, triple.predicate, triple.object)
    for position, term in zip(pattern.positions, terms, strict=True):
        if isinstance(position, Variable):
            if found.setdefault(position, term) != term:
                return None
        elif position != term:
            return None
    return found


def _is_named(solution: Solution, variables: Iterable[Variable]) -> bool:
    """Say whether a query can name all terms: it cannot name a blank node."""
    return not any(isinstance(solution[variable], BlankNode | Triple) for variable in variables)
