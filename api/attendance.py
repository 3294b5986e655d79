"""Attendance: a query runs for as long as its client waits, and no client takes all workers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from missiongraph.api.serving import publication_of
from missiongraph.api.workers import Ticket

_LOOK_SECONDS: Final = 0.5


async def attend(request: Request, answer: Callable[[Ticket], Response]) -> Response:
    """Return what ``answer`` returns, which runs in a thread; end its query if the client goes.

    Raises:
        ClientBusy: the client has as many queries running as it may.
    """
    ticket = Ticket(request.client.host if request.client else "")
    publication = publication_of(request)
    with publication.admission.of(ticket.client):
        watch = asyncio.create_task(_cancel_if_gone(request, ticket))
        try:
            # A limiter of their own: waiting queries never keep pages from a thread.
            return await to_thread.run_sync(answer, ticket, limiter=publication.query_threads)
        finally:
            watch.cancel()


async def _cancel_if_gone(request: Request, ticket: Ticket) -> None:
    while not await request.is_disconnected():
        await asyncio.sleep(_LOOK_SECONDS)
    ticket.cancel()
