"""STIP: the survey of the EC-OECD STIP Compass, its initiatives and the codes of its codebook.

Reads tables of initiatives (one row an initiative and instrument; with readable headers, or with
the survey's ``v1``, ``v2`` … and perhaps a second header row) and the codebook (a workbook, or a
table for each sheet). An initiative becomes a programme, each of its instruments an instrument;
policy instruments and themes become concepts, named by their labels so that rows with labels and
rows of the codebook meet. Descriptions and objectives are not taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import ftfy
from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.errors import BadDocument, UnreadableDump
from missiongraph.ingest.batch_inference import mapped
from missiongraph.ingest.connector import Batch, Input, Mapped
from missiongraph.ingest.countries import Country, countries
from missiongraph.ingest.mistakes import IllWritten
from missiongraph.ingest.quarantine import Quarantine
from missiongraph.ingest.table_rows import Layout, Row, Table, sheets_of
from missiongraph.ingest.values import read_date, read_text, slugified
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

SOURCE: Final = f"{ID}source/stip-compass"
PAGE: Final = "https://stip.oecd.org/stip/"
BATCH_ROWS: Final = 1_000
_IRI: Final = re.compile(r"https?://stip\.oecd\.org/([a-z0-9]+)/data/policyInitiatives/([0-9]+)")
_INSTRUMENT_IRI: Final = re.compile(
    r"https?://stip\.oecd\.org/[a-z0-9]+/data/policyInstruments/([0-9]+)"
)
_SEPARATOR: Final = re.compile(r"\||Â?¬")
_CODES: Final = {
    "v1": "Policy initiative ID",
    "v3": "English name",
    "v4": "Country",
    "v6": "Original name(s)",
    "v7": "Acronym",
    "v8": "Start date",
    "v9": "End date",
}
"""The columns of the survey's own names that are read; its columns of noughts and ones are not."""
_ENGLISH: Final = {
    "Korea": "KR",
    "Turkey": "TR",
    "Czech Republic": "CZ",
    "United States": "US",
    "Slovak Republic": "SK",
    "China (People's Republic of)": "CN",
}
"""What the survey calls countries that the authority table calls otherwise."""


@dataclass(frozen=True)
class Scheme:
    """A scheme of concepts that the survey's codes become.

    Attributes:
        slug: of its IRI.
        title: what it is.
        of: the property that takes its concepts.
        codebook: the columns with code and label, by which its sheet is known.
        column: of initiatives, whose cells name its concepts.
    """

    slug: str
    title: str
    of: str
    codebook: tuple[str, str]
    column: str

    def concept(self, label: str) -> str:
        """Return the IRI of the concept of a label."""
        return f"{CONCEPT}{self.slug}/{slugified(label)}"


INSTRUMENTS: Final = Scheme(
    "stip-policy-instrument",
    "Policy instruments of the STIP Compass",
    "instrumentType",
    ("LimeSurvey Id", "Definition"),
    "Policy instrument type",
)
THEMES: Final = Scheme(
    "stip-theme",
    "Themes of the STIP Compass",
    "policyField",
    ("LimeSurvey ID", "Guidance"),
    "Theme(s)",
)
_SCHEMES: Final = (INSTRUMENTS, THEMES)
_LABEL: Final = "ParentLabel + Label"

Records = list[tuple[str, Row]]


