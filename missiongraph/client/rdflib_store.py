"""The graph for rdflib: its look-ups and queries are asked of the store, and nothing is copied."""

from __future__ import annotations

import io
from typing import Final

from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result

from missiongraph.formats import JSON, N_TRIPLES
from missiongraph.sparql import form_of
from missiongraph.store import WHOLE, Dataset, Store

_JSON_RESULTS: Final = "application/sparql-results+json"


class StoreOfRdflib(SPARQLStore):
    """rdflib's read-only store of a SPARQL server, with any of our stores in the server's place.

    Args:
        store: what is asked.
    """

    def __init__(self, store: Store) -> None:
        super().__init__("missiongraph:")  # never opened: ``_query`` takes its place
        self._asked = store

    def _query(
        self,
        query: str,
        default_graph: str | None = None,
        named_graph: str | None = None,  # noqa: ARG002  # rdflib gives none
    ) -> Result:
        """Ask a query; a graph that has an IRI is the only one that is asked."""
        named = isinstance(default_graph, URIRef)
        dataset = Dataset((str(default_graph),)) if named else WHOLE
        if form_of(query, max_length=None).gives_graph:
            triples = self._asked.answer(query, N_TRIPLES, dataset)
            return Result.parse(io.BytesIO(triples), content_type="text/turtle")
        answer = self._asked.answer(query, JSON, dataset)
        return Result.parse(io.BytesIO(answer), content_type=_JSON_RESULTS)
