"""``/dataset`` and ``/.well-known/void``: what the data set is, for catalogues and for query planners.

``/dataset`` is a DCAT 3 catalogue as DCAT-AP 3 wants it (https://semiceu.github.io/DCAT-AP/), a page
with schema.org's words in it, or JSON-LD. VoID (https://www.w3.org/TR/void/) counts the uses of each class
and property.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter, Request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.responses import Response

from missiongraph.about import ABOUT, LICENSE, PUBLISHER, TITLE
from missiongraph.api import problems, templates
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.description import VOID, write
from missiongraph.api.examples import EXAMPLES
from missiongraph.api.negotiation import Choice, choose, choose_named
from missiongraph.api.serving import Served, publication_of
from missiongraph.exports.forms import FORMS
from missiongraph.formats import GRAPH_FORMATS, N_QUADS, TRIG, Format
from missiongraph.names import BASE, ONTOLOGY, PREFIXES, RDF_TYPE
from missiongraph.questions import answer_table, find_question
from missiongraph.releases import Manifest
from missiongraph.tables import text_of, text_of_iri

DATASET: Final = BASE + "dataset"
KEYWORDS: Final = (
    "mission-oriented innovation policy", "missions", "societal challenges", "governance", "EU Missions",
    "policy instruments", "knowledge graph",
)  # fmt: skip
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_SPARQL_PROTOCOL: Final = "https://www.w3.org/TR/sparql11-protocol/"
_RDF: Final = tuple(f for f in GRAPH_FORMATS if f not in (TRIG, N_QUADS))
_OFFERED: Final = (templates.HTML, *_RDF)
_RESPONSES: Final = problems.responses("The description.", *_OFFERED)
router = APIRouter(tags=["Data set"])


@router.get("/dataset", summary="The data set", responses=_RESPONSES, response_class=Response)
def dataset(request: Request) -> Response:
    """Describe the data set: a page, or a DCAT catalogue."""
    return _catalogue(request, choose(request.headers.get("Accept"), _OFFERED))


@router.get(
    "/dataset.{ending}",
    summary="The data set, in a format given by its ending",
    responses=_RESPONSES,
    response_class=Response,
)
def dataset_in_format(request: Request, ending: str) -> Response:
    """Describe the data set as a DCAT catalogue."""
    return _catalogue(request, choose_named(ending, _OFFERED))


@router.get(
    "/.well-known/void",
    summary="VoID: what is in the graph, and how much",
    responses=problems.responses("The description.", *_RDF),
    response_class=Response,
)
def well_known_void(request: Request) -> Response:
    """Count triples, and the uses of each class and property."""
    choice = choose(request.headers.get("Accept"), _RDF)
    served = publication_of(request).served()
    body = write(void(served, address_of(request)), choice.format)
    return answer(request, choice, etag_of(body), lambda: body)


def void(served: Served, root: str) -> list[Triple]:
    """Return the VoID description of what is served at an address."""
    this = NamedNode(DATASET)
    triples = [
        Triple(this, RDF_TYPE, _void("Dataset")),
        *_about(this),
        Triple(this, _void("sparqlEndpoint"), NamedNode(f"{root}/sparql")),
        Triple(this, _void("uriSpace"), Literal(BASE + "id/")),
        Triple(
            this, _void("exampleResource"), NamedNode(f"{BASE}id/mission/csiro-drought-resilience")
        ),
        Triple(this, _void("vocabulary"), NamedNode(ONTOLOGY + "#")),
        Triple(this, _void("vocabulary"), NamedNode(PREFIXES["skos"])),
        Triple(this, NamedNode(PREFIXES["rdfs"] + "seeAlso"), NamedNode(root + EXAMPLES)),
    ]
    if served.manifest is not None:
        dump = f"{root}/releases/{served.manifest.release}/{served.manifest.dump}"
        triples += [
            Triple(this, _void("triples"), _integer(served.manifest.triples)),
            Triple(this, _void("dataDump"), NamedNode(dump)),
            Triple(this, _owl("versionInfo"), Literal(served.manifest.release)),
        ]
    return [*triples, *_partitions(this, served)]


def catalogue(served: Served, root: str) -> list[Triple]:
    """Return the DCAT catalogue of what is served at an address."""
    this, publisher = NamedNode(BASE + "catalogue"), NamedNode(BASE + "publisher")
    data, service = NamedNode(DATASET), NamedNode(BASE + "service")
    triples = [
        Triple(publisher, RDF_TYPE, _foaf("Agent")),
        Triple(publisher, _foaf("name"), _english(PUBLISHER)),
        Triple(this, RDF_TYPE, _dcat("Catalog")),
        *_about(this, "The catalogue of missiongraph", "The data set and its SPARQL service."),
        Triple(this, _dcat("dataset"), data),
        Triple(this, _dcat("service"), service),
        Triple(this, _foaf("homepage"), NamedNode(f"{root}/")),
        Triple(data, RDF_TYPE, _dcat("Dataset")),
        *_about(data),
        *(Triple(data, _dcat("keyword"), _english(word)) for word in KEYWORDS),
        *(
            Triple(data, _dcat("theme"), NamedNode(f"{_AUTHORITY}data-theme/{theme}"))
            for theme in ("GOVE", "TECH")
        ),
        Triple(data, _dct("identifier"), Literal(DATASET)),
        Triple(data, _dct("accessRights"), NamedNode(f"{_AUTHORITY}access-right/PUBLIC")),
        Triple(data, _dct("conformsTo"), NamedNode(ONTOLOGY)),
        Triple(data, _dcat("landingPage"), NamedNode(f"{root}/dataset")),
        Triple(service, RDF_TYPE, _dcat("DataService")),
        *_about(service, "SPARQL endpoint of missiongraph", "Read-only SPARQL 1.1 queries."),
        Triple(service, _dcat("endpointURL"), NamedNode(f"{root}/sparql")),
        Triple(service, _dcat("endpointDescription"), NamedNode(f"{root}/.well-known/void")),
        Triple(service, _dcat("servesDataset"), data),
        Triple(service, _dct("conformsTo"), NamedNode(_SPARQL_PROTOCOL)),
    ]
    if served.manifest is not None:
        built = Literal(served.manifest.built, datatype=NamedNode(PREFIXES["xsd"] + "dateTime"))
        triples += [
            *(Triple(node, _dct("modified"), built) for node in (this, data)),
            Triple(data, _dcat("version"), Literal(served.manifest.release)),
            *_distributions(data, served.manifest, root),
        ]
    return triples


def schema_org(served: Served, root: str) -> dict[str, Any]:
    """Return the data set in schema.org's words (https://schema.org/Dataset), as JSON-LD."""
    publisher = {"@type": "Organization", "name": PUBLISHER}
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET,
        "name": TITLE,
        "description": ABOUT,
        "url": f"{root}/dataset",
        "license": LICENSE,
        "isAccessibleForFree": True,
        "keywords": list(KEYWORDS),
        "creator": publisher,
        "publisher": publisher,
        "inLanguage": "en",
    }
    if served.manifest is not None:
        release = f"{root}/releases/{served.manifest.release}"
        described |= {
            "version": served.manifest.release,
            "dateModified": served.manifest.built,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": form.about,
                    "encodingFormat": form.media_type,
                    "contentUrl": f"{release}/missiongraph{form.ending}",
                }
                for form in FORMS.values()
            ],
        }
    return described


