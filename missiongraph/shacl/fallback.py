"""What only pySHACL does: single shapes validated by it, and whole graphs for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib.namespace import SH

from missiongraph.errors import BadShapes
from missiongraph.shacl.compilation import Fallback
from missiongraph.shacl.graph import Statement, Term
from missiongraph.shacl.literals import rdflib_literal, teach_years
from missiongraph.shacl.report import Result
from missiongraph.shacl.shapes_graph import ShapesGraph

_NAMED: Final = "urn:missiongraph:shape:"


def validate_by_pyshacl(
    data: Iterable[Statement], shapes: ShapesGraph, fallbacks: Sequence[Fallback] = ()
) -> Iterator[Result]:
    """Yield what pySHACL finds.

    Args:
        data: the graph.
        shapes: all shapes.
        fallbacks: those of them to validate; all when empty.

    Raises:
        BadShapes: pySHACL cannot use the shapes, or failed.
    """
    try:
        _, report, text = pyshacl.validate(
            rdflib_graph(data),
            shacl_graph=rdflib_graph(_with_names(shapes.triples, [f.shape for f in fallbacks])),
            inference="none",
            use_shapes=[_name(fallback.shape) for fallback in fallbacks] or None,
        )
    except Exception as cause:  # the validator fails in many ways, and none may pass for a report
        raise BadShapes(f"pySHACL cannot use the shapes: {cause}") from cause
    if not isinstance(report, rdflib.Graph):
        raise BadShapes(f"pySHACL cannot use the shapes: {text}")
    for node in report.objects(None, SH.result):
        yield _result(report, node)


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def value(predicate: rdflib.URIRef) -> Term | None:
        found = report.value(node, predicate)
        return None if found is None else _term(found)

    focus, shape, component, severity = (
        value(key)
        for key in (
            SH.focusNode,
            SH.sourceShape,
            SH.sourceConstraintComponent,
            SH.resultSeverity,
        )
    )
    assert focus is not None and shape is not None and severity is not None
    assert isinstance(component, NamedNode)
    messages = sorted((_term(one) for one in report.objects(node, SH.resultMessage)), key=str)
    return Result(
        focus=focus,
        path=value(SH.resultPath),
        value=value(SH.value),
        shape=shape,
        component=component,
        severity=severity,
        messages=tuple(messages),
        constraint=value(SH.sourceConstraint),
    )


def _with_names(triples: Iterable[Triple], shapes: Sequence[Term]) -> Iterator[Triple]:
    """Yield triples in which some shapes have names, by which pySHACL can be asked for them."""
    names = {shape: NamedNode(_name(shape)) for shape in shapes}
    for triple in triples:
        subject = names.get(triple.subject, triple.subject)
        yield Triple(subject, triple.predicate, names.get(triple.object, triple.object))


def _name(node: Term) -> str:
    return _NAMED + node.value if isinstance(node, BlankNode) else str(getattr(node, "value", node))


def rdflib_graph(statements: Iterable[Statement]) -> rdflib.Graph:
    """Return triples as rdflib has them; literals stay as they are written."""
    teach_years()
    graph = rdflib.Graph()
    for one in dict.fromkeys((s.subject, s.predicate, s.object) for s in statements):
        subject, predicate, object_ = (_node(term) for term in one)
        graph.add((subject, predicate, object_))
    return graph


def _node(term: Term) -> rdflib.term.Node:
    match term:
        case NamedNode(value=value):
            return rdflib.URIRef(value)
        case BlankNode(value=value):
            return rdflib.BNode(value)
        case Literal():
            return rdflib_literal(term)
    raise BadShapes(f"rdflib has no triples about triples: {term}.")


def _term(node: rdflib.term.Node) -> Term:
    match node:
        case rdflib.URIRef() if node.startswith(_NAMED):
            return BlankNode(node.removeprefix(_NAMED))
        case rdflib.URIRef():
            return NamedNode(str(node))
        case rdflib.BNode():
            return BlankNode(str(node))
        case rdflib.Literal():
            if node.language:
                return Literal(str(node), language=node.language)
            datatype = None if node.datatype is None else NamedNode(str(node.datatype))
            return Literal(str(node), datatype=datatype)
    raise BadShapes(f"pySHACL reports what is no term: {node}.")
