"""Triple columns: lines of N-Triples made of whole columns at once.

The lines are written as the engine writes them (RDF 1.2 N-Triples, canonical form), so that the
same triple from elsewhere is the same line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

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


def triples(subject: pl.Expr, predicate: str, value: pl.Expr) -> pl.Expr:
    """Return lines; null where subject or value is.

    Args:
        subject: the subjects, as they stand in a line.
        predicate: a CURIE with a prefix of ours.
        value: the objects, as they stand in a line.
    """
    return pl.concat_str([subject, pl.lit(f" <{expand(predicate)}> "), value, pl.lit(" .\n")])


def expand(curie: str) -> str:
    """Return the IRI of a CURIE.

    >>> expand("mg:topic")
    'https://w3id.org/missiongraph/ontology#topic'
    """
    prefix, _, name = curie.partition(":")
    return (MG if prefix == "mg" else PREFIXES[prefix]) + name


def lines(frame: pl.DataFrame, columns: Iterable[pl.Expr]) -> Iterator[bytes]:
    """Yield the lines that a frame's rows give, those of a column together."""
    named = [column.alias(str(number)) for number, column in enumerate(columns)]
    yield from map(_joined, frame.select(named).get_columns())


def _joined(column: pl.Series) -> bytes:
    """Return the texts of a column behind one another, nulls left out; not by way of ``str``."""
    joined: bytes | None = column.str.join("").cast(pl.Binary).item()
    return joined or b""


def _escaped(column: pl.Expr) -> pl.Expr:
    plain = column.str.replace_all(_CONTROL, "")
    return plain.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
