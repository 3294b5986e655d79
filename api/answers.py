"""Answers: bytes with their headers, and 304 for what the client has already.

What a release answers never changes, so an ETag of release, form and request says
whether a stored copy is still right without asking the question again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from missiongraph import __version__
from missiongraph.api.negotiation import Choice
from missiongraph.formats import Format


def etag_of(*parts: str | bytes) -> str:
    """Return an entity tag of everything an answer depends on.

    It is weak: the same solutions may be written in another order by another process.
    """
    digest = hashlib.sha256(__version__.encode())
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return f'W/"{digest.hexdigest()[:32]}"'


def answer(
    request: Request, choice: Choice[Format], etag: str | None, body: Callable[[], bytes]
) -> Response:
    """Return 304 if the client has the answer of that tag, else the body.

    Args:
        request: carries If-None-Match.
        choice: how the body is written.
        etag: None when the answer may differ each time it is asked.
        body: makes the answer; not called for a 304.
    """
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if etag is not None:
        headers["ETag"] = etag
        if _has(request, etag):
            return Response(status_code=304, headers=headers)
    return Response(body(), headers={**headers, "Content-Type": choice.content_type})


def answer_with(request: Request, format_: Format, body: bytes) -> Response:
    """Return a body that is made already, in the one form that its address has."""
    choice = Choice[Format](format_, format_.media_type)
    return answer(request, choice, etag_of(body), lambda: body)


def _has(request: Request, etag: str) -> bool:
    """Say whether If-None-Match names the tag; weak comparison (RFC 9110, section 13.1.2)."""
    given = ",".join(request.headers.getlist("If-None-Match"))
    known = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return "*" in known or etag.removeprefix("W/") in known
