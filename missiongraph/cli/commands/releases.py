"""``missiongraph releases``."""

from __future__ import annotations

from rich.table import Table as RichTable

from missiongraph.cli.terminal import AsJson, echo_json, print_rich
from missiongraph.releases import Home
from missiongraph.settings import Settings


def releases(as_json: AsJson = False) -> None:
    """List the kept releases, the newest first."""
    home = Home(Settings.load().home)
    current = home.current()
    kept = [(release, release.manifest) for release in home.releases()]
    if as_json:
        echo_json(
            [
                {
                    "release": manifest.release,
                    "current": release == current,
                    "built": manifest.built,
                    "triples": manifest.triples,
                    "claims": manifest.claims,
                    "warnings": manifest.warnings,
                }
                for release, manifest in kept
            ]
        )
        return
    table = RichTable("Release", "Built", "Triples", "Claims", "Warnings", "")
    for release, manifest in kept:
        figures = (f"{n:,}" for n in (manifest.triples, manifest.claims, manifest.warnings))
        mark = "current" if release == current else ""
        table.add_row(manifest.release, manifest.built[:19], *figures, mark)
    print_rich(table)
