"""Triple columns: lines of N-Triples made of whole columns at once.

The lines are written as the engine writes them (RDF 1.2 N-Triples, canonical form), so that the
same triple from elsewhere is the same line.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import polars as pl

from missiongraph.names import ID, MG, PREFIXES

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def thing(segment: str, *slug: pl.Expr | str) -> pl.Expr:
    """Return the IRIs of things, as they stand in a line; null where a part of the slug is."""
    parts = [pl.lit(part) if isinstance(part, str) else part for part in slug]
    return pl.concat_str([pl.lit(f"<{ID}{segment}/"), *parts, pl.lit(">")])


def resource(iri: str) -> pl.Expr:
    """Return one IRI for every row."""
    return pl.lit(f"<{iri}>")


def address(column: pl.Expr) -> pl.Expr:
    """Return the IRIs in a column, which are known to be such."""
    return pl.concat_str([pl.lit("<"), column, pl.lit(">")])


def text(column: pl.Expr) -> pl.Expr:
    """Return texts as literals without a language."""
    return pl.concat_str([pl.lit('"'), _escaped(column), pl.lit('"')])


def english(column: pl.Expr) -> pl.Expr:
    """Return texts as literals in English, or in the language of names that have none."""
    return pl.concat_str([pl.lit('"'), _escaped(column), pl.lit('"@en')])


def typed(column: pl.Expr, datatype: str) -> pl.Expr:
    """Return values, already in their lexical form, as literals of a datatype of XML Schema."""
    return pl.concat_str([pl.lit('"'), column, pl.lit(f'"^^<{PREFIXES["xsd"]}{datatype}>')])


@dataclass(frozen=True)
class TripleColumn:
    """One predicate of each row of a frame; null where subject or value is.

    Attributes:
        subject: the subjects, as they stand in a line.
        predicate: the predicate, likewise.
        value: the objects, likewise.
    """

    subject: pl.Expr
    predicate: str
    value: pl.Expr


Part: TypeAlias = tuple[pl.DataFrame, Iterable[TripleColumn]]
"""A frame, and the triples that its rows give."""


def triples(subject: pl.Expr, predicate: str, value: pl.Expr) -> TripleColumn:
    """Return triples whose predicate is a CURIE with a prefix of ours."""
    return TripleColumn(subject, f"<{expand(predicate)}>", value)


def expand(curie: str) -> str:
    """Return the IRI of a CURIE.

    >>> expand("mg:topic")
    'https://w3id.org/missiongraph/ontology#topic'
    """
    prefix, _, name = curie.partition(":")
    return (MG if prefix == "mg" else PREFIXES[prefix]) + name


def lines(parts: Iterable[Part]) -> bytes:
    """Return the lines that frames' rows give, those of a predicate together."""
    stream = io.BytesIO()
    for frame, columns in parts:
        if frame.height:
            _write(stream, frame, list(columns))
    return stream.getvalue()


def _write(stream: io.BytesIO, frame: pl.DataFrame, columns: list[TripleColumn]) -> None:
    """Write lines term by term: joining them to texts first would copy all of it once more."""
    # The engine would work out a subject once for each of its predicates.
    terms = {id(term): term for column in columns for term in (column.subject, column.value)}
    found = frame.select(term.alias(str(number)) for number, term in terms.items())
    for column in columns:
        subject, value = (str(id(term)) for term in (column.subject, column.value))
        triple = found.select(subject, pl.lit(column.predicate), value)
        if any(found.get_column(term).null_count() for term in (subject, value)):
            triple = triple.drop_nulls()
        triple.write_csv(
            stream,
            include_header=False,
            quote_style="never",
            separator=" ",
            line_terminator=" .\n",
        )


def _escaped(column: pl.Expr) -> pl.Expr:
    plain = column.str.replace_all(_CONTROL, "")
    return plain.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
