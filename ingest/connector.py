"""The connector: how a source system with data in bulk comes into the graph.

A connector discovers what is to be read, reads it in batches, and maps each batch to triples;
staging (``missiongraph.ingest.staging``) does the rest, the same for all: what cannot be read is
listed, nothing is dropped in silence, and a build takes what is staged. CONTRIBUTING.md has the
recipe. What the connectors keep to:

- A record's things have slugs that begin with the connector's name and the record's id, both
  without hyphens: ``project/cordis-101093921`` and ``participation/cordis-101093921-999981634``.
  What a shape asks of a thing is looked for among the things of its record, and the types of
  what it links to.
- ``dcterms:source`` on each project or organisation names the source that ``sources`` describes.
- Equal records give equal triples, whatever batch or order they come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeAlias, TypeVar

from pyoxigraph import RdfFormat, Triple, serialize

from missiongraph.ingest.quarantine import Quarantine

RecordsT = TypeVar("RecordsT")


@dataclass(frozen=True)
class Input:
    """One thing to read, such as a table that lies in one file or in several.

    Attributes:
        name: unique in its dump, lower-case with hyphens; names the staged file.
        files: what is read for it.
        size_bytes: how much that is, for progress.
        members: which part of each file is meant, such as a member of an archive; empty for all.
    """

    name: str
    files: tuple[Path, ...]
    size_bytes: int
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch(Generic[RecordsT]):
    """Some rows of an input.

    Attributes:
        rows: how many rows were read for it, those that were quarantined on the way included.
        records: what ``Connector.map`` takes.
        read_bytes: how much of the input has been read so far, for progress.
    """

    rows: int
    records: RecordsT
    read_bytes: int


@dataclass(frozen=True)
class Mapped:
    """The triples of a batch, as lines of N-Triples in the engine's own writing.

    Attributes:
        rows: rows that went into the triples; those of the batch less those quarantined.
        stated: what the rows say.
        inferred: what follows by the rules of ``ontology/rules`` and is not stated.
    """

    rows: int
    stated: bytes
    inferred: bytes = b""


Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with a few words and how much is done of how much, in bytes; of 0 when unknown."""


class Connector(Protocol[RecordsT]):
    """A source system that can be read.

    Attributes:
        name: as the command line has it: lower-case, without hyphens.
        title: what it is, in a few words.
    """

    name: str
    title: str

    def discover(self, path: Path) -> Sequence[Input]:
        """Return what is to be read of a file or folder, in the order of reading.

        Raises:
            UnreadableDump: there is nothing that this connector reads, or it is broken.
        """
        ...

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of the sources that the records name: title, page, licence."""
        ...

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[RecordsT]]:
        """Yield an input's rows in batches of a bounded size.

        Args:
            given: what to read; ``inputs`` are all that were discovered.
            inputs: for what a row cannot tell alone, such as which projects are described.
            quarantine: takes what cannot be read.

        Raises:
            UnreadableDump: the input breaks off or is not in its form.
        """
        ...

    def map(self, batch: Batch[RecordsT], quarantine: Quarantine) -> Mapped:
        """Return a batch's triples; what cannot be mapped goes to quarantine."""
        ...


class DownloadingConnector(Connector[RecordsT], Protocol[RecordsT]):
    """A connector that can fetch what it reads."""

    def download(self, folder: Path, progress: Progress) -> Path:
        """Fetch the newest data into a folder; return what to discover from.

        Raises:
            DownloadFailed: the server cannot be reached or gives something else.
        """
        ...


def lines_of(triples: Iterable[Triple]) -> bytes:
    """Return triples as lines of N-Triples."""
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    return lines
