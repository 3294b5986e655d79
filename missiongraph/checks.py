"""Checks: what the gate asks beside the shapes, each a query under ``ontology/checks/``.

A check is named by its file; its first comment says what holds where it finds nothing. Its IRI
has the form of a shape's, and is explained at the same address.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from missiongraph import resources
from missiongraph.names import SHAPES

CHECKS: Final = "*-violation.rq"
_ENDING: Final = CHECKS.removeprefix("*")


def check_iri(file: Path) -> str:
    """Return the IRI of the check in a file.

    >>> check_iri(Path("hierarchy-cycle-violation.rq"))
    'https://w3id.org/missiongraph/shapes#hierarchy-cycle'
    """
    return f"{SHAPES}#{file.name.removesuffix(_ENDING)}"


def our_checks() -> dict[str, str]:
    """Return what each of our checks asks, in the words of its comment, by IRI."""
    files = sorted((resources.root() / "ontology" / "checks").glob(CHECKS))
    return {check_iri(file): " ".join(_first_comment(file)) for file in files}


def _first_comment(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            return
        yield line.removeprefix("#").strip()
