"""``missiongraph build``."""

from __future__ import annotations

from typing import Annotated

import typer

from missiongraph.cli.terminal import AsJson, ReportFile, echo_json, errors, plain, telling
from missiongraph.diagnostics import writer_of
from missiongraph.errors import GateClosed
from missiongraph.settings import Settings


def build(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A file under data/, by name; repeatable.")
    ] = None,
    as_json: AsJson = False,
    report: ReportFile = None,
) -> None:
    """Build the curated sources into a validated release and publish it."""
    from missiongraph.ingest import gate, pipeline

    write = writer_of(report) if report else None
    with telling("building") as progress:
        try:
            done = pipeline.build(Settings.load(), source or (), progress=progress)
        except GateClosed as closed:
            if report and write:
                report.write_text(write(closed.diagnostics), encoding="utf-8")
            raise
    if report and write:
        report.write_text(write([w.diagnostic for w in done.warnings]), encoding="utf-8")
    manifest = done.release.manifest
    if as_json:
        echo_json(
            {
                "release": manifest.release,
                "published": done.published,
                "triples": manifest.triples,
                "claims": manifest.claims,
                "warnings": [plain(finding) for finding in done.warnings],
                "removed": list(done.removed),
            }
        )
        return
    state = "published" if done.published else "unchanged"
    typer.echo(
        f"Release {manifest.release} {state}: {manifest.triples:,} triples, "
        f"{manifest.claims:,} claims, {len(manifest.sources)} sources."
    )
    for message, count in gate.counts(done.warnings):
        errors.print(f"{count:>4}  {message}")
