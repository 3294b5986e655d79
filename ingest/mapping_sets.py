"""Mapping sets: files ``data/mappings/*.sssom.tsv``, which tell what is the same elsewhere.

SSSOM 1.0 (https://mapping-commons.github.io/sssom/spec-formats-tsv/): a head of YAML behind
``#``, then a table with tabs. Read here is the part that an editor of ours needs, strictly: every
mapping names who stands behind it, how sure they are, and how it was found; one that was not made
by hand names who reviewed it, so that nothing proposed by a program is published unseen. A mapping
with the modifier ``Not`` says that two things are different: it is kept, and states no match.

A set's IRI names the graph in which its matches and the records of them stand.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.ingest.documents import bad_document
from missiongraph.ingest.mistakes import IllWritten, Mistakes, Position, shown
from missiongraph.ingest.statements import in_graph
from missiongraph.ingest.values import read_date, read_decimal, read_text
from missiongraph.ingest.yaml_tree import Fields, Items, Scalar, read_tree
from missiongraph.names import CONCEPT, ID, PREFIXES, RDF_TYPE, is_iri, mg

ENDING: Final = ".sssom.tsv"
MAPPING_GRAPH: Final = f"{ID}graph/mapping/"
MANUAL: Final = "ManualMappingCuration"
_SKOS: Final = PREFIXES["skos"]
_SSSOM: Final = PREFIXES["sssom"]
_SEMAPV: Final = PREFIXES["semapv"]
_XSD: Final = PREFIXES["xsd"]
_MISSION: Final = f"{ID}mission/"
_CHALLENGE: Final = f"{ID}challenge/"
_GOAL: Final = f"{CONCEPT}sustainable-development-goal/"
PREDICATES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
JUSTIFICATIONS: Final = (
    "CompositeMatching",
    "LexicalMatching",
    MANUAL,
    "MappingChaining",
    "MappingReview",
    "SemanticSimilarityThresholdMatching",
    "UnspecifiedMatching",
)
_NEEDED_OF_SET: Final = (
    "curie_map",
    "license",
    "mapping_set_id",
    "mapping_set_title",
    "mapping_set_version",
)
_OF_SET: Final = (
    *_NEEDED_OF_SET,
    "comment",
    "creator_id",
    "creator_label",
    "mapping_date",
    "mapping_set_description",
    "mapping_tool",
    "object_source",
    "object_source_version",
    "see_also",
    "subject_source",
)
_NEEDED: Final = (
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "author_id",
    "confidence",
)
COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_id",
    "reviewer_id",
    "mapping_date",
    "confidence",
    "mapping_tool",
    "similarity_score",
    "similarity_measure",
    "see_also",
    "comment",
)
"""The columns that are read, in the order of SSSOM's documentation."""


@dataclass(frozen=True)
class Match:
    """One mapping.

    Attributes:
        subject: IRI of ours.
        predicate: IRI of a matching property of SKOS.
        object: IRI that it is matched with.
        justification: IRI of how it was found (https://mapping-commons.github.io/semantic-mapping-vocabulary/).
        confidence: between 0 and 1.
        authors: IRIs of who stands behind it: organisations or roles.
        reviewers: IRIs of who looked at it.
        negated: whether it says that the two do not match so.
        date: when it was made, or empty.
        tool: what proposed it, or empty.
        comment: why, in words, or empty.
        labels: of subject and object, as the file has them.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    confidence: Decimal
    authors: tuple[str, ...]
    reviewers: tuple[str, ...] = ()
    negated: bool = False
    date: str = ""
    tool: str = ""
    comment: str = ""
    labels: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class MappingSet:
    """A file of mappings.

    Attributes:
        iri: the set's, and its graph's.
        title: what it is.
        version: its version.
        license: address of its licence.
        prefixes: of its CURIEs.
        matches: in the order of the file.
        date: of the matches that have none of their own.
        creators: IRIs of who made the set.
    """

    iri: str
    title: str
    version: str
    license: str
    prefixes: Mapping[str, str]
    matches: tuple[Match, ...]
    date: str = ""
    creators: tuple[str, ...] = ()

    def quads(self) -> Iterator[Quad]:
        """Yield the matches and what tells of them, in the set's graph."""
        graph = NamedNode(self.iri)
        for triple in self._triples(graph):
            yield in_graph(triple, graph)

    def _triples(self, this: NamedNode) -> Iterator[Triple]:
        yield Triple(this, RDF_TYPE, NamedNode(_SSSOM + "MappingSet"))
        yield Triple(this, _node("rdfs:label"), Literal(self.title, language="en"))
        yield Triple(this, _node("dcterms:title"), Literal(self.title, language="en"))
        yield Triple(this, _node("dcterms:license"), NamedNode(self.license))
        yield Triple(this, _node("sssom:mapping_set_version"), Literal(self.version))
        for creator in self.creators:
            yield Triple(this, _node("sssom:creator_id"), NamedNode(creator))
        for match in self.matches:
            record = NamedNode(record_iri(self.iri, match))
            yield Triple(this, _node("sssom:mappings"), record)
            yield from _stated(match)
            yield from _recorded(match, record, match.date or self.date)


