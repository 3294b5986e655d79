"""The pages for people. What they show comes from questions and from the manifest alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from missiongraph.api import atlas, linked_data, problems, templates
from missiongraph.api.answers import answer, answer_with, etag_of
from missiongraph.api.facts import facts_of, thing_page
from missiongraph.api.history import served_to
from missiongraph.api.labelled import show_table
from missiongraph.api.mission_page import glance_of
from missiongraph.api.negotiation import Choice
from missiongraph.api.questions import ROWS_OF_A_PAGE, by_dimension
from missiongraph.api.serving import Served
from missiongraph.api.sources import claims_of
from missiongraph.errors import BadParameter
from missiongraph.formats import Format
from missiongraph.names import ID
from missiongraph.questions import answer_table, find_question
from missiongraph.tables import Table

router = APIRouter(tags=["Pages"])
_RESPONSES: Final = problems.responses("A page.", templates.HTML)
_COUNTED: Final = ("Mission", "Challenge", "Actor", "ImplementationChallenge", "Practice", "Source")


def respond(request: Request, page: Callable[[Request], bytes]) -> Response:
    """Answer with a page."""
    body = page(request)
    return answer_with(request, templates.HTML, body)


@router.get("/", summary="The home page", responses=_RESPONSES, response_class=Response)
def home(request: Request) -> Response:
    """Say what this is; search, counts, missions and questions."""
    return respond(request, _home)


@router.get("/docs", summary="All addresses", responses=_RESPONSES, response_class=Response)
def docs(request: Request) -> Response:
    """List the addresses of the service with what they take and give."""
    return respond(request, _docs)


def thing(request: Request, iri: str, choice: Choice[Format]) -> Response:
    """Answer with the page of a thing.

    Raises:
        UnknownThing: nothing is known of it.
    """
    body = _thing(request, iri)
    return answer(request, choice, etag_of(body), lambda: body)


def _home(request: Request) -> bytes:
    served = _served(request)
    counts = {
        str(getattr(row["class"], "value", "")).rpartition("#")[2]: row
        for row in _ask(served, "things-by-class").records()
    }
    return templates.render(
        request,
        "home.html",
        manifest=served.manifest,
        counts=[counts[name] for name in _COUNTED if name in counts],
        atlas=atlas.atlas(served.store),
        map_width=atlas.WIDTH,
        map_height=atlas.HEIGHT,
        groups=by_dimension(),
    )


def _list(request: Request, question_id: str, title: str) -> bytes:
    served = _served(request)
    question = find_question(question_id)
    table = show_table(served.store, question, _ask(served, question_id), ROWS_OF_A_PAGE)
    return templates.render(request, "list.html", question=question, table=table, title=title)


def _thing(request: Request, iri: str) -> bytes:
    served = _served(request)
    try:
        facts = facts_of(served.store, [iri])
    except BadParameter as cause:
        raise linked_data.unknown_thing(iri) from cause
    page = thing_page(served.store, iri, facts)
    return templates.render(
        request,
        "thing.html",
        page=page,
        glance=glance_of(served.store, page),
        passages=_passages(served, iri),
        claims=_claims(served, iri),
        claims_of_passages=claims_of(served, iri),
        formats=_formats(),
    )


def _passages(served: Served, iri: str) -> list[dict[str, Any]]:
    """Return the passages of a source; none for anything else."""
    if not iri.startswith(ID + "source/"):
        return []
    table = answer_table(served.store, find_question("passages"), {"source": [iri]})
    return [dict.fromkeys(table.columns) | row for row in table.records()]


def _claims(served: Served, iri: str) -> list[dict[str, Any]]:
    """Return the claims of a passage; none for anything else."""
    if not iri.startswith(ID + "evidence/"):
        return []
    table = answer_table(served.store, find_question("claims"), {"evidence": [iri]})
    return [dict.fromkeys(table.columns) | row for row in table.records()]


def _docs(request: Request) -> bytes:
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]
    return templates.render(request, "docs.html", operations=operations, problems=problems.kinds())


def _formats() -> list[tuple[str, str]]:
    return [
        ("ttl", "Turtle"),
        ("jsonld", "JSON-LD"),
        ("nt", "N-Triples"),
        ("rdf", "RDF/XML"),
        ("trig", "TriG"),
        ("nq", "N-Quads"),
    ]


def _ask(served: Served, question_id: str) -> Table:
    return answer_table(served.store, find_question(question_id))


def _served(request: Request) -> Served:
    return served_to(request)
