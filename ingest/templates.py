"""Templates: texts with ``{column}`` in them, which a table's rows fill in.

``Project {id}`` takes a cell as it is; ``{name|slug}`` changes it first; of the templates
around `` ?? `` the first whose cells are all filled is taken. Nothing comes of a template
with an empty cell: what a table does not tell stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from missiongraph.ingest.mistakes import IllWritten, shown
from missiongraph.ingest.values import slugified

Values: TypeAlias = Mapping[str, Mapping[str, str]]
"""Lists of what cells mean, by name: a cell's text and what is written for it."""

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_ELSE: Final = " ?? "
_MOST_TEXTS: Final = 1000
_DATE_PARTS: Final = {"YYYY": "%Y", "MM": "%m", "DD": "%d"}


class CellIllWritten(IllWritten):
    """A cell is not in the form that its filter reads.

    Args:
        column: the cell's column.
        cell: its text.
        cause: what is wrong with it.
    """

    def __init__(self, column: str, cell: str, cause: IllWritten) -> None:
        super().__init__(cause.what, cause.remedy)
        self.column = column
        self.cell = cell


@dataclass(frozen=True)
class Placeholder:
    """A place for a cell.

    Attributes:
        column: whose cell.
        filters: what is done to it, in order, as written: ``split ;``.
    """

    column: str
    filters: tuple[str, ...] = ()

    def texts(self, row: Mapping[str, str], values: Values) -> list[str]:
        """Return the cell's texts after the filters; none where the cell is empty.

        Raises:
            CellIllWritten: a filter cannot read the cell.
        """
        cell = row[self.column]
        found = [cell.strip()]
        try:
            for written in self.filters:
                apply = _filter(written, values)
                found = [text for one in found if one for text in apply(one)]
        except IllWritten as cause:
            raise CellIllWritten(self.column, cell, cause) from cause
        return [text for text in found if text]


@dataclass(frozen=True)
class Template:
    """A text with places for cells.

    Attributes:
        alternatives: sequences of literal texts and placeholders; the first that can be filled
            is taken.
    """

    alternatives: tuple[tuple[str | Placeholder, ...], ...]

    @classmethod
    def read(cls, text: str) -> Template:
        """Return the template of a written text.

        >>> Template.read("{title} ?? Project {id}").fill({"title": "", "id": "7"}, {})
        ['Project 7']
        >>> Template.read("actor/{name|slug}").fill({"name": "Région Sud"}, {})
        ['actor/region-sud']
        """
        return cls(tuple(_parts(alternative) for alternative in text.split(_ELSE)))

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """The places for cells, of all alternatives."""
        return tuple(
            part for parts in self.alternatives for part in parts if isinstance(part, Placeholder)
        )

    def fill(self, row: Mapping[str, str], values: Values) -> list[str]:
        """Return the texts that a row gives; several where a cell is split, or none.

        Raises:
            CellIllWritten: a filter cannot read a cell.
        """
        for parts in self.alternatives:
            if texts := _filled(parts, row, values):
                return texts
        return []


def check_filter(written: str, values: Values) -> None:
    """Check a filter as a template writes it.

    Raises:
        IllWritten: there is no such filter.
    """
    _filter(written, values)


def _parts(text: str) -> tuple[str | Placeholder, ...]:
    pieces = _PLACEHOLDER.split(text)  # literal, column, literal, ...
    parts: list[str | Placeholder] = []
    for i, piece in enumerate(pieces):
        if i % 2:
            column, *filters = (part.strip() for part in piece.split("|"))
            parts.append(Placeholder(column, tuple(filters)))
        elif piece:
            parts.append(piece)
    return tuple(parts)


def _filled(
    parts: Sequence[str | Placeholder], row: Mapping[str, str], values: Values
) -> list[str]:
    texts = [""]
    for part in parts:
        more = [part] if isinstance(part, str) else part.texts(row, values)
        if len(texts) * len(more) > _MOST_TEXTS:
            raise IllWritten(
                f"gives more than {_MOST_TEXTS} values",
                "Split one cell of a template, not several.",
            )
        texts = [text + one for text in texts for one in more]
    return texts


def _filter(written: str, values: Values) -> Callable[[str], list[str]]:
    name, _, argument = written.partition(" ")
    argument = argument.strip()
    if name == "slug" and not argument:
        return lambda cell: [slugified(cell)]
    if name == "split":
        separator = argument or "|"
        return lambda cell: list(dict.fromkeys(part.strip() for part in cell.split(separator)))
    if name == "number" and argument in ("", ".", ","):
        return lambda cell: [_number(cell, argument)]
    if name == "date" and set(_DATE_PARTS) >= set(re.findall(r"[A-Z]+", argument)) != set():
        return lambda cell: [_date(cell, argument)]
    if name in values and not argument:
        return lambda cell: [_looked_up(cell, name, values[name])]
    raise IllWritten(
        "is no filter",
        "Write slug, split (split ; for other separators than |), number (number , for decimal commas), "
        "date and its form (date DD.MM.YYYY), or the name of a list under values.",
    )


def _looked_up(cell: str, name: str, meanings: Mapping[str, str]) -> str:
    if cell not in meanings:
        known = ", ".join(list(meanings)[:20])
        raise IllWritten(
            f"is not in the list {shown(name)}",
            f"Write one of: {known}; or add it to the mapping, under values.",
        )
    return meanings[cell]


def _number(cell: str, decimal: str) -> str:
    """Return a number with a decimal point, from one with signs that group or that say money."""
    text = re.sub(r"[\s'  ]|^(?:EUR|€)|(?:EUR|€)$", "", cell)
    separators = {sign for sign in ",." if sign in text}
    if not decimal and len(separators) == 2:
        decimal = max(separators, key=text.rfind)
    if not decimal:
        decimal = next(iter(separators), ".")
        if re.fullmatch(r"[+-]?[0-9]{1,3}[,.][0-9]{3}", text) and decimal == ",":
            raise IllWritten(
                "may be a thousand or a fraction", "Write the filter number , or number . instead."
            )
    group = "." if decimal == "," else ","
    return text.replace(group, "").replace(decimal, ".")


def _date(cell: str, form: str) -> str:
    """Return a date of a given form as years, months and days."""
    pattern = re.sub(r"[A-Z]+", lambda match: _DATE_PARTS[match[0]], form)
    try:
        found = datetime.strptime(cell, pattern)
    except ValueError as cause:
        raise IllWritten(f"is not a date of the form {form}", "Write it in that form.") from cause
    parts = [part for part in ("%Y", "%m", "%d") if part in pattern]
    return "-".join(found.strftime(part).zfill(2) for part in parts)
