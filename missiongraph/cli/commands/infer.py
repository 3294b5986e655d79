"""``missiongraph infer``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import RdfFormat, serialize

from missiongraph.cli.terminal import Output, write_bytes
from missiongraph.inference import Closure, Program, ground, ontology_of, read_rules
from missiongraph.resources import root


def infer(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", exists=True, dir_okay=False)],
    ontology: Annotated[
        list[Path] | None,
        typer.Option("--ontology", exists=True, dir_okay=False, help="Axioms instead of our own."),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--with", help="Rules that apply only if asked for, such as domain-range, same-as."
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Write what follows from RDF files of any form, as sorted N-Triples."""
    from missiongraph.ingest.rdf_files import read_statements, read_triples

    folder = root() / "ontology"
    files = ontology or [folder / "missiongraph.ttl", *sorted((folder / "alignments").glob("*"))]
    rules = read_rules(folder / "rules", sets or ())
    program = Program(ground(rules, ontology_of(read_triples(files))))
    closure = Closure.of(program, read_statements(data))
    found = sorted(closure.inferred(), key=str)
    write_bytes(serialize(found, format=RdfFormat.N_TRIPLES) or b"", output)
