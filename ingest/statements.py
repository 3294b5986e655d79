"""Statements: a triple and the graph it stands in."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple


def in_graph(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    """Return a triple as a statement of a graph."""
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def merged(triple: Triple) -> Quad:
    """Return a triple as a statement of the default graph."""
    return in_graph(triple, DefaultGraph())
