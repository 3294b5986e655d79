"""Where the package's own ontology, shapes, queries and data are.

Installed from a wheel they are package resources; in a checkout, the folders at
its root, so that an edited or new file takes part in the next build.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from missiongraph.errors import PartMissing

FOLDERS: Final = ("ontology", "shapes", "queries", "data")
_PACKAGE: Final = Path(__file__).parent


@cache
def root() -> Path:
    """Return the folder that holds ``ontology``, ``shapes``, ``queries`` and ``data``.

    Raises:
        PartMissing: neither the wheel's resources nor a checkout's folders are there.
    """
    for candidate in (_PACKAGE / "_resources", _PACKAGE.parent):
        if all((candidate / folder).is_dir() for folder in FOLDERS):
            return candidate
    raise PartMissing(
        "The ontology, shapes, queries and data of missiongraph are not beside it.",
        where=str(_PACKAGE),
        remedy="Install it again: pip install --force-reinstall missiongraph.",
    )


def checkout() -> Path | None:
    """Return the root of the checkout this runs from, or None when installed from a wheel."""
    folder = root()
    return folder if (folder / "pyproject.toml").is_file() else None
