"""The ten queries of the endpoint benchmarks: look-ups, joins, aggregates, gaps, paths."""

from __future__ import annotations

from typing import Final

from missiongraph.names import ID, PREFIXES

_HEAD: Final = f"PREFIX id: <{ID}> PREFIX mg: <{PREFIXES['mg']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "

QUERIES: Final[dict[str, str]] = {
    name: _HEAD + query
    for name, query in {
        "look-up": "SELECT ?p ?o { <https://w3id.org/missiongraph/id/project/project-42> ?p ?o }",
        "label": 'SELECT ?s { ?s rdfs:label "Actor 77"@en }',
        "projects of a mission": (
            "SELECT ?project ?label { ?project mg:contributesTo "
            "<https://w3id.org/missiongraph/id/mission/mission-3> ; rdfs:label ?label }"
        ),
        "three-way join": (
            "SELECT ?actor ?amount { ?project mg:contributesTo "
            "<https://w3id.org/missiongraph/id/mission/mission-3> ; mg:hasParticipation ?part . "
            "?part mg:participant ?actor ; mg:contribution ?amount } LIMIT 500"
        ),
        "aggregate by mission": (
            "SELECT ?mission (COUNT(?project) AS ?n) { ?project mg:contributesTo ?mission } "
            "GROUP BY ?mission ORDER BY DESC(?n)"
        ),
        "aggregate by country": (
            "SELECT ?place (SUM(?amount) AS ?total) { ?part mg:participant ?actor ; "
            "mg:contribution ?amount . ?actor mg:place ?place } GROUP BY ?place ORDER BY ?place"
        ),
        "aggregate by year": (
            "SELECT ?year (COUNT(DISTINCT ?project) AS ?n) { ?project mg:startYear ?year ; "
            "mg:contributesTo ?mission } GROUP BY ?year ORDER BY ?year"
        ),
        "gap": (
            "SELECT (COUNT(?actor) AS ?n) { ?actor a mg:Actor MINUS { ?p mg:involves ?actor } }"
        ),
        "two hops": (
            "SELECT (COUNT(DISTINCT ?other) AS ?n) { { SELECT DISTINCT ?project { ?project "
            "mg:involves <https://w3id.org/missiongraph/id/actor/actor-5> } } "
            "?project mg:involves ?other }"
        ),
        "many rows": "SELECT ?s ?label { ?s a mg:Actor ; rdfs:label ?label } LIMIT 5000",
    }.items()
}
AGGREGATES: Final = tuple(name for name in QUERIES if name.startswith("aggregate"))
