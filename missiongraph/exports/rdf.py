"""A release as RDF: every statement with its graph, or the merged graph alone."""

from __future__ import annotations

import shutil
from typing import IO, Final

from pyoxigraph import DefaultGraph, RdfFormat, parse, serialize

from missiongraph.formats import JSON_LD, N_QUADS, TRIG, TURTLE, GraphFormat
from missiongraph.names import PREFIXES
from missiongraph.releases import Release

FORMATS: Final = (N_QUADS, TRIG, TURTLE, JSON_LD)


def write_rdf(release: Release, wanted: GraphFormat, stream: IO[bytes]) -> None:
    """Write a release.

    N-Quads are the dump's own bytes. Turtle has no named graphs and holds the merged graph.
    TriG and JSON-LD are written graph by graph, for which the release is loaded.

    Raises:
        ReleaseDamaged: its files are not those that its manifest describes.
    """
    if wanted in (TRIG, JSON_LD):
        release.load().dump(stream, wanted)
        return
    release.verify()
    if wanted == N_QUADS:
        with release.dump.open("rb") as dump:
            shutil.copyfileobj(dump, stream)
        return
    quads = parse(path=str(release.dump), format=RdfFormat.N_QUADS)
    merged = (quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph))
    serialize(merged, stream, format=wanted.engine, prefixes=PREFIXES)
