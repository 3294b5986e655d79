"""A remote graph store: the requests by which a release is written to a server.

Those of the SPARQL 1.1 Graph Store HTTP Protocol, and SPARQL update and query at the
addresses that the common servers have beside it. Every body is in memory, so that it can
be sent again when the server asks who is writing (Basic or Digest).
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from missiongraph.errors import MissiongraphError, PublishingFailed, StoreUnreachable
from missiongraph.formats import JSON, N_QUADS, N_TRIPLES, Format

_SECONDS: Final = 3600.0
_LONGEST_DETAIL: Final = 300
_UNAUTHORIZED: Final = 401
_SIBLINGS: Final[dict[str, tuple[str, str]]] = {
    "data": ("query", "update"),  # Fuseki
    "store": ("query", "update"),  # Oxigraph
    "sparql-graph-crud-auth": ("sparql-auth", "sparql-auth"),  # Virtuoso
    "sparql-graph-crud": ("sparql", "sparql"),
    "statements": ("", "statements"),  # RDF4J, GraphDB
}
"""Query and update address beside a graph store's, by its last segment; else all three are one."""


@dataclass(frozen=True)
class Credentials:
    """Who is writing."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r})"


class GraphStore:
    """A server's graph store.

    Args:
        address: the graph store's, without user and password.
        credentials: for a server that asks who is writing.
    """

    def __init__(self, address: str, credentials: Credentials | None = None) -> None:
        self.address = address
        self._credentials = credentials
        self._challenge = ""
        self._query_address, self._update_address = _beside(address)
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if credentials is not None:
            origin = urlunsplit(urlsplit(address)._replace(path="/", query=""))
            passwords.add_password(None, origin, credentials.user, credentials.password)
        self._digest = _Digest(passwords)

    def greet(self, graph: str) -> bool:
        """Add nothing to a graph; say whether the server is Virtuoso.

        The server tells here that it is no graph store, or asks who is writing, before
        anything large is sent.
        """
        headers = self._send("POST", self._graph_address(graph), b"", N_TRIPLES)[0]
        return "Virtuoso" in headers.get("Server", "")

    def add_quads(self, body: bytes) -> None:
        """Add N-Quads to the graphs that they name."""
        self._send("POST", self.address, body, N_QUADS)

    def add_triples(self, graph: str, body: bytes) -> None:
        """Add N-Triples to a graph."""
        self._send("POST", self._graph_address(graph), body, N_TRIPLES)

    def update(self, text: str) -> None:
        """Run a SPARQL 1.1 update."""
        body = urlencode({"update": text}).encode()
        self._send("POST", self._update_address, body, "application/x-www-form-urlencoded")

    def select(self, query: str) -> list[dict[str, str]]:
        """Return the values of a SELECT query's solutions, as texts."""
        body = urlencode({"query": query}).encode()
        form = "application/x-www-form-urlencoded"
        headers, answer = self._send("POST", self._query_address, body, form)
        try:
            if "X-SPARQL-MaxRows" in headers:
                raise ValueError("it was cut")
            rows: list[dict[str, Any]] = json.loads(answer)["results"]["bindings"]
        except (ValueError, KeyError, TypeError) as cause:
            raise StoreUnreachable(
                f"Its answer is no whole table: {cause}.", where=self._query_address
            ) from cause
        return [{name: str(term["value"]) for name, term in row.items()} for row in rows]

    def _graph_address(self, graph: str) -> str:
        return f"{self.address}?graph={quote(graph, safe='')}"

    def _send(
        self, method: str, address: str, body: bytes, form: Format | str
    ) -> tuple[http.client.HTTPMessage, bytes]:
        try:
            return self._try(method, address, body, form)
        except urllib.error.HTTPError as error:
            with error:
                if error.code != _UNAUTHORIZED or self._credentials is None:
                    raise self._refused(error) from error
                self._challenge = error.headers.get("WWW-Authenticate", "")
        try:
            return self._try(method, address, body, form)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error

    def _try(
        self, method: str, address: str, body: bytes, form: Format | str
    ) -> tuple[http.client.HTTPMessage, bytes]:
        media_type = form.media_type if isinstance(form, Format) else form
        headers = {"Content-Type": media_type, "Accept": f"{JSON.media_type}, */*;q=0.5"}
        request = urllib.request.Request(address, data=body, headers=headers, method=method)
        if self._challenge and self._credentials:
            # At once, not after a refusal: some servers hang up on a large body then.
            request.add_header("Authorization", self._authorization(request))
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                return response.headers, response.read()
        except urllib.error.HTTPError:
            raise
        except (OSError, http.client.HTTPException) as cause:
            raise StoreUnreachable(
                f"The connection failed: {getattr(cause, 'reason', cause)}.", where=self.address
            ) from cause

    def _authorization(self, request: urllib.request.Request) -> str:
        scheme, _, fields = self._challenge.partition(" ")
        if scheme.lower() == "digest":
            challenge = urllib.request.parse_keqv_list(urllib.request.parse_http_list(fields))
            try:
                answer = self._digest.get_authorization(request, challenge)
            except ValueError as cause:
                raise PublishingFailed(
                    f"The server's way of asking is not known: {cause}.", where=self.address
                ) from cause
            return f"Digest {answer}"
        who = self._credentials or Credentials("", "")
        return f"Basic {base64.b64encode(f'{who.user}:{who.password}'.encode()).decode()}"

    def _refused(self, error: urllib.error.HTTPError) -> MissiongraphError:
        if error.code in (_UNAUTHORIZED, 403):
            who = self._credentials
            return PublishingFailed(
                f"The server does not let user {who.user!r} write (status {error.code})."
                if who
                else f"The server asks for a user and a password (status {error.code}).",
                where=self.address,
                remedy="Set MISSIONGRAPH_PUBLISH_USER and MISSIONGRAPH_PUBLISH_PASSWORD.",
            )
        detail = " ".join(error.read().decode(errors="replace").split())[:_LONGEST_DETAIL]
        return PublishingFailed(
            f"The server refuses with status {error.code}: {detail or error.reason}",
            where=self.address,
            remedy="Give the address of a graph store, such as http://127.0.0.1:3030/ds/data.",
        )


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest of names and passwords in UTF-8, with SHA-256 too (RFC 7616, sections 3.2 and 4)."""

    def get_algorithm_impls(
        self, algorithm: str
    ) -> tuple[Callable[[str], str], Callable[[str, str], str]]:
        hashing = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}.get(algorithm.upper())
        if hashing is None:
            raise ValueError(algorithm)

        def hashed(text: str) -> str:
            return hashing(text.encode()).hexdigest()

        return hashed, lambda secret, text: hashed(f"{secret}:{text}")


def _beside(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    folder, _, last = parts.path.rpartition("/")
    if last not in _SIBLINGS:
        return address, address
    query, update = (
        urlunsplit(parts._replace(path=f"{folder}/{name}".rstrip("/"), query=""))
        for name in _SIBLINGS[last]
    )
    return query, update
