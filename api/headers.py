"""What every answer carries: CORS for tools in other pages, and a strict CSP for ours."""

from __future__ import annotations

from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from missiongraph.api.routes import allowed_methods

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_STYLES_OF_LIBRARIES: Final = (
    "'sha256-pgvDUBa4IjFA2yuSJ2cqcyxmNYJMborsd0ORcRv9vw8='",  # Cytoscape's containers
    "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='",  # YASGUI's columns
    "'sha256-c0O6TmFAkgpNbHxKAa1BrveWHHopjEtC47i0PzMudxg='",  # and one of them being dragged
)
STYLED_BY_SCRIPT: Final = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", " ".join(("style-src 'self'", *_STYLES_OF_LIBRARIES))
)
"""For pages on which vendored libraries write style sheets: those that are known, by their hashes."""
EMBEDDABLE: Final = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For pages that are made to be shown inside others."""
EVERYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Memento-Datetime, Retry-After",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT_SECONDS: Final = "86400"


class EveryAnswer:
    """Middleware: adds the headers of every answer, and answers OPTIONS and HEAD.

    HEAD is GET without a body, so it is asked of the app as GET: the headers are then
    those of GET, Content-Length among them (RFC 9110, section 9.3.2).

    Args:
        app: what is wrapped.
        routes: the app that knows the addresses.
    """

    def __init__(self, app: ASGIApp, routes: Starlette) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in EVERYWHERE.items():
                    headers.setdefault(name, value)
            elif head:
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] == "OPTIONS" and (methods := allowed_methods(self._routes, scope)):
            await _options(methods)(scope, receive, send_with_headers)
            return
        asked = {**scope, "method": "GET"} if head else scope
        await self._app(asked, receive, send_with_headers)


def _options(methods: tuple[str, ...]) -> Response:
    allowed = ", ".join(methods)
    return Response(
        status_code=204,
        headers={
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Accept-Datetime, Content-Type, If-None-Match, Mcp-Protocol-Version",
            "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
        },
    )
