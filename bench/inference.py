"""How fast is inference? Ours, the rules as queries, reasonable and owlrl: a process each.

    python bench/inference.py [PROJECTS...] [--without NAME] [--most NAME=PROJECTS]
        [--seconds 1800]

Sizes are in projects; a project brings about 27 triples. ``--most`` names the largest size that a
reasoner is asked. What follows is asked of the graph of
``graph.py`` without what our rules give, with roles, parts, bodies and dates from which more
follows. Time is the processor's, reading apart from reasoning, which ends where what was inferred
is at hand in Python. reasonable is installed into a temporary environment. Prints tables in
Markdown.
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
from missiongraph.names import ID, PREFIXES, RDF_TYPE, mg
from missiongraph.ontology import read_turtle

REASONABLE = ("reasonable==0.4.4", "rdflib>=7.1,<8")
DATE = NamedNode(PREFIXES["xsd"] + "date")
BYTES_OF_MB = 1_000_000
MOST_BYTES = 10_000_000_000  # of address space: a reasoner that wants more is stopped
SCRIPTS = {
    "missiongraph": ("ours",),
    "missiongraph, with domains, ranges and other vocabularies": (
        "ours",
        "domain-range",
        "other-vocabularies",
    ),
    "rules as queries": ("by_queries",),
    "reasonable": ("by_reasonable",),
    "owlrl": ("by_owlrl",),
}


@dataclass(frozen=True)
class Measured:
    """What a reasoner took, and what it found.

    Attributes:
        read: seconds of processor time to read the files; None when it did not end.
        reason: seconds of processor time from there to what was inferred.
        peak_mb: the largest memory of its process.
        rows: what it inferred in the vocabulary of the graph.
        note: why it did not end, or what it says.
    """

    read: float | None
    reason: float = 0
    peak_mb: int = 0
    rows: frozenset[str] = frozenset()
    note: str = ""


def data(projects: int) -> Iterator[Triple]:
    """Yield vocabularies, and projects with what more can follow from."""
    for file in sorted(Rooms.ours().ontology.glob("vocabularies/*.ttl")):
        yield from read_turtle(file)
    involves, place = mg("involves"), 0
    for number, quad in enumerate(quads(projects)):
        if quad.predicate != involves:
            yield quad.triple
        if quad.predicate != RDF_TYPE:
            continue
        match str(quad.object.value).rpartition("#")[2]:
            case "Place":
                place += 1
                yield Triple(quad.subject, mg("partOf"), _place(place // 3))
            case "Project":
                yield Triple(quad.subject, mg("startDate"), Literal("2023-01-01", datatype=DATE))
                yield Triple(quad.subject, mg("coordinatedBy"), _actor(number % 1000))
            case "Actor" if number % 10 == 0:
                yield Triple(quad.subject, RDF_TYPE, mg("GovernanceBody"))


def _place(number: int) -> NamedNode:
    return NamedNode(f"{ID}place/place-{number}")


def _actor(number: int) -> NamedNode:
    return NamedNode(f"{ID}actor/actor-{number}")


def ontology() -> Iterator[Triple]:
    """Yield the ontology and its alignments."""
    folder = Rooms.ours().ontology
    for file in (folder / "missiongraph.ttl", *sorted(folder.glob("alignments/*.ttl"))):
        yield from read_turtle(file)


def measure(python: Path, name: str, files: list[Path], seconds: float) -> Measured:
    """Return what a reasoner takes in a process of its own."""
    script, *options = SCRIPTS[name]
    rows = files[0].with_suffix(".rows")
    path, given = f"reasoners/{script}.py", (*files, rows, *options)
    try:
        said = said_by(python, path, given, seconds=seconds, most_bytes=MOST_BYTES)
    except DidNotEnd as why:
        return Measured(None, note=str(why))
    return Measured(
        said["read_seconds"],
        said["reason_seconds"],
        said["peak_bytes"] // BYTES_OF_MB,
        frozenset(rows.read_text(encoding="utf-8").splitlines()),
        said["note"],
    )


def row(triples: int, name: str, took: Measured, ours: Measured) -> str:
    """Return one line of the table."""
    if took.read is None:
        return f"| {triples:,} | {name} | {took.note} | | | | | | |"
    times = [f"{took.read:.2f}", f"{took.reason:.2f}"]
    if ours.read:
        times.append(f"{took.reason / ours.reason:.0f}")
        times.append(f"{(took.read + took.reason) / (ours.read + ours.reason):.1f}")
    common = f"{len(took.rows & ours.rows):,} of {len(ours.rows):,}"
    cells = (*times, f"{took.peak_mb:,}", f"{len(took.rows):,}", common, took.note)
    return f"| {triples:,} | {name} | {' | '.join(cells)} |"


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", type=int, nargs="*", default=[2_000, 36_000])
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--most", action="append", default=[], metavar="NAME=PROJECTS")
    parser.add_argument("--seconds", type=float, default=1800)
    given = parser.parse_args()
    names = [n for n in SCRIPTS if n not in given.without]
    most = {name: int(size) for name, _, size in (one.partition("=") for one in given.most)}
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before;"
        f" Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')},"
        f" numpy {version('numpy')}, owlrl {version('owlrl')}, {REASONABLE[0]}\n"
    )
    print(
        "| triples | reasoner | reading, s | reasoning, s | to ours | with reading, to ours"
        " | peak MB | inferred | ours among them | |"
    )
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pythons = dict.fromkeys(names, Path(sys.executable))
        if "reasonable" in names:
            pythons["reasonable"] = environment_with(folder / "reasonable", *REASONABLE)
        axioms = folder / "ontology.ttl"  # N-Triples are Turtle too: reasonable goes by the ending
        serialize(ontology(), str(axioms), format=RdfFormat.N_TRIPLES)
        for projects in given.projects:
            file = folder / f"{projects}.ttl"
            serialize(data(projects), str(file), format=RdfFormat.N_TRIPLES)
            with file.open("rb") as lines:
                triples = sum(1 for _ in lines)
            ours = Measured(None)
            for reasoner in names:
                if projects > most.get(reasoner, projects):
                    continue
                took = measure(pythons[reasoner], reasoner, [file, axioms], given.seconds)
                ours = took if reasoner == "missiongraph" else ours
                print(row(triples, reasoner, took, ours), flush=True)
            file.unlink()


if __name__ == "__main__":
    main()
