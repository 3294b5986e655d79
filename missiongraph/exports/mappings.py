"""The mapping sets of a release as SSSOM, a TSV file for each set.

SSSOM 1.0, https://mapping-commons.github.io/sssom/spec-formats-tsv/: a head of YAML behind ``#``,
then a table with tabs. IRIs are written as CURIEs of the prefixes in the head; a namespace that we
have no prefix for gets a number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from missiongraph.names import ID, PREFIXES
from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Release
from missiongraph.tables import Term, text_of, text_of_iri

_SEVERAL: Final = "|"
_COLUMNS: Final = {
    "subject_id": "subject",
    "predicate_id": "predicate",
    "predicate_modifier": "modifier",
    "object_id": "object",
    "mapping_justification": "justification",
    "author_id": "author",
    "reviewer_id": "reviewer",
    "confidence": "confidence",
    "mapping_date": "date",
    "mapping_tool": "tool",
    "comment": "comment",
}
"""SSSOM's slots, and the columns of the question ``mapping-records``."""
_OURS: Final = ("author", "reviewer")
_PREFIXES: Final = {
    "id": ID,
    "ror": "https://ror.org/",
    "semapv": PREFIXES["semapv"],
    "skos": PREFIXES["skos"],
    "wikidata": "http://www.wikidata.org/entity/",
}
_NEGATED: Final = PREFIXES["sssom"] + "NegatedPredicate"
_NAMESPACE: Final = re.compile(r"[^/#]*$")
"""What comes after an IRI's namespace."""
_Record = Mapping[str, Term]


def write_mapping_sets(release: Release, folder: Path) -> None:
    """Write a file ``<name>.sssom.tsv`` for each mapping set of a release to a folder.

    Raises:
        ReleaseDamaged: the release's files are not those that its manifest describes.
        OSError: the folder cannot be written to.
    """
    records = answer_table(release.load(), find_question("mapping-records")).records()
    for iri, of_set in groupby(records, key=lambda record: text_of_iri(record["mappingSet"])):
        _write_set(folder / f"{iri.rpartition('/')[2]}.sssom.tsv", list(of_set))


def _write_set(file: Path, records: Sequence[_Record]) -> None:
    first, curies = records[0], _Curies()
    mappings = groupby(records, key=lambda record: str(record["mapping"]))
    rows = [_row(list(of_mapping), curies) for _, of_mapping in mappings]
    head = [
        "curie_map:",
        *(f"  {prefix}: {namespace}" for prefix, namespace in sorted(curies.used.items())),
        f"mapping_set_id: {text_of_iri(first['mappingSet'])}",
        f"mapping_set_title: {_quoted(text_of(first['title']))}",
        f"mapping_set_version: {_quoted(text_of(first['version']))}",
        f"license: {text_of_iri(first['license'])}",
    ]
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"# {line}\n" for line in head)
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def _row(records: Sequence[_Record], curies: _Curies) -> list[str]:
    """Return the cells of one mapping; its records differ in author and reviewer only."""
    return [
        _SEVERAL.join(dict.fromkeys(_text(record.get(column), curies) for record in records))
        if column in _OURS
        else _text(records[0].get(column), curies)
        for column in _COLUMNS.values()
    ]


def _text(term: Term | None, curies: _Curies) -> str:
    iri = text_of_iri(term)
    if not iri:
        return text_of(term)
    return "Not" if iri == _NEGATED else curies.curie(iri)


class _Curies:
    """Writes IRIs as CURIEs, and remembers the prefixes that it used.

    Attributes:
        used: namespaces by prefix.
    """

    def __init__(self) -> None:
        self.used: dict[str, str] = {}

    def curie(self, iri: str) -> str:
        """Return an IRI as a CURIE."""
        prefix, namespace = self._prefix_of(iri)
        self.used[prefix] = namespace
        return f"{prefix}:{iri.removeprefix(namespace)}"

    def _prefix_of(self, iri: str) -> tuple[str, str]:
        for prefix, namespace in (*_PREFIXES.items(), *self.used.items()):
            if iri.startswith(namespace):
                return prefix, namespace
        return f"ns{len(self.used) + 1}", _NAMESPACE.sub("", iri)


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
