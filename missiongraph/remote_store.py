"""The remote backend of the store: any server of the SPARQL 1.1 Protocol."""

from __future__ import annotations

import http.client
import math
import re
import time
import urllib.error
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from missiongraph import virtuoso
from missiongraph.answers import DEFAULT_LIMITS, Limits, frees_engine_objects, write
from missiongraph.errors import (
    AnswerTooLarge,
    BadQuery,
    MissiongraphError,
    QueryTimeout,
    StoreUnreachable,
)
from missiongraph.formats import JSON, JSON_LD, N_TRIPLES, Format
from missiongraph.names import ID, MERGED_GRAPH
from missiongraph.sparql import form_of
from missiongraph.store import WHOLE, Dataset

_NO_GRAPH: Final = ID + "graph/none"
_LONGEST_DETAIL: Final = 500
_PIECE_BYTES: Final = 1 << 16
_PAUSE_SECONDS: Final = 0.2
_LOOK_AGAIN_SECONDS: Final = 30.0
# Fuseki answers so with 503, Virtuoso with 500 (S1T00 when it ran, 42000 when it foresees it).
_TIMED_OUT: Final = re.compile(r"tim(ed|e) ?out|S1T00|estimated execution time", re.IGNORECASE)


class RemoteStore:
    """A server that speaks the SPARQL 1.1 Protocol, asked through SPARQLWrapper.

    A query that meets a broken connection or an overloaded gateway is sent once more; it
    changes nothing, so that is safe. An answer that is not whole is none.

    Args:
        address: the server's query address; it may hold a user and a password (Basic).
        timeout: seconds to wait for an answer, both tries together.
        limits: the largest answer given.
    """

    def __init__(
        self, address: str, *, timeout: float = 30.0, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._address, self._user = split_user(address)
        self._timeout = timeout
        self._limits = limits
        self._has_merged_graph = False
        self._looked_at = -_LOOK_AGAIN_SECONDS

    @frees_engine_objects
    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query; see ``Store.answer``.

        The server is asked for JSON or triples, and the wanted form is written here, so
        that every server's answers are alike.

        Raises:
            QueryTimeout: there was no whole answer in time.
        """
        graph = form_of(query, max_length=None).gives_graph
        deadline = time.monotonic() + self._timeout
        asked = virtuoso.Sorted(query)
        if self._merged_graph_is_there(deadline):
            dataset = _completed(query, dataset)
            asked = virtuoso.sorted_here(virtuoso.ask_by_variable(query))
        answer = self._fetch(asked.query, dataset, self._accept(graph), deadline)
        return self._written(answer, asked, graph, wanted)

    def _written(
        self, answer: _Answer, asked: virtuoso.Sorted, graph: bool, wanted: Format
    ) -> bytes:
        # Apart from asking: what urllib raises keeps the frames that called it for a while,
        # and the engine's solutions must not wait in one (see frees_engine_objects).
        try:
            if graph:
                return write(_triples(answer), wanted, self._limits)
            solutions = _solutions(answer)
            if asked.modifiers and isinstance(solutions, QuerySolutions):
                solutions = asked.sort(solutions)
            return write(solutions, wanted, self._limits)
        except (SyntaxError, ValueError) as cause:
            raise self._not_whole(str(cause)) from cause

    def _accept(self, graph: bool) -> str:
        """Return the forms to ask for.

        Fuseki does not tell a client that closes its connections, as SPARQLWrapper does,
        where N-Triples end. Virtuoso does, and its JSON-LD is older than JSON-LD 1.1.
        """
        if not graph:
            return JSON.media_type
        if self._has_merged_graph:
            return N_TRIPLES.media_type
        return f"{JSON_LD.media_type}, {N_TRIPLES.media_type};q=0.5"

    def _merged_graph_is_there(self, deadline: float) -> bool:
        """Say whether the server holds the merged graph under a name; if not, ask again later."""
        now = time.monotonic()
        if not self._has_merged_graph and now - self._looked_at >= _LOOK_AGAIN_SECONDS:
            query = f"ASK {{ GRAPH <{MERGED_GRAPH}> {{ ?s ?p ?o }} }}"
            answer = self._fetch(query, WHOLE, JSON.media_type, deadline)
            try:
                self._has_merged_graph = bool(_solutions(answer))
            except (SyntaxError, ValueError) as cause:
                raise self._not_whole(str(cause)) from cause
            self._looked_at = now
        return self._has_merged_graph

    def _fetch(self, query: str, dataset: Dataset, accept: str, deadline: float) -> _Answer:
        """Return what the server answers, asking it again when a try breaks."""
        for last in (False, True):
            try:
                return self._try(query, dataset, accept, deadline)
            except _Broken as broken:
                if last or time.monotonic() + _PAUSE_SECONDS >= deadline:
                    raise self._unreachable(broken.cause) from broken.cause
            time.sleep(_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _try(self, query: str, dataset: Dataset, accept: str, deadline: float) -> _Answer:
        client = self._client(query, dataset, accept, deadline)
        try:
            with client.query().response as response:
                return self._read(response, deadline)
        except SPARQLWrapperException as cause:
            raise self._refused(cause) from cause
        except urllib.error.HTTPError as cause:
            with cause:
                raise self._failed(cause) from cause
        except (OSError, http.client.HTTPException) as cause:
            reason = cause.reason if isinstance(cause, urllib.error.URLError) else cause
            if isinstance(reason, TimeoutError):
                raise self._too_late() from cause
            raise _Broken(cause) from cause

    def _client(self, query: str, dataset: Dataset, accept: str, deadline: float) -> SPARQLWrapper:
        seconds = max(1, math.ceil(deadline - time.monotonic()))
        client = SPARQLWrapper(self._address)
        client.setMethod(POST)
        client.setQuery(query)
        # Its own guess takes words for updates when comments stand close to each other.
        client.queryType = form_of(query, max_length=None).value
        client.setTimeout(seconds)
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", accept)
        if self._user is not None:
            client.setCredentials(*self._user)
        for iri in dataset.default:
            client.addParameter("default-graph-uri", iri)
        for iri in dataset.named:
            client.addParameter("named-graph-uri", iri)
        if self._has_merged_graph:
            # Virtuoso stops then, and says that what it gives is a part; others do not read it.
            client.addParameter("timeout", str(seconds * 1000))
        return client

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> _Answer:
        """Return an answer's body, after all that tells whether it is whole."""
        if response.headers.get("X-SQL-State") == "S1TAT":
            raise self._too_late()
        if rows := response.headers.get("X-SPARQL-MaxRows"):
            raise AnswerTooLarge(
                f"The store gives no more than {rows} rows and may have cut the answer there.",
                where="query",
                remedy="Ask for less, or raise ResultSetMaxRows in the store's settings.",
            )
        body = bytearray()
        while piece := response.read1(_PIECE_BYTES):
            body += piece
            if len(body) > self._limits.max_bytes:
                raise self._limits.exceeded()
            if time.monotonic() > deadline:
                raise self._too_late()
        if response.length:
            raise self._not_whole(f"{response.length:,} bytes are missing")
        headers = response.headers
        return _Answer(
            bytes(body),
            is_json=headers.get_content_type() == JSON_LD.media_type,
            has_end=response.chunked or "Content-Length" in headers,
            from_virtuoso="Virtuoso" in headers.get("Server", "") or self._has_merged_graph,
        )

    def _refused(self, cause: SPARQLWrapperException) -> MissiongraphError:
        detail = " ".join(str(cause).split())[:_LONGEST_DETAIL]
        if _TIMED_OUT.search(detail):
            return self._too_late()
        if isinstance(cause, QueryBadFormed):
            return BadQuery(f"The store cannot read it: {detail}", where="query")
        return StoreUnreachable(f"The store refuses: {detail}", where=self._address)

    def _failed(self, cause: urllib.error.HTTPError) -> MissiongraphError | _Broken:
        detail = cause.read(_LONGEST_DETAIL).decode(errors="replace")
        if cause.code in (408, 504) or _TIMED_OUT.search(detail):
            return self._too_late()
        if cause.code in (502, 503):
            return _Broken(cause)
        return StoreUnreachable(
            f"The store refuses with status {cause.code}: {' '.join(detail.split())}",
            where=self._address,
        )

    def _too_late(self) -> QueryTimeout:
        return QueryTimeout(
            f"The store gave no whole answer in {self._timeout:g} seconds.",
            where="query",
            remedy="Ask for less.",
        )

    def _not_whole(self, how: str) -> StoreUnreachable:
        return StoreUnreachable(
            f"Its answer is not whole or not in the form that was asked for: {how}.",
            where=self._address,
        )

    def _unreachable(self, cause: Exception) -> StoreUnreachable:
        return StoreUnreachable(
            f"The store gives no answer: {cause}.",
            where=self._address,
            remedy="Start it, or correct MISSIONGRAPH_STORE.",
        )


@dataclass(frozen=True)
class _Answer:
    """What a server answered.

    Attributes:
        body: the bytes.
        is_json: whether triples are written in JSON-LD, which shows itself where it ends.
        has_end: whether the server told where the body ends, and it came to there.
        from_virtuoso: whether Virtuoso wrote it.
    """

    body: bytes
    is_json: bool
    has_end: bool
    from_virtuoso: bool


class _Broken(Exception):
    """One try failed in a way that another may not."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def split_user(address: str) -> tuple[str, tuple[str, str] | None]:
    """Return an address without user and password, and the two of them, or None.

    >>> split_user("http://ada:p%40ss@localhost:3030/ds/query")
    ('http://localhost:3030/ds/query', ('ada', 'p@ss'))
    """
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    if not at:
        return address, None
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=host)), (unquote(name), unquote(password))


def _completed(query: str, dataset: Dataset) -> Dataset:
    """Return what a server without a default graph of its own is told to ask.

    Without FROM and without a dataset that is the merged graph; a graph that is not there
    stands for "none", since such a server reads an empty list as "all".
    """
    if dataset != WHOLE:
        return Dataset(dataset.default or (_NO_GRAPH,), dataset.named or (_NO_GRAPH,))
    return WHOLE if virtuoso.names_its_dataset(query) else Dataset((MERGED_GRAPH,))


def _solutions(answer: _Answer) -> QuerySolutions | QueryBoolean:
    body = virtuoso.read_solutions(answer.body) if answer.from_virtuoso else answer.body
    return parse_query_results(body, format=QueryResultsFormat.JSON)


def _triples(answer: _Answer) -> list[Triple]:
    if not answer.is_json and not answer.has_end:
        # N-Triples that end early are still N-Triples.
        raise ValueError("the server does not tell where it ends")
    form = RdfFormat.JSON_LD if answer.is_json else RdfFormat.N_TRIPLES
    triples = [quad.triple for quad in parse(answer.body, format=form)]
    return [virtuoso.read_triple(t) for t in triples] if answer.from_virtuoso else triples
