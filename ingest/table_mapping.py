"""A mapping: how the rows of a table become things of the graph, in a file beside it.

    table: {file: portfolio.csv, delimiter: ";"}
    source: {id: source/portfolio, title: Our portfolio, page: "https://example.org/portfolio"}
    values: {role: {Lead: coordinator, Partner: participant}}
    things:
      - id: project/example-{Number}
        type: Project
        label: "{Title}"
        startDate: "{Start|date DD.MM.YYYY}"

Below ``things:`` stands what a curated file has below ``states:``, with templates for values
(``missiongraph.ingest.templates``). The same rules check it: what is wrong in a cell comes with
the file, row and column, what is wrong in the mapping with its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from missiongraph.errors import BadDocument
from missiongraph.ingest.documents import bad_document
from missiongraph.ingest.mistakes import IllWritten, Mistake, Mistakes, Position, shown
from missiongraph.ingest.node_rules import NodeRules
from missiongraph.ingest.node_triples import triples_of
from missiongraph.ingest.passages import Node
from missiongraph.ingest.statements import in_graph, merged
from missiongraph.ingest.table_rows import Layout, Row, Table
from missiongraph.ingest.templates import CellIllWritten, Template, check_filter
from missiongraph.ingest.yaml_tree import Fields, Items, Refused, Scalar, Tree, read_tree
from missiongraph.names import PREFIXES
from missiongraph.ontology import Ontology

ENDING: Final = ".table.yaml"
_PARTS: Final = ("table", "source", "values", "things")
_LAYOUT: Final = ("file", "delimiter", "encoding", "header", "skip", "sheet")
_WHEN: Final = "when"
_DCTERMS_SOURCE: Final = NamedNode(PREFIXES["dcterms"] + "source")


@dataclass(frozen=True)
class MappedRow:
    """What a row gives.

    Attributes:
        row: the row.
        table: the name of the table's file.
        source: the source of its facts; None when it could not be made out.
        things: what it describes.
        mistakes: what is wrong, with the places.
    """

    row: Row
    table: str
    source: Node | None
    things: tuple[Node, ...]
    mistakes: tuple[Mistake, ...]


@dataclass
class TableMapping:
    """A mapping that was read.

    Args:
        path: the mapping's file.
        ontology: says what may be written.
        table_file: the table, where it is not the one that the mapping names.

    Raises:
        BadDocument: the mapping has mistakes; every one is listed.
        OSError: a file cannot be opened.
    """

    path: Path
    ontology: Ontology
    table_file: Path | None = None
    table: Table = field(init=False)
    _source: Fields = field(init=False)
    _things: tuple[Fields, ...] = field(init=False)
    _values: dict[str, dict[str, str]] = field(init=False)
    _templates: dict[str, Template] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        mistakes = Mistakes(str(self.path))
        tree = read_tree(self.path.read_bytes(), mistakes)
        if tree is not None:
            self._read(tree, mistakes)
        if mistakes.found:
            raise bad_document(mistakes.in_order())
        self._check_placeholders(mistakes)
        if mistakes.found:
            raise bad_document(mistakes.in_order())

    def rows(self) -> Iterator[MappedRow]:
        """Yield what each row gives.

        Raises:
            BadDocument: the table is not in its form, or the mapping states what no row can.
        """
        columns = {name: i for i, name in enumerate(self.table.columns(), 1)}
        rules = _RowRules(self.ontology, str(self.table.file), str(self.path))
        for row in self.table.rows():
            filled = _Filling(self, row, columns)
            yield rules.read(row, filled)

    def template(self, text: str) -> Template:
        """Return the template of a text; each is read once."""
        if text not in self._templates:
            self._templates[text] = Template.read(text)
        return self._templates[text]

    @property
    def values(self) -> Mapping[str, Mapping[str, str]]:
        """The lists of what cells mean."""
        return self._values

    @property
    def source(self) -> Fields:
        """The template of the source."""
        return self._source

    @property
    def things(self) -> tuple[Fields, ...]:
        """The templates of things."""
        return self._things

    def _read(self, tree: Tree, mistakes: Mistakes) -> None:
        parts = _fields(tree, "The file", _PARTS, mistakes)
        self._source = _fields(parts.get("source"), "source", (), mistakes)
        self._values = _read_values(parts.get("values"), mistakes)
        layout = _fields(parts.get("table"), "table", _LAYOUT, mistakes)
        self.table = self._read_table(layout, mistakes)
        things = parts.get("things")
        items = things.items if isinstance(things, Items) else ()
        self._things = tuple(_fields(item, "A thing", (), mistakes) for item in items)
        if not items:
            mistakes.add(tree.position, "It describes no things.", "Write things: and a list.")

    def _read_table(self, fields: Fields, mistakes: Mistakes) -> Table:
        given = {key.text: value.text for key, value in fields.entries if isinstance(value, Scalar)}
        numbers = {}
        for name in ("header", "skip"):
            if name in given and not given[name].isdecimal():
                mistakes.add(fields.position, f"{name} is not a number.", "Write how many rows.")
            elif name in given:
                numbers[name] = int(given[name])
        texts = {name: given[name] for name in ("delimiter", "encoding", "sheet") if name in given}
        if len(texts.get("delimiter", ",")) != 1:
            mistakes.add(fields.position, "delimiter is not one sign.", 'Write delimiter: ";".')
        file = self.table_file or self.path.parent / given.get("file", "")
        if self.table_file is None and Path(given.get("file", "")).name != given.get("file"):
            mistakes.add(
                fields.position, "The file is not in the mapping's folder.", "Write its name alone."
            )
        return Table(file, Layout(**texts, **numbers))  # type: ignore[arg-type]

    def _check_placeholders(self, mistakes: Mistakes) -> None:
        if not self.table.file.is_file():
            raise BadDocument(
                f"There is no table {self.table.file.name!r}.",
                where=str(self.path),
                remedy="Write its name: table: {file: portfolio.csv}.",
            )
        columns = set(self.table.columns())
        for scalar in (s for part in (self._source, *self._things) for s in _scalars(part)):
            for placeholder in self.template(scalar.text).placeholders:
                if placeholder.column not in columns:
                    near = mistakes.nearest(placeholder.column, columns)
                    mistakes.add(
                        scalar.position,
                        f"The table has no column {shown(placeholder.column)}.",
                        f"Write {{{near}}}." if near else f"It has: {', '.join(sorted(columns))}.",
                    )
                for written in placeholder.filters:
                    try:
                        check_filter(written, self._values)
                    except IllWritten as cause:
                        mistakes.add(
                            scalar.position, f"{shown(written)} {cause.what}.", cause.remedy
                        )


@dataclass(frozen=True)
class TableFacts:
    """The facts of a whole table.

    Attributes:
        quads: things in the default graph only, each with its ``dcterms:source``; sources in
            graphs of their own.
        positions: where each thing is first described, by its IRI.
    """

    quads: list[Quad]
    positions: Mapping[str, str]


def read_table_facts(mapping: TableMapping) -> TableFacts:
    """Return the facts of a table that has no mistakes.

    Raises:
        BadDocument: it has some; every one is listed.
    """
    quads: dict[Quad, None] = {}
    positions: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for mapped in mapping.rows():
        mistakes += mapped.mistakes
        quads.update(dict.fromkeys(quads_of(mapped, mapping.ontology)))
        for thing in mapped.things:
            for one in thing.within():
                place = f"{mapping.table.file}:{mapped.row.number}"
                positions.setdefault(one.iri, place)
    if mistakes:
        raise bad_document(mistakes)
    return TableFacts(list(quads), positions)


def quads_of(mapped: MappedRow, ontology: Ontology) -> Iterator[Quad]:
    """Yield the statements of a row: the things', and those that describe the source."""
    if mapped.source is None:
        return
    for triple in source_triples(mapped.source, ontology):
        yield in_graph(triple, NamedNode(mapped.source.iri))
    yield from (merged(triple) for triple in thing_triples(mapped, ontology))


