"""Memento (RFC 7089): what an address answered at a time, from the release of that time.

An address with ``release=`` is a memento of the one without. A request with Accept-Datetime is sent
on to the memento of the newest release that was there by then; ``/timemap`` and the address
lists all of them. Only kept releases can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final, cast
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from missiongraph.api import problems
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer_with
from missiongraph.api.history import RELEASE
from missiongraph.api.serving import Publication
from missiongraph.errors import BadRequest, UnknownRelease, UnknownThing
from missiongraph.formats import Format
from missiongraph.releases import Home, Manifest

LINK_FORMAT: Final = Format("link", "application/link-format")
_VERSIONED: Final = (
    "/id/", "/concept", "/questions/", "/missions", "/compare", "/network", "/timeline", "/sparql",
)  # fmt: skip
"""Addresses whose answers come from a release alone."""
_LONGEST_LINKED: Final = 4_000
"""Query strings, in characters, that are told again in Link: clients refuse long headers."""
_NO_DATE: Final = BadRequest(
    "It is not a date.",
    where="Accept-Datetime",
    remedy="Write one as in Wed, 25 Nov 2026 12:00:00 GMT.",
)
_NO_RELEASES: Final = UnknownRelease(
    "There is no release that can be read as of a date.",
    where="Accept-Datetime",
    remedy="Leave it out.",
)
router = APIRouter(tags=["Releases"])


@router.get(
    "/timemap/{address:path}",
    summary="The mementos of an address",
    response_class=Response,
    responses=problems.responses("The time map.", LINK_FORMAT),
)
def timemap(
    request: Request,
    address: str = PathParameter(description="The address, such as questions/missions.csv."),
) -> Response:
    """List what an address answers in each kept release (RFC 7089, section 5)."""
    original = f"/{address}"
    if not is_versioned(original):
        raise UnknownThing(
            f"{original} has no mementos.",
            where=request.url.path,
            remedy=f"Ask for an address below one of: {', '.join(_VERSIONED)}.",
        )
    root, query = address_of(request), request.url.query
    asked = f"{root}{_with_query(original, query)}"
    links = [
        f'<{asked}>; rel="original timegate"',
        f'<{root}{_with_query(f"/timemap{original}", query)}>; rel="self"; type="{LINK_FORMAT.media_type}"',
        *(
            f'<{root}{_memento(original, query, manifest)}>; rel="memento"; datetime="{_http(manifest)}"'
            for manifest in _manifests(request.app)
        ),
    ]
    return answer_with(request, LINK_FORMAT, ",\n".join(links).encode())


class Memento:
    """Middleware: sends Accept-Datetime on to a memento, and marks mementos as such.

    Args:
        app: what is wrapped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["method"] != "GET" or not is_versioned(scope["path"]):
            await self._app(scope, receive, send)
            return
        path, query = scope["path"], scope["query_string"].decode("latin-1")
        is_memento = any(name == RELEASE and value for name, value in parse_qsl(query))
        wished = Headers(scope=scope).get("Accept-Datetime")
        if wished is not None and not is_memento:
            await _send_on(Request(scope), wished)(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_links(message: Message) -> None:
            answered = message["type"] == "http.response.start" and message["status"] in (200, 304)
            if answered and len(query) < _LONGEST_LINKED:
                _mark(MutableHeaders(scope=message), path, query, state.get("as_of"))
            await send(message)

        await self._app(scope, receive, send_with_links)


def _send_on(request: Request, wished: str) -> Response:
    path, query = request.url.path, request.url.query
    manifests = _manifests(request.app)
    try:
        when = parsedate_to_datetime(wished)
    except ValueError:
        return problems.respond(request, _NO_DATE)
    if not manifests:
        return problems.respond(request, _NO_RELEASES)
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    chosen = next((m for m in manifests if _built(m) <= when), manifests[-1])
    original = f'<{_with_query(path, query)}>; rel="original timegate"'
    headers = {"Vary": "Accept-Datetime", "Link": original}
    return RedirectResponse(_memento(path, query, chosen), status_code=302, headers=headers)


def is_versioned(path: str) -> bool:
    """Say whether an address has mementos."""
    return path.startswith(_VERSIONED)


def _manifests(app: Starlette) -> Sequence[Manifest]:
    """Return the manifests of the kept releases, the newest first; none of a remote store."""
    publication = cast(Publication, app.state.publication)
    if publication.settings.store:
        return ()
    return [release.manifest for release in Home(publication.settings.home).releases()]


def _mark(headers: MutableHeaders, path: str, query: str, as_of: Manifest | None) -> None:
    bare = urlencode([(name, value) for name, value in parse_qsl(query) if name != RELEASE])
    original, timemap = _with_query(path, bare), _with_query(f"/timemap{path}", bare)
    headers.append("Link", f'<{original}>; rel="original timegate"')
    headers.append("Link", f'<{timemap}>; rel="timemap"; type="{LINK_FORMAT.media_type}"')
    if as_of is not None:
        headers["Memento-Datetime"] = _http(as_of)


def _memento(path: str, query: str, manifest: Manifest) -> str:
    named = urlencode({RELEASE: manifest.release})
    return f"{path}?{query}&{named}" if query else f"{path}?{named}"


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _built(manifest: Manifest) -> datetime:
    built = datetime.fromisoformat(manifest.built)
    return built if built.tzinfo else built.replace(tzinfo=UTC)


def _http(manifest: Manifest) -> str:
    return format_datetime(_built(manifest).astimezone(UTC), usegmt=True)
