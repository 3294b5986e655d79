"""The app: routers by concern over what is being served, with one shape of errors."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.staticfiles import StaticFiles
from starlette_compress import CompressMiddleware, add_compress_type

from missiongraph import __version__, api
from missiongraph.api import problems, questions
from missiongraph.api.assistant import assistant
from missiongraph.api.headers import EveryAnswer
from missiongraph.api.history import OldReleases
from missiongraph.api.memento import Memento
from missiongraph.api.observation import Figures, Observed
from missiongraph.api.serving import POLL_SECONDS, Publication
from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS
from missiongraph.settings import Settings

_WORTH_COMPRESSING_BYTES: Final = 1000
_ASKED_MOST: Final = "sparql"
STATIC: Final = Path(__file__).parent / "static"
_ABOUT: Final = (
    "An open knowledge graph of mission-oriented innovation policy: missions, the societal "
    "challenges they address, actors, governance levels and instruments, with the passage "
    "behind every fact. Read-only; every error is application/problem+json."
)


for _format in (*TABLE_FORMATS, *GRAPH_FORMATS, problems.PROBLEM_JSON):
    add_compress_type(_format.media_type)


def create_app(settings: Settings | None = None, *, poll_seconds: float = POLL_SECONDS) -> FastAPI:
    """Return the service.

    Args:
        settings: what to serve; those of the environment when None, so that this is a
            factory for ``uvicorn --factory missiongraph.api.app:create_app``.
        poll_seconds: how often it looks for another release.
    """
    publication = Publication(settings or Settings.load(), poll_seconds=poll_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        publication.open()
        async with assistant(app, publication):
            yield
        publication.close()
        app.state.history.close()

    app = FastAPI(
        title="missiongraph",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.publication = publication
    app.state.history = OldReleases(publication.settings)
    for router in _routers():
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.figures = Figures(publication)
    app.add_middleware(Memento)
    app.add_middleware(EveryAnswer, routes=app)
    app.add_middleware(CompressMiddleware, minimum_size=_WORTH_COMPRESSING_BYTES)
    app.add_middleware(Observed, figures=app.state.figures)
    problems.install(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _routers() -> Iterator[APIRouter]:
    """Yield the router of each module of this room that has one, found by looking.

    The endpoint's comes first, as addresses are looked for in this order and it is asked most.
    """
    modules = pkgutil.iter_modules(api.__path__)
    for found in sorted(modules, key=lambda module: module.name != _ASKED_MOST):
        router = getattr(import_module(f"{api.__name__}.{found.name}"), "router", None)
        if isinstance(router, APIRouter):
            yield router


def _openapi(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document with the schema of problems, and the questions as examples."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = problems.SCHEMA
        _name_questions(document)
        app.openapi_schema = document
    return app.openapi_schema


def _name_questions(document: dict[str, Any]) -> None:
    """Give each parameter that takes a question's id the ids that there are."""
    examples = questions.examples()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "question_id":
                    parameter["examples"] = examples
