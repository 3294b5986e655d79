"""The register of exports: what each form is called, and what writes it."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from missiongraph.errors import FormatNotOffered
from missiongraph.exports.bibliography import as_bibtex, as_csl
from missiongraph.exports.crate import write_crate
from missiongraph.exports.databases import write_duckdb, write_sqlite
from missiongraph.exports.mappings import write_mapping_sets
from missiongraph.exports.network import Network, as_gexf, as_graphml, network_of
from missiongraph.exports.rdf import FORMATS as RDF_FORMATS
from missiongraph.exports.rdf import write_rdf
from missiongraph.exports.table_descriptions import write_described_tables
from missiongraph.exports.tables import write_parquet_tables
from missiongraph.formats import GraphFormat
from missiongraph.releases import Release

ZIP: Final = ".zip"


@dataclass(frozen=True)
class Form:
    """One form in which a release is exported.

    Attributes:
        name: what ``missiongraph export`` calls it.
        ending: the ending of its file's name; of a folder's, that of its zip file.
        media_type: the file's.
        about: what it holds, in words.
        write: writes a release to a path: a file, or into an empty folder.
        is_folder: whether it is several files.
    """

    name: str
    ending: str
    media_type: str
    about: str
    write: Callable[[Release, Path], None]
    is_folder: bool = False


def write_file(form: Form, release: Release, file: Path) -> None:
    """Write a release to one file, several files to a zip file; the file may be half written.

    Raises:
        PartMissing: what writes the form is not installed.
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the file cannot be written.
    """
    if not form.is_folder:
        form.write(release, file)
        return
    with tempfile.TemporaryDirectory(dir=file.parent) as name:
        form.write(release, Path(name))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in sorted(Path(name).rglob("*")):
                archive.write(member, member.relative_to(name))


def form_named(name: str) -> Form:
    """Return the form of a name.

    Raises:
        FormatNotOffered: there is none.
    """
    if name not in FORMS:
        raise FormatNotOffered(
            f"{name!r} is not a form of a release.",
            remedy=f"Write one of: {', '.join(FORMS)}.",
        )
    return FORMS[name]


def _rdf(wanted: GraphFormat, release: Release, file: Path) -> None:
    with file.open("wb") as stream:
        write_rdf(release, wanted, stream)


def _text(make: Callable[[Release], str], release: Release, file: Path) -> None:
    file.write_text(make(release), encoding="utf-8")


def _network(make: Callable[[Network], bytes], release: Release, file: Path) -> None:
    file.write_bytes(make(network_of(release.load(), {})))


_RDF_WORDS: Final = {
    "nq": "every statement with its graph: the dump as it is",
    "trig": "every statement, graph by graph, with prefixes",
    "ttl": "the merged graph: each fact once, without its evidence",
    "jsonld": "every statement as expanded JSON-LD",
}
_ZIPPED: Final = "application/zip"
_ALL: Final = (
    *(
        Form(f.name, f".{f.name}", f.media_type, _RDF_WORDS[f.name], partial(_rdf, f))
        for f in RDF_FORMATS
    ),
    Form("csv", ".csv.zip", _ZIPPED, "a table for each class, one of claims, and what describes them to programs (Frictionless, CSVW)", write_described_tables, True),
    Form("parquet", ".parquet.zip", _ZIPPED, "the same tables, with numbers as numbers", write_parquet_tables, True),
    Form("sqlite", ".sqlite", "application/vnd.sqlite3", "the same tables in an SQLite database", write_sqlite),
    Form("duckdb", ".duckdb", "application/vnd.duckdb", "the same tables in a DuckDB database", write_duckdb),
    Form("graphml", ".graphml", "application/graphml+xml", "the network of missions, actors, programmes and challenges", partial(_network, as_graphml)),
    Form("gexf", ".gexf", "application/gexf+xml", "the same network for Gephi", partial(_network, as_gexf)),
    Form("sssom", ".sssom.zip", _ZIPPED, "the mapping sets", write_mapping_sets, True),
    Form("bibtex", ".bib", "application/x-bibtex", "the sources, for a bibliography", partial(_text, as_bibtex)),
    Form("csl", ".csl.json", "application/vnd.citationstyles.csl+json", "the sources, for Zotero", partial(_text, as_csl)),
    Form("rocrate", ".crate.zip", _ZIPPED, "an RO-Crate: dump, tables, manifest and report, described", write_crate, True),
)  # fmt: skip
FORMS: Final = {form.name: form for form in _ALL}
