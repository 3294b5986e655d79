"""Citations of queries: an address that gives the same answer for as long as its release is kept.

It carries the query, its SHA-256 and the release. A release never changes, so that whoever gets an
answer at the address knows that it is the one that was cited.
"""

from __future__ import annotations

import hashlib
from typing import Final
from urllib.parse import urlencode

from missiongraph.api.history import RELEASE
from missiongraph.errors import BadRequest

SHA_256: Final = "sha256"
"""The parameter by which a citation tells its query."""


def citation(query: str, release: str) -> str:
    """Return the address of a query's answer in a release."""
    told = {RELEASE: release, SHA_256: _digest(query), "query": query}
    return f"/sparql?{urlencode(told)}"


def check_cited(query: str, sha256: str | None) -> None:
    """Check that a query is the one that a citation tells; None when it is no citation.

    Raises:
        BadRequest: it is another.
    """
    if sha256 is not None and sha256.lower() != _digest(query):
        raise BadRequest(
            f"The query is not the one that was cited: its SHA-256 is {_digest(query)}.",
            where=SHA_256,
            remedy=f"Take the whole address of the citation, or leave out {SHA_256}=.",
        )


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()
