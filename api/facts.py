"""A thing as its page shows it: facts in groups, footnotes to passages, what mentions it.

All of it comes from two questions, ``facts`` and ``mentions``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from missiongraph.api.headings import ALL_HEADINGS, heading_of, order_of
from missiongraph.api.values import Shown, clock, href_of, in_words, locator, show, show_property
from missiongraph.names import ID, MG, PREFIXES, RDF_TYPE, RDFS_LABEL, compact
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Table, Term

_DCTERMS: Final = PREFIXES["dcterms"]
_SECONDS: Final = (MG + "startSeconds", MG + "endSeconds")
REPLACED_BY: Final = _DCTERMS + "isReplacedBy"
NESTED: Final = ("target", "funding", "observation", "participation", "assessment")
"""Segments of things that are shown inside the page of what they belong to."""

RECORDS: Final = frozenset({
    MG + "coder", MG + "compares",
    *(PREFIXES["sssom"] + f"{name}_id" for name in ("subject", "object", "author", "reviewer", "creator")),
})  # fmt: skip
"""Properties by which records name a thing without saying anything of it: no mentions of it."""


@dataclass(frozen=True)
class Note:
    """A footnote: the passage that states a fact.

    Attributes:
        number: counts from 1 in the order of first use on the page.
        evidence: path of the passage's own page.
        summary: what it says, in our words.
        source: the source, under its title.
        place: where in the source; empty when that is not known.
        link: address that opens the source at that place; empty when there is none.
    """

    number: int
    evidence: str
    summary: str
    source: Shown
    place: str
    link: str


@dataclass(frozen=True)
class Value:
    """One value of a property, and the footnotes that state it.

    Attributes:
        shown: the value.
        notes: numbers of the footnotes.
        inferred: whether no passage states it and a rule gave it.
        why: address that explains an inferred value; empty for others.
        details: the properties of what is shown inside the page.
    """

    shown: Shown
    notes: tuple[int, ...]
    inferred: bool
    why: str = ""
    details: tuple[Property, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property of a thing with all its values."""

    iri: str
    label: str
    href: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Properties under one heading."""

    heading: str
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class ThingPage:
    """Everything that the page of a thing shows."""

    iri: str
    name: Shown
    kinds: tuple[Shown, ...]
    replaced_by: Shown | None
    groups: tuple[Group, ...]
    inferred: tuple[Property, ...]
    mentions: tuple[Property, ...]
    notes: tuple[Note, ...]


@dataclass
class _Notes:
    """The footnotes of a page as they come up."""

    by_evidence: dict[str, Note] = field(default_factory=dict)

    def number(self, row: Mapping[str, Term]) -> int | None:
        """Return the number of the footnote of a row; None if no passage states it."""
        evidence = row.get("evidence")
        if not isinstance(evidence, NamedNode):
            return None
        if evidence.value not in self.by_evidence:
            note = _note(len(self.by_evidence) + 1, evidence, row)
            self.by_evidence[evidence.value] = note
        return self.by_evidence[evidence.value].number


def facts_of(store: Store, things: Sequence[str]) -> Table:
    """Return the answer of the question ``facts`` for things; errors are those of ``answer``."""
    return answer_table(store, find_question("facts"), {"thing": list(things)})


def thing_page(store: Store, iri: str, facts: Table) -> ThingPage:
    """Return the page of a thing whose facts are known.

    Args:
        store: is asked for the facts of nested things and for what mentions the thing.
        iri: the thing.
        facts: the answer of ``facts`` for it.
    """
    rows = facts.records()
    notes = _Notes()
    nested = _nested_rows(store, iri, rows)
    properties = _properties(rows, "value", notes, nested)
    shown, also_inferred = _without_redundant(properties)
    answer = answer_table(store, find_question("mentions"), {"thing": [iri]})
    mentions = [row for row in answer.records() if _text(row["property"]) not in RECORDS]
    return ThingPage(
        iri=iri,
        name=_name(iri, rows),
        kinds=tuple(
            value.shown
            for prop in properties
            if prop.iri == RDF_TYPE.value
            for value in prop.values
            if not value.inferred
        ),
        replaced_by=next((p.values[0].shown for p in properties if p.iri == REPLACED_BY), None),
        groups=_grouped(shown),
        inferred=also_inferred,
        mentions=_without_redundant(_properties(mentions, "subject", notes, {}))[0],
        notes=tuple(notes.by_evidence.values()),
    )


def _nested_rows(
    store: Store, iri: str, rows: Sequence[Mapping[str, Term]]
) -> dict[str, list[dict[str, Term]]]:
    """Return the facts of the things that are shown inside the page, by their IRI."""
    values = {row["value"].value for row in rows if isinstance(row["value"], NamedNode)}
    inside = sorted(value for value in values - {iri} if _segment(value) in NESTED)
    found: dict[str, list[dict[str, Term]]] = {value: [] for value in inside}
    if inside:
        for row in facts_of(store, inside).records():
            if isinstance(row["thing"], NamedNode) and row["property"] not in (
                RDF_TYPE,
                RDFS_LABEL,
            ):
                found[row["thing"].value].append(row)
    return found


def _properties(
    rows: Sequence[Mapping[str, Term]],
    column: str,
    notes: _Notes,
    nested: Mapping[str, Sequence[Mapping[str, Term]]],
) -> tuple[Property, ...]:
    """Return rows by property, in the order in which pages show properties."""
    by_property: dict[str, list[Mapping[str, Term]]] = {}
    for row in rows:
        by_property.setdefault(_text(row["property"]), []).append(row)
    return tuple(
        _property(iri, by_property[iri], column, notes, nested)
        for iri in sorted(by_property, key=order_of)
    )


def _property(
    iri: str,
    rows: Sequence[Mapping[str, Term]],
    column: str,
    notes: _Notes,
    nested: Mapping[str, Sequence[Mapping[str, Term]]],
) -> Property:
    by_value: dict[Term, list[Mapping[str, Term]]] = {}
    for row in rows:
        by_value.setdefault(row[column], []).append(row)
    inferred = {
        value: "inferred" in stated[0] and not any("evidence" in row for row in stated)
        for value, stated in by_value.items()
    }
    values = tuple(
        Value(
            shown=_show_value(iri, value, stated[0].get(f"{column}Label")),
            notes=_numbers(stated, notes),
            inferred=inferred[value],
            why=_why(stated[0], column) if inferred[value] else "",
            details=_properties(nested.get(_text(value), ()), "value", notes, {}),
        )
        for value, stated in by_value.items()
    )
    name = show_property(NamedNode(iri), rows[0].get("propertyLabel"))
    return Property(iri, name.text, name.href, values)


def _why(row: Mapping[str, Term], column: str) -> str:
    """Return the address that explains the fact of a row."""
    subject, value = (
        (row["subject"], row["thing"]) if column == "subject" else (row["thing"], row["value"])
    )
    terms = {"subject": subject, "predicate": row["property"], "object": value}
    written = {name: t.value if isinstance(t, NamedNode) else str(t) for name, t in terms.items()}
    return f"/explain?{urlencode(written)}"


def _show_value(property_iri: str, value: Term, label: Term | None) -> Shown:
    if property_iri in _SECONDS:
        return Shown(clock(value))
    return show(value, label)


def _numbers(rows: Iterable[Mapping[str, Term]], notes: _Notes) -> tuple[int, ...]:
    numbers = (notes.number(row) for row in rows)
    return tuple(sorted({number for number in numbers if number is not None}))


def _without_redundant(
    properties: Sequence[Property],
) -> tuple[tuple[Property, ...], tuple[Property, ...]]:
    """Part the properties into those shown in groups and those that only repeat in general terms.

    An inferred value repeats when the thing has it by another property too, as ``involves``
    does beside ``ledBy``; an inferred type repeats a narrower one.
    """
    stated = {
        (value.shown.href or value.shown.text)
        for prop in properties
        for value in prop.values
        if not value.inferred
    }
    kept: list[Property] = []
    repeated: list[Property] = []
    for prop in properties:
        if prop.iri == RDFS_LABEL.value:
            continue
        again = tuple(
            value
            for value in prop.values
            if value.inferred
            and (prop.iri == RDF_TYPE.value or (value.shown.href or value.shown.text) in stated)
        )
        rest = tuple(value for value in prop.values if value not in again)
        if rest:
            kept.append(Property(prop.iri, prop.label, prop.href, rest))
        if again:
            repeated.append(Property(prop.iri, prop.label, prop.href, again))
    return tuple(kept), tuple(repeated)


def _grouped(properties: Iterable[Property]) -> tuple[Group, ...]:
    groups: dict[str, list[Property]] = {heading: [] for heading in ALL_HEADINGS}
    for prop in properties:
        groups[heading_of(prop.iri)].append(prop)
    return tuple(Group(heading, tuple(found)) for heading, found in groups.items() if found)


def _note(number: int, evidence: NamedNode, row: Mapping[str, Term]) -> Note:
    link = row.get("link")
    return Note(
        number=number,
        evidence=href_of(evidence.value),
        summary=_text(row.get("summary")),
        source=show(row.get("source"), row.get("sourceTitle")),
        place=locator(row.get("startSeconds"), row.get("pageNumber"), row.get("section")),
        link=href_of(_text(link)) if link else "",
    )


def _name(iri: str, rows: Sequence[Mapping[str, Term]]) -> Shown:
    """Return a thing's label, the English one if it has several, else its IRI in words."""
    labels = [r["value"] for r in rows if r["property"] == RDFS_LABEL]
    found = [label for label in labels if isinstance(label, Literal)]
    english = [label for label in found if (label.language or "").startswith("en")]
    best = next(iter(english or found), None)
    return show(best) if best is not None else Shown(in_words(compact(iri)))


def _segment(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""


def _text(term: Term | None) -> str:
    return "" if term is None else str(getattr(term, "value", term))
