"""``missiongraph mcp``."""

from __future__ import annotations

from missiongraph.cli.terminal import StoreAddress, open_graph


def mcp(store: StoreAddress = None) -> None:
    """Serve an assistant over stdin and stdout (Model Context Protocol)."""
    from missiongraph.assistant import server

    with open_graph(store) as graph:
        server(graph).run("stdio")
