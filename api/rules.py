"""The SHACL shapes as rules in words, read from the shapes as the gate compiles them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.api import linked_data
from missiongraph.api.rule_words import Namer, Phrase, listed, own_words, property_words
from missiongraph.api.values import Shown, in_words, show
from missiongraph.names import SHAPES, compact
from missiongraph.ontology import read_turtle
from missiongraph.shacl.compilation import Compiler
from missiongraph.shacl.constraints import Shape
from missiongraph.shacl.graph import Term
from missiongraph.shacl.paths import predicates_of
from missiongraph.shacl.shape_constraints import Property
from missiongraph.shacl.shapes_graph import ShapesGraph, sh

_MODALS: Final[dict[Term, str]] = {
    sh("Violation"): "must",
    sh("Warning"): "should",
    sh("Info"): "may",
}
_SEVERITIES: Final[dict[Term, tuple[str, str]]] = {
    sh("Violation"): ("violation", "wrong: blocks publication"),
    sh("Warning"): ("warning", "incomplete: reported"),
    sh("Info"): ("info", "worth knowing: reported"),
}
_FEW: Final = 4


@dataclass(frozen=True)
class Rule:
    """What one shape asks for, in words.

    Attributes:
        name: local name of the shape, its anchor; of a rule that stands in several groups
            only the first has it as its anchor.
        is_first: whether this is that first one.
        sentence: what must or should hold.
        severity: how bad it is when it does not: ``violation``, ``warning`` or ``info``.
        consequence: what the gate makes of it.
        problem: what the gate says when it does not hold.
        remedy: what the gate says is to be done.
        terms: IRIs of the properties it speaks of.
    """

    name: str
    is_first: bool
    sentence: str
    severity: str
    consequence: str
    problem: str
    remedy: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class RuleGroup:
    """The rules of one shape that has targets.

    Attributes:
        name: local name of the shape, its anchor.
        label: its name in words.
        definition: what it is for.
        targets: the classes it is asked of.
        classes: their IRIs.
        rules: what it asks.
    """

    name: str
    label: str
    definition: str
    targets: tuple[Shown, ...]
    classes: tuple[str, ...]
    rules: tuple[Rule, ...]


class RuleBook:
    """All rules of the shapes.

    Args:
        graph: what the shapes say.
        names: gives terms their names.

    Attributes:
        groups: the rules in words, by shape.
        untold: shapes that only pySHACL reads, for which there are no words, and why.
    """

    def __init__(self, graph: ShapesGraph, names: Namer) -> None:
        self._graph = graph
        self._names = names
        self._seen: set[str] = set()
        shapes, fallbacks = Compiler(graph).roots()
        self.untold = tuple(fallbacks)
        self.groups = tuple(map(self._group, shapes))

    def of_class(self, iri: str) -> tuple[RuleGroup, ...]:
        """Return the groups of rules that are asked of a class itself."""
        return tuple(group for group in self.groups if iri in group.classes)

    def of_property(self, iri: str) -> tuple[Rule, ...]:
        """Return the rules that speak of a property, each once."""
        rules = (rule for group in self.groups for rule in group.rules)
        return tuple(rule for rule in rules if rule.is_first and iri in rule.terms)

    def _group(self, shape: Shape) -> RuleGroup:
        subject = self._subject(shape)
        asked = [k.shape for k in shape.constraints if isinstance(k, Property)]
        rules = [] if len(asked) == len(shape.constraints) else [self._rule(shape, subject)]
        rules += [self._rule(property_shape, subject) for property_shape in asked]
        definition = self._graph.objects(shape.node, NamedNode(_DEFINITION))
        return RuleGroup(
            name=_local(shape.node),
            label=subject if shape.targets.subjects_of else self._label(shape),
            definition=next((d.value for d in definition if isinstance(d, Literal)), ""),
            targets=tuple(show(c, Literal(self._names.term(c))) for c in shape.targets.classes),
            classes=tuple(c.value for c in shape.targets.classes if isinstance(c, NamedNode)),
            rules=tuple(rules),
        )

    def _rule(self, shape: Shape, subject: str) -> Rule:
        name = _local(shape.node)
        modal = _MODALS[shape.severity]
        phrases = own_words(shape, self._names)
        if shape.path is not None:
            phrases = property_words(shape, self._names)
        severity, consequence = _SEVERITIES[shape.severity]
        problem, _, remedy = _message(shape).partition(". ")
        is_first = name not in self._seen
        self._seen.add(name)
        return Rule(
            name=name,
            is_first=is_first,
            sentence=_sentence(subject, modal, phrases),
            severity=severity,
            consequence=consequence,
            problem=problem if problem.endswith(".") else f"{problem}.",
            remedy=remedy,
            terms=tuple(sorted(p.value for p in predicates_of(shape.path))) if shape.path else (),
        )

    def _subject(self, shape: Shape) -> str:
        """Return what a shape is asked of, as the subject of a sentence."""
        targets = shape.targets
        if targets.subjects_of:
            names = listed([f"“{self._names.term(p)}”" for p in targets.subjects_of], "or")
            return f"What has {names}"
        if len(targets.classes) > _FEW:
            return f"Each {self._label(shape).lower()}"
        classes = [self._names.term(class_).lower() for class_ in targets.classes]
        return f"Each {listed(classes, 'or')}"

    def _label(self, shape: Shape) -> str:
        labels = self._graph.objects(shape.node, NamedNode(_LABEL))
        found = next((label.value for label in labels if isinstance(label, Literal)), "")
        return found.removesuffix(" shape") or in_words(_local(shape.node))


_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_DEFINITION: Final = "http://www.w3.org/2004/02/skos/core#definition"


def rule_book(names: Namer) -> RuleBook:
    """Return the rules of our shapes; they are read anew when a file has changed."""
    files = linked_data.files_of("shapes")
    return _rule_book(tuple((file, file.stat().st_mtime_ns) for file in files), names)


@lru_cache(maxsize=1)
def _rule_book(files: tuple[tuple[Path, int], ...], names: Namer) -> RuleBook:
    return RuleBook(ShapesGraph(t for file, _ in files for t in read_turtle(file)), names)


def _sentence(subject: str, modal: str, phrases: Sequence[Phrase]) -> str:
    """Return a rule's sentence: first what its subject has, then what the values are."""
    parts = [f"{subject} {modal} {phrase.words}" for phrase in phrases if not phrase.of_values]
    parts += [
        f"{phrase.of_values} {modal} {phrase.words}" for phrase in phrases if phrase.of_values
    ]
    rest: Iterable[str] = (part[0].lower() + part[1:] for part in parts[1:])
    return "; ".join([parts[0], *rest]) + "."


def _message(shape: Shape) -> str:
    return next((m.value for m in shape.messages if isinstance(m, Literal)), "")


def _local(node: Term) -> str:
    if not isinstance(node, NamedNode):
        return ""
    return node.value.removeprefix(f"{SHAPES}#") if SHAPES in node.value else compact(node.value)
