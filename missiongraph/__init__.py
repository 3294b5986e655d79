"""missiongraph: the open knowledge graph of mission-oriented innovation policy.

``connect`` opens a graph; it and the types of what a graph gives are loaded when they are
first used, so that the import itself costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from missiongraph.client.compared import ComparedMissions
    from missiongraph.client.connecting import connect
    from missiongraph.client.graph import Graph
    from missiongraph.client.things import Evidence, Fact, Mission, Target, Thing
    from missiongraph.errors import MissiongraphError

    __version__: str

__all__ = [
    "ComparedMissions",
    "Evidence",
    "Fact",
    "Graph",
    "Mission",
    "MissiongraphError",
    "Target",
    "Thing",
    "__version__",
    "connect",
]
_HOMES: Final = {
    "connect": "missiongraph.client.connecting",
    "ComparedMissions": "missiongraph.client.compared",
    "Evidence": "missiongraph.client.things",
    "Fact": "missiongraph.client.things",
    "Graph": "missiongraph.client.graph",
    "Mission": "missiongraph.client.things",
    "MissiongraphError": "missiongraph.errors",
    "Target": "missiongraph.client.things",
    "Thing": "missiongraph.client.things",
}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return globals().setdefault(name, version("missiongraph"))
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(_HOMES[name]), name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if any(Path(__file__).with_name(room).is_file() for room in ("api", "ingest")):
    raise ImportError(
        "This checkout was cloned without symbolic links, so missiongraph.api and "
        "missiongraph.ingest are not found. Clone it anew with: "
        "git clone -c core.symlinks=true, or install a wheel."
    )
