"""Proposals: mappings that a program finds likely, written down for an editor to look at.

A proposal is a row of a mapping set without a reviewer, and a build refuses such a row: whoever
accepts it moves it into ``data/mappings`` and names who looked. Pairs that a mapping set speaks of
already, be it to say that they do not match, are not proposed again.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import QuerySolutions, Store

from missiongraph.ingest.mapping_sets import COLUMNS
from missiongraph.ingest.organisation_matching import Candidate, Organisation, candidates, plain
from missiongraph.names import ID, PREFIXES

_ACTORS: Final = """
    SELECT ?thing ?name ?place WHERE {
      ?thing a mg:Actor .
      { ?thing rdfs:label ?name } UNION { ?thing skos:altLabel ?name } UNION { ?thing mg:acronym ?name }
      OPTIONAL { ?thing mg:place ?place . ?place mg:placeKind place-kind:country }
    }
    ORDER BY ?thing ?name ?place
"""
_MISSIONS: Final = """
    SELECT ?thing ?name WHERE {
      ?thing a mg:Mission .
      {
        ?thing rdfs:label|mg:aim ?name
      } UNION {
        ?thing mg:addresses/rdfs:label ?name
      } UNION {
        ?thing mg:hasTarget/mg:statement ?name
      }
    }
    ORDER BY ?thing ?name
"""
_KNOWN: Final = (
    "SELECT ?one ?other WHERE { ?mapping sssom:subject_id ?one ; sssom:object_id ?other }"
)
_PREFIXES: Final = PREFIXES | {"place-kind": "https://w3id.org/missiongraph/concept/place-kind/"}
_BULK: Final = ("cordis-", "ror-")
_EU: Final = f"{ID}mission/eu-"
LEAST_LIKENESS: Final = 0.1
"""Likeness from which missions are proposed: low, for an editor rejects faster than they search."""
_TOOL: Final = "missiongraph propose"


@dataclass(frozen=True)
class Proposal:
    """A mapping that an editor may accept.

    Attributes:
        subject: IRI of ours.
        subject_label: its name.
        predicate: CURIE of the matching property that is proposed.
        object: IRI of the other.
        object_label: its name.
        justification: CURIE of how it was found.
        confidence: between 0 and 1.
    """

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: float


def propose_organisations(graph: Store) -> Iterator[Proposal]:
    """Yield actors of curated sources that may be organisations of bulk data, by their names."""
    known = _known(graph)
    bulk: list[Organisation] = []
    curated: list[Organisation] = []
    for organisation in _organisations(graph):
        slug = organisation.iri.removeprefix(f"{ID}actor/")
        (bulk if slug.startswith(_BULK) else curated).append(organisation)
    for found in candidates(curated, bulk):
        if (found.ours.iri, found.theirs.iri) not in known:
            yield _of_organisations(found)


def propose_missions(graph: Store) -> Iterator[Proposal]:
    """Yield missions that may share goals with an EU Mission, by the words that tell of them."""
    known = _known(graph)
    texts: dict[str, list[str]] = defaultdict(list)
    for row in _rows(graph, _MISSIONS):
        texts[row["thing"].value].append(row["name"].value)
    weights = _weights({iri: " ".join(parts) for iri, parts in texts.items()})
    labels = {row["thing"].value: row["name"].value for row in _rows(graph, _LABELS)}
    eu = sorted(iri for iri in texts if iri.startswith(_EU))
    found = [
        (likeness(weights[iri], weights[other]), iri, other)
        for iri in sorted(texts)
        if not iri.startswith(_EU)
        for other in eu
        if (iri, other) not in known
    ]
    for score, iri, other in sorted(found, key=lambda one: (-one[0], one[1:])):
        if score >= LEAST_LIKENESS:
            yield Proposal(
                iri,
                labels[iri],
                "skos:relatedMatch",
                other,
                labels[other],
                "semapv:SemanticSimilarityThresholdMatching",
                round(score, 2),
            )


_LABELS: Final = """
    SELECT ?thing (MIN(STR(?label)) AS ?name) WHERE { ?thing a mg:Mission ; rdfs:label ?label }
    GROUP BY ?thing
