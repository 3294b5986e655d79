"""Claims: the quads of curated files are what any JSON-LD processor reads from them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from ruamel.yaml import YAML
from sample import CHECKED

from missiongraph import resources
from missiongraph.ingest.claims import deep_link, locator
from missiongraph.ingest.documents import Document, read_document
from missiongraph.ingest.mistakes import IllWritten, Position
from missiongraph.ingest.passages import Node
from missiongraph.ingest.values import read_date, read_decimal, read_link
from missiongraph.names import ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg
from missiongraph.ontology import Kind, Ontology, our_ontology

ONTOLOGY = our_ontology()
FOLDER = resources.root() / "data"
DATA = sorted(
    {*sorted(FOLDER.glob("*.yaml"))[::20], *(FOLDER / f"{name}.yaml" for name in CHECKED)}
)
DCTERMS_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")
FOAF_PAGE = NamedNode(PREFIXES["foaf"] + "page")
DATES = {prop.iri for prop in ONTOLOGY.properties.values() if prop.kind is Kind.DATE}
SOURCE = NamedNode(ID + "source/report")
PASSAGE = NamedNode(ID + "evidence/report/passage")
MISSION = NamedNode(ID + "mission/clean-water")
QUICKLY = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def whole(**facts: object) -> dict[str, Any]:
    """Return a file's contents that state these facts of one mission."""
    mission = {"id": "mission/clean-water", "type": "Mission", "label": "Clean water", **facts}
    page = "https://example.org/report"
    passage = {
        "id": "evidence/report/passage",
        "summary": "The water is to be clean.",
        "states": [mission],
    }
    source = {"id": "source/report", "title": "A report", "page": page}
    return {"source": source, "claims": [passage]}


def document(folder: Path, contents: object) -> Document:
    path = folder / "file.yaml"
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False  # in flow, ruamel does not read back what it writes of "?a"
    with io.StringIO() as text:
        yaml.dump(contents, text)
        path.write_text(text.getvalue(), encoding="utf-8")
    return read_document(path, ONTOLOGY)


def document_of(folder: Path, text: bytes) -> Document:
    path = folder / "file.yaml"
    path.write_bytes(text)
    return read_document(path, ONTOLOGY)


def text_of(term: object) -> str:
    assert isinstance(term, NamedNode | Literal)
    return term.value


def values(doc: Document, key: str) -> list[str]:
    """Return the lexical forms of what the mission has for a key."""
    iri = ONTOLOGY.properties[key].iri
    return [
        text_of(q.object) for q in doc.quads() if q.subject == MISSION and q.predicate.value == iri
    ]


# The context


def test_the_context_is_the_one_of_the_ontology_and_vocabularies() -> None:
    fresh = ONTOLOGY.context_text()
    assert (ONTOLOGY.folder / "context.jsonld").read_text(encoding="utf-8") == fresh


@pytest.mark.parametrize(
    "key", sorted(p.key for p in ONTOLOGY.properties.values() if p.kind is Kind.CONCEPT)
)
def test_every_slug_is_read_as_its_concept_by_a_json_ld_processor(key: str) -> None:
    prop = ONTOLOGY.properties[key]
    iris = {
        (slug if len(prop.schemes) == 1 else f"{scheme}/{slug}"): f"{scheme}/{slug}"
        for scheme in prop.schemes
        for slug in ONTOLOGY.schemes[scheme]
    }
    expanded = jsonld.expand({**ONTOLOGY.context(), "id": "mission/x", key: sorted(iris)})
    read = [value["@id"].partition("/concept/")[2] for value in expanded[0][prop.iri]]
    assert read == [iris[written] for written in sorted(iris)]


# Equal to a plain reading


def plain_reading(path: Path) -> set[Quad]:
    """Return the quads of a file read as YAML without types, then as JSON-LD."""
    tree = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
    context = json.loads((ONTOLOGY.folder / "context.jsonld").read_text(encoding="utf-8"))
    graph = [tree["source"], *tree["claims"]]
    whole_file = json.loads(json.dumps({**context, "id": tree["source"]["id"], "@graph": graph}))
    dataset = jsonld.to_rdf(whole_file, {"format": "application/n-quads"})
    return set(parse(dataset.encode(), format=RdfFormat.N_QUADS))


def undated(quad: Quad) -> Quad:
    """Return the quad with the date's datatype left out, which a context cannot give."""
    if quad.predicate.value not in DATES:
        return quad
    return Quad(quad.subject, quad.predicate, Literal(text_of(quad.object)), quad.graph_name)


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.stem)
def test_the_quads_are_those_of_a_plain_reading_and_what_follows(path: Path) -> None:
    read = {undated(quad) for quad in read_document(path, ONTOLOGY).quads()}
    plain = {undated(quad) for quad in plain_reading(path)}
    assert plain <= read
    for quad in read - plain:
        described = text_of(quad.subject).removeprefix(ID).partition("/")[0]
        if described in ("source", "evidence"):
            assert quad.predicate in (RDF_TYPE, DCTERMS_SOURCE, FOAF_PAGE, RDFS_LABEL)
        else:
            assert quad.predicate == RDF_TYPE


