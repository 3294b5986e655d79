"""``/sparql``: the query part of the SPARQL 1.1 Protocol, and the service's description."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from missiongraph.answers import rows_of
from missiongraph.api import description, federation, problems, templates
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.attendance import attend
from missiongraph.api.citation import SHA_256, check_cited
from missiongraph.api.examples import example_triples
from missiongraph.api.history import RELEASE, served_to
from missiongraph.api.memory import Known
from missiongraph.api.negotiation import Choice, choose, choose_named
from missiongraph.api.observation import hash_of, note
from missiongraph.api.protocol import (
    FORM_TYPE,
    QUERY_TYPE,
    SparqlRequest,
    read_get,
    read_post,
)
from missiongraph.api.serving import publication_of
from missiongraph.api.workers import Ticket
from missiongraph.formats import GRAPH_FORMATS, TABLE_FORMATS, Format
from missiongraph.names import PREFIXES
from missiongraph.sparql import Form, form_of, tokens

_VOLATILE: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID"))
_EXAMPLE: Final = (
    "PREFIX mg: <https://w3id.org/missiongraph/ontology#> "
    "SELECT ?mission ?challenge WHERE { ?mission mg:addresses ?challenge } LIMIT 10"
)
router = APIRouter(tags=["SPARQL"])

_PARAMETERS: Final[list[dict[str, Any]]] = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": words,
        "schema": {"type": "array", "items": {"type": "string"}} if several else {"type": "string"},
        **({"example": _EXAMPLE} if name == "query" else {}),
    }
    for name, words, several in (
        ("query", "The query; without one the answer is the service's description.", False),
        ("default-graph-uri", "A graph that is merged into the default graph.", True),
        ("named-graph-uri", "A graph that GRAPH reaches.", True),
        ("format", "The name of a format, instead of an Accept header.", False),
        (
            SHA_256,
            "SHA-256 of the query, by which a citation's answer is known to be to it.",
            False,
        ),
        (RELEASE, "Id of a kept release, to ask as it was; the current one when left out.", False),
    )
]
_FORMATS: Final = (*TABLE_FORMATS, *GRAPH_FORMATS, templates.HTML)
_RESPONSES: Final = problems.responses("The whole answer.", *_FORMATS)
_BODY: Final = {
    "required": True,
    "content": {
        QUERY_TYPE: {"schema": {"type": "string"}},
        FORM_TYPE: {
            "schema": {
                "type": "object",
                "required": ["query"],
                "properties": {entry["name"]: entry["schema"] for entry in _PARAMETERS},
            }
        },
    },
}


@router.get(
    "/sparql",
    summary="Ask a SPARQL 1.1 query",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra={"parameters": _PARAMETERS},
)
async def get_sparql(
    request: Request,
    asked: SparqlRequest = Depends(read_get),  # noqa: B008
) -> Response:
    """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query; describe the service without one."""
    if asked.query is None:
        return await run_in_threadpool(describe, request, asked)
    return await _answer(request, asked)


@router.post(
    "/sparql",
    summary="Ask a SPARQL 1.1 query that is sent as the body",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra={"requestBody": _BODY},
)
async def post_sparql(
    request: Request,
    asked: SparqlRequest = Depends(read_post),  # noqa: B008
) -> Response:
    """Answer a SELECT, ASK, CONSTRUCT or DESCRIBE query."""
    return await _answer(request, asked)


async def _answer(request: Request, asked: SparqlRequest) -> Response:
    """Answer a query from memory, else by a worker."""
    key = _key(request, asked)
    served = publication_of(request).served()
    if asked.release is None and (known := served.remembered.get(key)) is not None:
        note(request, query=hash_of(asked.query or ""), rows=known.rows)
        return answer(request, known.choice, known.etag, lambda: known.body)
    return await attend(request, lambda ticket: evaluate(request, asked, ticket))


def _key(request: Request, asked: SparqlRequest) -> Hashable:
    """Return all that an answer of a release depends on."""
    return asked, request.headers.get("Accept")


def evaluate(request: Request, asked: SparqlRequest, ticket: Ticket) -> Response:
    """Answer a query in the form that was asked for, until its client goes."""
    query = asked.query or ""
    check_cited(query, asked.sha256)
    note(request, query=hash_of(query))
    publication = publication_of(request)
    resolved = federation.resolve(query, publication.settings)
    is_fixed = resolved == query and not _is_volatile(query)
    query = resolved
    form = form_of(query, max_length=publication.settings.query_length)
    choice = _choose(request, asked, _offered(form))
    served = served_to(request, asked.release)
    etag = None
    if served.release and is_fixed:
        etag = etag_of(served.release, choice.content_type, query, repr(asked.dataset))
    store = served.store_for(ticket)

    def body() -> bytes:
        written = store.answer(query, choice.format, asked.dataset)
        rows = rows_of(written, choice.format)
        note(request, rows=rows)
        if etag is not None and asked.release is None:
            known = Known(written, choice, etag, rows)
            served.remembered.keep(_key(request, asked), known, len(written))
        return written

    return answer(request, choice, etag, body)


def describe(request: Request, asked: SparqlRequest) -> Response:
    """Describe the service: as a graph, or for a browser as a page to write a query on."""
    choice = _choose(request, asked, (*GRAPH_FORMATS, templates.HTML))
    served = served_to(request, asked.release)
    if choice.format is templates.HTML:
        body = templates.render(
            request, "sparql.html", prefixes=PREFIXES, formats=(*TABLE_FORMATS, *GRAPH_FORMATS)
        )
    else:
        address = f"{address_of(request)}/sparql"
        described = [*description.describe(served, address), *example_triples(address)]
        body = description.write(described, choice.format)
    return answer(request, choice, etag_of(body), lambda: body)


def _offered(form: Form) -> Sequence[Format]:
    if form.gives_graph:
        return GRAPH_FORMATS
    if form is Form.ASK:
        return tuple(format_ for format_ in TABLE_FORMATS if format_.tells_boolean)
    return TABLE_FORMATS


def _choose(request: Request, asked: SparqlRequest, offered: Sequence[Format]) -> Choice[Format]:
    if asked.format is not None:
        return choose_named(asked.format, offered)
    return choose(request.headers.get("Accept"), offered)


def _is_volatile(query: str) -> bool:
    """Say whether a query may have another answer each time, so that none is kept."""
    return any(token.is_word(*_VOLATILE) for token in tokens(query))
