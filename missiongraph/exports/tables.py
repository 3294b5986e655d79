"""A release as tables: one for each class of things, one of claims, and a data dictionary.

A thing is a row, a property a column; several values stand in one cell, between them `` | ``.
``claims`` has a row for each fact and passage, with nothing left out. Everything is written while
the dump is read, for its lines are sorted by subject.
"""

from __future__ import annotations

import contextlib
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from missiongraph.names import CONCEPT, ID, PREFIXES, compact
from missiongraph.ontology import Kind, Ontology, Property, our_ontology
from missiongraph.releases import Release
from missiongraph.tables import Term, text_of_iri

CLAIMS: Final = "claims"
DICTIONARY: Final = "data-dictionary"
SEPARATOR: Final = " | "
_CLAIM_COLUMNS: Final = {
    "thing": "IRI of the thing that the fact is about.",
    "property": "The property, named as the columns of the other tables are.",
    "value": "The value: an IRI, or a literal's text.",
    "datatype": "Kind of the value: iri, or the datatype of the literal.",
    "language": "Language of a text.",
    "evidence": "IRI of the passage that states the fact; see the table evidence.",
}
_TYPE: Final = PREFIXES["rdf"] + "type"
_DICTIONARY_COLUMNS: Final = ("table", "column", "kind", "several", "definition", "iri")
_DECIMAL_DIGITS: Final = (38, 18)
"""Precision and scale that hold every decimal of curated files (ingest/values.py)."""


@dataclass
class Column:
    """A column of a table.

    Attributes:
        name: its head: the property's key.
        iri: IRI of the property.
        kind: what its values are: a ``Kind``'s value.
        definition: what it means.
        several: whether a row has several values in this release.
    """

    name: str
    iri: str
    kind: str
    definition: str
    several: bool = False


@dataclass
class _Sheet:
    """The columns of a table, by the IRI of the property, as they are found."""

    columns: dict[str, Column] = field(default_factory=dict)

    def in_order(self) -> list[Column]:
        """Return the columns: type and label first, then by name."""
        first = {"type": 0, "label": 1}
        return sorted(self.columns.values(), key=lambda c: (first.get(c.name, 2), c.name))


def write_tables(release: Release, folder: Path) -> None:
    """Write CSV tables and their data dictionary to a folder.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the folder cannot be written to.
    """
    release.verify()
    ontology = our_ontology()
    sheets = _sheets(release.dump, ontology)
    with contextlib.ExitStack() as stack:
        writers = {
            name: _writer(stack, folder, name, ["id", *(c.name for c in sheet.in_order())])
            for name, sheet in sheets.items()
        }
        for name, iri, values in _things(release.dump):
            cells = (_cell(values.get(c.iri, ())) for c in sheets[name].in_order())
            writers[name].writerow([iri, *cells])
    _write_claims(release.dump, folder, ontology)
    _write_dictionary(folder, sheets)


def write_parquet_tables(release: Release, folder: Path) -> None:
    """Write the same tables as Parquet, numbers as numbers; raises as ``write_tables`` does."""
    import polars as pl

    write_tables(release, folder)
    types: dict[Kind, pl.DataType] = {
        Kind.DECIMAL: pl.Decimal(*_DECIMAL_DIGITS),
        Kind.INTEGER: pl.Int64(),
    }
    numbers = number_columns(folder)
    for file in sorted(folder.glob("*.csv")):
        table = pl.scan_csv(file, infer_schema=False)
        kinds = numbers.get(file.stem, {})
        table = table.with_columns(pl.col(name).cast(types[kind]) for name, kind in kinds.items())
        table.sink_parquet(file.with_suffix(".parquet"))
        file.unlink()