def written_values(doc: Document) -> Iterator[tuple[str, str, str, str]]:
    for passage in doc.passages:
        for top in passage.states:
            for node in top.within():
                for key, facts in node.facts.items():
                    for fact in facts:
                        value = fact.id if isinstance(fact, Node) else json.dumps(fact)
                        yield passage.evidence.id, node.id, key, value


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.stem)
def test_no_value_is_lost_on_the_way_to_quads(path: Path) -> None:
    doc = read_document(path, ONTOLOGY)
    stated = [
        quad
        for quad in doc.quads()
        if text_of(quad.graph_name).startswith(ID + "evidence/") and quad.predicate != RDF_TYPE
    ]
    assert len(stated) == len(set(stated)) == len(set(written_values(doc)))


def test_a_context_is_never_fetched(tmp_path: Path) -> None:
    class Elsewhere(Ontology):
        def context(self) -> dict[str, Any]:
            return {"@context": "https://example.org/context.jsonld"}

    path = tmp_path / "file.yaml"
    with path.open("w") as file:
        YAML(typ="safe", pure=True).dump(whole(), file)
    doc = read_document(path, Elsewhere(ONTOLOGY.folder))
    with pytest.raises(jsonld.JsonLdError):
        doc.quads()


# Graphs


def test_claims_stand_in_the_graph_of_their_passage_and_passages_in_that_of_the_source(
    tmp_path: Path,
) -> None:
    target = {"id": "target/clean-water", "targetValue": 30, "unit": "percent"}
    quads = set(document(tmp_path, whole(hasTarget=target)).quads())
    node = NamedNode(ID + "target/clean-water")
    percent = NamedNode("https://w3id.org/missiongraph/concept/unit/percent")
    number = Literal("30", datatype=NamedNode(PREFIXES["xsd"] + "decimal"))
    page = NamedNode("https://example.org/report")
    assert quads == {
        Quad(SOURCE, RDF_TYPE, mg("Source"), SOURCE),
        Quad(SOURCE, RDFS_LABEL, Literal("A report", language="en"), SOURCE),
        Quad(
            SOURCE,
            NamedNode(PREFIXES["dcterms"] + "title"),
            Literal("A report", language="en"),
            SOURCE,
        ),
        Quad(SOURCE, FOAF_PAGE, page, SOURCE),
        Quad(PASSAGE, RDF_TYPE, mg("Evidence"), SOURCE),
        Quad(PASSAGE, RDFS_LABEL, Literal("A report, passage", language="en"), SOURCE),
        Quad(PASSAGE, DCTERMS_SOURCE, SOURCE, SOURCE),
        Quad(PASSAGE, FOAF_PAGE, page, SOURCE),
        Quad(PASSAGE, mg("summary"), Literal("The water is to be clean.", language="en"), SOURCE),
        Quad(MISSION, RDF_TYPE, mg("Mission"), PASSAGE),
        Quad(MISSION, RDFS_LABEL, Literal("Clean water", language="en"), PASSAGE),
        Quad(MISSION, mg("hasTarget"), node, PASSAGE),
        Quad(node, RDF_TYPE, mg("Target"), PASSAGE),
        Quad(node, mg("targetValue"), number, PASSAGE),
        Quad(node, mg("unit"), percent, PASSAGE),
    }


def test_a_file_gives_the_same_quads_in_the_same_order_each_time(tmp_path: Path) -> None:
    doc = document(tmp_path, whole(aim=["b", "a"]))
    assert doc.quads() == doc.quads() == document(tmp_path, whole(aim=["b", "a"])).quads()


def test_bom_and_crlf_make_no_difference(tmp_path: Path) -> None:
    text = DATA[0].read_bytes()
    windows = b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")
    assert document_of(tmp_path, windows).quads() == document_of(tmp_path, text).quads()


# Deep links and labels


def passage_at(**facts: str) -> Node:
    return Node(
        "evidence/x/the-goal", (), {key: (value,) for key, value in facts.items()}, Position(1, 1)
    )


