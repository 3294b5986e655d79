"""Tables: the solutions of a SELECT query as rows of terms, and what prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    Triple,
    parse_query_results,
)
from rich.table import Table as RichTable
from rich.text import Text

from missiongraph.formats import JSON
from missiongraph.names import compact
from missiongraph.store import WHOLE, Dataset, Store

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Row: TypeAlias = tuple[Term | None, ...]


@dataclass(frozen=True)
class Table:
    """Solutions in order: the variables' names and a row for each solution."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def records(self) -> list[dict[str, Term]]:
        """Return each row as a mapping from column to term, unbound columns left out."""
        return [
            {name: term for name, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.rows
        ]


def select(store: Store, query: str, dataset: Dataset = WHOLE) -> Table:
    """Ask a SELECT query and return its solutions; errors are those of ``Store.answer``."""
    return read_table(store.answer(query, JSON, dataset))


def ask(store: Store, query: str) -> bool:
    """Ask an ASK query and return its truth value; errors are those of ``Store.answer``."""
    result = parse_query_results(store.answer(query, JSON), format=QueryResultsFormat.JSON)
    if not isinstance(result, QueryBoolean):
        raise TypeError("only an ASK query has a truth value")
    return bool(result)


def read_table(answer: bytes) -> Table:
    """Return the table of an answer in SPARQL 1.1 Query Results JSON."""
    result = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if isinstance(result, QueryBoolean):
        raise TypeError("an ASK query has no table")
    columns = tuple(variable.value for variable in result.variables)
    return Table(columns, tuple(tuple(solution) for solution in result))


def text_of(term: Term | None) -> str:
    """Return how a person reads a term: a CURIE, a literal's text, or nothing.

    >>> text_of(NamedNode("https://w3id.org/missiongraph/ontology#Mission"))
    'mg:Mission'
    """
    match term:
        case None:
            return ""
        case NamedNode():
            return compact(term.value)
        case Literal():
            return term.value
        case _:
            return str(term)


def text_of_iri(term: Term | None) -> str:
    """Return an IRI in full, and nothing for another term."""
    return term.value if isinstance(term, NamedNode) else ""


def printable(table: Table, labels: Sequence[str] | None = None) -> RichTable:
    """Return a table for the terminal, its columns headed by the labels."""
    drawn = RichTable(*(labels or table.columns), header_style="bold", expand=False)
    for row in table.rows:
        # Text, not markup: a label such as "[red]" is data.
        drawn.add_row(*(Text(text_of(term)) for term in row))
    return drawn
