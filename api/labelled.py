"""Tables of questions as pages show them: labelled, with links, cells in place of terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.api.values import NOTHING, Shown, clock, in_words, show
from missiongraph.formats import JSON
from missiongraph.names import BASE
from missiongraph.questions import Question, find_question
from missiongraph.store import Store
from missiongraph.tables import Table, Term, read_table

_LABEL: Final = "Label"
_SECONDS: Final = ("startSeconds", "endSeconds")
_BATCH: Final = 200


@dataclass(frozen=True)
class Column:
    """A column as a page shows it: the variable and what heads it."""

    name: str
    heading: str
    numeric: bool = False


@dataclass(frozen=True)
class ShownTable:
    """A table whose cells are ready to be shown.

    Attributes:
        columns: heads of the columns; a column of labels is folded into the one it labels.
        rows: one cell a column; the first one heads its row.
        total: rows of the whole answer, of which ``rows`` may be the first.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Shown, ...], ...]
    total: int


def show_table(store: Store, question: Question, table: Table, limit: int) -> ShownTable:
    """Return at most ``limit`` rows of a question's answer, things under their labels."""
    records = table.records()[:limit]
    names = [name for name in table.columns if not _labels_another(name, table.columns)]
    labels = labels_of(store, _unlabelled(records, names, table.columns))
    rows = tuple(
        tuple(_cell(record, name, table.columns, labels) for name in names) for record in records
    )
    columns = tuple(
        Column(
            name,
            question.columns.get(name, in_words(name)),
            numeric=any(row[place].numeric for row in rows),
        )
        for place, name in enumerate(names)
    )
    return ShownTable(columns, rows, len(table.rows))


def labels_of(store: Store, things: Iterable[NamedNode]) -> dict[str, Literal]:
    """Return the label of each thing that has one, by IRI."""
    question = find_question("labels")
    wanted = sorted(dict.fromkeys(things), key=lambda thing: thing.value)
    found: dict[str, Literal] = {}
    for start in range(0, len(wanted), _BATCH):
        query = question.bind({"thing": wanted[start : start + _BATCH]})
        for record in read_table(store.answer(query, JSON)).records():
            thing, label = record["thing"], record.get("label")
            if isinstance(thing, NamedNode) and isinstance(label, Literal):
                found[thing.value] = label
    return found


def _labels_another(name: str, columns: Sequence[str]) -> bool:
    return name.endswith(_LABEL) and name.removesuffix(_LABEL) in columns


def _unlabelled(
    records: Sequence[dict[str, Term]], names: Sequence[str], columns: Sequence[str]
) -> list[NamedNode]:
    """Return the things of ours in columns whose label is not in the answer itself."""
    bare = [name for name in names if name + _LABEL not in columns]
    terms = (record.get(name) for record in records for name in bare)
    return [t for t in terms if isinstance(t, NamedNode) and t.value.startswith(BASE)]


def _cell(
    record: dict[str, Term], name: str, columns: Sequence[str], labels: dict[str, Literal]
) -> Shown:
    term = record.get(name)
    if term is None:
        return NOTHING
    if name in _SECONDS:
        return Shown(clock(term), numeric=True)
    if name + _LABEL in columns:
        return show(term, record.get(name + _LABEL))
    return show(term, labels.get(term.value) if isinstance(term, NamedNode) else None)
