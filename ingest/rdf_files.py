"""RDF files of any form, read as one merged graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse

from missiongraph.errors import UnreadableRdf


def read_triples(files: Iterable[Path]) -> list[Triple]:
    """Return the triples of RDF files; named graphs are merged.

    Relative IRIs are resolved against the file's own address.

    Raises:
        UnreadableRdf: a file's ending tells no form of RDF, or it is not in that form.
    """
    return [quad.triple for quad in read_statements(files)]


def read_statements(files: Iterable[Path]) -> Iterator[Quad]:
    """Yield the statements of RDF files one by one; see ``read_triples``."""
    for file in files:
        yield from _read(file)


def _read(file: Path) -> Iterator[Quad]:
    format_ = RdfFormat.from_extension(file.suffix.removeprefix("."))
    if format_ is None:
        raise UnreadableRdf(
            f"The ending {file.suffix!r} tells no form of RDF.",
            where=str(file),
            remedy="Name it .ttl, .nt, .nq, .trig, .rdf, .jsonld or .n3.",
        )
    base = file.absolute().as_uri()
    try:
        yield from parse(path=str(file), format=format_, base_iri=base, rename_blank_nodes=True)
    except (SyntaxError, OSError, ValueError) as cause:
        raise UnreadableRdf(f"It is not {format_.name}: {cause}.", where=str(file)) from cause
