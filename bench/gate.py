"""How fast is the gate? Ours, pySHACL and rudof: the same files, one run, a process each.

    python bench/gate.py [PROJECTS...] [--without NAME] [--most NAME=PROJECTS] [--seconds 1800]

Sizes are in projects; a project brings about 35 triples. ``--most`` names the largest size that a
validator is asked. Our shapes are asked of the graph of
``graph.py`` with what its things lack, of its vocabularies, and of some mistakes. Time is the
processor's, from files to a written report; machines are shared. rudof is installed into a temporary environment. Prints tables in Markdown.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from graph import quads
from measured_process import DidNotEnd, environment_with, said_by
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from missiongraph.ingest.pipeline import Rooms
from missiongraph.names import CONCEPT, PREFIXES, RDF_TYPE, mg
from missiongraph.ontology import read_turtle

RUDOF = "pyrudof==0.3.35"
DATE = NamedNode(PREFIXES["xsd"] + "date")
MISTAKE = 400  # of so many participations, one has a mistake
BYTES_OF_MB = 1_000_000
MOST_BYTES = 20_000_000_000  # of address space: a validator that wants more is stopped
SCRIPTS = {
    "missiongraph": "ours",
    "missiongraph in batches": "in_batches",
    "pyshacl": "by_pyshacl",
    "rudof": "by_rudof",
}


@dataclass(frozen=True)
class Measured:
    """What a validator took, and what it found.

    Attributes:
        seconds: of processor time, from files to a written report; None when it did not end.
        elapsed_seconds: by the clock.
        peak_mb: the largest memory of its process.
        results: how many results it has.
        rows: the file of its results, sorted.
        note: why it did not end.
    """

    seconds: float | None
    elapsed_seconds: float = 0
    peak_mb: int = 0
    results: int = 0
    rows: Path | None = None
    note: str = ""


def data(projects: int) -> Iterator[Triple]:
    """Yield the graph: vocabularies, and projects of which few have mistakes."""
    rooms = Rooms.ours()
    for file in (rooms.ontology / "missiongraph.ttl", *rooms.ontology.glob("vocabularies/*.ttl")):
        yield from read_turtle(file)
    participations = 0
    for quad in quads(projects):
        yield quad.triple
        if quad.predicate != RDF_TYPE:
            continue
        match str(quad.object.value).rpartition("#")[2]:
            case "Participation":
                participations += 1
                yield from _role(quad.subject, participations)
            case "Project":
                yield Triple(quad.subject, mg("startDate"), Literal("2023-01-01", datatype=DATE))
            case "Actor":
                yield Triple(quad.subject, mg("actorType"), _concept("actor-type/company"))


def _role(participation: NamedNode, number: int) -> Iterator[Triple]:
    match number % MISTAKE:
        case 0:
            return
        case 1:
            yield Triple(participation, mg("role"), _concept("actor-type/company"))
        case 2:
            yield Triple(participation, mg("contribution"), Literal("much"))
            yield Triple(participation, mg("role"), _concept("role/coordinator"))
        case _:
            yield Triple(participation, mg("role"), _concept("role/coordinator"))


def _concept(path: str) -> NamedNode:
    return NamedNode(CONCEPT + path)


def measure(python: Path, name: str, files: list[Path], seconds: float) -> Measured:
    """Return what a validator takes in a process of its own."""
    rows = files[0].with_suffix(f".{SCRIPTS[name]}.rows")
    script, given = f"validators/{SCRIPTS[name]}.py", (*files, rows)
    try:
        said = said_by(python, script, given, seconds=seconds, most_bytes=MOST_BYTES)
    except DidNotEnd as why:
        return Measured(None, note=str(why))
    return Measured(
        said["processor_seconds"],
        said["seconds"],
        said["peak_bytes"] // BYTES_OF_MB,
        said["results"],
        rows,
    )


def agreement(ours: Measured, other: Measured) -> str:
    """Say in how many results two validators agree."""
    if ours.rows is None or other.rows is None:
        return "-"
    mine, theirs = (m.read_text().splitlines() for m in (ours.rows, other.rows))
    if mine == theirs:
        return "all"
    common = len(set(mine) & set(theirs))
    return f"{common:,} of {len(set(mine)):,} and {len(set(theirs)):,}"


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", type=int, nargs="*", default=[2_000, 34_000])
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--most", action="append", default=[], metavar="NAME=PROJECTS")
    parser.add_argument("--seconds", type=float, default=1800)
    given = parser.parse_args()
    names = [n for n in SCRIPTS if n not in given.without]
    most = {name: int(size) for name, _, size in (one.partition("=") for one in given.most)}
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before;"
        f" Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')},"
        f" numpy {version('numpy')}, pySHACL {version('pyshacl')}, {RUDOF}\n"
    )
    print(
        "| triples | validator | seconds | to missiongraph | by the clock | peak MB | results | the same |"
    )
    print("|--:|---|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pythons = dict.fromkeys(names, Path(sys.executable))
        if "rudof" in names:
            pythons["rudof"] = environment_with(folder / "rudof", RUDOF)
        shapes = folder / "shapes.ttl"
        serialize(Rooms.ours().read_shapes(), str(shapes), format=RdfFormat.TURTLE)
        for projects in given.projects:
            file = folder / f"{projects}.nt"
            serialize(data(projects), str(file), format=RdfFormat.N_TRIPLES)
            with file.open("rb") as lines:
                triples = sum(1 for _ in lines)
            ours = Measured(None)
            for validator in names:
                if projects > most.get(validator, projects):
                    continue
                took = measure(pythons[validator], validator, [file, shapes], given.seconds)
                ours = took if validator == "missiongraph" else ours
                print(row(triples, validator, took, ours), flush=True)
            file.unlink()


def row(triples: int, name: str, took: Measured, ours: Measured) -> str:
    """Return one line of the table."""
    if took.seconds is None:
        return f"| {triples:,} | {name} | {took.note} | | | | | |"
    ratio = f"{took.seconds / ours.seconds:.1f}" if ours.seconds else "-"
    times = (f"{took.seconds:.1f}", ratio, f"{took.elapsed_seconds:.1f}")
    cells = (*times, f"{took.peak_mb:,}", f"{took.results:,}")
    return f"| {triples:,} | {name} | {' | '.join(cells)} | {agreement(ours, took)} |"


if __name__ == "__main__":
    main()
