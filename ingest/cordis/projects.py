"""Projects of CORDIS: the tables that say something of a project, as triples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from missiongraph.ingest.cells import Cells
from missiongraph.ingest.cordis.dump import Dump
from missiongraph.ingest.mission_rules import our_mission_rules
from missiongraph.ingest.triple_columns import (
    TripleColumn,
    address,
    english,
    resource,
    text,
    thing,
    triples,
    typed,
)
from missiongraph.names import CONCEPT, ID, MG

SOURCE: Final = f"{ID}source/cordis"
PROJECT_COLUMNS: Final = (
    *("id", "acronym", "status", "title", "startDate", "endDate", "totalCost"),
    *("ecMaxContribution", "legalBasis", "topics", "frameworkProgramme"),
)
_STATUS: Final = {"CLOSED": "completed", "SIGNED": "in-progress", "TERMINATED": "stopped"}
_FRAMEWORKS: Final = {
    "HORIZON": "horizon-europe",
    "HORIZON EUROPE": "horizon-europe",
    "H2020": "horizon-2020",
    "HORIZON 2020": "horizon-2020",
}
_FRAMEWORK_LABELS: Final = {"horizon-2020": "Horizon 2020", "horizon-europe": "Horizon Europe"}
_EURO: Final = "http://publications.europa.eu/resource/authority/currency/EUR"
_DAYS: Final = ("startDate", "endDate")


def project_iri(column: str) -> pl.Expr:
    """Return the IRIs of the projects whose grant numbers a column has."""
    return thing("project", "cordis-", pl.col(column))


def read_cells(cells: Cells) -> Cells:
    """Return the rows of the table of projects with their values read."""
    cells = cells.numbers("id").without(pl.col("id").is_null(), "no grant number")
    cells = cells.texts("title", "acronym", "topics", "legalBasis")
    cells = cells.amounts("totalCost", "ecMaxContribution").dates(*_DAYS)
    backwards = pl.col("endDate") < pl.col("startDate")
    cells = cells.noted(backwards, "endDate", "before the start of the project")
    kept = pl.when(~backwards.fill_null(False)).then(pl.col("endDate")).alias("endDate")
    cells = Cells(cells.frame.with_columns(kept), cells.file, cells.quarantine)
    upper = pl.col("frameworkProgramme").str.to_uppercase()
    framework = upper.replace_strict(_FRAMEWORKS, default=None, return_dtype=pl.String)
    cells = cells.replaced("frameworkProgramme", framework, "an unknown framework programme")
    status = pl.col("status").str.to_uppercase()
    status = status.replace_strict(_STATUS, default=None, return_dtype=pl.String)
    return cells.replaced("status", status, "an unknown status")


def project_triples() -> Iterator[TripleColumn]:
    """Yield what the table of projects says of each."""
    project, identifier = project_iri("id"), pl.col("id")
    name = pl.coalesce("acronym", pl.concat_str([pl.lit("grant "), identifier]))
    label = pl.coalesce("title", "acronym", _untitled(identifier))
    yield from _described(project, identifier, label)
    yield triples(project, "mg:acronym", text(pl.col("acronym")))
    yield triples(project, "mg:startDate", typed(pl.col("startDate"), "date"))
    yield triples(project, "mg:endDate", typed(pl.col("endDate"), "date"))
    status = pl.concat_str([pl.lit(f"<{CONCEPT}status/"), pl.col("status"), pl.lit(">")])
    yield triples(project, "mg:status", status)
    # A total of 0 is that of unit and lump-sum grants, where it is not stated.
    cost = pl.when(pl.col("totalCost") != "0").then(pl.col("totalCost"))
    yield triples(project, "mg:totalCost", typed(cost, "decimal"))
    programme = thing("programme", pl.col("frameworkProgramme"))
    yield triples(project, "mg:fundedUnder", programme)
    amount = pl.col("ecMaxContribution")
    funding = pl.when(amount.is_not_null()).then(thing("funding", "cordis-", identifier))
    grant = pl.concat_str([pl.lit("EU contribution to "), name])
    yield triples(project, "mg:hasFunding", funding)
    yield triples(funding, "rdf:type", resource(f"{MG}Funding"))
    yield triples(funding, "rdfs:label", english(grant))
    yield triples(funding, "mg:amount", typed(amount, "decimal"))
    yield triples(funding, "mg:currency", resource(_EURO))
    yield triples(funding, "mg:fundingKind", resource(f"{CONCEPT}funding-kind/grant"))


def project_inferences() -> Iterator[TripleColumn]:
    """Yield what follows: years of dates (``rules/year.rq``)."""
    for day, year in zip(_DAYS, ("startYear", "endYear"), strict=True):
        number = pl.col(day).str.slice(0, 4).str.strip_chars_start("0")
        yield triples(project_iri("id"), f"mg:{year}", typed(number, "integer"))


def mentioned_triples(column: str) -> Iterator[TripleColumn]:
    """Yield what is known of projects that no table of projects describes, by ``_described``."""
    number = pl.when(~pl.col("_described")).then(pl.col(column))
    label = _untitled(number)
    yield from _described(thing("project", "cordis-", number), number, label)


def _untitled(identifier: pl.Expr) -> pl.Expr:
    """Return labels of projects of which neither title nor acronym is known."""
    return pl.concat_str([pl.lit("Project "), identifier, pl.lit(" (title unknown)")])


def marked(cells: Cells, column: str, dump: Dump) -> Cells:
    """Return cells with ``_described``: whether the table of projects has a row's project."""
    described = pl.col(column).is_in(dump.described.implode()).alias("_described")
    return Cells(cells.frame.with_columns(described), cells.file, cells.quarantine)


