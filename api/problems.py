"""Errors as clients see them: one shape, application/problem+json (RFC 9457).

Members: ``type``, ``title``, ``status``, ``detail``, and of our own ``what``, ``where``
and ``remedy``. A browser, which likes HTML better, gets the same words as a page.
"""

from __future__ import annotations

import json
import logging
import re
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from rapidfuzz import fuzz
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from missiongraph.api import templates
from missiongraph.api.headers import EVERYWHERE
from missiongraph.api.name_index import Named
from missiongraph.api.negotiation import choose
from missiongraph.api.observation import note
from missiongraph.api.routes import allowed_methods
from missiongraph.api.serving import publication_of
from missiongraph.errors import HTTP_STATUS, BadParameter, FormatNotOffered, MissiongraphError
from missiongraph.formats import Format
from missiongraph.names import BASE, segment_of

TYPES: Final = BASE + "docs#"
_NO_KIND: Final = "about:blank"  # nothing to tell beyond the status (RFC 9457, section 4.2.1)
PROBLEM_JSON: Final = Format("problem", "application/problem+json", ("application/json",))
_OFFERED: Final = (PROBLEM_JSON, templates.HTML)
_RETRY_SECONDS: Final = {429: "1", 503: "5"}
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST_WORDS: Final = 100
_THINGS: Final = ("/id/", "/concept/")
_MOST_WORDS: Final = 6
_CONSIDERED: Final = 30
_SUGGESTED: Final = 5
_log = logging.getLogger(__name__)

SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "What was wrong, where, and what to do (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "what", "where", "remedy"],
    "properties": {
        "type": {"type": "string", "description": "An IRI for this kind of problem."},
        "title": {"type": "string", "description": "The kind of problem in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "Place, problem and remedy in one text."},
        "what": {"type": "string", "description": "The problem, with the offending value."},
        "where": {"type": "string", "description": "The parameter or place; may be empty."},
        "remedy": {"type": "string", "description": "What to do; may be empty."},
    },
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": words,
        "content": {
            PROBLEM_JSON.media_type: {"schema": {"$ref": "#/components/schemas/Problem"}},
            templates.HTML.media_type: {"schema": {"type": "string"}},
        },
    }
    for status, words in (("4XX", "The request was not right."), ("5XX", "The server cannot."))
}


def responses(words: str, *formats: Format) -> dict[int | str, dict[str, Any]]:
    """Return what an operation answers, for the OpenAPI document.

    Args:
        words: what a whole answer is.
        formats: the forms in which it is given.
    """
    media_types = (kind for f in formats for kind in (f.media_type, *f.aliases))
    return {
        200: {"description": words, "content": {kind: {"schema": {}} for kind in media_types}},
        304: {"description": "The client has it already."},
        **RESPONSES,
    }


def install(app: Starlette) -> None:
    """Have every error of the app answered in the one shape."""
    for kind in (MissiongraphError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, respond)


def respond(request: Request, error: Exception) -> Response:
    """Return an error as problem+json, or as a page if the client likes that better."""
    problem = problem_of(request, error)
    note(request, outcome=problem["type"].removeprefix(TYPES))
    status = problem["status"]
    # An unforeseen error is answered outside of the middleware that adds them.
    headers = {**EVERYWHERE, "Vary": "Accept", "Cache-Control": "no-store"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed_methods(request.app, request.scope))
    if status in _RETRY_SECONDS:
        headers["Retry-After"] = _RETRY_SECONDS[status]
    if _likes_html(request):
        words = _words_of(request.url.path) if status == HTTPStatus.NOT_FOUND else ""
        body = templates.render(
            request, "problem.html", problem=problem, words=words, alike=_alike(request, words)
        )
        headers["Content-Type"] = templates.HTML.content_type
    else:
        body = json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace")
        headers["Content-Type"] = PROBLEM_JSON.media_type
    return Response(body, status, headers)


def _words_of(path: str) -> str:
    """Return the words that a thing's path ends in, to look for what was meant."""
    if not path.startswith(_THINGS):
        return ""
    last = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return " ".join(_WORD.findall(last))[:_LONGEST_WORDS]


def _alike(request: Request, words: str) -> list[Named]:
    """Return the things that are called like it, those with the nearest address first.

    None while nothing is served.
    """
    if not words:
        return []
    try:
        names = publication_of(request).served().names
    except MissiongraphError:
        return []
    asked = (words, *words.split()[:_MOST_WORDS])
    found = {named.iri: named for text in asked for named in names.find(text, _CONSIDERED)}
    path = BASE + request.url.path.removeprefix("/")
    nearness = {iri: fuzz.partial_ratio(path, iri) for iri in found}
    return sorted(found.values(), key=lambda named: (-nearness[named.iri], named.iri))[:_SUGGESTED]


def kinds() -> dict[str, tuple[int, str]]:
    """Return each kind of problem of ours: its status and what it means."""
    return {
        segment_of(leaf.__name__): (status, (leaf.__doc__ or "").splitlines()[0])
        for leaf, status in HTTP_STATUS.items()
    }


def problem_of(request: Request, error: Exception) -> dict[str, Any]:
    """Return the members of the problem that an error is."""
    match error:
        case MissiongraphError():
            kind = segment_of(type(error).__name__)
            status, meaning = kinds()[kind]
            return _members(TYPES + kind, meaning, status, error)
        case HTTPException():
            http = HTTPStatus(error.status_code)
            return _members(_NO_KIND, http.phrase, http, _framework(request, http))
        case RequestValidationError():
            kind = segment_of(BadParameter.__name__)
            status, meaning = kinds()[kind]
            return _members(TYPES + kind, meaning, status, _invalid(error))
        case _:
            _log.error("Unforeseen: %s %s", request.method, request.url.path)
            http = HTTPStatus.INTERNAL_SERVER_ERROR
            return _members(_NO_KIND, http.phrase, http, _UNFORESEEN)


_UNFORESEEN: Final = MissiongraphError(
    "The server made a mistake.",
    remedy="Try again; if it stays, report it with the time, which the server's log also has.",
)


def _members(kind: str, title: str, status: int, error: MissiongraphError) -> dict[str, Any]:
    return {
        "type": kind,
        "title": title,
        "status": int(status),
        "detail": str(error),
        "what": error.what,
        "where": error.where,
        "remedy": error.remedy,
    }


def _framework(request: Request, status: HTTPStatus) -> MissiongraphError:
    path = request.url.path
    if status == HTTPStatus.NOT_FOUND:
        return MissiongraphError(
            "There is nothing at this address.", where=path, remedy="See what there is at /docs."
        )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        methods = ", ".join(allowed_methods(request.app, request.scope))
        return MissiongraphError(
            f"{request.method} is not understood here.", where=path, remedy=f"Use {methods}."
        )
    return MissiongraphError(f"{status.phrase}.", where=path)


def _invalid(error: RequestValidationError) -> MissiongraphError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    return MissiongraphError(f"{first['msg']}.", where=place)


def _likes_html(request: Request) -> bool:
    try:
        return choose(request.headers.get("Accept"), _OFFERED).format is templates.HTML
    except FormatNotOffered:
        return False