@pytest.mark.parametrize(
    ("page", "facts", "link"),
    [
        (
            "https://www.youtube.com/watch?v=PSQUKrdPM70",
            {"startSeconds": "2389"},
            "https://www.youtube.com/watch?v=PSQUKrdPM70&t=2389s",
        ),
        (
            "https://www.youtube.com/watch?v=x&t=5s",
            {"startSeconds": "12.5"},
            "https://www.youtube.com/watch?v=x&t=12s",
        ),
        ("https://youtu.be/x", {"startSeconds": "0"}, "https://youtu.be/x?t=0s"),
        ("https://vimeo.com/1", {"startSeconds": "90"}, "https://vimeo.com/1#t=90s"),
        ("https://x.org/a.PDF", {"pageNumber": "7"}, "https://x.org/a.PDF#page=7"),
        ("https://x.org/a.html", {"pageNumber": "7"}, "https://x.org/a.html"),
        ("https://x.org/a", {"startSeconds": "7"}, "https://x.org/a"),
    ],
)
def test_a_deep_link_leads_to_the_second_or_page(
    page: str, facts: dict[str, str], link: str
) -> None:
    source = Node("source/x", (), {"page": (page,)}, Position(1, 1))
    assert deep_link(source, passage_at(**facts)) == link


def test_a_link_written_by_hand_is_kept(tmp_path: Path) -> None:
    contents = whole()
    contents["claims"][0]["page"] = "https://example.org/report/2"
    quads = document(tmp_path, contents).quads()
    pages = [text_of(q.object) for q in quads if (q.subject, q.predicate) == (PASSAGE, FOAF_PAGE)]
    assert pages == ["https://example.org/report/2"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"startSeconds": "2389"}, "39:49"),
        ({"startSeconds": "3605.5"}, "1:00:05"),
        ({"pageNumber": "12"}, "p. 12"),
        ({}, "the goal"),
    ],
)
def test_a_passage_is_named_by_where_it_is(facts: dict[str, str], words: str) -> None:
    assert locator(passage_at(**facts)) == words


# Values


@pytest.mark.parametrize("text", ["NO", "39:49", "010", "2030-06-30", "1.10", "yes", "on", "1e3"])
def test_a_text_is_what_was_written(tmp_path: Path, text: str) -> None:
    head = (
        "source: {id: source/report, title: A report, page: 'https://example.org/report'}\n"
        "claims:\n  - id: evidence/report/passage\n    summary: It says so.\n    states:\n"
        "      - {id: mission/clean-water, type: Mission, label: "
    )
    doc = document_of(tmp_path, f"{head}{text}}}\n".encode())
    assert values(doc, "label") == [text]


@pytest.mark.parametrize(
    ("text", "datatype"), [("2030", "gYear"), ("2030-06", "gYearMonth"), ("2030-06-30", "date")]
)
def test_the_form_of_a_date_decides_its_datatype(tmp_path: Path, text: str, datatype: str) -> None:
    quads = document(tmp_path, whole(endDate=text)).quads()
    assert Quad(
        MISSION,
        mg("endDate"),
        Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype)),
        PASSAGE,
    ) in set(quads)


def test_a_text_in_several_languages_keeps_them_all(tmp_path: Path) -> None:
    doc = document(
        tmp_path, whole(aim={"da": "Rent vand", "en": ["Clean", "Pure"], "zh-Hant": "水"})
    )
    texts = {
        (q.object.language, text_of(q.object))
        for q in doc.quads()
        if q.predicate == mg("aim") and isinstance(q.object, Literal)
    }
    assert texts == {("da", "Rent vand"), ("en", "Clean"), ("en", "Pure"), ("zh-hant", "水")}


TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=60,
).filter(lambda text: bool(text.strip()))


@QUICKLY
@given(TEXTS, TEXTS)
def test_any_text_survives_exactly(tmp_path: Path, english: str, danish: str) -> None:
    doc = document(tmp_path, whole(aim={"en": english, "da": danish}))
    assert sorted(values(doc, "aim")) == sorted([english, danish])


@QUICKLY
@given(TEXTS)
def test_any_plain_text_survives_exactly(tmp_path: Path, text: str) -> None:
    assert values(document(tmp_path, whole(aim=text)), "aim") == [text]


@given(st.decimals(-(10**19), 10**19, places=6))
def test_equal_decimals_are_one_term(number: Decimal) -> None:
    text = f"{number:f}"
    assert Decimal(read_decimal(text)) == number
    assert read_decimal(text) == read_decimal(f"{text}00")


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: Any) -> None:
    assert read_date(day.isoformat())[0] == day.isoformat()


@given(st.text(max_size=20))
def test_whatever_is_written_is_a_date_or_ill_written(text: str) -> None:
    try:
        lexical, datatype = read_date(text)
    except IllWritten:
        return
    assert lexical == text
    assert Literal(lexical, datatype=NamedNode(datatype))


@given(st.text(max_size=30))
def test_whatever_follows_https_is_an_iri_or_ill_written(text: str) -> None:
    try:
        link = read_link(f"https://{text}")
    except IllWritten:
        return
    assert NamedNode(link).value == f"https://{text}"
