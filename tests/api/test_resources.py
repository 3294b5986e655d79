"""Things, concepts, ontology and shapes at their addresses, in every form."""

import json

import httpx
import pytest
from pyld import jsonld
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from missiongraph.names import ID, INFERRED_GRAPH, mg

MISSION = NamedNode(ID + "mission/drought")
TARGET = Quad(MISSION, mg("hasTarget"), NamedNode(ID + "target/drought-2030"))
PASSAGE = NamedNode(ID + "evidence/webinar/drought-target")
RDF = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def quads(client: httpx.Client, path: str, ending: str) -> set[Quad]:
    response = client.get(f"{path}.{ending}")
    assert response.status_code == 200
    if ending in RDF:
        return set(parse(response.content, format=RDF[ending]))
    text = jsonld.to_rdf(response.json(), {"format": "application/n-quads"})
    return set(parse(text.encode(), format=RdfFormat.N_QUADS))


def in_graph(quad: Quad, graph: NamedNode) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


@pytest.mark.parametrize("ending", [*RDF, "jsonld", "json"])
def test_the_facts_of_a_thing_come_in_each_form_with_their_passages(
    client: httpx.Client, ending: str
) -> None:
    found = quads(client, "/id/mission/drought", ending)
    assert TARGET in found
    assert any(quad.subject == PASSAGE and quad.predicate == mg("summary") for quad in found)


@pytest.mark.parametrize("ending", ["trig", "nq", "jsonld"])
def test_forms_with_named_graphs_say_which_passage_states_a_fact(
    client: httpx.Client, ending: str
) -> None:
    found = quads(client, "/id/mission/drought", ending)
    assert in_graph(TARGET, PASSAGE) in found
    involves = Quad(MISSION, mg("involves"), NamedNode(ID + "actor/csiro"))
    assert in_graph(involves, NamedNode(INFERRED_GRAPH)) in found


@pytest.mark.parametrize("path", ["/id/mission/drought", "/id/mission/hostile", "/concept/unit"])
def test_json_ld_says_the_same_as_n_quads(client: httpx.Client, path: str) -> None:
    assert quads(client, path, "jsonld") == quads(client, path, "nq")


def test_json_ld_carries_its_context_inline_and_speaks_as_curated_files_do(
    client: httpx.Client,
) -> None:
    document = client.get("/id/target/drought-2030.jsonld").json()
    assert isinstance(document["@context"], dict)
    (target,) = [node for node in document["@graph"] if node["id"] == "target/drought-2030"]
    assert (target["type"], target["targetValue"], target["unit"]) == ("Target", "30", "percent")
    assert target["deadline"]["@value"] == "2030"
    assert "http" not in json.dumps(list(target))


def test_a_passage_brings_all_its_claims(client: httpx.Client) -> None:
    found = quads(client, "/id/evidence/webinar/owner", "nq")
    assert {
        quad.predicate
        for quad in found
        if quad.graph_name == NamedNode(ID + "evidence/webinar/owner")
    } >= {mg("ownedBy")}


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("application/rdf+xml, */*;q=0.1", "application/rdf+xml"),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html; charset=utf-8",
        ),
        ("*/*", "text/html; charset=utf-8"),
    ],
)
@pytest.mark.parametrize(
    "path", ["/id/mission/drought", "/concept/unit/percent", "/ontology", "/shapes"]
)
def test_accept_chooses_between_page_and_rdf(
    client: httpx.Client, path: str, accept: str, content_type: str
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["vary"].startswith("Accept")


@pytest.mark.parametrize(
    "path",
    ["/id/mission/nowhere", "/id/mission/nowhere.ttl", "/id/evidence/a/b.nq", "/concept/unit/mile"],
)
def test_what_the_graph_does_not_know_is_not_found(client: httpx.Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["type"].endswith("#unknown-thing")


def test_an_unknown_ending_names_those_that_are_offered(client: httpx.Client) -> None:
    response = client.get("/id/mission/drought.pdf")
    assert response.status_code == 404
    assert ".ttl" in response.json()["remedy"]


def test_a_merged_thing_keeps_its_address_and_names_its_replacement(client: httpx.Client) -> None:
    page = client.get("/id/actor/old")
    assert page.status_code == 200
    assert 'merged into <a href="/id/actor/csiro">CSIRO</a>' in page.text
    replaced = NamedNode("http://purl.org/dc/terms/isReplacedBy")
    assert any(quad.predicate == replaced for quad in quads(client, "/id/actor/old", "ttl"))


@pytest.mark.parametrize("ending", [*RDF, "jsonld", "json"])
def test_the_ontology_comes_in_each_form(client: httpx.Client, ending: str) -> None:
    found = quads(client, "/ontology", ending)
    assert any(quad.subject == mg("Mission") for quad in found)
    assert all(quad.graph_name == DefaultGraph() for quad in found)


def test_the_anchor_of_each_term_is_on_the_ontologys_page(client: httpx.Client) -> None:
    assert 'id="hasTarget"' in client.get("/ontology").text


def test_an_etag_saves_a_thing_again(client: httpx.Client) -> None:
    for path in ("/id/mission/drought.ttl", "/id/mission/drought", "/ontology.ttl"):
        known = {"If-None-Match": client.get(path).headers["etag"]}
        assert client.get(path, headers=known).status_code == 304
