"""``/mcp``: the tools of ``missiongraph.assistant`` over HTTP (MCP's streamable transport).

Without sessions: each request is answered by itself, from what is served at that moment, behind the
endpoint's workers and limits.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings

from missiongraph.api.serving import Publication
from missiongraph.assistant import server
from missiongraph.formats import Format
from missiongraph.store import WHOLE, Dataset

PATH: Final = "/mcp"


@dataclass(frozen=True)
class _Current:
    """What is served when it is asked, as a ``Store``."""

    publication: Publication

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        return self.publication.served().store.answer(query, wanted, dataset)


@contextlib.asynccontextmanager
async def assistant(app: FastAPI, publication: Publication) -> AsyncIterator[None]:
    """Serve the tools for as long as the app runs."""
    made = server(_Current(publication))
    tools = made.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=publication.settings.body_bytes,
        # What this guards from strangers' pages is open to all anyway.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.router.routes.extend(tools.routes)
    async with made.session_manager.run():
        yield
    for route in tools.routes:
        app.router.routes.remove(route)
