"""What every client is asked, and answers as sets, so that those of any two can be compared."""

from __future__ import annotations

from typing import Final, TypeAlias

import rdflib
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from missiongraph.names import PREFIXES

Row: TypeAlias = frozenset[tuple[str, str]]
"""A solution: variables and their terms, as SPARQL writes them; no pair for an unbound one."""
Rows: TypeAlias = frozenset[Row]
Triples: TypeAlias = frozenset[str]

_HEAD: Final = f"PREFIX mg: <{PREFIXES['mg']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "
SELECTS: Final = {
    name: _HEAD + query
    for name, query in {
        "languages and quotes": "SELECT ?m ?label { ?m a mg:Mission ; rdfs:label ?label }",
        "numbers, a year and gaps": (
            "SELECT ?m ?value ?deadline { ?m a mg:Mission OPTIONAL { ?m mg:hasTarget ?t . "
            "?t mg:targetValue ?value ; mg:deadline ?deadline } }"
        ),
        "lines and non-ASCII": (
            "SELECT ?aim ?page { ?m mg:aim ?aim ; <http://xmlns.com/foaf/0.1/homepage> ?page }"
        ),
        "passages": "SELECT ?g ?m { GRAPH ?g { ?m a mg:Mission } }",
        "an aggregate": "SELECT ?c (COUNT(?x) AS ?n) { ?x a ?c } GROUP BY ?c",
        "signs": (
            "SELECT ?iri ?text { VALUES (?iri ?text) "
            '{ (<https://example.org/a%20b+c?d=ü&e=1> "%20+ü& \'") } }'
        ),
        "nothing": "SELECT ?m { ?m a mg:Nothing }",
    }.items()
}
ASKS: Final = {f"{_HEAD}ASK {{ ?m a mg:Mission }}": True, f"{_HEAD}ASK {{ ?m a mg:No }}": False}
GRAPHS: Final = {
    "construct": _HEAD + "CONSTRUCT { ?m rdfs:label ?l } { ?m a mg:Mission ; rdfs:label ?l }",
    "describe": f"{_HEAD}DESCRIBE ?t {{ ?t a mg:Target }}",
}


def solutions(body: bytes | str, written: QueryResultsFormat = QueryResultsFormat.JSON) -> Rows:
    """Read an answer to SELECT; a row that occurs twice would be an error here."""
    found = parse_query_results(body, format=written)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    read = [
        frozenset((name, str(term)) for name in names if (term := row[name]) is not None)
        for row in found
    ]
    assert len(set(read)) == len(read)
    return frozenset(read)


def truth(body: bytes | str, written: QueryResultsFormat = QueryResultsFormat.JSON) -> bool:
    """Read an answer to ASK."""
    found = parse_query_results(body, format=written)
    assert isinstance(found, QueryBoolean)
    return bool(found)


def triples(body: bytes | str, written: RdfFormat = RdfFormat.TURTLE) -> Triples:
    """Read an answer to CONSTRUCT or DESCRIBE."""
    return frozenset(str(quad.triple) for quad in parse(body, format=written))


def written(term: rdflib.term.Node) -> str:
    """Write a term of rdflib as pyoxigraph does."""
    if isinstance(term, rdflib.URIRef):
        return str(NamedNode(str(term)))
    if isinstance(term, rdflib.BNode):
        return str(BlankNode(str(term)))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return str(Literal(str(term), language=term.language))
    datatype = NamedNode(str(term.datatype)) if term.datatype else None
    return str(Literal(str(term), datatype=datatype))


def cells(body: bytes | str) -> list[list[str]]:
    """Return an answer to SELECT as a table has it: bare values, sorted, empty where unbound."""
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [[row[name].value if row[name] is not None else "" for name in names] for row in found]
    return sorted(rows)
