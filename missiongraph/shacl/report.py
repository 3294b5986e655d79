"""The validation report (SHACL, section 3.6): its results, and its Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from missiongraph.names import PREFIXES, RDF_TYPE
from missiongraph.shacl.compilation import Fallback
from missiongraph.shacl.graph import Term
from missiongraph.shacl.shapes_graph import ShapesGraph, sh

_COMMENT: Final = NamedNode(PREFIXES["rdfs"] + "comment")
_REPORT: Final = BlankNode("report")
_RANKS: Final[dict[Term, int]] = {sh("Violation"): 0, sh("Warning"): 1, sh("Info"): 2}
_MOST_CANONICAL: Final = 2_000  # results; naming blank nodes of data by all they are in is slow


@dataclass(frozen=True)
class Result:
    """One validation result.

    Attributes:
        focus: the focus node.
        path: the path's node: an IRI, or a blank node of the shapes; None for a node shape.
        value: the value that is wrong; None when the result has none.
        shape: the source shape.
        component: the source constraint component, an IRI.
        severity: the severity, an IRI.
        messages: what is said of it.
        constraint: the source constraint, of SHACL-SPARQL only.
        root: the focus node whose validation found it; the focus, or what leads to it.
        root_shape: the shape that has the target, by which it was found.
    """

    focus: Term
    path: Term | None
    value: Term | None
    shape: Term
    component: NamedNode
    severity: Term
    messages: tuple[Term, ...]
    constraint: Term | None = None
    root: Term | None = None
    root_shape: Term | None = None

    @property
    def key(self) -> tuple[str | int, ...]:
        """What results are sorted by; blank nodes of data come first, in any order."""
        return (
            _RANKS.get(self.severity, 3),
            _text(self.focus),
            str(self.shape),
            str(self.path or ""),
            str(self.component),
            _text(self.value),
            *map(str, self.messages),
        )


def _text(term: Term | None) -> str:
    return "" if term is None or isinstance(term, BlankNode) else str(term)


@dataclass(frozen=True)
class Report:
    """What a validation found.

    Attributes:
        results: sorted, violations first.
        fallbacks: shapes that pySHACL validated, and why.
        shapes: what the shapes say, for paths and shapes that have no name.
        passing: severities whose results keep nothing back; by the recommendation, none.
    """

    results: tuple[Result, ...]
    fallbacks: tuple[Fallback, ...]
    shapes: ShapesGraph
    passing: frozenset[Term] = frozenset()

    @property
    def conforms(self) -> bool:
        """Whether there is no result that keeps data back (SHACL, section 3.6.1.1)."""
        return all(result.severity in self.passing for result in self.results)

    def including(self, results: Sequence[Result]) -> Report:
        """Return this report with results that something else found."""
        return replace(self, results=sorted_results((*self.results, *results)))

    def with_warnings_passing(self) -> Report:
        """Return this report, conforming when it has no more than warnings."""
        return replace(self, passing=frozenset((sh("Warning"), sh("Info"))))

    @cached_property
    def turtle(self) -> str:
        """The report as Turtle, the same bytes for the same results."""
        triples = _named(list(self.triples()), self.results)
        return (serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()

    def triples(self) -> Iterator[Triple]:
        """Yield the report as RDF."""
        names = [BlankNode(f"r{number}") for number in range(1, len(self.results) + 1)]
        yield Triple(_REPORT, RDF_TYPE, sh("ValidationReport"))
        yield Triple(_REPORT, sh("conforms"), Literal(self.conforms))
        for fallback in self.fallbacks:
            text = f"{fallback.shape} was validated by pySHACL: {fallback.reason}."
            yield Triple(_REPORT, _COMMENT, Literal(text, language="en"))
        for name in names:
            yield Triple(_REPORT, sh("result"), name)
        for name, result in zip(names, self.results, strict=True):
            yield from _about(name, result)
        yield from self._descriptions()

    def _descriptions(self) -> Iterator[Triple]:
        nodes = {
            node
            for result in self.results
            for node in (result.path, result.shape, result.constraint)
            if isinstance(node, BlankNode)
        }
        described = (t for node in nodes for t in self.shapes.description(node))
        yield from sorted(dict.fromkeys(described), key=str)


def sorted_results(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return results in the order of a report."""
    return tuple(sorted(results, key=lambda result: result.key))


def _about(name: BlankNode, result: Result) -> Iterator[Triple]:
    yield Triple(name, RDF_TYPE, sh("ValidationResult"))
    yield Triple(name, sh("focusNode"), result.focus)
    if result.path is not None:
        yield Triple(name, sh("resultPath"), result.path)
    if result.value is not None:
        yield Triple(name, sh("value"), result.value)
    yield Triple(name, sh("sourceShape"), result.shape)
    yield Triple(name, sh("sourceConstraintComponent"), result.component)
    if result.constraint is not None:
        yield Triple(name, sh("sourceConstraint"), result.constraint)
    yield Triple(name, sh("resultSeverity"), result.severity)
    for message in result.messages:
        yield Triple(name, sh("resultMessage"), message)


def _named(triples: list[Triple], results: Sequence[Result]) -> list[Triple]:
    """Return triples with names of blank nodes that do not depend on how data were read."""
    blank = {
        term: BlankNode(f"d{number}")
        for number, term in enumerate(
            dict.fromkeys(
                term
                for result in results
                for term in (result.focus, result.value)
                if isinstance(term, BlankNode)
            ),
            start=1,
        )
    }
    if not blank:
        return triples
    if len(results) <= _MOST_CANONICAL:
        dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return sorted((quad.triple for quad in dataset), key=str)
    return [
        Triple(
            blank.get(t.subject, t.subject) if isinstance(t.subject, BlankNode) else t.subject,
            t.predicate,
            blank.get(t.object, t.object) if isinstance(t.object, BlankNode) else t.object,
        )
        for t in triples
    ]
