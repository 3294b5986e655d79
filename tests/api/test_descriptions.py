"""What the service says of itself, read by those who would: catalogues, planners, crawlers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse
from pyshacl import validate
from rdflib import RDF, SH, BNode, Graph, Namespace, URIRef
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import DCAT, DCTERMS, FOAF, XSD

from missiongraph.api.examples import EXAMPLES
from missiongraph.names import MG
from missiongraph.questions import all_questions

SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = "http://rdfs.org/ns/void#"
# DCAT-AP 3.0: of each class, what it must have, what it may have once, and what is a resource.
# https://semiceu.github.io/DCAT-AP/releases/3.0.0/, and its SHACL shapes.
DCAT_AP = {
    DCAT.Catalog: (
        [DCTERMS.title, DCTERMS.description, DCTERMS.publisher],
        [DCTERMS.publisher, DCTERMS.license, DCTERMS.issued, DCTERMS.modified, FOAF.homepage],
        [DCAT.dataset, DCAT.service, DCTERMS.license, DCTERMS.language, FOAF.homepage],
    ),
    DCAT.Dataset: (
        [DCTERMS.title, DCTERMS.description],
        [DCTERMS.publisher, DCTERMS.accessRights, DCTERMS.modified, URIRef(f"{DCAT}version")],
        [DCAT.distribution, DCAT.theme, DCAT.landingPage, DCTERMS.conformsTo, DCTERMS.publisher],
    ),
    DCAT.Distribution: (
        [DCAT.accessURL],
        [DCTERMS.license, SPDX.checksum, DCAT.byteSize, DCAT.mediaType],
        [DCAT.accessURL, DCAT.downloadURL, DCTERMS.license, DCAT.mediaType],
    ),
    DCAT.DataService: (
        [DCTERMS.title, DCAT.endpointURL],
        [DCTERMS.publisher, DCTERMS.license],
        [DCAT.endpointURL, DCAT.endpointDescription, DCAT.servesDataset, DCTERMS.conformsTo],
    ),
    FOAF.Agent: ([FOAF.name], [DCTERMS.type], []),
    SPDX.Checksum: (
        [SPDX.algorithm, SPDX.checksumValue],
        [SPDX.algorithm, SPDX.checksumValue],
        [SPDX.algorithm],
    ),
}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for target, (needed, once, resources) in DCAT_AP.items():
        shape = BNode()
        graph.add((shape, RDF.type, SH.NodeShape))
        graph.add((shape, SH.targetClass, target))
        for path in {*needed, *once, *resources}:
            prop = BNode()
            graph.add((shape, SH.property, prop))
            graph.add((prop, SH.path, path))
            if path in needed:
                graph.add((prop, SH.minCount, RdflibLiteral(1)))
            if path in once:
                graph.add((prop, SH.maxCount, RdflibLiteral(1)))
            if path in resources:
                graph.add((prop, SH.nodeKind, SH.BlankNodeOrIRI))
    return graph


@pytest.fixture(scope="module")
def catalogue(client: httpx.Client) -> Graph:
    answer = client.get("/dataset", headers={"Accept": "text/turtle"})
    answer.raise_for_status()
    return Graph().parse(data=answer.text, format="turtle")


def test_the_catalogue_is_as_dcat_ap_wants_it(catalogue: Graph, shapes: Graph) -> None:
    conforms, _, words = validate(catalogue, shacl_graph=shapes)
    assert conforms, words
    for target in DCAT_AP:
        assert list(catalogue.subjects(RDF.type, target)), target


@pytest.mark.parametrize("lacking", [DCTERMS.description, DCAT.accessURL, FOAF.name])
def test_a_catalogue_that_lacks_something_is_not(
    catalogue: Graph, shapes: Graph, lacking: URIRef
) -> None:
    poorer = Graph() + catalogue
    poorer.remove((None, lacking, None))
    assert not validate(poorer, shacl_graph=shapes)[0]


def test_every_download_of_the_catalogue_is_there(catalogue: Graph, client: httpx.Client) -> None:
    downloads = [str(address) for address in catalogue.objects(None, DCAT.downloadURL)]
    assert len(downloads) == len(set(downloads)) > 10
    (dump,) = (address for address in downloads if address.endswith(".nq"))
    answer = client.get(dump)
    answer.raise_for_status()
    (digest,) = catalogue.objects(None, SPDX.checksumValue)
    assert digest.datatype == XSD.hexBinary  # type: ignore[attr-defined]


def test_void_counts_what_the_endpoint_counts(client: httpx.Client) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    store = Store()
    store.load(answer.content, format=RdfFormat.TURTLE)
    for kind, key, count, asked in (
        ("class", "class", "entities", "?thing a <{}>"),
        ("property", "property", "triples", "?s <{}> ?o"),
    ):
        term = NamedNode(f"{MG}Mission" if kind == "class" else f"{MG}addresses")
        (part,) = store.quads_for_pattern(None, NamedNode(VOID + key), term, None)
        told = store.quads_for_pattern(part.subject, NamedNode(VOID + count), None, None)
        (number,) = (quad.object for quad in told)
        assert isinstance(number, Literal)
        query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {asked.format(term.value)} }}"
        counted = client.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1]
        assert number.value == counted


def test_the_service_description_leads_to_void_and_to_examples(client: httpx.Client) -> None:
    described = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "/.well-known/void>" in described
    assert "SPARQLExecutable" in described


def executables(client: httpx.Client) -> Iterator[tuple[str, str]]:
    answer = client.get(EXAMPLES, headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=answer.text, format="turtle")
    for example in graph.subjects(RDF.type, SH.SPARQLExecutable):
        (query,) = graph.objects(example, SH.select)
        assert list(graph.objects(example, SH.prefixes))
        assert list(graph.objects(example, URIRef("https://schema.org/target")))
        yield str(example).rpartition("/")[2], str(query)


def test_every_question_is_an_example_that_runs(client: httpx.Client) -> None:
    found = dict(executables(client))
    expected = {
        question.id
        for question in all_questions().values()
        if not question.hidden and not any(p.required for p in question.parameters.values())
    }
    assert set(found) == expected
    for query in list(found.values())[::8]:
        assert client.get("/sparql", params={"query": query}).status_code == 200


def test_a_data_set_search_finds_schema_org_s_words_on_the_page(client: httpx.Client) -> None:
    page = client.get("/dataset", headers={"Accept": "text/html"}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told = json.loads(block)
    assert (told["@type"], told["license"]) == (
        "Dataset",
        "https://creativecommons.org/licenses/by/4.0/",
    )
    assert told["version"] == "small"
    assert told["distribution"][0]["contentUrl"].endswith("/releases/small/missiongraph.nq")


def test_a_crawler_finds_the_pages_and_leaves_the_queries(client: httpx.Client) -> None:
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").text.splitlines())
    assert rules.can_fetch("*", f"{client.base_url}/missions")
    assert not rules.can_fetch("*", f"{client.base_url}/sparql?query=x")
    (address,) = rules.site_maps() or []
    tree = ElementTree.fromstring(client.get(address).content)
    pages = [element.text or "" for element in tree.iter() if element.tag.endswith("loc")]
    assert len(pages) == len(set(pages)) > 50
    for page in pages[:: len(pages) // 12]:
        assert client.get(page, headers={"Accept": "text/html"}).status_code == 200, page


def test_an_assistant_is_told_every_question(client: httpx.Client) -> None:
    text = client.get("/llms.txt").text
    assert text.startswith("# missiongraph\n\n> ")
    for question in all_questions().values():
        assert (f"/questions/{question.id}.csv)" in text) is not question.hidden


@pytest.mark.parametrize("path", ["/dataset.xlsx", "/dataset.trig"])
def test_a_form_that_is_not_there_is_told(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 406


def test_descriptions_are_the_same_in_every_form(client: httpx.Client) -> None:
    graphs = {
        form: {str(quad.triple) for quad in parse(client.get(f"/dataset.{ending}").content, format=form)
               if not str(quad).startswith("_:") and "_:" not in str(quad)}
        for ending, form in (("ttl", RdfFormat.TURTLE), ("nt", RdfFormat.N_TRIPLES), ("jsonld", RdfFormat.JSON_LD))
    }  # fmt: skip
    assert len({frozenset(triples) for triples in graphs.values()}) == 1