def record_iri(set_iri: str, match: Match) -> str:
    """Return the IRI of the record of a match: the same for the same match of the same set."""
    key = f"{match.subject} {match.predicate} {match.object}"
    name = set_iri.rpartition("/")[2]
    return f"{ID}mapping/{name}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def read_mapping_set(path: Path) -> MappingSet:
    """Return the mapping set of a file.

    Raises:
        BadDocument: it has mistakes; every one is listed.
        OSError: it cannot be opened.
    """
    mistakes = Mistakes(str(path))
    found = _Reader(path, mistakes).read()
    if mistakes.found or found is None:
        raise bad_document(mistakes.in_order())
    return found


def _stated(match: Match) -> Iterator[Triple]:
    """Yield the match itself; missions that match are aligned, and challenges relate to goals."""
    if match.negated:
        return
    subject, object_ = NamedNode(match.subject), NamedNode(match.object)
    yield Triple(subject, NamedNode(match.predicate), object_)
    if match.subject.startswith(_MISSION) and match.object.startswith(_MISSION):
        yield Triple(subject, mg("alignedWith"), object_)
    if match.subject.startswith(_CHALLENGE) and match.object.startswith(_GOAL):
        yield Triple(subject, mg("relatedGoal"), object_)


def _recorded(match: Match, record: NamedNode, date: str) -> Iterator[Triple]:
    yield Triple(record, RDF_TYPE, NamedNode(_SSSOM + "Mapping"))
    nodes = {
        "subject_id": (match.subject,),
        "predicate_id": (match.predicate,),
        "object_id": (match.object,),
        "mapping_justification": (match.justification,),
        "author_id": match.authors,
        "reviewer_id": match.reviewers,
    }
    for slot, values in nodes.items():
        for value in values:
            yield Triple(record, NamedNode(_SSSOM + slot), NamedNode(value))
    decimal = NamedNode(_XSD + "decimal")
    confidence = Literal(str(match.confidence), datatype=decimal)
    yield Triple(record, NamedNode(_SSSOM + "confidence"), confidence)
    if match.negated:
        negated = NamedNode(_SSSOM + "NegatedPredicate")
        yield Triple(record, NamedNode(_SSSOM + "predicate_modifier"), negated)
    if date:
        day = Literal(date, datatype=NamedNode(_XSD + "date"))
        yield Triple(record, NamedNode(_SSSOM + "mapping_date"), day)
    if match.tool:
        yield Triple(record, NamedNode(_SSSOM + "mapping_tool"), Literal(match.tool))
    if match.labels[1]:
        yield Triple(record, NamedNode(_SSSOM + "object_label"), Literal(match.labels[1]))
    if match.comment:
        comment = Literal(match.comment, language="en")
        yield Triple(record, _node("rdfs:comment"), comment)


def _node(curie: str) -> NamedNode:
    prefix, _, local = curie.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


