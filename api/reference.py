"""The pages of reference: the ontology's terms, the vocabularies, and the rules for data."""

from __future__ import annotations

from functools import lru_cache

from fastapi import Request
from starlette.responses import Response

from missiongraph.api import class_diagram, linked_data, templates
from missiongraph.api.answers import answer, etag_of
from missiongraph.api.labelled import labels_of
from missiongraph.api.negotiation import Choice
from missiongraph.api.rule_words import Namer
from missiongraph.api.rules import RuleBook, rule_book
from missiongraph.api.schemes import schemes
from missiongraph.api.serving import Served, publication_of
from missiongraph.api.term_use import known_uses
from missiongraph.api.terms import KINDS, Glossary, below, glossary
from missiongraph.checks import our_checks
from missiongraph.formats import Format
from missiongraph.names import MG, ONTOLOGY


def ontology(request: Request) -> bytes:
    """Return the page of the ontology's terms, each at the anchor that its IRI names."""
    store = publication_of(request).served().store
    terms = glossary()
    sources = {source for entry in terms.entries for source in entry.sources}
    return templates.render(
        request,
        "ontology.html",
        terms=terms,
        kinds={kind: heading for kind, heading in KINDS.items() if terms.of_kind(kind)},
        below={kind: below(terms.of_kind(kind)) for kind in KINDS},
        diagram=_diagram(terms),
        box=class_diagram.BOX,
        row=class_diagram.ROW,
        head=class_diagram.HEAD,
        relations=terms.relations(),
        labels=labels_of(store, sources),
        rules=_rules(),
        uses=known_uses(store),
        namespace=MG,
        ontology=ONTOLOGY,
    )


def shapes(request: Request) -> bytes:
    """Return the page of the rules for data, in words and as the files that state them."""
    files = {file.stem: file.read_text(encoding="utf-8") for file in linked_data.files_of("shapes")}
    return templates.render(
        request, "shapes.html", files=files, rules=_rules(), checks=our_checks()
    )


def vocabularies(request: Request) -> bytes:
    """Return the page of all vocabularies, each as a tree."""
    found = schemes(publication_of(request).served().store)
    return templates.render(request, "vocabularies.html", schemes=found)


def scheme(request: Request, iri: str, choice: Choice[Format]) -> Response | None:
    """Answer with the page of a vocabulary; None when the graph has none of that IRI."""
    found = schemes(publication_of(request).served().store)
    chosen = next((one for one in found if one.iri == iri), None)
    if chosen is None:
        return None
    body = templates.render(request, "scheme.html", scheme=chosen)
    return answer(request, choice, etag_of(body), lambda: body)


def ask_ahead(served: Served) -> None:
    """Make what these pages show of a release, before somebody asks for them."""
    terms = glossary()
    _rules()
    _diagram(terms)
    known_uses(served.store)
    schemes(served.store)


def _rules() -> RuleBook:
    return rule_book(_namer(glossary()))


@lru_cache(maxsize=1)
def _namer(terms: Glossary) -> Namer:
    return Namer(terms.label_of, terms.schemes_of)


@lru_cache(maxsize=1)
def _diagram(terms: Glossary) -> class_diagram.Diagram:
    labels = {entry.name: entry.label for entry in terms.of_kind("Class")}
    return class_diagram.diagram_of(labels, terms.relations())
