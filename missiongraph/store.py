"""The store: one small interface, two backends.

Embedded is Oxigraph inside the process; remote (``missiongraph/remote_store.py``) is any
server of the SPARQL 1.1 Protocol. Both give the bytes of a whole answer or raise; neither writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize
from pyoxigraph import Store as Oxigraph

from missiongraph.answers import DEFAULT_LIMITS, Limits, Result, frees_engine_objects, write
from missiongraph.errors import BadQuery, EngineFailed
from missiongraph.formats import Format, GraphFormat
from missiongraph.names import BASE, PREFIXES
from missiongraph.sparql import form_of


@dataclass(frozen=True)
class Dataset:
    """The graphs a query is asked of (SPARQL 1.1 Protocol, section 2.1.4).

    Attributes:
        default: IRIs of the graphs merged into the default graph; empty for the store's own.
        named: IRIs of the graphs that GRAPH reaches; empty for all, unless ``default`` is given.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


WHOLE: Final = Dataset()


_LONGEST_HINT: Final = 80
_UNKNOWN_FUNCTION: Final = "custom function"


class Store(Protocol):
    """A graph that answers SPARQL 1.1 queries."""

    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query, written in the wanted form.

        Args:
            query: a SELECT, ASK, CONSTRUCT or DESCRIBE query.
            wanted: a ``TableFormat`` for SELECT and ASK, a ``GraphFormat`` for the others.
            dataset: the graphs to ask.

        Raises:
            BadQuery: the query is not SPARQL 1.1, or calls a function that is unknown.
            EngineFailed: the engine broke down at it.
            QueryForbidden: it is an update or calls another server.
            FormatNotOffered: an answer of that form cannot be written so.
            AnswerTooLarge: the answer is over a limit of bytes or rows.
            StoreUnreachable: a remote store gave no answer.
            QueryTimeout: a remote store gave none in time.
        """
        ...


class EmbeddedStore:
    """Oxigraph inside this process.

    Args:
        engine: the loaded store; it is only read.
        limits: the largest answer given.
    """

    def __init__(self, engine: Oxigraph, limits: Limits = DEFAULT_LIMITS) -> None:
        self._engine = engine
        self._limits = limits

    @classmethod
    def of(cls, quads: Iterable[Quad], limits: Limits = DEFAULT_LIMITS) -> EmbeddedStore:
        """Return a store in memory that holds the quads."""
        engine = Oxigraph()
        engine.bulk_extend(quads)
        return cls(engine, limits)

    @classmethod
    def load(cls, dump: Path, limits: Limits = DEFAULT_LIMITS) -> EmbeddedStore:
        """Return a store in memory that holds an N-Quads file.

        Raises:
            SyntaxError: the file is not N-Quads.
            OSError: it cannot be read.
        """
        engine = Oxigraph()
        engine.bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
        return cls(engine, limits)

    @classmethod
    def open(cls, folder: Path, limits: Limits = DEFAULT_LIMITS) -> EmbeddedStore:
        """Return a store on disk, read-only.

        Raises:
            OSError: it is not there or not a store.
        """
        return cls(Oxigraph.read_only(str(folder)), limits)

    @frees_engine_objects
    def answer(self, query: str, wanted: Format, dataset: Dataset = WHOLE) -> bytes:
        """Return the whole answer to a query; see ``Store.answer``."""
        form_of(query, max_length=None)  # how long it may be is for whoever takes it in to say
        try:
            return write(_run(self._engine, query, dataset), wanted, self._limits)
        except SyntaxError as cause:
            raise _syntax_error(cause) from cause
        except RuntimeError as cause:
            raise _evaluation_error(cause) from cause

    def dump(self, stream: IO[bytes], wanted: GraphFormat) -> None:
        """Write every statement in a form of data sets, the default graph first, then the others."""
        named = sorted(self._engine.named_graphs(), key=str)
        quads = (
            quad
            for graph in (DefaultGraph(), *named)
            for quad in self._engine.quads_for_pattern(None, None, None, graph)
        )
        serialize(quads, stream, format=wanted.engine, prefixes=PREFIXES)


def _syntax_error(cause: SyntaxError) -> BadQuery:
    """Return the engine's complaint without its list of all that could stand there."""
    place, _, expected = str(cause).partition(": expected ")
    hint = f" Expected {expected}." if expected and len(expected) <= _LONGEST_HINT else ""
    return BadQuery(f"It is not SPARQL 1.1: {place.rstrip('.')}.{hint}", where="query")


def _evaluation_error(cause: RuntimeError) -> BadQuery | EngineFailed:
    """Return what the engine says while it evaluates: that it has no such function, or is at fault."""
    if _UNKNOWN_FUNCTION in str(cause):
        return BadQuery(
            f"{cause}.",
            where="query",
            remedy="The service's description names the functions beyond SPARQL 1.1.",
        )
    return EngineFailed(f"The engine failed at this query: {cause}.", where="query")


def _run(engine: Oxigraph, query: str, dataset: Dataset) -> Result:
    """Ask the engine; the part of a given dataset that is not named is empty."""
    if dataset == WHOLE:
        return engine.query(query, base_iri=BASE)
    return engine.query(
        query,
        base_iri=BASE,
        default_graph=[NamedNode(iri) for iri in dataset.default],
        named_graphs=[NamedNode(iri) for iri in dataset.named],
    )