def source_triples(source: Node, ontology: Ontology) -> Iterator[Triple]:
    """Yield the description of a source, its title as label too."""
    titles = {"label": source.facts["title"]} if "title" in source.facts else {}
    described = Node(source.id, ("Source",), titles | dict(source.facts), source.position)
    yield from triples_of(described, ontology)


def thing_triples(mapped: MappedRow, ontology: Ontology) -> Iterator[Triple]:
    """Yield what a row says of things, and of each thing which source says it."""
    for thing in mapped.things:
        yield from triples_of(thing, ontology)
        if mapped.source is not None:
            yield Triple(NamedNode(thing.iri), _DCTERMS_SOURCE, NamedNode(mapped.source.iri))


class _RowRules:
    """Checks filled templates by the rules of curated files."""

    def __init__(self, ontology: Ontology, table: str, mapping: str) -> None:
        self._mistakes = Mistakes(table)
        self._rules = NodeRules(ontology, self._mistakes)
        self._mapping = mapping
        self._table = Path(table).name

    def read(self, row: Row, filling: _Filling) -> MappedRow:
        self._mistakes.found.clear()
        if row.surplus:
            self._mistakes.add(
                Position(row.number, 1),
                f"The row has {abs(row.surplus)} cells too {'many' if row.surplus > 0 else 'few'}.",
                "Quote cells that hold the delimiter.",
            )
            return MappedRow(row, self._table, None, (), self._mistakes.in_order())
        source_tree, trees = filling.trees(self._mistakes)
        source = self._rules.top(source_tree, "Source") if source_tree else None
        if source is None:
            self._mistakes.add(
                Position(row.number, 1), "The row has no source.", "Fill the cells of its id."
            )
        things = [self._rules.stated_thing(tree) for tree in trees]
        for kept in (self._rules.described, self._rules.declared, self._rules.stated):
            kept.clear()
        self._rules.facts.references.clear()
        described = tuple(thing for thing in things if thing)
        return MappedRow(row, self._table, source, described, self._in_their_files())

    def _in_their_files(self) -> tuple[Mistake, ...]:
        """Return the mistakes; those of the mapping, which each row would repeat, end it."""
        found = self._mistakes.in_order()
        ours = [m for m in found if m.line < 0]
        if ours:
            placed = [
                Mistake(self._mapping, -m.line, m.column, m.what, m.remedy) for m in reversed(ours)
            ]
            raise bad_document(placed)
        return found


