"""Things, concepts, the ontology and the shapes at their own addresses.

Each is a page or RDF, by Accept or by the address's ending. The RDF of a thing is what its
page shows: its facts, and the description of the passages that state them. Forms that
have named graphs (JSON-LD, TriG, N-Quads) also say which passage states which fact; the
others hold the merged facts, for a triple cannot say where it comes from.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from starlette.responses import Response

from missiongraph.api import linked_data, pages, problems, reference, templates
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.history import served_to
from missiongraph.api.negotiation import PLAIN_JSON, Choice, choose
from missiongraph.errors import UnknownThing
from missiongraph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from missiongraph.names import BASE, CONCEPT, ID, is_iri

OFFERED: Final = (templates.HTML, TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG, N_QUADS)
_BY_ENDING: Final = {format_.name: format_ for format_ in (*OFFERED, PLAIN_JSON)}
router = APIRouter(tags=["Resources"])

_RESPONSES: Final = problems.responses("The thing, in the form that was asked for.", *OFFERED)


@router.get("/id/{name:path}", summary="A thing", responses=_RESPONSES, response_class=Response)
def thing(
    request: Request,
    name: str = PathParameter(description="Class and slug, such as mission/some-slug.ttl."),
) -> Response:
    """Give what is known of a thing, a source or a passage."""
    bare, choice = _choose(request, name)
    return _describe(request, ID + bare, choice)


@router.get("/concept", summary="The vocabularies", responses=_RESPONSES, response_class=Response)
def concepts(request: Request) -> Response:
    """Give the page of all vocabularies."""
    return pages.respond(request, reference.vocabularies)


@router.get(
    "/concept/{name:path}", summary="A concept", responses=_RESPONSES, response_class=Response
)
def concept(
    request: Request,
    name: str = PathParameter(description="Scheme, and slug, such as dimension.ttl."),
) -> Response:
    """Give a vocabulary or one of its concepts; with no name, the page of all vocabularies."""
    if not name:
        return concepts(request)
    bare, choice = _choose(request, name)
    if choice.format is templates.HTML and "/" not in bare:
        page = reference.scheme(request, CONCEPT + bare, choice)
        if page is not None:
            return page
    return _describe(request, CONCEPT + bare, choice)


@router.get("/ontology", summary="The ontology", responses=_RESPONSES, response_class=Response)
def ontology(request: Request) -> Response:
    """Give the ontology with its alignments."""
    return _document(request, "ontology", choose(request.headers.get("Accept"), OFFERED))


@router.get(
    "/ontology.{ending}",
    summary="The ontology, in a format given by its ending",
    responses=_RESPONSES,
    response_class=Response,
)
def ontology_in_format(request: Request, ending: str) -> Response:
    """Give the ontology with its alignments."""
    return _document(request, "ontology", _choose(request, f"ontology.{ending}")[1])


@router.get("/shapes", summary="The shapes", responses=_RESPONSES, response_class=Response)
def shapes(request: Request) -> Response:
    """Give the SHACL shapes that data are checked against."""
    return _document(request, "shapes", choose(request.headers.get("Accept"), OFFERED))


@router.get(
    "/shapes.{ending}",
    summary="The shapes, in a format given by its ending",
    responses=_RESPONSES,
    response_class=Response,
)
def shapes_in_format(request: Request, ending: str) -> Response:
    """Give the SHACL shapes that data are checked against."""
    return _document(request, "shapes", _choose(request, f"shapes.{ending}")[1])


def _choose(request: Request, name: str) -> tuple[str, Choice[Format]]:
    """Return a name without its ending, and the form that ending or Accept ask for.

    Raises:
        UnknownThing: nothing is offered with that ending.
    """
    bare, dot, ending = name.rpartition(".")
    if not dot:
        return name, choose(request.headers.get("Accept"), OFFERED)
    if ending not in _BY_ENDING:
        raise UnknownThing(
            f"Nothing is offered with the ending {ending!r}.",
            where=request.url.path,
            remedy=f"Use one of: {', '.join(f'.{known}' for known in _BY_ENDING)}.",
        )
    return bare, Choice(_BY_ENDING[ending], _BY_ENDING[ending].media_type)


def _describe(request: Request, iri: str, choice: Choice[Format]) -> Response:
    if not is_iri(iri):
        raise UnknownThing(f"{iri!r} is not an IRI.", where=request.url.path)
    served = served_to(request)
    if choice.format is templates.HTML:
        return pages.thing(request, iri, choice)
    etag = etag_of(served.release, choice.content_type, iri) if served.release else None
    response = answer(
        request, choice, etag, lambda: linked_data.write_thing(served.store, iri, choice.format)
    )
    response.headers["Content-Location"] = _location(iri, choice.format)
    return response


def _document(request: Request, name: str, choice: Choice[Format]) -> Response:
    if choice.format is templates.HTML:
        page = {"ontology": reference.ontology, "shapes": reference.shapes}[name]
        return pages.respond(request, page)
    files = [file.read_bytes() for file in linked_data.files_of(name)]
    etag = etag_of(choice.content_type, *files)
    return answer(request, choice, etag, lambda: linked_data.write_document(name, choice.format))


def _location(iri: str, format_: Format) -> str:
    return f"/{iri.removeprefix(BASE)}.{format_.name}"
