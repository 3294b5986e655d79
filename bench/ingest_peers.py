"""The peers of ``bench/ingest.py``: a dump mapped, loaded and validated with other tools.

    python bench/ingest_peers.py morph-kgc|rdflib|map-plain|map-morph-kgc FOLDER

It runs in an environment of its own, without missiongraph. The last two only map, to lines of
N-Triples, and tell their own time.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).parents[1]
MG = "https://w3id.org/missiongraph/ontology#"
ID = "https://w3id.org/missiongraph/id/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CONCEPT = "https://w3id.org/missiongraph/concept/"
EUR = "http://publications.europa.eu/resource/authority/currency/EUR"

# Table, subject, class, and for each property a template ({column} makes an IRI), or a column with
# a datatype or "@en".
MAPS: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    (
        "project",
        ID + "project/cordis-{id}",
        "Project",
        [
            (RDFS_LABEL, "title", "@en"),
            (DCT + "identifier", "id", ""),
            (DCT + "source", ID + "source/cordis", "iri"),
            ("http://xmlns.com/foaf/0.1/page", "https://cordis.europa.eu/project/id/{id}", "iri"),
            (MG + "acronym", "acronym", ""),
            (MG + "startDate", "start", XSD + "date"),
            (MG + "endDate", "end", XSD + "date"),
            (MG + "totalCost", "cost", XSD + "decimal"),
            (MG + "topic", "topic", ""),
            (MG + "fundedUnder", ID + "programme/horizon-europe", "iri"),
            (MG + "fundedUnder", ID + "programme/cordis-{basis}", "iri"),
            (MG + "hasFunding", ID + "funding/cordis-{id}", "iri"),
        ],
    ),
    (
        "project",
        ID + "funding/cordis-{id}",
        "Funding",
        [
            (RDFS_LABEL, "acronym", "@en"),
            (MG + "amount", "grant", XSD + "decimal"),
            (MG + "currency", EUR, "iri"),
            (MG + "fundingKind", CONCEPT + "funding-kind/grant", "iri"),
        ],
    ),
    (
        "organization",
        ID + "participation/cordis-{project}-{pic}",
        "Participation",
        [
            (MG + "participant", ID + "actor/cordis-{pic}", "iri"),
            (MG + "role", CONCEPT + "role/{role}", "iri"),
            (MG + "contribution", "amount", XSD + "decimal"),
        ],
    ),
    (
        "organization",
        ID + "project/cordis-{project}",
        "Project",
        [
            (MG + "hasParticipation", ID + "participation/cordis-{project}-{pic}", "iri"),
            (MG + "involves", ID + "actor/cordis-{pic}", "iri"),
        ],
    ),
    (
        "organization",
        ID + "actor/cordis-{pic}",
        "Actor",
        [
            (RDFS_LABEL, "name", "@en"),
            (DCT + "identifier", "pic", ""),
            (DCT + "source", ID + "source/cordis", "iri"),
            (MG + "acronym", "short", ""),
            (MG + "place", ID + "place/{country}", "iri"),
            ("http://xmlns.com/foaf/0.1/homepage", "homepage", "iri-column"),
        ],
    ),
    ("organization", ID + "place/{country}", "Place", [(RDFS_LABEL, "country", "@en")]),
    ("project", ID + "programme/cordis-{basis}", "Programme", [(RDFS_LABEL, "basis", "@en")]),
    ("project", ID + "programme/horizon-europe", "Programme", [(RDFS_LABEL, "acronym", "@en")]),
]


def rml(folder: Path) -> str:
    """Return the mapping as RML."""
    text = [
        "@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://semweb.mmlab.be/ns/rml#> .",
        "@prefix ql: <http://semweb.mmlab.be/ns/ql#> . @prefix x: <https://example.org/> .",
    ]
    for number, (table, subject, class_, properties) in enumerate(MAPS):
        source = f'rml:source "{folder / table}.csv" ; rml:referenceFormulation ql:CSV'
        objects = " ; ".join(
            f"rr:predicateObjectMap [ rr:predicate <{p}> ; rr:objectMap [ {_object(o, k)} ] ]"
            for p, o, k in properties
        )
        text.append(
            f"x:m{number} rml:logicalSource [ {source} ] ; rr:subjectMap [ {_subject(subject)} ;"
            f" rr:class <{MG}{class_}> ] ; {objects} ."
        )
    return "\n".join(text)


def _subject(template: str) -> str:
    return f'rr:template "{template}"' if "{" in template else f"rr:constant <{template}>"


def _object(value: str, kind: str) -> str:
    if kind == "iri":
        return _subject(value) + ("" if "{" not in value else " ; rr:termType rr:IRI")
    if kind == "iri-column":
        return f'rml:reference "{value}" ; rr:termType rr:IRI'
    extra = {"": "", "@en": ' ; rr:language "en"'}.get(kind, f" ; rr:datatype <{kind}>")
    return f'rml:reference "{value}"{extra}'


def map_plainly(folder: Path) -> int:
    """Map with the csv module and one format string a row; nothing is read, checked or sorted."""
    escapes = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})
    count = 0
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        for table, subject, class_, properties in MAPS:
            written = [f"<{subject}> <{RDF_TYPE}> <{MG}{class_}> .\n"]
            written += [f"<{subject}> <{p}> {_written(o, k)} .\n" for p, o, k in properties]
            fill = "".join(written).format_map
            with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    for name, cell in row.items():
                        if '"' in cell or "\\" in cell or "\n" in cell:
                            row[name] = cell.translate(escapes)
                    out.write(fill(row))
                    count += len(written)
    return count


def _written(value: str, kind: str) -> str:
    if kind == "iri":
        return f"<{value}>"
    if kind == "iri-column":
        return f"<{{{value}}}>"
    extra = {"": "", "@en": "@en"}.get(kind, f"^^<{kind}>")
    return f'"{{{value}}}"{extra}'


def map_by_morph_kgc(folder: Path) -> int:
    """Map by morph-kgc to a file; return how many triples."""
    import morph_kgc

    mapping, lines = folder / "mapping.ttl", folder / "out.nt"
    mapping.write_text(rml(folder), encoding="utf-8")
    config = f"[CONFIGURATION]\noutput_file={lines}\nlogging_level=ERROR\n[D]\nmappings={mapping}"
    triples = morph_kgc.materialize_set(config)
    lines.write_text("".join(f"{triple} .\n" for triple in triples), encoding="utf-8")
    return len(triples)


def by_morph_kgc(folder: Path) -> int:
    """Map by morph-kgc, load with pyoxigraph, validate with pySHACL; return how many triples."""
    import pyoxigraph

    map_by_morph_kgc(folder)
    lines = folder / "out.nt"
    store = pyoxigraph.Store()
    formats = getattr(pyoxigraph, "RdfFormat", None)  # morph-kgc asks for a pyoxigraph without it
    if formats is not None:
        store.bulk_load(path=str(lines), format=formats.N_TRIPLES)
    else:
        store.bulk_load(str(lines), "application/n-triples")
    _validate(lines)
    return len(store)


def by_rdflib(folder: Path) -> int:
    """Map row by row into a graph of rdflib, write it, and validate it."""
    from rdflib import Graph, Literal, URIRef
    from rdflib.namespace import RDF

    graph = Graph()
    for table, subject, class_, properties in MAPS:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                node = URIRef(subject.format(**row))
                graph.add((node, RDF.type, URIRef(MG + class_)))
                for predicate, value, kind in properties:
                    if kind.startswith("iri"):
                        term = URIRef(row[value] if kind != "iri" else value.format(**row))
                    elif kind == "@en":
                        term = Literal(row[value], lang="en")
                    else:
                        term = Literal(row[value], datatype=URIRef(kind) if kind else None)
                    graph.add((node, URIRef(predicate), term))
    graph.serialize(folder / "out.nt", format="nt", encoding="utf-8")
    _validate(folder / "out.nt")
    return len(graph)


def _validate(lines: Path) -> None:
    import pyshacl
    from rdflib import Graph

    data, shapes = Graph().parse(lines, format="nt"), Graph()
    for file in sorted((ROOT / "ontology" / "vocabularies").glob("*.ttl")):
        data.parse(file)
    for file in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(file)
    pyshacl.validate(data, shacl_graph=shapes, inference="none")


def timed(kind: str, work: Callable[[Path], int], folder: Path) -> dict[str, object]:
    """Return what a kind of work gave, and how long it took."""
    start, before = perf_counter(), process_time()
    triples = work(folder)
    seconds, cpu = perf_counter() - start, process_time() - before
    return {"label": LABELS[kind], "triples": triples, "seconds": seconds, "cpu": cpu}


LABELS = {
    "map-morph-kgc": "morph-kgc: CSV to N-Triples",
    "map-plain": "plain Python: CSV to N-Triples",
    "morph-kgc": "morph-kgc + pyoxigraph + pySHACL",
    "rdflib": "rdflib + pySHACL",
}
WORK = {
    "map-morph-kgc": map_by_morph_kgc,
    "map-plain": map_plainly,
    "morph-kgc": by_morph_kgc,
    "rdflib": by_rdflib,
}

if __name__ == "__main__":
    print(json.dumps(timed(sys.argv[1], WORK[sys.argv[1]], Path(sys.argv[2]).absolute())))
