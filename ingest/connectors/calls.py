"""Calls: topics of the Funding & Tenders Portal, as its search service gives them (SEDIA).

Reads JSON lines or an array, one topic an object. A topic becomes an instrument: its title, code,
closing date, status, and the EU Missions that it serves by the rules of ``data/eu/mission-topics.yaml``.
Texts of topics are not taken over, and neither are budgets: the portal gives them by project for
some topics and in all for others, and does not tell which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import ftfy
from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.errors import UnreadableDump
from missiongraph.ingest.archives import DumpFile, dump_files
from missiongraph.ingest.batch_inference import mapped
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.json_records import JsonRecord, json_records
from missiongraph.ingest.mission_rules import our_mission_rules
from missiongraph.ingest.mistakes import IllWritten
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.values import read_date, read_link, read_text, slugified
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

SOURCE: Final = f"{ID}source/funding-tenders-portal"
PAGE: Final = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/calls-for-proposals"
BATCH_ROWS: Final = 1_000
_ENDINGS: Final = (".json", ".jsonl", ".ndjson")
_STATUS: Final = {"forthcoming": "announced", "open": "launched", "closed": "completed"}
_TYPES: Final = (
    (re.compile(r"PPI|.*PCP"), "public-procurement"),
    (re.compile(r"Prize"), "challenge-prize"),
    (re.compile(r"(?:HORIZON-)?(?:IA|RIA|CSA)|Grant"), "grant"),
)
"""Which of the portal's types of action is which type of instrument; others are left out."""

Records = list[tuple[str, JsonRecord]]


class Calls:
    """The connector of the Funding & Tenders Portal's topics."""

    name = "calls"
    title = "Topics of the Funding & Tenders Portal"

    def discover(self, path: Path) -> Sequence[Input]:
        """Return one input for all JSON files.

        Raises:
            UnreadableDump: there is none, or an archive is broken.
        """
        files = _json_files(path)
        if not files:
            raise UnreadableDump(
                "There are no topics.", where=str(path), remedy="Name a file of JSON lines."
            )
        paths = tuple(sorted({file.path for file in files}))
        return [Input("topics", paths, sum(file.size_bytes for file in files))]

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of the portal as a source, and the missions that the rules name."""
        del inputs
        source, title = NamedNode(SOURCE), Literal(self.title, language="en")
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, title)
        yield Triple(source, _term("dcterms", "title"), title)
        yield Triple(source, _term("foaf", "page"), NamedNode(PAGE))
        yield Triple(source, mg("sourceKind"), NamedNode(f"{CONCEPT}source-kind/data-set"))
        yield from our_mission_rules().triples()

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[Records]]:
        """Yield the topics in batches.

        Raises:
            UnreadableDump: an array breaks off or is not JSON.
        """
        del inputs, quarantine
        done = 0
        for file in (file for path in given.files for file in _json_files(path)):
            with file.open() as stream:
                records = ((file.place, record) for record in json_records(stream, file.place))
                while batch := list(islice(records, BATCH_ROWS)):
                    yield Batch(len(batch), batch, done)
            done += file.size_bytes

    def map(self, batch: Batch[Records], quarantine: Quarantine) -> Mapped:
        """Return the instruments of a batch."""
        triples: list[Triple] = []
        taken = 0
        for place, record in batch.records:
            if found := _topic(place, record, quarantine):
                triples += found
                taken += 1
        return mapped(taken, triples)


def _topic(place: str, record: JsonRecord, quarantine: Quarantine) -> list[Triple]:
    """Return what a record says of its topic; nothing when it has no id or title."""
    if record.problem:
        quarantine.row(place, record.row, record.problem, value=record.text)
        return []
    values = record.value
    slug = slugified(str(values.get("reference") or "")).replace("-", "")
    title = _repaired(values.get("title"))
    if not slug or not title:
        quarantine.row(place, record.row, "no reference or title", "reference", slug)
        return []
    instrument = NamedNode(f"{ID}instrument/calls-{slug}")
    found = [
        Triple(instrument, RDF_TYPE, mg("Instrument")),
        Triple(instrument, RDFS_LABEL, Literal(title, language="en")),
        Triple(instrument, _term("dcterms", "source"), NamedNode(SOURCE)),
    ]
    code = str(values.get("topicId") or "").strip()
    if code:
        found.append(Triple(instrument, _term("dcterms", "identifier"), Literal(code)))
    for rule in our_mission_rules().applying("", code):
        for mission in rule.missions:
            found.append(Triple(instrument, mg("contributesTo"), NamedNode(ID + mission)))
    found += _closing(instrument, values, place, record.row, quarantine)
    found += _kinds(instrument, values, place, record.row, quarantine)
    found += _link(instrument, values, place, record.row, quarantine)
    return found


def _closing(
    instrument: NamedNode, values: dict[str, Any], place: str, row: int, quarantine: Quarantine
) -> Iterator[Triple]:
    """Yield the day on which the topic closes."""
    text = str(values.get("deadline") or "").strip()[:10]
    if not text:
        return
    try:
        day, datatype = read_date(text)
    except IllWritten as cause:
        quarantine.cell(place, row, "deadline", text, cause.what)
        return
    yield Triple(instrument, mg("endDate"), Literal(day, datatype=NamedNode(datatype)))


def _kinds(
    instrument: NamedNode, values: dict[str, Any], place: str, row: int, quarantine: Quarantine
) -> Iterator[Triple]:
    """Yield the type and the status, where they are among ours."""
    action = str(values.get("actionType") or "").strip()
    for pattern, kind in _TYPES:
        if pattern.fullmatch(action):
            concept = NamedNode(f"{CONCEPT}instrument-type/{kind}")
            yield Triple(instrument, mg("instrumentType"), concept)
    status = str(values.get("callStatus") or "").strip().lower()
    if status in _STATUS:
        concept = NamedNode(f"{CONCEPT}status/{_STATUS[status]}")
        yield Triple(instrument, mg("status"), concept)
    elif status:
        quarantine.cell(place, row, "callStatus", status, "unknown status")


def _link(
    instrument: NamedNode, values: dict[str, Any], place: str, row: int, quarantine: Quarantine
) -> Iterator[Triple]:
    text = str(values.get("portalUrl") or "").strip()
    if not text:
        return
    try:
        yield Triple(instrument, _term("foaf", "page"), NamedNode(read_link(text)))
    except IllWritten as cause:
        quarantine.cell(place, row, "portalUrl", text, cause.what)


def _repaired(value: object) -> str:
    """Return a text as it was before UTF-8 was read as something else; nothing for no text."""
    if not isinstance(value, str):
        return ""
    text = " ".join(ftfy.fix_encoding(value).split())
    try:
        return read_text(text)
    except IllWritten:
        return ""


def _json_files(path: Path) -> list[DumpFile]:
    return [file for file in dump_files(path) if file.name.lower().endswith(_ENDINGS)]


def _term(prefix: str, name: str) -> NamedNode:
    return NamedNode(PREFIXES[prefix] + name)


CONNECTOR: Final = Calls()
