"""``missiongraph build``."""

from __future__ import annotations

from typing import Annotated

import typer

from missiongraph.cli.terminal import AsJson, echo_json, errors, plain, telling
from missiongraph.settings import Settings


def build(
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A file under data/, by name; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the curated sources into a validated release and publish it."""
    from missiongraph.ingest import gate, pipeline

    with telling("building") as progress:
        done = pipeline.build(Settings.load(), source or (), progress=progress)
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
