"""``/editor``: YASGUI over this server's endpoint, with our prefixes, terms and questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from pyoxigraph import Literal, NamedNode
from starlette.responses import Response

from missiongraph.api import problems, templates
from missiongraph.api.answers import answer_with
from missiongraph.api.atlas import points
from missiongraph.api.headers import STYLED_BY_SCRIPT
from missiongraph.api.negotiation import PLAIN_JSON
from missiongraph.api.serving import publication_of
from missiongraph.names import PREFIXES, RDF_TYPE, RDFS_LABEL
from missiongraph.ontology import our_ontology
from missiongraph.parameters import Value
from missiongraph.questions import Question, all_questions, choices, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of

_PAGE: Final = problems.responses("A page.", templates.HTML)
_WORDS: Final = problems.responses("What the editor completes.", PLAIN_JSON)
_SKOS: Final = PREFIXES["skos"]
_OTHER_CLASSES: Final = {_SKOS + "Concept", _SKOS + "ConceptScheme"}
_OTHERS: Final = {
    RDF_TYPE.value,
    PREFIXES["dcterms"] + "source",
    *(_SKOS + name for name in ("inScheme", "broader", "narrower", "notation")),
}
"""Terms of others that the graph is made with, beside those that curated files name."""
router = APIRouter(tags=["SPARQL"])


@router.get("/editor", summary="The SPARQL editor", responses=_PAGE, response_class=Response)
def editor(request: Request) -> Response:
    """Show the editor; ``#query=`` in the address fills it, as its share button writes it."""
    body = templates.render(request, "editor.html", questions=_listed())
    response = answer_with(request, templates.HTML, body)
    response.headers["Content-Security-Policy"] = STYLED_BY_SCRIPT
    return response


@router.get(
    "/editor.json",
    summary="What the editor completes",
    responses=_WORDS,
    response_class=Response,
)
def words_of_the_editor(request: Request) -> Response:
    """Give prefixes, the IRIs of classes and properties, stored questions, places on the map."""
    store = publication_of(request).served().store
    ontology = our_ontology()
    words = {
        "prefixes": dict(PREFIXES),
        "classes": sorted({found.iri for found in ontology.classes.values()} | _OTHER_CLASSES),
        "properties": sorted({found.iri for found in ontology.properties.values()} | _OTHERS),
        "questions": _examples(store),
        "points": points(store),
    }
    body = json.dumps(words, ensure_ascii=False).encode()
    return answer_with(request, PLAIN_JSON, body)


def _listed() -> list[Question]:
    return [question for question in all_questions().values() if not question.hidden]


def _examples(store: Store) -> dict[str, dict[str, str]]:
    """Return each question with its SPARQL; what it needs is given of the first mission."""
    missions = choices(store, find_question("mission-targets").parameters["mission"]).records()
    mission: Mapping[str, Term] = {"value": RDFS_LABEL, "label": Literal("mission")}
    mission = missions[0] if missions else mission
    given = {"iri": mission["value"], "text": Literal(text_of(mission["label"]))}
    return {
        question.id: {"title": question.title, "sparql": question.bind(_needed(question, given))}
        for question in _listed()
    }


def _needed(question: Question, given: Mapping[str, Term]) -> dict[str, tuple[Value, ...]]:
    values = {p.name: given[p.type] for p in question.parameters.values() if p.required}
    return {name: (v,) for name, v in values.items() if isinstance(v, NamedNode | Literal)}
