"""Where ``.ci/install-clients`` puts the clients of other languages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parents[1]
NODE_MODULES: Final = _ROOT / ".clients" / "node" / "node_modules"
COMUNICA: Final = NODE_MODULES / ".bin" / "comunica-sparql"


def jena_jar() -> Path | None:
    """Return the newest jar with Jena's classes, Fuseki's; None when there is none."""
    return max((_ROOT / ".servers").glob("jena-fuseki-server-*.jar"), default=None)


def require(client: str, found: object) -> None:
    """Skip the test by name when a client is not installed; in CI let it fail."""
    if not found and os.environ.get("CI") != "true":
        pytest.skip(f"{client} is not installed (.ci/install-clients)")