"""


def as_mapping_set(proposals: Iterable[Proposal], name: str) -> str:
    """Return proposals as a mapping set in SSSOM, without reviewers.

    Args:
        proposals: the rows.
        name: of the set that they are for.
    """
    text = io.StringIO()
    text.write(_HEAD.format(name=name))
    writer = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    for one in proposals:
        writer.writerow(
            {
                "subject_id": _curie(one.subject),
                "subject_label": one.subject_label,
                "predicate_id": one.predicate,
                "object_id": _curie(one.object),
                "object_label": one.object_label,
                "mapping_justification": one.justification,
                "author_id": "id:actor/missiongraph-editors",
                "confidence": one.confidence,
                "mapping_tool": _TOOL,
            }
        )
    return text.getvalue()


_HEAD: Final = """\
# curie_map:
#   id: https://w3id.org/missiongraph/id/
#   semapv: https://w3id.org/semapv/vocab/
#   skos: http://www.w3.org/2004/02/skos/core#
# mapping_set_id: https://w3id.org/missiongraph/id/graph/mapping/{name}
# mapping_set_title: Proposals for {name}
# mapping_set_version: proposed
# license: https://creativecommons.org/licenses/by/4.0/
"""


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two texts' weights of words: 0 for no word in common, 1 for the same.

    >>> likeness({"soil": 1.0}, {"soil": 2.0}), likeness({"soil": 1.0}, {"sea": 1.0})
    (1.0, 0.0)
    """
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    return shared / lengths if lengths else 0.0


def _weights(texts: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return for each text its words, the rarer among the texts the heavier (tf-idf)."""
    counts = {
        iri: Counter(_stem(word) for word in plain(text).split()) for iri, text in texts.items()
    }
    spread = Counter(word for words in counts.values() for word in words)
    return {
        iri: {
            word: (1 + math.log(count)) * math.log(len(texts) / spread[word])
            for word, count in sorted(words.items())
        }
        for iri, words in counts.items()
    }


def _stem(word: str) -> str:
    """Return a word without the ending of a plural; a stemmer gains nothing on names."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 4 else word


def _organisations(graph: Store) -> Iterator[Organisation]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    places: dict[str, set[str]] = defaultdict(set)
    for row in _rows(graph, _ACTORS):
        names[row["thing"].value][row["name"].value] = None
        if row["place"] is not None:
            places[row["thing"].value].add(row["place"].value)
    for iri, known in names.items():
        country = next(iter(places[iri])) if len(places[iri]) == 1 else ""
        yield Organisation(iri, tuple(known), country)


def _of_organisations(found: Candidate) -> Proposal:
    ours, theirs = (max(one.names, key=len) for one in (found.ours, found.theirs))
    return Proposal(
        found.ours.iri,
        ours,
        "skos:exactMatch",
        found.theirs.iri,
        theirs,
        "semapv:LexicalMatching",
        min(round(found.score, 2), 0.99),
    )


def _known(graph: Store) -> set[tuple[str, str]]:
    return {(row["one"].value, row["other"].value) for row in _rows(graph, _KNOWN)}


def _curie(iri: str) -> str:
    return f"id:{iri.removeprefix(ID)}" if iri.startswith(ID) else iri


def _rows(graph: Store, query: str) -> QuerySolutions:
    rows = graph.query(query, prefixes=_PREFIXES)
    assert isinstance(rows, QuerySolutions)
    return rows


PROPOSERS: Final = {"missions": propose_missions, "organisations": propose_organisations}
"""What can be proposed, by name."""


def propose(graph: Store, kind: str) -> Sequence[Proposal]:
    """Return the proposals of a kind."""
    return list(PROPOSERS[kind](graph))
