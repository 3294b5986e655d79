"""Links of CORDIS: pages, deliverables, summaries of reports and subjects of projects."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from typing import Final

import polars as pl

from missiongraph.ingest.cells import Cells
from missiongraph.ingest.cordis.projects import project_iri
from missiongraph.ingest.triple_columns import TripleColumn, address, english, triples
from missiongraph.resources import root

_OWN_PAGE: Final = "project"


def numbered(cells: Cells) -> Cells:
    """Return the rows that have a grant number."""
    cells = cells.numbers("projectID")
    return cells.without(pl.col("projectID").is_null(), "no grant number")


def web_link_cells(cells: Cells) -> Cells:
    """Return the links to projects' own pages; pages of social media may name persons."""
    cells = numbered(cells)
    other = pl.col("represents").is_null() | (pl.col("represents") != _OWN_PAGE)
    cells = cells.without(other, "not the project's own page", "represents")
    return _addressed(cells, "physUrl")


def deliverable_cells(cells: Cells) -> Cells:
    """Return the deliverables that have an address; their descriptions may name persons."""
    return _addressed(numbered(cells), "url")


def summary_cells(cells: Cells) -> Cells:
    """Return the summaries of reports, which stand together on a page of the project."""
    return numbered(cells)


def subject_cells(cells: Cells) -> Cells:
    """Return the fields of science, as IRIs of EuroSciVoc."""
    cells = numbered(cells).texts("euroSciVocCode")
    number = pl.col("euroSciVocCode").str.extract(r"(?:^|/)(\d+)$")
    known = {code: iri for code, (iri, _) in _fields_of_science().items()}
    iri = number.replace_strict(known, default=None, return_dtype=pl.String)
    cells = cells.replaced("euroSciVocCode", iri, "not a code of EuroSciVoc")
    return cells.without(pl.col("euroSciVocCode").is_null(), "no field of science")


def page_triples(table: str) -> Iterator[TripleColumn]:
    """Yield the pages of a table's projects."""
    project = project_iri("projectID")
    if table == "web-link":
        yield triples(project, "foaf:homepage", address(pl.col("physUrl")))
    elif table == "deliverables":
        yield triples(project, "foaf:page", address(pl.col("url")))
    else:
        parts = ("https://cordis.europa.eu/project/id/", "/reporting")
        page = pl.concat_str([pl.lit(parts[0]), pl.col("projectID"), pl.lit(parts[1])])
        yield triples(project, "foaf:page", address(page))


def subject_triples() -> Iterator[TripleColumn]:
    """Yield the fields of science of projects."""
    labels = dict(_fields_of_science().values())
    subject = pl.col("euroSciVocCode")
    yield triples(project_iri("projectID"), "dcterms:subject", address(subject))
    yield triples(address(subject), "rdfs:label", english(subject.replace_strict(labels)))


def _addressed(cells: Cells, column: str) -> Cells:
    cells = cells.addresses(column)
    return cells.without(pl.col(column).is_null(), "no address")


@cache
def _fields_of_science() -> dict[str, tuple[str, str]]:
    """Return IRI and label of the concepts of EuroSciVoc, by the last number of their codes."""
    with (root() / "data" / "eu" / "euroscivoc.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["iri"], row["label"]) for row in csv.DictReader(file)}
