"""Reading a comparison from a graph: by stored questions, and the choice of what is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from missiongraph.comparison.matrix import (
    Cell,
    Comparison,
    Criterion,
    Finding,
    Passage,
    State,
    Subject,
)
from missiongraph.errors import BadParameter
from missiongraph.names import CONCEPT, expand
from missiongraph.questions import answer_table, find_question
from missiongraph.store import Store
from missiongraph.tables import Term, text_of

DIFFERENCES: Final = "differences"
SAMES: Final = "sames"
_LABEL_ORDER: Final = "label"
_KNOWN_ORDER: Final = "known"
_GIVEN_ORDER: Final = "given"
_BATCH: Final = 100
_RATINGS: Final = {
    f"{CONCEPT}rating/no": State.NO,
    f"{CONCEPT}rating/not-applicable": State.NOT_APPLICABLE,
    f"{CONCEPT}rating/unknown": State.UNKNOWN,
}
_GRADES: Final = {
    f"{CONCEPT}rating/no": Decimal(0),
    f"{CONCEPT}rating/partly": Decimal("0.5"),
    f"{CONCEPT}rating/yes": Decimal(1),
}
_DIMENSIONS: Final = ("strategic-orientation", "policy-coordination", "policy-implementation")
_MOST_LISTED: Final = 60


@dataclass(frozen=True)
class Wish:
    """What somebody wants compared, as it was written.

    Attributes:
        missions, programmes, places: slugs or IRIs; a place stands for all its missions.
        criteria: names or IRIs of criteria; all when empty.
        dimensions: slugs of dimensions; all when empty.
        only: ``differences``, ``sames`` or nothing.
        sort: ``given``, ``label`` or ``known`` (of which most is known first).
    """

    missions: Sequence[str] = ()
    programmes: Sequence[str] = ()
    places: Sequence[str] = ()
    criteria: Sequence[str] = ()
    dimensions: Sequence[str] = ()
    only: str = ""
    sort: str = _GIVEN_ORDER

    @property
    def is_empty(self) -> bool:
        """Whether nothing to compare was named."""
        return not (self.missions or self.programmes or self.places)


def compare(store: Store, wish: Wish, release: str = "") -> Comparison:
    """Return the comparison that is wished for.

    Raises:
        BadParameter: nothing was named, or what was named is not known.
    """
    if wish.is_empty:
        raise BadParameter(
            "Nothing was named to compare.", where="mission", remedy="Add mission=…."
        )
    _one_of("only", wish.only, ("", DIFFERENCES, SAMES))
    _one_of("sort", wish.sort, (_GIVEN_ORDER, _LABEL_ORDER, _KNOWN_ORDER))
    subjects = subjects_of(store, wish)
    criteria = _chosen(all_criteria(store), wish)
    whole = Comparison(subjects, criteria, _cells(store, subjects, criteria), release)
    if wish.only:
        whole = whole.differences() if wish.only == DIFFERENCES else whole.sames()
    return whole.sorted_by_known() if wish.sort == _KNOWN_ORDER else whole


def subjects_of(store: Store, wish: Wish) -> tuple[Subject, ...]:
    """Return the missions and programmes of a wish, each once, in the order wished for."""
    found = [
        *_missions(store, {"mission": wish.missions}),
        *_missions(store, {"place": wish.places}),
        *_programmes(store, wish.programmes),
    ]
    subjects = tuple(dict.fromkeys(found))
    if wish.sort == _LABEL_ORDER:
        return tuple(sorted(subjects, key=lambda subject: (subject.label, subject.iri)))
    return subjects


def all_criteria(store: Store) -> tuple[Criterion, ...]:
    """Return all that missions can be compared by, in the order of the three dimensions."""
    table = answer_table(store, find_question("comparison-criteria"))
    criteria = [_criterion(record) for record in table.records()]
    return tuple(sorted(criteria, key=lambda criterion: (_rank(criterion), criterion.name)))


def _missions(store: Store, given: Mapping[str, Sequence[str]]) -> list[Subject]:
    (values,) = given.values()
    if not values:
        return []
    question = find_question("comparison-missions")
    table = answer_table(store, question, given)
    subjects = [
        Subject(text(row["mission"]), text(row.get("missionLabel"))) for row in table.records()
    ]
    order = [value.value for value in question.values(given).get("mission", ())]
    place = {iri: position for position, iri in enumerate(order)}
    return sorted(subjects, key=lambda s: (place.get(s.iri, len(order)), s.label, s.iri))


def _programmes(store: Store, programmes: Sequence[str]) -> list[Subject]:
    if not programmes:
        return []
    table = answer_table(store, find_question("comparison-programmes"), {"programme": programmes})
    return [
        Subject(text(row["programme"]), text(row.get("programmeLabel"))) for row in table.records()
    ]


def _criterion(record: Mapping[str, Term]) -> Criterion:
    return Criterion(
        iri=text(record["criterion"]),
        label=text(record.get("criterionLabel")),
        dimension=text(record.get("dimension")).rpartition("/")[2],
        dimension_label=text(record.get("dimensionLabel")),
        typology=text(record.get("typology")),
        typology_label=text(record.get("typologyLabel")),
        single=text(record["single"]) != "0",
        definition=text(record.get("definition")),
    )


def _rank(criterion: Criterion) -> int:
    known = criterion.dimension in _DIMENSIONS
    return _DIMENSIONS.index(criterion.dimension) if known else len(_DIMENSIONS)


def _chosen(criteria: Sequence[Criterion], wish: Wish) -> tuple[Criterion, ...]:
    for name in wish.dimensions:
        _one_of("dimension", name, _DIMENSIONS)
    names = {name for c in criteria for name in (c.name, c.name.partition(".")[0])}
    for written in wish.criteria:
        if written not in names and not any(c.iri == expand(written) for c in criteria):
            listed = ", ".join(dict.fromkeys(c.name for c in criteria[:_MOST_LISTED]))
            raise BadParameter(
                f"{written!r} is not a criterion.",
                where="criterion",
                remedy=f"There are: {listed}.",
            )
    wanted = {text for written in wish.criteria for text in (written, expand(written) or written)}
    return tuple(
        criterion
        for criterion in criteria
        if (not wish.dimensions or criterion.dimension in wish.dimensions)
        and (
            not wanted or wanted & {criterion.name, criterion.name.partition(".")[0], criterion.iri}
        )
    )


def _cells(
    store: Store, subjects: Sequence[Subject], criteria: Sequence[Criterion]
) -> dict[tuple[str, str], Cell]:
    names = {(c.iri, c.typology): c for c in criteria}
    found: dict[tuple[str, str], dict[tuple[str, ...], Finding]] = {}
    for record in _records(store, subjects):
        iri, typology = text(record["criterion"]), text(record.get("typology"))
        criterion = names.get((iri, typology)) or _rated_by(criteria, iri)
        if criterion is None:
            continue
        findings = found.setdefault((text(record["mission"]), criterion.name), {})
        finding = _finding(record)
        key = (finding.value, finding.subject, finding.coder)
        before = findings.get(key, finding)
        passages = tuple(dict.fromkeys((*before.passages, *finding.passages)))
        findings[key] = replace(finding, passages=passages)
    single = {criterion.name: criterion.single for criterion in criteria}
    return {key: Cell(tuple(of.values()), single[key[1]]) for key, of in found.items()}


def _records(store: Store, subjects: Sequence[Subject]) -> Iterable[dict[str, Term]]:
    question = find_question("comparison-cells")
    for start in range(0, len(subjects), _BATCH):
        given = {"mission": [subject.iri for subject in subjects[start : start + _BATCH]]}
        yield from answer_table(store, question, given).records()


def _rated_by(criteria: Sequence[Criterion], iri: str) -> Criterion | None:
    """Return the criterion of an assessment, whose typology is its own and not its values'."""
    return next((c for c in criteria if c.iri == iri and "#" not in iri), None)