class _Reader:
    """Reads one file and notes its mistakes."""

    def __init__(self, path: Path, mistakes: Mistakes) -> None:
        self._path = path
        self._mistakes = mistakes
        self._prefixes: dict[str, str] = {}
        self._seen: dict[tuple[str, str, str], int] = {}

    def read(self) -> MappingSet | None:
        try:
            text = self._path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as cause:
            self._add(1, 1, f"It is not UTF-8: {cause}.", "Save the file as UTF-8.")
            return None
        lines = text.splitlines()
        head = 0
        while head < len(lines) and lines[head].startswith("#"):
            head += 1
        about = self._head(lines[:head])
        if about is None:
            return None
        matches = tuple(self._matches(lines[head:], head))
        return MappingSet(
            iri=about["mapping_set_id"][0],
            title=about["mapping_set_title"][0],
            version=about["mapping_set_version"][0],
            license=about["license"][0],
            prefixes=self._prefixes,
            matches=matches,
            date=about.get("mapping_date", ("",))[0],
            creators=tuple(self._iri_of(c, 1, 1) for c in about.get("creator_id", ())),
        )

    def _head(self, lines: list[str]) -> dict[str, tuple[str, ...]] | None:
        # A blank for "#": the places in the YAML stay those in the file.
        text = "\n".join(" " + line[1:] for line in lines) if lines else "{}"
        tree = read_tree(text.encode(), self._mistakes)
        if not isinstance(tree, Fields):
            self._add(1, 1, "The head is no mapping.", "Write # mapping_set_id: and the others.")
            return None
        found: dict[str, tuple[str, ...]] = {}
        for key, value in tree.entries:
            place = key.position
            if key.text not in _OF_SET:
                self._unknown(place, key.text, _OF_SET)
            elif key.text == "curie_map" and isinstance(value, Fields):
                self._prefixes = {
                    name.text: iri.text for name, iri in value.entries if isinstance(iri, Scalar)
                }
                found[key.text] = ("",)
            else:
                items = value.items if isinstance(value, Items) else (value,)
                found[key.text] = tuple(i.text for i in items if isinstance(i, Scalar) and i.text)
        missing = [name for name in _NEEDED_OF_SET if not found.get(name)]
        for name in missing:
            self._add(1, 1, f"The head has no {name}.", f"Write # {name}: and its value.")
        if not missing:
            self._check_head(found)
        return None if missing else found

    def _check_head(self, found: Mapping[str, tuple[str, ...]]) -> None:
        expected = MAPPING_GRAPH + self._path.name.removesuffix(ENDING)
        if found["mapping_set_id"][0] != expected:
            self._add(1, 1, "mapping_set_id is not that of the file's name.", f"Write {expected}.")
        if not is_iri(found["license"][0]):
            self._add(1, 1, "license is not an address.", "Write the licence's address.")
        for date in found.get("mapping_date", ()):
            self._day(date, 1, 1)

    def _matches(self, lines: list[str], above: int) -> Iterator[Match]:
        reader = csv.reader(lines, delimiter="\t", strict=True)
        try:
            columns = next(reader, [])
            if not self._check_columns(columns, above + 1):
                return
            for cells in reader:
                line = above + reader.line_num
                if not any(cells):
                    continue
                if len(cells) > len(columns):
                    self._add(line, 1, "The row has too many cells.", "Quote cells with tabs.")
                    continue
                filled = [*cells, *[""] * (len(columns) - len(cells))]
                match = self._match(dict(zip(columns, filled, strict=True)), columns, line)
                if match is not None:
                    yield match
        except csv.Error as cause:
            place = above + reader.line_num
            self._add(place, 1, f"It is no table with tabs: {cause}.", "Close quotes that open.")

    def _check_columns(self, columns: list[str], line: int) -> bool:
        count = len(self._mistakes.found)
        for place, name in enumerate(columns, 1):
            if name not in COLUMNS:
                self._unknown(Position(line, place), name, COLUMNS)
            elif columns.index(name) != place - 1:
                self._add(line, place, f"The column {name} stands here twice.", "Keep one.")
        for name in _NEEDED:
            if name not in columns:
                self._add(line, 1, f"There is no column {name}.", f"Add {name}.")
        return len(self._mistakes.found) == count

    def _match(self, row: Mapping[str, str], columns: list[str], line: int) -> Match | None:
        count = len(self._mistakes.found)
        cells = _Cells(self, row, columns, line)
        modifier = cells.text("predicate_modifier")
        if modifier not in ("", "Not"):
            cells.wrong("predicate_modifier", "is not Not", "Write Not, or leave it empty.")
        match = Match(
            subject=cells.iri("subject_id"),
            predicate=cells.one_of("predicate_id", _SKOS, "skos", PREDICATES),
            object=cells.iri("object_id"),
            justification=cells.one_of("mapping_justification", _SEMAPV, "semapv", JUSTIFICATIONS),
            confidence=cells.share("confidence"),
            authors=cells.iris("author_id"),
            reviewers=cells.iris("reviewer_id"),
            negated=modifier == "Not",
            date=cells.day("mapping_date"),
            tool=cells.text("mapping_tool"),
            comment=cells.text("comment"),
            labels=(cells.text("subject_label"), cells.text("object_label")),
        )
        self._check_match(match, cells, line)
        return match if len(self._mistakes.found) == count else None

    def _check_match(self, match: Match, cells: _Cells, line: int) -> None:
        if not match.authors:
            cells.wrong("author_id", "names nobody", "Name an organisation or a role.")
        if match.justification != _SEMAPV + MANUAL and not match.reviewers:
            cells.wrong(
                "reviewer_id",
                "names nobody, and the mapping was not made by hand",
                "Look at the mapping; if it holds, name who looked: "
                "id:actor/missiongraph-editors. If not, write Not as its predicate_modifier.",
            )
        if match.subject and match.subject == match.object:
            cells.wrong("object_id", "is the subject itself", "Leave the row out.")
        first = self._seen.setdefault((match.subject, match.predicate, match.object), line)
        if first != line:
            cells.wrong("object_id", f"is matched so on line {first} too", "Keep one row.")

    def _iri_of(self, curie: str, line: int, column: int) -> str:
        prefix, colon, local = curie.partition(":")
        iri = self._prefixes[prefix] + local if colon and prefix in self._prefixes else curie
        if not is_iri(iri) or (iri == curie and not local.startswith("//")):
            self._add(
                line,
                column,
                f"{shown(curie)} has no prefix of curie_map.",
                f"Begin with one of: {', '.join(sorted(self._prefixes))}; or add it to curie_map.",
            )
            return ""
        return iri

    def _day(self, text: str, line: int, column: int) -> str:
        try:
            if read_date(text)[1] == _XSD + "date":
                return text
        except IllWritten:
            pass
        self._add(line, column, f"{shown(text)} is not a day.", "Write it so: 2026-11-25.")
        return ""

    def _unknown(self, place: Position, name: str, known: tuple[str, ...]) -> None:
        near = self._mistakes.nearest(name, known)
        remedy = f"Write {near}." if near else f"Write one of: {', '.join(known)}."
        self._mistakes.add(place, f"{shown(name)} is no slot that is read here.", remedy)

    def _add(self, line: int, column: int, what: str, remedy: str) -> None:
        self._mistakes.add(Position(line, column), what, remedy)


