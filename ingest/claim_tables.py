"""Claims as a table: a curated file for whoever works in a spreadsheet.

    source.id      ,source.title,source.page           ,summary        ,pageNumber,id       ,type   ,label
    source/plan    ,A plan      ,https://example.org/  ,Rivers by 2035.,12        ,mission/x,Mission,Rivers

A row is a thing that a passage states something of. Columns are the keys of a curated file, with a
dot where one is within another (``hasTarget.deadline``, ``label.da``): those that begin with
``source.`` are the source's, keys that only evidence has (``summary``, ``pageNumber``) the
passage's, all others the thing's. What the rows before have said of the source or the passage may
be left empty. The result is the tree that YAML gives, each cell with its row and column, so that
the same rules check it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from missiongraph.delimited import rows_of
from missiongraph.errors import BadDocument
from missiongraph.ingest.mistakes import Mistakes, Position, shown
from missiongraph.ingest.values import slugified
from missiongraph.ingest.yaml_tree import MAX_NODES, Fields, Items, Refused, Scalar, Tree, decoded
from missiongraph.ontology import Kind, Ontology

ENDING: Final = ".csv"
BETWEEN_VALUES: Final = "|"
_SOURCE: Final = "source"
_EVIDENCE: Final = "evidence"
_LISTED: Final = frozenset((Kind.NODE, Kind.CONCEPT, Kind.CURRENCY, Kind.IRI))
_DEEPEST: Final = 4
_LONGEST_SLUG: Final = 80


@dataclass(frozen=True)
class _Column:
    """A column: its place, counted from 1, and the keys that its name is made of."""

    number: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    """A cell that is not empty."""

    column: _Column
    row: int
    text: str

    @property
    def position(self) -> Position:
        return Position(self.row, self.column.number)


_Cells: TypeAlias = list[_Cell]


@dataclass
class _Claim:
    """A passage: the row it begins at, what describes it, and what it states."""

    row: int
    described: dict[tuple[str, ...], _Cell] = field(default_factory=dict)
    states: list[Fields] = field(default_factory=list)


def read_claim_table(raw: bytes, ontology: Ontology, mistakes: Mistakes) -> Tree | None:
    """Return the tree of a table's bytes, or None when it is none.

    Places are row and column, both counted from 1. Whatever is wrong is added to ``mistakes``; a
    tree may come back nevertheless.
    """
    text = decoded(raw, mistakes)
    if text is None:
        return None
    try:
        rows = list(rows_of(text))
    except BadDocument as cause:
        row = int(cause.where.rpartition(" ")[2])
        mistakes.add(Position(row, 1), cause.what, cause.remedy)
        return None
    if not rows or sum(len(cells) for _, cells in rows) > MAX_NODES:
        what = "The table has no rows." if not rows else f"It has more than {MAX_NODES:,} cells."
        mistakes.add(Position(1, 1), what, "Name the columns in the first row, claims below.")
        return None
    return _Reader(ontology, mistakes).document(rows)


class _Reader:
    def __init__(self, ontology: Ontology, mistakes: Mistakes) -> None:
        self._ontology = ontology
        self._mistakes = mistakes
        self._of_evidence = frozenset(
            p.key for p in ontology.properties.values() if p.domain == ("Evidence",)
        )
        self._source: dict[tuple[str, ...], _Cell] = {}
        self._claims: dict[str, _Claim] = {}

    def document(self, rows: Sequence[tuple[int, Sequence[str]]]) -> Tree:
        """Return the tree of the whole table."""
        header, *below = rows
        start = Position(header[0], 1)
        columns = list(self._columns(*header))
        passage = ""
        for number, cells in below:
            passage = self._read_row(list(self._cells(columns, number, cells)), number, passage)
        if not below:
            self._mistakes.add(start, "There are no claims below the header.", "Add a row.")
        source = self._fields(self._source.values(), start, 1) if self._source else None
        if source is None:
            self._mistakes.add(
                start,
                "The table does not say what its source is.",
                "Add columns source.id, source.title and source.page, and fill them in one row.",
            )
        claims = tuple(self._claim(claim) for claim in self._claims.values())
        key = Scalar(_SOURCE, start)
        entries = (
            (key, source or Refused(start)),
            (Scalar("claims", start), _items(claims, start)),
        )
        return Fields(entries, start)

    def _columns(self, row: int, names: Sequence[str]) -> Iterator[_Column]:
        seen: dict[tuple[str, ...], int] = {}
        for number, name in enumerate(names, 1):
            column = _Column(number, self._path(name))
            where = Position(row, number)
            if column.path in seen:
                what = f"The column {shown(name)} stands here twice, first as column "
                self._mistakes.add(where, f"{what}{seen[column.path]}.", "Name each column once.")
            elif not name or len(column.path) > _DEEPEST or "" in column.path:
                what = (
                    f"The column's name {shown(name)} is no key."
                    if name
                    else "A column has no name."
                )
                self._mistakes.add(where, what, "Write a key, such as label or hasTarget.deadline.")
            elif column.path == (_SOURCE,):
                self._mistakes.add(where, "source has parts.", "Write source.id, source.title, …")
            else:
                seen[column.path] = number
                if self._is_key(column, where):
                    yield column

    def _path(self, name: str) -> tuple[str, ...]:
        path = tuple(name.split("."))
        if path[0] in self._of_evidence:
            return (_EVIDENCE, *path)
        return (_EVIDENCE, "id") if path == (_EVIDENCE,) else path

    def _is_key(self, column: _Column, where: Position) -> bool:
        """Note a key that nothing has, once, and not in each row."""
        known = {"id", "type", _SOURCE, _EVIDENCE, *self._ontology.properties}
        key = column.path[0]
        if key not in known:
            near = self._mistakes.nearest(key, known)
            self._mistakes.add(
                where,
                f"The column {shown(key)} is not a term of the ontology.",
                f"Write {near}." if near else "Name columns as the ontology does: label, place, …",
            )
        return key in known

    def _cells(self, columns: Sequence[_Column], row: int, texts: Sequence[str]) -> Iterator[_Cell]:
        for column in columns:
            if column.number <= len(texts) and texts[column.number - 1]:
                yield _Cell(column, row, texts[column.number - 1])
        width = max((column.number for column in columns), default=0)
        for number, text in enumerate(texts[width:], width + 1):
            if text:
                where = Position(row, number)
                remedy = "Put cells that hold the delimiter into quotes."
                self._mistakes.add(where, f"{shown(text)} is in no column.", remedy)
                return

    def _read_row(self, cells: _Cells, row: int, passage: str) -> str:
        """Take a row in; return the id of its passage, which the next may continue."""
        parts: dict[str, _Cells] = {_SOURCE: [], _EVIDENCE: [], "": []}
        for cell in cells:
            head = cell.column.path[0]
            parts[head if head in parts else ""].append(cell)
        self._merge(self._source, parts[_SOURCE], "the source")
        described = {cell.column.path[1:]: cell.text for cell in parts[_EVIDENCE]}
        passage = self._passage(described) or passage or f"row {row}"
        claim = self._claims.setdefault(passage, _Claim(row))
        self._merge(claim.described, parts[_EVIDENCE], "this passage")
        if parts[""]:
            claim.states.append(self._thing(parts[""], row))
        return passage

    def _merge(self, said: dict[tuple[str, ...], _Cell], cells: _Cells, of: str) -> None:
        for cell in cells:
            first = said.setdefault(cell.column.path[1:], cell)
            if first.text != cell.text:
                name = ".".join(cell.column.path)
                self._mistakes.add(
                    cell.position,
                    f"{name} of {of} is {shown(cell.text)} here and {shown(first.text)} in row {first.row}.",
                    "Write one table for each source."
                    if of == "the source"
                    else "Keep one, or give the two passages an evidence.id each.",
                )

    def _passage(self, described: dict[tuple[str, ...], str]) -> str:
        """Return the id of the passage that a row names; nothing where it names none."""
        if ("id",) in described:
            return described["id",]
        source = self._source.get(("id",))
        words = slugified(described.get(("summary",), ""))[:_LONGEST_SLUG].strip("-")
        slug = source.text.rpartition("/")[2] if source else "source"
        return f"{_EVIDENCE}/{slug}/{words}" if words else ""

    def _claim(self, claim: _Claim) -> Fields:
        start = Position(claim.row, 1)
        described = self._fields(claim.described.values(), start, 1)
        entries = {key.text: (key, tree) for key, tree in described.entries}
        if "id" not in entries and (passage := self._passage_of(claim)):
            entries["id"] = (Scalar("id", start), Scalar(passage, start))
        if claim.states:
            entries["states"] = (Scalar("states", start), Items(tuple(claim.states), start))
        return Fields(tuple(entries.values()), start)

    def _passage_of(self, claim: _Claim) -> str:
        return self._passage({path: cell.text for path, cell in claim.described.items()})

    def _thing(self, cells: _Cells, row: int) -> Fields:
        """Return a thing; one with a class and a name has an id even where none is written."""
        start = Position(row, cells[0].column.number)
        fields = self._fields(cells, start, 0)
        by_path = {cell.column.path: cell for cell in cells}
        type_, label = (
            by_path.get(("type",)),
            by_path.get(("label",)) or by_path.get(("label", "en")),
        )
        class_ = self._ontology.classes.get(type_.text) if type_ else None
        if ("id",) in by_path or class_ is None or label is None or not slugified(label.text):
            return fields
        made = Scalar(f"{class_.segment}/{slugified(label.text)}", label.position)
        return Fields(((Scalar("id", start), made), *fields.entries), start)

    def _fields(self, cells: Iterable[_Cell], start: Position, depth: int) -> Fields:
        """Return what cells say of one thing, those with a further key in their path nested."""
        by_key: dict[str, _Cells] = {}
        for cell in cells:
            by_key.setdefault(cell.column.path[depth], []).append(cell)
        entries = []
        for key, found in by_key.items():
            values: list[Tree] = []
            nested = [cell for cell in found if len(cell.column.path) > depth + 1]
            for cell in found:
                if cell not in nested:
                    values += self._values(key, cell)
            if nested:
                values.append(self._fields(nested, nested[0].position, depth + 1))
            where = found[0].position
            tree = values[0] if len(values) == 1 else Items(tuple(values), where)
            entries.append((Scalar(key, where), tree))
        return Fields(tuple(entries), start)

    def _values(self, key: str, cell: _Cell) -> list[Tree]:
        prop = self._ontology.properties.get(key)
        listed = key == "type" or (prop is not None and prop.kind in _LISTED)
        texts = cell.text.split(BETWEEN_VALUES) if listed else [cell.text]
        return [Scalar(text.strip(), cell.position) for text in texts]


def _items(claims: tuple[Fields, ...], start: Position) -> Tree:
    return Items(claims, start) if claims else Refused(start)