class Stip:
    """The connector of the STIP Compass."""

    name = "stip"
    title = "EC-OECD STIP Compass"

    def discover(self, path: Path) -> Sequence[Input]:
        """Return an input for each table that is the codebook's or of initiatives.

        Raises:
            UnreadableDump: there is none.
        """
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        tables = [file for file in files if file.suffix.lower() in (".csv", ".xlsx")]
        found = [given for file in tables for given in _inputs(file)]
        if not found:
            raise UnreadableDump(
                "There is no codebook and no table of initiatives.",
                where=str(path),
                remedy='Name a table with the column "Policy initiative ID" or "v1".',
            )
        return found

    def sources(self, inputs: Sequence[Input]) -> Iterable[Triple]:
        """Return the description of the STIP Compass as a source, and of the schemes."""
        del inputs
        source, title = NamedNode(SOURCE), _english(self.title)
        yield Triple(source, RDF_TYPE, mg("Source"))
        yield Triple(source, RDFS_LABEL, title)
        yield Triple(source, _term("dcterms:title"), title)
        yield Triple(source, _term("foaf:page"), NamedNode(PAGE))
        yield Triple(source, mg("sourceKind"), NamedNode(f"{CONCEPT}source-kind/data-set"))
        for scheme in _SCHEMES:
            this = NamedNode(CONCEPT + scheme.slug)
            yield Triple(this, RDF_TYPE, _term("skos:ConceptScheme"))
            yield Triple(this, RDFS_LABEL, _english(scheme.title))
            yield Triple(this, _term("dcterms:title"), _english(scheme.title))
            yield Triple(
                this, _term("skos:definition"), _english(f"{scheme.title}, by their labels.")
            )
            yield Triple(this, _term("dcterms:source"), NamedNode(PAGE))
            yield Triple(this, mg("valuesOf"), mg(scheme.of))

    def read(
        self, given: Input, inputs: Sequence[Input], quarantine: Quarantine
    ) -> Iterator[Batch[Records]]:
        """Yield the rows in batches; a second header row is none.

        Raises:
            BadDocument: the table is not in its form.
        """
        del inputs, quarantine
        (file,) = given.files
        sheet = given.members[0] if given.members else ""
        rows = (
            (file.name, row)
            for row in Table(file, Layout(sheet=sheet)).rows()
            if not _is_second_header(row.cells)
        )
        while batch := list(islice(rows, BATCH_ROWS)):
            yield Batch(len(batch), batch, given.size_bytes)

    def map(self, batch: Batch[Records], quarantine: Quarantine) -> Mapped:
        """Return the concepts and programmes of a batch."""
        triples: list[Triple] = []
        taken = 0
        for place, row in batch.records:
            if found := _of_row(place, row, quarantine):
                triples += found
                taken += 1
        return mapped(taken, triples)


def _inputs(file: Path) -> Iterator[Input]:
    for sheet in sheets_of(file):
        try:
            columns = set(Table(file, Layout(sheet=sheet)).columns())
        except BadDocument:  # a sheet without a header, or a file that is no table
            continue
        if columns & {"Policy initiative ID", "v1"} or any(
            _is_codebook(columns, s) for s in _SCHEMES
        ):
            name = slugified(f"{file.stem} {sheet}")
            members = (sheet,) if sheet else ()
            yield Input(name, (file,), file.stat().st_size, members)


def _is_codebook(columns: set[str], scheme: Scheme) -> bool:
    plain = {" ".join(column.split()) for column in columns}
    return set(scheme.codebook) <= plain and any("ParentLabel" in column for column in plain)


def _is_second_header(cells: Mapping[str, str]) -> bool:
    return (
        "v1" in cells and not cells["v1"].startswith("http") and not cells.get("v2", "").isdigit()
    )


def _of_row(place: str, row: Row, quarantine: Quarantine) -> list[Triple]:
    cells = {" ".join(name.split()): _repaired(cell) for name, cell in row.cells.items()}
    if row.surplus > 0:
        quarantine.row(place, row.number, "more cells than the header")
        return []
    for scheme in _SCHEMES:
        if _is_codebook(set(cells), scheme):
            return _of_codebook(scheme, cells, place, row.number, quarantine)
    if "v1" in cells:
        cells = {_CODES.get(name, name): cell for name, cell in cells.items()}
    return _of_initiative(cells, place, row.number, quarantine)


def _of_codebook(
    scheme: Scheme, cells: Mapping[str, str], place: str, row: int, quarantine: Quarantine
) -> list[Triple]:
    """Return the concept of a code and of what it stands below."""
    column = next(name for name in cells if "ParentLabel" in name)
    code = cells[scheme.codebook[0]]
    parent, _, label = cells[column].rpartition("|")
    if not code or not slugified(label):
        reason = "guidance, or a code without a label"
        quarantine.row(place, row, reason, column, cells[column])
        return []
    found = list(_concept(scheme, label))
    concept = NamedNode(scheme.concept(label))
    found.append(Triple(concept, _term("skos:notation"), Literal(code)))
    if slugified(parent) and scheme.concept(parent) != concept.value:
        found += _concept(scheme, parent)
        found.append(Triple(concept, _term("skos:broader"), NamedNode(scheme.concept(parent))))
    return found


