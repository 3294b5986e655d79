"""``missiongraph validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from missiongraph.cli.terminal import PROBLEMS, AsJson, ReportFile, echo_json, errors, plain
from missiongraph.diagnostics import WRITERS


def validate(
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", exists=True, dir_okay=False)],
    shapes: Annotated[
        list[Path] | None,
        typer.Option("--shapes", exists=True, dir_okay=False, help="Shapes instead of our own."),
    ] = None,
    report: ReportFile = None,
    as_json: AsJson = False,
) -> None:
    """Check RDF files of any form against SHACL shapes; the report is Turtle, or what its file's name says.

    Without --shapes our own are taken, the vocabularies are at hand and warnings keep
    nothing back. With --shapes the files are taken as they are, and any result counts.
    """
    # A name that tells no form has always meant Turtle.
    write = WRITERS.get(report.suffix) if report else None
    from missiongraph.ingest import gate, pipeline
    from missiongraph.ingest.rdf_files import read_statements, read_triples
    from missiongraph.ingest.rdf_positions import positions_in

    found = (
        gate.validate(read_statements(data), read_triples(shapes))
        if shapes
        else pipeline.validate(read_triples(data))
    )
    positions = positions_in(data, {finding.focus for finding in found.findings})
    findings = gate.located(found.findings, positions)
    if report is not None:
        written = write([each.diagnostic for each in findings]) if write else found.turtle
        report.write_text(written, encoding="utf-8")
    elif not as_json:
        typer.echo(found.turtle, nl=False)
    if as_json:
        echo_json({"conforms": found.conforms, "findings": [plain(each) for each in findings]})
    for finding in findings:
        errors.print(f"{finding.severity}: {finding}")
    raise typer.Exit(0 if found.conforms else PROBLEMS)