def _catalogue(request: Request, choice: Choice[Format]) -> Response:
    served, root = publication_of(request).served(), address_of(request)
    if choice.format is templates.HTML:
        told = json.dumps(schema_org(served, root), ensure_ascii=False, indent=1)
        body = templates.render(
            request,
            "dataset.html",
            title=TITLE,
            about=ABOUT,
            manifest=served.manifest,
            forms=list(FORMS.values()),
            schema_org=told.replace("<", "\\u003c"),
        )
    else:
        body = write(catalogue(served, root), choice.format)
    return answer(request, choice, etag_of(body), lambda: body)


def _about(node: NamedNode, title: str = TITLE, about: str = ABOUT) -> Iterator[Triple]:
    yield Triple(node, _dct("title"), _english(title))
    yield Triple(node, _dct("description"), _english(about))
    yield Triple(node, _dct("license"), NamedNode(LICENSE))
    yield Triple(node, _dct("publisher"), NamedNode(BASE + "publisher"))
    if node != NamedNode(BASE + "service"):
        yield Triple(node, _dct("language"), NamedNode(f"{_AUTHORITY}language/ENG"))


def _distributions(data: NamedNode, manifest: Manifest, root: str) -> Iterator[Triple]:
    """Yield a distribution for each export of the release, with the dump's checksum."""
    for form in FORMS.values():
        file = f"{root}/releases/{manifest.release}/missiongraph{form.ending}"
        this = NamedNode(f"{BASE}release/{manifest.release}/{form.name}")
        yield Triple(data, _dcat("distribution"), this)
        yield Triple(this, RDF_TYPE, _dcat("Distribution"))
        yield Triple(this, _dct("title"), _english(f"{form.name}: {form.about}"))
        yield Triple(this, _dct("license"), NamedNode(LICENSE))
        yield Triple(this, _dcat("accessURL"), NamedNode(f"{root}/releases/{manifest.release}"))
        yield Triple(this, _dcat("downloadURL"), NamedNode(file))
        yield Triple(this, _dcat("mediaType"), NamedNode(_MEDIA_TYPES + form.media_type))
        if form.name == N_QUADS.name:
            checksum, algorithm = (
                BlankNode("checksum"),
                NamedNode(_SPDX + "checksumAlgorithm_sha256"),
            )
            digest = Literal(manifest.sha256, datatype=NamedNode(PREFIXES["xsd"] + "hexBinary"))
            yield Triple(this, NamedNode(_SPDX + "checksum"), checksum)
            yield Triple(checksum, RDF_TYPE, NamedNode(_SPDX + "Checksum"))
            yield Triple(checksum, NamedNode(_SPDX + "algorithm"), algorithm)
            yield Triple(checksum, NamedNode(_SPDX + "checksumValue"), digest)


def _partitions(this: NamedNode, served: Served) -> Iterator[Triple]:
    """Yield how often each class and property is used, by the question ``term-usage``."""
    rows = answer_table(served.store, find_question("term-usage")).records()
    for number, row in enumerate(rows):
        part, term = BlankNode(f"part{number}"), text_of_iri(row["term"])
        is_class = term.rpartition("#")[2][:1].isupper()
        kind, key, count = (
            ("classPartition", "class", "entities")
            if is_class
            else ("propertyPartition", "property", "triples")
        )
        yield Triple(this, _void(kind), part)
        yield Triple(part, _void(key), NamedNode(term))
        yield Triple(part, _void(count), _integer(int(text_of(row["uses"]))))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(PREFIXES["xsd"] + "integer"))


def _english(text: str) -> Literal:
    return Literal(text, language="en")


def _dcat(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dcat"] + name)


def _dct(name: str) -> NamedNode:
    return NamedNode(PREFIXES["dcterms"] + name)


def _foaf(name: str) -> NamedNode:
    return NamedNode(PREFIXES["foaf"] + name)


def _owl(name: str) -> NamedNode:
    return NamedNode(PREFIXES["owl"] + name)


def _void(name: str) -> NamedNode:
    return NamedNode(VOID + name)
