"""What a workbook begins with: a slug alone, or what a curated file says, in lines and cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from missiongraph.ingest.passages import Node, Passage, Value
from missiongraph.ingest.sheets import (
    CONCEPT,
    EVIDENCE,
    SEVERAL,
    SOURCE,
    heading_in,
    in_words,
)
from missiongraph.ontology import Kind, Ontology, Property
from missiongraph.table_files import Plain, cell_text, is_exact, is_like_a_formula

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Line: TypeAlias = dict[str, str]
"""What a row of the workbook says, by heading."""

NUMBERS: Final = frozenset((Kind.DECIMAL, Kind.INTEGER))
_ENGLISH: Final = "en"


@dataclass(frozen=True)
class Start:
    """What a new workbook begins with.

    Attributes:
        source: the source's sheet, in lines.
        evidence: that of its passages.
        stated: the lines of the other sheets, by the segment of their things.
    """

    source: Sequence[Line]
    evidence: Sequence[Line]
    stated: Mapping[str, Sequence[Line]]

    @classmethod
    def of_slug(cls, slug: str, today: date) -> Start:
        """Return what a source begins with of which nothing is known but its slug."""
        passage = f"{EVIDENCE}/{slug}/first-passage"
        mission = {EVIDENCE: passage, "id": "mission/name-of-the-mission", "type": "Mission"}
        source = {"id": f"{SOURCE}/{slug}", "retrieved": today.isoformat()}
        return cls([_headed(source)], [_headed({"id": passage})], {"mission": [_headed(mission)]})

    @classmethod
    def of_claims(cls, source: Node, passages: Sequence[Passage], ontology: Ontology) -> Start:
        """Return what a curated file says, so that it can be edited as a workbook."""
        stated: dict[str, list[Line]] = {}
        for passage in passages:
            for node in (inner for state in passage.states for inner in state.within()):
                segment = CONCEPT if node.id.startswith("concept:") else node.id.partition("/")[0]
                for line in _lines(node, ontology):
                    stated.setdefault(segment, []).append(
                        {in_words(EVIDENCE): passage.evidence.id, **line}
                    )
        evidence = [line for p in passages for line in _lines(p.evidence, ontology)]
        return cls(_lines(source, ontology), evidence, stated)

    def lines(self, segment: str) -> Sequence[Line]:
        """Return the lines of the sheet of a segment."""
        own = {SOURCE: self.source, EVIDENCE: self.evidence}
        return own.get(segment) or self.stated.get(segment, ())


def _headed(line: Mapping[str, str]) -> Line:
    return {in_words(key): text for key, text in line.items()}


def _lines(node: Node, ontology: Ontology) -> list[Line]:
    """Return what is said of a thing as lines; those after the first hold further texts."""
    lines: list[Line] = [{"Id": node.id} | ({"Type": "; ".join(node.types)} if node.types else {})]
    for key, values in node.facts.items():
        for value in values:
            _put(lines, ontology.properties[key], value)
    return lines


def _put(lines: list[Line], prop: Property, value: Value | Node) -> None:
    heading, text = in_words(prop.key), _text(value)
    if isinstance(value, Mapping) and value.get("@language", _ENGLISH) != _ENGLISH:
        heading = heading_in(prop.key, value["@language"])
    if prop.kind in SEVERAL and heading in lines[0]:
        lines[0][heading] += f"; {text}"
        return
    free = next((line for line in lines if heading not in line), None)
    if free is None:
        free = {"Id": lines[0]["Id"]}
        lines.append(free)
    free[heading] = text


def _text(value: Value | Node) -> str:
    if isinstance(value, Node):
        return value.id
    return value if isinstance(value, str) else value["@value"]


def fill(sheet: Worksheet, row: int, column: int, text: str, prop: Property | None) -> None:
    """Write a value into a cell, with its type where a cell holds it exactly.

    Raises:
        AnswerTooLarge: the text is longer than a cell may be.
    """
    value = _plain(text, prop.kind if prop else Kind.STRING)
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.number_format = "@"
        cell.value = cell_text(value)
        cell.data_type = "s"
        cell.quotePrefix = is_like_a_formula(value)
        return
    cell.value = value
    cell.number_format = "yyyy-mm-dd" if isinstance(value, date) else "General"


def _plain(text: str, kind: Kind) -> Plain:
    """Return a value as a cell holds it: what a cell cannot hold exactly stays text."""
    if kind in NUMBERS and is_exact(Decimal(text)):
        return Decimal(text)
    if kind is Kind.DATE and len(text) == len("2030-06-30") and text >= "1900-03-01":
        return date.fromisoformat(text)  # before, spreadsheets count days in different ways
    return text
