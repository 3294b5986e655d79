"""The forms in which answers are written: media types, file endings, engine formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """One form of an answer.

    Attributes:
        name: what ``--format`` and ``format=`` call it, and the file's ending.
        media_type: its registered media type.
        aliases: further media types by which clients ask for it.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header; text is always UTF-8."""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        return self.media_type + charset


@dataclass(frozen=True)
class TableFormat(Format):
    """A form of solutions; ASK has no CSV or TSV form (SPARQL 1.1 CSV and TSV, section 1)."""

    engine: QueryResultsFormat = QueryResultsFormat.JSON
    tells_boolean: bool = True


@dataclass(frozen=True)
class FileFormat(Format):
    """A form of solutions that no engine writes: made of the whole answer (table_files.py)."""


@dataclass(frozen=True)
class GraphFormat(Format):
    """A form of triples."""

    engine: RdfFormat = RdfFormat.N_TRIPLES


JSON: Final = TableFormat(
    "json", "application/sparql-results+json", ("application/json",), QueryResultsFormat.JSON
)
XML: Final = TableFormat(
    "xml", "application/sparql-results+xml", ("application/xml", "text/xml"), QueryResultsFormat.XML
)
CSV: Final = TableFormat("csv", "text/csv", (), QueryResultsFormat.CSV, tells_boolean=False)
TSV: Final = TableFormat(
    "tsv", "text/tab-separated-values", (), QueryResultsFormat.TSV, tells_boolean=False
)
TABLE_FORMATS: Final = (JSON, XML, CSV, TSV)
XLSX: Final = FileFormat(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
PARQUET: Final = FileFormat("parquet", "application/vnd.apache.parquet")
FILE_FORMATS: Final = (XLSX, PARQUET)

TURTLE: Final = GraphFormat("ttl", "text/turtle", ("application/x-turtle",), RdfFormat.TURTLE)
N_TRIPLES: Final = GraphFormat("nt", "application/n-triples", ("text/plain",), RdfFormat.N_TRIPLES)
JSON_LD: Final = GraphFormat(
    "jsonld", "application/ld+json", ("application/json",), RdfFormat.JSON_LD
)
RDF_XML: Final = GraphFormat(
    "rdf", "application/rdf+xml", ("application/xml", "text/xml"), RdfFormat.RDF_XML
)
TRIG: Final = GraphFormat("trig", "application/trig", (), RdfFormat.TRIG)
N_QUADS: Final = GraphFormat("nq", "application/n-quads", (), RdfFormat.N_QUADS)
GRAPH_FORMATS: Final = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS)
