"""``/.well-known/sparql-examples``: every question as an example query, for tools that collect them.

The form is that of the SIB's sparql-examples (https://github.com/sib-swiss/sparql-examples): SHACL's
executables with the query's text, words about it, its keywords and the endpoint that answers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from starlette.responses import Response

from missiongraph.api import problems
from missiongraph.api.addresses import address_of
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.description import write
from missiongraph.api.negotiation import choose
from missiongraph.formats import GRAPH_FORMATS, N_QUADS, TRIG
from missiongraph.names import BASE, PREFIXES, RDF_TYPE
from missiongraph.questions import Question, all_questions

EXAMPLES: Final = "/.well-known/sparql-examples"
_SCHEMA: Final = "https://schema.org/"
_FORMS: Final = tuple(form for form in GRAPH_FORMATS if form not in (TRIG, N_QUADS))
router = APIRouter(tags=["SPARQL"])


@router.get(
    EXAMPLES,
    summary="The questions as SPARQL examples",
    response_class=Response,
    responses=problems.responses("The examples.", *_FORMS),
)
def examples(request: Request) -> Response:
    """Give each question as an example query, as it runs with no parameter given."""
    choice = choose(request.headers.get("Accept"), _FORMS)
    body = write(list(example_triples(f"{address_of(request)}/sparql")), choice.format)
    return answer(request, choice, etag_of(body), lambda: body)


def example_triples(endpoint: str) -> Iterator[Triple]:
    """Yield every listed question that needs no parameter, as an example for an endpoint."""
    prefixes = BlankNode("sparql_examples_prefixes")
    yield Triple(prefixes, RDF_TYPE, NamedNode(PREFIXES["owl"] + "Ontology"))
    for number, (prefix, namespace) in enumerate(sorted(PREFIXES.items())):
        declared = BlankNode(f"prefix{number}")
        address = Literal(namespace, datatype=NamedNode(PREFIXES["xsd"] + "anyURI"))
        yield Triple(prefixes, _sh("declare"), declared)
        yield Triple(declared, _sh("prefix"), Literal(prefix))
        yield Triple(declared, _sh("namespace"), address)
    for question in all_questions().values():
        needed = any(parameter.required for parameter in question.parameters.values())
        if not question.hidden and not needed:
            yield from _example(question, prefixes, endpoint)


def _example(question: Question, prefixes: BlankNode, endpoint: str) -> Iterator[Triple]:
    this = NamedNode(f"{BASE}question/{question.id}")
    words = f"{question.title}: {question.words}"
    yield Triple(this, RDF_TYPE, _sh("SPARQLExecutable"))
    yield Triple(this, RDF_TYPE, _sh("SPARQLSelectExecutable"))
    yield Triple(this, NamedNode(PREFIXES["rdfs"] + "comment"), Literal(words, language="en"))
    yield Triple(this, _sh("prefixes"), prefixes)
    yield Triple(this, _sh("select"), Literal(question.bind({}).strip()))
    yield Triple(this, NamedNode(_SCHEMA + "target"), NamedNode(endpoint))
    for keyword in filter(None, (question.dimension, *question.users)):
        yield Triple(this, NamedNode(_SCHEMA + "keywords"), Literal(keyword))


def _sh(name: str) -> NamedNode:
    return NamedNode(PREFIXES["sh"] + name)
