"""Requests of the SPARQL 1.1 Protocol: the query, its dataset and the wanted form.

A parameter is decoded once, where it came in; from there on it is text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fastapi import Request

from missiongraph.api.bodies import Parameters, decode, decode_form, media_type_of, read_body
from missiongraph.api.citation import SHA_256
from missiongraph.api.history import RELEASE
from missiongraph.api.serving import publication_of
from missiongraph.errors import (
    BadQuery,
    BadRequest,
    MediaTypeNotSupported,
    QueryForbidden,
)
from missiongraph.names import is_iri
from missiongraph.store import Dataset

QUERY_TYPE: Final = "application/sparql-query"
UPDATE_TYPE: Final = "application/sparql-update"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
_FORMAT_NAMES: Final = ("format", "output", "results")


@dataclass(frozen=True)
class SparqlRequest:
    """What a request of the protocol asks.

    Attributes:
        query: the query; None when the request has none.
        dataset: the graphs it is asked of.
        format: the name of a format, which goes before the Accept header; None for none.
        release: id of the release that is asked; None for the current one.
        sha256: what the query's SHA-256 was when it was cited, in hexadecimal; None if it was not.
    """

    query: str | None
    dataset: Dataset
    format: str | None
    release: str | None = None
    sha256: str | None = None

    @classmethod
    def of(cls, parameters: Parameters, body: str | None = None) -> SparqlRequest:
        """Read a request's decoded parameters and the query that was its body.

        Raises:
            BadRequest: there are two queries, or a graph's name is no IRI.
            QueryForbidden: it is an update.
        """
        queries = ([] if body is None else [body]) + _all(parameters, "query")
        if _all(parameters, "update"):
            raise _read_only()
        if len(queries) > 1:
            raise BadRequest(
                "There is more than one query.", where="query", remedy="Send one at a time."
            )
        formats = [value for name in _FORMAT_NAMES for value in _all(parameters, name)]
        return cls(
            query=_plain(queries[0]) if queries else None,
            dataset=Dataset(
                _iris(parameters, "default-graph-uri"), _iris(parameters, "named-graph-uri")
            ),
            format=next((name for name in formats if name), None),
            release=next((name for name in _all(parameters, RELEASE) if name), None),
            sha256=next((name for name in _all(parameters, SHA_256) if name), None),
        )


async def read_get(request: Request) -> SparqlRequest:
    """Read a query sent by GET (protocol, section 2.1.1)."""
    return SparqlRequest.of(decode_form(request.scope["query_string"]))


async def read_post(request: Request) -> SparqlRequest:
    """Read a query sent by POST: a form, or the query itself (sections 2.1.2 and 2.1.3).

    Raises:
        MediaTypeNotSupported: the body is neither.
    """
    media_type = media_type_of(request)
    in_address = decode_form(request.scope["query_string"])
    if media_type == UPDATE_TYPE:
        raise _read_only()
    if media_type not in (FORM_TYPE, QUERY_TYPE):
        raise MediaTypeNotSupported(
            f"A body of type {media_type or 'none'!r} is not read here.",
            where="Content-Type",
            remedy=f"Send {QUERY_TYPE} or {FORM_TYPE}.",
        )
    body = await read_body(request, publication_of(request).settings.body_bytes)
    if media_type == QUERY_TYPE:
        asked = SparqlRequest.of(in_address, decode(body))
    else:
        asked = SparqlRequest.of(in_address + decode_form(body))
    if asked.query is None:
        raise BadRequest("There is no query.", where="query", remedy="Send query=….")
    return asked


def _plain(query: str) -> str:
    if "\0" in query:
        raise BadQuery("The query has a NUL character.", where="query", remedy="Leave it out.")
    return query


def _all(parameters: Parameters, name: str) -> list[str]:
    return [value for key, value in parameters if key == name]


def _iris(parameters: Parameters, name: str) -> tuple[str, ...]:
    found = tuple(_all(parameters, name))
    for iri in found:
        if not is_iri(iri):
            raise BadRequest(f"{iri!r} is not an IRI.", where=name, remedy="Write a full IRI.")
    return found


def _read_only() -> QueryForbidden:
    return QueryForbidden(
        "An update was sent; this graph is read-only.",
        where="update",
        remedy="Send a SELECT, ASK, CONSTRUCT or DESCRIBE query.",
    )
