"""missiongraph: the open knowledge graph of mission-oriented innovation policy."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Final

__version__: Final = version("missiongraph")

if any(Path(__file__).with_name(room).is_file() for room in ("api", "ingest")):
    raise ImportError(
        "This checkout was cloned without symbolic links, so missiongraph.api and "
        "missiongraph.ingest are not found. Clone it anew with: "
        "git clone -c core.symlinks=true, or install a wheel."
    )