def _finding(record: Mapping[str, Term]) -> Finding:
    value, label = text(record["value"]), text(record.get("valueLabel"))
    subject, mission = text(record["subject"]), text(record["mission"])
    rated = text(record["rated"]) != "0"
    coder = text(record.get("coderLabel")) or text(record.get("coder"))
    unit = text(record.get("unitLabel"))
    words = label or text_of(record["value"])
    return Finding(
        value=value,
        text=f"{_grouped(words)} {unit.lower() if unit.istitle() else unit}" if unit else words,
        state=_RATINGS.get(value, State.KNOWN) if rated else State.KNOWN,
        number=_GRADES.get(value) if rated and value in _GRADES else _number(value),
        subject=subject,
        subject_text=text(record.get("subjectLabel")) if subject != mission and not rated else "",
        coder=(coder or "a coder who is not named") if rated else "",
        passages=_passages(record),
    )


def all_missions(store: Store) -> list[str]:
    """Return the IRIs of all missions."""
    rows = answer_table(store, find_question("comparison-missions")).records()
    return [text(row["mission"]) for row in rows]


def _passages(record: Mapping[str, Term]) -> tuple[Passage, ...]:
    if "evidence" not in record:
        return ()
    summary, link = text(record["summary"]), text(record.get("link"))
    return (Passage(text(record["evidence"]), summary, locator(record), link),)


def locator(record: Mapping[str, Term]) -> str:
    """Return where in its source a row's passage is, in words; empty where that is not known."""
    seconds, page = text(record.get("startSeconds")), text(record.get("pageNumber"))
    if seconds or page:
        # Some stores write a whole decimal as 2313.0.
        return f"second {seconds.removesuffix('.0')}" if seconds else f"page {page}"
    return text(record.get("section"))


def _grouped(words: str) -> str:
    number = _number(words)
    return f"{number:,f}" if number is not None else words


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def text(term: Term | None) -> str:
    """Return a term's IRI or text; nothing for none."""
    return str(getattr(term, "value", "")) if term is not None else ""


def _one_of(name: str, written: str, allowed: Sequence[str]) -> None:
    if written not in allowed:
        listed = ", ".join(value for value in allowed if value)
        raise BadParameter(
            f"{written!r} is not a value of {name}.", where=name, remedy=f"Write one of: {listed}."
        )
