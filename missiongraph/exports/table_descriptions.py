"""What describes a folder of tables to programs: a Frictionless data package, and CSVW.

Both say of each column what its values are, what it means and which property it is.
Data Package: https://specs.frictionlessdata.io/data-package/. CSV on the Web: W3C Recommendation
"Metadata Vocabulary for Tabular Data", https://www.w3.org/TR/tabular-metadata/.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from missiongraph.about import LICENSE, LICENSE_NAME, TITLE
from missiongraph.exports.tables import CLAIMS, DICTIONARY, SEPARATOR, write_tables
from missiongraph.names import BASE
from missiongraph.ontology import Kind
from missiongraph.releases import Manifest, Release

PACKAGE: Final = "datapackage.json"
CSVW: Final = "csv-metadata.json"
_TYPES: Final = {
    Kind.DECIMAL.value: "number",
    Kind.INTEGER.value: "integer",
    Kind.BOOLEAN.value: "boolean",
}
"""Frictionless's types of our kinds; all others are strings."""
_CSVW_TYPES: Final = {
    Kind.DECIMAL.value: "decimal",
    Kind.INTEGER.value: "integer",
    Kind.BOOLEAN.value: "boolean",
    **dict.fromkeys(
        (k.value for k in (Kind.NODE, Kind.CONCEPT, Kind.IRI, Kind.CURRENCY)), "anyURI"
    ),
}
_SEVERAL: Final = "yes"
_Columns = Mapping[str, Sequence[Mapping[str, str]]]


def write_described_tables(release: Release, folder: Path) -> None:
    """Write CSV tables, ``datapackage.json`` and ``csv-metadata.json``; see ``write_tables``."""
    write_tables(release, folder)
    columns, manifest = _columns(folder), release.manifest
    _write(folder / PACKAGE, _package(folder, columns, manifest))
    _write(folder / CSVW, _csvw(columns, manifest))


def _columns(folder: Path) -> _Columns:
    """Return the rows of the data dictionary for each table, those of the dictionary too."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / f"{DICTIONARY}.csv").open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            found[row["table"]].append(row)
        for name in reader.fieldnames or ():
            found[DICTIONARY].append(
                {"column": name, "kind": "string", "several": "no", "definition": "", "iri": ""}
            )
    return dict(sorted(found.items()))


def _package(folder: Path, columns: _Columns, manifest: Manifest) -> dict[str, Any]:
    return {
        "name": "missiongraph",
        "id": f"{BASE}release/{manifest.release}",
        "title": TITLE,
        "version": manifest.release,
        "created": manifest.built,
        "licenses": [{"name": LICENSE_NAME, "path": LICENSE}],
        "resources": [
            {
                "name": table.lower(),
                "path": f"{table}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": (folder / f"{table}.csv").stat().st_size,
                "schema": _schema(table, of_table),
            }
            for table, of_table in columns.items()
        ],
    }


def _schema(table: str, columns: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    fields = [
        {
            "name": column["column"],
            "type": "string"
            if column["several"] == _SEVERAL
            else _TYPES.get(column["kind"], "string"),
            **({"description": column["definition"]} if column["definition"] else {}),
            **({"rdfType": column["iri"]} if column["iri"] else {}),
        }
        for column in columns
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if fields[0]["name"] == "id":
        schema["primaryKey"] = "id"
    if table == CLAIMS:
        reference = {"resource": "evidence", "fields": "id"}
        schema["foreignKeys"] = [{"fields": "evidence", "reference": reference}]
    return schema


def _csvw(columns: _Columns, manifest: Manifest) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": f"{BASE}release/{manifest.release}/tables",
        "dc:title": TITLE,
        "dc:license": {"@id": LICENSE},
        "tables": [
            {
                "url": f"{table}.csv",
                "tableSchema": {
                    "columns": [_csvw_column(column) for column in of_table],
                    **(
                        {"primaryKey": "id", "aboutUrl": "{+id}"}
                        if of_table[0]["column"] == "id"
                        else {}
                    ),
                },
            }
            for table, of_table in columns.items()
        ],
    }


def _csvw_column(column: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": column["column"],
        "titles": column["column"],
        "datatype": _CSVW_TYPES.get(column["kind"], "string"),
        **({"separator": SEPARATOR} if column["several"] == _SEVERAL else {}),
        **({"dc:description": column["definition"]} if column["definition"] else {}),
        **({"propertyUrl": column["iri"]} if column["iri"] else {}),
    }


def _write(file: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8")
