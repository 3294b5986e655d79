"""Tables and their mappings: files in, statements or mistakes with their cells out."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from missiongraph.errors import BadDocument
from missiongraph.ingest import claims
from missiongraph.ingest.documents import read_document
from missiongraph.ingest.node_triples import triples_of
from missiongraph.ingest.table_mapping import TableMapping, read_table_facts
from missiongraph.names import ID, PREFIXES
from missiongraph.ontology import our_ontology
from missiongraph.resources import root

MAPPING = """\
table: {file: portfolio.csv, delimiter: ";"}
source:
  id: source/example-portfolio
  title: An example's portfolio
  page: https://example.org/portfolio
  sourceKind: data-set
values:
  role: {Lead: coordinator, Partner: participant}
things:
  - id: project/example-{Number}
    type: Project
    label: "{Title} ?? Project {Number}"
    startDate: "{Start|date DD.MM.YYYY}"
    contributesTo: mission/{Missions|split}
    hasFunding:
      when: "{Budget}"
      id: funding/example-{Number}
      type: Funding
      amount: "{Budget|number}"
      currency: EUR
  - id: actor/{Organisation|slug}
    type: Actor
    label: "{Organisation}"
"""
TABLE = """\
Number;Title;Start;Missions;Budget;Organisation
1;Clean rivers;03.01.2023;clean-water|drought;1.250.000,50;Ministère de l'Eau
2;;;;;
"""


def mapping_of(folder: Path, mapping: str = MAPPING, table: str | bytes = TABLE) -> TableMapping:
    (folder / "portfolio.table.yaml").write_text(mapping, encoding="utf-8")
    content = table if isinstance(table, bytes) else table.encode()
    (folder / "portfolio.csv").write_bytes(content)
    return TableMapping(folder / "portfolio.table.yaml", our_ontology())


def spelt(quads: list[Quad]) -> set[tuple[str, str, str]]:
    """Return the statements of the default graph, short."""
    parts = [
        (q.subject.value, q.predicate.value, q.object.value)  # type: ignore[union-attr]
        for q in quads
        if q.graph_name == DefaultGraph()
    ]
    return {
        (s.removeprefix(ID), p.rpartition("#")[2].rpartition("/")[2], o.removeprefix(ID))
        for s, p, o in parts
    }


def test_rows_become_things_and_what_is_empty_stays_unknown(tmp_path: Path) -> None:
    facts = spelt(read_table_facts(mapping_of(tmp_path)).quads)
    assert {fact for fact in facts if fact[0].startswith(("project", "funding"))} == {
        ("project/example-1", "type", "https://w3id.org/missiongraph/ontology#Project"),
        ("project/example-1", "label", "Clean rivers"),
        ("project/example-1", "startDate", "2023-01-03"),
        ("project/example-1", "contributesTo", "mission/clean-water"),
        ("project/example-1", "contributesTo", "mission/drought"),
        ("project/example-1", "hasFunding", "funding/example-1"),
        ("project/example-1", "source", "source/example-portfolio"),
        ("funding/example-1", "type", "https://w3id.org/missiongraph/ontology#Funding"),
        ("funding/example-1", "amount", "1250000.5"),
        (
            "funding/example-1",
            "currency",
            "http://publications.europa.eu/resource/authority/currency/EUR",
        ),
        ("project/example-2", "type", "https://w3id.org/missiongraph/ontology#Project"),
        ("project/example-2", "label", "Project 2"),
        ("project/example-2", "source", "source/example-portfolio"),
    }
    assert ("actor/ministere-de-l-eau", "label", "Ministère de l'Eau") in facts


def test_the_source_is_described_in_its_own_graph(tmp_path: Path) -> None:
    quads = read_table_facts(mapping_of(tmp_path)).quads
    graph = NamedNode(f"{ID}source/example-portfolio")
    title = NamedNode(PREFIXES["dcterms"] + "title")
    assert [q.object.value for q in quads if q.graph_name == graph and q.predicate == title] == [  # type: ignore[union-attr]
        "An example's portfolio"
    ]


@pytest.mark.parametrize(
    ("row", "where", "words"),
    [
        ("3;A;31.02.2023;;;", "portfolio.csv:2:3", "not a date of the form"),
        ("3;A;;;12 apples;", "portfolio.csv:2:5", "not a number"),
        ("3;A;;Clean Water;;", "portfolio.csv:2:4", "lower-case"),
        ("x y;A;;;;", "portfolio.csv:2:1", "lower-case"),
        ("3;A;;;;;;", "portfolio.csv:2:1", "2 cells too many"),
        ("3;A", "portfolio.csv:2:1", "4 cells too few"),
    ],
)
def test_a_mistake_names_its_row_and_column(
    tmp_path: Path, row: str, where: str, words: str
) -> None:
    table = f"{TABLE.splitlines()[0]}\n{row}\n"
    with pytest.raises(BadDocument) as caught:
        read_table_facts(mapping_of(tmp_path, table=table))
    assert where in str(caught.value)
    assert words in str(caught.value)


def test_every_mistake_of_a_table_is_told(tmp_path: Path) -> None:
    table = f"{TABLE.splitlines()[0]}\n3;A;x;;y;\n4;B;;;;\n5;C;z;;;\n"
    with pytest.raises(BadDocument, match="3 mistakes"):
        read_table_facts(mapping_of(tmp_path, table=table))


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("{Title}", "{Titel}", "12:12", 'no column "Titel"'),
        ("|number}", "|numbr}", "19:15", "is no filter"),
        ("startDate:", "startdate:", "13:5", "not a term of the ontology"),
        ("type: Project", "type: Projet", "11:11", "not a class"),
        ("things:", "thing:", "1:1", "describes no things"),
        ("currency: EUR", "currency: EURO", "20:17", "not a concept"),
        ('";"', '";;"', "1:8", "not one sign"),
        ("portfolio.csv", "../portfolio.csv", "1:8", "not in the mapping's folder"),
        ("title: An", "titel: An", "4:3", "not a term of the ontology"),
    ],
)
def test_a_mistake_of_the_mapping_names_its_line(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    with pytest.raises(BadDocument) as caught:
        read_table_facts(mapping_of(tmp_path, MAPPING.replace(old, new, 1)))
    assert f"portfolio.table.yaml:{where}: " in str(caught.value)
    assert words in str(caught.value)


def test_a_mapping_without_its_table_is_told(tmp_path: Path) -> None:
    file = tmp_path / "portfolio.table.yaml"
    file.write_text(MAPPING, encoding="utf-8")
    with pytest.raises(BadDocument, match="no table"):
        TableMapping(file, our_ontology())


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "no header"),
        (b"\n", "header is empty"),
        (b"Number;Number\n1;2\n", "names 'Number' twice"),
        (TABLE.encode("utf-16"), "cannot be read"),
        (TABLE.encode().replace(b"Clean", b"Cl\xffan"), "cannot be read"),
        (TABLE.encode().replace(b"Clean", b"x" * 2_000_000), "field larger than field limit"),
    ],
    ids=["empty", "empty line", "column twice", "UTF-16", "broken UTF-8", "endless cell"],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, table: bytes, words: str) -> None:
    with pytest.raises(BadDocument, match=words):
        read_table_facts(mapping_of(tmp_path, table=table))


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistakes(tmp_path: Path) -> None:
    plain = read_table_facts(mapping_of(tmp_path)).quads
    odd = b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode()
    assert read_table_facts(mapping_of(tmp_path, table=odd)).quads == plain


def test_rows_below_the_header_can_be_left_out(tmp_path: Path) -> None:
    lines = TABLE.splitlines()
    table = "\n".join(
        ["An example;of;a;title;;", lines[0], "No.;Name;From;For;EUR;Who", *lines[1:]]
    )
    mapping = MAPPING.replace('";"', '";", header: 2, skip: 1')
    odd = mapping_of(tmp_path, mapping, table)
    facts = spelt(read_table_facts(odd).quads)
    assert facts == spelt(read_table_facts(mapping_of(tmp_path)).quads)


@pytest.mark.parametrize("name", ["opsi-webinar-2021", "csiro-future-protein"])
def test_things_give_the_triples_that_a_json_ld_processor_reads(name: str) -> None:
    """The way over JSON-LD is the contract; tables take the shorter one."""
    ontology = our_ontology()
    document = read_document(root() / "data" / f"{name}.yaml", ontology)
    for passage in document.passages:
        graph = NamedNode(passage.evidence.iri)
        quads = claims.quads(document.source, (passage,), ontology)
        by_json_ld = {quad.triple for quad in quads if quad.graph_name == graph}
        ours = {triple for node in passage.states for triple in triples_of(node, ontology)}
        assert ours == by_json_ld