@dataclass(frozen=True)
class _Filling:
    """A mapping's templates and the row that fills them."""

    mapping: TableMapping
    row: Row
    columns: Mapping[str, int]

    def trees(self, mistakes: Mistakes) -> tuple[Fields | None, list[Fields]]:
        """Return the source's and the things' trees; what a row leaves empty is left out."""
        source = self._tree(self.mapping.source, mistakes)
        filled = [self._tree(thing, mistakes) for thing in self.mapping.things]
        things = [tree for tree in filled if isinstance(tree, Fields) and len(tree.entries) > 1]
        return source if isinstance(source, Fields) else None, things

    def _tree(self, tree: Tree, mistakes: Mistakes) -> Tree | None:
        match tree:
            case Scalar():
                return self._scalar(tree, mistakes)
            case Items():
                items = [self._tree(item, mistakes) for item in tree.items]
                flat = [
                    one
                    for item in items
                    if item is not None
                    for one in (item.items if isinstance(item, Items) else (item,))
                ]
                return Items(tuple(flat), _in_mapping(tree.position)) if flat else None
            case Fields():
                return self._fields(tree, mistakes)
            case _:
                return tree

    def _fields(self, fields: Fields, mistakes: Mistakes) -> Fields | None:
        entries = []
        for key, value in fields.entries:
            filled = self._tree(value, mistakes)
            if filled is None and key.text in ("id", _WHEN):
                return None
            if filled is not None and key.text != _WHEN:
                entries.append((Scalar(key.text, _in_mapping(key.position)), filled))
        return Fields(tuple(entries), Position(self.row.number, 1)) if entries else None

    def _scalar(self, scalar: Scalar, mistakes: Mistakes) -> Tree | None:
        template = self.mapping.template(scalar.text)
        if not template.placeholders:
            return Scalar(scalar.text, _in_mapping(scalar.position), scalar.empty)
        position = Position(self.row.number, self.columns[template.placeholders[0].column])
        try:
            texts = template.fill(self.row.cells, self.mapping.values)
        except CellIllWritten as cause:
            where = Position(self.row.number, self.columns[cause.column])
            mistakes.add(where, f"{cause.column} {shown(cause.cell)} {cause.what}.", cause.remedy)
            return Refused(where)
        except IllWritten as cause:
            mistakes.add(position, f"The template {cause.what}.", cause.remedy)
            return Refused(position)
        found = [Scalar(text, position) for text in texts]
        if len(found) > 1:
            return Items(tuple(found), position)
        return found[0] if found else None


def _in_mapping(position: Position) -> Position:
    """Return a place in the mapping, told by its sign from the places in the table."""
    return Position(-position.line, position.column)


def _fields(tree: Tree | None, what: str, known: tuple[str, ...], mistakes: Mistakes) -> Fields:
    """Return a mapping of YAML whose keys are known; an empty one where there is none."""
    if not isinstance(tree, Fields):
        if not isinstance(tree, Refused):
            where = tree.position if tree else Position(1, 1)
            mistakes.add(where, f"{what} is not a mapping.", "Write keys and values.")
        return Fields((), Position(1, 1))
    for key, _ in tree.entries:
        if known and key.text not in known:
            mistakes.add(
                key.position,
                f"{shown(key.text)} is not a key here.",
                f"Write one of: {', '.join(known)}.",
            )
    return tree


def _read_values(tree: Tree | None, mistakes: Mistakes) -> dict[str, dict[str, str]]:
    if tree is None:
        return {}
    lists = _fields(tree, "values", (), mistakes)
    return {
        name.text: {
            cell.text: "" if meaning.empty else meaning.text
            for cell, meaning in _fields(entries, name.text, (), mistakes).entries
            if isinstance(meaning, Scalar)
        }
        for name, entries in lists.entries
    }


def _scalars(tree: Tree) -> Iterator[Scalar]:
    match tree:
        case Scalar():
            yield tree
        case Items():
            for item in tree.items:
                yield from _scalars(item)
        case Fields():
            for _, value in tree.entries:
                yield from _scalars(value)
