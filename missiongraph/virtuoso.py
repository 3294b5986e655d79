"""What Virtuoso must be told differently, and what it answers differently.

Measured on Virtuoso Open Source 7.2.5. It has no default graph of its own: without
``default-graph-uri`` a pattern outside GRAPH sees the union of all graphs, a triple once
for each. With it, ``GRAPH ?variable`` still reaches all graphs, but ``GRAPH <constant>``
reaches none, so constants are asked for by a variable. It sorts IRIs and texts with a
language by their internal numbers, and takes no expression over an aggregate in ORDER BY,
so solutions are sorted here. Its answers write some values in forms of its own; what can be
read back without loss is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Triple
from pyoxigraph import Store as Oxigraph

from missiongraph.names import PREFIXES
from missiongraph.sparql import Token, tokens

_GRAPH_VARIABLE: Final = "constantGraph"
_ROW_VARIABLE: Final = "sortedRow"
_ROW: Final = "urn:row:"
_COLUMN: Final = "urn:column:"
_IS_ROW: Final = NamedNode("urn:is-row")
_TRUTH: Final = "__ASK_RETVAL"
_NODE: Final = "nodeID://"
_BOOLEAN: Final = PREFIXES["xsd"] + "boolean"
_DURATION: Final = PREFIXES["xsd"] + "duration"
_BOOLEANS: Final = {"1": "true", "0": "false"}
_NOT_IN_LABEL: Final = re.compile(r"[^A-Za-z0-9]")


def names_its_dataset(query: str) -> bool:
    """Say whether a query has FROM or FROM NAMED."""
    return any(token.is_word("FROM") for token in tokens(query))


def ask_by_variable(query: str) -> str:
    """Return the query with ``GRAPH <constant> {`` asked as a variable that must equal it.

    >>> ask_by_variable("ASK { GRAPH <urn:g> { ?s ?p ?o } }")
    'ASK { GRAPH ?constantGraph12 { FILTER (?constantGraph12 = <urn:g>) ?s ?p ?o } }'
    """
    found = list(tokens(query))
    pieces, done = [], 0
    for keyword, name, brace in zip(found, found[1:], found[2:], strict=False):
        if keyword.is_word("GRAPH") and name.kind in ("iri", "name") and brace.text == "{":
            variable = f"?{_GRAPH_VARIABLE}{name.start}"
            before = query[done : name.start]
            pieces.append(f"{before}{variable} {{ FILTER ({variable} = {name.text})")
            done = brace.start + 1
    return "".join([*pieces, query[done:]])


@dataclass(frozen=True)
class Sorted:
    """A SELECT query whose solutions are sorted, and cut, here.

    Attributes:
        query: what the server is asked: the query without its last modifiers.
        prologue: its BASE and PREFIX lines.
        modifiers: ORDER BY and what follows it; empty when there is nothing to do here.
    """

    query: str
    prologue: str = ""
    modifiers: str = ""

    def sort(self, solutions: QuerySolutions) -> QuerySolutions:
        """Return the solutions in the order that the embedded engine gives them."""
        names = [variable.value for variable in solutions.variables]
        columns = [NamedNode(f"{_COLUMN}{name}") for name in names]
        engine = Oxigraph()
        for number, solution in enumerate(solutions):
            row = NamedNode(f"{_ROW}{number}")
            engine.add(Quad(row, _IS_ROW, Literal(True)))
            for column, value in zip(columns, solution, strict=True):
                if value is not None:
                    engine.add(Quad(row, column, value))
        cells = " ".join(
            f"OPTIONAL {{ ?{_ROW_VARIABLE} {column} ?{name} }}"
            for column, name in zip(columns, names, strict=True)
        )
        result = engine.query(
            f"{self.prologue} SELECT {' '.join(f'?{name}' for name in names)} "
            f"WHERE {{ ?{_ROW_VARIABLE} {_IS_ROW} true {cells} }} {self.modifiers}"
        )
        if not isinstance(result, QuerySolutions):
            raise TypeError("a SELECT query has solutions")
        return result


def sorted_here(query: str) -> Sorted:
    """Take ORDER BY and what follows it from a SELECT query, if it can be done here.

    It cannot when it names a variable that the query does not select.

    >>> sorted_here("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 1").modifiers
    'ORDER BY ?s LIMIT 1'
    >>> sorted_here("SELECT ?s { ?s ?p ?o } ORDER BY ?o").modifiers
    ''
    """
    found = list(tokens(query))
    outside = [token for token, depth in _with_depth(found) if depth == 0]
    start = next((token.start for token in outside if token.is_word("SELECT")), None)
    order = next((token.start for token in outside if token.is_word("ORDER")), None)
    if start is None or order is None:
        return Sorted(query)
    named = [token for token in found if token.start > order]
    selected = _selected([token for token in found if token.start > start])
    if any(token.is_word("VALUES") for token in named) or not (
        "*" in selected or selected.issuperset(t.text[1:] for t in named if t.kind == "variable")
    ):
        return Sorted(query)
    return Sorted(query[:order], query[:start], query[order:])


def _with_depth(found: Iterable[Token]) -> Iterator[tuple[Token, int]]:
    """Yield tokens with the number of brackets they are in."""
    depth = 0
    for token in found:
        is_mark = token.kind == "mark"
        depth -= is_mark and token.text in ")}]"
        yield token, depth
        depth += is_mark and token.text in "({["


def _selected(found: Sequence[Token]) -> set[str]:
    """Return the names after SELECT that an answer has as columns; ``*`` for all."""
    selected = set()
    before = found[0]
    for token, depth in _with_depth(found):
        if token.text == "{":
            break
        if depth == 0 and token.text == "*":
            selected.add("*")
        elif token.kind == "variable" and (depth == 0 or before.is_word("AS")):
            selected.add(token.text[1:])
        before = token
    return selected


def read_solutions(answer: bytes) -> bytes:
    """Return solutions or a truth value in JSON as SPARQL 1.1 Query Results JSON has them.

    Raises:
        ValueError: the answer is not JSON, or not of that form.
    """
    document = json.loads(answer)
    try:
        columns = document["head"].get("vars", [])
        rows = [] if "boolean" in document else document["results"]["bindings"]
    except (TypeError, KeyError, AttributeError) as cause:
        raise ValueError(f"it has no {cause}") from cause
    if _TRUTH in columns:
        return json.dumps({"head": {}, "boolean": bool(rows)}).encode()
    if "boolean" in document:
        return answer
    kept = [name for name in columns if not name.startswith(_GRAPH_VARIABLE)]
    bindings = [{name: _term(row[name]) for name in kept if name in row} for row in rows]
    return json.dumps({"head": {"vars": kept}, "results": {"bindings": bindings}}).encode()


def read_triple(triple: Triple) -> Triple:
    """Return a triple with its duration as it is written elsewhere."""
    value = triple.object
    if isinstance(value, Literal) and value.datatype.value == _DURATION:
        value = Literal(duration(value.value), datatype=NamedNode(_DURATION))
    return Triple(triple.subject, triple.predicate, value)


def duration(text: str) -> str:
    """Return the canonical duration of a number of months, or of seconds (with a point).

    Virtuoso keeps a duration of years and months, or one of days and less, as a number;
    other texts are given back as they are. XML Schema 1.1, part 2, clause 3.3.6.

    >>> [duration(text) for text in ("60", "18", "-12", "864000.0", "129600.0", "1.5", "0.0")]
    ['P5Y', 'P1Y6M', '-P1Y', 'P10D', 'P1DT12H', 'PT1.5S', 'PT0S']
    """
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    sign, number = ("-", text[1:]) if text.startswith("-") else ("", text)
    if "." not in number:
        years, months = divmod(int(number), 12)
        return f"{sign}P{_part(years, 'Y')}{_part(months, 'M')}" if int(number) else "PT0S"
    whole, _, fraction = number.partition(".")
    days, rest = divmod(int(whole), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    fraction = fraction.rstrip("0")
    exact = f"{seconds}.{fraction}S" if fraction else _part(seconds, "S")
    time = f"{_part(hours, 'H')}{_part(minutes, 'M')}{exact}"
    if not days and not time:
        return "PT0S"
    return f"{sign}P{_part(days, 'D')}{'T' + time if time else ''}"


def _part(count: int, letter: str) -> str:
    return f"{count}{letter}" if count else ""


def _term(term: Mapping[str, Any]) -> dict[str, Any]:
    read = dict(term)
    if read["type"] == "typed-literal":
        read["type"] = "literal"
    datatype = read.get("datatype")
    if read["type"] == "bnode":
        read["value"] = _NOT_IN_LABEL.sub("", read["value"].removeprefix(_NODE))
    elif datatype == _BOOLEAN:
        read["value"] = _BOOLEANS.get(read["value"], read["value"])
    elif datatype == _DURATION:
        read["value"] = duration(read["value"])
    return read
