"""What a release makes of the ontology's terms: how often each is used, and an example."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from pyoxigraph import Literal, NamedNode

from missiongraph.api.facts import facts_of
from missiongraph.api.labelled import labels_of
from missiongraph.api.values import Shown, locator, show, show_property
from missiongraph.errors import AnswerTooLarge, QueryTimeout
from missiongraph.names import MG, RDF_TYPE
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of

_BATCH: Final = 25
_KEPT_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Example:
    """A triple of the graph, and the passage that states it.

    Attributes:
        subject: of what it is said.
        property: what is said.
        value: its value.
        summary: what the passage says; empty where no passage states the triple.
        evidence: path of the passage's page.
        source: the source, under its title.
        place: where in the source.
        link: address that opens the source at that place.
    """

    subject: Shown
    property: Shown
    value: Shown
    summary: str = ""
    evidence: str = ""
    source: Shown | None = None
    place: str = ""
    link: str = ""


@dataclass(frozen=True)
class Use:
    """How a term is used: triples of the merged graph, claims of passages, and one of them."""

    triples: int
    claims: int
    example: Example | None


_KEPT: Final[WeakKeyDictionary[Store, tuple[float, Mapping[str, Use] | None]]] = WeakKeyDictionary()
"""What was counted, by graph: the content of a remote store may change."""


def uses_of(store: Store) -> Mapping[str, Use]:
    """Return the use of each term of ours that is used, by IRI.

    Three stored questions: what they answer is remembered for as long as a release is served.

    Raises:
        QueryTimeout: the graph is too large to be counted in time.
        AnswerTooLarge: it is, for memory.
    """
    used = {row["term"]: row for row in answer_table(store, find_question("term-usage")).records()}
    claimed = {
        row["term"]: row for row in answer_table(store, find_question("term-claims")).records()
    }
    first = {
        term: text_of(claimed.get(term, row)["thing"])
        for term, row in used.items()
        if isinstance(term, NamedNode) and term.value.startswith(MG)
    }
    facts = _facts(store, sorted(set(first.values())))
    names = _names(store, facts)
    return {
        term.value: Use(
            triples=_number(used[term]["uses"]),
            claims=_number(claimed[term]["claims"]) if term in claimed else 0,
            example=_example(facts.get(subject, ()), subject, term, names),
        )
        for term, subject in first.items()
        if isinstance(term, NamedNode)
    }


def known_uses(store: Store) -> Mapping[str, Use] | None:
    """Return the use of terms, counted now and then; None where the graph is too large for that."""
    kept = _KEPT.get(store)
    if kept is None or kept[0] < time.monotonic():
        try:
            uses: Mapping[str, Use] | None = uses_of(store)
        except (QueryTimeout, AnswerTooLarge):
            uses = None
        kept = _KEPT[store] = time.monotonic() + _KEPT_SECONDS, uses
    return kept[1]


def _facts(store: Store, things: Sequence[str]) -> dict[str, list[dict[str, Term]]]:
    """Return the facts of things by IRI, each with the passage that states it."""
    found: dict[str, list[dict[str, Term]]] = {}
    for start in range(0, len(things), _BATCH):
        for row in facts_of(store, things[start : start + _BATCH]).records():
            found.setdefault(text_iri(row["thing"]), []).append(row)
    return found


def _names(store: Store, facts: Mapping[str, Iterable[Mapping[str, Term]]]) -> dict[str, Literal]:
    return labels_of(store, [NamedNode(thing) for thing in facts])


def _example(
    rows: Sequence[Mapping[str, Term]], subject: str, term: NamedNode, names: Mapping[str, Literal]
) -> Example | None:
    """Return the first fact with a term as its property or class, one with a passage if any has."""
    fitting = sorted(_with(rows, term), key=lambda row: "evidence" not in row)
    if not fitting:
        return None
    row = fitting[0]
    passage = row.get("evidence")
    return Example(
        subject=show(NamedNode(subject), names.get(subject)),
        property=show_property(NamedNode(text_iri(row["property"])), row.get("propertyLabel")),
        value=show(row["value"], row.get("valueLabel")),
        summary=text_of(row.get("summary")),
        evidence=show(passage).href,
        source=show(row["source"], row.get("sourceTitle")) if "source" in row else None,
        place=locator(row.get("startSeconds"), row.get("pageNumber"), row.get("section")),
        link=show(row.get("link")).href,
    )


def _with(rows: Iterable[Mapping[str, Term]], term: NamedNode) -> Iterator[Mapping[str, Term]]:
    for row in rows:
        if row["property"] == term or (row["property"] == RDF_TYPE and row["value"] == term):
            yield row


def text_iri(term: Term) -> str:
    """Return a resource as ``facts`` is asked for it."""
    return term.value if isinstance(term, NamedNode) else str(term)


def _number(term: Term) -> int:
    return int(text_of(term))
