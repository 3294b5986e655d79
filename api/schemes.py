"""Vocabularies as trees: concepts below broader ones, with their uses and mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.api.terms import glossary
from missiongraph.api.values import Shown, in_words, show, show_property
from missiongraph.errors import AnswerTooLarge, QueryTimeout
from missiongraph.names import compact
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of, text_of_iri


@dataclass(frozen=True)
class Match:
    """A match of a concept with one elsewhere."""

    relation: Shown
    match: Shown


@dataclass(frozen=True)
class Concept:
    """A concept in its tree.

    Attributes:
        iri: the concept.
        shown: its name, with its page.
        definition: what it means.
        uses: facts that have it as their value; None where that was not counted.
        mappings: what it matches elsewhere.
        narrower: the concepts directly below it.
    """

    iri: str
    shown: Shown
    definition: str
    uses: int | None
    mappings: tuple[Match, ...]
    narrower: tuple[Concept, ...]

    @property
    def notation(self) -> str:
        """How curated files write it: the last part of its IRI."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Scheme:
    """A vocabulary with the tree of its concepts.

    Attributes:
        iri: the scheme.
        anchor: its name on the page of all vocabularies.
        shown: its label, with its page.
        definition: what it is for.
        properties: those that take their values from it.
        top: the concepts that have no broader one.
        size: how many concepts there are.
        uses: facts that have one of them as their value; None where that was not counted.
    """

    iri: str
    anchor: str
    shown: Shown
    definition: str
    properties: tuple[Shown, ...]
    top: tuple[Concept, ...]
    size: int
    uses: int | None


def schemes(store: Store) -> tuple[Scheme, ...]:
    """Return all vocabularies, by their labels."""
    rows: dict[str, list[Mapping[str, Term]]] = {}
    for row in answer_table(store, find_question("concepts")).records():
        rows.setdefault(text_of_iri(row["scheme"]), []).append(row)
    mappings, uses = _mappings(store), _uses(store)
    found = [
        _scheme(row, rows.get(text_of_iri(row["scheme"]), []), mappings, uses)
        for row in answer_table(store, find_question("vocabularies")).records()
    ]
    return tuple(sorted(found, key=lambda scheme: (scheme.shown.text.lower(), scheme.iri)))


def _scheme(
    row: Mapping[str, Term],
    concepts: Sequence[Mapping[str, Term]],
    mappings: Mapping[str, Sequence[Match]],
    uses: Mapping[str, int] | None,
) -> Scheme:
    iri = row["scheme"]
    assert isinstance(iri, NamedNode)
    anchor = iri.value.rpartition("/")[2]
    taken = [glossary().label_of(node) for node in glossary().takers_of(iri)]
    return Scheme(
        iri=iri.value,
        anchor=anchor,
        shown=show(iri, row.get("schemeLabel") or Literal(in_words(anchor))),
        definition=text_of(row.get("definition")),
        properties=tuple(
            show_property(node, label)
            for node, label in zip(glossary().takers_of(iri), taken, strict=True)
        ),
        top=tree(concepts, mappings, uses),
        size=len(concepts),
        uses=None if uses is None else sum(uses.get(_iri(one), 0) for one in concepts),
    )


def tree(
    rows: Sequence[Mapping[str, Term]],
    mappings: Mapping[str, Sequence[Match]],
    uses: Mapping[str, int] | None,
) -> tuple[Concept, ...]:
    """Return the concepts of a scheme that have no broader one, with those below them.

    One whose broader concepts lead back to itself stands at the top, once.
    """
    by_iri = {_iri(row): row for row in rows}
    below: dict[str, list[str]] = {}
    for iri, row in by_iri.items():
        above = text_of(row.get("broader"))
        is_top = above not in by_iri or iri in _ancestors(above, by_iri)
        below.setdefault("" if is_top else above, []).append(iri)

    def grown(iri: str) -> Concept:
        row = by_iri[iri]
        label = row.get("conceptLabel") or Literal(in_words(compact(iri)))
        return Concept(
            iri=iri,
            shown=show(NamedNode(iri), label),
            definition=text_of(row.get("definition")),
            uses=None if uses is None else uses.get(iri, 0),
            mappings=tuple(mappings.get(iri, ())),
            narrower=branch(iri),
        )

    def branch(above: str) -> tuple[Concept, ...]:
        concepts = map(grown, below.get(above, ()))
        return tuple(sorted(concepts, key=lambda one: (one.shown.text.lower(), one.iri)))

    return branch("")


def _ancestors(iri: str, rows: Mapping[str, Mapping[str, Term]]) -> set[str]:
    """Return a concept and all that are broader, as far as they are known."""
    found: set[str] = set()
    while iri in rows and iri not in found:
        found.add(iri)
        iri = text_of(rows[iri].get("broader"))
    return found


def _mappings(store: Store) -> dict[str, list[Match]]:
    found: dict[str, list[Match]] = {}
    for row in answer_table(store, find_question("concept-mappings")).records():
        relation = row["relation"]
        assert isinstance(relation, NamedNode)
        mapping = Match(show_property(relation), show(row["match"]))
        found.setdefault(_iri(row), []).append(mapping)
    return found


def _uses(store: Store) -> dict[str, int] | None:
    """Return how many facts have each concept as their value; None if that takes too long."""
    try:
        rows: Iterable[Mapping[str, Term]] = answer_table(
            store, find_question("concept-uses")
        ).records()
    except (QueryTimeout, AnswerTooLarge):
        return None
    found: dict[str, int] = {}
    for row in rows:
        found[_iri(row)] = found.get(_iri(row), 0) + int(text_of(row["uses"]))
    return found


def _iri(row: Mapping[str, Term]) -> str:
    return text_of_iri(row["concept"])
