"""``/health``, ``/ready`` and ``/metrics``: alive, serving a release, and how busy."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

from missiongraph import __version__
from missiongraph.api import problems
from missiongraph.api.observation import Figures
from missiongraph.api.serving import Served, publication_of
from missiongraph.errors import MissiongraphError, NoRelease
from missiongraph.tables import ask

router = APIRouter(tags=["Status"])
_JSON: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Yes.", "content": {"application/json": {"schema": {"type": "object"}}}},
    **problems.RESPONSES,
}
_FRESH: Final = {"Cache-Control": "no-store"}


@router.get("/health", summary="Is the server alive", responses=_JSON)
def health() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "alive", "version": __version__}, headers=_FRESH)


@router.get("/ready", summary="Is a release being served", responses=_JSON)
def ready(request: Request) -> Response:
    """Say which release is served and how many triples its default graph has."""
    publication = publication_of(request)
    try:
        state = _state_of(publication.served())
    except MissiongraphError as error:
        # Whatever the reason, not ready is 503: that is what those who ask this act on.
        raise NoRelease(error.what, where=error.where, remedy=error.remedy) from error
    return JSONResponse({"status": "ready", **state}, headers=_FRESH)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={
        200: {"description": "The figures.", "content": {CONTENT_TYPE_LATEST: {"schema": {}}}},
        **problems.RESPONSES,
    },
)
def metrics(request: Request) -> Response:
    """Give what was counted since the start, in Prometheus' text format."""
    figures: Figures = request.app.state.figures
    body = generate_latest(figures.registry)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST, **_FRESH})


def _state_of(served: Served) -> dict[str, Any]:
    if served.manifest is None:
        ask(served.store, "ASK { ?s ?p ?o }")
        return {"release": None, "triples": None, "store": "remote"}
    manifest = served.manifest
    return {
        "release": manifest.release,
        "triples": manifest.triples,
        "claims": manifest.claims,
        "sources": len(manifest.sources),
        "built": manifest.built,
        "store": "embedded",
    }
