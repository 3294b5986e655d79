"""The template of a workbook for curated claims: made of ontology, vocabularies and shapes.

Concepts are drop-downs, headings carry notes of what they mean and what a shape would say if
they were left empty, days are days and numbers numbers. Nothing in it is listed by hand.
``missiongraph check`` and a build read it as they read curated YAML (workbooks.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from missiongraph.ingest.shapes_facts import MADE_BY_THE_BUILD, Schema, ShapesFacts
from missiongraph.ingest.sheets import (
    CONCEPT,
    EVIDENCE,
    SOURCE,
    Sheet,
    Sheets,
    in_words,
    options,
)
from missiongraph.ingest.workbook_start import NUMBERS, Line, Start, fill
from missiongraph.ontology import Kind, Ontology, Property

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

LISTS: Final = "Lists"
HOW_TO: Final = "How to"
LAST_ROW: Final = 2000
"""Down to which row the drop-downs reach."""
_DARK, _MIDDLE, _LIGHT = "FF1F3B57", "FF4A7096", "FFD9E2EC"
_LONGEST_PROMPT: Final = 255
_WIDE: Final = frozenset((Kind.TEXT, Kind.IRI))
_FORMS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "A text in English. For another language add a column such as {heading} (da).",
    Kind.STRING: "A text as it stands in the source.",
    Kind.IRI: "A whole web address, such as https://example.org/page.",
    Kind.DECIMAL: "A number.",
    Kind.INTEGER: "A whole number.",
    Kind.BOOLEAN: "true or false.",
    Kind.DATE: "A year (2030), a month (2030-06) or a day (2030-06-30), as exact as the source has it.",
    Kind.DURATION: "A duration: P5Y for five years, P18M for 18 months.",
    Kind.CONCEPT: "A concept of the list; several with semicolons between them.",
    Kind.CURRENCY: "A currency of the list.",
    Kind.NODE: "The id of what is meant, such as {example}; several with semicolons between them.",
}
_STRUCTURE: Final[Mapping[str, str]] = {
    EVIDENCE: "Which passage says what this row says: an id of the sheet Evidence.",
    "id": "The name of the thing: {example}, in lower-case words with hyphens.",
    "type": "The class. Write it in one row of a thing that no other file has introduced.",
}
_WORDS: Final = """\
One workbook is one source: a document, a video or a data set, and what its passages say.
1. Source: fill its one row.
2. Evidence: write a row for each passage: where it is, and what it says in a sentence of your own.
3. The other sheets: a row for each thing that a passage says something of. Name the passage in the \
first column, and fill only what the passage says.
Several values: another row with the same passage and id. Several ids or concepts may share a cell, \
with semicolons between them.
Headings in dark blue must be filled, those in blue should be; rest the pointer on one to read what \
it means. Columns may be moved, and those that you do not need deleted.
When you are done: missiongraph check {file}. Every mistake is told with its cell."""


def write_workbook(ontology: Ontology, shapes: ShapesFacts, start: Start, file: str) -> bytes:
    """Return a workbook.

    Args:
        ontology: gives sheets, columns and drop-downs.
        shapes: what must and what should be filled, and bounds of numbers.
        start: what it begins with.
        file: its name, for the words on its first sheet.

    Raises:
        AnswerTooLarge: a text is longer than a cell may be.
    """
    return _Template(ontology, shapes).bytes(start, file)


class _Template:
    """Writes one workbook."""

    def __init__(self, ontology: Ontology, shapes: ShapesFacts) -> None:
        from openpyxl import Workbook

        self._ontology = ontology
        self._shapes = shapes
        self._sheets = Sheets(ontology)
        self._book = Workbook()
        self._ids: dict[str, Sheet] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def bytes(self, start: Start, file: str) -> bytes:
        first = self._book.active
        assert first is not None
        first.title = HOW_TO
        self._explain(first, file)
        wanted = [sheet for sheet in self._sheets.all if self._is_wanted(sheet, start)]
        self._ids = {sheet.segment: sheet for sheet in wanted}
        for sheet in wanted:
            self._write(sheet, start.lines(sheet.segment))
        lists = self._book.create_sheet(LISTS)
        lists.sheet_state = "hidden"
        for column, values in enumerate(self._lists, 1):
            for row, value in enumerate(values, 1):
                lists.cell(row, column, value)
        self._book.active = self._book.index(self._book["Source"])
        first.sheet_view.tabSelected = False
        buffer = io.BytesIO()
        self._book.save(buffer)
        return buffer.getvalue()

    def _is_wanted(self, sheet: Sheet, start: Start) -> bool:
        """Say whether a sheet is of use: what builds work out has no properties of its own."""
        return bool(start.lines(sheet.segment)) or any(prop.domain for prop in sheet.properties)

    def _explain(self, sheet: Worksheet, file: str) -> None:
        from openpyxl.styles import Alignment, Font

        sheet.column_dimensions["A"].width = 100
        for number, words in enumerate(_WORDS.splitlines(), 1):
            cell = sheet.cell(number, 1, words.format(file=file))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(1, 1).font = Font(bold=True, size=13)

    def _write(self, sheet: Sheet, lines: Sequence[Line]) -> None:
        worksheet = self._book.create_sheet(sheet.name)
        worksheet.freeze_panes = "A2" if sheet.segment in (SOURCE, EVIDENCE) else "C2"
        columns = self._columns(sheet)
        headings = {in_words(key): place for place, key in enumerate(columns, 1)}
        for place, key in enumerate(columns, 1):
            self._head(worksheet, sheet, key, place)
        for row, line in enumerate(lines, 2):
            for heading, text in line.items():
                if heading not in headings:
                    headings[heading] = len(headings) + 1
                    worksheet.cell(1, headings[heading], heading)
                prop = self._ontology.properties.get(self._sheets.key(heading.partition(" (")[0]))
                fill(worksheet, row, headings[heading], text, prop)

    def _columns(self, sheet: Sheet) -> list[str]:
        """Return keys in order: what names a row, what is needed, what is the class's own."""
        needed = self._advice(sheet)
        structure = [key for key in sheet.keys if key not in self._ontology.properties]
        named = ["label"] if sheet.segment not in (SOURCE, EVIDENCE, CONCEPT) else []
        return [*dict.fromkeys((*structure, *named, *needed, *sheet.keys))]

    def _advice(self, sheet: Sheet) -> dict[str, str]:
        """Return what shapes say where something is missing, by key: first what must be there."""
        advice: dict[str, str] = {}
        for name in sheet.classes[:1]:
            told = self._shapes.advice.get(self._ontology.classes[name].iri, {})
            for prop in sorted(sheet.properties, key=lambda p: not self._is_required(sheet, p)):
                if prop.iri in told and (name, prop.key) not in MADE_BY_THE_BUILD:
                    advice[prop.key] = told[prop.iri]
        return advice

    def _is_required(self, sheet: Sheet, prop: Property) -> bool:
        return any(
            prop.iri in self._shapes.required.get(self._ontology.classes[name].iri, ())
            for name in sheet.classes[:1]
            if (name, prop.key) not in MADE_BY_THE_BUILD
        )

    def _head(self, worksheet: Worksheet, sheet: Sheet, key: str, place: int) -> None:
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        prop = self._ontology.properties.get(key)
        note = self._note(sheet, key, prop)
        colour = self._colour(sheet, key, prop)
        cell = worksheet.cell(1, place, in_words(key))
        cell.font = Font(bold=True, color="FF000000" if colour == _LIGHT else "FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=colour)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(note, "missiongraph", height=140, width=340)
        letter = get_column_letter(place)
        column = worksheet.column_dimensions[letter]
        column.width = 40 if prop and prop.kind in _WIDE else 24
        column.number_format = "General" if prop and prop.kind in NUMBERS else "@"
        validation = self._validation(sheet, key, prop)
        validation.promptTitle = in_words(key)[:32]
        validation.prompt = note if len(note) <= _LONGEST_PROMPT else f"{note[:254]}…"
        validation.showInputMessage = True
        validation.allow_blank = True
        validation.add(f"{letter}2:{letter}{LAST_ROW}")
        worksheet.add_data_validation(validation)

    def _colour(self, sheet: Sheet, key: str, prop: Property | None) -> str:
        if prop is None:
            return _MIDDLE if key == "type" else _DARK
        if self._is_required(sheet, prop):
            return _DARK
        return _MIDDLE if key in self._advice(sheet) else _LIGHT

    def _note(self, sheet: Sheet, key: str, prop: Property | None) -> str:
        """Return what a heading means, the form of its values, and what a shape says of it."""
        example = _example(sheet.segment)
        if prop is None:
            return _STRUCTURE[key].format(example=example)
        if prop.kind is Kind.NODE:
            example = _example(next(iter(self._targets(prop)), "mission"))
        form = _FORMS[prop.kind].format(heading=in_words(key), example=example)
        return " ".join(filter(None, (prop.definition, form, self._advice(sheet).get(key, ""))))

    def _targets(self, prop: Property) -> Iterator[str]:
        """Yield the segments of the things that a property takes."""
        for name in prop.classes:
            class_ = self._ontology.classes.get(name)
            if class_ and not class_.is_concept:
                yield class_.segment

    def _validation(self, sheet: Sheet, key: str, prop: Property | None) -> DataValidation:
        from openpyxl.worksheet.datavalidation import DataValidation

        if prop is None:
            return self._validation_of_structure(sheet, key)
        match prop.kind:
            case Kind.CONCEPT | Kind.CURRENCY:
                return self._choice(options(prop, self._ontology), strict=prop.single_valued)
            case Kind.BOOLEAN:
                return self._choice(["true", "false"], strict=True)
            case Kind.DECIMAL | Kind.INTEGER:
                return _bounds(prop.kind, self._shapes.facets.get(prop.iri, {}))
            case Kind.NODE if len({*self._targets(prop)}) == 1:
                return self._ids_of(next(self._targets(prop)), strict=False)
        return DataValidation()

    def _validation_of_structure(self, sheet: Sheet, key: str) -> DataValidation:
        from openpyxl.worksheet.datavalidation import DataValidation

        if key == "type":
            return self._choice(sheet.classes, strict=True)
        if key == EVIDENCE:
            return self._ids_of(EVIDENCE, strict=True)
        if sheet.segment == CONCEPT:
            schemes = self._ontology.schemes.items()
            ids = [
                f"concept:{scheme}/{slug}" for scheme, slugs in schemes for slug in sorted(slugs)
            ]
            return self._choice(ids, strict=True)
        return DataValidation()

    def _choice(self, values: Sequence[str], *, strict: bool) -> DataValidation:
        """Return a drop-down of values, which stand on a hidden sheet."""
        from openpyxl.utils import get_column_letter

        known = tuple(values)
        letter = get_column_letter([*self._lists, known].index(known) + 1)
        self._lists.setdefault(known, letter)
        return _drop_down(f"{LISTS}!${letter}$1:${letter}${len(known)}", strict=strict)

    def _ids_of(self, segment: str, *, strict: bool) -> DataValidation:
        """Return a drop-down of the ids on a sheet; others may introduce more of them."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        sheet = self._ids.get(segment)
        if sheet is None:
            return DataValidation()
        letter = get_column_letter(self._columns(sheet).index("id") + 1)
        return _drop_down(f"'{sheet.name}'!${letter}$2:${letter}${LAST_ROW}", strict=strict)


def _drop_down(cells: str, *, strict: bool) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type="list",
        formula1=cells,
        showErrorMessage=strict,
        errorTitle="Not in the list",
        error="Choose a value of the list.",
    )


def _bounds(kind: Kind, facets: Schema) -> DataValidation:
    """Return what keeps a column to numbers; a longer one than cells hold may be written as text."""
    from openpyxl.worksheet.datavalidation import DataValidation

    least, most = facets.get("minimum", "-1E+300"), facets.get("maximum", "1E+300")
    return DataValidation(
        type="whole" if kind is Kind.INTEGER else "decimal",
        operator="between",
        formula1=str(least),
        formula2=str(most),
        errorStyle="warning",
        showErrorMessage=True,
        errorTitle="Not a number that fits",
        error="Write a number, without its unit.",
    )


def _example(segment: str) -> str:
    return {
        SOURCE: f"{SOURCE}/example-report",
        EVIDENCE: f"{EVIDENCE}/example-report/first-passage",
        CONCEPT: "concept:dimension/policy-coordination",
    }.get(segment, f"{segment}/example-name")
