"""Comparing reports: ours and pySHACL's as multisets of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, RdfFormat, Triple, parse

from missiongraph.shacl import Report
from missiongraph.shacl.fallback import rdflib_graph
from missiongraph.shacl.graph import Statement, Term
from missiongraph.shacl.paths import read_path
from missiongraph.shacl.shapes_graph import ShapesGraph, sh

Row = tuple[str, ...]
PREFIXES = """
PREFIX ex: <https://example.org/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def triples(text: str) -> list[Triple]:
    """Return the triples of Turtle with the usual prefixes."""
    return [quad.triple for quad in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


def named(term: Term | None) -> str:
    """Return a term as text; blank nodes are alike, since pySHACL gives them new names."""
    if term is None or isinstance(term, BlankNode):
        return "" if term is None else "_:"
    if isinstance(term, Literal) and term.language:
        return f"{term.value!r}@{term.language.lower()}"
    return str(term)


def rows_of(report: Report) -> Counter[Row]:
    """Return the results of our report."""
    return Counter(
        (
            named(result.focus),
            path_text(report.shapes, result.path),
            named(result.value),
            str(result.component),
            named(result.shape),
            named(result.severity),
        )
        for result in report.results
    )


def path_text(shapes: ShapesGraph, node: Term | None) -> str:
    """Return a path as text."""
    return "" if node is None else str(read_path(shapes, node))


def rows_of_pyshacl(data: Iterable[Statement], shapes: Iterable[Statement]) -> Counter[Row]:
    """Return the results of pySHACL's report."""
    _, report, text = pyshacl.validate(
        rdflib_graph(data), shacl_graph=rdflib_graph(shapes), inference="none"
    )
    assert isinstance(report, rdflib.Graph), text
    return rows_in(parse(report.serialize(format="nt"), format=RdfFormat.N_TRIPLES))


def rows_in(report: Iterable[Statement]) -> Counter[Row]:
    """Return the results of the report in a graph, without those in their details."""
    graph = ShapesGraph(report)
    (node,) = graph.subjects_with(sh("conforms"))

    def value(result: Term, name: str) -> Term | None:
        values = graph.objects(result, sh(name))
        return values[0] if values else None

    return Counter(
        (
            named(value(result, "focusNode")),
            path_text(graph, value(result, "resultPath")),
            named(value(result, "value")),
            named(value(result, "sourceConstraintComponent")),
            named(value(result, "sourceShape")),
            named(value(result, "resultSeverity")),
        )
        for result in graph.objects(node, sh("result"))
    )
