"""Remote publication: a release is written to a server, all of it or nothing.

Servers keep less of a cut-off upload out than their papers promise (docs/decisions/0010),
so nothing that is seen is uploaded. A release goes into staging graphs; they are counted;
and then one SPARQL update, a short text, makes every graph equal to its staging graph.
Fuseki and Virtuoso were measured to run such an update whole or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from missiongraph.errors import BadSetting, PublishingFailed, ReleaseDamaged
from missiongraph.ingest.graph_store import Credentials, GraphStore
from missiongraph.names import BASE, ID, MERGED_GRAPH, PREFIXES
from missiongraph.releases import Release
from missiongraph.remote_store import split_user

USER: Final = "MISSIONGRAPH_PUBLISH_USER"
PASSWORD: Final = "MISSIONGRAPH_PUBLISH_PASSWORD"
STAGING: Final = ID + "graph/staging"
_STAGED_MERGED: Final = STAGING + "/merged"
_NOTHING: Final = STAGING + "/nothing"
_REPLACES: Final = NamedNode(PREFIXES["dcterms"] + "replaces")
_PIECE: Final = 20_000
_CLEARED_AT_ONCE: Final = 50
_DELETED_AT_ONCE: Final = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Published:
    """What a server holds after publication, as it counts it itself.

    Attributes:
        release: the release's id.
        triples: triples of the default graph.
        graphs: triples of each named graph of the release, by IRI.
    """

    release: str
    triples: int
    graphs: Mapping[str, int]


def publish(
    release: Release,
    address: str,
    environment: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write a release to a server.

    Args:
        release: what to write.
        address: a graph store's; it may hold user and password.
        environment: where user and password are looked for otherwise.
        progress: told each step.

    Raises:
        BadSetting: that is no address.
        ReleaseDamaged: the release is not what its manifest describes; nothing is sent.
        StoreUnreachable: the server is down, or the connection broke.
        PublishingFailed: the server refuses, or does not hold what it was sent.
    """
    plain, credentials = _who(address, environment)
    graphs = _read(release)
    store = GraphStore(plain, credentials)
    is_virtuoso = store.greet(_NOTHING)
    clear = _clear if is_virtuoso else _delete
    before = _count(store)
    clear(store, before)
    target = _Target(store, graphs, has_default_graph=not is_virtuoso)
    progress(f"uploading {sum(map(len, graphs.values())):,} statements")
    target.stage([graph for graph in before if _is_ours(graph) and graph not in graphs])
    progress("switching")
    store.update(target.switch)
    published = target.check(release.id)
    progress("clearing what was staged")
    clear(store, target.staged)
    return published


class _Target:
    """A server, and the graphs that it is to hold."""

    def __init__(
        self, store: GraphStore, graphs: Mapping[str, list[Triple]], *, has_default_graph: bool
    ) -> None:
        self._store = store
        self._graphs = graphs
        self._has_default_graph = has_default_graph
        named = sorted(graph for graph in graphs if graph != MERGED_GRAPH)
        self.staged = {f"{STAGING}/{n}": graph for n, graph in enumerate(named)}
        self.staged[_STAGED_MERGED] = MERGED_GRAPH

    def stage(self, removed: Iterable[str]) -> None:
        """Upload every graph under another name, and count what arrived."""
        pairs = dict(self.staged)
        if self._has_default_graph:
            del pairs[_STAGED_MERGED]
        index = [Triple(NamedNode(s), _REPLACES, NamedNode(g)) for s, g in pairs.items()]
        index += [Triple(NamedNode(_NOTHING), _REPLACES, NamedNode(g)) for g in removed]
        sent = {staged: self._graphs[graph] for staged, graph in self.staged.items()}
        self._upload(sent | {STAGING: index})
        arrived = _count(self._store)
        for staged, triples in sent.items():
            if arrived.get(staged, 0) != len(triples):
                raise PublishingFailed(
                    f"Of the {len(triples):,} triples of {self.staged[staged]} "
                    f"{arrived.get(staged, 0):,} arrived; the old data are still served.",
                    where=self._store.address,
                    remedy="Publish again.",
                )

    def _upload(self, sent: Mapping[str, list[Triple]]) -> None:
        if self._has_default_graph:
            quads = [quad for graph in sent for quad in _in_graph(sent[graph], graph)]
            for body in _pieces(quads, RdfFormat.N_QUADS):
                self._store.add_quads(body)
            return
        for graph, triples in sent.items():
            for body in _pieces(_in_graph(triples, graph), RdfFormat.N_TRIPLES):
                self._store.add_triples(graph, body)

    @property
    def switch(self) -> str:
        """The update that makes every graph equal to its staging graph.

        One operation, not a sequence: Virtuoso shows what a sequence has done so far and
        keeps it when a later part fails.
        """
        deleted, inserted = "GRAPH ?old { ?s1 ?p1 ?o1 }", "GRAPH ?new { ?s2 ?p2 ?o2 }"
        found = [
            _missing(f"GRAPH <{STAGING}> {{ ?staged1 <{_REPLACES.value}> ?old }}",
                     "GRAPH ?old { ?s1 ?p1 ?o1 }", "GRAPH ?staged1 { ?s1 ?p1 ?o1 }"),
            _missing(f"GRAPH <{STAGING}> {{ ?staged2 <{_REPLACES.value}> ?new }}",
                     "GRAPH ?staged2 { ?s2 ?p2 ?o2 }", "GRAPH ?new { ?s2 ?p2 ?o2 }"),
        ]  # fmt: skip
        if self._has_default_graph:
            deleted, inserted = f"{deleted} ?s3 ?p3 ?o3", f"{inserted} ?s4 ?p4 ?o4"
            staged = f"GRAPH <{_STAGED_MERGED}>"
            found.append(_missing("", "?s3 ?p3 ?o3", f"{staged} {{ ?s3 ?p3 ?o3 }}"))
            found.append(_missing("", f"{staged} {{ ?s4 ?p4 ?o4 }}", "?s4 ?p4 ?o4"))
        return f"DELETE {{ {deleted} }} INSERT {{ {inserted} }} WHERE {{ {' UNION '.join(found)} }}"

    def check(self, release_id: str) -> Published:
        """Count what the server holds now.

        Raises:
            PublishingFailed: it is not what the release holds.
        """
        now = _count(self._store)
        if self._has_default_graph:
            query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
            now[MERGED_GRAPH] = int(self._store.select(query)[0]["n"])
        held = {graph: n for graph, n in now.items() if _is_ours(graph)}
        expected = {graph: len(triples) for graph, triples in self._graphs.items()}
        if held != expected:
            wrong = sorted(dict(held.items() ^ expected.items()))
            raise PublishingFailed(
                f"The server's counts differ from the release's in {len(wrong)} graphs, "
                f"such as {wrong[0]}.",
                where=self._store.address,
                remedy="Publish again.",
            )
        return Published(release_id, held.pop(MERGED_GRAPH), held)


