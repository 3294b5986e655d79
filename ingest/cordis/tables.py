"""The tables of CORDIS: how the rows of each are read, and how they become triples.

A batch is read (``read``) with its repeated rows set aside, which takes a memory of the rows
before; what it says (``mapped``) depends on nothing but the batch and the dump.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from missiongraph.ingest.cells import Cells
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.cordis import links, participations, projects
from missiongraph.ingest.cordis.dump import Dump, files_of
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.repeats import REPEATS, TURN, Repeats
from missiongraph.ingest.tables import read_table
from missiongraph.ingest.triple_columns import Part, lines

_REPEATED: Final = "a row that says what one before it said"
_CONTRADICTING: Final = "a second row of the same project, which says otherwise"


@dataclass(frozen=True)
class Records:
    """Rows of a table of which nothing more is to be found out.

    Attributes:
        table: which.
        dump: the dump that they are of.
        frame: the rows, their cells in their one written form.
        file: where they stand.
    """

    table: str
    dump: Dump
    frame: pl.DataFrame
    file: str


@dataclass(frozen=True)
class Table:
    """How a table is read and mapped.

    Attributes:
        columns: those that are read.
        cells: reads the values.
        key: the columns that tell of which thing a row speaks.
        once: whether a thing has one row only, so that a second one contradicts the first.
        stated: gives what rows say.
        inferred: gives what follows.
    """

    columns: tuple[str, ...]
    cells: Callable[[Cells], Cells]
    key: tuple[str, ...]
    stated: Callable[[Records], Iterator[Part]]
    inferred: Callable[[Records], Iterator[Part]] = lambda _: iter(())
    once: bool = False


def read(given: Input, dump: Dump, quarantine: Quarantine) -> Iterator[Batch[Records]]:
    """Yield the rows of a table in batches."""
    table = TABLES[given.name]
    repeats, actors = Repeats(), Repeats()
    ids = [pl.Series("id", [], pl.String)]
    done = 0
    for file in files_of(given):
        size = 0
        for batch in read_table(file, quarantine, table.columns):
            cells = table.cells(Cells(batch.frame, batch.file, quarantine))
            content = [c for c in cells.frame.columns if c not in ("_row", *table.key)]
            frame = repeats.marked(cells.frame, table.key, content)
            cells = Cells(frame, batch.file, quarantine).without(pl.col(REPEATS), _REPEATED)
            if table.once:
                cells = cells.without(pl.col(TURN) > 1, _CONTRADICTING, table.key[0])
            frame = cells.frame
            if given.name == "project":
                ids.append(frame.get_column("id"))
            elif given.name == "organization":
                frame = participations.actor_marked(frame, actors)
            size = batch.read_bytes
            records = Records(given.name, dump, frame, batch.file)
            yield Batch(batch.rows, records, done + size)
        done += size
    if given.name == "project":
        dump.describes(pl.concat(ids))


def mapped(batch: Batch[Records]) -> Mapped:
    """Return the triples of a batch."""
    records = batch.records
    table = TABLES[records.table]
    stated, inferred = (lines(parts(records)) for parts in (table.stated, table.inferred))
    return Mapped(records.frame.height, stated, inferred)


def _projects(records: Records) -> Iterator[Part]:
    frame = records.frame
    yield frame, projects.project_triples()
    yield _distinct(frame, "frameworkProgramme"), projects.framework_triples("frameworkProgramme")
    topics = projects.topic_frame(frame, "id", "topics")
    yield topics, projects.topic_triples()
    pairs = frame.select("id", "legalBasis").join(topics, on="id", how="left")
    yield projects.mission_frame(pairs), projects.mission_triples()
    yield from _bases(frame, "id", records.dump)


def _project_inferences(records: Records) -> Iterator[Part]:
    yield records.frame, projects.project_inferences()


def _organisations(records: Records) -> Iterator[Part]:
    frame, turn = records.frame, pl.col(participations.ACTOR_TURN)
    yield frame, participations.participation_triples()
    yield from _mentioned(records)
    yield _distinct(frame, "country"), participations.country_triples()
    yield frame.filter(turn == 1), participations.actor_triples()
    yield frame.filter(turn > 1), participations.other_name_triples()


def _organisation_inferences(records: Records) -> Iterator[Part]:
    yield records.frame, participations.participation_inferences()


def _topics(records: Records) -> Iterator[Part]:
    yield from _mentioned(records)
    topics = projects.topic_frame(records.frame, "projectID", "topic")
    yield topics, projects.topic_triples()
    yield projects.mission_frame(topics), projects.mission_triples()


def _legal_bases(records: Records) -> Iterator[Part]:
    yield from _mentioned(records)
    yield from _bases(records.frame, "projectID", records.dump)


def _bases(frame: pl.DataFrame, project: str, dump: Dump) -> Iterator[Part]:
    bases = projects.basis_frame(frame, project, dump)
    yield bases, projects.basis_triples()
    yield _distinct(bases, "framework"), projects.framework_triples("framework")


def _linked(records: Records) -> Iterator[Part]:
    yield from _mentioned(records)
    yield records.frame, links.page_triples(records.table)


def _subjects(records: Records) -> Iterator[Part]:
    yield from _mentioned(records)
    yield records.frame, links.subject_triples()


def _mentioned(records: Records) -> Iterator[Part]:
    cells = projects.marked(_cells(records), "projectID", records.dump)
    unknown = cells.frame.filter(~pl.col("_described")).unique("projectID", maintain_order=True)
    yield unknown, projects.mentioned_triples("projectID")


def _cells(records: Records) -> Cells:
    return Cells(records.frame, records.file, Quarantine())


def _distinct(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    return frame.select(column).drop_nulls().unique(maintain_order=True)


def _topic_cells(cells: Cells) -> Cells:
    cells = links.numbered(cells).texts("topic")
    return cells.without(pl.col("topic").is_null(), "no topic")


def _basis_cells(cells: Cells) -> Cells:
    cells = links.numbered(cells).texts("legalBasis")
    return cells.without(pl.col("legalBasis").is_null(), "no legal basis")


TABLES: Final[dict[str, Table]] = {
    "project": Table(
        projects.PROJECT_COLUMNS,
        projects.read_cells,
        ("id",),
        _projects,
        _project_inferences,
        once=True,
    ),
    "organization": Table(
        participations.COLUMNS,
        participations.read_cells,
        participations.KEY,
        _organisations,
        _organisation_inferences,
    ),
    "topics": Table(("projectID", "topic"), _topic_cells, ("projectID", "topic"), _topics),
    "legal-basis": Table(
        ("projectID", "legalBasis"), _basis_cells, ("projectID", "legalBasis"), _legal_bases
    ),
    "euro-sci-voc": Table(
        ("projectID", "euroSciVocCode"),
        links.subject_cells,
        ("projectID", "euroSciVocCode"),
        _subjects,
    ),
    "web-link": Table(
        ("projectID", "physUrl", "represents"),
        links.web_link_cells,
        ("projectID", "physUrl"),
        _linked,
    ),
    "deliverables": Table(
        ("projectID", "url"), links.deliverable_cells, ("projectID", "url"), _linked
    ),
    "report-summaries": Table(
        ("projectID", "id"), links.summary_cells, ("projectID", "id"), _linked
    ),
}
"""The tables by the names of their inputs."""
