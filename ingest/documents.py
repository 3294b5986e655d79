"""Curated files: read, checked as a whole, and turned into quads.

    documents ── document_rules ── node_rules ── fact_rules ── values, identifiers
        │── yaml_tree     the text, with places           └── mistakes
        │── claim_tables  the same from a table
        │── workbooks     or the cells of a spreadsheet, as the same tree
        │── known_things  what all files together say
        └── claims        the quads, by way of passages

Every mistake is reported, not the first, each with its place and what to write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from missiongraph.errors import BadDocument
from missiongraph.ingest import claim_tables, claims, workbooks
from missiongraph.ingest.document_rules import DocumentRules
from missiongraph.ingest.known_things import KnownThings, Sayings
from missiongraph.ingest.mistakes import Mistake, Mistakes, Position
from missiongraph.ingest.passages import Node, Passage, iri_of
from missiongraph.ingest.workbook_files import is_workbook
from missiongraph.ingest.yaml_tree import Tree, read_tree
from missiongraph.ontology import Ontology


@dataclass(frozen=True)
class Document:
    """A curated file without mistakes of its own.

    Attributes:
        path: the file.
        source: its source.
        passages: its passages and what they state.
        positions: where each thing is first described or referred to, by its IRI.
        ontology: with which it was read.
    """

    path: Path
    source: Node
    passages: tuple[Passage, ...]
    positions: Mapping[str, Position]
    ontology: Ontology

    @property
    def source_iri(self) -> str:
        """The IRI of the source, and of the graph that describes it."""
        return self.source.iri

    def quads(self) -> list[Quad]:
        """Return the file's quads: the source's graph, and one for each passage."""
        return claims.quads(self.source, self.passages, self.ontology)


def read_document(path: Path, ontology: Ontology) -> Document:
    """Return a curated file.

    Ids are not looked up in other files; ``check_documents`` does that.

    Raises:
        BadDocument: it has mistakes, all of which the message lists.
        OSError: it cannot be opened.
    """
    document, mistakes = check_document(path, ontology)
    if document is None:
        raise bad_document(mistakes)
    return document


def check_document(path: Path, ontology: Ontology) -> tuple[Document | None, tuple[Mistake, ...]]:
    """Return a curated file, or None and its mistakes in the order of the file.

    Raises:
        OSError: it cannot be opened.
    """
    checked = _Checked.of(path, ontology)
    return checked.document, checked.mistakes.in_order()


def check_documents(
    paths: Sequence[Path], ontology: Ontology, known: Iterable[Path] = ()
) -> tuple[list[Document], list[Mistake]]:
    """Return the curated files without mistakes, and the mistakes of all.

    Args:
        paths: the files to check.
        ontology: says what may be written.
        known: files that may introduce things the others refer to; their own mistakes
            are not reported. A file to check that is not among them stands in for one
            of the same source, so that an edited copy can be checked.

    Raises:
        OSError: a file cannot be opened.
    """
    checked = [_Checked.of(path, ontology) for path in _distinct(paths)]
    world = KnownThings(
        (one.sayings for one in [*checked, *_others(checked, known, ontology)]), ontology
    )
    for one in checked:
        world.check(one.sayings, one.mistakes)
    good = [one.document for one in checked if one.document and not one.mistakes.found]
    return good, [mistake for one in checked for mistake in one.mistakes.in_order()]


def bad_document(mistakes: Sequence[Mistake]) -> BadDocument:
    """Return the error that lists mistakes, one below the other."""
    if len(mistakes) == 1:
        return BadDocument(mistakes[0].what, where=mistakes[0].where, remedy=mistakes[0].remedy)
    return BadDocument("\n".join([f"{len(mistakes)} mistakes.", *map(str, mistakes)]))


@dataclass(frozen=True)
class _Checked:
    """One file after its own rules, before those of all files."""

    path: Path
    document: Document | None
    sayings: Sayings
    mistakes: Mistakes

    @classmethod
    def of(cls, path: Path, ontology: Ontology) -> _Checked:
        mistakes = Mistakes(str(path))
        rules = DocumentRules(ontology, mistakes)
        tree = _tree(path, ontology, mistakes)
        if tree is not None:
            rules.read(tree)
        sayings = _sayings(str(path), rules, is_whole=tree is not None)
        document = None
        if rules.source is not None and not mistakes.found:
            positions = {iri_of(thing_id): position for thing_id, position in sayings.mentioned}
            passages = tuple(rules.passages)
            document = Document(path, rules.source, passages, positions, ontology)
        return cls(path, document, sayings, mistakes)


def _tree(path: Path, ontology: Ontology, mistakes: Mistakes) -> Tree | None:
    raw = path.read_bytes()
    if path.suffix == claim_tables.ENDING:
        return claim_tables.read_claim_table(raw, ontology, mistakes)
    if is_workbook(raw):
        return workbooks.read_tree(raw, ontology, mistakes)
    return read_tree(raw, mistakes)


def _sayings(file: str, rules: DocumentRules, *, is_whole: bool) -> Sayings:
    nodes = rules.nodes
    mentioned: dict[str, Position] = {}
    described = [(node.id, node.position) for node in nodes.described]
    for thing_id, position in [*described, *nodes.facts.references]:
        first = mentioned.setdefault(thing_id, position)
        if first.sheet == position.sheet:  # else where it is described, which comes before
            mentioned[thing_id] = min(first, position)
    return Sayings(
        file=file,
        source_id=rules.source.id if rules.source else "",
        source_position=rules.source.position if rules.source else Position(1, 1),
        is_whole=is_whole,
        declared=tuple(nodes.declared),
        unclear=frozenset(nodes.unclear),
        labelled=frozenset(node.id for node in nodes.described if "label" in node.facts),
        mentioned=tuple(mentioned.items()),
    )


def _others(
    checked: Sequence[_Checked], known: Iterable[Path], ontology: Ontology
) -> list[_Checked]:
    """Return the known files apart from those that are checked or have a stand-in."""
    known = _distinct(known)
    named = {one.path.resolve() for one in checked}
    among_known = {path.resolve() for path in known}
    replaced = {
        one.sayings.source_id for one in checked if one.path.resolve() not in among_known
    } - {""}
    others = [_Checked.of(path, ontology) for path in known if path.resolve() not in named]
    return [one for one in others if one.sayings.source_id not in replaced]


def _distinct(paths: Iterable[Path]) -> list[Path]:
    return list({path.resolve(): path for path in paths}.values())