@dataclass(frozen=True)
class _Cells:
    """The cells of one mapping."""

    reader: _Reader
    row: Mapping[str, str]
    columns: list[str]
    line: int

    def text(self, slot: str) -> str:
        text = self.row.get(slot, "").strip()
        if text:
            try:
                read_text(text)
            except IllWritten as cause:
                self.wrong(slot, cause.what, cause.remedy)
        return text

    def iri(self, slot: str) -> str:
        text = self.text(slot)
        if not text:
            self.wrong(slot, "is empty", "Write a CURIE.")
            return ""
        return self.reader._iri_of(text, self.line, self._place(slot))

    def iris(self, slot: str) -> tuple[str, ...]:
        parts = (part.strip() for part in re.split(r"(?<!\\)\|", self.text(slot)))
        place = self._place(slot)
        return tuple(self.reader._iri_of(part, self.line, place) for part in parts if part)

    def one_of(self, slot: str, namespace: str, prefix: str, names: tuple[str, ...]) -> str:
        iri = self.iri(slot)
        if iri and iri.removeprefix(namespace) not in names:
            options = ", ".join(f"{prefix}:{name}" for name in names)
            self.wrong(slot, "is none that is used here", f"Write one of: {options}.")
        return iri

    def share(self, slot: str) -> Decimal:
        try:
            share = Decimal(read_decimal(self.text(slot)))
        except IllWritten as cause:
            self.wrong(slot, cause.what, "Write a number between 0 and 1, such as 0.9.")
            return Decimal(0)
        if not 0 <= share <= 1:
            self.wrong(slot, "is not between 0 and 1", "Write a number such as 0.9.")
        return share

    def day(self, slot: str) -> str:
        text = self.text(slot)
        return self.reader._day(text, self.line, self._place(slot)) if text else ""

    def wrong(self, slot: str, what: str, remedy: str) -> None:
        place = Position(self.line, self._place(slot))
        value = f" {shown(self.row.get(slot, ''))}" if self.row.get(slot) else ""
        self.reader._mistakes.add(place, f"{slot}{value} {what}.", remedy)

    def _place(self, slot: str) -> int:
        return self.columns.index(slot) + 1 if slot in self.columns else 1
