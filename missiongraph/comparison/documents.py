"""A comparison as JSON, and as JSON-LD in the RDF Data Cube vocabulary (with its context inline)."""

from __future__ import annotations

import json
from typing import Any, Final

from missiongraph.comparison.matrix import Comparison, Finding, Passage
from missiongraph.comparison.similarity import Join, cluster, distances
from missiongraph.names import MG, PREFIXES

_CUBE: Final = "http://purl.org/linked-data/cube#"


def as_json(comparison: Comparison) -> bytes:
    """Return the whole comparison, each finding with its passages, and how alike the missions are."""
    document = {
        "release": comparison.release or None,
        "missions": [
            {"id": s.iri, "label": s.label, "knownShare": float(comparison.known_share_of(s))}
            for s in comparison.subjects
        ],
        "criteria": [
            {
                "id": c.iri,
                "name": c.name,
                "label": c.heading,
                "dimension": c.dimension or None,
                "typology": c.typology or None,
                "knownShare": float(comparison.known_share(comparison.row(c))),
            }
            for c in comparison.criteria
        ],
        "cells": [
            {
                "mission": subject.iri,
                "criterion": criterion.name,
                "state": cell.state.value,
                "text": cell.text,
                "disagreement": cell.disagreement,
                "findings": [_finding(finding) for finding in cell.findings],
            }
            for subject, criterion, cell in comparison
        ],
        "similarity": _similarity(comparison),
    }
    return _dumped(document)


def as_json_ld(comparison: Comparison) -> bytes:
    """Return an observation for each cell; values and passages are the graph's own IRIs."""
    data_set = f"{PREFIXES['id']}graph/comparison"
    observations = [
        {
            "@type": "qb:Observation",
            "qb:dataSet": {"@id": data_set},
            "mg:assesses": {"@id": subject.iri},
            "mg:criterion": {"@id": criterion.iri},
            **({"mg:typology": {"@id": criterion.typology}} if criterion.typology else {}),
            "state": cell.state.value,
            "rdf:value": [_node(finding.value) for finding in cell.findings],
            "prov:wasDerivedFrom": [{"@id": passage.iri} for passage in cell.passages],
        }
        for subject, criterion, cell in comparison
    ]
    labels = [
        {"@id": iri, "rdfs:label": label}
        for iri, label in dict.fromkeys(
            [(s.iri, s.label) for s in comparison.subjects]
            + [(c.iri, c.label) for c in comparison.criteria]
        )
    ]
    context = {name: PREFIXES[name] for name in ("dcterms", "prov", "rdf", "rdfs")}
    context |= {"mg": MG, "qb": _CUBE, "state": "rdfs:comment"}
    described = {
        "@id": data_set,
        "@type": "qb:DataSet",
        "dcterms:hasVersion": comparison.release or "not told",
    }
    return _dumped({"@context": context, "@graph": [described, *labels, *observations]})


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "value": finding.value,
        "text": finding.text,
        "state": finding.state.value,
        "of": finding.subject or None,
        "coder": finding.coder or None,
        "evidence": [_passage(passage) for passage in finding.passages],
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.iri,
        "summary": passage.summary,
        "locator": passage.locator or None,
        "link": passage.link or None,
    }


def _similarity(comparison: Comparison) -> dict[str, Any]:
    iris = [subject.iri for subject in comparison.subjects]
    tree = cluster(comparison)
    return {
        "distances": [
            {
                "missions": [iris[one], iris[other]],
                "distance": None if d.value is None else round(d.value, 4),
                "low": round(d.low, 4),
                "high": round(d.high, 4),
                "knownShare": round(d.known, 4),
            }
            for (one, other), d in distances(comparison).items()
        ],
        "tree": None if tree is None else _tree(tree, iris),
    }


def _tree(tree: Join | int, iris: list[str]) -> Any:
    if isinstance(tree, int):
        return iris[tree]
    return {
        "height": round(tree.height, 4),
        "support": round(tree.support, 4),
        "parts": [_tree(part, iris) for part in tree.parts],
    }


def _node(value: str) -> Any:
    return {"@id": value} if value.startswith(("http://", "https://")) else value


def _dumped(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