def _described(project: pl.Expr, identifier: pl.Expr, label: pl.Expr) -> Iterator[TripleColumn]:
    yield triples(project, "rdf:type", resource(f"{MG}Project"))
    yield triples(project, "rdfs:label", english(label))
    yield triples(project, "dcterms:identifier", text(identifier))
    yield triples(project, "dcterms:source", resource(SOURCE))
    page = pl.concat_str([pl.lit("https://cordis.europa.eu/project/id/"), identifier])
    yield triples(project, "foaf:page", address(page))


def topic_frame(frame: pl.DataFrame, project: str, topic: str) -> pl.DataFrame:
    """Return a row for each project and topic code; several codes are separated by semicolons."""
    pairs = frame.select(pl.col(project).alias("id"), pl.col(topic).alias("topic").str.split(";"))
    pairs = pairs.explode("topic").with_columns(pl.col("topic").str.strip_chars())
    return pairs.filter(pl.col("topic") != "").unique(maintain_order=True)


def topic_triples() -> Iterator[TripleColumn]:
    """Yield the topics of a ``topic_frame``."""
    yield triples(project_iri("id"), "mg:topic", text(pl.col("topic")))


def mission_frame(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the links to missions, with the rule of each: ``id``, ``mission``, ``rule``.

    Args:
        pairs: ``id`` with ``topic`` or ``legalBasis``, or both.
    """
    rules = our_mission_rules()
    numbers = {number for rule in rules.rules for number in rule.projects}
    values = [n for n in ("topic", "legalBasis") if n in pairs.columns and rules.ask_for(n)]
    listed = pl.when(pl.col("id").is_in(list(numbers))).then(pl.col("id")).alias("_listed")
    marked_pairs = pairs.select("id", *values, listed)
    found: list[tuple[str | None, ...]] = []
    kinds = marked_pairs.select(*values, "_listed").unique()
    if "topic" in values:  # of most projects it tells that no rule is for them
        topics = kinds.get_column("topic").unique()
        concerned = [topic for topic in topics if rules.concern(topic or "")]
        kinds = kinds.filter(pl.col("topic").is_in(concerned, nulls_equal=True))
    for kind in kinds.iter_rows(named=True):
        given = (kind.get("_listed") or "", kind.get("topic") or "", kind.get("legalBasis") or "")
        for rule in rules.applying(*given):
            cells = tuple(kind[name] for name in (*values, "_listed"))
            missions: Sequence[str | None] = rule.missions or (None,)
            found += [(*cells, mission, rules.rule_iri(rule)) for mission in missions]
    names = (*values, "_listed", "mission", "rule")
    links = pl.DataFrame(found, schema=dict.fromkeys(names, pl.String), orient="row")
    joined = marked_pairs.join(links, on=[*values, "_listed"], nulls_equal=True)
    return joined.select("id", "mission", "rule").unique(maintain_order=True)


def mission_triples() -> Iterator[TripleColumn]:
    """Yield the links of a ``mission_frame``."""
    project = project_iri("id")
    mission = pl.concat_str([pl.lit(f"<{ID}"), pl.col("mission"), pl.lit(">")])
    yield triples(project, "mg:contributesTo", mission)
    yield triples(project, "mg:assignedBy", address(pl.col("rule")))


def basis_frame(frame: pl.DataFrame, project: str, dump: Dump) -> pl.DataFrame:
    """Return the parts of a framework programme that projects are funded under.

    ``id``, ``legalBasis`` (its code), ``slug``, ``title`` and ``framework``, null where unknown.
    """
    codes = frame.get_column("legalBasis").drop_nulls().unique().to_list()
    titles = dump.programmes
    rows = [(code, _slug(code), titles.get(code, code), _framework_of(code)) for code in codes]
    names = ("legalBasis", "slug", "title", "framework")
    known = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return frame.select(pl.col(project).alias("id"), "legalBasis").join(known, on="legalBasis")


def basis_triples() -> Iterator[TripleColumn]:
    """Yield the parts of a ``basis_frame``."""
    part = thing("programme", "cordis-", pl.col("slug"))
    yield triples(project_iri("id"), "mg:fundedUnder", part)
    yield triples(part, "rdf:type", resource(f"{MG}Programme"))
    yield triples(part, "rdfs:label", english(pl.col("title")))
    yield triples(part, "dcterms:identifier", text(pl.col("legalBasis")))
    yield triples(part, "dcterms:source", resource(SOURCE))
    yield triples(part, "mg:partOf", thing("programme", pl.col("framework")))


def framework_triples(column: str) -> Iterator[TripleColumn]:
    """Yield the framework programmes whose slugs a column has."""
    programme = thing("programme", pl.col(column))
    yield triples(programme, "rdf:type", resource(f"{MG}Programme"))
    label = pl.col(column).replace_strict(_FRAMEWORK_LABELS, default=None)
    yield triples(programme, "rdfs:label", english(label.cast(pl.String)))


def _slug(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def _framework_of(code: str) -> str | None:
    if code.upper().startswith("HORIZON."):
        return "horizon-europe"
    return "horizon-2020" if code.upper().startswith("H2020-") else None