def _in_graph(triples: Iterable[Triple], graph: str) -> list[Quad]:
    name = NamedNode(graph)
    return [Quad(triple.subject, triple.predicate, triple.object, name) for triple in triples]


def _missing(index: str, there: str, elsewhere: str) -> str:
    return f"{{ {index} {there} FILTER NOT EXISTS {{ {elsewhere} }} }}"


def _who(address: str, environment: Mapping[str, str]) -> tuple[str, Credentials | None]:
    plain, user = split_user(address)
    parts = urlsplit(plain)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSetting(
            f"{plain!r} is not the address of a graph store.",
            where="--to",
            remedy="Write it like http://127.0.0.1:3030/ds/data.",
        )
    if user is None and environment.get(USER):
        user = environment[USER], environment.get(PASSWORD, "")
    return plain, Credentials(*user) if user else None


def _read(release: Release) -> dict[str, list[Triple]]:
    """Return the release's triples by graph; the default graph's under the merged one's name."""
    release.verify()
    graphs: dict[str, list[Triple]] = defaultdict(list, {MERGED_GRAPH: []})
    try:
        for quad in parse(path=str(release.dump), format=RdfFormat.N_QUADS):
            graph = quad.graph_name
            graphs[graph.value if isinstance(graph, NamedNode) else MERGED_GRAPH].append(
                quad.triple
            )
    except (OSError, SyntaxError) as cause:
        raise ReleaseDamaged(f"It cannot be read: {cause}.", where=str(release.dump)) from cause
    return dict(graphs)


def _pieces(quads: Iterable[Quad], form: RdfFormat) -> Iterator[bytes]:
    """Yield statements in bodies; a blank node keeps its identity only within one."""
    blank: list[Quad] = []
    others: list[Quad] = []
    for quad in quads:
        has_blank = isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)
        (blank if has_blank else others).append(quad)
    for piece in (blank, *_batches(others, _PIECE)):
        if piece and form is RdfFormat.N_QUADS:
            yield serialize(piece, format=form) or b""
        elif piece:
            yield serialize([quad.triple for quad in piece], format=form) or b""


def _count(store: GraphStore) -> dict[str, int]:
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    return {row["g"]: int(row["n"]) for row in store.select(query) if "g" in row}


def _is_ours(graph: str) -> bool:
    return graph.startswith(BASE) and not graph.startswith(STAGING)


def _clear(store: GraphStore, graphs: Iterable[str]) -> None:
    """Empty the staging graphs among the graphs, the index last."""
    for some in _batches(_staged(graphs), _CLEARED_AT_ONCE):
        store.update(" ; ".join(f"CLEAR SILENT GRAPH <{graph}>" for graph in some))


def _delete(store: GraphStore, graphs: Iterable[str]) -> None:
    """Do the same statement by statement: Fuseki (TDB2) takes minutes to clear many graphs."""
    for some in _batches(_staged(graphs), _DELETED_AT_ONCE):
        listed = " ".join(f"<{graph}>" for graph in some)
        pattern = "GRAPH ?staged { ?s ?p ?o }"
        store.update(f"DELETE {{ {pattern} }} WHERE {{ VALUES ?staged {{ {listed} }} {pattern} }}")


def _staged(graphs: Iterable[str]) -> list[str]:
    return [*sorted((g for g in graphs if g.startswith(STAGING)), reverse=True), STAGING]


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
