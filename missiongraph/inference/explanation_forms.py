"""An explanation in forms for programs and terminals, and the triple it is asked of as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from missiongraph.errors import BadParameter
from missiongraph.inference.explanation import Axiom, Explanation, Passage, Step
from missiongraph.inference.rules import Term
from missiongraph.names import compact
from missiongraph.parameters import Parameter
from missiongraph.tables import text_of

Json: TypeAlias = "dict[str, Json] | list[Json] | str | None"
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_SUBJECT: Final = Parameter("subject", "iri", "Subject")
_PREDICATE: Final = Parameter("predicate", "iri", "Predicate")
_OBJECT: Final = Parameter("object", "iri", "Object")


def read_fact(subject: str, predicate: str, value: str) -> Triple:
    """Return the triple that somebody wrote.

    Args:
        subject: an IRI, a CURIE, or an id such as ``mission/csiro-drought-resilience``.
        predicate: an IRI or a CURIE.
        value: the same as a subject, or a literal as N-Triples writes it.

    Raises:
        BadParameter: one of them is none of these.

    >>> str(read_fact("mission/x", "mg:deadlineYear", '"2030"^^<x:y>').object)
    '"2030"^^<x:y>'
    """
    return Triple(
        _iri(_SUBJECT, subject),
        _iri(_PREDICATE, predicate),
        _literal(value) if value.startswith('"') else _iri(_OBJECT, value),
    )


def json_of(explanation: Explanation) -> dict[str, Json]:
    """Return an explanation for programs; terms as in SPARQL 1.1 Query Results JSON."""
    subject, predicate, value = explanation.names
    return {
        "subject": _term(explanation.fact.subject),
        "subjectLabel": text_of(subject) or None,
        "predicate": _term(explanation.fact.predicate),
        "predicateLabel": text_of(predicate) or None,
        "object": _term(explanation.fact.object),
        "objectLabel": text_of(value) or None,
        "status": "inferred" if explanation.inferred else "stated",
        "evidence": [_evidence(passage) for passage in explanation.passages],
        "graphs": list(explanation.graphs),
        "sources": list(explanation.records),
        "explanations": [_step(step) for step in explanation.steps],
    }


def lines_of(explanation: Explanation, depth: int = 0) -> Iterator[str]:
    """Yield the lines that tell an explanation on a terminal, two spaces a level."""
    indent = "  " * depth
    mark = "inferred" if explanation.inferred else "stated"
    yield f"{indent}{written(explanation)} ({mark})"
    for passage in explanation.passages:
        place = ", ".join(part for part in (passage.source_title, passage.place) if part)
        yield f"{indent}  {passage.summary} [{place}] {passage.link}".rstrip()
    for graph in (*explanation.graphs, *explanation.records):
        yield f"{indent}  in {compact(graph)}"
    for step in explanation.steps:
        yield f"{indent}  by the rule {step.rule}: {step.intent}"
        for axiom in step.axioms:
            yield f"{indent}    {written_axiom(axiom)}"
        for premise in step.premises:
            yield from lines_of(premise, depth + 2)


def written(explanation: Explanation) -> str:
    """Return a fact in the labels of its terms, or their CURIEs."""
    fact = explanation.fact
    terms: tuple[Term, ...] = (fact.subject, fact.predicate, fact.object)
    named = zip(explanation.names, terms, strict=True)
    return " · ".join(text_of(name) or text_of(term) for name, term in named)


def written_axiom(axiom: Axiom) -> str:
    """Return what the ontology says, in CURIEs; the steps of a chain in brackets."""
    items = " ".join(text_of(term) for term in axiom.objects)
    items = f"( {items} )" if len(axiom.objects) > 1 else items
    return f"{text_of(axiom.subject)} {text_of(axiom.predicate)} {items}"


def _iri(parameter: Parameter, text: str) -> NamedNode:
    value = parameter.read(text.removeprefix("<").removesuffix(">"))
    assert isinstance(value, NamedNode)
    return value


def _literal(text: str) -> Literal:
    try:
        (quad,) = parse(f"<x:s> <x:p> {text} .", format=RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError) as cause:
        raise BadParameter(
            f"{text!r} is not a literal of N-Triples.",
            where="object",
            remedy='Write "text", "text"@en or "2030"^^<http://www.w3.org/2001/XMLSchema#integer>.',
        ) from cause
    assert isinstance(quad, Quad) and isinstance(quad.object, Literal)
    return quad.object


def _term(term: Term) -> dict[str, Json]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if not isinstance(term, Literal):
        return {"type": "bnode", "value": str(term)}
    found: dict[str, Json] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        found["datatype"] = term.datatype.value
    return found


def _evidence(passage: Passage) -> dict[str, Json]:
    return {
        "evidence": passage.evidence,
        "summary": passage.summary,
        "source": passage.source or None,
        "sourceTitle": passage.source_title or None,
        "startSeconds": passage.start_seconds.value if passage.start_seconds else None,
        "pageNumber": passage.page_number.value if passage.page_number else None,
        "section": passage.section.value if passage.section else None,
        "link": passage.link or None,
    }


def _step(step: Step) -> dict[str, Json]:
    return {
        "rule": step.rule,
        "intent": step.intent,
        "axioms": [
            {
                "subject": _term(axiom.subject),
                "predicate": _term(axiom.predicate),
                "objects": [_term(term) for term in axiom.objects],
                "text": written_axiom(axiom),
            }
            for axiom in step.axioms
        ],
        "premises": [json_of(premise) for premise in step.premises],
    }
