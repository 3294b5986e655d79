"""Projects whose titles and aims speak of the same: candidates for the same work done twice.

The threshold was chosen on the labelled pairs of tests/questions/similar-projects.csv; what it
finds and misses of them is in docs/methods.md.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from missiongraph.ingest.derivations.texts import Likeness, alike
from missiongraph.names import ID, PREFIXES, RDF_TYPE, RDFS_LABEL, mg

GRAPH: Final = ID + "graph/similar-projects"
LEAST_SCORE: Final = 0.38
MOST_PROJECTS: Final = 5_000
"""Of more projects than these only those of missions are compared."""
_WORDS_KEPT: Final = 8
_DECIMAL: Final = NamedNode(PREFIXES["xsd"] + "decimal")
_TEXTS: Final = f"""
    SELECT DISTINCT ?project ?text WHERE {{
      CONDITION
      ?project a {mg("Project")} ; {RDFS_LABEL}|{mg("aim")} ?text .
      FILTER (LANGMATCHES(LANG(?text), "en"))
      FILTER (!CONTAINS(LCASE(STR(?text)), "title unknown"))
    }}
    ORDER BY ?project STR(?text)
"""


def derive(engine: Store) -> Iterator[Triple]:
    """Yield a similarity, with its score and words, for each pair of projects that are alike."""
    texts = _texts(engine, "")
    if len(texts) > MOST_PROJECTS:
        texts = _texts(engine, f"?project {mg('contributesTo')} ?mission .")
    for found in alike({project: " ".join(of) for project, of in texts.items()}, LEAST_SCORE):
        yield from _facts(found)


def _texts(engine: Store, condition: str) -> dict[str, list[str]]:
    """Return the titles and aims of the projects for which the condition holds."""
    texts: dict[str, list[str]] = defaultdict(list)
    rows = engine.query(_TEXTS.replace("CONDITION", condition))
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        texts[row["project"].value].append(row["text"].value)
    return texts


def _facts(found: Likeness) -> Iterator[Triple]:
    digest = hashlib.sha256(f"{found.one} {found.other}".encode()).hexdigest()
    similarity = NamedNode(f"{ID}similarity/{digest[:16]}")
    words = found.words[:_WORDS_KEPT]
    yield Triple(similarity, RDF_TYPE, mg("Similarity"))
    yield Triple(similarity, RDFS_LABEL, Literal(f"Alike in: {', '.join(words)}", language="en"))
    yield Triple(similarity, mg("score"), Literal(f"{found.score:.4f}", datatype=_DECIMAL))
    for project in (found.one, found.other):
        yield Triple(similarity, mg("compares"), NamedNode(project))
    for word in words:
        yield Triple(similarity, mg("sharedWord"), Literal(word))
