"""What literals are worth: whether they are well formed, and how two of them compare.

The values are rdflib's, as they are for pySHACL; of the forms that data are full of, they
are told from the text, which is a hundred times faster and the same.
"""

from __future__ import annotations

import datetime
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from typing import Final

from pyoxigraph import Literal
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef
from rdflib.term import bind

from missiongraph.names import PREFIXES

_XSD: Final = PREFIXES["xsd"]
_STRING: Final = _XSD + "string"
_BOOLEAN: Final = _XSD + "boolean"
_LANG_STRING: Final = PREFIXES["rdf"] + "langString"
_ANY_LITERAL: Final = PREFIXES["rdfs"] + "Literal"
_YEARS: Final = (_XSD + "gYear", _XSD + "gYearMonth")
_BOOLEANS: Final = frozenset(("true", "false", "1", "0"))
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,400}")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,400}(?:\.[0-9]{1,400})?")
_DATE: Final = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
_YEAR: Final = re.compile(r"[1-9][0-9]{3}(?:-[0-9]{2})?")
_FLOAT: Final = re.compile(
    r"[+-]?(?:[0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)
_DATE_TIME: Final = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TYPES: Final[dict[str, type]] = {
    _XSD + "integer": int,
    _XSD + "float": float,
    _XSD + "decimal": Decimal,
    _XSD + "date": datetime.date,
    _XSD + "time": datetime.time,
    _XSD + "dateTime": datetime.datetime,
}
Value = int | Decimal | str


def has_datatype(literal: Literal, datatype: str) -> bool:
    """Say whether a literal has a datatype and its text is one of it (SHACL, section 4.1.2)."""
    own = literal.datatype.value
    if datatype == _ANY_LITERAL:
        return True
    if own != datatype:
        return False
    return own in (_STRING, _LANG_STRING) or _is_well_formed(literal, own)


def _is_well_formed(literal: Literal, datatype: str) -> bool:
    if datatype == _BOOLEAN:
        return literal.value in _BOOLEANS
    if _plain_value(literal.value, datatype) is not None or _is_common(literal.value, datatype):
        return True
    value = rdflib_literal(literal)
    type_ = _TYPES.get(datatype)
    return value.ill_typed is not True and (type_ is None or isinstance(value.value, type_))


def compare(literal: Literal, other: Literal) -> int | None:
    """Return -1, 0 or 1 as a literal is less than, equal to or greater than another; None: neither.

    This is how a value is compared with a bound (SHACL, section 4.4).
    """
    mine, theirs = plain_value(literal), plain_value(other)
    if mine is not None and theirs is not None and mine[0] == theirs[0]:
        return (mine[1] > theirs[1]) - (mine[1] < theirs[1])  # type: ignore[operator]
    return _compare_values(rdflib_literal(literal), rdflib_literal(other))


def _compare_values(mine: RdflibLiteral, theirs: RdflibLiteral) -> int | None:
    if isinstance(mine.value, str) != isinstance(theirs.value, str):
        return None
    try:
        if mine.eq(theirs):
            return 0
        if isinstance(mine.value, (datetime.datetime, datetime.time)):
            return 1 if mine.value > theirs.value else -1
        return 1 if mine > theirs else -1
    except (TypeError, NotImplementedError):
        return None


def is_less(literal: Literal, other: Literal, *, or_equal: bool) -> bool:
    """Say whether a literal is less than another, as ``sh:lessThan`` has it (section 4.5.3)."""
    mine, theirs = plain_value(literal), plain_value(other)
    if mine is not None and theirs is not None and mine[0] == theirs[0]:
        less = mine[1] < theirs[1]  # type: ignore[operator]
        return less or (or_equal and mine[1] == theirs[1])
    return _is_less_value(rdflib_literal(literal), rdflib_literal(other), or_equal)


def _is_less_value(mine: RdflibLiteral, theirs: RdflibLiteral, or_equal: bool) -> bool:
    if isinstance(mine.value, str) != isinstance(theirs.value, str):
        return False
    if isinstance(mine.value, str):
        return bool(mine.value < theirs.value or (or_equal and mine.value == theirs.value))
    try:
        return bool(mine < theirs or (or_equal and mine.eq(theirs)))
    except TypeError:
        return False


def plain_value(literal: Literal) -> tuple[str, Value] | None:
    """Return the kind and value of a literal in one of the common forms, else None.

    Two values of one kind compare as their literals do.
    """
    return _plain_value(literal.value, literal.datatype.value)


def _plain_value(text: str, datatype: str) -> tuple[str, Value] | None:
    if datatype == _STRING:
        return "string", text
    if not datatype.startswith(_XSD):
        return None
    match datatype[len(_XSD) :]:
        case "integer" if _INTEGER.fullmatch(text):
            return "number", int(text)
        case "decimal" if _DECIMAL.fullmatch(text):
            return "number", Decimal(text)
        case "date" if _DATE.fullmatch(text) and _is_day(text):
            return "date", text
        case ("gYear" | "gYearMonth") as kind if _YEAR.fullmatch(text):
            return kind, text
    return None


def _is_common(text: str, datatype: str) -> bool:
    """Say whether a text is of one of the other common forms, so that rdflib need not be asked."""
    match datatype.removeprefix(_XSD):
        case "double" | "float":
            return _FLOAT.fullmatch(text) is not None
        case "dateTime":
            return _DATE_TIME.fullmatch(text) is not None and _is_instant(text)
    return False


def _is_instant(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def rdflib_literal(literal: Literal) -> RdflibLiteral:
    """Return a literal as rdflib has it, with its value."""
    teach_years()
    datatype = literal.datatype.value
    with _quiet():
        if literal.language:
            return RdflibLiteral(literal.value, lang=literal.language)
        if datatype == _STRING:
            return RdflibLiteral(literal.value)
        return RdflibLiteral(literal.value, datatype=URIRef(datatype), normalize=False)


@cache
def teach_years() -> None:
    """Have rdflib compare years and months, as text; it knows no value of theirs and fails."""
    for datatype in _YEARS:
        bind(URIRef(datatype), str, str, datatype_specific=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from telling of each literal that is not well formed."""
    log = logging.getLogger("rdflib.term")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = before
