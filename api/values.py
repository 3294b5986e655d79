"""Values as pages show them: text, and a link where one is safe.

Whatever stands in the data is inert here: only http and https IRIs become links, and
only the paths that this server answers become links of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode

from missiongraph.names import PREFIXES, compact, local_path
from missiongraph.tables import Term, text_of

_XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = {_XSD + "decimal", _XSD + "integer"}
_DATES: Final = {_XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth")}
_OWN_PATHS: Final = ("/id/", "/concept/", "/ontology", "/shapes")
_DURATION: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_WORD_BREAK: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]+")
_YEARS_AND_SMALL: Final = 9999


@dataclass(frozen=True)
class Shown:
    """A value as a page shows it.

    Attributes:
        text: what is read.
        href: where it leads; empty for plain text.
        outside: whether ``href`` leads to another server.
        language: its language tag; empty when it has none or is English.
        datetime: the value of a ``<time>`` element; empty when it is no date.
        numeric: whether it is a number.
    """

    text: str
    href: str = ""
    outside: bool = False
    language: str = ""
    datetime: str = ""
    numeric: bool = False


NOTHING: Final = Shown("")


def show(term: Term | None, label: Term | None = None) -> Shown:
    """Return how a page shows a term.

    Args:
        term: the value; None for an empty cell.
        label: its name, when it has one.
    """
    match term:
        case None:
            return NOTHING
        case NamedNode():
            return _show_iri(term.value, label)
        case Literal():
            return _show_literal(term)
        case _:
            return Shown(text_of(term))


def show_property(term: NamedNode, label: Term | None = None) -> Shown:
    """Return how a page shows a property: its label as the begin of a line, or its name in words.

    >>> show_property(NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")).text
    'Alt label'
    """
    text = text_of(label)
    return Shown(text[:1].upper() + text[1:] or in_words(compact(term.value)), href_of(term.value))


def href_of(iri: str) -> str:
    """Return where a link to an IRI leads, or nothing when it may not be a link.

    >>> href_of("https://w3id.org/missiongraph/id/mission/x"), href_of("javascript:alert(1)")
    ('/id/mission/x', '')
    """
    path = local_path(iri)
    if path is not None and path.startswith(_OWN_PATHS):
        return path
    return iri if iri.startswith(("http://", "https://")) else ""


def clock(seconds: Term | None) -> str:
    """Return a place in a recording as h:mm:ss; nothing when there is none.

    >>> clock(Literal("2389", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")))
    '0:39:49'
    """
    if not isinstance(seconds, Literal):
        return ""
    whole = int(Decimal(seconds.value))
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def locator(seconds: Term | None, page: Term | None, section: Term | None) -> str:
    """Return the place of a passage in its source in words; nothing when it is not known."""
    if seconds is not None:
        return clock(seconds)
    number = f"page {text_of(page)}" if page is not None else ""
    return ", ".join(part for part in (number, text_of(section)) if part)


def count(number: int) -> str:
    """Return a number with its thousands apart.

    >>> count(12345)
    '12,345'
    """
    return f"{number:,}"


def in_words(name: str) -> str:
    """Return a term's local name as words, for terms that nobody gave a label.

    >>> in_words("skos:altLabel"), in_words("shared-challenges")
    ('Alt label', 'Shared challenges')
    """
    local = name.rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
    words = _WORD_BREAK.sub(" ", local).strip().lower()
    return words[:1].upper() + words[1:]


def _show_iri(iri: str, label: Term | None) -> Shown:
    href = href_of(iri)
    language = ""
    if isinstance(label, Literal):
        text, language = label.value, _language(label)
    else:
        text = compact(iri)
    return Shown(text, href, outside=href == iri != "", language=language)


def _show_literal(literal: Literal) -> Shown:
    text, datatype = literal.value, literal.datatype.value
    if datatype in _NUMBERS:
        return Shown(_number(text, datatype), numeric=True)
    if datatype in _DATES:
        return Shown(text, datetime=text)
    if datatype == _XSD + "boolean":
        return Shown({"true": "yes", "1": "yes", "false": "no", "0": "no"}.get(text, text))
    if datatype == _XSD + "duration":
        return Shown(_duration(text))
    if datatype == _XSD + "anyURI" and href_of(text) == text:
        return Shown(text, text, outside=True)
    return Shown(text, language=_language(literal))


def _number(text: str, datatype: str) -> str:
    """Return a number with its thousands apart, a year (a small integer) as it is."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    small = datatype == _XSD + "integer" and abs(number) <= _YEARS_AND_SMALL
    return text if small or not number.is_finite() else f"{number:,f}"


def _duration(text: str) -> str:
    found = _DURATION.fullmatch(text)
    if found is None or text == "P":
        return text
    units = zip(found.groups(), ("year", "month", "day"), strict=True)
    return " ".join(f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in units if n)


def _language(literal: Literal) -> str:
    language = literal.language or ""
    return "" if language.lower() == "en" or language.lower().startswith("en-") else language