def number_columns(folder: Path) -> dict[str, dict[str, Kind]]:
    """Return the columns that hold one number in a cell, by table, as the dictionary tells."""
    kinds = {kind.value: kind for kind in (Kind.DECIMAL, Kind.INTEGER)}
    found: dict[str, dict[str, Kind]] = defaultdict(dict)
    with (folder / f"{DICTIONARY}.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["kind"] in kinds and row["several"] == "no":
                found[row["table"]][row["column"]] = kinds[row["kind"]]
    return found


def _sheets(dump: Path, ontology: Ontology) -> dict[str, _Sheet]:
    """Return the tables that a dump's things need, with their columns."""
    by_iri = {prop.iri: prop for prop in ontology.properties.values()}
    sheets: dict[str, _Sheet] = defaultdict(_Sheet)
    for name, _, values in _things(dump):
        columns = sheets[name].columns
        for iri, terms in values.items():
            column = columns.setdefault(iri, _column(iri, by_iri.get(iri)))
            column.several = column.several or len(_told(terms)) > 1
    return dict(sorted(sheets.items()))


def _column(iri: str, prop: Property | None) -> Column:
    if prop is not None:
        definition = prop.definition or f"See {compact(iri)}."
        return Column(prop.key, iri, prop.kind.value, definition)
    name = "type" if iri == _TYPE else compact(iri).replace(":", "_")
    return Column(name, iri, "iri", f"See {compact(iri)}.")


def _things(dump: Path) -> Iterator[tuple[str, str, Mapping[str, list[Term]]]]:
    """Yield each thing and concept: its table, its IRI, its values by property."""
    quads = parse(path=str(dump), format=RdfFormat.N_QUADS)
    merged = (quad for quad in quads if isinstance(quad.graph_name, DefaultGraph))
    for subject, group in groupby(merged, key=attrgetter("subject")):
        table = _table_of(text_of_iri(subject))
        if table:
            values: dict[str, list[Term]] = defaultdict(list)
            for quad in group:
                values[quad.predicate.value].append(quad.object)
            yield table, subject.value, values


def _table_of(iri: str) -> str:
    if iri.startswith(CONCEPT):
        return "concept"
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""


def _told(terms: Iterable[Term]) -> list[Term]:
    """Return the values for a cell: of texts in several languages, those in English."""
    terms = list(terms)
    english: list[Term] = [
        t for t in terms if isinstance(t, Literal) and (t.language or "")[:2] == "en"
    ]
    return english or terms


def _cell(terms: Iterable[Term]) -> str:
    return SEPARATOR.join(sorted(_text(term) for term in _told(terms)))


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _write_claims(dump: Path, folder: Path, ontology: Ontology) -> None:
    keys = {prop.iri: prop.key for prop in ontology.properties.values()}
    with contextlib.ExitStack() as stack:
        writer = _writer(stack, folder, CLAIMS, list(_CLAIM_COLUMNS))
        for quad in parse(path=str(dump), format=RdfFormat.N_QUADS):
            if text_of_iri(_graph(quad)).startswith(f"{ID}evidence/"):
                iri, value = quad.predicate.value, quad.object
                is_literal = isinstance(value, Literal)
                writer.writerow(
                    [
                        _text(quad.subject),
                        keys.get(iri) or _column(iri, None).name,
                        _text(value),
                        compact(value.datatype.value) if is_literal else "iri",
                        (value.language or "") if is_literal else "",
                        text_of_iri(_graph(quad)),
                    ]
                )


def _graph(quad: Quad) -> Term | None:
    return quad.graph_name if isinstance(quad.graph_name, NamedNode) else None


def _write_dictionary(folder: Path, sheets: Mapping[str, _Sheet]) -> None:
    with contextlib.ExitStack() as stack:
        writer = _writer(stack, folder, DICTIONARY, _DICTIONARY_COLUMNS)
        for table, sheet in sheets.items():
            writer.writerow([table, "id", "iri", "no", "IRI of the thing.", ""])
            for c in sheet.in_order():
                several = "yes" if c.several else "no"
                writer.writerow([table, c.name, c.kind, several, c.definition, c.iri])
        for name, definition in _CLAIM_COLUMNS.items():
            writer.writerow([CLAIMS, name, "string", "no", definition, ""])


def _writer(stack: contextlib.ExitStack, folder: Path, name: str, columns: Iterable[str]) -> Any:
    path = folder / f"{name}.csv"
    stream: IO[str] = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    return writer
