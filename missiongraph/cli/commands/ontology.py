"""``missiongraph ontology``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from missiongraph.cli.terminal import PROBLEMS, AsJson, counted, echo_json, errors, plain

if TYPE_CHECKING:
    from missiongraph.ingest.owl_api import Departure, Explanation


def ontology(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", exists=True, dir_okay=False, show_default=False),
    ] = None,
    profile: Annotated[
        bool,
        typer.Option("--profile", help="Say which OWL 2 profiles it is in, and what leaves each."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ask HermiT whether the ontology, with RDF in FILEs, is consistent; if not, why not."""
    from missiongraph.ingest import owl_api

    triples = owl_api.ontology_triples(files or ())
    if profile:
        found = owl_api.profiles(triples)
        if as_json:
            echo_json({name: [plain(each) for each in left] for name, left in found.items()})
        else:
            for name, left in found.items():
                _tell_profile(name, owl_api.PROFILES[name], left)
        return
    explanations = owl_api.explain(triples)
    if as_json:
        echo_json([plain(each) for each in explanations])
    else:
        _tell(explanations)
    raise typer.Exit(PROBLEMS if explanations else 0)


def _tell(explanations: Sequence[Explanation]) -> None:
    for each in explanations:
        subject = (
            f"{each.focus} can have no instance" if each.focus else "The triples are inconsistent"
        )
        typer.echo(f"{subject}. These axioms say so together, and none of them can be left out:")
        for axiom in each.axioms:
            typer.echo(f"  {axiom}")
    well = "Consistent, and every class can have instances."
    errors.print(counted(len(explanations), "problem") if explanations else well)


def _tell_profile(name: str, purpose: str, left: Iterable[Departure]) -> None:
    counts = Counter((each.axiom_type, each.construct) for each in left)
    typer.echo(f"OWL 2 {name} ({purpose}): {'no' if counts else 'yes'}")
    for (axiom_type, construct), number in sorted(counts.items()):
        typer.echo(f"  {number:>4}  {axiom_type}{f' with {construct}' if construct else ''}")
