"""The open tables of data/: what they hold, and that no natural person is among it."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from missiongraph.names import ID, PREFIXES
from missiongraph.releases import Release
from missiongraph.resources import root

PROJECTS = NamedNode(f"{ID}source/cordis-mission-projects")
PARTICIPANTS = NamedNode(f"{ID}source/cordis-mission-participants")
FOLDER = root() / "data" / "eu"
SHARED = root().parent / "shared" / "data" / "cordis" / "mission-projects"


def rows_of(file: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


@pytest.fixture(scope="module")
def graph(built_release: Release) -> Store:
    store = Store()
    store.bulk_extend(parse(path=str(built_release.dump), format=RdfFormat.N_QUADS))
    return store


def counted(graph: Store, pattern: str) -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    (row,) = graph.query(query, prefixes=PREFIXES)  # type: ignore[misc]
    return int(row[0].value)


def test_every_project_participation_and_organisation_is_in_the_graph(graph: Store) -> None:
    assert counted(graph, f"?p a mg:Project ; dcterms:source {PROJECTS}") == 326
    assert counted(graph, "?p a mg:Participation") == 834
    organisations = f"?a a mg:Actor ; dcterms:source {PARTICIPANTS}"
    assert counted(graph, organisations) == len(rows_of(FOLDER / "organisations.csv"))


def test_amounts_are_those_of_the_table(graph: Store) -> None:
    amounts = [
        Decimal(row["ecMaxContribution"])
        for row in rows_of(FOLDER / "projects.csv")
        if row["ecMaxContribution"]
    ]
    pattern = f"?p a mg:Project ; dcterms:source {PROJECTS} ; mg:hasFunding/mg:amount ?a"
    query = f"SELECT (SUM(?a) AS ?sum) (COUNT(?a) AS ?n) {{ {pattern} }}"
    (row,) = graph.query(query, prefixes=PREFIXES)  # type: ignore[misc]
    assert (Decimal(row["sum"].value), int(row["n"].value)) == (sum(amounts), len(amounts))


def test_each_link_to_a_mission_is_that_of_a_rule(graph: Store) -> None:
    ours = f"?p a mg:Project ; dcterms:source {PROJECTS}"
    linked = f"SELECT ?p ?m {{ {ours} ; mg:contributesTo ?m }}"
    assigned = f"SELECT DISTINCT ?p ?m {{ {ours} ; mg:assignedBy/mg:assigns ?m }}"
    pairs = [
        sorted(tuple(map(str, row)) for row in graph.query(query, prefixes=PREFIXES))  # type: ignore[union-attr]
        for query in (linked, assigned)
    ]
    assert len(pairs[0]) > 300
    assert pairs[0] == pairs[1]
    assert counted(graph, f"{ours} ; mg:assignedBy ?rule . ?rule mg:summary ?why") >= 326
    unlinked = f"{ours} MINUS {{ ?p mg:contributesTo ?m }}"
    assert counted(graph, unlinked) == 19


def test_one_table_has_the_countries_and_says_which_the_others_name() -> None:
    named = {row["place"] for row in rows_of(FOLDER / "countries.csv") if row["named"]}
    columns = {
        "m100-cities.csv": "country",
        "mission-cities.csv": "country",
        "national-bodies.csv": "place",
        "organisations.csv": "place",
    }
    found = {row[column] for file, column in columns.items() for row in rows_of(FOLDER / file)} - {
        ""
    }
    coded = {row["place"] for row in rows_of(FOLDER.parent / "places" / "country-codes.csv")}
    assert found <= named <= found | coded


def test_total_costs_are_those_of_the_table(graph: Store) -> None:
    costs = [Decimal(r["totalCost"]) for r in rows_of(FOLDER / "projects.csv") if r["totalCost"]]
    pattern = f"?p dcterms:source {PROJECTS} ; mg:totalCost ?c"
    query = f"SELECT (SUM(?c) AS ?sum) (COUNT(?p) AS ?n) {{ {pattern} }}"
    (row,) = graph.query(query, prefixes=PREFIXES)  # type: ignore[misc]
    assert (Decimal(row["sum"].value), int(row["n"].value)) == (sum(costs), len(costs))
    assert all(costs)


def test_what_is_not_known_is_not_stated(graph: Store) -> None:
    dated = sum(bool(row["startDate"]) for row in rows_of(FOLDER / "projects.csv"))
    assert dated == 88
    curated = "MINUS { GRAPH ?passage { ?p mg:startDate ?day } ?passage mg:summary ?said }"
    pattern = f"?p dcterms:source {PROJECTS} ; mg:startDate ?day {curated}"
    assert counted(graph, pattern) == dated


@pytest.mark.parametrize("name", ["project/cordis-", "actor/cordis-"])
def test_every_record_names_its_source(graph: Store, name: str) -> None:
    things = f'?t a ?class FILTER(STRSTARTS(STR(?t), "{ID}{name}"))'
    assert counted(graph, things) > 300
    assert (
        counted(graph, f"{things} MINUS {{ ?t dcterms:source ?source . ?source a mg:Source }}") == 0
    )


def test_sole_traders_have_no_name_here() -> None:
    withheld = [row for row in rows_of(FOLDER / "organisations.csv") if not row["name"]]
    assert len(withheld) == 6
    assert not any(row["pic"] or row["shortName"] for row in withheld)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data/cordis/mission-projects")
def test_the_tables_are_those_that_were_compiled() -> None:
    projects = rows_of(SHARED / "project.csv", ";")
    ours = {row["id"]: row for row in rows_of(FOLDER / "projects.csv")}
    assert len(projects) == len(ours) == 326
    for row in projects:
        mine = ours[row["id"]]
        assert mine["topic"] == row["topics"]
        for column in ("acronym", "title", "startDate", "endDate"):
            assert mine[column] == row[column].strip()
        amount = row["ecMaxContribution"].replace(",", ".")
        assert not amount or Decimal(mine["ecMaxContribution"]) == Decimal(amount)
    organisations = rows_of(SHARED / "organization.csv", ";")
    parts = rows_of(FOLDER / "participations.csv")
    assert Counter((r["projectID"], r["role"]) for r in organisations) == Counter(
        (r["project"], r["role"]) for r in parts
    )
    assert sum(Decimal(r["ecContribution"] or 0) for r in organisations) == sum(
        Decimal(r["ecContribution"] or 0) for r in parts
    )