def _concept(scheme: Scheme, label: str) -> Iterator[Triple]:
    """Yield what every concept has; equal for equal slugs, so the label is made from it."""
    concept = NamedNode(scheme.concept(label))
    words = slugified(label).replace("-", " ").capitalize()
    yield Triple(concept, RDF_TYPE, _term("skos:Concept"))
    yield Triple(concept, _term("skos:prefLabel"), _english(words))
    yield Triple(concept, RDFS_LABEL, _english(words))
    yield Triple(concept, _term("skos:altLabel"), _english(" ".join(label.split())))
    definition = f"{words}, as the survey of the STIP Compass has it."
    yield Triple(concept, _term("skos:definition"), _english(definition))
    yield Triple(concept, _term("dcterms:source"), NamedNode(PAGE))
    yield Triple(concept, _term("skos:inScheme"), NamedNode(CONCEPT + scheme.slug))


def _of_initiative(
    cells: Mapping[str, str], place: str, row: int, quarantine: Quarantine
) -> list[Triple]:
    iri = cells.get("Policy initiative ID", "")
    known = _IRI.fullmatch(iri)
    name = cells.get("English name", "")
    if known is None or not name:
        quarantine.row(place, row, "no id or English name", "Policy initiative ID", iri)
        return []
    slug = f"stip-{known[1]}-{known[2]}"
    programme = NamedNode(f"{ID}programme/{slug}")
    found = [
        Triple(programme, RDF_TYPE, mg("Programme")),
        Triple(programme, RDFS_LABEL, _english(name)),
        Triple(programme, _term("dcterms:source"), NamedNode(SOURCE)),
        Triple(programme, _term("skos:exactMatch"), NamedNode(iri)),
    ]
    if acronym := cells.get("Acronym", ""):
        found.append(Triple(programme, mg("acronym"), Literal(acronym)))
    found += _dates(programme, cells, place, row, quarantine)
    found += _country(programme, cells, place, row, quarantine)
    for theme in _listed(cells.get(THEMES.column, "")):
        found += _concept(THEMES, theme)
        found.append(Triple(programme, mg("policyField"), NamedNode(THEMES.concept(theme))))
    return found + list(_instrument(programme, slug, name, cells))


def _instrument(
    programme: NamedNode, slug: str, name: str, cells: Mapping[str, str]
) -> Iterator[Triple]:
    known = _INSTRUMENT_IRI.fullmatch(cells.get("Policy instrument ID", ""))
    if known is None:
        return
    instrument = NamedNode(f"{ID}instrument/{slug}-{known[1]}")
    types = _listed(cells.get(INSTRUMENTS.column, ""))
    label = f"{types[0]}: {name}" if types else name
    yield Triple(programme, mg("hasInstrument"), instrument)
    yield Triple(instrument, RDF_TYPE, mg("Instrument"))
    yield Triple(instrument, RDFS_LABEL, _english(label))
    yield Triple(instrument, _term("dcterms:source"), NamedNode(SOURCE))
    for kind in types:
        yield from _concept(INSTRUMENTS, kind)
        yield Triple(instrument, mg("instrumentType"), NamedNode(INSTRUMENTS.concept(kind)))


def _dates(
    programme: NamedNode, cells: Mapping[str, str], place: str, row: int, quarantine: Quarantine
) -> Iterator[Triple]:
    for column, key in (("Start date", "startDate"), ("End date", "endDate")):
        text = cells.get(column, "").removesuffix(".0")
        if not text:
            continue
        try:
            date, datatype = read_date(text)
        except IllWritten as cause:
            quarantine.cell(place, row, column, text, cause.what)
            continue
        yield Triple(programme, mg(key), Literal(date, datatype=NamedNode(datatype)))


def _country(
    programme: NamedNode, cells: Mapping[str, str], place: str, row: int, quarantine: Quarantine
) -> Iterator[Triple]:
    text = cells.get("Country", "")
    found = _countries_by_name().get(text) or countries().get(_ENGLISH.get(text, ""))
    if found is None:
        if text:
            quarantine.cell(place, row, "Country", text, "unknown country")
        return
    yield from found.triples()
    yield Triple(programme, mg("place"), NamedNode(found.iri))


def _countries_by_name() -> dict[str, Country]:
    return {country.label: country for country in countries().values()}


def _listed(cell: str) -> list[str]:
    """Return the labels of a cell with several that can be concepts."""
    parts = (" ".join(part.split()) for part in _SEPARATOR.split(cell))
    return list(dict.fromkeys(part for part in parts if slugified(part)))


def _repaired(cell: str) -> str:
    """Return a cell as it was before UTF-8 was read as something else; nothing for no text."""
    text = " ".join(ftfy.fix_encoding(cell).replace("Â¬", "¬").split())
    try:
        return read_text(text)
    except IllWritten:
        return ""


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _term(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


CONNECTOR: Final = Stip()
