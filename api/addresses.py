"""The service's own address, as its clients reach it."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from missiongraph.names import BASE, is_iri

ANYWHERE: Final = BASE.rstrip("/")
"""What stands for the address where a client made one up."""


def address_of(request: Request) -> str:
    """Return the service's address, without a last slash."""
    root = str(request.base_url).rstrip("/")
    # The Host header is the client's to write.
    return root if is_iri(root) else ANYWHERE
