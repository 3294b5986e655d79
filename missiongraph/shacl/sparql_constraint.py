"""SHACL-SPARQL constraints (SHACL, section 5), asked of Oxigraph as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, cast

import numpy as np
from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store, Variable

from missiongraph.errors import BadShapes
from missiongraph.shacl.constraints import Asked, Found, Shape, component
from missiongraph.shacl.graph import NONE, Ids, Pairs, Term
from missiongraph.shacl.paths import Alternative, Path, Repeated, Sequence, Step
from missiongraph.shacl.shapes_graph import ShapesGraph, sh

_PATH: Final = re.compile(r"[$?]PATH\b")
_IN_BRACES: Final = re.compile(r"\{[?$](\w+)\}")
_THIS: Final = Variable("this")
_SHAPE: Final = Variable("currentShape")


class AskedOfStore(Asked, Protocol):
    """A validation whose graph can be asked in SPARQL."""

    @property
    def store(self) -> Store:
        """The graph as a store."""
        ...


@dataclass(frozen=True)
class Sparql:
    """``sh:sparql``.

    Attributes:
        node: the constraint's node in the shapes graph.
        select: the query, with its prefixes and with the path in the place of ``$PATH``.
        messages: what its results say, with ``{?variables}``.
    """

    node: Term
    select: str
    messages: tuple[Term, ...]
    component: ClassVar[str] = component("SPARQL")

    @property
    def message(self) -> str:
        """What is said of a result when neither constraint nor shape say anything."""
        return "The constraint's query finds it."

    def find(self, run: Asked, shape: Shape, nodes: Ids, pairs: Pairs) -> Iterator[Found]:
        """Yield a result for each solution of the query at each node."""
        del pairs
        store = cast(AskedOfStore, run).store
        rows = [
            (number, row)
            for number in nodes.tolist()
            for row in self._solutions(store, shape, run.graph.term(number))
        ]
        if not rows:
            return

        def column(name: str, otherwise: list[int]) -> Ids:
            terms = [_bound(row, name) for _, row in rows]
            numbers = [
                run.graph.id_of(term) if term is not None else other
                for term, other in zip(terms, otherwise, strict=True)
            ]
            return np.array(numbers, dtype=np.int64)

        roots = [number for number, _ in rows]
        none = [NONE] * len(rows)
        yield Found(
            root=np.array(roots, dtype=np.int64),
            focus=column("this", roots),
            value=column("value", roots if shape.path is None else none),
            shape=shape,
            constraint=self,
            path=column("path", none),
            messages=tuple(self._messages(row, shape) for _, row in rows),
        )

    def _solutions(self, store: Store, shape: Shape, this: Term) -> list[QuerySolution]:
        bound = {_THIS: this}
        if "currentShape" in self.select:
            bound[_SHAPE] = shape.node
        solutions = store.query(self.select, substitutions=bound)
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return list({tuple(_bound(row, name) for name in names): row for row in solutions}.values())

    def _messages(self, row: QuerySolution, shape: Shape) -> tuple[Term, ...]:
        given = _bound(row, "message")
        if isinstance(given, Literal):
            return (given,)
        return tuple(_filled(m, row) for m in dict.fromkeys((*shape.messages, *self.messages)))


def _bound(row: QuerySolution, name: str) -> Term | None:
    try:
        term: Term | None = row[name]
    except KeyError:
        return None
    return term


def _filled(message: Term, row: QuerySolution) -> Term:
    if not isinstance(message, Literal):
        return message

    def value(match: re.Match[str]) -> str:
        term = _bound(row, match[1])
        return match[0] if term is None else str(getattr(term, "value", term))

    text = _IN_BRACES.sub(value, message.value)
    return Literal(text, language=message.language) if message.language else Literal(text)


def read_sparql(shapes: ShapesGraph, node: Term, path: Path | None) -> Sparql | None:
    """Return the constraint that a node of the shapes describes; None when it is deactivated.

    Raises:
        BadShapes: it has not one query, or its prefixes are not declared well.
        SyntaxError: the query is none for Oxigraph.
    """
    if shapes.flag(node, "deactivated"):
        return None
    select = shapes.one(node, "select")
    if not isinstance(select, Literal):
        raise BadShapes("A SPARQL constraint has one sh:select.", where=str(node))
    text = select.value
    if path is not None:
        text = _PATH.sub(lambda _: sparql_path(path), text)
    query = f"{_prefixes(shapes, node)}{text}"
    if not isinstance(Store().query(query), QuerySolutions):
        raise BadShapes("A SPARQL constraint is a SELECT query.", where=str(node))
    return Sparql(node, query, tuple(shapes.objects(node, sh("message"))))


def _prefixes(shapes: ShapesGraph, node: Term) -> str:
    lines = []
    for holder in shapes.objects(node, sh("prefixes")):
        for declaration in shapes.objects(holder, sh("declare")):
            prefix, namespace = (shapes.one(declaration, key) for key in ("prefix", "namespace"))
            if not isinstance(prefix, Literal) or not isinstance(namespace, Literal | NamedNode):
                raise BadShapes("sh:declare has sh:prefix and sh:namespace.", where=str(holder))
            lines.append(f"PREFIX {prefix.value}: <{namespace.value}>\n")
    return "".join(lines)


def sparql_path(path: Path) -> str:
    """Return a path as SPARQL has it."""
    match path:
        case Step(predicate, backward):
            return f"^{predicate}" if backward else str(predicate)
        case Sequence(parts):
            return f"({'/'.join(map(sparql_path, parts))})"
        case Alternative(parts):
            return f"({'|'.join(map(sparql_path, parts))})"
        case Repeated(part, times):
            return f"({sparql_path(part)}){times}"
