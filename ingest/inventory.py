"""Inventory: what a graph that is to be published holds, as its manifest tells it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from pyoxigraph import QuerySolutions, RdfFormat, Store

from missiongraph import __version__
from missiongraph.ingest.tally import Tally
from missiongraph.names import mg
from missiongraph.releases import Manifest, SourceRecord

_DIGEST_SHOWN: Final = 12
_CLAIMS: Final = f"""
    SELECT (COUNT(*) AS ?n) {{
      ?evidence a {mg("Evidence")} .
      GRAPH ?evidence {{ ?s ?p ?o }}
    }}
"""
_SOURCES: Final = f"""
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX foaf: <http://xmlns.com/foaf/0.1/>
    SELECT ?iri (MIN(?aTitle) AS ?title) (MIN(STR(?aPage)) AS ?page)
           (MIN(STR(?date)) AS ?issued) (MIN(STR(?day)) AS ?retrieved)
    WHERE {{
      ?iri a {mg("Source")} ; dcterms:title ?aTitle .
      OPTIONAL {{ ?iri foaf:page ?aPage }}
      OPTIONAL {{ ?iri dcterms:issued ?date }}
      OPTIONAL {{ ?iri {mg("retrieved")} ?day }}
    }}
    GROUP BY ?iri
    ORDER BY ?iri
"""


def sorted_lines(engine: Store) -> list[bytes]:
    """Return the lines of a store's N-Quads, sorted: the same for the same statements."""
    dump = engine.dump(format=RdfFormat.N_QUADS)
    assert dump is not None
    return sorted(dump.splitlines(keepends=True))


def manifest_of(
    engine: Store, dump: Sequence[bytes], *, inputs: str, ontology_version: str, warnings: int
) -> Manifest:
    """Return the manifest of a store that was built now.

    Args:
        engine: the store.
        dump: its sorted lines.
        inputs: SHA-256 over everything the build read.
        ontology_version: version of the ontology.
        warnings: how many the shapes gave.
    """
    tally = Tally(
        triples=_count(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
        quads=len(engine),
        graphs=_tally(engine, "SELECT ?key (COUNT(*) AS ?n) { GRAPH ?key { ?s ?p ?o } }"),
        classes=_tally(engine, "SELECT ?key (COUNT(?s) AS ?n) { ?s a ?key }"),
        sha256=hashlib.sha256(b"".join(dump)).hexdigest(),
    )
    return manifest_of_tally(
        engine, tally, inputs=inputs, ontology_version=ontology_version, warnings=warnings
    )


def manifest_of_tally(
    engine: Store,
    tally: Tally,
    *,
    inputs: str,
    ontology_version: str,
    warnings: int,
    on_disk: bool = False,
) -> Manifest:
    """Return the manifest of a graph that was built now, whose statements are counted already.

    Args:
        engine: the curated part of the graph: claims and sources.
        tally: what the whole holds.
        inputs: SHA-256 over everything the build read.
        ontology_version: version of the ontology.
        warnings: how many the shapes gave.
        on_disk: whether the release holds a store on disk too.
    """
    now = datetime.now(UTC)
    release = f"{now:%Y-%m-%d}-{tally.sha256[:_DIGEST_SHOWN]}"
    return Manifest(
        release=release,
        built=now.isoformat(timespec="microseconds"),
        triples=tally.triples,
        claims=_count(engine, _CLAIMS),
        quads=tally.quads,
        graphs=dict(tally.graphs),
        classes=dict(tally.classes),
        dump=f"{release}.nq",
        sha256=tally.sha256,
        inputs=inputs,
        ontology_version=ontology_version,
        software_version=__version__,
        warnings=warnings,
        sources=_source_records(engine),
        on_disk=on_disk,
    )


def _count(engine: Store, query: str) -> int:
    return next(int(row["n"].value) for row in _rows(engine, query))


def _tally(engine: Store, query: str) -> Counter[str]:
    rows = _rows(engine, f"{query} GROUP BY ?key")
    return Counter({row["key"].value: int(row["n"].value) for row in rows})


def _source_records(engine: Store) -> list[SourceRecord]:
    return [
        SourceRecord(
            iri=row["iri"].value,
            title=row["title"].value,
            **{
                name: row[name].value if row[name] else None
                for name in ("page", "issued", "retrieved")
            },
        )
        for row in _rows(engine, _SOURCES)
    ]


def _rows(engine: Store, query: str) -> QuerySolutions:
    rows = engine.query(query)
    assert isinstance(rows, QuerySolutions)
    return rows
